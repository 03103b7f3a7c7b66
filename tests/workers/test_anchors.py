"""The anchor directory after every single file operation that fails or at which the process dies: whole, and mended."""

import errno
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from tests.support.faulty_disk import DIED, FaultyDisk, HastyDisk, dies, fails_with, in_a_child
from workflows.anchors.alarm import Alarm, alarm_in
from workflows.anchors.directory import UNFINISHED, new_tiles, tile_path, writing_anchors
from workflows.anchors.disk import Disk, RealDisk, put_whole
from workflows.anchors.key_files import make_key, read_key
from workflows.anchors.reading import keys_in, newest_anchored, witnessed
from workflows.anchors.refusals import NoteNotOurs, PublishedDiffers
from workflows.errors import NotANote
from workflows.ledger.anchored import kept_notes, note_name
from workflows.ledger.keys import KeyKind, SigningKey
from workflows.ledger.notes import Checkpoint, Note, parse_note

ORIGIN = "goaltrail.local/00ff00ff00ff00ff/sha256"
LOG = SigningKey(ORIGIN, bytes(range(32)))
WITNESS = SigningKey("goaltrail.local/witness/w1", bytes(range(1, 33)), KeyKind.WITNESS)
ALARM = Alarm("conflict", "不一致。", "2026-03-02T01:00:00+00:00", log_size=700)


def signed(size: int, root: str = "") -> Note:
    body = Checkpoint(ORIGIN, size, sha256(f"{size}{root}".encode()).digest()).body()
    return Note(body, (LOG.sign(body),))


def cosigned(note: Note, at: int = 1_770_000_000) -> Note:
    return note.with_signature(WITNESS.sign(note.body, at))


def tile(level: int, n: int) -> bytes:
    return sha256(f"{level}/{n}".encode()).digest() * 256


EARLIER, LATER = signed(300), signed(600)
ALLOWED = {300: {EARLIER.text()}, 600: {LATER.text(), cosigned(LATER).text()}}
TILES = {(0, 0), (0, 1)}


def two_rounds(directory: Path, disk: Disk) -> None:
    """All that the writer ever does: two notes with their tiles, a cosignature that came late, an alarm that went."""
    with writing_anchors(directory, disk) as writer:
        writer.publish_keys([LOG.vkey])
        writer.publish_tiles(0, 300, tile)
        writer.publish(EARLIER)
        writer.raise_alarm(ALARM)
    with writing_anchors(directory, disk) as writer:
        writer.clear_alarm()
        writer.publish_tiles(300, 600, tile)
        writer.publish(LATER)
        writer.publish_keys([LOG.vkey, WITNESS.vkey])
        writer.tell_witnesses("[]\n")
        writer.publish(cosigned(LATER))


def files_in(directory: Path) -> dict[str, bytes]:
    return {str(file.relative_to(directory)): file.read_bytes() for file in directory.rglob("*") if file.is_file()}


def assert_whole(directory: Path) -> None:
    """Whatever lies there under its own name is whole and one of the things that were to be written."""
    newest = newest_anchored(directory, search=True)
    assert newest is None or newest.note.text() in ALLOWED[newest.checkpoint.size]
    for size, file in kept_notes(directory, 2**62).items():
        assert file.read_text() in ALLOWED[size]
    shown = directory / "checkpoint"
    if shown.exists():
        size = newest_anchored(directory).checkpoint.size
        assert shown.read_text() in ALLOWED[size]
        assert size in kept_notes(directory, size)
        published = {(level, n) for level, n in new_tiles(0, size) if (directory / f"tile/{level}/{tile_path(n)}").exists()}
        assert published == set(new_tiles(0, size))
    for file in (directory / "tile").rglob("*"):
        if file.is_file():
            level, n = file.relative_to(directory / "tile").parts
            assert file.read_bytes() == tile(int(level), int(n))
    assert [key for key in keys_in(directory) if key not in (LOG.vkey, WITNESS.vkey)] == []
    assert alarm_in(directory) in (None, ALARM)


