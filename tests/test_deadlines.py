"""The ladder of reminders around a due day."""

import datetime as dt

import pytest

from workflows.calendars.deadlines import ladder
from workflows.workdays import add_workdays


def fired(*moments: str) -> list[dt.datetime]:
    return [dt.datetime.fromisoformat(f"{moment}T01:00:00+00:00") for moment in moments]


@pytest.mark.parametrize(
    ("due", "days"),
    [
        ("2026-11-26", ("2026-11-23", "2026-11-25", "2026-11-26", "2026-11-27")),
        ("2023-01-29", ("2023-01-19", "2023-01-28", "2023-01-29", "2023-01-30")),  # over Spring Festival
        ("2023-10-07", ("2023-09-26", "2023-09-28", "2023-10-07", "2023-10-08")),  # over National Day
        ("2024-01-02", ("2023-12-27", "2023-12-29", "2024-01-02", "2024-01-03")),  # over the year
    ],
)
def test_the_ladder_counts_working_days(due: str, days: tuple[str, ...]) -> None:
    rungs = ladder(add_workdays(dt.date.fromisoformat(due), 0))
    assert [rung.code for rung in rungs] == ["T-3", "T-1", "T", "T+1"]
    assert [rung.fires_at for rung in rungs] == fired(*days)
    assert [rung.provisional for rung in rungs] == [False] * 4


def test_a_rung_in_a_year_without_notice_is_provisional() -> None:
    rungs = ladder(add_workdays(dt.date(2026, 12, 31), 0))
    assert [rung.provisional for rung in rungs] == [False, False, False, True]
