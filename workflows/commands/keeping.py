"""The verbs of those who keep the log: that a backup was taken, that one was restored."""

from uuid import UUID, uuid4

from workflows import events as e
from workflows.journal import Command, Journal
from workflows.vocabulary import SYSTEM

BACKUPS = UUID("b3f1a7c2-54d8-5e0b-8a36-2f6e9d1c7b40")
"""The stream on which an installation says when it was backed up and restored."""
LOG = "log"


def note_backup(journal: Journal, *, size: int, root: str, command_id: UUID | None = None) -> None:
    """Record that a backup was begun when the sealed log had this size and root (hex)."""
    _note(journal, e.BackupTaken(size, root), command_id)


def note_restore(
    journal: Journal, *, size: int, root: str, anchored: int | None, command_id: UUID | None = None
) -> None:
    """Record that a backup was restored, and the size of the newest outside note that it was held against."""
    _note(journal, e.BackupRestored(size, root, anchored), command_id)


def _note(journal: Journal, fact: e.Event, command_id: UUID | None) -> None:
    journal.append(BACKUPS, LOG, (fact,), Command(SYSTEM, SYSTEM.posts[0], command_id or uuid4()))