@pytest.fixture(scope="module")
def unharmed(tmp_path_factory) -> tuple[dict[str, bytes], int]:
    directory, disk = tmp_path_factory.mktemp("unharmed") / "a" / "anchors", FaultyDisk()
    two_rounds(directory, disk)
    return files_in(directory), len(disk.done)


FAULTS: dict[str, Callable] = {
    "EIO": fails_with(errno.EIO), "ENOSPC": fails_with(errno.ENOSPC), "EIO too late": fails_with(errno.EIO, late=True),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_every_operation_that_fails_is_heard_and_leaves_all_whole(fault, unharmed, tmp_path):
    files, operations = unharmed
    assert operations > 60
    for number in range(1, operations + 1):
        directory = tmp_path / str(number) / "anchors"
        with pytest.raises(OSError, match=r"Errno (5|28)\]"):
            two_rounds(directory, FaultyDisk(at=number, fault=FAULTS[fault]))
        assert_whole(directory)
        two_rounds(directory, HastyDisk())
        assert (number, files_in(directory)) == (number, files)


def test_a_process_that_dies_at_any_operation_leaves_all_whole(unharmed, tmp_path):
    files, operations = unharmed
    for number in range(1, operations + 1):
        directory = tmp_path / str(number) / "anchors"
        died = in_a_child(lambda d=directory, n=number: two_rounds(d, FaultyDisk(at=n, fault=dies)))
        assert died == DIED
        assert_whole(directory)
        two_rounds(directory, HastyDisk())
        assert (number, files_in(directory)) == (number, files)
        assert list((directory / UNFINISHED).iterdir()) == []


def test_the_bytes_are_on_the_disk_before_the_name_and_the_name_before_the_next(tmp_path):
    disk = FaultyDisk()
    two_rounds(tmp_path / "anchors", disk)
    renamed = [(at, what) for at, (name, what) in enumerate(disk.done) if name == "rename"]
    assert len(renamed) == 12
    for at, (old, new) in renamed:
        before = [name for name, what in disk.done[:at] if what == old]
        last = len(before) - before[::-1].index("create") - 1
        assert (before[last], set(before[last + 1 : -2]), before[-2:]) == ("create", {"write"}, ["sync", "close"])
        assert disk.done[at - 1 : at + 3] == [
            ("open_folder", new.parent), ("rename", (old, new)), ("sync", new.parent), ("close", new.parent),
        ]  # fmt: skip


def test_a_size_never_gets_another_root(tmp_path):
    two_rounds(tmp_path, RealDisk())
    before = files_in(tmp_path)
    with writing_anchors(tmp_path, RealDisk()) as writer:
        for size in (300, 600):
            with pytest.raises(PublishedDiffers):
                writer.publish(signed(size, "other"))
        with pytest.raises(PublishedDiffers):
            writer.publish_tiles(0, 300, lambda _level, _n: bytes(8192))
    assert files_in(tmp_path) == before


def test_a_note_keeps_the_signatures_it_has(tmp_path):
    two_rounds(tmp_path, RealDisk())
    with writing_anchors(tmp_path, RealDisk()) as writer:
        writer.publish(LATER)
    assert (tmp_path / "notes" / note_name(600)).read_text() == cosigned(LATER).text()
    assert newest_anchored(tmp_path, search=True).note == cosigned(LATER)
    assert witnessed(cosigned(LATER), keys_in(tmp_path)) == {WITNESS.name: 1_770_000_000}
    assert witnessed(LATER, keys_in(tmp_path)) == {}


def test_two_writers_do_not_work_at_once(tmp_path):
    with writing_anchors(tmp_path, RealDisk()), pytest.raises(BlockingIOError), writing_anchors(tmp_path, RealDisk()):
        pass
    with writing_anchors(tmp_path, RealDisk()) as writer:
        writer.publish(EARLIER)


def test_what_a_crash_left_newer_is_found_by_a_search(tmp_path):
    with writing_anchors(tmp_path, RealDisk()) as writer:
        writer.publish(EARLIER)
    (tmp_path / "notes" / note_name(600)).write_text(LATER.text())
    assert newest_anchored(tmp_path).checkpoint.size == 300
    assert newest_anchored(tmp_path, search=True).checkpoint.size == 600


@pytest.mark.parametrize("spoiled", ["", "x", EARLIER.text()[:-1], EARLIER.text().replace("\n300\n", "\n0300\n")])
def test_a_checkpoint_that_is_no_note_is_said(tmp_path, spoiled):
    (tmp_path / "checkpoint").write_text(spoiled)
    with pytest.raises(NoteNotOurs):
        newest_anchored(tmp_path)


def test_a_note_under_another_size_or_with_another_root_is_said(tmp_path):
    (tmp_path / "notes").mkdir()
    kept = tmp_path / "notes" / note_name(600)
    kept.write_text(EARLIER.text())
    with pytest.raises(NoteNotOurs):
        newest_anchored(tmp_path)
    kept.write_text(signed(600, "other").text())
    (tmp_path / "checkpoint").write_text(LATER.text())
    with pytest.raises(NoteNotOurs):
        newest_anchored(tmp_path, search=True)


def test_an_alarm_keeps_the_moment_it_was_first_seen(tmp_path):
    later = Alarm(ALARM.what, ALARM.sentence, "2026-03-03T01:00:00+00:00", log_size=800)
    other = Alarm("smaller", "变短了。", "2026-03-03T01:00:00+00:00")
    with writing_anchors(tmp_path, RealDisk()) as writer:
        writer.raise_alarm(ALARM)
        writer.raise_alarm(later)
        assert alarm_in(tmp_path) == Alarm(ALARM.what, ALARM.sentence, ALARM.at, log_size=800)
        writer.raise_alarm(other)
        assert alarm_in(tmp_path) == other
        (tmp_path / "alarm.json").write_text("{")
        with pytest.raises(NotANote):
            alarm_in(tmp_path)
        writer.raise_alarm(other)
        assert alarm_in(tmp_path) == other
        assert [writer.clear_alarm(), writer.clear_alarm()] == [True, False]


def test_nothing_is_written_again_that_is_there(tmp_path):
    two_rounds(tmp_path, RealDisk())
    disk = FaultyDisk()
    with writing_anchors(tmp_path, disk) as writer:
        writer.publish(cosigned(LATER))
        writer.publish_tiles(0, 600, tile)
        writer.publish_keys([WITNESS.vkey])
        writer.tell_witnesses("[]\n")
    assert [name for name, _ in disk.done] == ["lock", "close"]


def test_tiles_are_named_as_the_standard_spells_them():
    assert [tile_path(n) for n in (0, 67, 999, 1000, 1234067)] == ["000", "067", "999", "x001/000", "x001/x234/067"]
    assert list(new_tiles(255, 256)) == [(0, 0)]
    assert list(new_tiles(0, 255)) == []
    assert list(new_tiles(65_535, 65_536 + 256)) == [(0, 255), (0, 256), (1, 0)]


def test_a_key_is_only_its_owners_to_read_and_never_half_there(tmp_path):
    file = tmp_path / "keys" / "log.key"
    assert read_key(file) is None
    made = make_key(RealDisk(), file, ORIGIN, KeyKind.LOG, bytes)
    assert (read_key(file), file.stat().st_mode & 0o777) == (made, 0o600)
    for at in range(1, 20):
        disk, other = FaultyDisk(at=at, fault=fails_with(errno.ENOSPC)), tmp_path / f"k{at}" / "log.key"
        try:
            key = make_key(disk, other, ORIGIN, KeyKind.LOG, bytes)
        except OSError:
            key = None
        assert read_key(other) in {None, made}
        assert key in {None, made}
    file.write_text("no key")
    with pytest.raises(NotANote):
        read_key(file)


def test_a_file_is_replaced_whole_even_where_its_unfinished_self_was_left(tmp_path):
    (tmp_path / f"{tmp_path.name}.state").write_bytes(b"left over, and longer than what comes")
    put_whole(RealDisk(), tmp_path / "state", b"new", unfinished=tmp_path)
    assert files_in(tmp_path) == {"state": b"new"}


def test_notes_are_read_back_as_they_were_written():
    assert parse_note(cosigned(EARLIER).text()) == cosigned(EARLIER)
