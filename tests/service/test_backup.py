"""A backup comes back in a new cluster with the same root, held against what lay outside; an old or touched one is told."""

import os
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from service.backup_file import BackupDamaged
from service.cli import restore
from service.cli.backup import write_backup
from service.data_directory import open_data_directory
from service.installation import Addresses, embedded_postgres, prepare_database
from tests.store.acting import make_table
from tests.support.anchoring import anchor
from tests.support.cluster import Database
from workflows.errors import FieldsInvalid
from workflows.ledger.anchored import note_name
from workflows.ledger.keys import KeyKind, SigningKey
from workflows.ledger.notes import Checkpoint, Note
from workflows.store.copying import copied_tables
from workflows.store.migrating import upgrade
from workflows.store.one_view import one_view
from workflows.store.sealing import log_size, seal_batch
from workflows.store.transaction import begin, make_engine
from workflows.store.tree import log_identity, root_at


@pytest.fixture
def lived_in(database: Database) -> Database:
    upgrade(database.owner_url, "simulation")
    grow(database, 3)
    return database


def grow(database: Database, tables: int) -> None:
    app = make_engine(database.app_url)
    for _ in range(tables):
        make_table(app)
    app.dispose()
    seal(database.sealer_url)


def seal(url: str) -> None:
    sealer = make_engine(url)
    with begin(sealer) as tx:
        seal_batch(tx)
    sealer.dispose()


def checkpoint_of(database: Database) -> Checkpoint:
    app = make_engine(database.app_url)
    with begin(app) as tx:
        size = log_size(tx)
        checkpoint = Checkpoint(log_identity(tx).origin, size, root_at(tx, size))
    app.dispose()
    return checkpoint


def noted(path: Path, checkpoint: Checkpoint) -> Path:
    key = SigningKey.generate(checkpoint.origin, KeyKind.LOG, os.urandom)
    note = Note(checkpoint.body()).with_signature(key.sign(checkpoint.body()))
    path.write_text(note.text(), encoding="utf-8")
    return path


def backed_up(database: Database, path: Path) -> Path:
    app = make_engine(database.app_url)
    write_backup(app, path, path.parent)
    app.dispose()
    return path


def rows_of(url: str) -> dict[str, list[str]]:
    engine = make_engine(url)
    with one_view(engine) as tx:
        found = {
            table.name: sorted(str(row["line"]) for row in tx.rows(f"SELECT CAST(t AS text) AS line FROM {table.name} t"))
            for table in copied_tables(tx)
        }
    engine.dispose()
    return found


@contextmanager
def opened(root: Path) -> Iterator[Addresses]:
    directory = open_data_directory(root, None)
    server = embedded_postgres(directory, os.environ)
    addresses = prepare_database(server)
    server.start()
    try:
        yield addresses
    finally:
        server.stop()
        directory.lock.close()


@pytest.fixture
def target() -> Iterator[Path]:
    folder = Path(f"/tmp/gt-restore-{os.getpid()}")
    shutil.rmtree(folder, ignore_errors=True)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def test_every_row_comes_back_and_the_log_goes_on(lived_in: Database, tmp_path: Path, target: Path) -> None:
    before = checkpoint_of(lived_in)
    anchor = noted(tmp_path / "anchor", before)
    backup = backed_up(lived_in, tmp_path / "b.zip")
    assert restore.main([str(backup), "--data-dir", str(target), "--anchor", str(anchor)]) == 0
    there = rows_of(lived_in.app_url)
    with opened(target) as addresses:
        back = rows_of(addresses.application)
        more = {name for name in there if there[name] != back[name]}
        assert more == {"log.event", "log.stream", "log.seal"}
        assert set(there["log.event"]) < set(back["log.event"])
        restored_and_owner_used = 2
        assert len(back["log.event"]) == len(there["log.event"]) + restored_and_owner_used
        seal(addresses.sealer)
        engine = make_engine(addresses.application)
        make_table(engine)
        with begin(engine) as tx:
            assert root_at(tx, before.size) == before.root
            assert log_size(tx) == len(there["log.event"]) + restored_and_owner_used
        engine.dispose()


