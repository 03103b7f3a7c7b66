"""What a reader has already seen of a table, so that the page can begin with what is new to him (features D8).

The rule. A look remembers three things: `version`, what was behind the reader when the newest records came; `at`, the
moment of the newest record that he has had before his eyes; `content_hash`, the content that he saw with it. Opening
the page again without news moves nothing, so that a reload, or coming back tomorrow, still shows the same differences.
They go when the reader acts on the table (everything up to his own act is behind him), or when newer records come:
then what he saw last is behind him, and the differences are those since then. Moments of a table's records never go
back, so `at` names exactly one version; where two records share a moment, `content_hash` decides, so that a change of
the content is never taken for seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from workflows.as_of import content_hash_at
from workflows.events import Recorded


@dataclass(frozen=True)
class Look:
    """What a reader saw of a table; see the rule above."""

    version: int
    content_hash: str
    at: datetime


def look_at(history: Sequence[Recorded], before: Look | None) -> Look:
    """Return the look of a reader who opens the table now, given his look before; the same one where nothing is new."""
    now = Look(len(history), content_hash_at(history) or "", history[-1].at)
    if before is None:
        return now
    seen = version_seen(history, before)
    return before if seen == len(history) else Look(seen, now.content_hash, now.at)


def version_seen(history: Sequence[Recorded], look: Look) -> int:
    """Return the newest version that the reader had before his eyes at that look."""
    until = sum(each.at <= look.at for each in history)
    same = (version for version in range(until, 0, -1) if content_hash_at(history[:version]) == look.content_hash)
    return next(same, look.version)


DECIDES = frozenset({
    "task.decided", "monitoring.accepted", "monitoring.returned", "selfeval.accepted", "selfeval.returned",
})  # fmt: skip
"""Kinds by which a reader decides on a table."""


LOOKS = frozenset({"task.opened", "copy.read"})
"""Kinds that say that somebody looked: they put nothing behind him."""


def version_decided(history: Sequence[Recorded], reader: str) -> int:
    """Return the version at which the reader last decided, in any round, himself or through a deputy; 0 for never."""
    mine = (each for each in history if each.kind in DECIDES and _by(each, reader))
    return max((each.version for each in mine), default=0)


def _by(recorded: Recorded, reader: str) -> bool:
    return recorded.actor_id == reader or bool(recorded.behalf and recorded.behalf.id == reader)


def version_acted(history: Sequence[Recorded], reader: str) -> int:
    """Return the version at which the reader's last own act was finished, 0 where he never acted."""
    mine = (each for each in history if each.actor_id == reader and each.kind not in LOOKS)
    return max((each.version for each in mine), default=0)
