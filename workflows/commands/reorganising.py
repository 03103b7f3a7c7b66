"""机构改革: organs are founded, renamed, placed under others, merged and closed by decree and by an officer (E8)."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from workflows import events as e
from workflows.errors import FieldsInvalid, NotAllowed, NotFound, OrgansChanged
from workflows.journal import Command, Journal
from workflows.organs import ORGANS_STREAM, SORTS, Organ, OrganTree
from workflows.vocabulary import Actor, Role
from workflows.workdays import beijing_date

IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")
LONGEST_NAME, LONGEST_NUMBER, LONGEST_CODE = 100, 60, 40
DAYS_BACK = 366
"""How far back the day of a decree may lie that is entered only now."""
BY_SECURITY = "机构的设立、更名、划转、撤并由安全管理员登记：它们决定谁能办理什么。"
CONCERNED = "您的岗位在所涉机构，须由其他机构的安全管理员登记。"
ABOVE = {"bureau": "", "department": "bureau", "unit": "department", "outside": ""}
"""Under what sort an organ lies; nothing under none."""


@dataclass(frozen=True)
class Decree:
    """By which document an organ changes and from which day (ISO, Beijing): `doc_no` is the 文号."""

    doc_no: str
    day: str


def found_organ(
    journal: Journal, *, organ: Organ, decree: Decree, by: Actor, command_id: UUID, seen: int | None = None
) -> tuple[e.Recorded, ...]:
    """Found an organ under another. Before there is a security administrator the host's operator may do it too."""

    def facts(tree: OrganTree) -> list[e.Event]:
        if not IDENTIFIER.fullmatch(organ.id):
            raise FieldsInvalid("机构编号由字母、数字、点和短横线组成，不超过60位。", field="organ")
        if tree.organ(organ.id):
            raise FieldsInvalid(f"机构编号“{organ.id}”已经使用，撤并的机构编号也不再使用。", field="organ")
        if organ.sort not in SORTS:
            raise FieldsInvalid("请选择机构类别。", field="sort")
        if organ.sort == "bureau" and any(each.sort == "bureau" for each in tree.living):
            raise FieldsInvalid("一套系统只服务一个财政部门。", field="sort")
        _refuse_place(tree, organ.sort, organ.parent)
        name, code = _name(tree, organ.name, organ.id), _code(organ.code)
        return [e.OrganFounded(organ.id, name, organ.sort, organ.parent, code, *_by(journal, decree))]

    nobody_yet = by.holds(Role.SYSTEM_ADMIN) and not journal.holders(Role.SECURITY_ADMIN, None)
    role = Role.SYSTEM_ADMIN if nobody_yet else Role.SECURITY_ADMIN
    return _recorded(journal, facts, _Order(by, command_id, seen, role))


def rename_organ(
    journal: Journal, *, organ: str, name: str, code: str | None, decree: Decree, by: Actor, command_id: UUID,
    seen: int | None = None,
) -> tuple[e.Recorded, ...]:  # fmt: skip
    """Give an organ another name or code (更名); no `code` leaves it. Nobody's rights change."""

    def facts(tree: OrganTree) -> list[e.Event]:
        here = _living(tree, organ)
        new_name, new_code = _name(tree, name, organ), here.code if code is None else _code(code)
        if (new_name, new_code) == (here.name, here.code):
            raise FieldsInvalid("名称和代码都没有变。", field="name")
        return [e.OrganRenamed(organ, here.name, new_name, here.code, new_code, *_by(journal, decree))]

    return _recorded(journal, facts, _Order(by, command_id, seen))


def move_organ(
    journal: Journal, *, organ: str, parent: str, decree: Decree, by: Actor, command_id: UUID, seen: int | None = None
) -> tuple[e.Recorded, ...]:
    """Place a unit under another department (划转); tables begun before stay with the department they were filed to."""

    def facts(tree: OrganTree) -> list[e.Event]:
        here = _living(tree, organ)
        _refuse_place(tree, here.sort, parent)
        if here.parent == parent:
            raise FieldsInvalid("该机构已经在此主管部门之下。", field="parent")
        return [_moved(tree, here, parent, *_by(journal, decree))]

    return _recorded(journal, facts, _Order(by, command_id, seen))


def merge_organs(
    journal: Journal, *, organs: Sequence[str], successor: str, decree: Decree, by: Actor, command_id: UUID,
    seen: int | None = None,
) -> tuple[e.Recorded, ...]:  # fmt: skip
    """Merge organs into a living one of their sort (撤并); units of a merged department go along, each by its own fact.

    Posts at the merged organs end; posts at the successor count at their desks from here on.
    """

    def facts(tree: OrganTree) -> list[e.Event]:
        heir, merged = _living(tree, successor), [_living(tree, each) for each in dict.fromkeys(organs)]
        if not merged or successor in organs:
            raise FieldsInvalid("请选择被并入的机构和另一个承接机构。", field="successor")
        if heir.sort not in ("department", "unit") or any(each.sort != heir.sort for each in merged):
            raise FieldsInvalid("只有同类的主管部门或预算单位才能合并。", field="successor")
        if {successor, *organs} & {post.organ for post in by.posts}:
            raise NotAllowed(CONCERNED, rule="R-ORGAN")
        said = _by(journal, decree)
        along = [_moved(tree, child, successor, *said) for each in merged for child in tree.children(each.id)]
        ids, names = tuple(each.id for each in merged), tuple(each.name for each in merged)
        return [*along, e.OrganMerged(ids, names, successor, heir.name, *said)]

    return _recorded(journal, facts, _Order(by, command_id, seen))


