"""Reads a CSV or XLSX file of executed amounts: columns by their headings, the unit, date and year it prints."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from unicodedata import normalize

from workflows.content.targets import PLAIN_NUMBER
from workflows.errors import FieldsInvalid
from workflows.forms.execution_sheets import HEAD_ROWS, MOST_ROWS, Rows, rows_of_workbook
from workflows.forms.office_package import is_office
from workflows.forms.refusals import DocumentBroken, DocumentTooLarge, EncodingUnknown

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "code": ("项目编码", "项目代码", "项目编号"), "unit": ("单位", "单位名称", "预算单位", "预算单位名称", "单位编码"),
    "title": ("项目名称", "项目", "支出项目", "项目（单位）名称"), "year": ("年度", "预算年度"),
    "date": ("截止日期", "截至日期", "日期"),
    "executed": ("执行数", "累计执行数", "全年执行数", "支出数", "累计支出", "累计支付", "支付金额", "已执行数"),
    "budget": ("全年预算数", "调整预算数", "调整后预算数", "预算数", "年初预算数"),
}  # fmt: skip
SUMS = frozenset({"合计", "总计", "小计", "共计", "本页小计", "本页合计"})
SUM_OF_ALL = frozenset({"合计", "总计", "共计"})
LARGEST = 3_000_000
_UNIT = re.compile(r"[（(]?\s*(?:金额)?单位\s*[:：]\s*(?:人民币)?\s*(万元|元)|[（(]\s*(万元|元)\s*[)）]")
_DAY = re.compile(r"(20\d\d)\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})")


@dataclass(frozen=True)
class Line:
    """One row: its number in the file (from 1), the words that name a project, amounts in the file's unit.

    `executed` is None where the cell is no number; `said` holds what stands there. `hidden`: the workbook does not
    show the row; `unit_from`: the row of the merged cell from which the unit was taken, 0 where it stands in its own.
    """

    row: int
    code: str
    unit: str
    title: str
    executed: Decimal | None
    budget: Decimal | None
    said: str
    hidden: bool = False
    unit_from: int = 0

    @property
    def note(self) -> str:
        """Return in words what a reader of the sheet does not see in this row; empty where all of it is seen."""
        hidden = "此行在工作簿中是隐藏的，同样计入" if self.hidden else ""
        return "；".join(filter(None, (hidden, f"单位取自第{self.unit_from}行的合并单元格" if self.unit_from else "")))


@dataclass(frozen=True)
class ExecutionFile:
    """A file as read; `amount_unit` is 元 or 万元; `printed_total` is what a line 合计 says."""

    year: int
    date: str
    amount_unit: str
    lines: tuple[Line, ...]
    printed_total: Decimal | None


def read_executions(data: bytes, *, amount_unit: str = "", day: str = "", year: int | None = None) -> ExecutionFile:
    """Read a file. Unit, date and year come from the file, else from the arguments.

    DocumentUnreadable for what is no such file; FieldsInvalid where neither says unit or date, or both say different
    things, or no heading is known.
    """
    if len(data) > LARGEST:
        raise DocumentTooLarge
    sheet = _rows(data)
    rows = sheet.cells
    number, columns = _heading(rows)
    sheet = _units_filled(sheet, columns.get("unit"), number)
    body = [(at, row) for at, row in enumerate(rows[number:], number + 1) if any(row)]
    if len(body) > MOST_ROWS:
        raise FieldsInvalid(f"一次最多导入{MOST_ROWS}行，请分成几份文件。", field="file")
    above = "\n".join(" ".join(row) for row in rows[: number])
    stated = {first or second for first, second in _UNIT.findall(above)}
    unit = _one("金额单位（元或万元）", stated | {amount_unit} - {""}, "amount_unit")
    if unit not in ("元", "万元"):
        raise FieldsInvalid("金额单位须为元或万元。", field="amount_unit")
    until = _one("截止日期", _days(body, columns, rows[: number - 1]) | {day} - {""}, "date")
    read = [_line(at, row, columns, sheet) for at, row in body]
    sums = [line for (_, row), line in zip(body, read, strict=True) if _words(row) & SUMS]
    of_all = [line for (_, row), line in zip(body, read, strict=True) if _words(row) & SUM_OF_ALL] or sums
    years = {_cell(row, columns, "year") for _, row in body} - {""}
    return ExecutionFile(
        _year(years, year, until), until, unit, tuple(line for line in read if line not in sums),
        of_all[-1].executed if of_all else None,
    )  # fmt: skip


def _words(row: Sequence[str]) -> set[str]:
    """Return what the cells of a row say, without the blanks by which words are stretched (合　计) or their colon."""
    return {re.sub(r"[\s:：]", "", cell) for cell in row}


def _rows(data: bytes) -> Rows:
    if is_office(data):
        return rows_of_workbook(data, _columns)
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            try:
                return Rows([[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text, newline=""))])
            except csv.Error as problem:
                raise DocumentBroken from problem
    raise EncodingUnknown


def _heading(rows: Sequence[Sequence[str]]) -> tuple[int, Mapping[str, int]]:
    """Return how many rows the heading ends at, and the column of each field that it names."""
    for number, row in enumerate(rows[:HEAD_ROWS], 1):
        found = _columns(row)
        if found:
            return number, found
    raise FieldsInvalid(
        "没有找到表头：须有“执行数”一列，以及“项目编码”，或“单位”和“项目名称”两列。", field="file"
    )


def _columns(row: Sequence[str]) -> Mapping[str, int]:
    """Return the column of each field that a row names as a heading; empty where it is none."""
    named = [(_UNIT.sub("", cell).replace(" ", "").replace("\n", ""), at) for at, cell in enumerate(row)]
    hits = {field: [at for word in words for name, at in named if name == word] for field, words in HEADINGS.items()}
    found = {field: places[0] for field, places in hits.items() if places}
    return found if "executed" in found and ("code" in found or {"unit", "title"} <= found.keys()) else {}


def _cell(row: Sequence[str], columns: Mapping[str, int], field: str) -> str:
    at = columns.get(field, len(row))
    return row[at].strip() if at < len(row) else ""


def _units_filled(sheet: Rows, column: int | None, heading: int) -> Rows:
    """Write the unit of a merged cell into each of its rows; only there can rows of several projects share a cell."""
    merged = {row: first for (row, at), first in sheet.merged.items() if at == column and first > heading}
    for row, first in sorted(merged.items()):
        if column is not None and any(sheet.cells[row - 1]):
            sheet.cells[row - 1][column] = sheet.cells[first - 1][column]
    return replace(sheet, merged={(row, column or 0): first for row, first in merged.items()})


def _line(number: int, row: Sequence[str], columns: Mapping[str, int], sheet: Rows) -> Line:
    code, unit, title, said = (_cell(row, columns, field) for field in ("code", "unit", "title", "executed"))
    unit_from = sheet.merged.get((number, columns.get("unit", -1)), 0)
    return Line(
        number, code, unit, title, _amount(said), _amount(_cell(row, columns, "budget")), said,
        number in sheet.hidden, unit_from,
    )  # fmt: skip


def _amount(text: str) -> Decimal | None:
    plain = re.sub(r"[,\s]", "", normalize("NFKC", text))
    return Decimal(plain) if PLAIN_NUMBER.fullmatch(plain) else None


def _days(
    body: Sequence[tuple[int, Sequence[str]]], columns: Mapping[str, int], above: Sequence[Sequence[str]]
) -> set[str]:
    cells = [_cell(row, columns, "date") for _, row in body] if "date" in columns else []
    return set(_found_days(cells)) or set(_found_days(cell for row in above for cell in row))


def _found_days(cells: Iterator[str] | Sequence[str]) -> Iterator[str]:
    for cell in cells:
        for year, month, day in _DAY.findall(cell):
            try:
                yield date(int(year), int(month), int(day)).isoformat()
            except ValueError as wrong:
                raise FieldsInvalid(f"没有“{cell}”这一天。", field="date") from wrong


def _one(what: str, said: set[str], field: str) -> str:
    """Return the one thing that is said; FieldsInvalid for none or several."""
    if len(said) > 1:
        raise FieldsInvalid(f"{what}不一致：{'、'.join(sorted(said))}。", field=field)
    if not said:
        raise FieldsInvalid(f"文件没有写明{what}，请在页面上填写。", field=field)
    return said.pop()


def _year(printed: set[str], given: int | None, until: str) -> int:
    years = {int(year[:4]) for year in printed if year[:4].isdecimal()} | ({given} if given else set())
    if len(years) > 1:
        raise FieldsInvalid(f"年度不一致：{'、'.join(map(str, sorted(years)))}。", field="year")
    return years.pop() if years else int(until[:4])
