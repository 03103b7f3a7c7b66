"""The chaos year's judge by hand: what one table in unit review must have told by the twentieth of January, and what it may."""

from datetime import UTC, datetime, timedelta

from tests.support import roster
from tests.support.life import Life, memory
from tests.support.notices_by_the_log import Said, Step, World, counted, said_by, works
from workflows.calendars import shipped_content

BEGAN = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
LATER = datetime(2026, 1, 20, 1, 0, tzinfo=UTC)


def judged(life: Life, *steps: datetime) -> Said:
    at = tuple(Step(each, each + timedelta(seconds=30)) for each in steps)
    world = World(at, roster.PEOPLE, (), life.journal.content, shipped_content())
    return said_by({life.table.id: life.journal.history(life.table.id)}, world)


def templates(said: dict, person: str) -> list[str]:
    return sorted(template for _, _, template, told in said if told == person)


def test_b7_a_table_that_lies_still_tells_every_rung_and_owes_its_overdue_mark() -> None:
    """Submitted on Monday the 5th, due on Thursday the 8th; T-3 falls on the moment it came in, so it is not set."""
    life = Life(memory()).in_unit_review()
    said = judged(life, BEGAN, LATER)
    rungs = ["reminder.T", "reminder.T+1", "reminder.T-1"]
    assert templates(said.must, "unit_head") == [*rungs, "task.waiting"]
    assert templates(said.must, "clerk") == []
    assert templates(said.may, "clerk") == ["task.waiting"]
    assert said.undone == [(str(life.table.id), "overdue", life.table.desks[0].task)]


def test_b7_what_was_decided_before_its_moment_is_told_to_nobody() -> None:
    life = Life(memory()).in_unit_review()
    life.journal.at = BEGAN + timedelta(days=1)
    life.approved(roster.UNIT_HEAD)
    said = judged(life, BEGAN, BEGAN + timedelta(days=1), LATER)
    assert templates(said.must | said.may, "unit_head") == ["task.waiting"]
    assert "reminder.T+1" in templates(said.must, "planner")


def test_b7_what_was_decided_while_the_work_drained_may_be_told() -> None:
    life = Life(memory()).in_unit_review()
    life.journal.at = LATER + timedelta(seconds=10)
    life.approved(roster.UNIT_HEAD)
    said = judged(life, BEGAN, LATER)
    assert templates(said.must, "unit_head") == ["task.waiting"]
    assert templates(said.may, "unit_head") == ["reminder.T", "reminder.T+1", "reminder.T-1"]
    assert said.undone == []


def test_its_own_counting_of_days_knows_make_up_days_and_years_without_a_notice() -> None:
    calendar, of = shipped_content(), datetime.fromisoformat
    days = [of(day).date() for day in ("2026-02-14", "2026-02-16", "2030-05-01", "2030-05-06")]
    assert [works(day, calendar) for day in days] == [True, False, False, True]
    assert counted(of("2026-02-13").date(), 2, calendar).isoformat() == "2026-02-24"
    assert counted(of("2026-02-24").date(), -1, calendar).isoformat() == "2026-02-14"
