"""The one table of steps: action, from which stage to which, who, what must hold, what is recorded."""

from collections.abc import Callable
from dataclasses import dataclass

from workflows import permissions as may
from workflows.criteria import Criterion
from workflows.replay import Table
from workflows.segregation import Refusal
from workflows.standing import Thread
from workflows.vocabulary import MAIN_LINE, REVIEW_STAGES, Action, Actor, Stage

Need = Callable[[Actor, Table], Refusal | None]


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


def before_the_reply(_actor: Actor, table: Table) -> Refusal | None:
    """批复之前"""
    return Refusal("G-REPLIED", "此表已经批复，不能再由单位作废。") if table.in_force else None


def every_comment_answered(_actor: Actor, table: Table) -> Refusal | None:
    """批注均已答复"""
    owed = [each for each in table.threads if each.unanswered]
    if not owed:
        return None
    places = "；".join(f"{place_of(each)}（{Criterion(each.criterion).chinese}）" for each in owed)
    return Refusal("G-THREADS", f"还有{len(owed)}条批注没有答复，请先逐条答复：{places}。")


def place_of(thread: Thread) -> str:
    """Return where a comment stands, in words: the row's ID, or the field's pointer outside the rows."""
    return f"指标{thread.row}" if thread.row else thread.pointer


def a_comment_is_open(_actor: Actor, table: Table) -> Refusal | None:
    """有未销号的批注"""
    return None if table.open_threads else Refusal("G-NOTHING", "没有未销号的批注。")


@dataclass(frozen=True)
class Step:
    """One row: the action, from which stage to which, who, what must hold, what is recorded."""

    action: Action
    start: Stage
    to: Stage
    who: may.Who
    needs: tuple[Need, ...]
    records: tuple[str, ...]
    at_desk: bool = True


S, A = Stage, Action
CALM = (no_request_waits,)
WAYS_ON = ("task.superseded", "node.completed", "route.chosen", "route.shortened", "node.entered", "node.shared")
DECIDES = ("task.decided", *WAYS_ON)
RETURNS = ("task.decided", "table.returned", "node.completed", "node.superseded", "task.superseded", "node.entered",
           "node.shared")
ASKS = ("confirmation.requested",)
ENDS = ("confirmation.given", "node.superseded")

STEPS: tuple[Step, ...] = (
    Step(A.SAVE, S.DRAFT, S.DRAFT, may.the_clerk_in_charge, CALM, ()),
    Step(A.ATTACH, S.DRAFT, S.DRAFT, may.the_clerk_in_charge, CALM, ("attachment.added",)),
    Step(A.ATTACH, S.MONITORING, S.MONITORING, may.monitoring_filer, CALM, ("attachment.added",)),
    Step(A.ATTACH, S.SELF_EVALUATION, S.SELF_EVALUATION, may.evaluation_filer, CALM, ("attachment.added",)),
    Step(A.DETACH, S.DRAFT, S.DRAFT, may.the_clerk_in_charge, CALM, ("attachment.withdrawn",)),
    Step(A.DETACH, S.MONITORING, S.MONITORING, may.monitoring_filer, CALM, ("attachment.withdrawn",)),
    Step(A.DETACH, S.SELF_EVALUATION, S.SELF_EVALUATION, may.evaluation_filer, CALM, ("attachment.withdrawn",)),
    Step(A.SUBMIT, S.DRAFT, S.UNIT_REVIEW, may.the_clerk_in_charge, (*CALM, every_comment_answered),
         ("table.submitted", *WAYS_ON)),
    Step(A.WITHDRAW, S.UNIT_REVIEW, S.DRAFT, may.the_submitter, (no_request_waits, nobody_decided_yet),
         ("table.withdrawn", "node.superseded", "node.entered"), at_desk=False),
    Step(A.APPROVE, S.UNIT_REVIEW, S.DEPARTMENT_REVIEW, may.at_a_reviewing_desk, CALM, DECIDES),
    Step(A.APPROVE, S.DEPARTMENT_REVIEW, S.FINANCE_APPROVAL, may.at_a_reviewing_desk, CALM, DECIDES),
    Step(A.APPROVE, S.FINANCE_APPROVAL, S.FINANCE_APPROVAL, may.at_a_reviewing_desk, CALM, DECIDES),
    *(
        Step(A.RETURN, start, to, may.at_a_desk, CALM, RETURNS)
        for start in REVIEW_STAGES for to in MAIN_LINE[: MAIN_LINE.index(start) + 1]
    ),
    *(Step(A.REFUSE, start, S.REFUSED, may.at_a_reviewing_desk, CALM, ASKS) for start in REVIEW_STAGES[1:]),
    Step(A.REPLY, S.FINANCE_APPROVAL, S.MONITORING, may.at_the_reply_desk, CALM,
         ("task.decided", "table.replied", "node.completed")),
    Step(A.OPEN_MONITORING, S.MONITORING, S.MONITORING, may.the_performance_section, CALM,
         ("monitoring.opened", "node.entered"), at_desk=False),
    Step(A.FILE_MONITORING, S.MONITORING, S.MONITORING, may.monitoring_filer, CALM,
         ("monitoring.filed", "node.completed", "node.entered")),
    Step(A.ACCEPT_MONITORING, S.MONITORING, S.MONITORING, may.monitoring_checker, CALM,
         ("monitoring.accepted", "node.completed")),
    Step(A.RETURN_MONITORING, S.MONITORING, S.MONITORING, may.monitoring_checker, CALM,
         ("monitoring.returned", "node.completed", "node.entered")),
    Step(A.OPEN_SELF_EVALUATION, S.MONITORING, S.SELF_EVALUATION, may.the_performance_section, CALM,
         ("node.superseded", "selfeval.opened", "node.entered"), at_desk=False),
    Step(A.FILE_SELF_EVALUATION, S.SELF_EVALUATION, S.SELF_EVALUATION, may.evaluation_filer, CALM,
         ("selfeval.filed", "node.completed", "node.entered")),
    Step(A.ACCEPT_SELF_EVALUATION, S.SELF_EVALUATION, S.SELF_EVALUATION, may.evaluation_checker, CALM,
         ("selfeval.accepted", "node.completed", "node.entered")),
    Step(A.RETURN_SELF_EVALUATION, S.SELF_EVALUATION, S.SELF_EVALUATION, may.evaluation_checker, CALM,
         ("selfeval.returned", "node.completed", "node.entered")),
    Step(A.CLOSE, S.SELF_EVALUATION, S.CLOSED, may.archivist, CALM, ("table.closed", "node.completed")),
    *(
        Step(A.VOID, start, S.VOIDED, may.the_unit_in_charge, (no_request_waits, before_the_reply), ASKS, at_desk=False)
        for start in (S.DRAFT, *REVIEW_STAGES)
    ),
    *(
        Step(A.TERMINATE, start, S.TERMINATED, may.a_finance_reviewer, CALM, ASKS, at_desk=False)
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
        Step(A.CONFIRM, start, start, may.a_second_person, (a_request_waits,), ENDS, at_desk=False)
        for start in MAIN_LINE[:-1]
    ),
    *(
        Step(A.DECLINE, start, start, may.a_second_person_or_the_asker, (a_request_waits,),
             ("confirmation.refused",), at_desk=False)
        for start in MAIN_LINE[:-1]
    ),
    *(
        Step(A.MARK_OVERDUE, start, start, may.the_system, (), ("task.overdue",), at_desk=False)
        for start in MAIN_LINE[:-1]
    ),
)  # fmt: skip
