"""Working days against hand-made cases from the State Council's notices."""

import datetime as dt

import pytest

from workflows.workdays import Calendar, add_workdays, beijing_date, is_workday, official_calendar

day = dt.date.fromisoformat


@pytest.mark.parametrize(
    ("date", "works"),
    [
        ("2023-01-20", True),  # Friday before Spring Festival
        ("2023-01-23", False),  # Spring Festival
        ("2023-01-27", False),
        ("2023-01-28", True),  # make-up Saturday
        ("2023-01-29", True),  # make-up Sunday
        ("2023-04-23", True),  # make-up Sunday for Labour Day
        ("2023-06-22", False),  # Dragon Boat
        ("2023-06-25", True),
        ("2023-10-06", False),
        ("2023-10-07", True),
        ("2023-10-08", True),
        ("2023-12-31", False),
        ("2024-02-09", True),  # the Eve of 2024 was no holiday yet
        ("2024-02-18", True),
        ("2025-01-26", True),
        ("2025-05-05", False),
        ("2026-02-14", True),
        ("2026-02-23", False),
        ("2026-09-20", True),
        ("2026-10-10", True),
        ("2026-11-21", False),  # plain Saturday
        ("2026-11-23", True),
    ],
)
def test_a_day_of_an_official_year(date: str, works: bool) -> None:
    assert is_workday(day(date)) is works


@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [
        ("2023-01-20", 1, "2023-01-28"),  # over Spring Festival into the make-up Saturday
        ("2023-01-20", 3, "2023-01-30"),
        ("2023-01-31", -3, "2023-01-28"),
        ("2023-09-28", 1, "2023-10-07"),  # over National Day
        ("2023-09-28", 5, "2023-10-11"),
        ("2023-04-21", 1, "2023-04-23"),  # Friday to the make-up Sunday
        ("2023-12-29", 1, "2024-01-02"),  # change of year
        ("2024-01-02", -1, "2023-12-29"),
        ("2024-02-08", 2, "2024-02-18"),
        ("2025-12-31", 1, "2026-01-04"),  # make-up Sunday of 2026
        ("2026-11-20", 0, "2026-11-20"),
        ("2026-11-21", 0, "2026-11-23"),  # a Saturday moves to Monday
        ("2026-09-19", 0, "2026-09-20"),  # a Saturday moves to the make-up Sunday
    ],
)
def test_counting_working_days(start: str, count: int, expected: str) -> None:
    due = add_workdays(day(start), count)
    assert (due.date, due.provisional) == (day(expected), False)


@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [
        ("2026-12-31", 1, "2027-01-04"),  # 1 January is a holiday in every year
        ("2027-04-30", 1, "2027-05-04"),
        ("2027-09-30", 1, "2027-10-04"),
        ("2027-02-05", 1, "2027-02-08"),  # Spring Festival of 2027 is not known yet: counted, and said to be provisional
    ],
)
def test_a_year_without_notice_is_provisional(start: str, count: int, expected: str) -> None:
    due = add_workdays(day(start), count)
    assert (due.date, due.provisional) == (day(expected), True)


def test_days_back_into_an_official_year_stay_provisional() -> None:
    assert add_workdays(day("2027-01-04"), -1).provisional is True


def test_the_official_years_are_those_of_the_package() -> None:
    calendar = official_calendar()
    assert calendar.years == frozenset(range(2004, 2027))
    assert calendar.version.startswith("chinesecalendar-")


def test_due_is_the_end_of_the_working_day_in_beijing() -> None:
    due = add_workdays(day("2026-11-20"), 1)
    assert due.moment == dt.datetime(2026, 11, 23, 10, 0, tzinfo=dt.UTC)


def test_a_moment_late_in_utc_is_the_next_day_in_beijing() -> None:
    assert beijing_date(dt.datetime(2026, 11, 20, 16, 0, tzinfo=dt.UTC)) == day("2026-11-21")


def test_another_calendar_can_be_published() -> None:
    closed = Calendar("hand", frozenset({2027}), frozenset({day("2027-01-04")}), frozenset({day("2027-01-03")}))
    assert closed.add_workdays(day("2027-01-01"), 1).date == day("2027-01-03")
    assert closed.add_workdays(day("2027-01-03"), 1) == closed.add_workdays(day("2027-01-05"), 0)
