"""What a review form allows: 优 passes, 良 may be completed, 中 goes back, 差 goes no further (R88 article 25)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from workflows.definitions.field_rights import WRITES, FieldGroup
from workflows.folds.replay import Desk, Table
from workflows.rights.segregation import Refusal
from workflows.state.reviews import Review, worst
from workflows.vocabulary import SYSTEM, Action, Actor, Cover, Grade, Outcome, Role

ALLOWED: Mapping[Grade, tuple[Action, ...]] = {
    Grade.EXCELLENT: (Action.APPROVE,),
    Grade.GOOD: (Action.APPROVE, Action.AMEND, Action.RETURN),
    Grade.FAIR: (Action.RETURN,),
    Grade.POOR: (Action.REFUSE,),
}
"""The decisions that each grade leaves open at the node where it was given."""
GOVERNED = frozenset({Action.APPROVE, Action.RETURN, Action.REFUSE, Action.AMEND})
BARS_THE_WAY = frozenset({Grade.FAIR, Grade.POOR})
"""Grades with which a table never comes to the next node (INV10)."""
AMENDERS_ELSEWHERE = GOVERNED | {Action.REPLY, Action.REPLY_REVISION, Action.REVIEW}
"""What who completed a table directly does not do at another node of the round (INV7)."""


def _no_form(_node: str) -> bool:
    return False


def _no_use(_grade: Grade) -> str:
    return ""


def _no_campaign(_action: Action, _desk: Desk) -> Refusal | None:
    return None


def _every_field(_role: Role, _group: FieldGroup) -> str:
    return ""


@dataclass(frozen=True)
class Demands:
    """What a table does not say itself: what its pinned definition and rule pack ask for, and the Beijing day (ISO).

    `form`: whether a node asks for a review form before anybody passes or refuses at it; `use`: what has to be
    rectified after a grade before the table is closed, in words, empty for nothing; `today` is empty where no day is
    asked after; `withdrawable`: whether a submitted table may be taken back without anybody's consent at all;
    `field`: why a role may not write a group of the table's fields now (M3), empty where it may;
    `campaign`: why the campaign that asks for what is filed at a desk does not take it now.
    """

    form: Callable[[str], bool] = _no_form
    use: Callable[[Grade], str] = _no_use
    today: str = ""
    withdrawable: bool = True
    campaign: Callable[[Action, Desk], Refusal | None] = _no_campaign
    field: Callable[[Role, FieldGroup], str] = _every_field


demands_nothing = Demands()
"""Of a chain that leaves the review form to the reviewers, a pack without use of results, and on any day."""


def forms_at(table: Table, node: str) -> tuple[Review, ...]:
    """Return the forms of a node that speak of the content as it stands now; each reviewer has one at most."""
    return tuple(
        each for each in table.reviews
        if each.node == node and each.round == table.round and each.covers(table.content_hash)
    )  # fmt: skip


def grade_at(table: Table, node: str) -> Grade | None:
    """Return the grade that binds a node's signers: the worst of its forms, None where nobody filled one in."""
    return worst(tuple(each.grade for each in forms_at(table, node)))


def refusal_by_form(table: Table, action: Action, desk: Desk, demands: Demands = demands_nothing) -> Refusal | None:
    """Return why the node's review form keeps an action from being taken here, or None (G-FORM, G-GRADE)."""
    if action not in GOVERNED:
        return None
    grade = grade_at(table, desk.node)
    if grade is None:
        return _without_form(action, needed=demands.form(desk.node))
    if action in ALLOWED[grade]:
        return None
    left = "、".join(f"“{each.chinese}”" for each in ALLOWED[grade])
    said = f"本环节的审核表评定为“{grade.chinese}”，只能办理{left}；评定有变的，请先重新填写审核表。"
    return Refusal("G-GRADE", said)


