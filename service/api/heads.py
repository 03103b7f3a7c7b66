"""How a table stands as the interface tells it, and its ETag: version, content and the draft that the reader sees."""

import re
from dataclasses import dataclass
from typing import Any

from service.api.answers import Desk, TableHead
from service.api.refusals import MatchUnreadable
from service.present import organ_name, word
from workflows.commands.drafting import content_in_work
from workflows.commands.recipe import Seen
from workflows.folds.replay import Table
from workflows.journal import Content, Draft
from workflows.state import standing
from workflows.store.drafts import draft_of
from workflows.store.journal import PostgresJournal
from workflows.store.transaction import Transaction
from workflows.vocabulary import Actor, Role, Stage

ETAG = re.compile(r'"([0-9]{1,9})-([0-9a-f]{64})-([0-9]{1,9})"')


@dataclass(frozen=True)
class Match:
    """What a caller had before the eyes: the table's version and content, and the draft's version (0: none)."""

    seen: Seen
    draft_version: int | None


def etag_of(table: Table, draft_version: int) -> str:
    """Return the strong ETag of a table with the draft that the reader sees."""
    return f'"{table.version}-{table.content_hash}-{draft_version}"'


def match_from(etag: str) -> Match:
    """Return what an ETag says; MatchUnreadable for anything but one of ours."""
    found = ETAG.fullmatch(etag.strip())
    if found is None:
        raise MatchUnreadable
    return Match(Seen(int(found[1]), found[2]), int(found[3]))


def shows_draft(actor: Actor, table: Table) -> bool:
    """Whether the person sees the work in progress: the unit does, while it drafts; all others the recorded content."""
    mine = actor.id == table.owner or any(post.organ == table.unit for post in actor.posts)
    return table.stage == Stage.DRAFT and mine


def draft_seen(tx: Transaction, actor: Actor, table: Table) -> Draft | None:
    """Return the draft that this person sees of the table."""
    return draft_of(tx, table.id) if shows_draft(actor, table) else None


def content_seen(tx: Transaction, actor: Actor, table: Table) -> Content:
    """Return the content that this person sees."""
    journal = PostgresJournal(tx)
    if shows_draft(actor, table):
        return content_in_work(journal, table).content
    return journal.content(table.content_hash)


def head_of(tx: Transaction, actor: Actor, table: Table) -> TableHead:
    """Return how a table stands for this person."""
    return TableHead(**head_fields(table, draft_seen(tx, actor, table)))


def head_fields(table: Table, draft: Draft | None) -> dict[str, Any]:
    """Return the fields of a table's head."""
    return {
        "table": table.id, "version": table.version, "etag": etag_of(table, draft.version if draft else 0),
        "stage": table.stage, "stage_name": word(table.stage), "round": table.round,
        "content_hash": table.content_hash, "desks": [_desk(each) for each in table.desks],
    }  # fmt: skip


def _desk(desk: standing.Desk) -> Desk:
    same = (
        "task", "node", "stage", "role", "organ", "person", "level", "entered_at", "due_at", "provisional", "overdue",
    )  # fmt: skip
    return Desk(
        **{name: getattr(desk, name) for name in same}, role_name=word(Role(desk.role)),
        organ_name=organ_name(desk.organ),
    )  # fmt: skip
