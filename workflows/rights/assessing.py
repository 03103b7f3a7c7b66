"""Who may evaluate a project, recommend, answer a recommendation and enter components, and what must hold first."""

from workflows.folds.replay import Table
from workflows.rights.permissions import ordering_post, the_clerk_in_charge
from workflows.rights.segregation import Refusal
from workflows.state.assessments import ACCEPTED, MADE, UNIT, Recommendation
from workflows.vocabulary import UNIT_ROLES, Actor, Post, Role

ANSWERS = UNIT_ROLES - {Role.CLERK}
"""Who speaks for a unit: its head, its business lead, its finance."""
ENTERS = ((Role.UNIT_FINANCE, "unit"), (Role.UNIT_HEAD, "unit"), (Role.DEPARTMENT_FINANCE, "department"))
"""Under which posts components of imported ratios are entered."""
OVERALL = frozenset({"unit", "department"})
"""Scopes of tables on overall spending (整体支出), which carry the ratios."""


def evaluates(actor: Actor, table: Table) -> bool:
    """主管部门规划财务处、财政业务科或绩效科人员"""
    return ordering_post(actor, table) is not None


def reports(actor: Actor, table: Table) -> bool:
    """下达此项评价的部门"""
    return any(not each.reported and _held(actor, each.role, each.organ) for each in table.assessments)


def answering_post(actor: Actor, table: Table, to: str) -> Post | None:
    """Return the post under which the person speaks for the organ that a recommendation goes to."""
    if to == UNIT:
        return next((post for post in actor.posts if post.role in ANSWERS and post.organ == table.unit), None)
    post = Post(Role.DEPARTMENT_FINANCE, table.department)
    return post if post in actor.posts else None


def carrying_post(actor: Actor, table: Table, to: str) -> Post | None:
    """Return the post under which the person says that a recommendation was carried out: the clerk's too."""
    clerk = Post(Role.CLERK, table.unit) if to == UNIT and the_clerk_in_charge(actor, table) else None
    return answering_post(actor, table, to) or clerk


def answers(actor: Actor, table: Table) -> bool:
    """建议的对象：实施单位的单位负责人、业务负责人或财务，或主管部门规划财务处"""
    return any(answering_post(actor, table, each.to) for each in waiting(table, MADE))


def carries_out(actor: Actor, table: Table) -> bool:
    """采纳建议的单位（经办人、审核人员）或主管部门规划财务处"""
    return any(carrying_post(actor, table, each.to) for each in waiting(table, ACCEPTED))


def entering_post(actor: Actor, table: Table) -> Post | None:
    """Return the post under which the person enters components of the table's ratios."""
    posts = (Post(role, getattr(table, of)) for role, of in ENTERS)
    return next((post for post in posts if post in actor.posts), None)


def enters_components(actor: Actor, table: Table) -> bool:
    """本单位财务或单位负责人，或主管部门规划财务处"""
    return entering_post(actor, table) is not None


def waiting(table: Table, state: str) -> tuple[Recommendation, ...]:
    """Return the recommendations in a state."""
    return tuple(each for each in table.recommendations if each.state == state)


def filed_nothing_here(actor: Actor, table: Table) -> Refusal | None:
    """没有填报过此表"""
    if actor.id in {*table.authors, table.owner}:
        return Refusal("S1", "您填报过此表或是其经办人，不能再评价它（职责分离：填报人不得评价）。")
    return None


def no_evaluation_of_this_sort(actor: Actor, table: Table) -> Refusal | None:
    """没有未完成的同类评价"""
    post = ordering_post(actor, table)
    if post and any(not each.reported and each.organ == post.organ for each in table.assessments):
        return Refusal("G-EVALUATION", "您所在部门对此表的评价尚未报告，请先报告。")
    return None


def an_overall_table(_actor: Actor, table: Table) -> Refusal | None:
    """是整体支出绩效目标表"""
    if table.scope in OVERALL:
        return None
    return Refusal("G-OVERALL", "只有部门（单位）整体支出绩效目标表登记分子、分母。")


def _held(actor: Actor, role: str, organ: str) -> bool:
    return actor.holds(Role(role), organ)