def refusal_by_result(table: Table, action: Action, demands: Demands = demands_nothing) -> Refusal | None:
    """Return why the grade of the self-evaluation keeps a table from being closed (domain.md 9.6, G-USE), or None."""
    if action != Action.CLOSE or table.result is None:
        return None
    use = demands.use(Grade(table.result.grade))
    if not use or any(each.cause == "selfeval" for each in table.rectifications):
        return None
    return Refusal("G-USE", f"自评等级要求“{use}”：须先下达整改并核实销号，才能办结。")


def refusal_by_fields(action: Action, role: Role, demands: Demands = demands_nothing) -> Refusal | None:
    """Return why a role may write nothing of what an action writes (R-FIELD, features M3), or None."""
    barred = ""
    for group in WRITES.get(action, ()):
        barred = demands.field(role, group)
        if not barred:
            return None
    return Refusal("R-FIELD", barred) if barred else None


def refusal_too_early(actor: Actor, table: Table, action: Action, demands: Demands = demands_nothing) -> Refusal | None:
    """Return why it is too early for a window or the self-evaluation to be opened (G-DATE, G-WINDOW), or None.

    Only the system overtakes monitoring work that is still open.
    """
    planned = [each for each in table.windows if each.state == "planned"]
    if action == Action.OPEN_MONITORING:
        return _before(demands.today, f"“{planned[0].name}”监控任务", planned[0].date) if planned else None
    if action != Action.OPEN_SELF_EVALUATION:
        return None
    left = actor.id != SYSTEM.id and any(each.state != "accepted" for each in table.windows)
    return _before(demands.today, "自评任务", table.self_evaluation_opens or "") or (
        Refusal("G-WINDOW", "还有监控节点没有办完，不能下达自评任务。") if left else None
    )


def _before(today: str, what: str, day: str) -> Refusal | None:
    return Refusal("G-DATE", f"{what}到{day}才能下达。") if today and today < day else None


def _without_form(action: Action, *, needed: bool) -> Refusal | None:
    if action == Action.AMEND:
        return Refusal("G-FORM", "直接完善须先填写审核表，并评定为“良”。")
    if needed and action != Action.RETURN:
        return Refusal("G-FORM", f"本环节须先填写审核表，再办理“{action.chinese}”。")
    return None


def refusal_of_amender(
    actor: Actor, table: Table, action: Action, desk: Desk, cover: Cover | None = None
) -> Refusal | None:
    """Return S3: who completed a table passes it only beside another, and decides at no other node of the round."""
    people = {actor.id} | ({cover.principal} if cover else set())
    for each in table.amended:
        if each.round != table.round or not people & {each.person, each.behalf}:
            continue
        if each.node != desk.node and action in AMENDERS_ELSEWHERE:
            return Refusal("S3", "您直接完善过此表，不能再在其他环节审核它（职责分离）。")
        if action == Action.APPROVE and not _passed_by_another(table, desk, people):
            return Refusal("S3", "您直接完善过此表，不能一人通过，须由本环节另一人审核通过（可转办或加签；职责分离）。")
    return None


def _passed_by_another(table: Table, desk: Desk, people: set[str]) -> bool:
    return any(
        vote.node == desk.node and vote.outcome == Outcome.PASS and vote.content_hash == table.content_hash
        and not people & {vote.person, vote.behalf}
        for vote in table.votes
    )  # fmt: skip


def no_amendment_waits(_actor: Actor, table: Table) -> Refusal | None:
    """没有等待单位确认的直接完善"""
    if table.amendment is None:
        return None
    return Refusal("G-AMENDMENT", f"{table.amendment.name}提出的直接完善正等待单位确认，请待其答复，或由其收回。")


def an_amendment_waits(_actor: Actor, table: Table) -> Refusal | None:
    """有等待单位确认的直接完善"""
    return None if table.amendment else Refusal("G-NOTHING", "没有等待确认的直接完善。")


def proposed_by_another(actor: Actor, table: Table) -> Refusal | None:
    """直接完善由他人提出"""
    if table.amendment and actor.id in (table.amendment.person, table.amendment.behalf):
        return Refusal("S3", "直接完善由您提出，须由单位的其他人确认（职责分离）。")
    return None
