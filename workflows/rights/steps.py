"""The one table of steps: action, from which stage to which, who, what must hold, what is recorded."""

from collections.abc import Callable
from dataclasses import dataclass

from workflows.folds.replay import Desk, Table
from workflows.rights import appraising, assessing, disclosing, expert_reviews, holders, passing, project_pausing
from workflows.rights import permissions as may
from workflows.rights.grading import an_amendment_waits, no_amendment_waits, proposed_by_another
from workflows.rights.rescoring import rows_to_decide
from workflows.rights.segregation import Refusal
from workflows.state.criteria import Criterion
from workflows.state.standing import Thread
from workflows.vocabulary import MAIN_LINE, REVIEW_STAGES, Action, Actor, Stage

Need = Callable[[Actor, Table], Refusal | None]
SHORT = 20
"""Characters of a comment that a refusal repeats."""


def no_request_waits(_actor: Actor, table: Table) -> Refusal | None:
    """没有等待第二人确认的申请"""
    if table.request is None:
        return None
    return Refusal("G-REQUEST", f"有一项“{Action(table.request.action).chinese}”申请正等待第二人确认，请先处理。")


def a_request_waits(_actor: Actor, table: Table) -> Refusal | None:
    """有等待第二人确认的申请"""
    return None if table.request else Refusal("G-NOTHING", "没有等待确认的申请。")


def nobody_decided_yet(_actor: Actor, table: Table) -> Refusal | None:
    """本轮尚无人审核"""
    return Refusal("G-DECIDED", "已有人审核过此表，不能再撤回。") if table.deciders else None


def nobody_opened_yet(_actor: Actor, table: Table) -> Refusal | None:
    """审核人尚未打开"""
    if table.received:
        return Refusal("G-OPENED", "审核人已打开此表，不能直接撤回；可以申请撤回，经其同意后退回编制。")
    return None


def not_suspended(_actor: Actor, table: Table) -> Refusal | None:
    """未挂起"""
    return Refusal("G-SUSPENDED", "此表已经挂起。") if table.suspended else None


def suspended(_actor: Actor, table: Table) -> Refusal | None:
    """已挂起"""
    return None if table.suspended else Refusal("G-NOT-SUSPENDED", "此表没有挂起。")


def before_the_reply(_actor: Actor, table: Table) -> Refusal | None:
    """批复之前"""
    return Refusal("G-REPLIED", "此表已经批复，不能再由单位作废。") if table.in_force else None


def every_comment_answered(_actor: Actor, table: Table) -> Refusal | None:
    """批注均已答复"""
    owed = [each for each in table.threads if each.unanswered]
    if not owed:
        return None
    said = "；".join(in_short(each) for each in owed)
    return Refusal("G-THREADS", f"还有{len(owed)}条批注没有答复，请先逐条答复：{said}。")


def in_short(thread: Thread) -> str:
    """Return a comment by its first words and what it criticises, so that whoever reads it knows it again."""
    words = thread.words if len(thread.words) <= SHORT else f"{thread.words[:SHORT]}…"
    return f"“{words}”（{Criterion(thread.criterion).chinese}）"


def a_version_in_force(_actor: Actor, table: Table) -> Refusal | None:
    """已有生效的批复"""
    if table.in_force and table.in_force == table.content_hash:
        return None
    return Refusal("G-NOT-IN-FORCE", "此表没有生效的批复内容，不能更正。")


def a_comment_is_open(_actor: Actor, table: Table) -> Refusal | None:
    """有未销号的批注"""
    return None if table.open_threads else Refusal("G-NOTHING", "没有未销号的批注。")


def every_rectification_over(_actor: Actor, table: Table) -> Refusal | None:
    """整改均已核实销号"""
    left = table.open_rectifications
    return Refusal("G-RECTIFY", f"还有{len(left)}项整改没有核实销号，不能办结。") if left else None


