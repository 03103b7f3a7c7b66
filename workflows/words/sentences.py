"""One Chinese sentence for each kind of event, made when it is shown: the timeline 流转历程 that people read."""

from collections.abc import Callable, Mapping
from typing import Any

from workflows.attachments import MEDIA_TYPES
from workflows.campaigns import sentences as campaign_sentences
from workflows.content.naming import BY_CODE, Called
from workflows.delivery import sentences as delivery_sentences
from workflows.events import Recorded
from workflows.measures.watch import Colour
from workflows.organs import sentences as organ_sentences
from workflows.referrals import sentences as referral_sentences
from workflows.vocabulary import Action, Grade, Outcome, Role, Stage
from workflows.words import (
    appraisal_sentences,
    assessing_sentences,
    cover_sentences,
    disclosure_sentences,
    document_sentences,
    escalation_sentences,
    exception_sentences,
    expert_sentences,
    holding_sentences,
    pause_sentences,
    remark_sentences,
    reply_sentences,
    result_sentences,
    review_clock_sentences,
    review_sentences,
    revision_sentences,
    task_sentences,
)

Words = Callable[..., str]
"""The words of a fact; of the kinds in NAMING, of a fact and what its codes are called."""
NAMING = frozenset({"admin.proposed", "admin.intervened", "thread.opened", "route.chosen"})
PUBLISHED = {"definition.published": "审批链", "rule_pack.published": "规则包"}
"""Kinds recorded by whoever first used what ships; only a process administrator publishes something of his own."""


def _moment(text: str) -> str:
    return text[:10]


def _desk(fact: Any) -> str:
    due = f"，{_moment(fact.due_at)}前办理" if fact.due_at else ""
    provisional = "（暂定）" if fact.provisional else ""
    return f"转入{Stage(fact.stage).chinese}，由{Role(fact.role).chinese}办理{due}{provisional}"


def _decided(fact: Any) -> str:
    opinion = f"，意见：{fact.opinion}" if fact.opinion else ""
    return f"审核结论：{Outcome(fact.outcome).chinese}{opinion}"


def _submitted(fact: Any) -> str:
    changed = f"，较上次内容改动{fact.changed}处" if fact.changed else ""
    note = f"，说明：{fact.note}" if fact.note else ""
    return f"提交绩效目标表（第{fact.round}轮）{changed}{note}"


def _attached(fact: Any) -> str:
    kind = next((ending.upper() for ending, known in MEDIA_TYPES.items() if known == fact.media_type), fact.media_type)
    return f"添加附件《{fact.name}》（{kind}，{fact.size:,}字节）"


def _exported(fact: Any) -> str:
    kind, _colon, which = fact.scope.partition(":")
    named = {"all": "全部台账", "table": f"绩效目标表 {which}", "year": f"{which}年度"}
    return f"导出审计包（{named.get(kind, fact.scope)}，{fact.events:,}条记录，台账规模{fact.size:,}）"


def _filed_monitoring(fact: Any) -> str:
    rate = f"执行率{fact.execution_rate}%，" if fact.execution_rate else ""
    return f"填报运行监控：{rate}预警颜色为{Colour(fact.colour).chinese}"


def _evaluated(fact: Any) -> str:
    return f"填报绩效自评：总分{fact.total}分，等级“{_grade(fact.grade)}”"


def _grade(code: str) -> str:
    return Grade(code).chinese if code in set(Grade) else code


def _with(opening: str, opinion: str) -> str:
    return f"{opening}，意见：{opinion}" if opinion else opening


