"""The process that signs, on a real database: what it signs as the log grows, what it refuses, and how it recovers."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event, Thread

import pytest
from structlog.testing import capture_logs

from tests.support.answering import answering
from tests.support.cluster import TestCluster, short_folder
from tests.support.faulty_disk import FaultyDisk, fails_with
from tests.support.ledgers import NOW, Ledger, new_ledger, signer
from tests.workers.processes import ROOT, wait_until
from tests.workers.witnesses import witness_at
from workers import witness_calls
from workers.checkpoints import checkpoint_until
from workflows.anchors.alarm import alarm_in
from workflows.anchors.directory import new_tiles, tile_path
from workflows.anchors.disk import RealDisk, ensure_folder, put_whole
from workflows.anchors.key_files import make_key, read_key
from workflows.anchors.reading import keys_in, newest_anchored, witnessed
from workflows.ledger.anchored import kept_notes, note_name
from workflows.ledger.keys import KeyKind, VerifyingKey
from workflows.store.leaf_audit import root_of_leaves
from workflows.store.transaction import begin
from workflows.store.tree import checkpoints, log_identity, root_at, store_tiles


@pytest.fixture
def ledgers(cluster: TestCluster) -> Iterator[Callable[[], Ledger]]:
    made: list[Ledger] = []

    def make(of: Ledger | None = None) -> Ledger:
        if of:
            made.append(of.copied())
        else:
            made.append(new_ledger(cluster))
        return made[-1]

    yield make
    for ledger in made:
        ledger.drop()


@pytest.fixture
def ledger(ledgers) -> Ledger:
    return ledgers()


@pytest.fixture
def home() -> Iterator[Path]:
    with short_folder() as folder:
        yield folder


def sizes(home: Path) -> list[int]:
    return list(kept_notes(home / "anchors", 2**62))


def shown(home: Path) -> tuple[int, bytes]:
    newest = newest_anchored(home / "anchors").checkpoint
    return newest.size, newest.root


def alarm(home: Path):
    return alarm_in(home / "anchors")


def test_each_growth_is_signed_outside_and_kept_inside(ledger: Ledger, home: Path):
    process = signer(ledger, home)
    process.look()
    assert (sizes(home), len(keys_in(home / "anchors"))) == ([], 1)
    for count, size in ((3, 3), (0, 3), (600, 603), (1, 604)):
        ledger.grow(count)
        process.look()
        assert shown(home) == (size, ledger.root(size))
    assert sizes(home) == [3, 603, 604]
    key = VerifyingKey.from_vkey(keys_in(home / "anchors")[0])
    newest = newest_anchored(home / "anchors")
    assert (key.name, newest.checkpoint.origin) == (ledger.origin(), ledger.origin())
    assert key.signature_on(newest.note) is not None
    with begin(ledger.app) as tx:
        kept = [(each.size, each.root, each.note) for each in checkpoints(tx)]
    assert kept == [(size, ledger.root(size), file.read_text()) for size, file in kept_notes(home / "anchors", 604).items()]
    assert (home / "keys" / "log.key").stat().st_mode & 0o777 == 0o600
    assert alarm(home) is None


def test_full_tiles_lie_beside_the_notes(ledger: Ledger, home: Path):
    ledger.grow(700)
    signer(ledger, home).look()
    with begin(ledger.app) as tx:
        rows = {(row["level"], row["n"]): bytes(row["hashes"]) for row in tx.rows("SELECT level, n, hashes FROM log.tile")}
    assert set(rows) == set(new_tiles(0, 700)) == {(0, 0), (0, 1)}
    files = {(level, n): (home / f"anchors/tile/{level}/{tile_path(n)}").read_bytes() for level, n in rows}
    assert files == rows
    (home / "anchors/tile/0/000").unlink()
    signer(ledger, home).look()
    assert (home / "anchors/tile/0/000").read_bytes() == rows[0, 0]


def test_an_older_state_of_the_database_is_refused_until_the_right_one_is_back(ledgers, ledger: Ledger, home: Path):
    ledger.grow(5)
    signer(ledger, home).look()
    backup = ledgers(ledger)
    ledger.grow(5)
    signer(ledger, home).look()
    before = shown(home)
    process = signer(backup, home)
    for _ in range(2):
        process.look()
        said = alarm(home)
        assert (said.what, said.log_size, said.anchored_size) == ("smaller", 5, 10)
        assert (said.log_root, said.anchored_root) == (ledger.root(5).hex(), ledger.root(10).hex())
        assert (said.at, shown(home), sizes(home)) == (NOW.isoformat(), before, [5, 10])
    backup.grow(10)
    process.look()
    assert (alarm(home).what, alarm(home).log_size, sizes(home)) == ("conflict", 15, [5, 10])
    process.engine = ledger.sealer
    ledger.grow(1)
    process.look()
    assert (alarm(home), sizes(home)) == (None, [5, 10, 11])


def test_a_changed_leaf_is_refused_and_forgotten_when_it_is_put_right(ledger: Ledger, home: Path):
    ledger.grow(10)
    process = signer(ledger, home)
    process.look()
    ledger.tamper("CREATE TABLE public.was AS SELECT * FROM log.leaf WHERE log_index = 4")
    ledger.tamper("UPDATE log.leaf SET leaf_hash = sha256('x') WHERE log_index = 4")
    ledger.grow(1)
    process.look()
    assert (alarm(home).what, alarm(home).log_size, alarm(home).anchored_size) == ("conflict", 11, 10)
    ledger.tamper("UPDATE log.leaf SET leaf_hash = was.leaf_hash FROM public.was WHERE leaf.log_index = was.log_index")
    process.look()
    assert (alarm(home), sizes(home)) == (None, [10, 11])


def test_a_leaf_changed_under_a_kept_tile_is_found_by_a_new_process_and_within_the_hour(ledger: Ledger, home: Path):
    """The tile is a cache that still says what the leaf was; only who reads the leaves themselves sees it."""
    ledger.grow(1200)
    process = signer(ledger, home)
    process.steady = lambda: 100.0
    process.look()
    process.look()
    assert (process.counted_at, alarm(home)) == (100.0, None)
    ledger.tamper("UPDATE log.leaf SET leaf_hash = sha256('x') WHERE log_index = 300")
    process.look()
    assert alarm(home) is None
    process.steady = lambda: 3700.0
    process.look()
    assert (alarm(home).what, alarm(home).anchored_size) == ("conflict", 1200)
    process.look()
    assert alarm(home).what == "conflict"
    signer(ledger, home).look()
    assert alarm(home).what == "conflict"


@pytest.mark.parametrize("count", [0, 1, 255, 256, 257, 700])
def test_the_leaves_have_the_root_that_the_tiles_have(ledger: Ledger, count: int):
    ledger.grow(count)
    with begin(ledger.sealer) as tx:
        store_tiles(tx)
        assert root_of_leaves(tx, count) == root_at(tx, count)


def test_leaves_that_are_gone_are_refused(ledger: Ledger, home: Path):
    ledger.grow(10)
    process = signer(ledger, home)
    process.look()
    ledger.tamper("DELETE FROM log.leaf WHERE log_index >= 6")
    process.look()
    assert (alarm(home).what, shown(home)[0]) == ("conflict", 10)


def test_another_database_is_refused(ledgers, ledger: Ledger, home: Path):
    ledger.grow(3)
    process = signer(ledger, home)
    process.look()
    other = ledgers()
    other.grow(9)
    process.engine = other.sealer
    process.look()
    said = alarm(home)
    assert (said.what, said.log_origin, said.anchored_origin) == ("origin", other.origin(), ledger.origin())
    assert sizes(home) == [3]
    for file in (home / "anchors").rglob("*"):
        if file.is_file():
            file.unlink()
    process.look()
    assert (alarm(home).what, alarm(home).log_origin, sizes(home)) == ("origin", other.origin(), [])


def test_a_key_that_is_gone_is_not_made_again(ledger: Ledger, home: Path):
    ledger.grow(3)
    process = signer(ledger, home)
    process.look()
    key = home / "keys" / "log.key"
    kept = key.read_text()
    for spoiled in (None, "nonsense"):
        key.unlink() if spoiled is None else key.write_text(spoiled)
        ledger.grow(1)
        process.look()
        assert (alarm(home).what, sizes(home)) == ("key", [3])
        assert alarm(home).sentence == "检查点目录中已有检查点，但签名密钥不见了或无法读懂。请取回原来的密钥文件；不会自行另造新的密钥。"
    key.write_text(kept)
    process.look()
    assert (alarm(home), sizes(home)) == (None, [3, 5])


def test_a_note_that_is_not_ours_is_refused(ledgers, ledger: Ledger, home: Path):
    ledger.grow(3)
    process = signer(ledger, home)
    process.look()
    ours = (home / "anchors" / "checkpoint").read_text()
    changed = ours.replace("\n3\n", "\n2\n")
    for text in (changed, "nonsense", ""):
        (home / "anchors" / "checkpoint").write_text(text)
        process.look()
        assert (alarm(home).what, sizes(home)) == ("note", [3])
    (home / "anchors" / "checkpoint").write_text(ours)
    process.look()
    assert alarm(home) is None
    (home / "anchors" / "notes" / note_name(7)).write_text(changed.replace("\n2\n", "\n7\n"))
    restarted = signer(ledger, home)
    restarted.look()
    assert (alarm(home).what, alarm(home).anchored_size) == ("note", 7)


def test_an_anchor_directory_that_is_suddenly_empty_is_refused(ledger: Ledger, home: Path):
    ledger.grow(3)
    process = signer(ledger, home)
    process.look()
    note = (home / "anchors" / "checkpoint").read_text()
    (home / "anchors").rename(home / "unmounted")
    process.look()
    assert (alarm(home).what, sizes(home)) == ("notes", [])
    (home / "anchors" / "checkpoint").write_text(note)
    ledger.grow(1)
    process.look()
    assert (alarm(home), sizes(home)) == (None, [4])


def test_notes_and_key_gone_together_do_not_make_a_new_key(ledger: Ledger, home: Path):
    ledger.grow(3)
    signer(ledger, home).look()
    for folder in ("anchors", "keys"):
        (home / folder).rename(home / f"unmounted-{folder}")
    ledger.grow(1)
    signer(ledger, home).look()
    assert (alarm(home).what, sizes(home), (home / "keys").exists()) == ("notes", [], False)
    (home / "anchors" / "vkeys").write_bytes((home / "unmounted-anchors" / "vkeys").read_bytes())
    signer(ledger, home).look()
    assert (alarm(home), sizes(home), len(keys_in(home / "anchors"))) == (None, [4], 2)


@pytest.mark.parametrize("file", ["checkpoint", f"notes/{note_name(4)}", f"notes/{note_name(9)}"])
@pytest.mark.parametrize("junk", [b"junk", b"\xff\xfe junk"])
def test_a_foreign_file_where_a_note_belongs_is_an_alarm_and_no_crash(file: str, junk: bytes, ledger: Ledger, home: Path):
    ledger.grow(3)
    process = signer(ledger, home)
    process.look()
    (home / "anchors" / file).write_bytes(junk)
    ledger.grow(1)
    process.look()
    signer(ledger, home).look()
    assert (alarm(home).what, (home / "anchors" / file).read_bytes()) == ("note", junk)


@pytest.mark.parametrize("file", ["checkpoint", f"notes/{note_name(4)}"])
def test_a_folder_where_a_note_belongs_is_an_alarm(file: str, ledger: Ledger, home: Path):
    ledger.grow(3)
    process = signer(ledger, home)
    process.look()
    (home / "anchors" / file).unlink(missing_ok=True)
    (home / "anchors" / file).mkdir()
    ledger.grow(1)
    process.look()
    assert alarm(home).what == "note"
    signer(ledger, home).look()
    assert (alarm(home).what, sizes(home)[0]) == ("note", 3)
    (home / "anchors" / file).rmdir()
    signer(ledger, home).look()
    assert (alarm(home), sizes(home)) == (None, [3, 4])


@pytest.mark.parametrize("file", ["vkeys", "witnesses.json"])
def test_damage_beside_the_notes_stops_no_signing(file: str, ledger: Ledger, home: Path):
    ledger.grow(3)
    process = signer(ledger, home, f"unix:{home}/gone.sock")
    process.look()
    (home / "anchors" / file).write_bytes(b"\xff\xfe junk")
    ledger.grow(1)
    process.look()
    assert (alarm(home), sizes(home)) == (None, [3, 4])


def test_a_published_tile_that_differs_is_refused_and_stays(ledger: Ledger, home: Path):
    ledger.grow(300)
    process = signer(ledger, home)
    process.look()
    (home / "anchors/tile/0/000").write_bytes(bytes(8192))
    signer(ledger, home).look()
    assert alarm(home).what == "published"
    assert (home / "anchors/tile/0/000").read_bytes() == bytes(8192)


def test_what_a_crash_left_half_done_is_finished(ledger: Ledger, home: Path):
    """A round fails at its N-th operation, for every N it has; the next process finds and leaves everything in order."""
    ledger.grow(250)
    signer(ledger, home).look()
    at, size, heard = 0, 250, True
    while heard:
        at, size = at + 1, size + 8
        ledger.grow(7)
        try:
            signer(ledger, home, disk=FaultyDisk(at=at, fault=fails_with(5))).look()
        except OSError:
            heard = True
        else:
            heard = False
        ledger.grow(1)
        signer(ledger, home).look()
        assert (shown(home), alarm(home)) == ((size, ledger.root(size)), None)
        with begin(ledger.app) as tx:
            kept = {each.size: each.root for each in checkpoints(tx)}
        assert kept == {each: ledger.root(each) for each in sizes(home)}
    assert at > 15


def test_a_witness_that_is_away_is_missed_and_caught_up(ledger: Ledger, home: Path):
    there, gone = f"unix:{home}/there.sock", f"unix:{home}/gone.sock"
    process = signer(ledger, home, gone, there)
    with witness_at(home / "there", there) as first:
        ledger.grow(3)
        process.look()
        name = first.key().name
        assert set(witnessed(newest_anchored(home / "anchors").note, keys_in(home / "anchors"))) == {name}
        standing = json.loads((home / "anchors" / "witnesses.json").read_text())
        assert [(each["url"], each["missing"] is None) for each in standing] == [(gone, False), (there, True)]
        ledger.grow(4)
        process.look()
        assert (shown(home)[0], alarm(home)) == (7, None)
        with witness_at(home / "gone", gone) as second:
            process.look()
            names = {name, second.key().name}
            newest = newest_anchored(home / "anchors")
            assert set(witnessed(newest.note, keys_in(home / "anchors"))) == names
            assert (home / "anchors" / "notes" / note_name(7)).read_text() == newest.note.text()
            assert set(witnessed(newest_anchored(home / "anchors", search=True).note, keys_in(home / "anchors"))) == names
            standing = json.loads((home / "anchors" / "witnesses.json").read_text())
            assert [each["missing"] for each in standing] == [None, None]
            ledger.grow(1)
            signer(ledger, home, gone, there).look()
            assert set(witnessed(newest_anchored(home / "anchors").note, keys_in(home / "anchors"))) == names
    assert len(keys_in(home / "anchors")) == 3


def test_a_fork_that_the_witness_has_not_seen_is_not_signed(ledgers, ledger: Ledger, home: Path):
    """Two databases with one key: the witness has seen one of them."""
    ledger.grow(5)
    other = ledgers(ledger)
    (home / "b" / "keys").mkdir(parents=True)
    ledger.grow(5)
    other.grow(9)
    with witness_at(home / "w") as witness:
        signer(ledger, home, witness.url).look()
        put_whole(RealDisk(), home / "b/keys/log.key", (home / "keys/log.key").read_bytes(), unfinished=home, mode=0o600)
        forked = signer(other, home / "b", witness.url)
        forked.look()
        said = alarm(home / "b")
        assert (said.what, said.witness, said.log_size, sizes(home / "b")) == ("fork", witness.url, 14, [])
        ledger.grow(10)
        signer(ledger, home, witness.url).look()
        forked.look()
        assert (alarm(home / "b").what, alarm(home / "b").anchored_size, sizes(home / "b")) == ("fork", 20, [])
        assert (alarm(home), shown(home)[0]) == (None, 20)
        forked.engine = ledger.sealer
        forked.look()
        assert (alarm(home / "b").what, sizes(home / "b")) == ("notes", [])
        (home / "b/anchors/checkpoint").write_text((home / "anchors/checkpoint").read_text())
        forked.look()
        assert (alarm(home / "b"), shown(home / "b")) == (None, shown(home))


def test_a_fork_is_not_forgotten_because_the_witness_is_away(ledgers, ledger: Ledger, home: Path):
    ledger.grow(5)
    other, forked_at = ledgers(ledger), home / "b"
    ledger.grow(5)
    other.grow(9)
    with witness_at(home / "w") as witness:
        signer(ledger, home, witness.url).look()
        ensure_folder(RealDisk(), forked_at / "keys")
        (forked_at / "keys/log.key").write_bytes((home / "keys/log.key").read_bytes())
        signer(other, forked_at, witness.url).look()
        assert (alarm(forked_at).what, sizes(forked_at)) == ("fork", [])
    for _ in range(2):
        signer(other, forked_at, witness.url).look()
        assert (alarm(forked_at).what, sizes(forked_at)) == ("fork", [])


def test_a_log_key_that_was_replaced_is_an_alarm_until_the_witness_knows_the_key(ledger: Ledger, home: Path):
    """Who has notes, vkeys and key replaced alike is still known to the witness by the first key."""
    ledger.grow(3)
    with witness_at(home / "w") as witness:
        signer(ledger, home, witness.url).look()
        kept = (home / "keys/log.key").read_bytes()
        for each in (home / "keys/log.key", home / "anchors"):
            each.rename(home / f"was-{each.name}")
        with begin(ledger.app) as tx:
            origin = log_identity(tx).origin
        make_key(RealDisk(), home / "keys/log.key", origin, KeyKind.LOG, os.urandom)
        ledger.tamper("DELETE FROM log.checkpoint")
        ledger.grow(1)
        signer(ledger, home, witness.url).look()
        said = alarm(home)
        assert (said.what, said.witness, said.log_size, sizes(home)) == ("key_unknown", witness.url, 4, [])
    signer(ledger, home, witness.url).look()
    assert (alarm(home).what, sizes(home)) == ("key_unknown", [])
    with witness_at(home / "w") as witness:
        (home / "keys/log.key").write_bytes(kept)
        signer(ledger, home, witness.url).look()
        assert (alarm(home), sizes(home)) == (None, [4])


@pytest.mark.parametrize(("ahead", "told"), [(0, []), (-3600, ["checkpoints.clocks_apart"])])
def test_a_witness_whose_clock_stands_apart_is_told_of(ahead: int, told: list[str], ledger: Ledger, home: Path):
    ledger.grow(3)
    with witness_at(home / "w") as witness, capture_logs() as logs:
        process = signer(ledger, home, witness.url)
        process.clock = lambda: datetime.now(UTC) + timedelta(seconds=-ahead)
        process.look()
        process.look()
    (standing,) = json.loads((home / "anchors" / "witnesses.json").read_text())
    assert (abs(standing["apart"] - ahead) < 60, standing["missing"]) == (True, None)
    assert [each["event"] for each in logs if each["log_level"] == "warning"] == told


def test_a_witness_that_hangs_or_talks_nonsense_is_only_missed(ledger: Ledger, home: Path, monkeypatch):
    monkeypatch.setattr(witness_calls, "SECONDS", 0.3)
    ledger.grow(3)
    with socket.create_server(("127.0.0.1", 0)) as hangs, answering(200, "nonsense") as port:
        urls = [f"http://127.0.0.1:{hangs.getsockname()[1]}", f"http://127.0.0.1:{port}", "http://127.0.0.1:none", "nothing"]
        signer(ledger, home, *urls).look()
    standing = json.loads((home / "anchors" / "witnesses.json").read_text())
    assert [each["missing"] is None for each in standing] == [False] * 4
    assert (shown(home), alarm(home)) == ((3, ledger.root(3)), None)


def test_the_loop_goes_on_after_a_disk_that_refused(ledger: Ledger, home: Path):
    ledger.grow(3)
    stop, disk = Event(), FaultyDisk(at=9, fault=fails_with(28))
    loop = Thread(target=checkpoint_until, args=(stop, signer(ledger, home, disk=disk), 0.05, home / "ready"))
    loop.start()
    try:
        wait_until((home / "anchors" / "notes" / note_name(3)).exists, 60)
        wait_until((home / "anchors" / "checkpoint").exists, 60)
    finally:
        stop.set()
        loop.join()
    assert (shown(home)[0], (home / "ready").exists(), alarm(home)) == (3, True, None)


def test_a_witness_that_forgot_everything_begins_anew(ledger: Ledger, home: Path):
    process = signer(ledger, home, f"unix:{home}/w.sock")
    for folder, size in (("w", 4), ("v", 8)):
        ledger.grow(4)
        with witness_at(home / folder, f"unix:{home}/w.sock") as witness:
            process.look()
            names = witnessed(newest_anchored(home / "anchors").note, keys_in(home / "anchors"))
            assert (shown(home)[0], set(names)) == (size, {witness.key().name})


def test_a_witness_of_another_log_does_not_sign_and_does_not_delay(ledgers, ledger: Ledger, home: Path):
    other = ledgers()
    with witness_at(home / "w") as witness:
        for each, place in ((ledger, home / "a"), (other, home / "b")):
            each.grow(2)
            signer(each, place, witness.url).look()
        (standing,) = json.loads((home / "b/anchors/witnesses.json").read_text())
        assert standing["missing"].startswith(f"见证人 {witness.url} 不认识本台账的密钥（403）")
        assert (shown(home / "b")[0], alarm(home / "b")) == (2, None)


def test_the_process_signs_shows_life_and_ends_in_order(ledger: Ledger, home: Path):
    environment = {
        "PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "GOALTRAIL_DATABASE_URL": ledger.database.sealer_url,
        "GOALTRAIL_DATA_DIR": str(home), "GOALTRAIL_READY_FILE": str(home / "ready"), "GOALTRAIL_CHECKPOINT_SECONDS": "0.1",
        "GOALTRAIL_ANCHOR_DIR": str(home / "elsewhere"), "GOALTRAIL_WITNESS_URLS": f"unix:{home}/w.sock",
    }  # fmt: skip
    with witness_at(home / "w"):
        process = subprocess.Popen([sys.executable, "-m", "workers.checkpoints"], cwd=ROOT, env=environment)
        for size in (2, 5):
            ledger.grow(2 if size == 2 else 3)
            wait_until(lambda size=size: (home / "elsewhere" / "notes" / note_name(size)).exists(), 60)
        wait_until(lambda: (newest_anchored(home / "elsewhere") or 0) and newest_anchored(home / "elsewhere").checkpoint.size == 5, 60)
        assert len(newest_anchored(home / "elsewhere").note.signatures) == 2
        process.send_signal(signal.SIGTERM)
        assert (process.wait(30), (home / "ready").exists()) == (0, True)
        assert read_key(home / "keys" / "log.key").name == ledger.origin()
    nothing = subprocess.run([sys.executable, "-m", "workers.checkpoints"], cwd=ROOT, env={"PATH": "/bin"}, capture_output=True, text=True, check=False)
    assert (nothing.returncode, nothing.stderr) == (2, "请设置 GOALTRAIL_DATABASE_URL（封存角色）和 GOALTRAIL_DATA_DIR。\n")
