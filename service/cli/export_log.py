"""`export-log`: an auditor's bundle of the log, of one table or of one year, with the program that checks it."""

import argparse
import os
import signal
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO
from uuid import UUID, uuid4

from sqlalchemy import Engine

from service.cli.backup import anchor_folder
from service.cli.importing import running_address
from service.cli.restore import checkpoints_in
from workflows.commands.tracing import note_exported
from workflows.errors import GoaltrailError
from workflows.ledger.bundle import EVERYTHING, Scope, of_table, of_year
from workflows.store.exporting import Exported, write_bundle
from workflows.store.journal import PostgresJournal
from workflows.store.one_view import one_view
from workflows.store.transaction import begin, make_engine
from workflows.vocabulary import SYSTEM


class FileInTheWay(GoaltrailError):
    """该文件已存在，未作任何改动。"""


class CannotWrite(GoaltrailError):
    """没能写出该文件。"""


def main(arguments: list[str]) -> int:
    """Write a bundle, record that it left, and say what is in it; refusals leave no file behind."""
    options = _options(arguments)
    signal.signal(signal.SIGTERM, _stop_in_order)
    target, anchors = Path(options.out), anchor_folder(options.data_dir)
    held = [each.size for name in options.anchor for each in checkpoints_in(Path(name))]
    engine = make_engine(running_address(options.data_dir, os.environ), connections=1, name="goaltrail-export")
    try:
        exported = export_to(
            engine, target, scope_of(options), anchors=anchors, overwrite=options.force, linked=held
        )
    finally:
        engine.dispose()
    _tell(target, exported)
    return 0


def export_to(
    engine: Engine, target: Path, scope: Scope, *, anchors: Path, overwrite: bool = False, linked: Collection[int] = ()
) -> Exported:
    """Write the bundle under a temporary name, record the export by the system, then give the file its name.

    Raises FileInTheWay, CannotWrite, NotFound; the target is then as it was.
    """
    with _finished_file(target, overwrite=overwrite) as out:
        with one_view(engine) as tx:
            exported = write_bundle(tx, out, scope, anchors=anchors, linked=linked)
        with begin(engine) as tx:
            note_exported(
                PostgresJournal(tx), scope=scope.words, size=exported.size, root=exported.root,
                events=exported.events, by=SYSTEM, command_id=uuid4(),
            )  # fmt: skip
    return exported


def scope_of(options: argparse.Namespace) -> Scope:
    """Return the scope that the options name."""
    if options.table:
        return of_table(options.table)
    return of_year(options.year) if options.year else EVERYTHING


@contextmanager
def _finished_file(target: Path, *, overwrite: bool) -> Iterator[BinaryIO]:
    """Open a file beside the target that takes its name when the block ends well, and goes otherwise."""
    if target.exists() and not (overwrite and target.is_file()):
        raise FileInTheWay(f"{target} 已存在，未作任何改动。要覆盖它请加 --force。")
    unfinished = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        unfinished.replace(target)
    except OSError as refused:
        other = refused.filename not in (None, os.fspath(unfinished))
        why = f"{refused.strerror}：{refused.filename}" if other else refused.strerror
        raise CannotWrite(f"没能写出 {target}（{why}），没有留下文件。") from refused
    finally:
        unfinished.unlink(missing_ok=True)


def _tell(target: Path, exported: Exported) -> None:
    size = target.stat().st_size / 1_000_000
    print(f"已导出 {target}（{size:.1f} MB）：{exported.events} 条记录，台账共 {exported.size} 条。")
    print(f"树根 {exported.root}")
    if exported.covered:
        print(f"包内最新的检查点覆盖前 {exported.covered} 条记录。")
    else:
        print("注意：没有找到外部检查点，包内的记录还没有任何签名可以对照。")
    print(f"核对方法：从包中取出 verify.py，运行 python3 -I verify.py {target.name} --anchor 您另行保存的检查点")


def _stop_in_order(_signal: int, _frame: object) -> None:
    """Leave by the way that removes the unfinished file."""
    raise SystemExit(1)


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 -m service export-log", description="导出可离线核对的审计包。")
    parser.add_argument("out", metavar="OUT.zip", help="要写的文件")
    chosen = parser.add_mutually_exclusive_group()
    chosen.add_argument("--table", type=UUID, help="只导出这张绩效目标表及与它有关的记录")
    chosen.add_argument("--year", type=int, help="只导出这一年度的绩效目标表及有关记录")
    parser.add_argument("--anchor", action="append", default=[], help="您手里的检查点，部分包将含它的一致性证明")
    parser.add_argument("--force", action="store_true", help="覆盖已有的同名文件")
    parser.add_argument("--data-dir", help="正在运行的实例的数据目录")
    return parser.parse_args(arguments)
