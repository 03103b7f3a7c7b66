"""One act on many tables: read at once, decided one by one, written at once, with a result for each, safe to repeat."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from uuid import UUID, uuid5

from workflows.commands.recipe import Seen, own_command
from workflows.errors import FieldsInvalid, GoaltrailError, NotDoneTogether, OnlyAlone
from workflows.folds.replay import Table
from workflows.journal import Content, Journal
from workflows.rights.bulk_rules import JUDGED, refusal_in_bulk
from workflows.vocabulary import Action, Actor

MOST_AT_ONCE = 1_000
"""Tables that one bulk act may name (features F1)."""
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


@dataclass(frozen=True)
class _Act:
    """A verb as one person carries it out on many tables."""

    verb: Verb
    by: Actor
    action: Action

    def own(self, command_id: UUID) -> UUID:
        return own_command(command_id, self.by, self.action)

    def alone_refused(self, known: Mapping[str, Content]) -> Verb:
        """Return the verb as it acts among many: what it decided counts only where the table needs no act of its own.

        Whatever the verb itself refuses comes first, so that nothing is said of a table that the person may not read.
        A command that was carried out before is not judged again. `known` are contents read beforehand.
        """
        if self.action not in JUDGED:
            return self.verb

        def act(journal: Journal, table_id: UUID, seen: Seen, command_id: UUID) -> Table:
            before = journal.recorded(table_id, self.own(command_id))
            table = self.verb(journal, table_id, seen, command_id)
            content = known.get(table.content_hash) or journal.content(table.content_hash)
            refusal = None if before else refusal_in_bulk(table, content)
            if refusal:
                raise OnlyAlone(refusal.sentence, rule=refusal.rule)
            return table

        return act


class _TakenBack(GoaltrailError):
    """One of all was refused, so that all are taken back; never told."""

    def __init__(self, results: tuple[Result, ...]) -> None:
        super().__init__()
        self.results = results


def for_all(
    open_journal: Opens, items: Items, verb: Verb, *, by: Actor, action: Action, command_id: UUID
) -> tuple[Result, ...]:
    """Carry a verb of one person out on every table in one commit; a refused table is left untouched.

    All tables are locked, in the order of their IDs, and read by one statement; each is decided by the verb alone, and
    what was decided is written by one statement. Where that write itself is refused, each table is tried on its own.
    Tables that must be decided alone (workflows/rights/bulk_rules.py) are refused. FieldsInvalid for too many tables.
    """
    refuse_too_many(items)
    act, commands = _Act(verb, by, action), _commands(items, command_id)
    if len(commands) >= max(2, len(items)):
        with suppress(GoaltrailError), open_journal() as journal:
            return _together(journal, items, commands, act)
    return for_each(open_journal, items, act.alone_refused({}), command_id=command_id)


def all_or_none(
    open_journal: Opens, items: Items, verb: Verb, *, by: Actor, action: Action, command_id: UUID
) -> tuple[Result, ...]:
    """Carry a verb out on every table in one commit, or on none: one refusal takes everything back (features F6).

    The refused ones carry their own refusal, all others NotDoneTogether. FieldsInvalid for too many tables, or for one
    that is named twice.
    """
    refuse_too_many(items)
    act, commands = _Act(verb, by, action), _commands(items, command_id)
    if len(commands) < len(items):
        raise FieldsInvalid("同一张表列了两次。", field="items")
    try:
        with open_journal() as journal:
            return _or_none(_together(journal, items, commands, act))
    except _TakenBack as back:
        return tuple(Result(each.table_id, None, each.refusal or NotDoneTogether()) for each in back.results)
    except GoaltrailError as refusal:
        return tuple(Result(table_id, None, refusal) for table_id, _ in items)


def for_each(
    open_journal: Opens, items: Iterable[tuple[UUID, Seen]], verb: Verb, *, command_id: UUID
) -> tuple[Result, ...]:
    """Carry a verb out on every table, each in a transaction of its own; one refusal does not stop the others.

    Each table gets a command id derived from the common one, so that a second run records nothing twice (features F1).
    Tables are taken in the order of their IDs, so that two runs that keep their locks never wait for one another.
    """
    asked = tuple(items)
    ordered = sorted(range(len(asked)), key=lambda place: asked[place][0])
    found = {}
    for place in ordered:
        table_id, seen = asked[place]
        found[place] = _one(open_journal, verb, table_id, seen, uuid5(command_id, str(table_id)))
    return tuple(found[place] for place in range(len(asked)))


def _commands(items: Items, command_id: UUID) -> Mapping[UUID, UUID]:
    return {table_id: uuid5(command_id, str(table_id)) for table_id, _ in items}


def refuse_too_many(items: Items) -> None:
    """Raise FieldsInvalid for more tables than one bulk act may name."""
    if len(items) > MOST_AT_ONCE:
        raise FieldsInvalid(f"一次最多办理{MOST_AT_ONCE:,}张表，请分批办理。", field="items")


def _together(journal: Journal, items: Items, commands: Mapping[UUID, UUID], act: _Act) -> tuple[Result, ...]:
    with journal.together(tuple(commands), [act.own(each) for each in commands.values()]):
        known = journal.contents_among({seen.content_hash for _, seen in items if seen.content_hash})
        verb = act.alone_refused(known)
        return tuple(_attempt(journal, verb, table_id, seen, commands[table_id]) for table_id, seen in items)


def _or_none(results: tuple[Result, ...]) -> tuple[Result, ...]:
    if any(each.refusal for each in results):
        raise _TakenBack(results)
    return results


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
