"""One year's notice as somebody brings it, CSV or JSON, laid into the calendar in force: the other years stay."""

import csv
import datetime as dt
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from workflows.calendars.content import Content
from workflows.errors import CalendarUnfit

LARGEST = 200_000
"""Bytes of a file with one year's days; twelve months take 5,000."""
OFF, MADE_UP = "days_off", "make_up_days"
KINDS = {"放假": OFF, "休": OFF, "off": OFF, "调休上班": MADE_UP, "上班": MADE_UP, "班": MADE_UP, "work": MADE_UP}
"""Second column of a CSV file: what the day is."""


@dataclass(frozen=True)
class Notice:
    """Which notice says so: its year, its number and date (YYYY-MM-DD), and the bureau where it is a place's own."""

    year: int
    number: str
    dated: str
    organ: str = ""


def read_notice(data: bytes, notice: Notice) -> dict[str, Any]:
    """Return a year's entry from a file: CSV (日期,安排) or JSON ({"days_off": […], "make_up_days": […]}).

    JSON may name the notice itself (`notice`, `dated`). CalendarUnfit where it cannot be read, with the line.
    """
    if len(data) > LARGEST:
        raise CalendarUnfit("文件过大，不像一年的放假安排。")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise CalendarUnfit("文件须为 UTF-8 编码的文字；用 Excel 编的，请另存为“CSV UTF-8”再导入。") from wrong
    found = _from_json(text) if text.lstrip().startswith("{") else _from_csv(text)
    number, dated = notice.number or str(found.get("notice", "")), notice.dated or str(found.get("dated", ""))
    return entry_of(Notice(notice.year, number, dated, notice.organ), found[OFF], found[MADE_UP])


def entry_of(notice: Notice, days_off: Iterable[str], make_up_days: Iterable[str]) -> dict[str, Any]:
    """Return a year's entry as a calendar's content holds it."""
    entry = {
        "year": notice.year, "notice": notice.number, "dated": notice.dated, OFF: sorted(days_off),
        MADE_UP: sorted(make_up_days),
    }  # fmt: skip
    return {**entry, "organ": notice.organ} if notice.organ else entry


def with_entry(content: Content, entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return the calendar with this year (of this place) put in, instead of what it had there."""
    part = "local" if "organ" in entry else "years"
    key = (entry["year"], entry.get("organ", ""))
    kept = [each for each in content[part] if (each["year"], each.get("organ", "")) != key]
    return {**content, part: sorted([*kept, dict(entry)], key=lambda each: (each["year"], each.get("organ", "")))}


def _from_json(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError as wrong:
        raise CalendarUnfit("不是有效的 JSON 文件。") from wrong
    lists = [found.get(field, []) for field in (OFF, MADE_UP)]
    if not all(isinstance(days, list) and all(isinstance(day, str) for day in days) for days in lists):
        raise CalendarUnfit("days_off 和 make_up_days 须为日期清单。")
    return {**found, OFF: lists[0], MADE_UP: lists[1]}


def _from_csv(text: str) -> dict[str, Any]:
    days: dict[str, list[str]] = {OFF: [], MADE_UP: []}
    for number, row in enumerate(csv.reader(io.StringIO(text)), 1):
        cells = [cell.strip() for cell in row]
        if not any(cells) or (number == 1 and _day(cells[0]) is None and not cells[0][:1].isdigit()):
            continue
        day, kind = _day(cells[0]), KINDS.get(cells[1] if len(cells) > 1 else "")
        if day is None or kind is None:
            raise CalendarUnfit(f"文件第{number}行看不懂：每行须为“日期,放假”或“日期,调休上班”。", line=number)
        days[kind].append(day)
    return days


def _day(text: str) -> str | None:
    """Return a date written 2027-1-1, 2027/1/1 or 2027年1月1日 as YYYY-MM-DD."""
    parts = text.replace("年", "-").replace("月", "-").replace("/", "-").removesuffix("日").split("-")
    try:
        return dt.date(*(int(part) for part in parts)).isoformat()
    except (ValueError, TypeError):
        return None
