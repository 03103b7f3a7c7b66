"""`backup`: one moment of the whole database in one file, with the notes that lie outside."""

import argparse
import os
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from sqlalchemy import Engine

from service.backup_file import BackupWriter, Manifest
from service.cli.importing import running_address
from service.cli.up import default_data_directory
from service.host_operator import host_operator
from service.installation import PROJECT
from workflows.commands.tracing import note_backup_taken
from workflows.errors import FieldsInvalid
from workflows.ledger.anchored import KEYS, NOTES, note_name, verification_keys
from workflows.store.copying import copied_out, copied_tables
from workflows.store.exporting import notes_up_to
from workflows.store.journal import PostgresJournal
from workflows.store.migrating import newest
from workflows.store.one_view import one_view
from workflows.store.sealing import log_size
from workflows.store.transaction import begin, make_engine
from workflows.store.tree import log_identity, root_at

MEGABYTE = 1 << 20


def main(arguments: list[str]) -> int:
    """Write OUT.zip and say what it holds and what it does not."""
    options = _options(arguments)
    out = Path(options.out)
    if out.exists():
        raise FieldsInvalid(f"{out} 已存在，未作任何改动；请换一个文件名。")
    engine = make_engine(running_address(options.data_dir, os.environ), connections=1, name="goaltrail-backup")
    manifest = write_backup(engine, out, anchor_folder(options.data_dir))
    engine.dispose()
    megabytes = out.stat().st_size / MEGABYTE
    print(f"已备份到 {out}（{megabytes:.1f} MB）：台账 {manifest.size:,} 条，根 {manifest.root[:16]}…")
    print("备份含全部内容和外部检查点的副本，不含签名密钥和登录会话；请与密钥分开存放，并另存到其他主机。")
    return 0


def anchor_folder(data_dir: str | None) -> Path:
    """Return where the notes of an installation lie: GOALTRAIL_ANCHOR_DIR, else `anchors` in its data directory."""
    named = os.environ.get("GOALTRAIL_ANCHOR_DIR")
    root = Path(data_dir) if data_dir else default_data_directory(PROJECT)
    return Path(named) if named else root / "anchors"


def write_backup(engine: Engine, out: Path, anchors: Path) -> Manifest:
    """Record that a backup is taken, then copy one moment of the database, its notes and the keys into the file.

    A note signed while the copy was made covers more than the copy holds, and stays outside.
    """
    with begin(engine) as tx:
        size = log_size(tx)
        note_backup_taken(
            PostgresJournal(tx), size=size, root=root_at(tx, size).hex(), by=host_operator(), command_id=uuid4()
        )
    with one_view(engine) as tx:
        size, identity = log_size(tx), log_identity(tx)
        manifest = Manifest(
            revision=newest(), mode=identity.mode, log_id=str(identity.log_id), origin=identity.origin, size=size,
            root=root_at(tx, size).hex(), made_at=datetime.now(UTC).isoformat(),
        )  # fmt: skip
        writer = BackupWriter(out, manifest)
        try:
            for table in copied_tables(tx):
                writer.put(f"rows/{table.name}", copied_out(tx, table))
            for covered, note in notes_up_to(tx, size, anchors).items():
                text = note if isinstance(note, bytes) else note.read_bytes()
                writer.put(f"{NOTES}/{note_name(covered)}", iter([text]))
            writer.put(KEYS, iter([verification_keys(anchors)]))
            writer.finish()
        finally:
            writer.give_up()
    return manifest


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 -m service backup", description="备份正在运行的实例。")
    parser.add_argument("out", metavar="OUT.zip", help="备份文件（不得已存在）")
    parser.add_argument("--data-dir", help="数据目录（默认与 up 相同）")
    return parser.parse_args(arguments)