def test_an_old_backup_is_recognised_before_anything_is_made(lived_in: Database, tmp_path: Path, target: Path) -> None:
    backup = backed_up(lived_in, tmp_path / "b.zip")
    grow(lived_in, 2)
    anchor = noted(tmp_path / "anchor", checkpoint_of(lived_in))
    with pytest.raises(restore.BackupOld) as refused:
        restore.main([str(backup), "--data-dir", str(target), "--anchor", str(anchor)])
    assert "检查点记有 11 条事件，备份只有 6 条，缺第 6 至 10 条" in refused.value.sentence
    assert not target.exists()
    arguments = [str(backup), "--data-dir", str(target), "--anchor", str(anchor), "--accept-old"]
    assert restore.main(arguments) == 0


def test_a_log_that_was_changed_before_the_backup_meets_its_anchor(
    lived_in: Database, tmp_path: Path, target: Path
) -> None:
    honest = checkpoint_of(lived_in)
    anchor = noted(tmp_path / "anchor", Checkpoint(honest.origin, honest.size - 1, bytes(32)))
    backup = backed_up(lived_in, tmp_path / "b.zip")
    with pytest.raises(restore.BackupContradicted):
        restore.main([str(backup), "--data-dir", str(target), "--anchor", str(anchor)])
    assert not target.exists()


def test_the_note_of_another_log_is_refused(lived_in: Database, tmp_path: Path, target: Path) -> None:
    backup = backed_up(lived_in, tmp_path / "b.zip")
    anchor = noted(tmp_path / "anchor", Checkpoint("goaltrail.local/0000000000000000/sha256", 1, bytes(32)))
    with pytest.raises(restore.BackupContradicted):
        restore.main([str(backup), "--data-dir", str(target), "--anchor", str(anchor)])
    assert not target.exists()


def notes_in(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as archive:
        return [name for name in archive.namelist() if name.startswith("notes/")]


def test_a_note_signed_while_the_backup_was_made_stays_outside(lived_in: Database, tmp_path: Path) -> None:
    """Such a note covers events that the copy lacks: a restored log would be refused for ever."""
    sealer = make_engine(lived_in.sealer_url)
    first = anchor(sealer, tmp_path)
    later = first.with_name(note_name(int(first.name) + 5))
    later.write_bytes(first.read_bytes())
    backup = backed_up(lived_in, tmp_path / "b.zip")
    assert notes_in(backup) == [f"notes/{first.name}"]
    first.unlink()
    assert notes_in(backed_up(lived_in, tmp_path / "c.zip")) == [f"notes/{first.name}"]
    sealer.dispose()


def test_a_key_of_another_log_is_refused_before_anything_is_made(
    lived_in: Database, tmp_path: Path, target: Path
) -> None:
    backup = backed_up(lived_in, tmp_path / "b.zip")
    other = SigningKey.generate("goaltrail.local/0000000000000000/sha256", KeyKind.LOG, os.urandom)
    for name, said in {"other.key": other.to_text(), "no.key": "nothing", "missing.key": None}.items():
        if said is not None:
            (tmp_path / name).write_text(said)
        with pytest.raises(restore.KeyOfAnother):
            restore.main([str(backup), "--data-dir", str(target), "--log-key", str(tmp_path / name)])
        assert not target.exists()


def test_a_damaged_backup_and_a_full_directory_change_nothing(
    lived_in: Database, tmp_path: Path, target: Path
) -> None:
    backup = backed_up(lived_in, tmp_path / "b.zip")
    with zipfile.ZipFile(backup) as archive, zipfile.ZipFile(tmp_path / "c.zip", "w") as touched:
        for name in archive.namelist():
            data = archive.read(name)
            touched.writestr(name, data.replace("法律顾问咨询费".encode(), "法律顾问咨询税".encode(), 1))
    with pytest.raises(BackupDamaged) as refused:
        restore.main([str(tmp_path / "c.zip"), "--data-dir", str(target)])
    assert "rows/" in refused.value.sentence
    assert not target.exists()
    target.mkdir()
    (target / "mine").touch()
    with pytest.raises(FieldsInvalid):
        restore.main([str(backup), "--data-dir", str(target)])
    assert [path.name for path in target.iterdir()] == ["mine"]
