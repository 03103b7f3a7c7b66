"""Many tables in one request: the same decision with a result for each, one reply over many, a document taken in."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID, uuid5

from pydantic import Field, create_model

from service import drawing_samples
from service.api import bodies
from service.api.answers import Drawn, Imported, Replied, Result, Results
from service.api.asked import Asked
from service.api.bodies_of_results import Draw
from service.api.entry import Call, Entry
from service.api.heads import Match, head_of, match_from
from service.api.operation import Reply
from service.api.problems import problem_of
from service.context import journal, person, transaction
from service.request_transaction import part_of_it
from service.taking_in import take_in
from workflows.commands import bulk
from workflows.commands.replying import issue_reply
from workflows.errors import FieldsInvalid, NotDoneTogether, NotFound
from workflows.folds.replay import Table
from workflows.journal import Journal
from workflows.store.interface_reads import visible_among


def body_for_many(entry: Entry) -> type[bodies.Body]:
    """Return the shape of an action asked for over many tables: the tables as they were seen, and its own words."""
    return create_model(
        f"Many{entry.body.__name__}", __base__=bodies.Body,
        __doc__=f"Many tables, each as it was seen; `details` is the body of the action {entry.action}.",
        items=(list[bodies.Item], Field(min_length=1, max_length=bodies.MOST_ITEMS)),
        details=(entry.body, Field(default=...)),
        all_or_none=(bool, Field(default=False, description="有一张不能办理，就全部不办")),
    )  # fmt: skip


def acting_on_many(entry: Entry) -> Callable[[Asked], Reply]:
    """Return the handler of an action over many tables: every table is decided alone, none stops the others."""

    def act(asked: Asked) -> Reply:
        matches = matches_of(asked.body.items)
        seen = visible_among(transaction(), person(), list(matches))
        decide = bulk.all_or_none if asked.body.all_or_none else bulk.for_all
        unseen = [each for each in matches if each not in seen]
        results = () if unseen and asked.body.all_or_none else decide(
            part_of_it, [(each, match.seen) for each, match in matches.items() if each in seen],
            _verb(entry, asked.body.details, matches), by=person(), action=entry.action, command_id=asked.command_id,
        )  # fmt: skip
        known = {each.table_id: each for each in results}
        lost = {each: bulk.Result(each, None, NotFound() if each in unseen else NotDoneTogether()) for each in matches}
        items = [_shown(known.get(each) or lost[each]) for each in matches]
        done = sum(item.done for item in items)
        return Reply(
            Results(
                action=entry.action, dry_run=asked.dry_run, done=done, refused=len(items) - done, items=items
            )
        )  # fmt: skip

    return act


def matches_of(items: Sequence[bodies.Item]) -> dict[UUID, Match]:
    """Return what was seen of each table; FieldsInvalid where one stands twice."""
    matches = {item.table: match_from(item.etag) for item in items}
    if len(matches) < len(items):
        raise FieldsInvalid("同一张表列了两次。", field="items")
    return matches


def _verb(entry: Entry, details: bodies.Body, matches: dict[UUID, Match]) -> bulk.Verb:
    def verb(ledger: Journal, table_id: UUID, seen: Any, command_id: UUID) -> Table:
        call = Call(ledger, table_id, seen, matches[table_id].draft_version, person(), command_id)
        after: Any = entry.carry(call, details)
        return after if isinstance(after, Table) else ledger.lock_table(table_id)

    return verb


def _shown(result: bulk.Result) -> Result:
    head = head_of(transaction(), person(), result.table) if result.table else None
    return Result(
        table_id=result.table_id, done=head is not None, table=head,
        problem=problem_of(result.refusal) if result.refusal else None,
    )  # fmt: skip


def reply_to_many(asked: Asked) -> Reply:
    """Issue one reply document over many tables: all of them or none (features F5)."""
    body: bodies.Replies = asked.body
    matches, reply_id = matches_of(body.tables), uuid5(asked.command_id, f"reply:{person().id}")
    if len(visible_among(transaction(), person(), list(matches))) < len(matches):
        raise NotFound
    tables = issue_reply(
        journal(), reply_id, tables={each: match.seen for each, match in matches.items()}, doc_no=body.doc_no,
        opinion=body.opinion, by=person(), command_id=asked.command_id,
    )  # fmt: skip
    heads = [head_of(transaction(), person(), table) for table in tables]
    return Reply(Replied(reply=reply_id, doc_no=body.doc_no, dry_run=asked.dry_run, tables=heads), status=201)


def draw_sample(asked: Asked) -> Reply:
    """Draw tables for the bureau's check from a seed (domain.md 9.6)."""
    body: Draw = asked.body
    sampling = uuid5(asked.command_id, f"sampling:{person().id}")
    wanted = drawing_samples.Draw(body.year, body.department, body.seed)
    tables = drawing_samples.draw_now(
        transaction(), journal(), sampling, asked=wanted, by=person(), command_id=asked.command_id
    )
    heads = [head_of(transaction(), person(), table) for table in tables]
    return Reply(Drawn(sampling=sampling, seed=body.seed, dry_run=asked.dry_run, tables=heads), status=201)


def take_document_in(asked: Asked) -> Reply:
    """Read a filing document and make its tables drafts of the person's unit."""
    body: bodies.Filing = asked.body
    document_id = uuid5(asked.command_id, f"document:{person().id}")
    reading, tables = take_in(
        transaction(), document_id, name=body.name, data=body.data, unit=body.unit, year=body.year, by=person(),
        command_id=asked.command_id,
    )  # fmt: skip
    heads = [head_of(transaction(), person(), table) for table in tables]
    said = Imported(document=document_id, dry_run=asked.dry_run, tables=heads, findings=len(reading.findings))
    return Reply(said, {"Location": f"/api/v1/documents/{document_id}"}, 201)
