"""`restore`: a backup into a new data directory, held against the note that was outside before anybody may use it."""

import argparse
import os
import shutil
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

from service.backup_file import BackupReader
from service.data_directory import DataDirectory, open_data_directory
from service.host_operator import host_operator
from service.installation import Addresses, embedded_postgres, prepare_database
from service.owner_use import record_use
from workflows.anchors.key_files import read_key
from workflows.commands.tracing import note_backup_restored
from workflows.errors import FieldsInvalid, GoaltrailError, NotANote
from workflows.ledger.anchored import KEYS, NEWEST, NOTES
from workflows.ledger.notes import Checkpoint, parse_checkpoint, parse_note
from workflows.store.copying import as_owner, copied_tables, copy_in, first_differing_leaf, go_on_numbering
from workflows.store.journal import PostgresJournal
from workflows.store.migrating import newest, upgrade
from workflows.store.provisioning import retire_owner
from workflows.store.transaction import Transaction, begin, make_engine
from workflows.store.tree import root_at


class BackupOld(GoaltrailError):
    """备份早于外部检查点：缺少其后的事件，未作任何改动。"""


class BackupContradicted(GoaltrailError):
    """备份与外部检查点不符：台账被改动过，或不是同一本台账；未作任何改动。"""


class KeyOfAnother(GoaltrailError):
    """这不是备份所属台账的签名密钥，未作任何改动。"""


class BackupTooNew(GoaltrailError):
    """备份由更新的程序版本所做，请先升级程序；未作任何改动。"""


def main(arguments: list[str]) -> int:
    """Restore BACKUP.zip into a data directory that does not exist yet; 1 and nothing left where it must not be."""
    options = _options(arguments)
    root = Path(options.data_dir).resolve()
    if root.exists():
        raise FieldsInvalid(f"{root} 已存在；请指定一个尚不存在的目录，未作任何改动。")
    backup = BackupReader(Path(options.backup))
    anchors = [checkpoint for name in options.anchor for checkpoint in checkpoints_in(Path(name))]
    key = Path(options.log_key) if options.log_key else None
    refuse_unfit(backup, anchors, accept_old=options.accept_old)
    if key:
        refuse_key_of_another(backup, key)
    directory = open_data_directory(root, backup.manifest.mode)
    with ExitStack() as unless_whole:
        unless_whole.callback(shutil.rmtree, root, ignore_errors=True)
        unless_whole.callback(directory.lock.close)
        restored(directory, backup, anchors, key)
        unless_whole.pop_all()
    directory.lock.close()
    _tell(backup, anchors, root, with_key=bool(options.log_key))
    return 0


def checkpoints_in(path: Path) -> Sequence[Checkpoint]:
    """Return the checkpoints of a note, or of every note of an anchor directory; NotANote where one is none."""
    if not path.exists():
        raise FieldsInvalid(f"没有找到检查点 {path}。")
    files = sorted((path / "notes").glob("*")) if path.is_dir() else [path]
    return [parse_checkpoint(parse_note(file.read_text(encoding="utf-8")).body) for file in files]


def refuse_unfit(backup: BackupReader, anchors: Sequence[Checkpoint], *, accept_old: bool) -> None:
    """Raise BackupTooNew, BackupContradicted (another log) or BackupOld (unless accepted) before anything is made."""
    manifest = backup.manifest
    if manifest.revision > newest():
        raise BackupTooNew
    for anchor in anchors:
        if anchor.origin != manifest.origin:
            raise BackupContradicted(
                f"检查点属于另一本台账（{anchor.origin}），备份是 {manifest.origin}；未作任何改动。"
            )
    largest = max((anchor.size for anchor in anchors), default=0)
    if largest > manifest.size and not accept_old:
        raise BackupOld(
            f"备份早于外部检查点：检查点记有 {largest:,} 条事件，备份只有 {manifest.size:,} 条，"
            f"缺第 {manifest.size:,} 至 {largest - 1:,} 条。未作任何改动；请找更新的备份，"
            "确知无法找回时加 --accept-old。"
        )


def refuse_key_of_another(backup: BackupReader, file: Path) -> None:
    """Raise KeyOfAnother unless the file holds a signing key under the name of the log that was backed up."""
    try:
        key = read_key(file)
    except (NotANote, OSError) as unreadable:
        raise KeyOfAnother(f"{file} 不是密钥文件，未作任何改动。") from unreadable
    if key is None:
        raise KeyOfAnother(f"没有找到密钥文件 {file}，未作任何改动。")
    if key.name != backup.manifest.origin:
        raise KeyOfAnother(f"{file} 是 {key.name} 的密钥，备份是 {backup.manifest.origin}；未作任何改动。")


