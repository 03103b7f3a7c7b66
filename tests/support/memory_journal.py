"""The ledger's port in memory, for thousands of random histories of the domain in seconds."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from workflows.calendars import CALENDAR_STREAM, calendar_among, published_versions
from workflows.campaigns import Campaign, Purpose, campaign_from, campaign_streams
from workflows.errors import GoaltrailError, LedgerRefused, NotFound, TableChangedMeanwhile
from workflows.events import (
    ERASED,
    AttachmentAdded,
    DocumentFiled,
    Event,
    PayloadErased,
    Recorded,
    TableCreated,
    TableImported,
)
from workflows.filings import document_from
from workflows.folds.replay import Table, apply, replay
from workflows.journal import BoundFile, Command, Content, Draft, Erasable
from workflows.ledger.canonical import canonical
from workflows.organs import ORGANS_STREAM, Organ, OrganTree, organs_after
from workflows.state.beginnings import COPIED, NEW
from workflows.state.disclosures import STUBS_NAME
from workflows.surroundings import Surroundings, actuals_of, blocks_filing, unfilled
from workflows.vocabulary import Actor, Role, Stage
from workflows.workdays import Calendar


@dataclass
class MemoryJournal:
    """One process's log: streams of events, contents by hash, drafts, and a clock that the test moves."""

    at: datetime
    people: tuple[Actor, ...] = ()
    streams: dict[UUID, list[Recorded]] = field(default_factory=lambda: defaultdict(list))
    contents: dict[str, bytes] = field(default_factory=dict)
    values: dict[str, Content] = field(default_factory=dict)
    drafts: dict[UUID, Draft] = field(default_factory=dict)
    files: dict[str, BoundFile] = field(default_factory=dict)
    waiting: dict[str, BoundFile] = field(default_factory=dict)
    roster: tuple[Organ, ...] = ()

    has_campaigns: bool = False

    def now(self) -> datetime:
        """Return the clock, a microsecond later each time so that order shows."""
        self.at += timedelta(microseconds=1)
        return self.at

    def lock_table(self, table_id: UUID, command_id: UUID | None = None) -> Table:
        if not self.streams.get(table_id) or self.streams[table_id][0].subject != "table":
            raise NotFound
        return replay(table_id, self.streams[table_id])

    def recorded(self, stream: UUID, command_id: UUID) -> tuple[Recorded, ...]:
        return tuple(each for each in self.streams.get(stream, ()) if each.command_id == command_id)

    def append_to_table(self, table: Table, facts: Sequence[Event], command: Command) -> Table:
        if len(self.streams[table.id]) != table.version:
            raise TableChangedMeanwhile
        for recorded in self.append(table.id, "table", facts, command):
            table = apply(table, recorded)
        return table

    @contextmanager
    def together(self, tables: Sequence[UUID], commands: Sequence[UUID]) -> Iterator[None]:
        yield

    @contextmanager
    def attempt(self, table_id: UUID) -> Iterator[None]:
        before = list(self.streams.get(table_id, ()))
        try:
            yield
        except GoaltrailError:
            self.streams[table_id] = before
            raise

    def append(self, stream: UUID, subject: str, facts: Sequence[Event], command: Command) -> tuple[Recorded, ...]:
        log, at = self.streams[stream], self.now()
        if log and log[0].subject != subject:
            raise LedgerRefused
        added = []
        self.has_campaigns |= subject == "campaign"
        for step, fact in enumerate(facts):
            link = hashlib.sha256(b"\0" + (log[-1].leaf_hash if log else b"") + canonical(fact.data())).digest()
            log.append(
                Recorded(
                    stream=stream, subject=subject, version=len(log) + 1, at=at, actor_id=command.by.id,
                    actor_name=command.by.name, role=command.post.role, organ=command.post.organ,
                    command_id=command.id, step=step, fact=fact, leaf_hash=link, behalf=command.behalf,
                )
            )  # fmt: skip
            added.append(log[-1])
            if (name := getattr(fact, "commitment", "")) in self.waiting:
                self.files[name] = self.waiting.pop(name)
        return tuple(added)

    def history(self, stream: UUID) -> tuple[Recorded, ...]:
        return tuple(self.streams.get(stream, ()))

    def campaigns(self, bureau: str, year: int, purpose: Purpose, *, to_change: bool = False) -> tuple[Campaign, ...]:
        streams = campaign_streams(bureau, year, (purpose,)) if self.has_campaigns else ()
        found = (campaign_from(self.history(stream), self.content) for stream in streams)
        return tuple(each for each in found if each)

    def own_stubs(self, unit: str, year: int) -> int:
        first = (log[0] for log in self.streams.values() if log)
        mine = [each for each in first if getattr(each.fact, "name", "") == STUBS_NAME and (each.fact.unit, each.fact.year) == (unit, year)]
        return max(mine, key=lambda each: each.at).fact.undisclosed_tables if mine else 0

    def content(self, content_hash: str) -> Content:
        if content_hash not in self.values:
            raise NotFound
        return self.values[content_hash]

    def contents_among(self, content_hashes: Collection[str]) -> Mapping[str, Content]:
        return {each: self.values[each] for each in content_hashes if each in self.values}

    def surroundings(self, table: Table, content: Content) -> Surroundings:
        others = self._standing(lambda born: born.document == table.document) if table.document else []
        before = self._standing(lambda born: (born.year, born.unit) == (table.year - 1, table.unit))
        last = next((each for each in before if self._same(each, content)), None)
        earlier = self._standing(lambda born: born.unit == table.unit and born.year < table.year)
        document = self.streams.get(UUID(table.document), ()) if table.document else ()
        filed = [each.fact for each in document if isinstance(each.fact, DocumentFiled)]
        return Surroundings(
            siblings=tuple(self.values[each.content_hash] for each in others if each.id != table.id),
            department=self._part_of(table),
            placeholders=unfilled(self.values[filed[0].findings]) if filed else (),
            last_year=self.values[last.in_force or last.content_hash] if last else None,
            actuals=actuals_of(last.evaluation.figures) if last and last.evaluation else {},
            unmended=tuple(sorted({each.year for each in earlier if self._same(each, content) and self._blocks(each)})),
            others_unmended=tuple((each.year, each.title) for each in earlier if self._blocks(each) and not self._same(each, content)),
        )  # fmt: skip

    def _part_of(self, table: Table) -> Content | None:
        log = self.streams.get(UUID(table.document)) if table.document else None
        part = document_from(log).content_hash if log else ""
        return self.values[part] if part else None

    def _blocks(self, table: Table) -> bool:
        graded = table.stage == Stage.SELF_EVALUATION and table.result
        return bool(graded) and blocks_filing(self.values[table.pack_hash], table.result.grade)

    def _standing(self, wanted: Callable[[TableImported | TableCreated], bool]) -> list[Table]:
        first = {stream: log[0].fact for stream, log in self.streams.items() if log}
        born = {stream: fact for stream, fact in first.items() if isinstance(fact, TableImported) or getattr(fact, "origin", "") in (NEW, COPIED)}
        tables = (replay(stream, self.streams[stream]) for stream, fact in born.items() if wanted(fact))
        gone = (Stage.VOIDED, Stage.REFUSED, Stage.TERMINATED)
        return sorted((each for each in tables if each.stage not in gone), key=lambda each: each.ordinal)

    def _same(self, table: Table, content: Content) -> bool:
        code = content.get("project_code")
        return table.title == content["title"] or (bool(code) and self.values[table.content_hash]["project_code"] == code)

    def put_content(self, content: Content) -> str:
        body = canonical(content)
        key = hashlib.sha256(body).hexdigest()
        self.contents[key], self.values[key] = body, content
        return key

    def draft(self, table_id: UUID) -> Draft | None:
        return self.drafts.get(table_id)

    def keep_draft(self, table_id: UUID, draft: Draft) -> None:
        kept = self.drafts.get(table_id)
        if draft.version != (kept.version if kept else 0) + 1:
            raise TableChangedMeanwhile
        self.drafts[table_id] = draft

    def drop_draft(self, table_id: UUID) -> None:
        self.drafts.pop(table_id, None)

    def put_bytes(self, data: bytes) -> str:
        key = hashlib.sha256(data).hexdigest()
        self.contents[key] = data
        return key

    def bind(self, data: bytes) -> str:
        bound = BoundFile(hashlib.sha256(f"salt {len(self.files) + len(self.waiting)}".encode()).digest(), data)
        self.waiting[bound.commitment] = bound
        return bound.commitment

    def bound(self, commitment: str) -> BoundFile | None:
        return self.files.get(commitment)

    def erasable(self, stream: UUID) -> tuple[Erasable, ...]:
        found = []
        for each in self.streams.get(stream, ()):
            words = [(name, getattr(each.fact, name)) for name in each.fact.erasable]
            found += [
                Erasable(each.version, each.kind, name, _word_commitment(each, name), said)
                for name, said in words if said and said != ERASED
            ]  # fmt: skip
            if isinstance(each.fact, AttachmentAdded) and each.fact.commitment in self.files:
                found.append(Erasable(each.version, each.kind, "commitment", each.fact.commitment, None))
        return tuple(found)

    def erase(self, table_id: UUID) -> int:
        log = self.streams[table_id]
        named = {target for each in log if isinstance(each.fact, PayloadErased) for target in each.fact.targets}
        going = [each for each in self.erasable(table_id) if each.commitment in named]
        for each in going:
            if each.words is None:
                del self.files[each.commitment]
            else:
                old = log[each.version - 1]
                log[each.version - 1] = replace(old, fact=replace(old.fact, **{each.field: ERASED}))
        return len(going)

    def holders(self, role: Role, organ: str | None) -> tuple[Actor, ...]:
        return tuple(sorted((p for p in self.people if p.holds(role, organ)), key=lambda p: p.id))

    def organs(self) -> OrganTree:
        organs: Mapping[str, Organ] = {each.id: each for each in self.roster}
        for recorded in self.history(ORGANS_STREAM):
            organs = organs_after(organs, recorded)
        return OrganTree(organs)

    def open_tables(self, organ: str) -> int:
        tables = self._standing(lambda born: organ in (born.unit, born.department))
        return sum(not each.ended for each in tables)

    def calendar(self, version: str | None = None) -> Calendar:
        return calendar_among(published_versions(self.history(CALENDAR_STREAM)), self.content, version)


def _word_commitment(recorded: Recorded, name: str) -> str:
    return hashlib.sha256(f"{recorded.stream}:{recorded.version}:{name}".encode()).hexdigest()
