"""Every action that can be asked for over the REST interface: its body, its verb, the scope that a token needs.

A new action of the lifecycle is one more entry here: route, specification, dry run, scope and fuzz follow from it. A
test fails for an action that stands neither in ACTIONS nor, with a reason, in NOT_OFFERED.
"""

from collections.abc import Mapping
from uuid import uuid5

from service.api import bodies
from service.api import bodies_of_appraisals as appraisals
from service.api import bodies_of_assessments as assessments
from service.api import bodies_of_results as results
from service.api import bodies_of_reviews as reviews
from service.api import bodies_of_tasks as tasks
from service.api.assessing import implement_recommendation, record_component, report_evaluation
from service.api.entry import Call, Entry, by_verb
from service.api.filing_figures import evaluation_figures, monitoring_figures
from service.api.replying import pass_one_on
from service.api.saving import save
from service.tokens import TokenScope
from workflows.commands import (
    adjusting,
    amending,
    appraising,
    asking,
    assessing,
    attaching,
    commenting,
    correcting,
    disclosing,
    drafting,
    ending,
    evaluating,
    expert_reviews,
    grading,
    holding,
    intervening,
    late_adjusting,
    monitoring,
    pausing,
    project_pausing,
    recalling,
    rectifying,
    replying,
    reviewing,
    signers,
)
from workflows.commands.paper import Sheet, enter_paper
from workflows.commands.rescoring import rescore
from workflows.vocabulary import Action


def _submit(call: Call, body: bodies.Submission) -> object:
    return drafting.submit_table(
        call.journal, call.table_id, **call.subject, note=body.note, draft_version=call.draft_version
    )


def _save(call: Call, body: bodies.Changes) -> object:
    return save(call.journal, call.table_id, call.subject, call.draft_version, body)


def _reply(call: Call, body: bodies.Reply) -> object:
    return replying.issue_reply(
        call.journal, uuid5(call.command_id, f"reply:{call.by.id}"), tables={call.table_id: call.seen},
        doc_no=body.doc_no, opinion=body.opinion, by=call.by, command_id=call.command_id,
    )  # fmt: skip


def _withdraw_file(call: Call, body: bodies.OldFile) -> object:
    return attaching.withdraw_attachment(
        call.journal, call.table_id, **call.subject, attachment=str(body.attachment)
    )  # fmt: skip


def _monitor(call: Call, body: bodies.Monitoring) -> object:
    figures = monitoring_figures(call.journal, call.table_id, body)
    return monitoring.file_monitoring(
        call.journal, call.table_id, **call.subject, window=body.window, figures=figures
    )  # fmt: skip


def _evaluate(call: Call, body: bodies.Evaluation) -> object:
    figures = evaluation_figures(call.journal, call.table_id, body)
    return evaluating.file_self_evaluation(call.journal, call.table_id, **call.subject, figures=figures)


def _read_copies(call: Call, _body: bodies.Nothing) -> object:
    return asking.read_copies(call.journal, call.table_id, by=call.by, command_id=call.command_id)


def _open_task(call: Call, _body: bodies.Nothing) -> object:
    return holding.open_task(call.journal, call.table_id, by=call.by, command_id=call.command_id)


def _intervene(call: Call, body: tasks.Intervention) -> object:
    asked = {**call.subject, "node": body.node, "reason": body.reason}
    if body.to_node is None:
        return intervening.ask_to_reenter(call.journal, call.table_id, **asked)
    return intervening.ask_to_move_back(call.journal, call.table_id, **asked, to_node=body.to_node)


def _enter_paper(call: Call, body: tasks.OnPaper) -> object:
    said = dict(body)
    task = said.pop("task")
    return enter_paper(call.journal, call.table_id, **call.subject, task=task, sheet=Sheet(**said))


def _rescore(call: Call, body: results.Rescoring) -> object:
    rows = {row: dict(given) for row, given in body.rows.items()}
    return rescore(call.journal, call.table_id, **call.subject, rows=rows)


def _review(call: Call, body: reviews.ReviewForm) -> object:
    items = {code: item.model_dump() for code, item in body.items.items()}
    return grading.score_review(
        call.journal, call.table_id, **call.subject, mode=body.mode, items=items, grade=body.grade, opinion=body.opinion
    )  # fmt: skip


def _amend(call: Call, body: reviews.Amendment) -> object:
    changes = [change.model_dump() for change in body.changes]
    return amending.propose_amendment(
        call.journal, call.table_id, **call.subject, changes=changes, opinion=body.opinion
    )  # fmt: skip


A, B, T, R, V = Action, bodies, tasks, results, reviews
Q = assessments
FILE, DECIDE, ADMINISTER = TokenScope.FILE, TokenScope.DECIDE, TokenScope.ADMINISTER

