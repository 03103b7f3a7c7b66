"""The anchor directory's one writer: tiles, notes, the newest note, keys and the alarm, each file whole or not there.

A tile and a note once published are never replaced by other content; a note may only gain signatures. What has no
name yet lies in `.unfinished`, which a new writer empties.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from workflows.anchors.alarm import ALARM, Alarm, alarm_in
from workflows.anchors.disk import Disk, ensure_folder, locked, put_whole, remove_file
from workflows.anchors.reading import anchored, keys_in
from workflows.anchors.refusals import PublishedDiffers
from workflows.errors import NotANote
from workflows.ledger.anchored import KEYS, NEWEST, NOTES, note_name
from workflows.ledger.notes import Note

UNFINISHED, LOCK, TILES, WITNESSES = ".unfinished", ".lock", "tile", "witnesses.json"
WIDTH, HASH, TILE_LEVELS = 256, 32, 8


@dataclass(frozen=True)
class AnchorWriter:
    """Writes into an anchor directory while it holds its lock; every operation may raise OSError."""

    directory: Path
    disk: Disk

    def publish(self, note: Note) -> None:
        """Keep a note under its size, then let `checkpoint` show it; PublishedDiffers where it has another root."""
        size = anchored(note.text()).checkpoint.size
        file = self.directory / NOTES / note_name(size)
        if file.exists():
            self._put_if(file, note, _kept(file))
        else:
            ensure_folder(self.disk, file.parent)
            self._put(file, note.text())
        self.show(note)

    def show(self, note: Note) -> None:
        """Let `checkpoint` be this note, unless it is already."""
        newest = self.directory / NEWEST
        if not newest.exists() or newest.read_bytes() != note.text().encode():
            self._put(newest, note.text())

    def publish_tiles(self, before: int, size: int, tile: Callable[[int, int], bytes]) -> int:
        """Write the full tiles that a log of `size` has and one of `before` had not; return how many were new.

        `tile(level, n)` returns the 8192 bytes of one. PublishedDiffers where another one lies there.
        """
        return sum(self._put_tile(level, n, tile(level, n)) for level, n in new_tiles(before, size))

    def publish_keys(self, keys: Sequence[str]) -> None:
        """Add verification keys to those that were published."""
        known = keys_in(self.directory)
        added = [key for key in dict.fromkeys(keys) if key not in known]
        if added:
            self._put(self.directory / KEYS, "".join(f"{key}\n" for key in (*known, *added)))

    def tell_witnesses(self, text: str) -> None:
        """Say how each witness stands (JSON), where that has changed."""
        file = self.directory / WITNESSES
        if not file.exists() or file.read_bytes() != text.encode():
            self._put(file, text)

    def raise_alarm(self, alarm: Alarm) -> None:
        """Let the alarm stand; the same one keeps the moment at which it was first seen."""
        earlier = self.standing_alarm()
        raised = alarm.continues(earlier)
        if raised != earlier:
            self._put(self.directory / ALARM, raised.to_text())

    def clear_alarm(self) -> bool:
        """Take the alarm away; False where none stood."""
        file = self.directory / ALARM
        if not file.exists():
            return False
        remove_file(self.disk, file)
        return True

    def standing_alarm(self) -> Alarm | None:
        """Return the alarm that stands, None where there is none or it cannot be read."""
        try:
            return alarm_in(self.directory)
        except NotANote:
            return None

    def _put_if(self, file: Path, note: Note, kept: Note) -> None:
        if kept.body != note.body:
            raise PublishedDiffers(file=file.name)
        if kept != note and set(kept.signatures) - set(note.signatures) == set():
            self._put(file, note.text())

    def _put_tile(self, level: int, n: int, hashes: bytes) -> int:
        file = self.directory / TILES / str(level) / tile_path(n)
        if file.exists():
            if file.read_bytes() != hashes:
                raise PublishedDiffers(file=f"{level}/{tile_path(n)}")
            return 0
        ensure_folder(self.disk, file.parent)
        put_whole(self.disk, file, hashes, unfinished=self.directory / UNFINISHED)
        return 1

    def _put(self, file: Path, text: str) -> None:
        put_whole(self.disk, file, text.encode(), unfinished=self.directory / UNFINISHED)


@contextmanager
def writing_anchors(directory: Path, disk: Disk) -> Iterator[AnchorWriter]:
    """Open the directory, made where it is missing, as its only writer, and clear away what a crash left unfinished.

    BlockingIOError where another writer is at work; any other OSError where the disk refuses.
    """
    ensure_folder(disk, directory)
    with locked(disk, directory / LOCK):
        ensure_folder(disk, directory / UNFINISHED)
        for left in sorted((directory / UNFINISHED).iterdir()):
            disk.remove(left)
        yield AnchorWriter(directory, disk)


def new_tiles(before: int, size: int) -> Iterable[tuple[int, int]]:
    """Yield (level, number) of the full tiles that grew between two sizes, the lowest level first."""
    for level in range(TILE_LEVELS):
        leaves = WIDTH ** (level + 1)
        yield from ((level, n) for n in range(before // leaves, size // leaves))


def tile_path(n: int) -> str:
    """Return a tile's number as tlog-tiles spells it: groups of three digits, all but the last marked with an x."""
    groups = [f"{n % 1000:03}"]
    while n := n // 1000:
        groups.insert(0, f"x{n % 1000:03}")
    return "/".join(groups)


def _kept(file: Path) -> Note:
    return anchored(file.read_text(encoding="utf-8", errors="replace")).note
