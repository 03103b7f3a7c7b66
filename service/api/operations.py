"""All operations of the REST interface in one table, from which routes, specification and fuzz are made."""

from service.api import answers as a
from service.api import answers_listed as lists
from service.api import (
    beginning,
    bodies,
    bodies_of_beginnings,
    bodies_of_results,
    calendars,
    campaigning,
    many,
    noticing,
    organising,
    replying,
)
from service.api import reading_lists as read_lists
from service.api import reading_tables as read
from service.api.acting import acting
from service.api.campaigning import (
    CampaignShown,
    CampaignsQuery,
    EarlyEnd,
    MoreTime,
    NewCampaign,
    NothingMore,
    Urged,
    Urging,
)
from service.api.disclosing import Released, release_disclosure
from service.api.documenting import (
    DocumentPart,
    NewLinks,
    NewPart,
    PartAfter,
    PartQuery,
    PartReview,
    amend_document_part,
    link_document_goals,
    review_document_part,
    show_document_part,
)
from service.api.entry import Entry
from service.api.executing import take_executions_in
from service.api.operation import NEEDED, OFFERED, CommandQuery, Operation
from service.api.reading_definitions import list_definitions, show_definition
from service.api.reading_findings import show_findings
from service.api.referring import (
    NewReferral,
    ReferralOutcome,
    Referrals,
    ReferralShown,
    list_referrals,
    record_outcome,
    refer,
    show_referral,
)
from service.api.registry import ACTIONS
from service.tokens import TokenScope

