"""What is wrong or odd about a calendar of working days; each check has its rule, errors forbid to publish it."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from workflows.calendars.content import Content
from workflows.published.remarks import Remark, Severity, error, warning
from workflows.workdays import ONE_DAY, official_calendar

Entry = Mapping[str, Any]
WEEKDAYS = "一二三四五六日"
CERTAIN = ((1, 1), (5, 1), (10, 1), (10, 2), (10, 3))
"""Holidays of the country that have lain on these dates in every year (国务院令第795号)."""
FAR = 21
"""Days within which a make-up day has the holiday that it makes up for."""
FEWEST, MOST = 240, 262
"""Working days that a year has at least and at most."""


def lint(content: Content) -> tuple[Remark, ...]:
    """Return every remark on a calendar of good form, errors first; `node` names the year, `organ` the bureau."""
    entries = (*content["years"], *content["local"])
    remarks = [remark for entry in entries for check in OF_AN_ENTRY for remark in check(entry)]
    remarks += [remark for entry in content["years"] for check in OF_A_YEAR for remark in check(entry)]
    remarks += [remark for check in OF_ALL for remark in check(content)]
    return tuple(sorted(remarks, key=lambda each: (each.severity != Severity.ERROR, each.node or "", each.rule)))


def faults_against(content: Content, in_force: Content) -> tuple[Remark, ...]:
    """Return what forbids to publish a calendar after the one in force: C-09, a year or place's days get lost."""
    mine = {(each["year"], each.get("organ", "")) for each in (*content["years"], *content["local"])}
    before = (*in_force["years"], *in_force["local"])
    lost = [each for each in before if (each["year"], each.get("organ", "")) not in mine]
    return tuple(_error("C-09", each, "现行日历有此安排，新版本中没有；请以现行版本为基础重新导入") for each in lost)


def no_date(entry: Entry) -> Iterator[Remark]:
    """C-01: every day is a date of the calendar, once."""
    for field in ("days_off", "make_up_days"):
        written: Counter[str] = Counter(entry[field])
        for day, times in written.items():
            if _date(day) is None:
                yield _error("C-01", entry, f"“{day}”不是日期")
            elif times > 1:
                yield _error("C-01", entry, f"{day}重复写了{times}次")


def works_on_a_weekday(entry: Entry) -> Iterator[Remark]:
    """C-02: a make-up day is a Saturday or Sunday."""
    for day in _dates(entry, "make_up_days"):
        if day.weekday() < 5:
            yield _error("C-02", entry, f"{day}是星期{WEEKDAYS[day.weekday()]}，调休上班日须为星期六或星期日")


def outside_the_year(entry: Entry) -> Iterator[Remark]:
    """C-03: every day lies in the year."""
    for day in (*_dates(entry, "days_off"), *_dates(entry, "make_up_days")):
        if day.year != entry["year"]:
            yield _error("C-03", entry, f"{day}不在{entry['year']}年")


def both(entry: Entry) -> Iterator[Remark]:
    """C-04: no day is off and worked."""
    for day in sorted(set(entry["days_off"]) & set(entry["make_up_days"])):
        yield _error("C-04", entry, f"{day}既是放假日又是调休上班日")


def holiday_missing(entry: Entry) -> Iterator[Remark]:
    """C-05: the holidays of fixed date are off: none was left out."""
    off = set(_dates(entry, "days_off"))
    for month, day in CERTAIN:
        found = dt.date(entry["year"], month, day)
        if found.weekday() < 5 and found not in off:
            yield _error("C-05", entry, f"{found}是法定节日，没有列为放假日")


def far_from_a_holiday(entry: Entry) -> Iterator[Remark]:
    """C-06: a make-up day lies near a holiday."""
    off = (*_dates(entry, "days_off"), dt.date(entry["year"] + 1, 1, 1))
    for day in _dates(entry, "make_up_days"):
        if min(abs((day - each).days) for each in off) > FAR:
            yield _warning("C-06", entry, f"调休上班日{day}前后{FAR}天内没有放假日")


def odd_number(entry: Entry) -> Iterator[Remark]:
    """C-07: a year has as many working days as years have."""
    off, made_up = set(_dates(entry, "days_off")), set(_dates(entry, "make_up_days"))
    first = dt.date(entry["year"], 1, 1)
    days = (first + ONE_DAY * number for number in range(365))
    works = sum(day in made_up or (day.weekday() < 5 and day not in off) for day in days)
    if not FEWEST <= works <= MOST:
        yield _error("C-07", entry, f"全年只有或多达{works}个工作日，请核对")


def undated(entry: Entry) -> Iterator[Remark]:
    """C-08: the notice has a date, of the year before or of the same year."""
    if entry["notice"] == official_calendar().version:
        return
    dated = _date(entry["dated"])
    if dated is None:
        yield _error("C-08", entry, "没有写明通知的日期")
    elif dated.year not in (entry["year"] - 1, entry["year"]):
        yield _warning("C-08", entry, f"通知日期{dated}不在上一年或当年")


def twice(content: Content) -> Iterator[Remark]:
    """C-10: a year is there once; of a place too."""
    entries = [*content["years"], *content["local"]]
    for (year, organ), times in Counter((each["year"], each.get("organ", "")) for each in entries).items():
        if times > 1:
            yield error("C-10", f"{year}年{organ}的安排写了{times}次。", str(year), organ or None)


def gap(content: Content) -> Iterator[Remark]:
    """C-11: no year is left out between two others: deadlines across it would be provisional."""
    years = {each["year"] for each in content["years"]}
    for year in sorted(set(range(min(years), max(years))) - years):
        yield warning("C-11", f"缺少{year}年的安排，跨这一年的期限只能暂定。", str(year))


def off_already(content: Content) -> Iterator[Remark]:
    """C-12: a place's day off is not one of the whole country's."""
    national = {day for each in content["years"] for day in each["days_off"]}
    for entry in content["local"]:
        for day in sorted(national & set(entry["days_off"])):
            yield _warning("C-12", entry, f"{day}全国已放假，无须列入地方放假")


OF_AN_ENTRY: tuple[Callable[[Entry], Iterator[Remark]], ...] = (
    no_date, works_on_a_weekday, outside_the_year, both, undated,
)  # fmt: skip
OF_A_YEAR: tuple[Callable[[Entry], Iterator[Remark]], ...] = (holiday_missing, far_from_a_holiday, odd_number)
OF_ALL: tuple[Callable[[Content], Iterator[Remark]], ...] = (twice, gap, off_already)


def _error(rule: str, entry: Entry, sentence: str) -> Remark:
    return error(rule, f"{_place(entry)}：{sentence}。", str(entry["year"]), entry.get("organ"))


def _warning(rule: str, entry: Entry, sentence: str) -> Remark:
    return warning(rule, f"{_place(entry)}：{sentence}。", str(entry["year"]), entry.get("organ"))


def _place(entry: Entry) -> str:
    return f"{entry['year']}年（{entry['organ']}）" if "organ" in entry else f"{entry['year']}年"


def _dates(entry: Entry, field: str) -> tuple[dt.date, ...]:
    """Return the days of a field in order; what is no date is told by C-01."""
    found = (_date(day) for day in entry[field])
    return tuple(sorted({day for day in found if day}))


def _date(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


