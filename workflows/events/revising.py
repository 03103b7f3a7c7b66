"""Facts of 调整: an approved table is opened for revision; a table of its own carries the new version to its reply."""

from collections.abc import Mapping
from dataclasses import dataclass

from workflows.events.fact import Event


@dataclass(frozen=True)
class TableCreated(Event):
    """A table began without a document of its own: `origin` says how, `source` from which table.

    A `revision` carries the next version of `source`, whose revisions `number` counts, and keeps its pack and document;
    a `copied` one is a later year's, begun on `source`; a `new` one was begun on a blank form. These two have no number
    and no document ("") and no place in one (0). Definition and pack are pinned here.
    """

    kind = "table.created"
    origin: str
    source: str
    number: int
    document: str
    ordinal: int
    bureau: str
    department: str
    unit: str
    owner: str
    year: int
    title: str
    family: str
    scope: str
    definition: str
    definition_hash: str
    pack: str
    pack_hash: str
    content_hash: str


@dataclass(frozen=True)
class RevisionAsked(Event):
    """After the cut-off the performance section asked for a revision; the leader in charge has to agree (`request`)."""

    kind = "revision.asked"
    request: str
    number: int
    trigger: str
    base: str


@dataclass(frozen=True)
class RevisionOpened(Event):
    """A revision of the version in force (`base`) was opened; `revision` is the table that carries it."""

    kind = "revision.opened"
    erasable = ("reason",)
    revision: str
    number: int
    trigger: str
    base: str
    reason: str


@dataclass(frozen=True)
class RevisionApproved(Event):
    """The bureau replied to a revision: from `effective_from` (Beijing day) its content is the version in force.

    Recorded on the revision's own stream and, in the same transaction, on that of the table that it revises; `windows`
    is the plan of those monitoring windows that were not opened yet; `pass_on_due` until when (Beijing day, ISO) the
    department passes this reply on to its unit, empty where it owes none.
    """

    kind = "revision.approved"
    shape = 2
    revision: str
    table: str
    number: int
    doc_no: str
    base: str
    content_hash: str
    effective_from: str
    title: str
    windows: tuple[Mapping[str, str | None], ...]
    pass_on_due: str


@dataclass(frozen=True)
class RevisionRefused(Event):
    """The revision was refused or ended by the bureau; the version in force stays."""

    kind = "revision.refused"
    erasable = ("reason",)
    revision: str
    number: int
    reason: str


@dataclass(frozen=True)
class RevisionAbandoned(Event):
    """The unit gave the revision up; the version in force stays."""

    kind = "revision.abandoned"
    erasable = ("reason",)
    revision: str
    number: int
    reason: str