SENTENCES: Mapping[str, Words] = {
    "table.imported": lambda f: f"由申报文本导入第{f.ordinal}张表《{f.title}》，形成草稿",
    "table.submitted": _submitted,
    "table.withdrawn": lambda f: f"撤回，理由：{f.reason}",
    "table.returned": lambda f: f"退回到{Stage(f.to).chinese}（{f.mode}重审），理由：{f.reason}",
    "table.replied": lambda f: f"批复绩效目标，文号：{f.doc_no}",
    "table.refused": lambda f: f"不予通过，理由：{f.reason}",
    "table.voided": lambda f: f"作废，理由：{f.reason}",
    "table.terminated": lambda f: f"终止，理由：{f.reason}",
    "table.closed": lambda f: _with("办结归档", f.opinion),
    **task_sentences.SENTENCES,
    **holding_sentences.SENTENCES,
    **remark_sentences.SENTENCES,
    **review_sentences.SENTENCES,
    **revision_sentences.SENTENCES,
    **exception_sentences.SENTENCES,
    **result_sentences.SENTENCES,
    **disclosure_sentences.SENTENCES,
    **expert_sentences.SENTENCES,
    **reply_sentences.SENTENCES,
    **campaign_sentences.SENTENCES,
    **assessing_sentences.SENTENCES,
    **appraisal_sentences.SENTENCES,
    **pause_sentences.SENTENCES,
    **referral_sentences.SENTENCES,
    **organ_sentences.SENTENCES,
    **delivery_sentences.SENTENCES,
    "node.entered": _desk,
    "node.completed": lambda _: "本环节办理完毕",
    "node.superseded": lambda f: f"本环节待办因“{f.reason}”自动终结",
    "task.decided": _decided,
    "task.overdue": lambda f: f"待办逾期（应于{_moment(f.due_at)}前办理）",
    "confirmation.requested": lambda f: f"申请{Action(f.action).chinese}，等待第二人确认，理由：{f.reason}",
    "confirmation.given": lambda f: _with("作为第二人确认", f.opinion),
    "confirmation.refused": lambda f: f"未予确认，理由：{f.reason}",
    "reply.issued": lambda f: f"印发批复{f.doc_no}，共{len(f.tables)}张表",
    "monitoring.opened": lambda f: f"下达“{f.name}”运行监控任务",
    "monitoring.filed": _filed_monitoring,
    "monitoring.accepted": lambda f: _with("审核监控：同意", f.opinion),
    "monitoring.returned": lambda f: f"退回监控填报，理由：{f.reason}",
    "selfeval.opened": lambda _: "下达绩效自评任务",
    "selfeval.filed": _evaluated,
    "selfeval.accepted": lambda f: _with("审核自评：同意", f.opinion),
    "selfeval.returned": lambda f: f"退回自评，理由：{f.reason}",
    **document_sentences.SENTENCES,
    **review_clock_sentences.SENTENCES,
    "grant.given": lambda f: f"授予{f.name}“{Role(f.role).chinese}”岗位",
    "grant.revoked": lambda f: f"收回“{Role(f.role).chinese}”岗位，理由：{f.reason}",
    **cover_sentences.SENTENCES,
    **escalation_sentences.SENTENCES,
    "attachment.added": _attached,
    "attachment.withdrawn": lambda _: "撤下一个附件，不再作为佐证材料",
    "attachment.redacted": lambda _: "附件内容已由两人依法删除，留痕不变",
    "payload.erased": lambda f: f"依法删除{len(f.targets)}处个人信息，依据：{f.ground}",
    "erasure.requested": lambda f: f"申请删除{len(f.targets)}处内容，等待第二人确认，依据：{f.ground}",
    "erasure.confirmed": lambda _: "作为第二人确认删除",
    "erasure.declined": lambda f: f"未予删除，理由：{f.reason}",
    "hold.placed": lambda f: f"设为保全：此表内容不得删除，理由：{f.reason}",
    "hold.lifted": lambda f: f"解除保全，理由：{f.reason}",
    "account.signed_in": lambda f: f"登录系统（来自{f.address or '未知地址'}）",
    "account.sign_in_failed": lambda f: f"连续{f.failures}次输错密码（来自{f.address or '未知地址'}），暂停登录",
    "account.password_reset": lambda f: "修改了自己的密码" if f.by_self else "由管理员重置密码",
    "account.disabled": lambda f: f"停用账号，理由：{f.reason}",
    "account.enabled": lambda f: f"恢复账号，理由：{f.reason}",
    "account.token_issued": lambda f: f"建立访问令牌“{f.purpose}”，有效至{f.ends_at[:10]}",
    "account.token_revoked": lambda f: f"吊销访问令牌（{f.token[:8]}）",
    "owner.used": lambda f: f"使用数据库属主权限：{f.purpose}（结构版本{f.revision}）",
    "catalog.changed": lambda f: f"台账结构与最近一次属主操作后的不同（应为{f.expected[:12]}，实为{f.found[:12]}）",
    "clock.jumped": lambda f: f"时钟跳变{f.seconds}秒（{f.process}进程发现）",
    "clock.moved": lambda f: f"演示时钟拨到{f.to}",
    "audit.read": lambda f: f"查阅{f.what}",
    "audit.exported": _exported,
    "backup.taken": lambda f: f"备份台账（规模{f.size:,}）",
    "backup.restored": lambda f: f"由备份恢复台账（规模{f.size:,}）",
    "definition.published": lambda f: f"发布审批链“{f.name}”",
    "rule_pack.published": lambda f: f"发布规则包“{f.name}”",
    "calendar.published": lambda f: f"发布工作日历（版本{f.content_hash[:12]}），未到期的期限随后按此重算",
}


def sentence(recorded: Recorded, called: Called = BY_CODE) -> str:
    """Return the sentence of an event: who, under which post, did what; `called` names its nodes and rows."""
    who = "系统" if recorded.role == Role.SYSTEM else f"{recorded.signer}（{recorded.role.chinese}）"
    return f"{who}：{_said(recorded, called).removesuffix('。')}。"


def _said(recorded: Recorded, called: Called) -> str:
    words = SENTENCES[recorded.kind]
    fact: Any = recorded.fact
    if recorded.kind in NAMING:
        return words(fact, called)
    shipped = recorded.kind in PUBLISHED and recorded.role != Role.PROCESS_ADMIN
    return f"首次使用，登记随产品提供的{PUBLISHED[recorded.kind]}“{fact.name}”" if shipped else words(fact)
