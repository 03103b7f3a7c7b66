"""Working time of offices that work from nine to six: until when so much of it is gone, and how much lies between."""

import datetime as dt

from workflows.calendars.deadlines import START_OF_WORK
from workflows.workdays import BEIJING, END_OF_WORK, ONE_DAY, Calendar, beijing_date


def add_work_time(moment: dt.datetime, length: dt.timedelta, calendar: Calendar) -> dt.datetime:
    """Return the moment (UTC) by which `length` of working time has passed since a moment with time zone."""
    day, left = beijing_date(moment), length
    while True:
        begins = max(moment, dt.datetime.combine(day, START_OF_WORK, BEIJING))
        ends = dt.datetime.combine(day, END_OF_WORK, BEIJING)
        if calendar.is_workday(day) and ends > begins:
            if ends - begins >= left:
                return (begins + left).astimezone(dt.UTC)
            left -= ends - begins
        day += ONE_DAY


def work_time_between(since: dt.datetime, until: dt.datetime, calendar: Calendar) -> dt.timedelta:
    """Return how much working time lies between two moments with time zone; none where the second is not later."""
    total, day, last = dt.timedelta(), beijing_date(since), beijing_date(until)
    while day <= last:
        if calendar.is_workday(day):
            begins = max(since, dt.datetime.combine(day, START_OF_WORK, BEIJING))
            ends = min(until, dt.datetime.combine(day, END_OF_WORK, BEIJING))
            total += max(ends - begins, dt.timedelta())
        day += ONE_DAY
    return total
