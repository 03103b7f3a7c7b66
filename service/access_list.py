"""The access list as people read it: rows in Chinese, and the moment that a date means."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time

from workflows.errors import FieldsInvalid
from workflows.store.access import Held
from workflows.vocabulary import Role
from workflows.workdays import BEIJING

COLUMNS = (
    "账号", "姓名", "岗位", "岗位代码", "机构", "机构编号", "自何时起（北京时间）", "授予人", "授予人账号", "账号状态",
)  # fmt: skip
YEARS = range(2000, 2101)
UNCLEAR = "时点须写成日期（2026-03-01，指当日终了）或时刻（2026-03-01T12:00）。"
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def moment_meant(typed: str) -> datetime:
    """Return the moment of a typed date or time; a date means its last moment in Beijing.

    FieldsInvalid for anything else, and outside of the years 2000 to 2100.
    """
    try:
        if len(typed) == len("2026-03-01"):
            at = datetime.combine(date.fromisoformat(typed), time.max, BEIJING)
        else:
            at = datetime.fromisoformat(typed)
    except ValueError as unclear:
        raise FieldsInvalid(UNCLEAR) from unclear
    if at.year not in YEARS:
        raise FieldsInvalid(UNCLEAR)
    return at if at.tzinfo else at.replace(tzinfo=BEIJING)


def cells_of(held: Held, organs: Mapping[str, str]) -> tuple[str, ...]:
    """Return one row of the list, in the order of COLUMNS."""
    since = held.since.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S")
    return (
        held.person, held.name, Role(held.role).chinese, held.role, organs.get(held.organ, held.organ), held.organ,
        since, held.given_by_name, held.given_by, "已停用" if held.disabled else "可用",
    )  # fmt: skip


def csv_of(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return a sheet as CSV that spreadsheets open as UTF-8; a cell that would be a formula is led by an apostrophe."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def safe_cell(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula, on one line."""
    flat = " ".join(cell.split())
    return f"'{flat}" if cell.startswith(FORMULA) or flat.startswith(FORMULA) else flat
