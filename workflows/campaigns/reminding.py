"""Which moments a campaign waits for: seven, three, one working day before a closing, and its day itself."""

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from workflows.calendars.deadlines import START_OF_WORK
from workflows.campaigns.moments import last_day
from workflows.campaigns.standing import Campaign
from workflows.workdays import BEIJING, Calendar

RUNGS = (("T-7", 7), ("T-3", 3), ("T-1", 1), ("T", 0))
TASK = "campaign"


@dataclass(frozen=True)
class Reminder:
    """One moment (UTC): its rung, the closing that it speaks of, and whether the calendar there is provisional."""

    rung: str
    closes: dt.datetime
    due_at: dt.datetime
    provisional: bool
    calendar: str

    @property
    def task(self) -> str:
        """Return what tells a reminder from that of another closing, or of the same by another calendar."""
        return f"{TASK}:{self.closes.isoformat()}:{self.due_at.date().isoformat()}:{self.calendar[:8]}"

    def key(self, stream: UUID) -> str:
        """Return the key under which it is set once."""
        return f"{stream}:{self.task}:{self.rung}"


def closing_in(task: str) -> dt.datetime:
    """Return the closing that a reminder's task speaks of."""
    return dt.datetime.fromisoformat(task.partition(":")[2].rsplit(":", 2)[0])


def closings_of(campaign: Campaign) -> tuple[dt.datetime, ...]:
    """Return every closing that counts for some unit, the earliest first; none once the campaign was ended."""
    return () if campaign.closed_at else tuple(sorted({campaign.closes_for(unit) for unit in campaign.scope}))


def all_reminders(campaign: Campaign, calendar: Calendar) -> tuple[Reminder, ...]:
    """Return the rungs of every closing that counts for some unit, past ones among them."""
    return tuple(each for closes in closings_of(campaign) for each in _rungs(closes, calendar))


def reminders_of(campaign: Campaign, calendar: Calendar, now: dt.datetime) -> tuple[Reminder, ...]:
    """Return what is still ahead: the rungs of every closing that counts for some unit, at 09:00 of a working day."""
    found = all_reminders(campaign, calendar)
    return tuple(each for each in found if max(now, campaign.opens) < each.due_at < each.closes)


def _rungs(closes: dt.datetime, calendar: Calendar) -> tuple[Reminder, ...]:
    day = last_day(closes)
    last = day if calendar.is_workday(day) else calendar.add_workdays(day, -1).date
    found = []
    for rung, before in RUNGS:
        due = calendar.add_workdays(last, -before)
        moment = dt.datetime.combine(due.date, START_OF_WORK, BEIJING).astimezone(dt.UTC)
        found.append(Reminder(rung, closes, moment, due.provisional, calendar.version))
    return tuple(found)


def workdays_left(closes: dt.datetime, calendar: Calendar, now: dt.datetime) -> int:
    """Return how many working days are left after today, up to and with the last; below zero once it is over."""
    if now >= closes:
        return -1
    return calendar.workdays_within(now.astimezone(BEIJING).date(), last_day(closes))