def every_row_decided(_actor: Actor, table: Table, desk: Desk) -> Refusal | None:
    """不适用指标和偏低指标值均已有复核意见"""
    owed = rows_to_decide(table) if desk.node == "evaluation_department" else ()
    if not owed:
        return None
    return Refusal(
        "G-ROWS", f"有{len(owed)}行须先给出复核意见（申请不适用，或指标值明显偏低）：请先办理“复核改分”。"
    )


def no_revision_open(_actor: Actor, table: Table) -> Refusal | None:
    """没有未办结的调整"""
    return Refusal("G-REVISION", "此表有一项调整尚未办结，请先办结该调整。") if table.revision else None


def no_revision(_actor: Actor, table: Table) -> Refusal | None:
    """不是调整"""
    return Refusal("G-REVISES", "这是一项调整，请用“批复调整”。") if table.revises else None


def a_revision(_actor: Actor, table: Table) -> Refusal | None:
    """是一项调整"""
    return None if table.revises else Refusal("G-REVISES", "此表不是调整，请用“批复”。")


@dataclass(frozen=True)
class Step:
    """One row: the action, from which stage to which, who, what must hold (`at`: of the desk), what is recorded.

    `unread` says that it is done by an officer who need not be able to read the table.
    """

    action: Action
    start: Stage
    to: Stage
    who: may.Who
    needs: tuple[Need, ...]
    records: tuple[str, ...]
    at_desk: bool = True
    at: tuple[holders.DeskNeed, ...] = ()
    unread: bool = False


S, A = Stage, Action
CALM = (no_request_waits,)
SETTLED = (no_request_waits, no_amendment_waits)
WAYS_ON = ("task.superseded", "node.completed", "route.chosen", "route.shortened", "node.entered", "node.shared")
DECIDES = ("task.decided", *WAYS_ON)
RETURNS = ("task.decided", "table.returned", "node.completed", "node.superseded", "task.superseded", "node.entered",
           "node.shared")
ASKS = ("confirmation.requested",)
ENDS = (
    "confirmation.given", "node.superseded", "correction.applied", "admin.intervened", "revision.opened",
    "project.paused", *DECIDES,
)
CORRECTED_IN = (S.MONITORING, S.SELF_EVALUATION, S.CLOSED, S.TERMINATED)
"""Where a version is in force, or was until the end (更正)."""

