"""The newest note that was anchored, read from the files outside of the database and from nowhere else."""

from dataclasses import dataclass
from pathlib import Path

from workflows.anchors.refusals import NoteNotOurs
from workflows.errors import NotANote
from workflows.ledger.anchored import KEYS, kept_notes, newest_note
from workflows.ledger.keys import VerifyingKey, cosigned_at
from workflows.ledger.notes import Checkpoint, Note, parse_checkpoint, parse_note

LARGEST = 2**63 - 1


@dataclass(frozen=True)
class AnchoredNote:
    """A note with the checkpoint that it signs."""

    note: Note
    checkpoint: Checkpoint

    @property
    def facts(self) -> dict[str, str | int]:
        """Return what an alarm says of it."""
        said = self.checkpoint
        return {"anchored_origin": said.origin, "anchored_size": said.size, "anchored_root": said.root.hex()}


def anchored(text: str) -> AnchoredNote:
    """Read a note's text; NotANote."""
    note = parse_note(text)
    return AnchoredNote(note, parse_checkpoint(note.body))


def newest_anchored(directory: Path, *, search: bool = False) -> AnchoredNote | None:
    """Return what `checkpoint` holds; with `search` also what a crash left newer among the notes; None where none is.

    NoteNotOurs where a file cannot be read as a note, or two of one size say different things.
    """
    try:
        named = _read(directory)
        latest = _latest_kept(directory) if search or named is None else None
    except NotANote as damaged:
        raise NoteNotOurs(reason=str(damaged.facts)) from damaged
    if named is None or latest is None:
        return named or latest
    if named.checkpoint.size == latest.checkpoint.size and named.note.body != latest.note.body:
        raise NoteNotOurs(**latest.facts)
    return max(named, latest, key=_rank)


def keys_in(directory: Path) -> list[str]:
    """Return the verification keys that were published, the log's first."""
    try:
        return (directory / KEYS).read_text(encoding="utf-8", errors="replace").split()
    except FileNotFoundError:
        return []


def witnessed(note: Note, keys: list[str]) -> dict[str, int]:
    """Return when (seconds since 1970) each witness cosigned the note, by the witness's name, as far as it verifies."""
    known = [VerifyingKey.from_vkey(key) for key in keys]
    found = {key.name: (key, key.signature_on(note)) for key in known if key.kind.name == "WITNESS"}
    return {name: cosigned_at(signature) for name, (_, signature) in found.items() if signature}


def _read(directory: Path) -> AnchoredNote | None:
    text = newest_note(directory)
    return None if text is None else anchored(text)


def _latest_kept(directory: Path) -> AnchoredNote | None:
    kept = kept_notes(directory, LARGEST)
    if not kept:
        return None
    size = max(kept)
    latest = anchored(kept[size].read_text(encoding="utf-8", errors="replace"))
    if latest.checkpoint.size != size:
        raise NoteNotOurs(**latest.facts)
    return latest


def _rank(kept: AnchoredNote) -> tuple[int, int]:
    return kept.checkpoint.size, len(kept.note.signatures)
