"""The one answer to: may this person do this now, and if not, why? It reads the table of steps."""

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from transitions import Machine

from workflows.folds.replay import Desk, Table
from workflows.rights import permissions as may
from workflows.rights.grading import (
    Demands,
    demands_nothing,
    refusal_by_fields,
    refusal_by_form,
    refusal_by_result,
    refusal_of_amender,
    refusal_too_early,
)
from workflows.rights.holders import not_delegated, taken_by_another
from workflows.rights.segregation import (
    FILING_DESKS,
    RESCORING_DESKS,
    Refusal,
    refusal_at,
    refusal_beside,
    refusal_of_administrator,
    refusal_of_other_level,
)
from workflows.rights.steps import STEPS, Step
from workflows.vocabulary import BESIDE_THE_STEPS, WHILE_SUSPENDED, Action, Actor, Cover, Role, Stage

__all__ = [
    "DECIDE_TASKS", "DESKS_OF_AN_ACTION", "FILING_DESKS", "STEPS", "WITHOUT_BUTTON", "Answer", "Step", "decide",
    "decide_within", "machine_of", "moves_of", "return_targets", "step_for", "steps_open_to",
]  # fmt: skip


@dataclass(frozen=True)
class Answer:
    """May this person do this now? If not, the rule's ID and a sentence.

    The desk is where the person would act; the cover says for whom, where he would do it as a deputy.
    """

    action: Action
    to: Stage | None
    allowed: bool
    rule: str = ""
    sentence: str = ""
    desk: Desk | None = None
    cover: Cover | None = None


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
    steps = [step for step in STEPS if step.action == Action.RETURN and step.start == stage]
    return tuple(reversed([step.to for step in steps if step.to != stage]))


def decide(
    actor: Actor, table: Table, action: Action, *, to: Stage | None = None, node: str | None = None,
    demands: Demands = demands_nothing,
) -> Answer:  # fmt: skip
    """Answer whether the person may do this now; unknown means no. The right to decide includes the right to read.

    `demands` says what the table's chain and pack ask for (a review form, a rectification) and which day it is.
    """
    step = step_for(action, table.stage, to)
    if step is None:
        target = f"到“{to.chinese}”" if to else ""
        return _no(action, to, Refusal("R-STAGE", f"当前处于“{table.stage.chinese}”，不能{action.chinese}{target}。"))
    refusal = (
        _against(actor, table, step)
        or refusal_to_withdraw(table, action, demands)
        or refusal_too_early(actor, table, action, demands)
    )
    if refusal:
        return _no(action, step.to, refusal)
    if step.at_desk:
        return _at_a_desk(actor, table, step, node, demands)
    unwritable = refusal_by_fields(action, may.writing_role(actor, table, action), demands)
    return _no(action, step.to, unwritable) if unwritable else _second_person(actor, table, step)


def _against(actor: Actor, table: Table, step: Step) -> Refusal | None:
    """Return what speaks against a step wherever it is done: scope, a pause, the wrong person, what must hold first."""
    if step.unread and not step.who(actor, table):
        return Refusal("R-ROLE", f"须由{(step.who.__doc__ or '').strip()}办理。")
    if not step.unread and not may.may_read(actor, table):
        return Refusal("R-READ", "此表不在您的查看范围内。")
    if table.suspended and step.action not in WHILE_SUSPENDED:
        return Refusal("G-SUSPENDED", f"此表已挂起（至{table.suspended.until}），恢复办理之前只能查看。")
    if not step.who(actor, table):
        taken = taken_by_another(actor, table) if step.at_desk else None
        return taken or Refusal("R-ROLE", f"须由{(step.who.__doc__ or '').strip()}办理。")
    needs = (need(actor, table) for need in step.needs)
    return refusal_of_administrator(actor) or next((refusal for refusal in needs if refusal), None)


def decide_within(
    actor: Actor, table: Table, action: Action, amount: Callable[[], Decimal | None], *, to: Stage | None = None,
    node: str | None = None, demands: Demands = demands_nothing,
) -> Answer:  # fmt: skip
    """Answer like decide, no further than a deputy's cover reaches: the amount (万元) is only read for such a one."""
    answer = decide(actor, table, action, to=to, node=node, demands=demands)
    if answer.cover is None or answer.cover.most is None:
        return answer
    again = decide(may.within(actor, amount()), table, action, to=to, node=node, demands=demands)
    if again.allowed:
        return again
    most = f"此表金额未填写或超过代理授权的上限（{answer.cover.most}万元），须由{answer.cover.name}本人办理。"
    return _no(action, answer.to, Refusal("R-COVER", most))


