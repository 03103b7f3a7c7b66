"""Facts about the organs themselves: founded, renamed, placed under another, merged into another, closed (机构改革)."""

from dataclasses import dataclass

from workflows.events.fact import Event


@dataclass(frozen=True)
class OrganFounded(Event):
    """An organ came into being: `sort` is bureau, department, unit or outside; no `parent` and no `code` are empty.

    `day` is when it counts by the decree `doc_no` (ISO, Beijing), here and in the facts below.
    """

    kind = "organ.founded"
    organ: str
    name: str
    sort: str
    parent: str
    code: str
    doc_no: str
    day: str


@dataclass(frozen=True)
class OrganRenamed(Event):
    """An organ got another name or another code; `was` and `code_was` are those before."""

    kind = "organ.renamed"
    organ: str
    was: str
    name: str
    code_was: str
    code: str
    doc_no: str
    day: str


@dataclass(frozen=True)
class OrganMoved(Event):
    """An organ was placed under another (划转): under `parent` instead of `was`, with the names of that time."""

    kind = "organ.moved"
    organ: str
    name: str
    was: str
    was_name: str
    parent: str
    parent_name: str
    doc_no: str
    day: str


@dataclass(frozen=True)
class OrganMerged(Event):
    """Organs went into a successor (撤并) and ended; what was theirs to decide is the successor's from here on."""

    kind = "organ.merged"
    organs: tuple[str, ...]
    names: tuple[str, ...]
    successor: str
    successor_name: str
    doc_no: str
    day: str


@dataclass(frozen=True)
class OrganClosed(Event):
    """An organ that had nothing open left ended without a successor (撤销)."""

    kind = "organ.closed"
    organ: str
    name: str
    doc_no: str
    day: str
