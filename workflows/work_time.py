"""Working time: how long from now until so many hours of offices that work from nine to six have gone by."""

import datetime as dt

from workflows.deadlines import START_OF_WORK
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
