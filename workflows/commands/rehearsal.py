"""A verb tried and taken back: what it would record, how the table would stand, who would be told (features J9)."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from uuid import UUID

from workflows.addressees import Notice
from workflows.commands.calling import called_in
from workflows.content.naming import BY_CODE, Called
from workflows.errors import GoaltrailError
from workflows.events import Recorded
from workflows.folds.replay import Table, apply
from workflows.journal import Journal
from workflows.words.notices import told_of
from workflows.words.sentences import sentence

Opens = Callable[[], AbstractContextManager[Journal]]


@dataclass(frozen=True)
class Rehearsed:
    """What a verb would have done to one table: its events with their sentences, the table after it, the notices."""

    table: Table
    events: tuple[Recorded, ...]
    notices: tuple[Notice, ...]
    called: Called = BY_CODE

    @property
    def sentences(self) -> tuple[str, ...]:
        """Return what each event would say."""
        return tuple(sentence(each, self.called) for each in self.events)


class _Over(GoaltrailError):
    """The rehearsal is over; raised so that nothing of it is kept, and never told."""


@contextmanager
def rehearsal(open_journal: Opens) -> Iterator[Journal]:
    """Open a journal on which everything is decided and written as in earnest, and nothing is kept.

    `open_journal` has to take back what was written in its block when an error leaves it: a transaction does, and so
    does a part of one. A refusal of the verb passes through.
    """
    over = _Over()
    try:
        with open_journal() as journal:
            yield journal
            raise over
    except _Over as ended:
        if ended is not over:
            raise


def rehearse(open_journal: Opens, table_id: UUID, act: Callable[[Journal], object]) -> Rehearsed:
    """Try one act on one table and take it back; the verb's refusal is raised as in earnest."""
    with rehearsal(open_journal) as journal:
        before = journal.lock_table(table_id)
        act(journal)
        events = journal.history(table_id)[before.version :]
        called = called_in(journal, before, journal.history(table_id))
    return replace(told(before, events), called=called)


def told(before: Table, events: Sequence[Recorded]) -> Rehearsed:
    """Return how a table would stand after these events, and who would be told of each."""
    table, notices = before, list[Notice]()
    for each in events:
        after = apply(table, each)
        notices += told_of(each, table, after)
        table = after
    return Rehearsed(table, tuple(events), tuple(notices))
