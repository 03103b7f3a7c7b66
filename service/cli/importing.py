"""`import`: stores a filing document into a running installation and makes its tables drafts at their clerk's desk."""

import argparse
import os
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Engine, RowMapping

from service.cli.parse import bytes_of
from service.cli.up import default_data_directory
from service.demo.planting import filing_of
from service.installation import PROJECT
from workflows.commands.administering import definition_in_force
from workflows.commands.importing import Home, import_document
from workflows.errors import FieldsInvalid, GoaltrailError
from workflows.folds.replay import Table
from workflows.forms.many_files import SentFile, files_in, is_archive
from workflows.forms.reading import Reading, read_document
from workflows.journal import Journal
from workflows.store.journal import PostgresJournal
from workflows.store.organs import all_organs
from workflows.store.transaction import Transaction, begin, make_engine
from workflows.vocabulary import Actor, Post, Role

IMPORTED = UUID("c2a7f9b4-6a0f-5f52-8d1b-0d5c1e7b9a66")
"""Namespace of imported documents: the same bytes for the same unit and year are the same document."""


class NothingRuns(GoaltrailError):
    """没有找到正在运行的实例，请先运行 python3 -m service up，或用 --data-dir 指明它的数据目录。"""


def main(arguments: list[str]) -> int:
    """Import one file, or every file of a ZIP, and print what became of each; 1 where one of a ZIP was refused.

    A refusal names what the document does not print.
    """
    options = _options(arguments)
    path = Path(options.file)
    data = bytes_of(path)
    archive = is_archive(data)
    files = files_in(data) if archive else [SentFile(path.name, data)]
    engine = make_engine(running_address(options.data_dir, os.environ), connections=1, name="goaltrail-import")
    refused = 0
    for file in files:
        try:
            _import(engine, file, options)
        except GoaltrailError as refusal:
            if not archive:
                raise
            refused += 1
            print(f"{file.name}：{refusal.sentence}")
    return 1 if refused else 0


def _import(engine: Engine, file: SentFile, options: argparse.Namespace) -> None:
    reading = read_document(file.data, file.name)
    with begin(engine) as tx:
        tables = import_file(tx, reading, file.name, file.data, options)
    print(f"{file.name}：已导入 {len(tables)} 张绩效目标表，均为草稿，年度 {tables[0].year if tables else '—'}。")
    for table in tables:
        print(f"  {table.ordinal}. {table.title}（{table.unit}，经办人 {table.owner}） /tables/{table.id}")


def running_address(data_dir: str | None, environment: Mapping[str, str]) -> str:
    """Return the application's address: GOALTRAIL_DATABASE_URL, else what the running `up` left; raises NothingRuns."""
    from_outside = environment.get("GOALTRAIL_DATABASE_URL")
    if from_outside and not data_dir:
        return from_outside
    root = Path(data_dir) if data_dir else default_data_directory(PROJECT)
    try:
        return (root / "run" / "app.url").read_text(encoding="ascii").strip()
    except OSError as missing:
        raise NothingRuns from missing


def import_file(
    tx: Transaction, reading: Reading, name: str, data: bytes, options: argparse.Namespace
) -> tuple[Table, ...]:
    """File a read document. FieldsInvalid names the unit, year or clerk that neither document nor options give."""
    journal = PostgresJournal(tx)
    printed = reading.document["tables"]
    if not printed:
        raise FieldsInvalid("这份文件里没有可以导入的绩效目标表。")
    year = year_of(printed, options.year)
    organs = {organ["id"]: organ for organ in all_organs(tx) if not organ["ended_at"]}
    homes = [_home(journal, organs, table, options) for table in printed]
    owner, unit = homes[0].owner, homes[0].unit
    document = uuid5(IMPORTED, f"{sha256(data).hexdigest()}:{unit}:{year}")
    return import_document(
        journal, document, filing=filing_of(reading, name, data), homes=homes, year=year,
        by=_clerk(journal, unit, owner), post=Post(Role.CLERK, unit), command_id=uuid5(document, "import"),
        definition=definition_in_force(journal, options.chain),
    )  # fmt: skip


def year_of(printed: Sequence[Mapping[str, Any]], given: int | None) -> int:
    """Return the fiscal year: the printed one, else the given one; FieldsInvalid where there is none or they differ."""
    years = sorted({table["fiscal_year"] for table in printed if table["fiscal_year"]})
    if len(years) > 1:
        raise FieldsInvalid(f"文件中的表属于不同年度（{'、'.join(map(str, years))}），请分开导入。", field="year")
    if years and given not in (None, years[0]):
        raise FieldsInvalid(f"文件所印年度是 {years[0]}，与 --year {given} 不一致。", field="year")
    if not years and given is None:
        raise FieldsInvalid("文件没有印出预算年度，请用 --year 指明，例如 --year 2026。", field="year")
    return int(years[0] if years else given or 0)


def _home(
    journal: Journal, organs: Mapping[str, RowMapping], table: Mapping[str, Any], options: argparse.Namespace
) -> Home:
    unit = _unit(organs, table, options.unit)
    department = unit["parent"] or unit["id"]
    bureau = organs[department]["parent"] or department
    return Home(bureau, department, unit["id"], _clerk(journal, unit["id"], options.owner).id)


def _unit(organs: Mapping[str, RowMapping], table: Mapping[str, Any], given: str | None) -> RowMapping:
    units = [organ for organ in organs.values() if organ["kind"] == "unit"]
    units.sort(key=lambda organ: organ["code"] or "")
    wanted = [given] if given else [table["unit_code"], table["implementing_unit"]]
    for organ in units:
        if {organ["id"], organ["code"], organ["name"]} & {each for each in wanted if each}:
            return organ
    known = "、".join(f"{organ['code']} {organ['name']}" for organ in units)
    if given:
        raise FieldsInvalid(f"没有编码为“{given}”的单位。现有单位：{known}。", field="unit")
    sentence = f"《{table['title']}》没有印出本系统中的填报单位，请用 --unit 指明单位编码。现有单位：{known}。"
    raise FieldsInvalid(sentence, field="unit")


def _clerk(journal: Journal, unit: str, given: str | None) -> Actor:
    """Return the clerk in charge: the one named, else the only one of the unit."""
    clerks = journal.holders(Role.CLERK, unit)
    chosen = [clerk for clerk in clerks if given in (None, clerk.id)]
    if len(chosen) == 1:
        return chosen[0]
    names = "、".join(f"{clerk.id}（{clerk.name}）" for clerk in clerks) or "无"
    raise FieldsInvalid(f"请用 --owner 指明项目经办人。该单位的经办人：{names}。", field="owner")


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 -m service import", description="把一份绩效目标文件存入台账。")
    parser.add_argument("file", help="绩效目标文件（.docx、.xlsx、.pdf、.txt，或装有它们的 .zip）")
    parser.add_argument("--unit", help="填报单位的编码（文件没有印出时必填）")
    parser.add_argument("--year", type=int, help="预算年度（文件没有印出时必填）")
    parser.add_argument("--owner", help="项目经办人的登录名（单位有多名经办人时必填）")
    parser.add_argument("--chain", default=os.environ.get("GOALTRAIL_CHAIN") or "standard",
                        help="审批链名称（standard、full 或已发布的名称，默认 standard）")
    parser.add_argument("--data-dir", help="正在运行的实例的数据目录")
    return parser.parse_args(arguments)
