"""What lies in the anchor directory, outside of the database: kept notes, the newest of them, verification keys.

Layout: `checkpoint` (the newest note), `notes/<size in 20 digits>`, `vkeys` (one key a line).
"""

from collections.abc import Mapping
from pathlib import Path

DIGITS = 20
NEWEST, NOTES, KEYS = "checkpoint", "notes", "vkeys"


def note_name(size: int) -> str:
    """Return the file name of the note of that size."""
    return f"{size:0{DIGITS}}"


def kept_notes(directory: Path, up_to: int) -> Mapping[int, Path]:
    """Return the files of the notes of at most that size, the smallest first; none where there is no directory."""
    folder = directory / NOTES
    names = [path.name for path in folder.iterdir()] if folder.is_dir() else []
    sizes = sorted(int(name) for name in names if len(name) == DIGITS and name.isascii() and name.isdigit())
    return {size: folder / note_name(size) for size in sizes if size <= up_to}


def newest_note(directory: Path) -> str | None:
    """Return the text of the newest note, None where none was written yet; bytes that are no text make it no note."""
    try:
        return (directory / NEWEST).read_bytes().decode(errors="replace")
    except FileNotFoundError:
        return None


def verification_keys(directory: Path) -> bytes:
    """Return the keys of log and witnesses, one a line; empty where none were written yet."""
    try:
        return (directory / KEYS).read_bytes()
    except FileNotFoundError:
        return b""
