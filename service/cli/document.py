"""`document`: a filing document's department part from the command line, by the same rules as the pages."""

import argparse
import json
import os
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from service.api.refusals import PasswordToChange
from service.cli.importing import running_address
from service.cli.operating import known
from service.passwords import is_for_one_use
from workflows.commands import filing_documents as documents
from workflows.commands.recipe import Seen
from workflows.errors import FieldsInvalid
from workflows.filings import FilingDocument
from workflows.store.journal import PostgresJournal
from workflows.store.queries import document_seen_by
from workflows.store.transaction import Transaction, begin, make_engine
from workflows.vocabulary import Actor


def main(arguments: list[str]) -> int:
    """Take `show|amend|link|review|return DOCUMENT --login NAME`; print how the part stands, `show` the part itself."""
    options = _options(arguments)
    engine = make_engine(running_address(options.data_dir, os.environ), connections=1, name="goaltrail-document")
    by = known(engine, options.login)
    with begin(engine) as tx:
        if is_for_one_use(tx, by.id):
            raise PasswordToChange(rule="A-PASSWORD")
        print(_done(tx, options, by))
    engine.dispose()
    return 0


def _done(tx: Transaction, options: argparse.Namespace, by: Actor) -> str:
    journal = PostgresJournal(tx)
    row = document_seen_by(tx, by, options.document)
    document = documents.document_now(journal, row["document_id"])
    if options.act == "show":
        number = options.number or len(document.parts)
        part = journal.content(document.part(number).content_hash) if number else documents.part_of(journal, document)
        return json.dumps(part, ensure_ascii=False, indent=1)
    seen = Seen(options.version or document.version, document.content_hash)
    common: dict[str, Any] = {"seen": seen, "by": by, "command_id": options.command or uuid4()}
    if options.act in ("review", "return"):
        passed = options.act == "review"
        return _said(documents.review_document(
            journal, document.id, passed=passed, opinion=options.reason or "", **common
        ))  # fmt: skip
    said = _json(options.file)
    if options.act == "link":
        return _said(documents.link_goals(journal, document.id, links=said, reason=options.reason or "", **common))
    return _said(documents.amend_document(journal, document.id, part=said, reason=options.reason or "", **common))


def _said(document: FilingDocument) -> str:
    return f"部门部分第{len(document.parts)}版：{document.state.chinese}。（申报文本记录{document.version}条）"


def _json(file: Path | None) -> Any:
    if file is None:
        raise FieldsInvalid("请用 --file 给出内容（JSON）。")
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as wrong:
        raise FieldsInvalid(f"读不出 {file.name}：须为 UTF-8 的 JSON 文件。") from wrong


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 -m service document", description=__doc__)
    parser.add_argument("act", choices=("show", "amend", "link", "review", "return"), metavar="ACT",
                        help="show 查看、amend 修改、link 对应绩效目标表、review 审阅通过、return 退回")
    parser.add_argument("document", type=UUID, metavar="DOCUMENT")
    parser.add_argument("--login", "--as", dest="login", required=True, help="办理人的账号；密码在终端输入")
    parser.add_argument("--file", type=Path, help="amend：整个部门部分的 JSON；link：目标位置到表序号的 JSON")
    parser.add_argument("--reason", "--opinion", dest="reason", help="修改理由或审阅意见")
    parser.add_argument("--number", type=int, help="show：第几版，默认现行版本")
    parser.add_argument("--version", type=int, help="所见的记录条数；已有变化时不办理")
    parser.add_argument("--command", type=UUID, help="操作编号，重复执行时用同一个")
    parser.add_argument("--data-dir")
    return parser.parse_args(arguments)
