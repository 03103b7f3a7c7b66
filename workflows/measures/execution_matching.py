"""Which goal table a row of executed amounts is about: by project code, or where none by year, unit and title."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from workflows.content.quantities import MONEY
from workflows.forms.execution_file import ExecutionFile, Line

AMBIGUOUS, UNMATCHED = "ambiguous", "unmatched"


@dataclass(frozen=True)
class Known:
    """A table of the year in force, as a file may name it; `units` are the unit's ID, code and name."""

    table: UUID
    title: str
    code: str
    units: tuple[str, ...]
    unit: str
    amount_unit: str


@dataclass(frozen=True)
class Matched:
    """A row with what became of it: its table and the amounts in the table's unit, or why it has none."""

    line: Line
    table: Known | None
    executed: Decimal | None = None
    budget: Decimal | None = None
    sort: str = ""
    why: str = ""


@dataclass(frozen=True)
class Totals:
    """Sums in the file's unit: of the file, of what is matched, of the rest."""

    all: Decimal
    matched: Decimal
    rest: Decimal


@dataclass(frozen=True)
class Matching:
    """A file held against the tables: every row once, with totals in all and by unit as the file names it."""

    file: ExecutionFile
    rows: tuple[Matched, ...]

    @property
    def matched(self) -> tuple[Matched, ...]:
        """Return the rows that found their table."""
        return tuple(row for row in self.rows if row.table)

    @property
    def rest(self) -> tuple[Matched, ...]:
        """Return the rows that found none, or more than one."""
        return tuple(row for row in self.rows if not row.table)

    @property
    def hidden(self) -> tuple[Line, ...]:
        """Return the rows that the workbook does not show; they count like any other."""
        return tuple(row.line for row in self.rows if row.line.hidden)

    @property
    def filled(self) -> tuple[Line, ...]:
        """Return the rows whose unit stands in a merged cell above them."""
        return tuple(row.line for row in self.rows if row.line.unit_from)

    @property
    def totals(self) -> Totals:
        """Return the sums of the whole file."""
        return _totals(self.rows)

    @property
    def by_unit(self) -> Mapping[str, Totals]:
        """Return the sums by the unit that the row names."""
        units: dict[str, list[Matched]] = defaultdict(list)
        for row in self.rows:
            units[row.line.unit].append(row)
        return {unit: _totals(rows) for unit, rows in units.items()}


def matching(file: ExecutionFile, tables: Sequence[Known]) -> Matching:
    """Find each row's table; a table that two rows name is given to neither."""
    codes, names = defaultdict(list), defaultdict(list)
    for table in tables:
        codes[_plain(table.code)].append(table)
        for unit in {_plain(unit) for unit in table.units}:
            names[unit, _plain(table.title)].append(table)
    rows = [_row(file, line, codes, names) for line in file.lines]
    named: dict[UUID, list[int]] = defaultdict(list)
    for row in rows:
        if row.table:
            named[row.table.table].append(row.line.row)
    return Matching(file, tuple(_alone(row, named) for row in rows))


def _row(
    file: ExecutionFile, line: Line, codes: Mapping[str, list[Known]], names: Mapping[tuple[str, str], list[Known]]
) -> Matched:
    if line.executed is None:
        return Matched(line, None, sort=UNMATCHED, why=f"执行数“{line.said}”不是数")
    if line.executed < 0:
        return Matched(line, None, sort=UNMATCHED, why="执行数小于零")
    found = codes.get(_plain(line.code), []) if line.code else []
    if not found:
        same = names.get((_plain(line.unit), _plain(line.title)), [])
        found = [each for each in same if not (line.code and each.code)]
    if len(found) > 1:
        return Matched(line, None, sort=AMBIGUOUS, why=f"有{len(found)}张表与此行相符")
    if not found:
        return Matched(line, None, sort=UNMATCHED, why="没有已批复的同一项目（或不属您的范围）")
    (table,) = found
    budget = None if line.budget is None else _converted(line.budget, file.amount_unit, table.amount_unit)
    return Matched(line, table, _converted(line.executed, file.amount_unit, table.amount_unit), budget)


def _converted(amount: Decimal, given: str, wanted: str) -> Decimal:
    return (amount * MONEY[given] / MONEY.get(wanted, MONEY["万元"])).normalize()


def _alone(row: Matched, named: Mapping[UUID, list[int]]) -> Matched:
    others = named[row.table.table] if row.table else []
    if len(others) < 2:
        return row
    said = "、".join(str(each) for each in others if each != row.line.row)
    return replace(row, table=None, sort=AMBIGUOUS, why=f"与第{said}行对应同一张表")


def _totals(rows: Sequence[Matched]) -> Totals:
    def total(some: Sequence[Matched]) -> Decimal:
        return sum((row.line.executed for row in some if row.line.executed is not None), Decimal(0))

    return Totals(total(rows), total([row for row in rows if row.table]), total([r for r in rows if not r.table]))


def _plain(text: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text or "")).casefold()
