"""B6, B7: what reminds, escalates and hands over is the log's and the calendar's alone, over random histories of all."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import roster
from tests.support.campaigns import closed, extended, opened
from tests.support.hands import act
from tests.support.notices_by_the_log import works
from tests.workflows.test_clocks import at_nine, do, laddered, observed, recount, step, task_of
from tests.workflows.test_publishing_calendars import published
from tests.workflows.test_recounting import notice
from workflows.calendars import shipped_content
from workflows.calendars.in_force import CALENDAR_STREAM, calendar_among
from workflows.campaigns import campaign_from
from workflows.campaigns.moments import last_day
from workflows.campaigns.reminding import reminders_of
from workflows.clocks.timers import timers_of
from workflows.commands import recalling, reviewing
from workflows.commands.recounting import recount_due
from workflows.definitions import chain_from
from workflows.errors import GoaltrailError
from workflows.folds.replay import replay

NOTICES = {
    "two days off": "2026-01-07,放假\n2026-01-08,放假\n2026-01-10,调休上班\n2026-01-11,调休上班\n",
    "a late holiday": "2026-01-14,放假\n2026-01-15,放假\n2026-01-16,放假\n2026-01-24,调休上班\n",
    "two Saturdays": "2026-01-17,调休上班\n2026-01-31,调休上班\n2026-01-12,放假\n",
}
WORDS = (
    "wait", "return", "extend", "suspend", "resume", "come back", "approve", "take back", "superior", "more time", "end campaign", *NOTICES,
)  # fmt: skip
ACTS = st.lists(st.tuples(st.integers(1, 8), st.sampled_from(WORDS), st.integers(2, 12)), min_size=1, max_size=9)
RULES = st.sampled_from(["restart", "continue", "pause"])


class History:
    """A table with a ladder and a campaign, both under calendars that change, moved on act by act."""

    def __init__(self, on_return: str, on_suspend: str) -> None:
        self.life, self.clock = laddered(on_return=on_return, on_suspend=on_suspend)
        self.campaign = opened(self.life.journal, closes="2026-01-30", opens="2026-01-06")

    def go(self, acts) -> None:
        for days, what, more in acts:
            self.clock.until(self.life.journal.at + timedelta(days=days, hours=2))
            try:
                self.does(what, more)
            except GoaltrailError:
                self.life.table = self.life.journal.lock_table(self.life.table.id)
            self.life.table = recount_due(self.life.journal, self.life.table.id)
        self.clock.until(self.life.journal.at + timedelta(days=40))

    def does(self, what: str, more: int) -> None:
        journal = self.life.journal
        if what in NOTICES:
            published(journal, notice(NOTICES[what]))
        elif what == "take back":
            act(self.life, recalling.recall_decision, roster.FINANCE_BUSINESS, reason="附件须再核对一次")
        elif what == "superior" and task_of(self.life):
            act(self.life, reviewing.approve_table, roster.FINANCE_LEADER, opinion="同意")
        elif what == "more time":
            day = journal.at + timedelta(days=more + 20)
            self.campaign = extended(journal, self.campaign, day.date().isoformat(), *([roster.UNIT] if more % 2 else []))
        elif what == "end campaign":
            self.campaign = closed(journal, self.campaign)
        else:
            do(self.life, self.clock, what, more)

    @property
    def calendars(self):
        return {each.fact.content_hash: self.life.journal.content(each.fact.content_hash) for each in self.publications}

    @property
    def publications(self):
        return [each for each in self.life.journal.history(CALENDAR_STREAM) if each.kind == "calendar.published"]


def moved(on_return, on_suspend, acts) -> History:
    history = History(on_return, on_suspend)
    history.go(acts)
    return history


def again_from_the_log(found: History):
    """What would fire if nothing but each prefix of the table's list was read: timers of the state, by their moment."""
    life, fired, came = found.life, set(), set()
    events = life.journal.history(life.table.id)
    chains = {events[0].fact.definition_hash: chain_from(life.definition)}
    ends = [*(each.at for each in events[1:]), life.journal.at]
    for number, end in enumerate(ends, 1):
        if end == events[number - 1].at:  # inside one command nothing fires
            continue
        state = replay(life.table.id, events[:number])
        for timer in timers_of(state, life.journal.calendar, chains.get):
            if timer.due_at < end and (timer.task, timer.kind) not in fired:
                fired.add((timer.task, timer.kind))
                came |= {(timer.task, timer.kind)} if timer.kind.startswith("T") else set()
    return came


