"""Who may review a table's secrecy and release a pack, and what must hold first (先审查后公开)."""

from workflows.folds.replay import Table
from workflows.rights.segregation import Refusal
from workflows.vocabulary import Actor, Post, Role


def secrecy_post(actor: Actor, table: Table) -> Post | None:
    """Return the post under which the person reviews the table's secrecy, None where none is held."""
    posts = (Post(Role.SECRECY_REVIEWER, organ) for organ in (table.unit, table.department))
    return next((post for post in posts if post in actor.posts), None)


def a_secrecy_reviewer(actor: Actor, table: Table) -> bool:
    """本单位或主管部门的保密审查员"""
    return secrecy_post(actor, table) is not None


def did_not_file_it(actor: Actor, table: Table) -> Refusal | None:
    """没有填报过此表"""
    return Refusal("R-SECRECY", "填报过此表的人不能审查它的保密情况。") if actor.id in table.authors else None


def replied_and_no_revision(_actor: Actor, table: Table) -> Refusal | None:
    """已有生效的批复"""
    if table.in_force and not table.revises:
        return None
    return Refusal("G-NOT-IN-FORCE", "此表没有生效的批复内容，不需要保密审查。")


def filed_no_self_evaluation(actor: Actor, table: Table) -> bool:
    """没有填报过此表的自评"""
    return table.evaluation is None or actor.id != table.evaluation.filed_by
