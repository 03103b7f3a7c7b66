"""Who may pause a project and let it go on, and what must hold first (domain 8.4, T14)."""

from workflows.folds.replay import Table
from workflows.rights.permissions import a_finance_reviewer
from workflows.rights.segregation import Refusal
from workflows.vocabulary import Actor, Post, Role


def pausing_post(actor: Actor, table: Table) -> Post:
    """Return the bureau's post under which the person pauses or resumes; asked once the lifecycle said yes."""
    business = Post(Role.FINANCE_BUSINESS, table.bureau)
    return business if business in actor.posts else Post(Role.FINANCE_PERFORMANCE, table.bureau)


def pauses_projects(actor: Actor, table: Table) -> bool:
    """财政业务科或绩效科人员"""
    return a_finance_reviewer(actor, table)


def asks_for_a_pause(actor: Actor, table: Table) -> bool:
    """主管部门规划财务处人员"""
    return actor.holds(Role.DEPARTMENT_FINANCE, table.department)


def not_paused(_actor: Actor, table: Table) -> Refusal | None:
    """项目未暂停"""
    if table.paused is None:
        return None
    return Refusal("G-PAUSED", "项目已暂停、停止拨付，财政恢复项目之后才能办理。")


def paused(_actor: Actor, table: Table) -> Refusal | None:
    """项目已暂停"""
    return None if table.paused else Refusal("G-NOT-PAUSED", "此项目没有暂停。")
