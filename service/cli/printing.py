"""`print`: writes one official form of a table to a file, as PDF/A, Word or Excel."""

import argparse
import os
from pathlib import Path
from uuid import UUID

from service.cli.export_log import CannotWrite, FileInTheWay
from service.cli.importing import running_address
from service.cli.operating import known
from service.printed_files import ENDINGS, PrintedFile, drawn
from workflows.commands.printing import paper_of
from workflows.errors import FieldsInvalid
from workflows.printing import FormKind
from workflows.store.covers import waivers_for
from workflows.store.journal import PostgresJournal
from workflows.store.organs import all_organs
from workflows.store.queries import table_seen_by
from workflows.store.transaction import Transaction, begin, make_engine
from workflows.vocabulary import Actor


def main(arguments: list[str]) -> int:
    """Print the form that the options name, for a person who may read the table."""
    options = _options(arguments)
    target = Path(options.to)
    ending = target.suffix.lower().removeprefix(".")
    if ending not in ENDINGS:
        raise FieldsInvalid(f"文件名须以 {'、'.join('.' + each for each in ENDINGS)} 结尾。", field="to")
    if target.exists() and not (options.force and target.is_file()):
        raise FileInTheWay(f"{target} 已存在，未作任何改动。要覆盖它请加 --force。")
    engine = make_engine(running_address(options.data_dir, os.environ), connections=1, name="goaltrail-print")
    try:
        reader = known(engine, options.login)
        with begin(engine) as tx:
            kind = FormKind(options.form)
            file = printed(tx, reader, options.table, kind=kind, ending=ending, window=options.window)
    finally:
        engine.dispose()
    _write(target, file)
    print(f"已写出 {target}（{len(file.data) / 1000:.0f} KB）。")
    return 0


def printed(
    tx: Transaction, reader: Actor, table_id: UUID, *, kind: FormKind, ending: str, window: str | None = None
) -> PrintedFile:
    """Return one form of a table as a file; NotFound for a table that the person may not read."""
    table = table_seen_by(tx, reader, table_id)
    known = all_organs(tx)
    paper = paper_of(
        PostgresJournal(tx), table, kind, reader=reader, organs={row["id"]: row["name"] for row in known},
        waivers=waivers_for(tx, table.unit), codes={row["id"]: row["code"] for row in known if row["code"]},
    )  # fmt: skip
    return drawn(paper, kind, ending, window)


def _write(target: Path, file: PrintedFile) -> None:
    try:
        target.write_bytes(file.data)
    except OSError as refused:
        raise CannotWrite(f"没能写出 {target}（{refused.strerror}）。") from refused


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 -m service print", description="打印一张表的官方表格。")
    parser.add_argument("table", type=UUID, help="表编号")
    kinds = "、".join(f"{each.value} {each.chinese}" for each in FormKind)
    parser.add_argument("--form", choices=[each.value for each in FormKind], default="sheet", help=kinds)
    parser.add_argument("--window", help="监控节点（如 w1）；不写则为最近填报的一个")
    parser.add_argument("--to", required=True, metavar="FILE", help="要写的文件：.pdf、.docx 或 .xlsx")
    parser.add_argument("--as", "--login", dest="login", required=True, help="账号；密码在终端输入")
    parser.add_argument("--force", action="store_true", help="覆盖已有的同名文件")
    parser.add_argument("--data-dir", help="正在运行的实例的数据目录")
    return parser.parse_args(arguments)
