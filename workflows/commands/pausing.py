"""Clocks: urge a task, ask for more time and grant it, suspend a table and let it go on."""

from datetime import date, datetime, timedelta
from uuid import UUID

from workflows import events as e
from workflows.clocks.return_clocks import due_after_pause
from workflows.commands.holding import open_desk
from workflows.commands.recipe import Seen, Work, begin, post_at, reason_given
from workflows.definitions.ladders import RESTART
from workflows.errors import FieldsInvalid, NotAllowed, NotFound, NotOpenNow
from workflows.folds.replay import Desk, Table
from workflows.journal import Journal
from workflows.rights.holders import granting_posts, holds, open_inquiries, posts_on, suspending_posts
from workflows.state.inquiries import EXTENSION, Inquiry
from workflows.vocabulary import SYSTEM, Action, Actor, Post
from workflows.workdays import BEIJING, Calendar, Due, beijing_date, official_calendar

URGES_EVERY = timedelta(hours=4)
"""How long a task is left in peace after somebody urged it (features B8)."""


def urge_task(
    journal: Journal, table_id: UUID, *, seen: Seen, by: Actor, command_id: UUID, task: str, note: str = "",
) -> Table:  # fmt: skip
    """Urge those who hold a task; refused within four hours, with the moment from which it is possible again."""
    work = begin(journal, table_id, by, command_id, Action.URGE)
    if work.done:
        return work.table
    work.ask(Action.URGE, seen)
    desk = open_desk(work, task)
    if holds(by, work.table, desk):
        raise NotAllowed("此任务在您手中，无须催办自己。", rule="G-OWN-TASK")
    if desk.urged_at and (again := datetime.fromisoformat(desk.urged_at) + URGES_EVERY) > journal.now():
        at = again.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M")
        raise NotOpenNow(f"此任务刚刚催办过，{at}之后才能再次催办。", rule="G-URGED", at=again.isoformat())
    return work.record((e.TaskUrged(desk.node, desk.task, desk.round, note.strip()),), posts_on(by, work.table)[0])


def ask_extension(
    journal: Journal, table_id: UUID, *, seen: Seen, by: Actor, command_id: UUID, task: str, until: date, reason: str,
) -> Table:  # fmt: skip
    """Ask for a later due date of one's task; the next level up or the performance section answers (B12)."""
    work = begin(journal, table_id, by, command_id, Action.ASK_EXTENSION)
    if work.done:
        return work.table
    answer = work.ask(Action.ASK_EXTENSION, seen, node=task)
    desk = open_desk(work, task)
    now_due = beijing_date(datetime.fromisoformat(desk.due_at)) if desk.due_at else until
    if until <= max(now_due, beijing_date(journal.now())):
        raise FieldsInvalid("延期后的期限须晚于现在的期限和今天。", field="until")
    asked = e.ExtensionAsked(str(work.command_id), desk.node, desk.task, until.isoformat(), reason_given(reason))
    return work.record((asked,), post_at(answer.desk), answer.cover)


def grant_extension(
    journal: Journal, table_id: UUID, *, seen: Seen, by: Actor, command_id: UUID, request: str, opinion: str = "",
) -> Table:  # fmt: skip
    """Grant more time: the task is due at the end of the working day asked for, and reminded of by its new date.

    NotOpenNow once the day asked for is over: that would grant nothing.
    """
    work = begin(journal, table_id, by, command_id, Action.GRANT_EXTENSION)
    if work.done:
        return work.table
    work.ask(Action.GRANT_EXTENSION, seen)
    asked, post = _asked(work, request)
    desk, until = open_desk(work, asked.task), date.fromisoformat(asked.until)
    if until < beijing_date(journal.now()):
        raise NotOpenNow(f"申请延至的{asked.until}已经过去，不能再同意；请不予同意，由申请人重新提出。", rule="G-UNTIL")
    due_set = set_due(work.calendar, desk, until, 0, "extension.granted")
    return work.record((e.ExtensionGranted(asked.id, asked.task, opinion.strip()), due_set), post)


def refuse_extension(
    journal: Journal, table_id: UUID, *, seen: Seen, by: Actor, command_id: UUID, request: str, reason: str,
) -> Table:  # fmt: skip
    """Refuse more time; the due date stays."""
    work = begin(journal, table_id, by, command_id, Action.REFUSE_EXTENSION)
    if work.done:
        return work.table
    work.ask(Action.REFUSE_EXTENSION, seen)
    asked, post = _asked(work, request)
    return work.record((e.ExtensionRefused(asked.id, asked.task, reason_given(reason)),), post)


