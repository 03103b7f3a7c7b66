"""Who may: named answers about a person and a table, each docstring the words used in a refusal (domain.md 17)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from workflows.folds.replay import Desk, Table
from workflows.state.standing import changed
from workflows.vocabulary import (
    BUREAU_ROLES,
    BUSINESS_ROLES,
    DEPARTMENT_ROLES,
    UNIT_ROLES,
    Action,
    Actor,
    Cover,
    Post,
    Role,
    Stage,
)

Who = Callable[[Actor, Table], bool]


@dataclass(frozen=True)
class Seat:
    """A desk at which somebody may act, in his own right or under a cover for somebody absent.

    `handed`: it is late and its chain lets a superior decide there beside the holder; the desk stands under his post.
    """

    desk: Desk
    cover: Cover | None = None
    handed: bool = False


def seat_at(actor: Actor, table: Table, desk: Desk) -> Seat | None:
    """Return the person's seat at an open task: the post held or covered, and his whose name or claim is on it."""
    post = Post(Role(desk.role), desk.organ)
    if post in actor.posts and _free_for(desk, actor.id):
        return Seat(desk)
    covers = [cover for cover in actor.covers if covers_desk(cover, table, desk)]
    deputed = (cover for cover in covers if post in cover.posts and _free_for(desk, cover.principal))
    return next((Seat(desk, cover) for cover in deputed), None) or _handed_seat(actor, desk, covers)


def _handed_seat(actor: Actor, desk: Desk, covers: Sequence[Cover]) -> Seat | None:
    """Return the seat of a superior at a late task, his own before the one in which he stands in for a superior."""
    views = {Post(Role(view.role), view.organ): view for view in handed_views(desk)}
    own = (Seat(view, handed=True) for post, view in views.items() if post in actor.posts)
    deputed = (
        Seat(view, cover, handed=True) for cover in covers for post, view in views.items() if post in cover.posts
    )
    return next(own, None) or next(deputed, None)


def handed_views(desk: Desk) -> tuple[Desk, ...]:
    """Return a late desk as each superior has it to whom its ladder handed it: under his post, nobody's alone."""
    free = {"person": None, "claimed_by": "", "claimed_until": "", "delegated_to": ""}
    return tuple(
        changed(desk, role=role, organ=organ, **free) for _rung, do, role, organ in desk.escalated if do == "hand"
    )


def _free_for(desk: Desk, person: str) -> bool:
    return desk.person in (None, person) and desk.claimed_by in ("", person)


def seat_as(actor: Actor, table: Table, desk: Desk, person: str, post: Post | None = None) -> Seat | None:
    """Return the seat at which somebody acts as a person: as himself, or as a deputy who covers that person there.

    `post` is the one under which the person acted, by default the desk's; he himself is not asked for it again.
    """
    if actor.id == person:
        return Seat(desk)
    asked = post or Post(Role(desk.role), desk.organ)
    covers = (cover for cover in actor.covers if cover.principal == person and asked in cover.posts)
    return next((Seat(desk, cover) for cover in covers if covers_desk(cover, table, desk)), None)


def covers_desk(cover: Cover, table: Table, desk: Desk) -> bool:
    """Whether a cover goes as far as this desk of this table: its nodes and its units."""
    return desk.node.partition(":")[0] in (cover.nodes or (desk.node.partition(":")[0],)) and table.unit in (
        cover.units or (table.unit,)
    )


def within(actor: Actor, amount: Decimal | None) -> Actor:
    """Return the person with those covers alone that reach to an amount in 万元; an unknown one is beyond any limit."""
    return replace(actor, covers=tuple(cover for cover in actor.covers if covers_amount(cover, amount)))


def covers_amount(cover: Cover, amount: Decimal | None) -> bool:
    """Whether a cover goes as far as an amount in 万元; an unknown one is beyond any limit."""
    return cover.most is None or (amount is not None and amount <= Decimal(cover.most))


def seats_of(actor: Actor, table: Table) -> tuple[Seat, ...]:
    """Return the seats that the person may take, his own before those he covers, leaving segregation aside."""
    seats = [seat for desk in table.desks if (seat := seat_at(actor, table, desk))]
    return tuple(sorted(seats, key=lambda seat: (seat.handed, seat.cover is not None)))