def campaign_rungs(found: History) -> set[tuple[str, datetime]]:
    """Which rungs of which closing the product's own function asks for, event by event and calendar by calendar."""
    journal, came = found.life.journal, set()
    stream = journal.history(found.campaign.id)
    moments = sorted({each.at for each in (*stream, *found.publications)})
    for at, end in zip(moments, [*moments[1:], journal.at], strict=True):
        campaign = campaign_from([each for each in stream if each.at <= at], journal.content)
        if campaign is None:
            continue
        versions = [each.fact.content_hash for each in found.publications if each.at <= at]
        calendar = calendar_among(versions, journal.content).of(roster.BUREAU)
        came |= {(each.rung, each.closes) for each in reminders_of(campaign, calendar, at) if each.due_at <= end}
    return came


def campaign_rungs_by_hand(found: History) -> set[tuple[str, datetime]]:
    """The same by walking through the days: at nine, which closing of some unit is seven, three, one working day ahead?"""
    journal = found.life.journal
    stream, came, shipped = journal.history(found.campaign.id), set(), shipped_content()
    opens = datetime.fromisoformat(stream[0].fact.opens)
    for moment in nine_to_nine(stream[0].at, journal.at):
        told = [each for each in stream if each.at < moment]
        in_force = [each.fact.content_hash for each in found.publications if each.at < moment]
        content = journal.content(in_force[-1]) if in_force else shipped
        if moment <= opens or any(each.kind == "campaign.closed" for each in told):
            continue
        came |= {(rung, closes) for rung, closes in due_rungs(told, moment, content) if moment < closes}
    return came


def due_rungs(told, moment, content) -> Iterator[tuple[str, datetime]]:
    first, units = told[0].fact, [roster.UNIT, roster.OTHER_UNIT]
    longer = [each.fact for each in told if each.kind == "campaign.extended"]
    for unit in units:
        mine = [datetime.fromisoformat(fact.closes) for fact in longer if not fact.units or unit in fact.units]
        closes = max([datetime.fromisoformat(first.closes), *mine])
        for rung, before in (("T-7", 7), ("T-3", 3), ("T-1", 1), ("T", 0)):
            if step(last_day(closes), -before, lambda day: works(day, content)) == moment.date():
                yield rung, closes


def nine_to_nine(first: datetime, last: datetime) -> Iterator[datetime]:
    day: date = first.date()
    while at_nine(day) <= last:
        if at_nine(day) > first:
            yield at_nine(day)
        day += timedelta(days=1)


def check(on_return, on_suspend, acts) -> None:
    found = moved(on_return, on_suspend, acts)
    life, clock = found.life, found.clock
    assert observed(life, clock) == recount(life.journal.history(life.table.id), life.journal.at, calendars=found.calendars)
    assert {(task, rung) for task, rung, _ in clock.told} == {(task.partition("#")[0], kind) for task, kind in again_from_the_log(found)}
    assert campaign_rungs(found) == campaign_rungs_by_hand(found)


@given(RULES, RULES, ACTS)
@settings(max_examples=20)
def test_what_came_by_time_follows_from_log_and_calendar(on_return, on_suspend, acts):
    check(on_return, on_suspend, acts)


@pytest.mark.long
@pytest.mark.timeout(1_800)
@given(RULES, RULES, ACTS)
@settings(max_examples=1_000)
def test_what_came_by_time_follows_from_log_and_calendar_in_many_histories(on_return, on_suspend, acts):
    check(on_return, on_suspend, acts)