STEPS: tuple[Step, ...] = (
    Step(A.SAVE, S.DRAFT, S.DRAFT, may.the_clerk_in_charge, CALM, ()),
    Step(A.ATTACH, S.DRAFT, S.DRAFT, may.the_clerk_in_charge, CALM, ("attachment.added",)),
    Step(A.ATTACH, S.MONITORING, S.MONITORING, may.evidence_filer, CALM, ("attachment.added",)),
    Step(A.ATTACH, S.SELF_EVALUATION, S.SELF_EVALUATION, may.evidence_filer, CALM, ("attachment.added",)),
    Step(A.DETACH, S.DRAFT, S.DRAFT, may.the_clerk_in_charge, CALM, ("attachment.withdrawn",)),
    Step(A.DETACH, S.MONITORING, S.MONITORING, may.evidence_filer, CALM, ("attachment.withdrawn",)),
    Step(A.DETACH, S.SELF_EVALUATION, S.SELF_EVALUATION, may.evidence_filer, CALM, ("attachment.withdrawn",)),
    Step(A.SUBMIT, S.DRAFT, S.UNIT_REVIEW, may.the_clerk_in_charge, (*CALM, every_comment_answered),
         ("table.submitted", *WAYS_ON)),
    Step(A.FILE_APPRAISAL, S.DRAFT, S.DRAFT, may.the_clerk_in_charge, (*CALM, no_revision), ("appraisal.filed",),
         at_desk=False),
    Step(A.CHECK_APPRAISAL, S.DRAFT, S.DRAFT, appraising.checks_appraisals,
         (*CALM, appraising.an_appraisal_waits), ("appraisal.checked",), at_desk=False),
    Step(A.WAIVE_APPRAISAL, S.DRAFT, S.DRAFT, may.a_finance_reviewer,
         (*CALM, appraising.an_appraisal_falls_short), ("appraisal.waived",), at_desk=False),
    Step(A.WITHDRAW, S.UNIT_REVIEW, S.DRAFT, may.the_submitter,
         (no_request_waits, nobody_decided_yet, nobody_opened_yet),
         ("table.withdrawn", "node.superseded", "node.entered"), at_desk=False),
    Step(A.APPROVE, S.UNIT_REVIEW, S.DEPARTMENT_REVIEW, may.at_a_reviewing_desk, SETTLED, DECIDES),
    Step(A.APPROVE, S.DEPARTMENT_REVIEW, S.FINANCE_APPROVAL, may.at_a_reviewing_desk, SETTLED, DECIDES),
    Step(A.APPROVE, S.FINANCE_APPROVAL, S.FINANCE_APPROVAL, may.at_a_reviewing_desk, SETTLED, DECIDES),
    *(
        Step(A.RETURN, start, to, may.at_a_desk, CALM, RETURNS)
        for start in REVIEW_STAGES for to in MAIN_LINE[: MAIN_LINE.index(start) + 1]
    ),
    *(Step(A.REFUSE, start, S.REFUSED, may.at_a_reviewing_desk, SETTLED, ASKS) for start in REVIEW_STAGES[1:]),
    *(step for start in REVIEW_STAGES[1:] for step in (
        Step(A.REVIEW, start, start, may.at_a_reviewing_desk, SETTLED, ("review.scored",)),
        Step(A.AMEND, start, start, may.at_a_reviewing_desk, SETTLED, ("amendment.proposed",)),
        Step(A.ASSIGN_EXPERTS, start, start, may.at_a_reviewing_desk, SETTLED, ("expert.assigned",)),
        Step(A.DECLARE_RELATION, start, start, expert_reviews.an_assigned_expert, (expert_reviews.has_not_declared,),
             ("expert.declared",), at_desk=False, unread=True),
        Step(A.SCORE_AS_EXPERT, start, start, expert_reviews.an_assigned_expert, (expert_reviews.is_unrelated,),
             ("expert.scored",), at_desk=False, unread=True),
        Step(A.CONFIRM_AMENDMENT, start, start, may.the_unit_concerned,
             (*CALM, an_amendment_waits, proposed_by_another), ("amendment.confirmed",), at_desk=False),
        Step(A.REJECT_AMENDMENT, start, start, may.the_unit_or_who_proposed, (an_amendment_waits,),
             ("amendment.rejected",), at_desk=False),
    )),
    Step(A.REPLY, S.FINANCE_APPROVAL, S.MONITORING, may.at_the_reply_desk, (*CALM, no_revision),
         ("task.decided", "table.replied", "node.completed")),
    Step(A.REPLY_REVISION, S.FINANCE_APPROVAL, S.CLOSED, may.at_the_reply_desk, (*CALM, a_revision),
         ("task.decided", "revision.approved", "node.completed")),
    Step(A.ADJUST, S.MONITORING, S.MONITORING, may.the_clerk_in_charge,
         (*CALM, a_version_in_force, no_revision_open), ("revision.opened",), at_desk=False),
    Step(A.ADJUST_LATE, S.MONITORING, S.MONITORING, may.asks_to_correct,
         (*CALM, a_version_in_force, no_revision_open), ("revision.asked", *ASKS), at_desk=False),
    *(
        Step(A.PASS_ON, start, start, passing.passes_on,
             (passing.replied_to, passing.not_passed_on, passing.to_a_unit_below, passing.filed_by_another),
             ("table.passed_on",), at_desk=False)
        for start in (S.MONITORING, S.SELF_EVALUATION, S.CLOSED)
    ),
    Step(A.OPEN_MONITORING, S.MONITORING, S.MONITORING, may.the_performance_section,
         (*CALM, project_pausing.not_paused),
         ("monitoring.opened", "node.entered"), at_desk=False),
    Step(A.FILE_MONITORING, S.MONITORING, S.MONITORING, may.monitoring_filer, CALM,
         ("monitoring.filed", "node.completed", "node.entered")),
    Step(A.ACCEPT_MONITORING, S.MONITORING, S.MONITORING, may.monitoring_checker, CALM,
         ("monitoring.accepted", "node.completed")),
    Step(A.RETURN_MONITORING, S.MONITORING, S.MONITORING, may.monitoring_checker, (*CALM, project_pausing.not_paused),
         ("monitoring.returned", "node.completed", "node.entered")),
    Step(A.PAUSE_PROJECT, S.MONITORING, S.MONITORING, project_pausing.pauses_projects,
         (*CALM, project_pausing.not_paused), ("project.paused",), at_desk=False),
    Step(A.ASK_PAUSE, S.MONITORING, S.MONITORING, project_pausing.asks_for_a_pause,
         (*CALM, project_pausing.not_paused), ASKS, at_desk=False),
    *(
        Step(A.RESUME_PROJECT, start, start, project_pausing.pauses_projects, (*CALM, project_pausing.paused),
             ("project.resumed", "task.due_set"), at_desk=False)
        for start in (S.MONITORING, S.SELF_EVALUATION)
    ),
    Step(A.OPEN_SELF_EVALUATION, S.MONITORING, S.SELF_EVALUATION, may.the_performance_section,
         (*CALM, no_revision_open),
         ("node.superseded", "selfeval.opened", "node.entered"), at_desk=False),
    Step(A.FILE_SELF_EVALUATION, S.SELF_EVALUATION, S.SELF_EVALUATION, may.evaluation_filer, CALM,
         ("selfeval.filed", "node.completed", "node.entered")),
    Step(A.ACCEPT_SELF_EVALUATION, S.SELF_EVALUATION, S.SELF_EVALUATION, may.evaluation_checker, CALM,
         ("selfeval.accepted", "node.completed", "node.entered"), at=(every_row_decided,)),
    Step(A.RESCORE, S.SELF_EVALUATION, S.SELF_EVALUATION, may.rescorer, CALM, ("selfeval.rescored",)),
    *(step for start in (S.MONITORING, S.SELF_EVALUATION) for step in (
        Step(A.ORDER_RECTIFICATION, start, start, may.orders_rectification, CALM,
             ("rectification.ordered", "node.entered"), at_desk=False),
        Step(A.REPORT_RECTIFICATION, start, start, may.rectifier, CALM,
             ("rectification.done", "node.completed", "node.entered")),
        Step(A.VERIFY_RECTIFICATION, start, start, may.rectification_checker, CALM,
             ("rectification.verified", "node.completed", "node.entered")),
    )),
    Step(A.RETURN_SELF_EVALUATION, S.SELF_EVALUATION, S.SELF_EVALUATION, may.evaluation_checker, CALM,
         ("selfeval.returned", "node.completed", "node.entered")),
    Step(A.CLOSE, S.SELF_EVALUATION, S.CLOSED, may.archivist, (*CALM, every_rectification_over),
         ("table.closed", "node.completed")),
    *(
        Step(A.REVIEW_DISCLOSURE, start, start, disclosing.a_secrecy_reviewer,
             (*CALM, disclosing.replied_and_no_revision, disclosing.did_not_file_it), ("disclosure.reviewed",),
             at_desk=False)
        for start in (S.MONITORING, S.SELF_EVALUATION, S.CLOSED)
    ),
    *(step for start in (S.MONITORING, S.SELF_EVALUATION, S.CLOSED) for step in (
        Step(A.OPEN_EVALUATION, start, start, assessing.evaluates,
             (*CALM, disclosing.replied_and_no_revision, assessing.filed_nothing_here,
              assessing.no_evaluation_of_this_sort), ("evaluation.opened",), at_desk=False),
        Step(A.REPORT_EVALUATION, start, start, assessing.reports, (*CALM, assessing.filed_nothing_here),
             ("attachment.added", "evaluation.reported"), at_desk=False),
        Step(A.RECOMMEND, start, start, assessing.evaluates,
             (*CALM, disclosing.replied_and_no_revision, assessing.filed_nothing_here), ("recommendation.made",),
             at_desk=False),
        Step(A.ACCEPT_RECOMMENDATION, start, start, assessing.answers, CALM, ("recommendation.accepted",),
             at_desk=False),
        Step(A.REJECT_RECOMMENDATION, start, start, assessing.answers, CALM, ("recommendation.rejected",),
             at_desk=False),
        Step(A.IMPLEMENT_RECOMMENDATION, start, start, assessing.carries_out, CALM,
             ("attachment.added", "recommendation.implemented"), at_desk=False),
        Step(A.RECORD_COMPONENT, start, start, assessing.enters_components,
             (*CALM, assessing.an_overall_table, disclosing.replied_and_no_revision),
             ("attachment.added", "component.recorded"), at_desk=False),
    )),
    *(
        Step(A.VOID, start, S.VOIDED, may.the_unit_in_charge, (no_request_waits, before_the_reply), ASKS, at_desk=False)
        for start in (S.DRAFT, *REVIEW_STAGES)
    ),
    *(
        Step(A.TERMINATE, start, S.TERMINATED, may.a_finance_reviewer, (*CALM, no_revision_open), ASKS, at_desk=False)
        for start in (*REVIEW_STAGES, S.MONITORING, S.SELF_EVALUATION)
    ),
    *(Step(A.COMMENT, start, start, may.at_a_reviewing_desk, (), ("thread.opened",)) for start in REVIEW_STAGES),
    *(
        Step(A.ANSWER_COMMENT, start, start, may.the_unit_concerned, (a_comment_is_open,), ("thread.answered",),
             at_desk=False)
        for start in (S.DRAFT, *REVIEW_STAGES)
    ),
    *(
        Step(A.RESOLVE_COMMENT, start, start, may.at_a_reviewing_desk, (a_comment_is_open,), ("thread.resolved",))
        for start in REVIEW_STAGES
    ),
    *(
        Step(A.CORRECT, start, start, may.asks_to_correct, (no_request_waits, a_version_in_force, no_revision_open),
             ("correction.opened", *ASKS), at_desk=False)
        for start in CORRECTED_IN
    ),
    *(
        Step(A.INTERVENE, start, start, may.a_process_admin, CALM, ("admin.proposed", *ASKS), at_desk=False)
        for start in MAIN_LINE[1:-1]
    ),
    *(
        Step(A.ENTER_PAPER, start, start, may.of_the_deciding_office, SETTLED,
             ("attachment.added", "paper.entered", *ASKS), at_desk=False)
        for start in REVIEW_STAGES
    ),
    *(
        Step(A.CONFIRM, start, start, may.a_second_person, (a_request_waits,), ENDS, at_desk=False)
        for start in (*MAIN_LINE, S.TERMINATED)
    ),
    *(
        Step(A.DECLINE, start, start, may.a_second_person_or_the_asker, (a_request_waits,),
             ("confirmation.refused",), at_desk=False)
        for start in (*MAIN_LINE, S.TERMINATED)
    ),
    *(
        Step(A.MARK_OVERDUE, start, start, may.the_system, (), ("task.overdue",), at_desk=False)
        for start in MAIN_LINE[:-1]
    ),
    *(
        Step(A.ASK_WITHDRAWAL, start, start, may.the_submitter, CALM, ASKS,
             at_desk=False)
        for start in REVIEW_STAGES
    ),
    *(Step(A.RECALL, start, start, holders.who_decided_last, (*SETTLED, holders.still_in_his_name),
           ("node.superseded", "task.superseded", "task.recalled"), at_desk=False) for start in REVIEW_STAGES),
    *(step for start in REVIEW_STAGES for step in (
        Step(A.DELEGATE, start, start, may.at_a_desk, CALM, ("task.delegated",),
             at=(holders.not_a_filing_desk, holders.not_delegated)),
        Step(A.ANSWER_DELEGATION, start, start, holders.a_delegate, CALM, ("task.delegation_returned",), at_desk=False),
        Step(A.END_DELEGATION, start, start, may.at_a_desk, CALM, ("task.delegation_returned",),
             at=(holders.delegated,)),
        Step(A.ADD_SIGNER, start, start, may.at_a_desk, CALM, ("task.signer_added",),
             at=(holders.not_a_filing_desk, holders.takes_another_signer)),
        Step(A.REMOVE_SIGNER, start, start, holders.who_added_a_signer, SETTLED, ("task.superseded", *WAYS_ON),
             at_desk=False),
    )),
    *(step for start in MAIN_LINE[1:-1] for step in (
        Step(A.OPEN_TASK, start, start, may.at_a_desk, (), ("task.opened",), at=(holders.not_opened_yet,)),
        Step(A.CLAIM, start, start, may.at_a_desk, CALM, ("task.claimed",),
             at=(holders.not_a_filing_desk, holders.free_to_claim)),
        Step(A.RELEASE, start, start, holders.the_claimer_or_the_system, (), ("task.released",), at_desk=False),
        Step(A.TRANSFER, start, start, may.at_a_desk, CALM, ("task.transferred",),
             at=(holders.not_a_filing_desk,)),
        Step(A.REASSIGN, start, start, holders.who_leads_a_level, CALM, ("task.transferred",), at_desk=False),
        Step(A.ASK_OPINION, start, start, may.at_a_desk, (), ("opinion.asked",)),
        Step(A.GIVE_OPINION, start, start, holders.whose_opinion_is_asked, (), ("opinion.given",), at_desk=False),
        Step(A.COPY, start, start, holders.takes_part, (), ("copy.sent", "copy.term_set"), at_desk=False),
        Step(A.READ_COPY, start, start, holders.who_has_an_unread_copy, (), ("copy.read",), at_desk=False),
        Step(A.URGE, start, start, holders.takes_part, (), ("task.urged",), at_desk=False),
        Step(A.ASK_EXTENSION, start, start, may.at_a_desk, (), ("extension.asked",),
             at=(holders.no_extension_waits,)),
        Step(A.GRANT_EXTENSION, start, start, holders.who_grants_extensions, (),
             ("extension.granted", "task.due_set"), at_desk=False),
        Step(A.REFUSE_EXTENSION, start, start, holders.who_grants_extensions, (), ("extension.refused",),
             at_desk=False),
        Step(A.SUSPEND, start, start, holders.who_may_suspend, (no_request_waits, not_suspended),
             ("table.suspended",), at_desk=False),
        Step(A.RESUME, start, start, holders.who_may_resume, (suspended,), ("table.resumed", "task.due_set"),
             at_desk=False),
    )),
    *(Step(A.ESCALATE, start, start, may.the_system, (), ("task.escalated", "task.unassignable"), at_desk=False)
      for start in MAIN_LINE[:-1]),
    *(Step(A.DEEM_READ, start, start, may.the_system, (), ("copy.deemed_read",), at_desk=False)
      for start in MAIN_LINE[:-1]),
    *(Step(A.RECOUNT, start, start, may.the_system, (), ("task.due_set",), at_desk=False) for start in MAIN_LINE[:-1]),
    *(Step(A.MARK_UNASSIGNABLE, start, start, may.the_system, (), ("task.unassignable",), at_desk=False)
      for start in MAIN_LINE[:-1]),
    *(Step(A.HAND_OVER, start, start, may.a_security_administrator, (), ("table.handed_over",), at_desk=False,
           unread=True) for start in MAIN_LINE[:-1]),
)  # fmt: skip
