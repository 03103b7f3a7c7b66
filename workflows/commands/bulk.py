"""One act on many tables: read at once, decided one by one, written at once, with a result for each, safe to repeat."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from uuid import UUID, uuid5

from workflows.commands.recipe import Seen, own_command
from workflows.errors import GoaltrailError
from workflows.journal import Journal
from workflows.replay import Table
from workflows.vocabulary import Action, Actor

Verb = Callable[[Journal, UUID, Seen, UUID], Table]
"""A verb with its details filled in: journal, table, what was seen, command id."""
Opens = Callable[[], AbstractContextManager[Journal]]
Items = Sequence[tuple[UUID, Seen]]


@dataclass(frozen=True)
class Result:
    """What became of one table: the table after it, or the refusal that left it untouched."""

    table_id: UUID
    table: Table | None
    refusal: GoaltrailError | None


def for_all(
    open_journal: Opens, items: Items, verb: Verb, *, by: Actor, action: Action, command_id: UUID
) -> tuple[Result, ...]:
    """Carry a verb of one person out on every table in one commit; a refused table is left untouched.

    All tables are locked, in the order of their IDs, and read by one statement; each is decided by the verb alone, and
    what was decided is written by one statement. Where that write itself is refused, each table is tried on its own.
    """
    commands = {table_id: uuid5(command_id, str(table_id)) for table_id, _ in items}
    if len(commands) < max(2, len(items)):
        return for_each(open_journal, items, verb, command_id=command_id)
    owned = [own_command(commands[table_id], by, action) for table_id in commands]
    try:
        with open_journal() as journal, journal.together(tuple(commands), owned):
            return tuple(_attempt(journal, verb, table_id, seen, commands[table_id]) for table_id, seen in items)
    except GoaltrailError:
        return for_each(open_journal, items, verb, command_id=command_id)


def for_each(
    open_journal: Opens, items: Iterable[tuple[UUID, Seen]], verb: Verb, *, command_id: UUID
) -> tuple[Result, ...]:
    """Carry a verb out on every table, each in a transaction of its own; one refusal does not stop the others.

    Each table gets a command id derived from the common one, so that a second run records nothing twice (features F1).
    """
    return tuple(_one(open_journal, verb, table_id, seen, uuid5(command_id, str(table_id))) for table_id, seen in items)


def _attempt(journal: Journal, verb: Verb, table_id: UUID, seen: Seen, command_id: UUID) -> Result:
    try:
        with journal.attempt(table_id):
            return Result(table_id, verb(journal, table_id, seen, command_id), None)
    except GoaltrailError as refusal:
        return Result(table_id, None, refusal)


def _one(open_journal: Opens, verb: Verb, table_id: UUID, seen: Seen, command_id: UUID) -> Result:
    try:
        with open_journal() as journal:
            return Result(table_id, verb(journal, table_id, seen, command_id), None)
    except GoaltrailError as refusal:
        return Result(table_id, None, refusal)
