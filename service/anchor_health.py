"""Whether the notes outside the database keep up with the log, and whether an alarm stands beside them."""

from datetime import UTC, datetime
from pathlib import Path

from workflows.anchors.alarm import alarm_in
from workflows.anchors.reading import newest_anchored
from workflows.anchors.refusals import NoteNotOurs
from workflows.errors import NotANote
from workflows.store.anchoring import uncovered_since
from workflows.store.transaction import Transaction

LONGEST_LAG = 60.0


def checkpoints_check(tx: Transaction, anchors: Path) -> dict[str, object]:
    """Return `ok`, the anchored size and for how many seconds events wait for a note; `says` names an alarm.

    Red while an alarm stands, while the directory cannot be read, and when the newest note is more than a minute
    behind the log.
    """
    try:
        alarm, newest = alarm_in(anchors), newest_anchored(anchors)
    except (NoteNotOurs, NotANote, OSError) as unreadable:
        return {"ok": False, "says": type(unreadable).__name__}
    size = newest.checkpoint.size if newest else 0
    lag = seconds_behind(tx, size)
    said = {"ok": alarm is None and lag <= LONGEST_LAG, "size": size, "lag_seconds": round(lag, 1)}
    return said | ({"says": alarm.what} if alarm else {})


def seconds_behind(tx: Transaction, size: int) -> float:
    """Return for how many seconds (real clock) the first sealed event beyond a note's size has waited; 0 for none."""
    since = uncovered_since(tx, size)
    return (datetime.now(UTC) - since).total_seconds() if since else 0.0
