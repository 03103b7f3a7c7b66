"""One action on one table: what was seen, the verb of the registry, what it recorded and the table after it."""

from collections.abc import Callable
from uuid import UUID

from flask import g

from service.api.answers import Done, NewEvent, TableHead
from service.api.asked import Asked
from service.api.entry import Call, Entry
from service.api.heads import Match, head_of
from service.api.operation import Reply
from service.api.refusals import MatchMissing, TableMovedOn
from service.context import journal, person, transaction
from workflows.commands.recipe import Seen, own_command
from workflows.errors import TableChangedMeanwhile
from workflows.journal import Journal
from workflows.store.queries import refuse_unseen, table_seen_by
from workflows.vocabulary import Action


def acting(entry: Entry) -> Callable[[Asked], Reply]:
    """Return the handler of an action."""

    def act(asked: Asked) -> Reply:
        table_id: UUID = asked.path["table_id"]
        g.table_asked = table_id
        refuse_unseen(transaction(), person(), table_id)
        match, ledger = _seen(entry, table_id, asked), journal()
        call = Call(ledger, table_id, match.seen, match.draft_version, person(), asked.command_id)
        try:
            entry.carry(call, asked.body)
        except TableChangedMeanwhile as meanwhile:
            raise _as_asked(meanwhile, asked) from meanwhile
        head = head_after(ledger, table_id)
        events = recorded_on(ledger, table_id, entry.action, asked.command_id)
        done = Done(action=entry.action, dry_run=asked.dry_run, events=events, table=head)
        return Reply(done, {"ETag": head.etag})

    return act


def _seen(entry: Entry, table_id: UUID, asked: Asked) -> Match:
    """Return what the caller saw; where the action does not decide on it, the table as it stands will do."""
    if asked.match:
        return asked.match
    if entry.needs_match:
        raise MatchMissing
    return Match(Seen(table_seen_by(transaction(), person(), table_id).version), None)


def _as_asked(meanwhile: TableChangedMeanwhile, asked: Asked) -> TableChangedMeanwhile | TableMovedOn:
    return TableMovedOn(meanwhile.sentence, **meanwhile.facts) if asked.match else meanwhile


def head_after(ledger: Journal, table_id: UUID) -> TableHead:
    """Return how a table stands after what this transaction did to it."""
    return head_of(transaction(), person(), ledger.lock_table(table_id))


def recorded_on(ledger: Journal, table_id: UUID, action: Action, command_id: UUID) -> list[NewEvent]:
    """Return what a person's command recorded on a table."""
    found = ledger.recorded(table_id, own_command(command_id, person(), action))
    return [NewEvent(version=each.version, kind=each.kind) for each in found]