READ, FILE, DECIDE, ADMINISTER = TokenScope.READ, TokenScope.FILE, TokenScope.DECIDE, TokenScope.ADMINISTER
ETAG = ("ETag",)
TABLE = "/tables/{table_id}"
CAMPAIGN = "/campaigns/{campaign_id}"
READS = (
    Operation("me", "GET", "/me", "本人", "我是谁、有哪些岗位", "who asks",
              READ, read_lists.show_me, a.Me),
    Operation("listTables", "GET", "/tables", "绩效目标表", "查找绩效目标表", "find tables",
              READ, read_lists.list_tables, lists.TableRows, query=read_lists.TablesQuery),
    Operation("showTable", "GET", TABLE, "绩效目标表", "一张表：内容、阶段、在办环节", "one table",
              READ, read.show_table, a.TableShown, headers=ETAG),
    Operation("showFindings", "GET", f"{TABLE}/findings", "绩效目标表", "机审意见：全部问题、位置、建议和说明",
              "all findings of the machine pre-review",
              READ, show_findings, a.Findings),
    Operation("showHistory", "GET", f"{TABLE}/history", "绩效目标表", "一张表的流转历程", "a table's events",
              READ, read.show_history, a.History, query=read.Page),
    Operation("showActions", "GET", f"{TABLE}/actions", "绩效目标表", "我能办什么，不能办的为什么",
              "what may I do, and why not",
              READ, read.show_actions, a.Actions, headers=ETAG),
    Operation("showChain", "GET", f"{TABLE}/chain", "绩效目标表", "审批链：环节、办理人、期限",
              "the chain with people and due dates",
              READ, read.show_chain, a.ChainShown),
    Operation("listWork", "GET", "/work", "待办与消息", "等待我办理的任务", "what waits for me",
              READ, read_lists.list_work, lists.Work, query=read.Page),
    Operation("listNotices", "GET", "/inbox", "待办与消息", "我的消息", "messages",
              READ, read_lists.list_notices, lists.Notices, query=read.Page),
    Operation("listDocuments", "GET", "/documents", "申报文本", "申报文本", "filing documents",
              READ, read_lists.list_documents, lists.Documents, query=read.Page),
    Operation("showDocument", "GET", "/documents/{document_id}", "申报文本", "一份申报文本及其各表",
              "one filing document",
              READ, read_lists.show_document, lists.DocumentShown),
    Operation("showDocumentPart", "GET", "/documents/{document_id}/part", "申报文本",
              "部门部分：内容、各版本、审阅意见", "a document's department part, its versions, what the offices said",
              READ, show_document_part, DocumentPart, query=PartQuery),
    Operation("listDefinitions", "GET", "/definitions", "审批链定义", "随系统提供的审批链", "chain definitions",
              READ, list_definitions, lists.Definitions),
    Operation("showDefinition", "GET", "/definitions/{definition_hash}", "审批链定义", "一条审批链的定义",
              "one definition",
              READ, show_definition, lists.DefinitionShown, headers=ETAG),
    Operation("listLetters", "GET", "/notices/sent", "通知", "发给我的通知和状态；系统管理员可按状态查全部",
              "notices sent to me, or everybody's of one state",
              READ, noticing.list_letters, noticing.NoticesSent, query=noticing.NoticesQuery),
    Operation("listNoticeWords", "GET", "/notice-words", "通知", "通知用语：出厂用语、占位符、现行版本",
              "the words of notices", READ, noticing.list_words, noticing.AllNoticeWords),
    Operation("showCalendar", "GET", "/calendar", "工作日历", "工作日历：放假、调休、依据和各版本",
              "the calendar of working days and its versions",
              READ, calendars.show_calendar, calendars.CalendarShown, query=calendars.CalendarQuery),
    Operation("listOrgans", "GET", "/organs", "机构", "某一时点的机构和全部变动", "organs of a moment and changes",
              READ, organising.list_organs, organising.OrgansShown, query=organising.OrgansQuery),
    Operation("showReplyTerms", "GET", "/reply-terms", "绩效目标表", "一个年度的批复、下达、公开期限",
              "the terms of a year's replies",
              READ, replying.show_terms, replying.Terms, query=replying.TermsQuery),
    Operation("listLibrary", "GET", "/library", "指标库", "指标库：按名称、描述、行业查找", "the indicator library",
              READ, beginning.list_library, beginning.LibraryRows, query=beginning.LibraryQuery),
    Operation("listCampaigns", "GET", "/campaigns", "任务布置", "布置的任务：时间、单位、是否已截止",
              "campaigns: what units are asked to file by when",
              READ, campaigning.list_campaigns, campaigning.Campaigns, query=CampaignsQuery),
    Operation("showCampaign", "GET", CAMPAIGN, "任务布置", "一项任务的报送情况：已报、迟报、未报的单位",
              "one campaign and how its units stand",
              READ, campaigning.show_campaign, CampaignShown),
    Operation("listReferrals", "GET", "/referrals", "移送", "我可以查看的移送", "the referrals that one may read",
              READ, list_referrals, Referrals),
    Operation("showReferral", "GET", "/referrals/{referral_id}", "移送", "一项移送", "one referral",
              READ, show_referral, ReferralShown),
    Operation("feed", "GET", "/events", "事件", "按封存次序读取事件", "sealed events in order",
              READ, read_lists.show_feed, lists.Feed, query=read_lists.FeedQuery),
)  # fmt: skip
WRITES = (
    Operation("readNotices", "POST", "/inbox/read", "待办与消息", "消息标为已读", "mark messages as read", FILE,
              read_lists.read_notices, lists.Marked, query=CommandQuery, body=bodies.Reading),
    Operation("takeDocumentIn", "POST", "/documents", "申报文本", "导入申报文本", "take a filing document in", FILE,
              many.take_document_in, a.Imported, query=CommandQuery, body=bodies.Filing, status=201,
              headers=("Location",)),
    Operation("createTable", "POST", "/tables", "绩效目标表", "新建绩效目标表", "begin a table on a blank form", FILE,
              beginning.create_table, beginning.Begun, query=CommandQuery, body=bodies_of_beginnings.NewTable,
              status=201, headers=("Location",)),
    Operation("copyTable", "POST", f"{TABLE}/copies", "绩效目标表", "以此表为底稿新建以后年度的表",
              "begin a later year's table on this one", FILE, beginning.copy_table, beginning.Begun,
              query=CommandQuery, body=bodies_of_beginnings.CopyOfTable, status=201, headers=("Location",)),
    Operation("addLibraryEntry", "POST", "/library", "指标库", "推荐一个指标", "recommend an indicator", DECIDE,
              beginning.add_to_library, beginning.Curated, query=CommandQuery,
              body=bodies_of_beginnings.LibraryEntry, status=201),
    Operation("retireLibraryEntry", "POST", "/library/retirements", "指标库", "使一个指标退出指标库",
              "retire an indicator", DECIDE, beginning.retire_from_library, beginning.Curated, query=CommandQuery,
              body=bodies_of_beginnings.Retirement, status=201),
    Operation("resendNotice", "POST", "/notices/resent", "通知", "重发一条通知（本人的，或系统管理员写明理由）",
              "send a notice again", FILE, noticing.resend_one, noticing.Resent,
              query=CommandQuery, body=noticing.Resending, status=201),
    Operation("proposeNoticeWords", "POST", "/notice-words", "通知", "提出一种通知的用语，或恢复出厂用语",
              "propose words for a notice", ADMINISTER, noticing.propose_new_words, noticing.WordsDone,
              query=CommandQuery, body=noticing.NewWords, status=201),
    Operation("publishNoticeWords", "POST", "/notice-words/publications", "通知", "发布另一名流程管理员提出的通知用语",
              "publish words that another proposed", ADMINISTER, noticing.publish_new_words, noticing.WordsDone,
              query=CommandQuery, body=noticing.WordsPublication, status=201),
    Operation("proposeCalendarYear", "POST", "/calendar", "工作日历", "提出一年的放假安排",
              "propose the calendar with a year's notice", ADMINISTER, calendars.propose_year, calendars.CalendarDone,
              query=CommandQuery, body=calendars.NewYear, status=201),
    Operation("publishCalendar", "POST", "/calendar/publications", "工作日历", "发布另一名流程管理员提出的工作日历",
              "publish a calendar that another proposed", ADMINISTER, calendars.publish_proposed,
              calendars.CalendarDone, query=CommandQuery, body=calendars.Publication, status=201),
    Operation("changeOrgans", "POST", "/organs/changes", "机构", "设立、更名、划转、撤并、撤销机构",
              "found, rename, move, merge or close organs", ADMINISTER, organising.change_organs,
              organising.OrgansChanged, query=CommandQuery, body=organising.OrganChange, status=201),
    Operation("amendDocumentPart", "POST", "/documents/{document_id}/part", "申报文本", "修改部门部分，形成新版本",
              "write the department part anew", FILE, amend_document_part, PartAfter, query=CommandQuery, body=NewPart),
    Operation("linkDocumentGoals", "POST", "/documents/{document_id}/links", "申报文本", "确认目标与绩效目标表的对应",
              "say which tables carry out which goals", FILE, link_document_goals, PartAfter, query=CommandQuery,
              body=NewLinks),
    Operation("reviewDocumentPart", "POST", "/documents/{document_id}/reviews", "申报文本", "审阅或退回部门部分",
              "find the department part good or send it back", DECIDE, review_document_part, PartAfter,
              query=CommandQuery, body=PartReview),
    Operation("takeExecutionsIn", "POST", "/executions", "执行数", "按文件导入执行数",
              "take executed amounts in by file", DECIDE, take_executions_in, a.Executions, query=CommandQuery,
              body=bodies.ExecutionFile, status=201),
    Operation("releaseDisclosure", "POST", "/disclosures", "批量办理", "公开本部门一个年度的绩效目标",
              "release a department's pack", DECIDE, release_disclosure, Released, query=CommandQuery,
              body=bodies_of_results.Release, status=201),
    Operation("openCampaign", "POST", "/campaigns", "任务布置", "布置任务", "ask units to file by a moment", ADMINISTER,
              campaigning.open_one, CampaignShown, query=CommandQuery, body=NewCampaign, status=201),
    Operation("extendCampaign", "POST", f"{CAMPAIGN}/extensions", "任务布置", "延期全部或部分单位",
              "give units more time", ADMINISTER, campaigning.extend, CampaignShown, query=CommandQuery,
              body=MoreTime),
    Operation("closeCampaign", "POST", f"{CAMPAIGN}/closings", "任务布置", "提前结束任务",
              "end a campaign before its time", ADMINISTER, campaigning.close, CampaignShown, query=CommandQuery,
              body=EarlyEnd),
    Operation("urgeMissing", "POST", f"{CAMPAIGN}/urgings", "任务布置", "催办未报单位", "urge who has not filed",
              FILE, campaigning.urge, Urged, query=CommandQuery, body=Urging),
    Operation("declareComplete", "POST", f"{CAMPAIGN}/declarations", "任务布置", "申报完毕或零申报",
              "say that a unit has nothing more to file", FILE, campaigning.declare, CampaignShown,
              query=CommandQuery, body=NothingMore),
    Operation("makeReferral", "POST", f"{TABLE}/referrals", "移送", "移送一张表的问题", "refer a violation", DECIDE,
              refer, ReferralShown, query=CommandQuery, body=NewReferral, status=201),
    Operation("answerReferral", "POST", "/referrals/{referral_id}/answers", "移送", "登记移送结果",
              "record what became of a referral", DECIDE, record_outcome, ReferralShown, query=CommandQuery,
              body=ReferralOutcome),
    Operation("replyToMany", "POST", "/replies", "批量办理", "一份批复覆盖多张表", "one reply over many tables", DECIDE,
              many.reply_to_many, a.Replied, query=CommandQuery, body=bodies.Replies, status=201),
    Operation("approveBudget", "POST", "/budgets", "批量办理", "登记人大批准预算的日期",
              "record when the congress approved the budget", DECIDE, replying.record_budget, replying.Approved,
              query=CommandQuery, body=replying.BudgetDay, status=201),
    Operation("passOnToMany", "POST", "/passed-on", "批量办理", "一份文件向所属单位下达多张表的批复",
              "pass many replies on to the units", DECIDE, replying.pass_on_to_many, a.Replied, query=CommandQuery,
              body=replying.PassingOn, status=201),
    Operation("drawSample", "POST", "/samplings", "批量办理", "按种子抽取自评抽查对象",
              "draw tables for the bureau's check", DECIDE, many.draw_sample, a.Drawn, query=CommandQuery,
              body=bodies_of_results.Draw, status=201),
)  # fmt: skip


def _act(entry: Entry) -> Operation:
    return Operation(
        f"act_{entry.action}", "POST", f"{TABLE}/actions/{entry.action}", "办理", entry.action.chinese,
        entry.action.english, entry.scope, acting(entry), a.Done, query=CommandQuery, body=entry.body,
        match=NEEDED if entry.needs_match else OFFERED, headers=ETAG,
    )  # fmt: skip


def _act_on_many(entry: Entry) -> Operation:
    return Operation(
        f"bulk_{entry.action}", "POST", f"/bulk/{entry.action}", "批量办理", f"批量{entry.action.chinese}",
        f"{entry.action.english}, many at once", entry.scope, many.acting_on_many(entry), a.Results,
        query=CommandQuery, body=many.body_for_many(entry),
    )  # fmt: skip


OPERATIONS = (
    *READS, *WRITES, *(_act(entry) for entry in ACTIONS.values()),
    *(_act_on_many(entry) for entry in ACTIONS.values() if entry.in_bulk),
)  # fmt: skip