def restored(directory: DataDirectory, backup: BackupReader, anchors: Sequence[Checkpoint], key: Path | None) -> None:
    """Make the cluster, fill it, hold it against the anchors, record that it was restored, and stop it again."""
    server = embedded_postgres(directory, os.environ)
    addresses = prepare_database(server)
    server.start()
    try:
        _fill(addresses, backup)
        _hold_against(addresses, backup, anchors)
        retire_owner(addresses.owner or "")
    finally:
        server.stop()
    _bring_anchors(directory, backup, key)
    directory.note_planted()


def _fill(addresses: Addresses, backup: BackupReader) -> None:
    owner = addresses.owner or ""
    upgrade(owner, target=backup.manifest.revision)
    with as_owner(owner) as tx:
        for table in copied_tables(tx):
            copy_in(tx, table, backup.blocks(f"rows/{table.name}"))
        go_on_numbering(tx)
    upgrade(owner, backup.manifest.mode, then=_record)


def _record(tx: Transaction) -> None:
    record_use(tx, purpose="由备份恢复", by=host_operator())


def _hold_against(addresses: Addresses, backup: BackupReader, anchors: Sequence[Checkpoint]) -> None:
    """Raise BackupContradicted where the restored log has another root than the manifest or an anchor says."""
    engine = make_engine(addresses.application, connections=1, name="goaltrail-restore")
    manifest = backup.manifest
    with begin(engine) as tx:
        differs = first_differing_leaf(tx)
        if differs is not None:
            raise BackupContradicted(f"第 {differs:,} 条事件与其封存时的散列不符：备份里的台账被改动过；未作任何改动。")
        wanted = {anchor.size: anchor.root.hex() for anchor in anchors if anchor.size <= manifest.size}
        for size, root in {manifest.size: manifest.root, **wanted}.items():
            if root_at(tx, size).hex() != root:
                raise BackupContradicted(
                    f"前 {size:,} 条事件的根与外部检查点不符：台账在此之前被改动过；未作任何改动。", size=size
                )
        largest = max((anchor.size for anchor in anchors), default=None)
        note_backup_restored(
            PostgresJournal(tx), size=manifest.size, root=manifest.root, anchored=largest, by=host_operator(),
            command_id=uuid4(),
        )  # fmt: skip
    engine.dispose()


def _bring_anchors(directory: DataDirectory, backup: BackupReader, key: Path | None) -> None:
    """Let the log go on under its own key, its notes where the checkpoints process looks for them.

    Without the key only the verification keys come along: notes would forbid a new key, and rightly so.
    """
    anchors = directory.root / "anchors"
    (anchors / NOTES).mkdir(mode=0o755, parents=True)
    (anchors / KEYS).write_bytes(backup.members(KEYS).get("", b""))
    if key is None:
        return
    target = directory.root / "keys" / "log.key"
    target.touch(mode=0o600)
    target.write_bytes(key.read_bytes())
    size = backup.manifest.size
    kept = {name: text for name, text in backup.members(f"{NOTES}/").items() if name.isdigit() and int(name) <= size}
    for name, text in kept.items():
        (anchors / NOTES / name).write_bytes(text)
    if kept:
        (anchors / NEWEST).write_bytes(kept[max(kept)])


def _tell(backup: BackupReader, anchors: Sequence[Checkpoint], root: Path, *, with_key: bool) -> None:
    manifest = backup.manifest
    covering = [anchor for anchor in anchors if anchor.size <= manifest.size]
    print(f"已恢复到 {root}：台账 {manifest.size:,} 条，根 {manifest.root[:16]}…")
    if covering:
        largest = max(anchor.size for anchor in covering)
        print(f"已与 {len(covering)} 个外部检查点核对一致，最新的一个覆盖前 {largest:,} 条；其后的无外部证据。")
    else:
        print("没有用外部检查点核对（--anchor）：不能发现备份之前的改动，也不能发现备份是旧的。")
    if not with_key:
        print("没有带入签名密钥（--log-key）：检查点将以新密钥签发，见证人会拒绝，须由审计管理员重新登记。")
    print(f"启动：python3 -m service up --data-dir {root}")


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 -m service restore", description="把备份恢复到新的数据目录。")
    parser.add_argument("backup", metavar="BACKUP.zip")
    parser.add_argument("--data-dir", required=True, help="新的数据目录（不得已存在）")
    parser.add_argument("--anchor", action="append", default=[], help="外部检查点文件或其目录，可多次给出")
    parser.add_argument("--accept-old", action="store_true", help="明知备份早于外部检查点仍要恢复")
    parser.add_argument("--log-key", help="原台账的签名密钥文件")
    return parser.parse_args(arguments)