def refusal_to_withdraw(table: Table, action: Action, demands: Demands = demands_nothing) -> Refusal | None:
    """Return why a table is not taken back without consent (G-NEVER), or needs no consent (G-WITHDRAW), or None."""
    if action == Action.WITHDRAW and not demands.withdrawable:
        said = "本表的审批链规定提交后不能直接撤回（withdraw_until：never）；可以申请撤回，经办理人同意后退回编制。"
        return Refusal("G-NEVER", said)
    untouched = table.stage == Stage.UNIT_REVIEW and not table.deciders and not table.received
    if action == Action.ASK_WITHDRAWAL and demands.withdrawable and untouched:
        return Refusal("G-WITHDRAW", "此表可以直接撤回，无须申请。")
    return None


def _no(action: Action, to: Stage | None, refusal: Refusal) -> Answer:
    return Answer(action, to, allowed=False, rule=refusal.rule, sentence=refusal.sentence)


def _second_person(actor: Actor, table: Table, step: Step) -> Answer:
    asker_takes_back = step.action == Action.DECLINE and table.request and table.request.by == actor.id
    if step.action in (Action.CONFIRM, Action.DECLINE) and not asker_takes_back and actor.id in table.authors:
        return _no(step.action, step.to, Refusal("S1", "您填报或修改过此表，不能作为第二人确认（职责分离）。"))
    against = _vouching(actor, table, step.action)
    return _no(step.action, step.to, against) if against else Answer(step.action, step.to, allowed=True)


def _vouching(actor: Actor, table: Table, action: Action) -> Refusal | None:
    """Return why a person may not vouch for what is decided here on another's word: refused, withdrawn, on paper."""
    confirmed = table.request.action if table.request and action == Action.CONFIRM else None
    if confirmed == Action.REFUSE:
        return refusal_of_other_level(actor, table)
    if confirmed == Action.WITHDRAW:
        desks = [seat.desk for seat in may.seats_of(actor, table) if not seat.cover and not seat.handed]
    elif action == Action.ENTER_PAPER:
        offices = {post.organ for post in actor.posts}
        desks = [desk for desk in table.desks if desk.node != "reply" and desk.organ in offices]
    else:
        return None
    against = [refusal_beside(actor, table, desk) for desk in desks]
    return against[0] if all(against) and against else None


def _at_a_desk(actor: Actor, table: Table, step: Step, node: str | None, demands: Demands) -> Answer:
    """Find a desk where the person may act without breaking segregation; the last refusal is the reason if none."""
    refusal = Refusal("R-ROLE", f"须由{(step.who.__doc__ or '').strip()}办理。")
    for seat in may.seats_of(actor, table):
        if node in (None, seat.desk.node, seat.desk.task) and _serves(step, seat.desk):
            against = (
                _beyond_the_handed(step.action, seat)
                or refusal_at(actor, table, seat.desk, seat.cover)
                or refusal_of_amender(actor, table, step.action, seat.desk, seat.cover)
                or _not_yet(actor, table, step, seat.desk)
                or refusal_by_form(table, step.action, seat.desk, demands)
                or refusal_by_fields(step.action, Role(seat.desk.role), demands)
                or refusal_by_result(table, step.action, demands)
                or demands.campaign(step.action, seat.desk)
            )
            if against is None:
                return Answer(step.action, step.to, allowed=True, desk=seat.desk, cover=seat.cover)
            refusal = against
    return _no(step.action, step.to, refusal)


DONE_AT_A_HANDED_TASK = frozenset({
    Action.OPEN_TASK, Action.APPROVE, Action.RETURN, Action.REVIEW, Action.COMMENT, Action.RESOLVE_COMMENT,
    Action.ASK_OPINION, Action.ACCEPT_MONITORING, Action.RETURN_MONITORING, Action.ACCEPT_SELF_EVALUATION,
    Action.RETURN_SELF_EVALUATION, Action.CLOSE,
})  # fmt: skip
"""What a superior may do at a late task that its ladder handed to him: decide it, and what leads to a decision."""


def _beyond_the_handed(action: Action, seat: may.Seat) -> Refusal | None:
    if not seat.handed or action in DONE_AT_A_HANDED_TASK:
        return None
    return Refusal("G-HANDED", f"此任务因逾期升级办理，您可以直接作出决定；{action.chinese}由原办理人办理。")


