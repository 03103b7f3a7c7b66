"""Fifty days counted by hand: Spring Festival, National Day, make-up Sundays, year change, leap day, places' own days.

The expected day was written down from the State Council's notices, not computed; the last column says why.
"""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflows.test_publishing_calendars import with_2027
from workflows.calendars import calendar_from
from workflows.calendars.deadlines import ladder
from workflows.calendars.notice import Notice, read_notice, with_entry
from workflows.definitions import Node
from workflows.vocabulary import Role, Stage
from workflows.workdays import BEIJING, Calendar, official_calendar

GUANGXI = read_notice(
    "2026-04-20,放假\n2026-04-21,放假\n2026-04-25,调休上班\n".encode(), Notice(2026, "桂政办电〔2026〕1号", "2026-03-01", "gx")
)
IMPORTED = calendar_from(with_entry(with_2027(), GUANGXI), "f" * 64)
"""The shipped years, a made-up notice for 2027, and a made-up local holiday at the bureau gx."""

WORKING = {
    # Spring Festival
    "腊月廿六星期五": ("2026-02-13", 1, "2026-02-14", "星期六调休上班"),
    "春节前一天起两日": ("2026-02-13", 2, "2026-02-24", "14日上班算一日，15至23日放假九天"),
    "调休上班日起": ("2026-02-14", 3, "2026-02-26", "节后24、25、26日"),
    "节后第一个星期五": ("2026-02-27", 1, "2026-02-28", "节后星期六调休上班"),
    "节后第一个星期五起两日": ("2026-02-27", 2, "2026-03-02", "28日上班，3月1日星期日休息"),
    "节后往前一日": ("2026-02-24", -1, "2026-02-14", "往前跳过九天假，落在调休的星期六"),
    "节后往前三日": ("2026-02-24", -3, "2026-02-12", "14、13、12日"),
    "2025年节前星期五": ("2025-01-24", 1, "2025-01-26", "星期六休息，星期日调休上班"),
    "2025年除夕前一天": ("2025-01-27", 1, "2025-02-05", "1月28日至2月4日放假八天"),
    "2025年节后星期五": ("2025-02-07", 1, "2025-02-08", "星期六调休上班"),
    "2025年节后星期五起两日": ("2025-02-07", 2, "2025-02-10", "8日上班，9日星期日休息"),
    "2024年除夕上班": ("2024-02-09", 1, "2024-02-18", "2024年除夕不放假，10至17日放假，18日星期日上班"),
    "2024年节前星期五": ("2024-02-02", 1, "2024-02-04", "星期日调休上班"),
    "2024年腊月廿九起三日": ("2024-02-08", 3, "2024-02-19", "9日、18日（星期日）、19日"),
    # National Day
    "2024年国庆前星期五": ("2024-09-27", 1, "2024-09-29", "星期日调休上班"),
    "2024年国庆前一天": ("2024-09-30", 1, "2024-10-08", "1至7日放假"),
    "2024年国庆后星期五": ("2024-10-11", 1, "2024-10-12", "星期六调休上班"),
    "2025年国庆前星期五": ("2025-09-26", 1, "2025-09-28", "星期日调休上班"),
    "2025年国庆中秋": ("2025-09-30", 1, "2025-10-09", "1至8日放假八天"),
    "2025年国庆后三日": ("2025-10-09", 3, "2025-10-13", "10日、11日（星期六上班）、13日"),
    "2026年国庆前的星期日": ("2026-09-18", 1, "2026-09-20", "星期日调休上班"),
    "2026年中秋": ("2026-09-24", 1, "2026-09-28", "25至27日放假"),
    "2026年国庆前一天": ("2026-09-30", 1, "2026-10-08", "1至7日放假"),
    "2026年国庆后星期五": ("2026-10-09", 1, "2026-10-10", "星期六调休上班"),
    "2026年国庆后星期六": ("2026-10-10", 1, "2026-10-12", "11日星期日休息"),
    # the other holidays
    "清明": ("2026-04-03", 1, "2026-04-07", "4至6日放假"),
    "劳动节": ("2026-04-30", 1, "2026-05-06", "1至5日放假"),
    "劳动节后星期五": ("2026-05-08", 1, "2026-05-09", "星期六调休上班"),
    "端午": ("2026-06-18", 1, "2026-06-22", "19至21日放假"),
    "2023年劳动节前星期五起两日": ("2023-04-21", 2, "2023-04-24", "23日星期日上班，24日星期一"),
    # change of year
    "元旦跨年": ("2025-12-31", 1, "2026-01-04", "1至3日放假，4日星期日调休上班"),
    "元旦跨年三日": ("2025-12-30", 3, "2026-01-05", "12月31日、1月4日、1月5日"),
    "2023年末星期五": ("2023-12-29", 1, "2024-01-02", "30、31日周末，1日元旦"),
    "跨年往前": ("2026-01-05", -2, "2025-12-31", "1月4日上班，再往前是12月31日"),
    "年末不跨年": ("2026-12-25", 3, "2026-12-30", "28、29、30日"),
    # leap day
    "闰日": ("2024-02-28", 1, "2024-02-29", "2024年2月有29日"),
    # zero days
    "假期内零日": ("2026-02-15", 0, "2026-02-24", "当天放假，顺延到节后第一个工作日"),
    "调休日零日": ("2026-02-14", 0, "2026-02-14", "当天调休上班，就是当天"),
}  # fmt: skip
PROVISIONAL = {
    "没有通知的元旦": ("2026-12-31", 1, "2027-01-04", "1日元旦按法定暂计，2、3日周末"),
    "没有通知的劳动节": ("2027-04-30", 1, "2027-05-04", "1、2日周末，3日按历年惯例暂计放假"),
}  # fmt: skip
AFTER_IMPORT = {
    "导入通知后的元旦": ("", "2026-12-31", 1, "2027-01-03", "1日放假，3日星期日调休上班，不再是暂定"),
    "导入通知后的春节": ("", "2027-02-04", 1, "2027-02-10", "5日放假，6、7日周末，8、9日放假"),
    "地方放假": ("gx", "2026-04-17", 1, "2026-04-22", "20、21日当地放假"),
    "别处照常": ("elsewhere", "2026-04-17", 1, "2026-04-20", "地方放假只在当地"),
    "地方调休": ("gx", "2026-04-24", 1, "2026-04-25", "星期六当地调休上班"),
    "地方也按全国放假": ("gx", "2026-04-30", 1, "2026-05-06", "1至5日全国放假"),
}  # fmt: skip
OTHER_CLOCKS = {
    "二十个自然日跨闰日": ({"calendar_days": 20}, "2024-02-10", "2024-03-01", "2月29日也算一天"),
    "二十个自然日平年": ({"calendar_days": 20}, "2026-02-10", "2026-03-02", "2026年2月28天"),
    "十五个自然日落在春节": ({"calendar_days": 15}, "2026-02-02", "2026-02-17", "法定期限按自然日，放假也不顺延"),
    "固定日期": ({"fixed_date": "08-31"}, "2026-03-02", "2026-08-31", "本年8月31日"),
    "固定日期就是当天": ({"fixed_date": "08-31"}, "2026-08-31", "2026-08-31", "当天进入，当天到期"),
    "固定日期已过": ({"fixed_date": "03-31"}, "2026-04-01", "2027-03-31", "今年的已过，算明年"),
    "闰日在平年": ({"fixed_date": "02-29"}, "2026-01-05", "2026-02-28", "平年没有29日"),
    "闰日在闰年": ({"fixed_date": "02-29"}, "2028-01-03", "2028-02-29", "闰年有29日"),
}  # fmt: skip
day = date.fromisoformat


