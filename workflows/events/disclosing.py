"""Facts of disclosure (公开): a table's secrecy review, and a department's released pack of a year."""

from collections.abc import Mapping
from dataclasses import dataclass

from workflows.events.fact import Event


@dataclass(frozen=True)
class DisclosureReviewed(Event):
    """A secrecy reviewer looked at the version in force: `public` (may be disclosed) or `internal` (may not)."""

    kind = "disclosure.reviewed"
    erasable = ("reason",)
    outcome: str
    content_hash: str
    reason: str


@dataclass(frozen=True)
class DisclosureReleased(Event):
    """A department's pack of a year was made public: its tables by ID, content hash and reviewer, and what is left out.

    `undisclosed` = `internal` (tables of this system) + `stubs` (classified ones, of which only the number is known).
    `due` is the Beijing day (ISO) by which the pack is to be public, counted from the first reply.
    """

    kind = "disclosure.released"
    bureau: str
    department: str
    year: int
    tables: tuple[Mapping[str, str], ...]
    undisclosed: int
    internal: int
    stubs: int
    due: str
