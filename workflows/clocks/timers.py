"""Which moments a table waits for: rungs, overdue marks, openings of windows, from its state and its chain alone."""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from workflows.calendars.deadlines import START_OF_WORK, ladder
from workflows.definitions import Chain
from workflows.definitions.ladders import REMINDED, Deed, Step
from workflows.folds.replay import Desk, Table
from workflows.state.disclosures import PUBLIC_MARK
from workflows.vocabulary import Stage
from workflows.workdays import BEIJING, Calendar, Calendars, Due, beijing_date, counted_by, official_calendar

OVERDUE, OPEN_MONITORING, OPEN_SELF_EVALUATION = "overdue", "monitoring.open", "selfeval.open"
RELEASE, RESUME = "claim.release", "suspension.end"
SELF_EVALUATION, SUSPENSION = "selfeval", "suspension"
PASS_ON, DISCLOSE, DEEM_READ = "pass_on", "disclose", "copy.deem_read"
Chains = Callable[[str], Chain | None]
"""The chain of a hash, None for one without ladders of its own."""


def only_shipped(_version: str) -> Calendar:
    """Return the shipped calendar, for tables whose clocks no published one has counted."""
    return official_calendar()


def usual_ladders(_hash: str) -> None:
    """Return no chain: every node has the usual reminders."""


@dataclass(frozen=True)
class Timer:
    """A moment (UTC) at which something is due: `task` is the desk's task or the window's key.

    `kind` is a rung of the ladder (T-3, T-1, T, T+1, inform.T+3, hand.T+5), or one of the words above.
    Where a moment was set anew, "#" and what tells it from the one before follow in `task`: no timer is set twice.
    """

    task: str
    kind: str
    due_at: dt.datetime
    provisional: bool = False


def meant(task: str) -> str:
    """Return the task or window that a timer's `task` names."""
    return task.partition("#")[0]


def timers_of(
    table: Table, calendars: Calendars = only_shipped, chains: Chains = usual_ladders
) -> tuple[Timer, ...]:
    """Return every timer that the table's state asks for, past ones among them; nothing once its life is over.

    Each desk's rungs are counted by the version of the calendar that its due moment was counted by; which ones there
    are, the chain says that the table is pinned to.
    """
    if table.ended:
        return ()
    if table.suspended:
        until = _morning(table.suspended.until)
        return (Timer(f"{SUSPENSION}#{table.suspended.since}", RESUME, until),)
    chain = chains(table.definition_hash) if any(desk.due_at for desk in table.desks) else None
    desks = (
        timer for desk in table.desks
        for timer in _of_desk(
            desk, counted_by(desk.calendar, calendars).of(table.bureau),
            chain.ladder_of(desk.node.partition(":")[0]) if chain else REMINDED,
        )
    )  # fmt: skip
    return (*desks, *_of_year(table), *_of_amendment(table), *_after_reply(table), *_of_copies(table))


def _of_desk(desk: Desk, calendar: Calendar, steps: tuple[Step, ...]) -> Iterator[Timer]:
    """Yield the rungs after the due moment was set, and that moment (features B6, B7); the end of a claim besides.

    A rung that hands the task to a superior comes even where its moment lies before, at a task opened again by 拿回 or
    by a clock that ran on: that a task is late enough for him to decide it does not end with the task before.
    """
    if desk.claimed_until:
        yield Timer(f"{desk.task}#{desk.claimed_until}", RELEASE, dt.datetime.fromisoformat(desk.claimed_until))
    if desk.due_at is None:
        return
    task = f"{desk.task}#{desk.clock}" if desk.clock else desk.task
    due_at = dt.datetime.fromisoformat(desk.due_at)
    known = dt.datetime.fromisoformat(desk.due_set_at or desk.entered_at)
    rungs = tuple((step.kind, step.days) for step in steps)
    for rung in ladder(Due(beijing_date(due_at), desk.provisional, ""), calendar, rungs):
        if rung.fires_at > known or rung.code in _handed_late(desk, steps):
            yield Timer(task, rung.code, rung.fires_at, rung.provisional)
    yield Timer(task, OVERDUE, due_at, desk.provisional)


def _handed_late(desk: Desk, steps: tuple[Step, ...]) -> frozenset[str]:
    """Return the rungs that hand the task to a superior who has no seat there yet by that rung."""
    seated = {(rung, do) for rung, do, _role, _organ in desk.escalated}
    return frozenset(
        step.kind for step in steps if step.do == Deed.HAND and (step.at, step.do.value) not in seated
    )


def _of_copies(table: Table) -> Iterator[Timer]:
    """Yield the moments at which copies count as read that nobody opened, where the chain says so (视同已阅)."""
    for each in table.copies:
        if each.read_due and not each.read_at:
            due = dt.datetime.fromisoformat(each.read_due)
            yield Timer(f"{each.copy}:{each.person}{_again(table)}", DEEM_READ, due)


def _of_amendment(table: Table) -> Iterator[Timer]:
    """Yield the rungs of a direct completion that waits for the unit; nothing happens by itself when they are over."""
    asked = table.amendment
    if asked is None:
        return
    due, since = (dt.datetime.fromisoformat(moment) for moment in (asked.due_at, asked.proposed_at))
    for rung in ladder(Due(beijing_date(due), asked.provisional, "")):
        if rung.fires_at > since:
            yield Timer(f"{asked.amendment}{_again(table)}", rung.code, rung.fires_at, rung.provisional)


def _after_reply(table: Table) -> Iterator[Timer]:
    """Yield the rungs of what is due after the newest reply: passing it on to the unit, disclosure where it is 公开."""
    replied = table.replied
    if replied is None:
        return
    passing = f"{PASS_ON}#r{replied.revision}" if replied.revision else PASS_ON
    terms = [(passing, replied.pass_on_due, replied.on)] if replied.waits else []
    if replied.disclose_due and table.disclosure == PUBLIC_MARK:
        terms.append((DISCLOSE, replied.disclose_due, replied.began))
    for task, day, since in terms:
        for rung in ladder(Due(dt.date.fromisoformat(day), False, "")):  # noqa: FBT003 - fields of a value
            if beijing_date(rung.fires_at).isoformat() > since:
                yield Timer(f"{task}{_again(table)}", rung.code, rung.fires_at, rung.provisional)


def _of_year(table: Table) -> Iterator[Timer]:
    if table.stage != Stage.MONITORING:
        return
    for window in table.windows:
        if window.state == "planned" and not table.paused:
            yield Timer(f"{window.window}{_again_or_paused(table)}", OPEN_MONITORING, _morning(window.date))
    if table.self_evaluation_opens and not table.revision:
        yield Timer(f"{SELF_EVALUATION}{_again(table)}", OPEN_SELF_EVALUATION, _morning(table.self_evaluation_opens))


def _again(table: Table) -> str:
    """Return what tells a moment set anew after a pause from the one before: a pause takes all other timers away."""
    return f"#{table.resumptions}" if table.resumptions else ""


def _again_or_paused(table: Table) -> str:
    """Return the same for a window's opening, which a pause of the project takes away too."""
    return f"#{table.resumptions}.{len(table.pauses)}" if table.pauses else _again(table)


def _morning(date: str) -> dt.datetime:
    day = dt.date.fromisoformat(date[:10])
    return dt.datetime.combine(day, START_OF_WORK, BEIJING).astimezone(dt.UTC)