@pytest.mark.parametrize("case", WORKING)
def test_working_days(case):
    start, count, expected, why = WORKING[case]
    due = official_calendar().add_workdays(day(start), count)
    assert (due.date, due.provisional) == (day(expected), False), why


@pytest.mark.parametrize("case", PROVISIONAL)
def test_a_year_without_a_notice_is_provisional(case):
    start, count, expected, why = PROVISIONAL[case]
    due = official_calendar().add_workdays(day(start), count)
    assert (due.date, due.provisional) == (day(expected), True), why


@pytest.mark.parametrize("case", AFTER_IMPORT)
def test_after_an_import(case):
    organ, start, count, expected, why = AFTER_IMPORT[case]
    due = IMPORTED.of(organ).add_workdays(day(start), count)
    assert (due.date, due.provisional, due.calendar_version) == (day(expected), False, "f" * 64), why


@pytest.mark.parametrize("case", OTHER_CLOCKS)
def test_calendar_days_and_fixed_dates(case):
    clock, start, expected, why = OTHER_CLOCKS[case]
    node = Node("n", "环节", Stage.UNIT_REVIEW, Role.UNIT_HEAD, "unit", "unit", (), 0, **clock)
    due = node.due(day(start), official_calendar())
    assert (due.date, due.provisional) == (day(expected), False), why


def test_a_day_off_as_due_day_is_reminded_of_on_working_days_before():
    """15 calendar days end in the Spring Festival of 2026: T is the Saturday worked before it, T+1 the first day after."""
    due = official_calendar().add_days(day("2026-02-02"), 15)
    told = [rung.fires_at.astimezone(BEIJING).date().isoformat() for rung in ladder(due)]
    assert told == ["2026-02-11", "2026-02-13", "2026-02-14", "2026-02-24"]


CALENDARS = st.sampled_from([official_calendar(), IMPORTED, IMPORTED.of("gx")])


@given(st.dates(date(2004, 1, 1), date(2031, 12, 31)), st.integers(-60, 60), CALENDARS)
def test_no_due_moment_on_a_day_off_where_the_rule_says_working_days(start: date, count: int, calendar: Calendar):
    """INV15, and its other half: exactly `count` working days lie between; reminders fall on working days too."""
    due = calendar.add_workdays(start, count)
    assert calendar.is_workday(due.date)
    if count > 0:
        assert calendar.workdays_within(start, due.date) == count
    if count < 0:
        assert calendar.workdays_within(due.date - timedelta(days=1), start - timedelta(days=1)) == -count
    for rung in ladder(due, calendar):
        assert calendar.is_workday(rung.fires_at.astimezone(BEIJING).date())
