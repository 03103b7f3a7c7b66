"""Organs for programs: the tree of a moment, all that happened to it, and the security administrator's changes."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from service.access_list import moment_meant
from service.api.answers import Shape
from service.api.asked import Asked
from service.api.bodies import Body, Text
from service.api.operation import Reply
from service.audit_reads import note_audit_read
from service.context import ORGAN_READERS, person, transaction
from service.organ_book import organs
from service.organ_changes import Change, carried_out, foreseen
from workflows.errors import NotAllowed
from workflows.vocabulary import Role
from workflows.words.sentences import sentence

DAY = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
Identifier = Annotated[Text, Field(max_length=60)]


class OrgansQuery(Body):
    """As of when: a date (its end) or a time; now where nothing is named."""

    as_of: str = Field("", max_length=40)


class OrganShown(Shape):
    """An organ: `sort` is bureau, department, unit or outside; a merged one names its successor."""

    organ: str
    name: str
    sort: str
    parent: str
    code: str
    ended_at: datetime | None
    successor: str


class Reorganisation(Shape):
    """One thing that happened to organs, in a sentence."""

    kind: str
    at: datetime
    sentence: str
    number: int


class OrgansShown(Shape):
    """The organs of a moment, and everything that happened up to now, newest first; `seen` is what a change names."""

    organs: list[OrganShown]
    changes: list[Reorganisation]
    seen: int


class OrganChange(Body):
    """A change by decree: found, rename, move, merge or close; `to` is the organ above, or a merger's successor."""

    act: Literal["found", "rename", "move", "merge", "close"]
    organs: list[Identifier] = Field(min_length=1, max_length=100)
    doc_no: Annotated[Text, Field(max_length=60)]
    day: str = Field(pattern=DAY)
    to: Identifier = ""
    name: Annotated[Text, Field(max_length=100)] = ""
    sort: Literal["", "bureau", "department", "unit", "outside"] = ""
    code: Annotated[Text, Field(max_length=40)] | None = None
    seen: int | None = Field(None, ge=0, le=1_000_000)


class OrgansChanged(Shape):
    """What a change recorded, and what stood at its organs then: tables not ended, open tasks, posts."""

    sentences: list[str]
    tables: int
    tasks: int
    posts: int
    campaigns: int
    seen: int
    dry_run: bool


def list_organs(asked: Asked) -> Reply:
    """Answer the organs of a moment."""
    if not person().holds_any(ORGAN_READERS):
        raise NotAllowed("机构由管理员、审计人员和财政部门查阅。", rule="R-ROLE")
    query: OrgansQuery = asked.query
    note_audit_read(transaction(), person(), "机构")
    book = organs()
    tree = book.then(moment_meant(query.as_of)) if query.as_of else book.tree
    shown = [
        OrganShown(
            organ=each.id, name=each.name, sort=each.sort, parent=each.parent, code=each.code, ended_at=each.ended_at,
            successor=each.successor,
        ) for each in sorted(tree.organs.values(), key=lambda each: each.id)
    ]  # fmt: skip
    told = [
        Reorganisation(kind=each.kind, at=each.at, sentence=sentence(each), number=each.version)
        for each in reversed(book.told)
    ]
    return Reply(OrgansShown(organs=shown, changes=told, seen=len(book.told)))


def change_organs(asked: Asked) -> Reply:
    """Carry one change out; with dry_run only what it would touch is told."""
    body: OrganChange = asked.body
    if not person().holds(Role.SECURITY_ADMIN):
        raise NotAllowed("机构的设立、更名、划转、撤并由安全管理员登记。", rule="R-ORGAN")
    change = Change(
        body.act, tuple(body.organs), body.doc_no, body.day, body.to, body.name, body.sort or "unit", body.code
    )
    found = foreseen(transaction(), change, by=person())
    told = carried_out(transaction(), change, by=person(), command_id=asked.command_id, seen=body.seen)
    return Reply(
        OrgansChanged(
            sentences=[sentence(each) for each in told], tables=found.touched.how_many, tasks=found.touched.tasks,
            posts=len(found.touched.posts), campaigns=len(found.campaigns), seen=told[-1].version,
            dry_run=asked.dry_run,
        ), status=201,
    )  # fmt: skip
