"""How a table stands: its desks, votes, request, windows, evaluation and files; values only, made by the replay."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, TypeVar
from uuid import UUID

from workflows.vocabulary import ENDED, Outcome, Stage


@dataclass(frozen=True)
class Desk:
    """An active node: one desk that holds the table now, with its one open task. `due_at` is UTC ISO text."""

    node: str
    stage: Stage
    round: int
    task: str
    role: str
    organ: str
    person: str | None
    level: str
    entered_at: str
    due_at: str | None
    provisional: bool
    overdue: bool = False


@dataclass(frozen=True)
class Vote:
    """A decision of this round that still counts."""

    node: str
    stage: Stage
    level: str
    person: str
    outcome: Outcome
    content_hash: str
    round: int


@dataclass(frozen=True)
class Decider:
    """Who decided where in this round; a return takes the votes away, but not the memory of who cast them (S2, S4)."""

    person: str
    level: str
    node: str


@dataclass(frozen=True)
class Request:
    """A step that waits for its second person; who asked, under which post."""

    id: str
    action: str
    reason: str
    by: str
    role: str
    organ: str


@dataclass(frozen=True)
class Window:
    """One monitoring checkpoint: planned, open, filed, accepted; figures and colour once filed."""

    window: str
    name: str
    date: str
    planned_percent: str | None
    source: str
    state: str = "planned"
    colour: str | None = None
    execution_rate: str | None = None
    deviation: str | None = None
    figures: Mapping[str, Any] | None = None
    filed_by: str | None = None
    returned_reason: str | None = None


@dataclass(frozen=True)
class Evaluation:
    """The self-evaluation as last filed."""

    total: str
    grade: str
    figures: Mapping[str, Any]
    scores: tuple[Mapping[str, str | None], ...]
    execution_points: str
    filed_by: str
    returned_reason: str | None = None


@dataclass(frozen=True)
class Attachment:
    """A file put to the table, bound by its salted commitment; `erased` once two persons had it go."""

    attachment: str
    name: str
    media_type: str
    size: int
    commitment: str
    for_step: str
    by: str
    erased: bool = False


@dataclass(frozen=True)
class Table:
    """A goal table's life as it stands after `version` events."""

    id: UUID
    version: int = 0
    head: str = "00" * 32
    last_at: str = ""
    document: str = ""
    ordinal: int = 0
    bureau: str = ""
    department: str = ""
    unit: str = ""
    owner: str = ""
    year: int = 0
    title: str = ""
    family: str = ""
    scope: str = ""
    definition: str = ""
    definition_hash: str = ""
    pack: str = ""
    pack_hash: str = ""
    stage: Stage = Stage.DRAFT
    round: int = 0
    desks: tuple[Desk, ...] = ()
    votes: tuple[Vote, ...] = ()
    deciders: tuple[Decider, ...] = ()
    authors: frozenset[str] = frozenset()
    submitter: str | None = None
    content_hash: str = ""
    disclosure: str | None = None
    in_force: str | None = None
    returned_reason: str | None = None
    returned_from: str | None = None
    request: Request | None = None
    doc_no: str | None = None
    windows: tuple[Window, ...] = ()
    self_evaluation_opens: str | None = None
    self_evaluation_due: str | None = None
    evaluation: Evaluation | None = None
    ended_reason: str | None = None
    attachments: tuple[Attachment, ...] = ()
    held: bool = False

    @property
    def ended(self) -> bool:
        """Whether the table's life is over."""
        return self.stage in ENDED

    @property
    def attachments_hash(self) -> str:
        """Return the fingerprint of the files that accompany the table: SHA-256 over their commitments, one a line."""
        lines = "\n".join(each.commitment for each in self.attachments if not each.erased)
        return sha256(lines.encode()).hexdigest()

    def attachment(self, key: str) -> Attachment | None:
        """Return the attachment of that ID."""
        return next((each for each in self.attachments if each.attachment == key), None)

    def desk(self, node: str) -> Desk | None:
        """Return the desk of that name if it holds the table now."""
        return next((desk for desk in self.desks if desk.node == node), None)

    def window(self, key: str) -> Window | None:
        """Return the monitoring window of that key."""
        return next((window for window in self.windows if window.window == key), None)


Stands = TypeVar("Stands", Desk, Window, Evaluation, Attachment, Table)


def changed(one: Stands, **news: object) -> Stands:
    """Return a value of this file with some fields changed: dataclasses.replace in a tenth of its time.

    Folding does this several times for every event of the log. TypeError for a field that there is not.
    """
    kind = type(one)
    if not kind.__dataclass_fields__.keys() >= news.keys():
        raise TypeError(sorted(news))
    new = object.__new__(kind)
    new.__dict__.update(one.__dict__)
    new.__dict__.update(news)
    return new
