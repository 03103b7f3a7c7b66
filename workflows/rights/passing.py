"""Who may pass a reply on to the units (批复下达), as himself or for somebody absent, and what must hold first."""

from workflows.folds.replay import Table
from workflows.rights.segregation import Refusal
from workflows.vocabulary import Actor, Cover, Post, Role


def passing_post(actor: Actor, table: Table) -> tuple[Post, Cover | None] | None:
    """Return the post under which the person passes the table's reply on, and for whom; None where there is none.

    A deputy needs a cover that names no desks: this is no desk's work.
    """
    return actor.office(Post(Role.DEPARTMENT_FINANCE, table.department), table.unit)


def passes_on(actor: Actor, table: Table) -> bool:
    """本部门规划财务处"""
    return passing_post(actor, table) is not None


def replied_to(_actor: Actor, table: Table) -> Refusal | None:
    """已有生效的批复"""
    if table.in_force and not table.revises:
        return None
    return Refusal("G-NOT-IN-FORCE", "此表还没有生效的批复，不能下达。")


def not_passed_on(_actor: Actor, table: Table) -> Refusal | None:
    """尚未下达"""
    done = table.replied.doc_no if table.replied and table.replied.passed_on else ""
    return Refusal("G-PASSED-ON", f"此表已以{done}下达，一张表只下达一次。") if done else None


def to_a_unit_below(_actor: Actor, table: Table) -> Refusal | None:
    """由所属单位实施"""
    if table.unit != table.department:
        return None
    return Refusal("G-OWN", "此表由主管部门本级实施，收到批复即已到位，无须下达。")


def filed_by_another(actor: Actor, table: Table) -> Refusal | None:
    """没有填报过此表"""
    if {actor.id, *_absent(actor, table)} & {*table.authors, table.owner}:
        return Refusal("S1", "您填报、修改过此表或是其经办人，不能再下达它（职责分离）。")
    return None


def _absent(actor: Actor, table: Table) -> frozenset[str]:
    found = passing_post(actor, table)
    return frozenset({found[1].principal}) if found and found[1] else frozenset()