def close_organ(
    journal: Journal, *, organ: str, decree: Decree, by: Actor, command_id: UUID, seen: int | None = None
) -> tuple[e.Recorded, ...]:
    """Close an organ without a successor (撤销); refused while a table or an organ under it is open."""

    def facts(tree: OrganTree) -> list[e.Event]:
        here, open_tables = _living(tree, organ), journal.open_tables(organ)
        if here.sort == "bureau":
            raise FieldsInvalid("财政部门不能在本系统中撤销。", field="organ")
        if tree.children(organ):
            raise FieldsInvalid("该机构之下还有机构，须先划转，或并入另一机构。", field="organ")
        if open_tables:
            raise FieldsInvalid(f"该机构还有{open_tables}张未办结的表，须先办结，或改为并入另一机构。", field="organ")
        return [e.OrganClosed(organ, here.name, *_by(journal, decree))]

    return _recorded(journal, facts, _Order(by, command_id, seen))


@dataclass(frozen=True)
class _Order:
    """Who gives the order, under which role, and how many reorganisations he had seen (None: he was not asked)."""

    by: Actor
    command_id: UUID
    seen: int | None
    role: Role = Role.SECURITY_ADMIN


def _recorded(
    journal: Journal, facts: Callable[[OrganTree], list[e.Event]], order: _Order
) -> tuple[e.Recorded, ...]:
    """Record what changes, decided on the organs as they stand; OrgansChanged where they changed under the decision.

    Only after the append is the stream locked.
    """
    post = next((post for post in order.by.posts if post.role == order.role), None)
    if post is None:
        raise NotAllowed(BY_SECURITY, rule="R-ORGAN")
    if already := journal.recorded(ORGANS_STREAM, order.command_id):
        return already
    known = len(journal.history(ORGANS_STREAM))
    if order.seen not in (None, known):
        raise OrgansChanged
    new = journal.append(ORGANS_STREAM, "organ", facts(journal.organs()), Command(order.by, post, order.command_id))
    if new[0].version != known + 1:
        raise OrgansChanged
    return new


def _living(tree: OrganTree, organ: str) -> Organ:
    found = tree.organ(organ)
    if found is None:
        raise NotFound("没有这个机构。")
    if found.ended_at is not None:
        raise FieldsInvalid(f"“{found.name}”已经撤并或撤销。", field="organ")
    return found


def _moved(tree: OrganTree, organ: Organ, parent: str, doc_no: str, day: str) -> e.OrganMoved:
    was = organ.parent
    return e.OrganMoved(
        organ.id, organ.name, was, tree.name(was) if was else "", parent, tree.name(parent), doc_no, day
    )


def _refuse_place(tree: OrganTree, sort: str, parent: str) -> None:
    above = tree.organ(parent)
    if not ABOVE[sort]:
        if parent:
            raise FieldsInvalid(f"{SORTS[sort]}没有上级机构。", field="parent")
    elif above is None or above.ended_at is not None or above.sort != ABOVE[sort]:
        raise FieldsInvalid(f"请选择现有的{SORTS[ABOVE[sort]]}作为上级机构。", field="parent")


def _name(tree: OrganTree, typed: str, organ: str) -> str:
    name = " ".join(typed.split())
    if not 1 < len(name) <= LONGEST_NAME:
        raise FieldsInvalid(f"请填写机构名称（2至{LONGEST_NAME}字）。", field="name")
    if any(each.name == name and each.id != organ for each in tree.living):
        raise FieldsInvalid(f"已有名为“{name}”的机构。", field="name")
    return name


def _code(typed: str) -> str:
    code = typed.strip()
    if len(code) > LONGEST_CODE or (code and not IDENTIFIER.fullmatch(code)):
        raise FieldsInvalid("机构代码由字母和数字组成，不超过40位。", field="code")
    return code


def _by(journal: Journal, decree: Decree) -> tuple[str, str]:
    """Return number and day of the decree; the day is today or lies not too long ago, never in the future."""
    number, today = " ".join(decree.doc_no.split()), beijing_date(journal.now())
    if not 1 < len(number) <= LONGEST_NUMBER:
        raise FieldsInvalid(f"请填写机构改革文件的文号（不超过{LONGEST_NUMBER}字）。", field="doc_no")
    try:
        day = date.fromisoformat(decree.day)
    except ValueError as unclear:
        raise FieldsInvalid("请填写生效日期。", field="day") from unclear
    if not today - timedelta(days=DAYS_BACK) <= day <= today:
        raise FieldsInvalid(f"生效日期须为今天或此前{DAYS_BACK}天之内；将来生效的，请在生效当日登记。", field="day")
    return number, day.isoformat()
