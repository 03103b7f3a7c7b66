"""Whether the tree in the database may be signed: held against the newest note outside of it, and nothing else."""

from collections.abc import Callable
from dataclasses import dataclass

from workflows.anchors.reading import AnchoredNote
from workflows.anchors.refusals import LogConflicts, LogShrank, NoteNotOurs, OtherLog
from workflows.ledger.keys import VerifyingKey


@dataclass(frozen=True)
class LogNow:
    """The log as the database tells it: its origin line, how many events are sealed, and the root at any size."""

    origin: str
    size: int
    root_at: Callable[[int], bytes]

    @property
    def facts(self) -> dict[str, str | int]:
        """Return what an alarm says of it."""
        return {"log_origin": self.origin, "log_size": self.size, "log_root": self.root_at(self.size).hex()}


def refuse_unsignable(log: LogNow, newest: AnchoredNote | None, key: VerifyingKey) -> None:
    """Raise NoteNotOurs, OtherLog, LogShrank or LogConflicts where the newest note forbids to sign this log.

    ledger.md 4: never a smaller or conflicting tree; the note decides, whatever the database says it was.
    """
    if newest and key.signature_on(newest.note) is None:
        raise NoteNotOurs(**log.facts, **newest.facts)
    if log.origin != key.name or (newest and newest.checkpoint.origin != log.origin):
        raise OtherLog(**log.facts, **(newest.facts if newest else {"anchored_origin": key.name}))
    if newest is None:
        return
    if log.size < newest.checkpoint.size:
        raise LogShrank(**log.facts, **newest.facts)
    if log.root_at(newest.checkpoint.size) != newest.checkpoint.root:
        raise LogConflicts(**log.facts, **newest.facts)
