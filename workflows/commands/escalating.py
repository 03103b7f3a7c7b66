"""What the system does when a rung of a ladder or a copy's term comes: it tells, lets in, notes; it decides nothing."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from workflows import events as e
from workflows.commands.recipe import Seen, Work, begin
from workflows.definitions.ladders import Step
from workflows.folds.replay import Desk, Table
from workflows.journal import Journal
from workflows.rights.receivers import organ_of, receivers
from workflows.vocabulary import SYSTEM, Action, Actor
from workflows.workdays import beijing_date

READ_AFTER = "copies_read_after"
"""The rule by which a copy counts as read; in the event the number of working days follows it."""


def escalate_task(journal: Journal, table_id: UUID, *, task: str, kind: str, command_id: UUID) -> Table:
    """Carry out the escalation of that kind (inform.T+3, hand.T+5) for an open task, by the table's own chain.

    Nothing where the task is closed, the table is suspended, or the chain knows no such rung. Where nobody can be told
    the alarm goes off that goes off for a task without anybody (C8).
    """
    work = begin(journal, table_id, SYSTEM, command_id, Action.ESCALATE)
    table, desk = work.table, work.table.task(task)
    step = _step_of(work, desk, kind) if desk else None
    if work.done or desk is None or step is None or table.suspended or table.ended:
        return table
    people = receivers(table, desk, step, journal.holders)
    if not people and desk.unassignable:
        return table
    work.ask(Action.ESCALATE, Seen(table.version))
    fact = _escalated(table, desk, step, people) if people else _alarm(table, desk, step)
    return work.record((fact,), SYSTEM.posts[0])


def _step_of(work: Work, desk: Desk, kind: str) -> Step | None:
    ladder = work.chain.ladder_of(desk.node.partition(":")[0])
    return next((step for step in ladder if step.kind == kind and step.role), None)


def _escalated(table: Table, desk: Desk, step: Step, people: Sequence[Actor]) -> e.TaskEscalated:
    return e.TaskEscalated(
        desk.node, desk.task, desk.round, step.at, step.do.value, str(step.role), organ_of(table, step),
        tuple({"person": each.id, "name": each.name} for each in people), desk.due_at or "", step.rule,
    )  # fmt: skip


def _alarm(table: Table, desk: Desk, step: Step) -> e.TaskUnassignable:
    """Return the alarm that nobody is there whom the rung could reach, or whom segregation lets decide."""
    return e.TaskUnassignable(
        desk.node, desk.task, desk.round, str(step.role), organ_of(table, step), None, step.rule
    )


def term_of_copy(work: Work, copy: str) -> tuple[e.CopyTermSet, ...]:
    """Return the fact by when a copy just sent counts as read, where the table's chain says so."""
    days = work.chain.copies_read_after
    if not days:
        return ()
    due = work.calendar.add_workdays(beijing_date(work.journal.now()), days)
    rule = f"{READ_AFTER}:{days}"
    return (e.CopyTermSet(copy, due.moment.isoformat(), due.provisional, due.calendar_version, rule),)


def deem_read(journal: Journal, table_id: UUID, *, copy: str, person: str, command_id: UUID) -> Table:
    """Note that a person's copy counts as read, its term being over; nothing where it was read or has no term."""
    work = begin(journal, table_id, SYSTEM, command_id, Action.DEEM_READ)
    found = next((each for each in work.table.copies if (each.copy, each.person) == (copy, person)), None)
    if work.done or found is None or found.read_at or not found.read_due:
        return work.table
    if datetime.fromisoformat(found.read_due) > journal.now():
        return work.table
    work.ask(Action.DEEM_READ, Seen(work.table.version))
    sent = [each.fact for each in journal.history(table_id) if getattr(each.fact, "copy", "") == copy]
    name = next(
        each["name"] for fact in sent if isinstance(fact, e.CopySent) for each in fact.people
        if each["person"] == person
    )  # fmt: skip
    rule = next(fact.rule for fact in sent if isinstance(fact, e.CopyTermSet))
    return work.record((e.CopyDeemedRead(copy, person, name, rule),), SYSTEM.posts[0])
