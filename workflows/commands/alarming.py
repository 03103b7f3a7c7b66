"""The system's word about a task that nobody may take: told once, to those who can help (features C8)."""

from uuid import UUID

from workflows import events as e
from workflows.commands.recipe import Seen, begin
from workflows.folds.replay import Table
from workflows.journal import Journal
from workflows.rights.unassignable import Stranded, stranded_tasks
from workflows.vocabulary import SYSTEM, Action


def mark_unassignable(journal: Journal, table_id: UUID, *, command_id: UUID) -> Table:
    """Record the open tasks that nobody may take, once each; nothing where somebody may, or the table is suspended."""
    work = begin(journal, table_id, SYSTEM, command_id, Action.MARK_UNASSIGNABLE)
    table = work.table
    if work.done or table.ended or table.suspended:
        return table
    stranded = [each for each in stranded_tasks(table, journal.holders) if not each.desk.unassignable]
    if not stranded:
        return table
    work.ask(Action.MARK_UNASSIGNABLE, Seen(table.version))
    return work.record([_fact(each) for each in stranded], SYSTEM.posts[0])


def _fact(stranded: Stranded) -> e.TaskUnassignable:
    desk = stranded.desk
    return e.TaskUnassignable(desk.node, desk.task, desk.round, desk.role, desk.organ, desk.person, stranded.rule)
