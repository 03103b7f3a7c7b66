"""When people get round to their work: after so many working days, at ten in the morning, one of them too late."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

from service.year.asked import Asked, monitored
from service.year.cast import Cast
from workflows.campaigns import Purpose
from workflows.folds.replay import Desk, Table, instant
from workflows.vocabulary import Stage
from workflows.workdays import BEIJING, add_workdays, beijing_date

TEN = time(10, 0)
AN_HOUR = timedelta(hours=1)
"""On the year's last day people act at the next full hour: tomorrow the self-evaluation overtakes what is open."""
IMPORT_DAY = (9, 22)
"""Month and day of the year before: the budget's first round is filed by the end of September (domain.md 1)."""
WORKING_DAYS: Mapping[str, int] = {
    "drafting": 3, "unit_head": 1, "department_finance": 1, "finance_business": 1, "finance_performance": 1, "reply": 2,
    "monitoring_filing": 2, "monitoring_check": 1,
    "evaluation_filing": 5, "evaluation_unit": 1, "evaluation_department": 2, "archiving": 2,
    "rectification": 10, "rectification_check": 2,
}  # fmt: skip
FILED_AT = {"drafting": Purpose.GOAL_FILING, "evaluation_filing": Purpose.SELF_EVALUATION}
TOO_LATE = 2
"""Working days past the due day: the whole ladder of reminders fires before."""


def morning(day: date) -> datetime:
    """Return ten o'clock in Beijing of a day, as UTC."""
    return datetime.combine(day, TEN, BEIJING).astimezone(UTC)


def filed_on(year: int) -> datetime:
    """Return when the documents of a fiscal year are handed in."""
    return morning(add_workdays(date(year - 1, *IMPORT_DAY), 0).date)


def acts_at(table: Table, desk: Desk, cast: Cast) -> datetime:
    """Return when the holder of a desk acts on it."""
    entered = instant(desk.entered_at)
    asked = misses(table, desk, cast)
    if asked:
        return asked.missed
    if comes_late(table, desk, cast) and desk.due_at:
        return morning(add_workdays(beijing_date(instant(desk.due_at)), TOO_LATE).date)
    day = add_workdays(beijing_date(entered), WORKING_DAYS.get(desk.node.split(":")[0], 1)).date
    opens = table.self_evaluation_opens
    if table.stage == Stage.MONITORING and opens and day.isoformat() >= opens:
        return entered.replace(minute=0, second=0, microsecond=0) + AN_HOUR
    return morning(day)


def misses(table: Table, desk: Desk, cast: Cast) -> Asked | None:
    """Return the campaign whose cut-off the holder of a desk misses: a first submission, the late table's midyear."""
    node, _, window = desk.node.partition(":")
    if node == "drafting" and table.round == 0 and table.id in cast.overslept:
        return Asked(table.year, Purpose.GOAL_FILING)
    found = table.window(window) if node == "monitoring_filing" and table.id == cast.late else None
    return monitored(table.year, found.date) if found else None


def asked_at(table: Table, desk: Desk) -> Asked | None:
    """Return what units were asked for that is filed at a desk, None where it is nothing of the kind."""
    node, _, window = desk.node.partition(":")
    found = table.window(window)
    if node == "monitoring_filing":
        return monitored(table.year, found.date) if found else None
    purpose = FILED_AT.get(node)
    return Asked(table.year, purpose) if purpose else None


def comes_late(table: Table, desk: Desk, cast: Cast) -> bool:
    """Whether a filing misses its own deadline: the late table's first window, unless it misses a midyear's cut-off."""
    first = table.windows[0].window if table.windows else ""
    midyear = any(monitored(table.year, window.date) for window in table.windows)
    return table.id == cast.late and desk.node == f"monitoring_filing:{first}" and not midyear