def desks_of(actor: Actor, table: Table) -> tuple[Desk, ...]:
    """Return the active desks at which the person may act, leaving segregation aside."""
    return tuple(seat.desk for seat in seats_of(actor, table))


def at_a_desk(actor: Actor, table: Table) -> bool:
    """当前环节的办理人"""
    return bool(desks_of(actor, table))


def at_a_reviewing_desk(actor: Actor, table: Table) -> bool:
    """当前审核环节的办理人"""
    return any(desk.node != "reply" for desk in desks_of(actor, table))


def at_the_reply_desk(actor: Actor, table: Table) -> bool:
    """负责批复的预算科人员（须待业务科、绩效科均通过）"""
    return any(desk.node == "reply" for desk in desks_of(actor, table))


def at_the_desk_named(*nodes: str) -> Who:
    """Make the answer "acts at one of these desks"."""

    def at_it(actor: Actor, table: Table) -> bool:
        return any(desk.node.split(":")[0] in nodes for desk in desks_of(actor, table))

    return at_it


monitoring_filer = at_the_desk_named("monitoring_filing")
monitoring_filer.__doc__ = "本项目经办人（监控窗口开放时）"
monitoring_checker = at_the_desk_named("monitoring_check")
monitoring_checker.__doc__ = "主管部门规划财务处（监控填报之后）"
evaluation_filer = at_the_desk_named("evaluation_filing")
evaluation_filer.__doc__ = "本项目经办人（自评任务下达之后）"
evidence_filer = at_the_desk_named("monitoring_filing", "evaluation_filing", "rectification")
evidence_filer.__doc__ = "本项目经办人（填报监控、自评或落实整改时）"
evaluation_checker = at_the_desk_named("evaluation_unit", "evaluation_department", "evaluation_sampling")
evaluation_checker.__doc__ = "当前自评审核环节的办理人"
rescorer = at_the_desk_named("evaluation_department", "evaluation_sampling")
rescorer.__doc__ = "复核自评的规划财务处，或抽查的财政绩效科"
rectifier = at_the_desk_named("rectification")
rectifier.__doc__ = "本项目经办人（整改下达之后）"
rectification_checker = at_the_desk_named("rectification_check")
rectification_checker.__doc__ = "下达整改的部门（单位报告整改之后）"
archivist = at_the_desk_named("archiving")
archivist.__doc__ = "财政绩效科（部门复核之后）"


def the_clerk_in_charge(actor: Actor, table: Table) -> bool:
    """本项目经办人"""
    return actor.id == table.owner and actor.holds(Role.CLERK, table.unit)


def the_submitter(actor: Actor, table: Table) -> bool:
    """提交此表的经办人本人"""
    return actor.id == table.submitter and actor.holds(Role.CLERK, table.unit)


def the_unit_in_charge(actor: Actor, table: Table) -> bool:
    """本项目经办人或本单位负责人"""
    return the_clerk_in_charge(actor, table) or actor.holds(Role.UNIT_HEAD, table.unit)


def the_unit_concerned(actor: Actor, table: Table) -> bool:
    """本项目经办人或本单位审核人员"""
    return the_clerk_in_charge(actor, table) or any(
        post.organ == table.unit and post.role in UNIT_ROLES - {Role.CLERK} for post in actor.posts
    )


def writing_role(actor: Actor, table: Table, action: Action) -> Role:
    """Return the role as which the person writes what is written beside the desks: answers, or a correction."""
    if action == Action.CORRECT:
        return Role.FINANCE_PERFORMANCE
    others = (post.role for post in actor.posts if post.organ == table.unit and post.role in UNIT_ROLES - {Role.CLERK})
    return Role.CLERK if the_clerk_in_charge(actor, table) else next(others, Role.CLERK)


def the_unit_or_who_proposed(actor: Actor, table: Table) -> bool:
    """本项目经办人、本单位审核人员，或收回自己提议的审核人"""
    proposed = table.amendment is not None and actor.id == table.amendment.person
    return proposed or the_unit_concerned(actor, table)


