"""The one table of steps, and the one answer to: may this person do this now, and if not, why?"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from transitions import Machine

from workflows import permissions as may
from workflows.replay import Desk, Table
from workflows.segregation import Refusal, refusal_at, refusal_of_administrator, refusal_of_other_level
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
DECIDES = ("task.decided", "node.completed", "node.entered")
RETURNS = ("task.decided", "table.returned", "node.superseded", "node.entered")
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
    Step(A.SUBMIT, S.DRAFT, S.UNIT_REVIEW, may.the_clerk_in_charge, CALM,
         ("table.submitted", "node.completed", "node.entered")),
    Step(A.WITHDRAW, S.UNIT_REVIEW, S.DRAFT, may.the_submitter, (no_request_waits, nobody_decided_yet),
         ("table.withdrawn", "node.superseded", "node.entered"), at_desk=False),
    Step(A.APPROVE, S.UNIT_REVIEW, S.DEPARTMENT_REVIEW, may.at_a_reviewing_desk, CALM, DECIDES),
    Step(A.APPROVE, S.DEPARTMENT_REVIEW, S.FINANCE_APPROVAL, may.at_a_reviewing_desk, CALM, DECIDES),
    Step(A.APPROVE, S.FINANCE_APPROVAL, S.FINANCE_APPROVAL, may.at_a_reviewing_desk, CALM, DECIDES),
    *(
        Step(A.RETURN, start, to, may.at_a_desk, CALM, RETURNS)
        for start in REVIEW_STAGES for to in MAIN_LINE[: MAIN_LINE.index(start)]
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


@dataclass(frozen=True)
class Answer:
    """May this person do this now? If not, the rule's ID and a sentence. The desk is where the person would act."""

    action: Action
    to: Stage | None
    allowed: bool
    rule: str = ""
    sentence: str = ""
    desk: Desk | None = None


_known: list[Any] = []
"""The table of steps last asked for and its moves."""


@cache
def machine_of(steps: tuple[Step, ...]) -> Machine:
    """Build the state machine of a table of steps: no model, no automatic moves, no callbacks."""
    machine = Machine(model=None, states=list(Stage), initial=Stage.DRAFT, auto_transitions=False)
    for step in steps:
        machine.add_transition(step.action.value, step.start.value, step.to.value)
    return machine


@cache
def moves_of(steps: tuple[Step, ...]) -> dict[tuple[Action, Stage], tuple[Step, ...]]:
    """Return the moves that the machine of these steps knows, by action and start, each with its row."""
    machine = machine_of(steps)
    found: dict[tuple[Action, Stage], tuple[Step, ...]] = {}
    for step in steps:
        if machine.get_transitions(step.action.value, step.start.value, step.to.value):
            key = (step.action, step.start)
            found[key] = (*found.get(key, ()), step)
    return found


def _moves_now() -> dict[tuple[Action, Stage], tuple[Step, ...]]:
    """Return the moves of STEPS as it stands: known by the table itself, whose every row would have to be hashed."""
    if not _known or _known[0] is not STEPS:
        _known[:] = (STEPS, moves_of(STEPS))
    moves: dict[tuple[Action, Stage], tuple[Step, ...]] = _known[1]
    return moves


def step_for(action: Action, start: Stage, to: Stage | None = None) -> Step | None:
    """Return the step of that action out of that stage (to that stage, where one is named), or None: closed."""
    moves = _moves_now().get((action, start), ())
    return next((step for step in moves if to in (None, step.to)), None)


def return_targets(stage: Stage) -> tuple[Stage, ...]:
    """Return the stages to which a table may be returned from this one, nearest first."""
    return tuple(reversed([step.to for step in STEPS if step.action == Action.RETURN and step.start == stage]))


