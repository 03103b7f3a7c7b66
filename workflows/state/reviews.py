"""What reviewers said in the review form (审核表) and asked the unit to complete (良·直接完善): values only."""

from collections.abc import Mapping
from dataclasses import dataclass

from workflows.vocabulary import Grade, Word


class ReviewMode(Word):
    """The two ways of filling the review form in (R88 article 24)."""

    QUALITATIVE = "qualitative", "一般性项目（定性）", "qualitative"
    SCORED = "scored", "重点项目（定量）", "scored"


@dataclass(frozen=True)
class Review:
    """A review form as filled in by one reviewer at a node of a round, for one content.

    `items` holds, by the code of the sub-item, its `grade` or its `points` (decimal text) and a `comment`; `total` is
    the sum of points of 100, which in the qualitative mode are for statistics only. `completed` is the hash of that
    content as the reviewer completed it with the unit's consent; `void` once a return or a new round took it away.
    """

    node: str
    level: str
    round: int
    person: str
    name: str
    mode: str
    items: Mapping[str, Mapping[str, str]]
    total: str
    grade: str
    opinion: str
    content_hash: str
    at: str
    behalf: str = ""
    completed: str = ""
    void: bool = False

    def covers(self, content_hash: str) -> bool:
        """Whether the form still speaks of this content."""
        return not self.void and content_hash in (self.content_hash, self.completed)


@dataclass(frozen=True)
class Amendment:
    """What a reviewer wants to complete himself, waiting for the unit: from content `base` to `content_hash`.

    `changes` is the hash of {"changes": [{pointer, old, new, reason}]}; `due_at` is UTC ISO text.
    """

    amendment: str
    node: str
    level: str
    person: str
    name: str
    role: str
    organ: str
    base: str
    content_hash: str
    changes: str
    changed: int
    opinion: str
    proposed_at: str
    due_at: str
    provisional: bool
    behalf: str = ""


@dataclass(frozen=True)
class Amended:
    """Who completed a content at which node of a round, with the unit's consent (S3)."""

    person: str
    node: str
    round: int
    behalf: str = ""


FROM_BEST = tuple(Grade)


def worst(grades: tuple[str, ...]) -> Grade | None:
    """Return the worst of these grades, None of none."""
    return max(map(Grade, grades), key=FROM_BEST.index, default=None)
