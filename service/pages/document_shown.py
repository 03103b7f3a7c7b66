"""What a filing document's page shows beside its tables: whose turn it is, which goals name which tables, marks."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import RowMapping

from service.context import journal, person, transaction
from service.present import organ_name, word
from workflows.commands.filing_documents import document_now, part_of
from workflows.filing_rules import FilingAct, Permit, Tables, decide, reviewing_post
from workflows.filings import FilingDocument, PartState, PartVersion
from workflows.goal_links import Aim, GoalMoney, Likeness, aims_of, money_of, suggestions, unlinked_tables
from workflows.packs import pack_for_family
from workflows.state.disclosures import INTERNAL_MARK, PUBLIC_MARK
from workflows.store.documents import how_far

Row = Mapping[Any, Any]
NOTHING_ALIKE = Decimal(101)
"""A share that no two texts reach: the family's pack names no threshold, so nothing is suggested."""


@dataclass(frozen=True)
class LinkRow:
    """A goal with the numbers of its tables, what might belong to it, and the money of both."""

    aim: Aim
    suggested: tuple[Likeness, ...]
    money: GoalMoney

    @property
    def others(self) -> frozenset[int]:
        """Return the numbers that are linked or suggested, which need no second box."""
        return frozenset((*self.aim.links, *(each.table for each in self.suggested)))


@dataclass(frozen=True)
class Shown:
    """A document's part as shown: the version, its content, what the person may do, the goals with their tables.

    `titles` names the tables that the person may read by their number; `loose` are those that no goal names.
    """

    document: FilingDocument
    version: PartVersion | None
    part: Mapping[str, Any] | None
    tables: Tables
    amends: Permit
    reviews: Permit
    links: tuple[LinkRow, ...]
    titles: Mapping[int, Row]
    loose: tuple[int, ...]
    marks: Mapping[str, int]

    @property
    def current(self) -> bool:
        """Whether the version in force is shown."""
        return self.version == self.document.in_force

    @property
    def unseen(self) -> int:
        """How many of the document's tables the person may not read."""
        return len(self.document.filed.tables) - len(self.titles)

    @property
    def next(self) -> str:
        """Return whose turn it is, with the people's names."""
        return _turn(self.document, self.tables)


def own_rows(row: Row, rows: Sequence[RowMapping]) -> list[RowMapping]:
    """Return the standings of the tables that came with the document, in its order; its revisions are none of them."""
    born = {table: number for number, table in enumerate(row["tables"])}
    return sorted((each for each in rows if each["table_id"] in born), key=lambda each: born[each["table_id"]])


def shown(row: RowMapping, rows: Sequence[RowMapping], number: int | None = None) -> Shown:
    """Put together what the page says of a document's part, in the version asked for or in force."""
    ledger, tables = journal(), how_far(transaction(), row)
    document = document_now(ledger, row["document_id"])
    version = document.part(number) if number is not None else document.in_force
    part = ledger.content(version.content_hash) if version else None
    titles = {each["ordinal"]: each for each in rows}
    amends = decide(person(), document, FilingAct.AMEND, tables)
    return Shown(
        document, version, part, tables, amends, decide(person(), document, FilingAct.REVIEW, tables),
        links_of(document, part, rows, suggests=amends.allowed), titles, tuple(unlinked_tables(part, sorted(titles))),
        Counter(_mark(each) for each in rows),
    )  # fmt: skip


def links_of(
    document: FilingDocument, part: Mapping[str, Any] | None, rows: Sequence[Row], *, suggests: bool = True
) -> tuple[LinkRow, ...]:
    """Return the goals with their tables and money; of these rows' contents, what seems to belong to each."""
    aims = aims_of(part)
    amounts = {each["ordinal"]: each["amount_wan"] for each in rows}
    hashes = {each["ordinal"]: each["in_force"] or each["content_hash"] for each in (rows if suggests else ())}
    contents = journal().contents_among(tuple(hashes.values())) if aims and hashes else {}
    prereview = pack_for_family(document.filed.family).prereview
    found = suggestions(
        aims, {number: contents[each] for number, each in hashes.items() if each in contents},
        prereview.alike if prereview else NOTHING_ALIKE,
    )  # fmt: skip
    return tuple(LinkRow(aim, found[aim.pointer], money_of(aim, amounts)) for aim in aims)


def part_now(document: FilingDocument) -> dict[str, Any]:
    """Return the part in force, the empty one where there is none."""
    return part_of(journal(), document)


def _mark(row: Row) -> str:
    return str({PUBLIC_MARK: PUBLIC_MARK, INTERNAL_MARK: INTERNAL_MARK}.get(row["disclosure"], _("未标明")))


def _turn(document: FilingDocument, tables: Tables) -> str:
    filed, post = document.filed, reviewing_post(document)
    if post:
        who = "、".join(each.name for each in journal().holders(post.role, post.organ)) or _("暂无人员")
        wait = "" if tables.received else _("（单位提交第一张表之后）")
        office = f"{organ_name(post.organ)} {word(post.role)}"
        return f"{_('由%(office)s（%(who)s）审阅', office=office, who=who)}{wait}"
    if document.state == PartState.RETURNED:
        unit = organ_name(filed.department if tables.replied else filed.unit)
        office = _("规划财务处") if tables.replied else _("项目经办人")
        return str(_("由%(unit)s %(office)s按意见修改", unit=unit, office=office))
    return str(_("两级均已审阅，没有待办事项")) if document.state == PartState.REVIEWED else ""