def _not_yet(actor: Actor, table: Table, step: Step, desk: Desk) -> Refusal | None:
    """Return why an act at a task has to wait: its own needs, or others were asked first (委派, 顺签, 前加签)."""
    needs = (*step.at, not_delegated) if step.action in DECIDE_TASKS else step.at
    against = [refusal for need in needs if (refusal := need(actor, table, desk))]
    if against:
        return against[0]
    first = [each for each in table.desks if each.task in desk.waits_for]
    if first and step.action in DECIDE_TASKS:
        who = "、".join(sorted({Role(each.role).chinese for each in first}))
        return Refusal("R-TURN", f"须待{who}先签署（按顺序签署）。")
    return None


DECIDE_TASKS = frozenset({Action.APPROVE, Action.RETURN, Action.REFUSE, Action.REPLY, Action.REPLY_REVISION})
EVALUATION_CHECKS = frozenset({"evaluation_unit", *RESCORING_DESKS})
DESKS_OF_AN_ACTION: Mapping[Action, AbstractSet[str]] = {
    Action.ATTACH: FILING_DESKS,
    Action.DETACH: FILING_DESKS,
    Action.FILE_MONITORING: {"monitoring_filing"},
    Action.ACCEPT_MONITORING: {"monitoring_check"},
    Action.RETURN_MONITORING: {"monitoring_check"},
    Action.FILE_SELF_EVALUATION: {"evaluation_filing"},
    Action.ACCEPT_SELF_EVALUATION: EVALUATION_CHECKS,
    Action.RETURN_SELF_EVALUATION: EVALUATION_CHECKS,
    Action.RESCORE: RESCORING_DESKS,
    Action.REPORT_RECTIFICATION: {"rectification"},
    Action.VERIFY_RECTIFICATION: {"rectification_check"},
    Action.CLOSE: {"archiving"},
    Action.REPLY: {"reply"},
    Action.REPLY_REVISION: {"reply"},
}


REVIEWERS_ACTS = frozenset({
    Action.APPROVE, Action.COMMENT, Action.RESOLVE_COMMENT, Action.REVIEW, Action.AMEND, Action.ASSIGN_EXPERTS,
})  # fmt: skip
"""What is done at any reviewing desk, but not where the reply is written."""


def _serves(step: Step, desk: Desk) -> bool:
    if step.action in REVIEWERS_ACTS:
        return desk.node != "reply"
    nodes = DESKS_OF_AN_ACTION.get(step.action)
    return nodes is None or desk.node.split(":")[0] in nodes


WITHOUT_BUTTON = (
    Action.ASSIGN_EXPERTS, Action.DECLARE_RELATION, Action.SCORE_AS_EXPERT,
    Action.RETURN, Action.MARK_OVERDUE, Action.ATTACH, Action.DETACH, Action.COMMENT, Action.ANSWER_COMMENT,
    Action.RESOLVE_COMMENT, Action.CORRECT, Action.INTERVENE, Action.ENTER_PAPER, Action.RESCORE,
    Action.ORDER_RECTIFICATION, Action.REPORT_RECTIFICATION, Action.VERIFY_RECTIFICATION,
    Action.REVIEW_DISCLOSURE, Action.PASS_ON, Action.ADJUST_LATE, Action.OPEN_EVALUATION, Action.REPORT_EVALUATION,
    Action.RECOMMEND,
    Action.ACCEPT_RECOMMENDATION, Action.REJECT_RECOMMENDATION, Action.IMPLEMENT_RECOMMENDATION,
    Action.FILE_APPRAISAL, Action.CHECK_APPRAISAL, Action.WAIVE_APPRAISAL,
    Action.RECORD_COMPONENT, Action.PAUSE_PROJECT, Action.ASK_PAUSE, Action.RESUME_PROJECT, *BESIDE_THE_STEPS,
)  # fmt: skip
"""Asked for each target stage, done by the system alone, or shown with the attachments and the comments."""


def steps_open_to(
    actor: Actor, table: Table, amount: Callable[[], Decimal | None] = lambda: None,
    demands: Demands = demands_nothing,
) -> tuple[Answer, ...]:  # fmt: skip
    """Answer every action of the lifecycle for this person now, open ones first: the buttons, and why not the rest.

    `amount` (万元) is only read for a deputy whose cover ends at one.
    """
    asked = [action for action in Action if action not in WITHOUT_BUTTON]
    answers = [decide_within(actor, table, action, amount, demands=demands) for action in asked]
    answers += [
        decide_within(actor, table, Action.RETURN, amount, to=to, demands=demands) for to in return_targets(table.stage)
    ]
    return tuple(sorted(answers, key=lambda answer: not answer.allowed))