def suspend_table(
    journal: Journal, table_id: UUID, *, seen: Seen, by: Actor, command_id: UUID, until: date, reason: str,
) -> Table:  # fmt: skip
    """Put a table on hold until a date: no clock runs, and it can be read but not acted on (A17, T22)."""
    work = begin(journal, table_id, by, command_id, Action.SUSPEND)
    if work.done:
        return work.table
    work.ask(Action.SUSPEND, seen)
    if until <= beijing_date(journal.now()):
        raise FieldsInvalid("恢复日期须晚于今天。", field="until")
    suspended = e.TableSuspended(until.isoformat(), reason_given(reason))
    return work.record((suspended,), suspending_posts(by, work.table)[0])


def resume_table(
    journal: Journal, table_id: UUID, *, seen: Seen, by: Actor, command_id: UUID, reason: str = "",
) -> Table:  # fmt: skip
    """Let a suspended table go on: every open task is due as many working days later as the table stood still."""
    work = begin(journal, table_id, by, command_id, Action.RESUME)
    if work.done:
        return work.table
    work.ask(Action.RESUME, seen)
    return work.record(_going_on(work, reason), suspending_posts(by, work.table)[0])


def resume_expired(journal: Journal, table_id: UUID, *, command_id: UUID) -> Table:
    """Let a table go on whose date has come, by the system; nothing where it goes on already or waits longer."""
    work = begin(journal, table_id, SYSTEM, command_id, Action.RESUME)
    pause = work.table.suspended
    if work.done or pause is None or date.fromisoformat(pause.until) > beijing_date(journal.now()):
        return work.table
    work.ask(Action.RESUME, Seen(work.table.version))
    return work.record(_going_on(work, ""), SYSTEM.posts[0])


def set_due(calendar: Calendar, desk: Desk, day: date, workdays: int, rule: str) -> e.TaskDueSet:
    """Return the fact that a task is due so many working days after a day, by the end of that working day."""
    due = calendar.add_workdays(day, workdays)
    provisional = due.provisional or desk.provisional
    return e.TaskDueSet(
        desk.node, desk.task, desk.round, due.moment.isoformat(), provisional, due.calendar_version, rule
    )


def _going_on(work: Work, reason: str) -> tuple[e.Event, ...]:
    """Return the facts of a pause's end; a task due when it was gets its clock anew too, for its timers are gone."""
    since = work.table.suspended.since if work.table.suspended else work.table.last_at
    calendar = work.calendar
    days = calendar.workdays_within(beijing_date(datetime.fromisoformat(since)), beijing_date(work.journal.now()))
    shifted = (_after_pause(work, desk, since) for desk in work.table.desks if desk.due_at)
    return (e.TableResumed(days, reason.strip()), *shifted)


def _after_pause(work: Work, desk: Desk, since: str) -> e.TaskDueSet:
    """Return the fact when a task is due that waited since a moment (UTC ISO), as its node says: by default paused."""
    name, was = desk.node.partition(":")[0], beijing_date(datetime.fromisoformat(desk.due_at or since))
    node = next((each for each in work.chain.nodes if each.node == name), None)
    before = Due(was, desk.provisional, desk.calendar or official_calendar().version)
    today, began = beijing_date(work.journal.now()), beijing_date(datetime.fromisoformat(since))
    due = due_after_pause(node, before, began, today, work.calendar)
    provisional = due.provisional or (desk.provisional and not (node and node.on_suspend == RESTART))
    return e.TaskDueSet(
        desk.node, desk.task, desk.round, due.moment.isoformat(), provisional, due.calendar_version, "table.resumed"
    )


def _asked(work: Work, request: str) -> tuple[Inquiry, Post]:
    """Return the request for more time and the post under which the person answers it."""
    asked = next((each for each in open_inquiries(work.table, EXTENSION) if each.id == request), None)
    if asked is None:
        raise NotFound
    posts = granting_posts(work.by, work.table, asked)
    if not posts:
        raise NotOpenNow("此项延期申请不由您答复。", rule="R-GRANT")
    return asked, posts[0]
