"""What the verbs need of the ledger: the port that PostgreSQL and, for tests of the domain, memory both offer."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from workflows.campaigns import Campaign, Purpose
from workflows.events import Behalf, Event, Recorded
from workflows.folds.replay import Table
from workflows.ledger.hashes import commitment
from workflows.organs import OrganTree
from workflows.surroundings import Surroundings
from workflows.vocabulary import Actor, Post, Role
from workflows.workdays import Calendar

Content = dict[str, Any]


@dataclass(frozen=True)
class Command:
    """Who asks, under which post and for whom, and the client's token that makes a repeat harmless."""

    by: Actor
    post: Post
    id: UUID
    behalf: Behalf | None = None


@dataclass(frozen=True)
class Draft:
    """Work in progress outside the log: content, who edited it, and the reasons given per JSON pointer."""

    content: Content
    version: int
    editors: tuple[str, ...]
    reasons: Mapping[str, str]


@dataclass(frozen=True)
class BoundFile:
    """A file's bytes as they are stored now, and the salt with which an event bound them."""

    salt: bytes
    body: bytes

    @property
    def commitment(self) -> str:
        """Return what an event that bound exactly these bytes says (hex)."""
        return commitment(self.salt, self.body).hex()


@dataclass(frozen=True)
class Erasable:
    """Words or a file that still lie beside an event: where it says them, and what binds them there.

    `words` is None for a file's bytes, whose `field` is "commitment".
    """

    version: int
    kind: str
    field: str
    commitment: str
    words: str | None


class Journal(Protocol):
    """One transaction on the ledger. Everything written through it is kept or lost together."""

    def now(self) -> datetime:
        """Return the log's time (UTC), virtual in a simulation; constant within the transaction."""

    def lock_table(self, table_id: UUID, command_id: UUID | None = None) -> Table:
        """Lock the table's stream and return the table replayed; NotFound if the stream has no event.

        Where a command is named, whether it was recorded before is read along; `recorded` says it.
        """

    def recorded(self, stream: UUID, command_id: UUID) -> tuple[Recorded, ...]:
        """Return what this command has already recorded on the stream: empty, or the first result."""

    def append_to_table(self, table: Table, facts: Sequence[Event], command: Command) -> Table:
        """Append facts to a locked table (a new Table(id) for the first), write the caches, outbox and timer rows.

        Raises TableChangedMeanwhile if the stream grew, LedgerRefused if the database refuses.
        """

    def together(self, tables: Sequence[UUID], commands: Sequence[UUID]) -> AbstractContextManager[None]:
        """Lock and read these tables at once, each for its command; what is appended is written when the block ends."""

    def attempt(self, table_id: UUID) -> AbstractContextManager[None]:
        """Inside `together`: a refusal in the block leaves nothing of what the block did to the table."""

    def append(self, stream: UUID, subject: str, facts: Sequence[Event], command: Command) -> tuple[Recorded, ...]:
        """Append facts to the stream of another subject (document, reply, person …); locks it first."""

    def history(self, stream: UUID) -> tuple[Recorded, ...]:
        """Return a stream's events, oldest first."""

    def campaigns(
        self, bureau: str, year: int, purpose: Purpose, *, to_change: bool = False
    ) -> tuple[Campaign, ...]:
        """Return a bureau's campaigns of a year as they stand, by number; nobody changes one till the transaction ends.

        With `to_change` nobody files under them until then either: what is recorded first counts.
        """

    def own_stubs(self, unit: str, year: int) -> int:
        """Return how many classified projects a unit registered last by number alone for a year; 0 for none."""

    def content(self, content_hash: str) -> Content:
        """Return content by its SHA-256 (hex); NotFound if unknown."""

    def contents_among(self, content_hashes: Collection[str]) -> Mapping[str, Content]:
        """Return these contents by their hashes in one question; unknown ones are left out."""

    def surroundings(self, table: Table, content: Content) -> Surroundings:
        """Return what stands around a table whose content is this: its document, last year's table; locks nothing."""

    def put_content(self, content: Content) -> str:
        """Keep content in the append-only store and return its SHA-256 (hex)."""

    def draft(self, table_id: UUID) -> Draft | None:
        """Return the work in progress on a table."""

    def keep_draft(self, table_id: UUID, draft: Draft) -> None:
        """Keep the draft; TableChangedMeanwhile unless `draft.version` is the kept one plus 1."""

    def drop_draft(self, table_id: UUID) -> None:
        """Forget the draft after its content went into the log."""

    def put_bytes(self, data: bytes) -> str:
        """Keep a file's bytes under their SHA-256 (hex)."""

    def bind(self, data: bytes) -> str:
        """Take a file's bytes for the next append, whose event has to name the commitment returned (hex)."""

    def bound(self, commitment: str) -> BoundFile | None:
        """Return the file that an event bound, as it is stored now; None where it is gone."""

    def erasable(self, stream: UUID) -> tuple[Erasable, ...]:
        """Return what still lies beside a stream's events and could be erased, oldest first."""

    def erase(self, table_id: UUID) -> int:
        """Erase what the table's events of kind payload.erased name, wherever words of it were kept besides.

        Returns how many pieces went; the table's caches are made anew from what is left.
        """

    def holders(self, role: Role, organ: str | None) -> tuple[Actor, ...]:
        """Return who holds the role in the organ now (None: in whatever organ), ordered by id."""

    def organs(self) -> OrganTree:
        """Return the organs as they stand, those that have ended too."""

    def open_tables(self, organ: str) -> int:
        """Return how many tables of a unit or department have not ended."""

    def calendar(self, version: str | None = None) -> Calendar:
        """Return the calendar of working days in force at this moment, or a published version (shipped: no such)."""
