"""The ledger's port on PostgreSQL: an append writes caches, outbox and timers in one transaction."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from secrets import token_bytes
from uuid import UUID

from sqlalchemy import NestedTransaction

from workflows.calendars import CALENDAR_STREAM, calendar_among
from workflows.campaigns import Campaign, Purpose
from workflows.definitions import Chain, pinned_chain
from workflows.errors import CommandReused, GoaltrailError, NotFound, TableChangedMeanwhile
from workflows.events import CoverEnded, Event, Recorded
from workflows.folds.replay import Table, apply, from_json
from workflows.journal import BoundFile, Command, Content, Draft, Erasable
from workflows.organs import OrganTree
from workflows.store import drafts, streams
from workflows.store.calendars_then import versions_published
from workflows.store.campaign_news import follow_campaign
from workflows.store.campaigns import campaigns_of_year, hold_year
from workflows.store.covers import moment_of_end, notice_of_cover, project_covers, refuse_over
from workflows.store.documents import notices_about, project_document
from workflows.store.erasing import erasable_of, erase_from
from workflows.store.event_rows import Batch, Head, Payload
from workflows.store.folding import code_version
from workflows.store.notice_words import project_words
from workflows.store.organs import organs_now
from workflows.store.outbox import notices_of, put_notice
from workflows.store.posts import holders_of, project_grants
from workflows.store.recording import Opened, Staged, open_streams, write
from workflows.store.refusals import SubjectDiffers
from workflows.store.reorganising import notices_of_reorganisation, open_tables, project_organs
from workflows.store.replies import set_budget_timers
from workflows.store.review_clocks import set_review_timers
from workflows.store.snapshots import table_now
from workflows.store.standing import read_state, stage_change, stage_newcomer
from workflows.store.stubs import own_stubs
from workflows.store.surroundings import surroundings_of
from workflows.store.timers import stage_timers
from workflows.store.transaction import Transaction
from workflows.surroundings import Surroundings
from workflows.vocabulary import Actor, Role
from workflows.workdays import Calendar

TABLE = "table"


def fresh_salt() -> bytes:
    """Return 32 random bytes: words bound with them cannot be guessed."""
    return token_bytes(32)


class PostgresJournal:
    """One transaction on the ledger in PostgreSQL; the port `workflows.journal.Journal`."""

    def __init__(self, tx: Transaction, salt: Callable[[], bytes] = fresh_salt) -> None:
        """Stand on an open transaction; `salt` gives 32 random bytes for words that may have to be erased."""
        self.tx = tx
        self.salt = salt
        self._heads: dict[UUID, Head] = {}
        self._steps: dict[tuple[UUID, UUID], int] = {}
        self._files: dict[str, Payload] = {}
        self._opened: dict[UUID, Opened] = {}
        self._unrecorded: set[tuple[UUID, UUID]] = set()
        self._listed: dict[UUID, str] = {}
        self._later: Staged | None = None
        self._savepoint: NestedTransaction | None = None
        self._calendar_head: bytes | None = None
        self._calendars: tuple[str, ...] | None = None
        self._campaigns: dict[tuple[str, int, Purpose], tuple[Campaign, ...]] = {}

    def now(self) -> datetime:
        """Return the log's time (UTC), virtual in a simulation; constant within the transaction."""
        return self.tx.now()

    def lock_table(self, table_id: UUID, command_id: UUID | None = None) -> Table:
        """Lock the table's stream and return the table replayed; NotFound if no table has this ID."""
        if table_id not in self._opened and table_id not in self._heads:
            self._open((table_id,), (command_id,))
        head = self._heads.get(table_id)
        if head is None or head.subject != TABLE:
            raise NotFound(table=str(table_id))
        opened = self._opened.get(table_id)
        if opened and opened.state and opened.head == head:
            return from_json(read_state(opened.state))
        return table_now(self.tx, table_id)

    def recorded(self, stream: UUID, command_id: UUID) -> tuple[Recorded, ...]:
        """Return what this command has already recorded on the stream: empty, or the first result."""
        if (stream, command_id) in self._unrecorded:
            return ()
        return streams.recorded_by(self.tx, stream, command_id)

    def append_to_table(self, table: Table, facts: Sequence[Event], command: Command) -> Table:
        """Append facts to a locked table (a new Table(id) for the first), write the caches, outbox and timer rows.

        Raises TableChangedMeanwhile if the stream grew, LedgerRefused if the database refuses.
        """
        if self._lock(table.id).version != table.version:
            raise TableChangedMeanwhile(version=table.version)
        if not facts:
            return table
        before, staged = table, Staged()
        for recorded in self._record(table.id, TABLE, facts, command, staged):
            after = apply(table, recorded)
            staged.add("notices", *notices_of(recorded, table, after, at=self.now()))
            table = after
        self._stage_reading(staged, before, table)
        self._write(staged)
        self._listed[table.id] = table.head
        return table

    @contextmanager
    def together(self, tables: Sequence[UUID], commands: Sequence[UUID]) -> Iterator[None]:
        """Lock and read these tables in one statement, each for its command; write all appends when the block ends."""
        self._open(tables, commands)
        self._later = Staged()
        yield
        staged, self._later = self._later, None
        write(self.tx, staged)

    @contextmanager
    def attempt(self, table_id: UUID) -> Iterator[None]:
        """Inside `together`: a refusal in the block leaves nothing of it; it is passed on."""
        outer, self._later = self._later, Staged()
        head, listed = self._heads.get(table_id), self._listed.get(table_id)
        try:
            yield
        except GoaltrailError:
            if head:
                self._heads[table_id] = head
            self._listed[table_id] = listed or ""
            if self._savepoint:
                self._savepoint.rollback()
            raise
        else:
            if outer is not None:
                outer.join(self._later)
            if self._savepoint:
                self.tx.keep(self._savepoint)
        finally:
            self._later, self._savepoint = outer, None

    def append(self, stream: UUID, subject: str, facts: Sequence[Event], command: Command) -> tuple[Recorded, ...]:
        """Append facts to the stream of another subject; a repeated command returns its first result.

        Raises CommandReused where the command recorded something else there, SubjectDiffers where the stream is about
        another subject.
        """
        self._directly()
        self._calendar_head = None if stream == CALENDAR_STREAM else self._calendar_head
        _refuse_other(self._lock(stream), subject)
        if (stream, command.id) not in self._steps and (first := self.recorded(stream, command.id)):
            if [each.kind for each in first] != [fact.kind for fact in facts]:
                raise CommandReused
            return first
        staged = Staged()
        added = self._record(stream, subject, facts, command, staged)
        write(self.tx, staged)
        self._listed.pop(stream, None)
        for recorded in added:
            project_grants(self.tx, recorded)
            project_organs(self.tx, recorded)
            project_covers(self.tx, recorded)
            self._tell(recorded)
            project_document(self.tx, recorded)
            project_words(self.tx, recorded)
            set_budget_timers(self.tx, recorded, self.calendar())
            follow_campaign(self.tx, recorded, self.calendar())
            set_review_timers(self.tx, recorded, self.calendar())
        self._campaigns.clear()
        return added

    def history(self, stream: UUID) -> tuple[Recorded, ...]:
        """Return a stream's events, oldest first."""
        return streams.history_of(self.tx, stream)

    def campaigns(
        self, bureau: str, year: int, purpose: Purpose, *, to_change: bool = False
    ) -> tuple[Campaign, ...]:  # fmt: skip
        """Return a bureau's campaigns of a year as they stand, by number; nobody changes one till the transaction ends.

        With `to_change` nobody files under them until then either: what is recorded first counts.
        """
        if to_change or (bureau, year, purpose) not in self._campaigns:
            hold_year(self.tx, bureau, year, alone=to_change)
            found = campaigns_of_year(self.tx, bureau, year, (purpose,), self.content)
            self._campaigns[bureau, year, purpose] = found
        return self._campaigns[bureau, year, purpose]

    def own_stubs(self, unit: str, year: int) -> int:
        """Return how many classified projects a unit registered last by number alone for a year; 0 for none."""
        return own_stubs(self.tx, unit, year)

    def content(self, content_hash: str) -> Content:
        """Return content by its SHA-256 (hex); NotFound if unknown."""
        return streams.content_of(self.tx, content_hash)

    def contents_among(self, content_hashes: Collection[str]) -> Mapping[str, Content]:
        """Return these contents by their hashes in one question; unknown ones are left out."""
        return streams.contents_of(self.tx, content_hashes)

    def surroundings(self, table: Table, content: Content) -> Surroundings:
        """Return what stands around a table whose content is this: its document, last year's table; locks nothing."""
        return surroundings_of(self.tx, table, content)

    def put_content(self, content: Content) -> str:
        """Keep content in the append-only store and return its SHA-256 (hex)."""
        self._directly()
        return streams.put_content(self.tx, content)

    def draft(self, table_id: UUID) -> Draft | None:
        """Return the work in progress on a table."""
        return drafts.draft_of(self.tx, table_id)

    def keep_draft(self, table_id: UUID, draft: Draft) -> None:
        """Keep the draft; TableChangedMeanwhile unless `draft.version` is the kept one plus 1."""
        self._directly()
        drafts.keep_draft(self.tx, table_id, draft)

    def drop_draft(self, table_id: UUID) -> None:
        """Forget the draft after its content went into the log."""
        self._directly()
        drafts.drop_draft(self.tx, table_id)

    def put_bytes(self, data: bytes) -> str:
        """Keep a file's bytes under their SHA-256 (hex)."""
        self._directly()
        return streams.put_file(self.tx, data)

    def bind(self, data: bytes) -> str:
        """Take a file's bytes for the next append, whose event has to name the commitment returned (hex)."""
        payload = Payload(0, "file", self.salt(), data)
        name = payload.commitment.hex()
        self._files[name] = payload
        return name

    def bound(self, commitment: str) -> BoundFile | None:
        """Return the file that an event bound, as it is stored now; None where it is gone."""
        return streams.bound_file(self.tx, commitment)

    def erasable(self, stream: UUID) -> tuple[Erasable, ...]:
        """Return what still lies beside a stream's events and could be erased, oldest first."""
        return erasable_of(self.tx, stream)

    def erase(self, table_id: UUID) -> int:
        """Erase what the table's events of kind payload.erased name, and its copies; return how many pieces went."""
        self._directly()
        return erase_from(self.tx, table_id)

    def holders(self, role: Role, organ: str | None) -> tuple[Actor, ...]:
        """Return who holds the role in the organ now (None: in whatever organ), ordered by id."""
        return holders_of(self.tx, role, organ)

    def organs(self) -> OrganTree:
        """Return the organs as they stand, those that have ended too."""
        return organs_now(self.tx)

    def open_tables(self, organ: str) -> int:
        """Return how many tables of a unit or department have not ended."""
        return open_tables(self.tx, (organ,))

    def calendar(self, version: str | None = None) -> Calendar:
        """Return the calendar of working days in force at this moment, or a published version (shipped: no such)."""
        if self._calendars is None:
            self._calendars = versions_published(self.tx, self._calendar_head)
        return calendar_among(self._calendars, self.content, version)

    def _open(self, tables: Sequence[UUID], commands: Sequence[UUID | None]) -> None:
        self._opened |= open_streams(self.tx, tables, commands, code=code_version())
        for table_id, command_id in zip(tables, commands, strict=True):
            opened = self._opened.get(table_id)
            if opened is None:
                continue
            self._heads[table_id], self._calendar_head = opened.head, opened.calendar
            if opened.state:
                self._listed[table_id] = opened.head.hash.hex()
            if command_id and not opened.done:
                self._unrecorded.add((table_id, command_id))

    def _lock(self, stream: UUID) -> Head:
        if stream not in self._heads:
            self._heads[stream] = streams.lock_stream(self.tx, stream)
        return self._heads[stream]

    def _directly(self) -> None:
        """Make a savepoint before the first write of an attempt that goes to the database at once."""
        if self._later is not None and self._savepoint is None:
            self._savepoint = self.tx.savepoint()

    def _write(self, staged: Staged) -> None:
        if self._later is None:
            write(self.tx, staged)
        else:
            self._later.join(staged)

    def _stage_reading(self, staged: Staged, before: Table, after: Table) -> None:
        """Stage what is read from the facts: the standing, the open tasks, the timers."""
        new = after.content_hash if after.content_hash != before.content_hash else ""
        if self._listed.get(before.id) == before.head:
            stage_change(staged, before, after, self.content(new) if new else {})
        else:
            content = self.content(after.content_hash) if after.content_hash else {}
            stage_newcomer(staged, after, content, datetime.fromisoformat(after.last_at))
        stage_timers(staged, before, after, at=self.now(), calendars=self.calendar, chains=self._chain)

    def _chain(self, content_hash: str) -> Chain | None:
        return pinned_chain(content_hash, self.content) if content_hash else None

    def _record(
        self, stream: UUID, subject: str, facts: Sequence[Event], command: Command, staged: Staged
    ) -> tuple[Recorded, ...]:
        """Stage facts as the stream's next events and return them; what follows stands on the head after them."""
        head = self._lock(stream)
        _refuse_other(head, subject)
        first_step = self._steps.get((stream, command.id), 0)
        at = max(self._moment_of(facts), head.last_at)
        if command.behalf:
            refuse_over(self.tx, command.behalf, command.by.id, at, stream)
        batch = Batch(head, self.salt)
        for step, fact in enumerate(facts, first_step):
            batch.add(subject, fact, command, step=step, at=at)
        staged.bodies += batch.bodies
        staged.payloads += [(stream, each) for each in (*batch.payloads, *self._files_of(batch.recorded))]
        self._heads[stream], self._steps[stream, command.id] = batch.head, first_step + len(batch.bodies)
        self._unrecorded.discard((stream, command.id))
        return tuple(batch.recorded)

    def _moment_of(self, facts: Sequence[Event]) -> datetime:
        """Return the log's time; a cover ends after everybody who acts under it just now."""
        ended = [fact.cover for fact in facts if isinstance(fact, CoverEnded)]
        return max((moment_of_end(self.tx, cover) for cover in ended), default=self.now())

    def _tell(self, recorded: Recorded) -> None:
        covers = (notice,) if (notice := notice_of_cover(recorded)) else ()
        for each in (*covers, *notices_about(self.tx, recorded), *notices_of_reorganisation(self.tx, recorded)):
            put_notice(self.tx, each, stream=recorded.stream, version=recorded.version)

    def _files_of(self, recorded: Sequence[Recorded]) -> list[Payload]:
        """Return the files that these events bound, each with its event's version."""
        named = [(getattr(each.fact, "commitment", ""), each.version) for each in recorded]
        return [replace(self._files.pop(name), version=version) for name, version in named if name in self._files]


def _refuse_other(head: Head, subject: str) -> None:
    if head.subject not in (None, subject):
        raise SubjectDiffers(stream=str(head.stream), subject=head.subject)
