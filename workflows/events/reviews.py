"""Facts of the review form (审核表) and of completing a content directly with the unit's consent (良·直接完善)."""

from collections.abc import Mapping
from dataclasses import dataclass

from workflows.events.fact import Event


@dataclass(frozen=True)
class ReviewScored(Event):
    """A reviewer filled the review form in for a content: `mode` qualitative or scored, `items` by sub-item.

    Each item holds `grade` or `points` (decimal text) and `comment`; `total` is of 100, in the qualitative mode by the
    pack's shares and for statistics only. `pack` and its hash say by which rules (E7), empty in a shape 1. Source: R88
    articles 24 and 25, annex 3 (domain.md 5).
    """

    kind = "review.scored"
    shape = 2
    erasable = ("opinion",)
    node: str
    task: str
    round: int
    mode: str
    items: Mapping[str, Mapping[str, str]]
    total: str
    grade: str
    opinion: str
    pack: str
    pack_hash: str
    content_hash: str


@dataclass(frozen=True)
class AmendmentProposed(Event):
    """A reviewer who graded a table 良 asked the unit to agree to exactly these changes, until `due_at`.

    `base` is the hash of the content they start from, `content_hash` of the one they lead to, `changes` that of
    {"changes": [{pointer, old, new, reason}]}.
    """

    kind = "amendment.proposed"
    erasable = ("opinion",)
    amendment: str
    node: str
    task: str
    round: int
    base: str
    content_hash: str
    changes: str
    changed: int
    due_at: str
    provisional: bool
    calendar: str
    opinion: str


@dataclass(frozen=True)
class AmendmentConfirmed(Event):
    """The unit agreed: the table's content is from now on the one that was proposed; votes before keep their own."""

    kind = "amendment.confirmed"
    erasable = ("opinion",)
    amendment: str
    node: str
    round: int
    base: str
    content_hash: str
    changes: str
    changed: int
    opinion: str


@dataclass(frozen=True)
class AmendmentRejected(Event):
    """The unit did not agree, or the reviewer took his proposal back (`taken_back`): the content stays as it is."""

    kind = "amendment.rejected"
    erasable = ("reason",)
    amendment: str
    taken_back: bool
    reason: str
