"""One act on many tables: each in a transaction of its own, with a result for each, safe to repeat."""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from uuid import UUID, uuid5

from workflows.commands.recipe import Seen
from workflows.errors import GoaltrailError
from workflows.journal import Journal
from workflows.replay import Table

Verb = Callable[[Journal, UUID, Seen, UUID], Table]
"""A verb with its details filled in: journal, table, what was seen, command id."""


@dataclass(frozen=True)
class Result:
    """What became of one table: the table after it, or the refusal that left it untouched."""

    table_id: UUID
    table: Table | None
    refusal: GoaltrailError | None


def for_each(
    open_journal: Callable[[], AbstractContextManager[Journal]], items: Iterable[tuple[UUID, Seen]], verb: Verb,
    *, command_id: UUID,
) -> tuple[Result, ...]:  # fmt: skip
    """Carry a verb out on every table through the same decision function; one refusal does not stop the others.

    Each table gets a command id derived from the common one, so that a second run records nothing twice (features F1).
    """
    return tuple(_one(open_journal, verb, table_id, seen, uuid5(command_id, str(table_id))) for table_id, seen in items)


def _one(
    open_journal: Callable[[], AbstractContextManager[Journal]], verb: Verb, table_id: UUID, seen: Seen,
    command_id: UUID,
) -> Result:  # fmt: skip
    try:
        with open_journal() as journal:
            return Result(table_id, verb(journal, table_id, seen, command_id), None)
    except GoaltrailError as refusal:
        return Result(table_id, None, refusal)
