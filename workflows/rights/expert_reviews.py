"""Which assignment an expert may act on now, who may be one, and what excludes (R11, S11)."""

from workflows.folds.replay import Table
from workflows.rights.segregation import Refusal
from workflows.state.experts import ASSIGNED, EXCLUDED, SCORED, UNRELATED, Expert
from workflows.vocabulary import ADMINISTRATOR_ROLES, BUSINESS_ROLES, Actor, Post, Role


def assignment_of(actor: Actor, table: Table) -> Expert | None:
    """Return the assignment on which the person may act: of this round, its node still open; none otherwise."""
    mine = (each for each in reversed(table.experts) if each.person == actor.id and each.round == table.round)
    return next((each for each in mine if table.desk(each.node)), None) if expert_post(actor) else None


def expert_post(actor: Actor) -> Post | None:
    """Return the expert's post, None where none is held."""
    return next((post for post in actor.posts if post.role == Role.EXPERT), None)


def an_assigned_expert(actor: Actor, table: Table) -> bool:
    """受指派评审此表的专家（审核环节办理期间）"""
    return assignment_of(actor, table) is not None


def has_not_declared(actor: Actor, table: Table) -> Refusal | None:
    """尚未声明回避情况"""
    found = assignment_of(actor, table)
    return None if found and found.state == ASSIGNED else Refusal("S11", "您已经声明过回避情况。")


def is_unrelated(actor: Actor, table: Table) -> Refusal | None:
    """已声明没有回避情形"""
    found = assignment_of(actor, table)
    if found and found.state in (UNRELATED, SCORED):
        return None
    if found and found.state == EXCLUDED:
        return Refusal("S11", "您声明了回避情形，不能评审此表。")
    return Refusal("S11", "请先声明是否有须回避的情形，再评审。")


def may_see(actor: Actor, table: Table, today: str) -> bool:
    """Whether an expert sees the table's content now: declared unrelated, inside his time (Beijing day, ISO)."""
    found = assignment_of(actor, table)
    return found is not None and is_unrelated(actor, table) is None and today <= found.until


def refusal_of_expert(expert: Actor, table: Table) -> Refusal | None:
    """Return why a person may not review this table as an expert, None where nothing speaks against it."""
    if expert_post(expert) is None:
        return Refusal("R-POST", f"{expert.name}不在专家库中。")
    if expert.holds_any(BUSINESS_ROLES | ADMINISTRATOR_ROLES) or expert.id in table.authors:
        return Refusal("S11", f"{expert.name}在本系统中另有岗位，不能作为外部专家评审。")
    before = [each for each in table.experts if each.person == expert.id]
    if any(each.state == EXCLUDED for each in before):
        return Refusal("S11", f"{expert.name}已声明与此表有关联，须回避。")
    if any(each.round == table.round and table.desk(each.node) for each in before):
        return Refusal("G-EXPERT", f"已请{expert.name}评审此表。")
    return None
