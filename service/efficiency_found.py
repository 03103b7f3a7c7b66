"""What the report on handling times is about: year, organs and period asked for, the lines of each node and organ."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from flask_babel import gettext as _

from service.context import STATISTICS_READERS, journal, person, transaction
from service.organ_book import organs
from service.pages.posted import asked, year_of
from workflows.definitions import SHIPPED, pinned_chain, shipped
from workflows.errors import FieldsInvalid, NotAllowed
from workflows.handling.efficiency import LATE, Line, Row, lines_of, tables_behind
from workflows.store.definitions_used import definitions_used
from workflows.store.queries import Filters
from workflows.store.tallies import years_counted
from workflows.store.visits import visits_of
from workflows.vocabulary import BUREAU_ROLES, Actor, Role
from workflows.workdays import beijing_date

EFFICIENCY_READERS = STATISTICS_READERS | {Role.OBSERVER}
"""Who oversees somebody, and who audits."""


@dataclass(frozen=True)
class Wanted:
    """What was asked for; `first` and `last` are Beijing days (ISO) on which a task ended, empty without a bound."""

    year: int
    department: str
    unit: str
    first: str
    last: str
    years: tuple[int, ...]

    def address(self, **more: str) -> dict[str, str]:
        """Return the words of an address that asks for the same, and more."""
        named = {"year": str(self.year), "department": self.department, "unit": self.unit}
        period = {"first": self.first, "last": self.last}
        return {name: value for name, value in (named | period | more).items() if value}


@dataclass(frozen=True)
class Report:
    """The lines of all nodes, and of each organ's; `late` tables were not counted anew since they changed."""

    wanted: Wanted
    lines: tuple[Line, ...]
    by_organ: tuple[Line, ...]
    departments: tuple[str, ...]
    titles: Mapping[str, str]
    late: int
    rows: list[Row]

    def title(self, node: str) -> str:
        """Return a node's printed title."""
        return self.titles.get(node, node)

    def behind(self, of: str) -> tuple[UUID, ...] | None:
        """Return the tables behind a number (node:organ:all or node:organ:late), None for no number of the report."""
        node, organ, which = (*of.split(":"), "", "")[:3]
        known = (line.node == node and line.organ == organ for line in (*self.lines, *self.by_organ))
        if which not in ("all", "late") or not any(known):
            return None
        found = tables_behind(self.rows, (node, organ), self.wanted.first, self.wanted.last)
        return tuple(map(UUID, dict.fromkeys(table for table, sign in found if which == "all" or sign == LATE)))


def may_read_efficiency(actor: Actor) -> bool:
    """Whether the person oversees somebody, or audits."""
    return actor.holds_any(EFFICIENCY_READERS)


def report_now() -> Report:
    """Return the report that the address asks for; NotAllowed for whoever oversees nobody, FieldsInvalid for a day."""
    if not may_read_efficiency(person()):
        raise NotAllowed(_("办理时效由财政部门、主管部门、单位负责人和审计人员查看。"), rule="R-ROLE")
    tx, by = transaction(), person()
    years = years_counted(tx, by)
    wanted = Wanted(
        year_of(asked("year")) or next(iter(years), beijing_date(tx.now()).year), asked("department"), asked("unit"),
        _day(asked("first")), _day(asked("last")), years,
    )  # fmt: skip
    if wanted.first and wanted.last and wanted.first > wanted.last:
        raise FieldsInvalid(_("办结日期的起日不能晚于止日。"), field="last")
    found = visits_of(tx, by, Filters(year=wanted.year, department=wanted.department or None, unit=wanted.unit or None))
    wide = not wanted.department and by.holds_any(BUREAU_ROLES | {Role.OBSERVER})
    heir = _heirs({department if wide else unit for _table, department, unit, _kept in found.tables})
    rows: list[Row] = [(table, heir[dep if wide else unit], kept) for table, dep, unit, kept in found.tables]
    lines, by_organ = lines_of(rows, wanted.first, wanted.last)
    titles = _titles({line.node for line in lines})
    order, departments = list(titles), {heir[dep] if wide else dep for _table, dep, _unit, _kept in found.tables}
    return Report(
        wanted, _in_order(lines, order), _in_order(by_organ, order), tuple(sorted(departments)), titles, found.late,
        rows,
    )  # fmt: skip


def _heirs(named: set[str]) -> dict[str, str]:
    """Return for each organ the one that its work went to, itself where it still stands."""
    heir = organs().then(transaction().now()).heir
    return {organ: heir(organ) for organ in named}


def _in_order(lines: Iterable[Line], order: list[str]) -> tuple[Line, ...]:
    return tuple(sorted(lines, key=lambda line: (order.index(line.node), line.organ)))


def _day(typed: str) -> str:
    if not typed:
        return ""
    try:
        return date.fromisoformat(typed).isoformat()
    except ValueError as unclear:
        raise FieldsInvalid(_("日期须写成2026-03-01。")) from unclear


def _titles(nodes: set[str]) -> dict[str, str]:
    """Return the titles of these nodes in the order of the chains that ship, then of those that tables go along."""
    known: dict[str, str] = {}
    for name in reversed(SHIPPED):
        known |= {each["node"]: each["title"] for each in shipped(name)["nodes"] if each["node"] not in known}
    if nodes - known.keys():
        for used in definitions_used(transaction()):
            chain = pinned_chain(used["hash"], journal().content)
            known |= {each.node: each.title for each in chain.nodes if each.node not in known}
    return known | {node: node for node in sorted(nodes - known.keys())}
