"""When people get round to their work: after so many working days, at ten in the morning, one of them too late."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

from service.year.cast import Cast
from workflows.folds.replay import Desk, Table, instant
from workflows.vocabulary import Stage
from workflows.workdays import BEIJING, add_workdays, beijing_date

TEN = time(10, 0)
AN_HOUR = timedelta(hours=1)
"""On the year's last day people act at the next full hour: tomorrow the self-evaluation overtakes what is open."""
IMPORT_DAY = (10, 15)
"""Month and day of the year before: the budget's first round is filed in autumn (domain.md 1)."""
WORKING_DAYS: Mapping[str, int] = {
    "drafting": 3, "unit_head": 1, "department_finance": 1, "finance_business": 1, "finance_performance": 1, "reply": 2,
    "monitoring_filing": 2, "monitoring_check": 1,
    "evaluation_filing": 5, "evaluation_unit": 1, "evaluation_department": 2, "archiving": 2,
    "rectification": 10, "rectification_check": 2,
}  # fmt: skip
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
    if comes_late(table, desk, cast) and desk.due_at:
        return morning(add_workdays(beijing_date(instant(desk.due_at)), TOO_LATE).date)
    day = add_workdays(beijing_date(entered), WORKING_DAYS.get(desk.node.split(":")[0], 1)).date
    opens = table.self_evaluation_opens
    if table.stage == Stage.MONITORING and opens and day.isoformat() >= opens:
        return entered.replace(minute=0, second=0, microsecond=0) + AN_HOUR
    return morning(day)


def comes_late(table: Table, desk: Desk, cast: Cast) -> bool:
    """Whether this is the one filing that misses its deadline: the late table's first window."""
    first = table.windows[0].window if table.windows else ""
    return table.id == cast.late and desk.node == f"monitoring_filing:{first}"