def a_finance_reviewer(actor: Actor, table: Table) -> bool:
    """财政业务科或绩效科人员"""
    held = (Role.FINANCE_BUSINESS, Role.FINANCE_PERFORMANCE)
    return any(actor.holds(role, table.bureau) for role in held)


ORDERS_RECTIFICATION = (
    (Role.DEPARTMENT_FINANCE, "department"), (Role.FINANCE_PERFORMANCE, "bureau"), (Role.FINANCE_BUSINESS, "bureau"),
)  # fmt: skip


def ordering_post(actor: Actor, table: Table) -> Post | None:
    """Return the post under which the person may order a rectification of this table, None where none is held."""
    posts = (Post(role, getattr(table, of)) for role, of in ORDERS_RECTIFICATION)
    return next((post for post in posts if post in actor.posts), None)


def orders_rectification(actor: Actor, table: Table) -> bool:
    """主管部门规划财务处、财政业务科或绩效科人员"""
    return ordering_post(actor, table) is not None


def the_performance_section(actor: Actor, table: Table) -> bool:
    """财政绩效科（或到期由系统下达）"""
    return the_system(actor, table) or actor.holds(Role.FINANCE_PERFORMANCE, table.bureau)


def the_system(actor: Actor, _table: Table) -> bool:
    """系统"""
    return actor.id == "system" and actor.holds(Role.SYSTEM)


def asks_to_correct(actor: Actor, table: Table) -> bool:
    """财政绩效科人员"""
    return actor.holds(Role.FINANCE_PERFORMANCE, table.bureau)


def a_process_admin(actor: Actor, table: Table) -> bool:
    """财政流程管理员"""
    return actor.holds(Role.PROCESS_ADMIN, table.bureau)


def of_the_deciding_office(actor: Actor, table: Table) -> bool:
    """当前审核环节所在机构中没有填报过此表的人员"""
    offices = {desk.organ for desk in table.desks if desk.node != "reply"}
    return actor.id not in table.authors and any(
        post.organ in offices and post.role in BUSINESS_ROLES for post in actor.posts
    )


CONFIRMERS = {
    "void": ("unit", UNIT_ROLES - {Role.CLERK}, "本单位除申请人外的负责人"),
    "terminate": ("bureau", BUREAU_ROLES, "财政部门除申请人外的人员"),
    "correct": ("bureau", BUREAU_ROLES, "财政部门除申请人外的人员"),
    "pause_project": (
        "bureau", frozenset({Role.FINANCE_BUSINESS, Role.FINANCE_PERFORMANCE}), "财政业务科或绩效科人员",
    ),
    "adjust_late": ("bureau", frozenset({Role.FINANCE_LEADER}), "财政分管领导"),
    "intervene": (
        "bureau", frozenset({Role.PROCESS_ADMIN, Role.FINANCE_PERFORMANCE}), "另一名流程管理员或绩效科人员",
    ),
}
REFUSAL_CONFIRMERS = {
    Stage.UNIT_REVIEW: ("unit", UNIT_ROLES - {Role.CLERK}, "本单位除申请人外的负责人"),
    Stage.DEPARTMENT_REVIEW: ("department", DEPARTMENT_ROLES, "主管部门除申请人外的人员"),
    Stage.FINANCE_APPROVAL: ("bureau", BUREAU_ROLES, "财政部门除申请人外的人员"),
}


def confirming_posts(actor: Actor, table: Table) -> tuple[Post, ...]:
    """Return the posts under which the person may be the second one for the waiting request."""
    if table.request is None:
        return ()
    if table.request.action == Action.WITHDRAW:
        seats = (seat for seat in seats_of(actor, table) if not seat.cover and not seat.handed)
        return tuple(Post(Role(seat.desk.role), seat.desk.organ) for seat in seats)
    of, roles, _ = CONFIRMERS.get(table.request.action) or REFUSAL_CONFIRMERS[table.stage]
    organ = getattr(table, of)
    return tuple(post for post in actor.posts if post.role in roles and post.organ == organ)