def decide(actor: Actor, table: Table, action: Action, *, to: Stage | None = None, node: str | None = None) -> Answer:
    """Answer whether the person may do this now; unknown means no. The right to decide includes the right to read."""
    step = step_for(action, table.stage, to)
    if step is None:
        target = f"到“{to.chinese}”" if to else ""
        return _no(action, to, Refusal("R-STAGE", f"当前处于“{table.stage.chinese}”，不能{action.chinese}{target}。"))
    if not may.may_read(actor, table):
        return _no(action, step.to, Refusal("R-READ", "此表不在您的查看范围内。"))
    if not step.who(actor, table):
        return _no(action, step.to, Refusal("R-ROLE", f"须由{(step.who.__doc__ or '').strip()}办理。"))
    administrator = refusal_of_administrator(actor)
    if administrator:
        return _no(action, step.to, administrator)
    for need in step.needs:
        refusal = need(actor, table)
        if refusal:
            return _no(action, step.to, refusal)
    return _at_a_desk(actor, table, step, node) if step.at_desk else _second_person(actor, table, step)


def _no(action: Action, to: Stage | None, refusal: Refusal) -> Answer:
    return Answer(action, to, allowed=False, rule=refusal.rule, sentence=refusal.sentence)


def _second_person(actor: Actor, table: Table, step: Step) -> Answer:
    asker_takes_back = step.action == Action.DECLINE and table.request and table.request.by == actor.id
    if step.action in (Action.CONFIRM, Action.DECLINE) and not asker_takes_back and actor.id in table.authors:
        return _no(step.action, step.to, Refusal("S1", "您填报或修改过此表，不能作为第二人确认（职责分离）。"))
    if step.action == Action.CONFIRM and table.request and table.request.action == Action.REFUSE:
        against = refusal_of_other_level(actor, table)
        if against:
            return _no(step.action, step.to, against)
    return Answer(step.action, step.to, allowed=True)


def _at_a_desk(actor: Actor, table: Table, step: Step, node: str | None) -> Answer:
    """Find a desk where the person may act without breaking segregation; the last refusal is the reason if none."""
    refusal = Refusal("R-ROLE", f"须由{(step.who.__doc__ or '').strip()}办理。")
    for desk in may.desks_of(actor, table):
        if node in (None, desk.node) and _serves(step, desk):
            against = refusal_at(actor, table, desk)
            if against is None:
                return Answer(step.action, step.to, allowed=True, desk=desk)
            refusal = against
    return _no(step.action, step.to, refusal)


FILING_DESKS = {"drafting", "monitoring_filing", "evaluation_filing"}
DESKS_OF_AN_ACTION = {
    Action.ATTACH: FILING_DESKS,
    Action.DETACH: FILING_DESKS,
    Action.FILE_MONITORING: {"monitoring_filing"},
    Action.ACCEPT_MONITORING: {"monitoring_check"},
    Action.RETURN_MONITORING: {"monitoring_check"},
    Action.FILE_SELF_EVALUATION: {"evaluation_filing"},
    Action.ACCEPT_SELF_EVALUATION: {"evaluation_unit", "evaluation_department"},
    Action.RETURN_SELF_EVALUATION: {"evaluation_unit", "evaluation_department"},
    Action.CLOSE: {"archiving"},
    Action.REPLY: {"reply"},
}


def _serves(step: Step, desk: Desk) -> bool:
    if step.action == Action.APPROVE:
        return desk.node != "reply"
    nodes = DESKS_OF_AN_ACTION.get(step.action)
    return nodes is None or desk.node.split(":")[0] in nodes


WITHOUT_BUTTON = (Action.RETURN, Action.MARK_OVERDUE, Action.ATTACH, Action.DETACH)
"""Asked for each target stage, done by the system alone, or shown with the attachments."""


def steps_open_to(actor: Actor, table: Table) -> tuple[Answer, ...]:
    """Answer every action of the lifecycle for this person now, open ones first: the buttons, and why not the rest."""
    asked = [action for action in Action if action not in WITHOUT_BUTTON]
    answers = [decide(actor, table, action) for action in asked]
    answers += [decide(actor, table, Action.RETURN, to=to) for to in return_targets(table.stage)]
    return tuple(sorted(answers, key=lambda answer: not answer.allowed))