ENTRIES = (
    Entry(A.SAVE, B.Changes, _save, FILE),
    Entry(A.ATTACH, B.NewFile, by_verb(attaching.attach_file), FILE),
    Entry(A.DETACH, B.OldFile, _withdraw_file, FILE),
    Entry(A.SUBMIT, B.Submission, _submit, FILE, in_bulk=True),
    Entry(A.FILE_APPRAISAL, appraisals.Appraising, by_verb(appraising.file_appraisal), FILE),
    Entry(A.CHECK_APPRAISAL, appraisals.AppraisalCheck, by_verb(appraising.check_appraisal), DECIDE),
    Entry(A.WAIVE_APPRAISAL, appraisals.AppraisalWaiver, by_verb(appraising.waive_appraisal), DECIDE),
    Entry(A.WITHDRAW, B.WithReason, by_verb(drafting.withdraw_table), FILE),
    Entry(A.APPROVE, B.WithOpinion, by_verb(reviewing.approve_table), DECIDE, in_bulk=True),
    Entry(A.RETURN, B.Return, by_verb(reviewing.return_table), DECIDE, in_bulk=True),
    Entry(A.REFUSE, B.WithReason, by_verb(ending.ask_to_end, action=A.REFUSE), DECIDE),
    Entry(A.REVIEW, V.ReviewForm, _review, DECIDE),
    Entry(A.ASSIGN_EXPERTS, V.ExpertsAsked, by_verb(expert_reviews.assign_experts), DECIDE, needs_match=False),
    Entry(A.AMEND, V.Amendment, _amend, DECIDE),
    Entry(A.CONFIRM_AMENDMENT, V.AmendmentAgreed, by_verb(amending.confirm_amendment), FILE),
    Entry(A.REJECT_AMENDMENT, V.AmendmentRefused, by_verb(amending.reject_amendment), FILE),
    Entry(A.REPLY, B.Reply, _reply, DECIDE),
    Entry(A.ADJUST, B.Adjustment, by_verb(adjusting.open_revision), FILE),
    Entry(A.ADJUST_LATE, B.Adjustment, by_verb(late_adjusting.ask_late_revision), DECIDE),
    Entry(A.PASS_ON, B.Reply, pass_one_on, DECIDE),
    Entry(A.REPLY_REVISION, B.Reply, by_verb(adjusting.reply_to_revision), DECIDE),
    Entry(A.OPEN_MONITORING, B.OpenWindow, by_verb(monitoring.open_monitoring), ADMINISTER),
    Entry(A.FILE_MONITORING, B.Monitoring, _monitor, FILE),
    Entry(A.ACCEPT_MONITORING, B.AcceptWindow, by_verb(monitoring.accept_monitoring), DECIDE),
    Entry(A.RETURN_MONITORING, B.ReturnWindow, by_verb(monitoring.return_monitoring), DECIDE),
    Entry(A.OPEN_SELF_EVALUATION, B.Nothing, by_verb(evaluating.open_self_evaluation), ADMINISTER),
    Entry(A.FILE_SELF_EVALUATION, B.Evaluation, _evaluate, FILE),
    Entry(A.ACCEPT_SELF_EVALUATION, B.WithOpinion, by_verb(evaluating.accept_self_evaluation), DECIDE),
    Entry(A.RETURN_SELF_EVALUATION, B.WithReason, by_verb(evaluating.return_self_evaluation), DECIDE),
    Entry(A.RESCORE, R.Rescoring, _rescore, DECIDE),
    Entry(A.ORDER_RECTIFICATION, R.RectificationOrder, by_verb(rectifying.order_rectification), DECIDE),
    Entry(A.REPORT_RECTIFICATION, R.RectificationReport, by_verb(rectifying.report_rectification), FILE),
    Entry(A.REVIEW_DISCLOSURE, R.SecrecyReview, by_verb(disclosing.review_disclosure), DECIDE),
    Entry(A.VERIFY_RECTIFICATION, R.RectificationLook, by_verb(rectifying.verify_rectification), DECIDE),
    Entry(A.PAUSE_PROJECT, B.WithReason, by_verb(project_pausing.pause_project), DECIDE),
    Entry(A.ASK_PAUSE, B.WithReason, by_verb(project_pausing.ask_to_pause), DECIDE),
    Entry(A.RESUME_PROJECT, B.WithReason, by_verb(project_pausing.resume_project), DECIDE),
    Entry(A.OPEN_EVALUATION, Q.EvaluationStart, by_verb(assessing.open_evaluation), DECIDE),
    Entry(A.REPORT_EVALUATION, Q.EvaluationReport, report_evaluation, DECIDE),
    Entry(A.RECOMMEND, Q.NewRecommendation, by_verb(assessing.recommend), DECIDE),
    Entry(A.ACCEPT_RECOMMENDATION, Q.RecommendationAdopted, by_verb(assessing.accept_recommendation), DECIDE),
    Entry(A.REJECT_RECOMMENDATION, Q.RecommendationRefused, by_verb(assessing.reject_recommendation), DECIDE),
    Entry(A.IMPLEMENT_RECOMMENDATION, Q.RecommendationDone, implement_recommendation, FILE),
    Entry(A.RECORD_COMPONENT, Q.RatioComponent, record_component, FILE),
    Entry(A.CLOSE, B.WithOpinion, by_verb(evaluating.close_table), DECIDE),
    Entry(A.VOID, B.WithReason, by_verb(ending.ask_to_end, action=A.VOID), DECIDE),
    Entry(A.TERMINATE, B.WithReason, by_verb(ending.ask_to_end, action=A.TERMINATE), DECIDE),
    Entry(A.COMMENT, B.Comment, by_verb(commenting.open_thread), DECIDE, needs_match=False),
    Entry(A.ANSWER_COMMENT, B.CommentAnswer, by_verb(commenting.answer_thread), FILE, needs_match=False),
    Entry(A.RESOLVE_COMMENT, B.CommentEnd, by_verb(commenting.resolve_thread), DECIDE, needs_match=False),
    Entry(A.CONFIRM, B.WithOpinion, by_verb(ending.confirm_ending), DECIDE),
    Entry(A.DECLINE, B.WithReason, by_verb(ending.decline_ending), DECIDE),
    Entry(A.CORRECT, T.Correction, by_verb(correcting.ask_to_correct), DECIDE),
    Entry(A.INTERVENE, T.Intervention, _intervene, ADMINISTER),
    Entry(A.ENTER_PAPER, T.OnPaper, _enter_paper, DECIDE),
    Entry(A.ASK_WITHDRAWAL, B.WithReason, by_verb(recalling.ask_to_withdraw), FILE),
    Entry(A.RECALL, B.WithReason, by_verb(recalling.recall_decision), DECIDE),
    Entry(A.OPEN_TASK, B.Nothing, _open_task, FILE, needs_match=False),
    Entry(A.CLAIM, T.OneTask, by_verb(holding.claim_task), FILE, needs_match=False),
    Entry(A.RELEASE, T.TaskLetGo, by_verb(holding.release_task), FILE, needs_match=False),
    Entry(A.TRANSFER, T.TaskForSomebody, by_verb(holding.transfer_task), ADMINISTER, needs_match=False),
    Entry(A.REASSIGN, T.TaskForSomebody, by_verb(holding.reassign_task), ADMINISTER, needs_match=False),
    Entry(A.DELEGATE, T.TaskForSomebody, by_verb(holding.delegate_task), ADMINISTER, needs_match=False),
    Entry(A.ANSWER_DELEGATION, T.TaskAnswer, by_verb(holding.answer_delegation), FILE, needs_match=False),
    Entry(A.END_DELEGATION, T.OneTask, by_verb(holding.end_delegation), ADMINISTER, needs_match=False),
    Entry(A.ADD_SIGNER, T.NewSigner, by_verb(signers.add_signer), ADMINISTER, needs_match=False),
    Entry(A.REMOVE_SIGNER, T.TaskWithReason, by_verb(signers.remove_signer), ADMINISTER, needs_match=False),
    Entry(A.ASK_OPINION, T.Question, by_verb(asking.ask_opinion), FILE, needs_match=False),
    Entry(A.GIVE_OPINION, T.QuestionAnswer, by_verb(asking.give_opinion), FILE, needs_match=False),
    Entry(A.COPY, T.Copy, by_verb(asking.send_copies), FILE, needs_match=False),
    Entry(A.READ_COPY, B.Nothing, _read_copies, FILE, needs_match=False),
    Entry(A.URGE, T.Urgency, by_verb(pausing.urge_task), FILE, needs_match=False),
    Entry(A.ASK_EXTENSION, T.MoreTime, by_verb(pausing.ask_extension), FILE, needs_match=False),
    Entry(A.GRANT_EXTENSION, T.TimeGranted, by_verb(pausing.grant_extension), ADMINISTER, needs_match=False),
    Entry(A.REFUSE_EXTENSION, T.TimeRefused, by_verb(pausing.refuse_extension), ADMINISTER, needs_match=False),
    Entry(A.SUSPEND, T.Pause, by_verb(pausing.suspend_table), ADMINISTER, needs_match=False),
    Entry(A.RESUME, T.Resumption, by_verb(pausing.resume_table), ADMINISTER, needs_match=False),
)
ACTIONS: Mapping[Action, Entry] = {entry.action: entry for entry in ENTRIES}
NOT_OFFERED: Mapping[Action, str] = {
    A.DECLARE_RELATION: "由受请的专家本人在“专家评审”页办理；专家看不到表的其他内容",
    A.SCORE_AS_EXPERT: "由受请的专家本人在“专家评审”页办理；专家看不到表的其他内容",
    A.MARK_OVERDUE: "由系统在期限届满时自行记录，任何人不能要求",
    A.HAND_OVER: "由安全管理员在“离岗移交”页办理，一次移交一人经办的全部表",
    A.RECOUNT: "新的工作日历发布后由系统自行重算期限，任何人不能要求",
    A.ESCALATE: "由系统按审批链的逾期阶梯自行办理，任何人不能要求",
    A.DEEM_READ: "由系统在抄送阅知期限届满时自行记录，任何人不能要求",
    A.MARK_UNASSIGNABLE: "由系统在任务无人可办时自行记录并报警，任何人不能要求",
}