def a_second_person(actor: Actor, table: Table) -> bool:
    """有权确认且不是申请人的第二人"""
    if table.request is None or actor.id in (table.request.by, table.request.behalf):
        return False
    return bool(confirming_posts(actor, table))


def a_second_person_or_the_asker(actor: Actor, table: Table) -> bool:
    """有权确认的第二人，或撤销自己申请的申请人"""
    if table.request is None:
        return False
    return table.request.by == actor.id or a_second_person(actor, table)


AUDITING_ROLES = frozenset({Role.OBSERVER, Role.AUDIT_ADMIN, Role.FINANCE_LEADER, Role.FINANCE_PERFORMANCE})


def an_auditor(actor: Actor) -> bool:
    """审计观察员、审计管理员、财政分管领导或绩效科人员"""
    return actor.holds_any(AUDITING_ROLES)


ASKS_TO_ERASE = frozenset({Role.SECURITY_ADMIN, Role.SECRECY_REVIEWER})
CONFIRMS_ERASURE = ASKS_TO_ERASE | {Role.FINANCE_LEADER}
HOLDS = frozenset({Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})


def guarding_posts(actor: Actor, table: Table, roles: frozenset[Role]) -> tuple[Post, ...]:
    """Return the posts of these roles that the person holds in the table's bureau or department (erasure, holds)."""
    organs = (table.bureau, table.department)
    return tuple(post for post in actor.posts if post.role in roles and post.organ in organs)


def a_security_administrator(actor: Actor, table: Table) -> bool:
    """此表所属财政部门或主管部门的安全管理员"""
    return bool(guarding_posts(actor, table, frozenset({Role.SECURITY_ADMIN})))


def an_audit_post(actor: Actor) -> bool:
    """审计观察员或审计管理员"""
    return actor.holds_any(frozenset({Role.OBSERVER, Role.AUDIT_ADMIN}))


@dataclass(frozen=True)
class Scope:
    """What a person may read, for the one query layer: own tables, whole units, departments, or the bureau (I7).

    `covered` are the units to which a deputy's cover is narrowed, `covering` the organs whose posts he covers there.
    """

    person: str
    units: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    bureaus: tuple[str, ...] = ()
    covered: tuple[str, ...] = ()
    covering: tuple[str, ...] = ()


READS_ITS_UNIT = (UNIT_ROLES - {Role.CLERK}) | {Role.SECRECY_REVIEWER}
READS_ITS_DEPARTMENT = DEPARTMENT_ROLES | {Role.SECRECY_REVIEWER}
READS_ITS_BUREAU = BUREAU_ROLES | {Role.OBSERVER, Role.PROCESS_ADMIN}
"""Roles that open all tables of their organ to whoever holds them; a clerk reads his own."""


def scope_of(actor: Actor) -> Scope:
    """Return the data scope that the person's posts, held or covered, give: clerk own, unit, department, bureau."""
    narrow = [cover for cover in actor.covers if cover.units]
    posts = (*actor.posts, *(post for cover in actor.covers if not cover.units for post in cover.posts))

    def organs(roles: frozenset[Role]) -> tuple[str, ...]:
        return tuple(sorted({post.organ for post in posts if post.role in roles}))

    return Scope(
        person=actor.id,
        units=organs(READS_ITS_UNIT), departments=organs(READS_ITS_DEPARTMENT), bureaus=organs(READS_ITS_BUREAU),
        covered=tuple(sorted({unit for cover in narrow for unit in cover.units})),
        covering=tuple(sorted({post.organ for cover in narrow for post in cover.posts})),
    )


def may_read(actor: Actor, table: Table) -> bool:
    """Whether the table lies in the person's scope; departments and bureau see it once submitted or appraised."""
    scope = scope_of(actor)
    if the_system(actor, table) or actor.id == table.owner or table.unit in scope.units:
        return True
    covered = table.unit in scope.covered and {table.unit, table.department, table.bureau} & {*scope.covering}
    return (table.round > 0 or table.appraisal is not None) and bool(
        table.department in scope.departments or table.bureau in scope.bureaus or covered
    )
