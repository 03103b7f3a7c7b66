"""`definition`: process administrators propose and publish chains; anybody at the host lints, compares, draws them."""

import argparse
import json
import os
from pathlib import Path
from typing import Any
from uuid import uuid4

from service.cli.importing import running_address
from service.cli.operating import add_operator, known
from workflows.commands.administering import definition_in_force
from workflows.commands.publishing import propose_definition, publish_definition, versions_of
from workflows.definitions import SHIPPED, chain_from, shipped
from workflows.definitions.comparing import differences
from workflows.definitions.lint import forbidding, lint
from workflows.definitions.picture import svg_of
from workflows.definitions.reading import read_definition
from workflows.errors import FieldsInvalid
from workflows.store.definitions import present_roster, tables_at_nodes
from workflows.store.journal import PostgresJournal
from workflows.store.transaction import Transaction, begin, make_engine
from workflows.vocabulary import Actor, Role
from workflows.words.sentences import sentence

HASH_LENGTH = 64


def main(arguments: list[str]) -> int:
    """Carry out one of propose, publish, versions, diff, lint, picture; 1 where the lint finds errors."""
    options = _options(arguments)
    if options.verb == "picture":
        return _draw(options)
    engine = make_engine(running_address(options.data_dir, os.environ), connections=1, name="goaltrail-definition")
    by = None
    if options.verb in ("propose", "publish"):
        if not options.login:
            raise FieldsInvalid("提出和发布审批链须用 --login 写明办理人的账号。", field="login")
        by = known(engine, options.login, Role.PROCESS_ADMIN)
    with begin(engine) as tx:
        lines, code = carried_out(tx, options, by)
    print("\n".join(lines))
    engine.dispose()
    return code


def carried_out(tx: Transaction, options: argparse.Namespace, by: Actor | None) -> tuple[list[str], int]:
    """Carry out the verb inside a transaction and return what to print and the exit code."""
    if by is not None:
        return [(_propose if options.verb == "propose" else _publish)(tx, options, by)], 0
    if options.verb == "versions":
        return [
            f"{each.at:%Y-%m-%d %H:%M}  {getattr(each.fact, 'content_hash', '')}  {sentence(each)}"
            for each in versions_of(PostgresJournal(tx), options.chain)
        ], 0  # fmt: skip
    if options.verb == "diff":
        found = differences(_content(tx, options.chain), _content(tx, options.version))
        return [each.said for each in found] or ["两个版本没有差异。"], 0
    remarks = lint(read_definition(_content(tx, options.chain)), present_roster(tx))
    told = [f"{each.rule}  {each.severity.chinese}  {each.sentence}" for each in remarks]
    return told or ["检查通过。"], int(bool(forbidding(remarks)))


def _propose(tx: Transaction, options: argparse.Namespace, by: Actor) -> str:
    content = _content(tx, options.chain)
    proposed = propose_definition(PostgresJournal(tx), content=content, by=by, command_id=uuid4())
    return f"已提出审批链“{proposed.name}”，版本 {proposed.content_hash}，等待另一名流程管理员发布。"


def _publish(tx: Transaction, options: argparse.Namespace, by: Actor) -> str:
    published = publish_definition(
        PostgresJournal(tx), name=options.chain, content_hash=options.version, roster=present_roster(tx),
        in_use=tables_at_nodes(tx, options.chain), by=by, command_id=uuid4(),
    )  # fmt: skip
    return f"已发布审批链“{published.name}”，新的绩效目标表按此办理，在办的表仍按原版本。"


def _draw(options: argparse.Namespace) -> int:
    """Write the picture of a chain from a file, or of one that ships."""
    named = shipped(options.chain) if options.chain in SHIPPED else _read(options.chain)
    Path(options.version or f"{options.chain}.svg").write_text(svg_of(chain_from(named)), encoding="utf-8")
    return 0


def _content(tx: Transaction, named: str) -> Any:
    """Return a chain by a file's name, by its hash, or by the name under which it is in force."""
    if Path(named).is_file():
        return _read(named)
    journal = PostgresJournal(tx)
    return journal.content(named) if len(named) == HASH_LENGTH else definition_in_force(journal, named)


def _read(name: str) -> Any:
    try:
        return json.loads(Path(name).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise FieldsInvalid(f"无法读取“{name}”，须为一个 JSON 文件。", field="chain") from error


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python3 -m service definition", description="审批链：提出、发布、查看版本、比较、检查、画图。"
    )
    parser.add_argument("verb", choices=("propose", "publish", "versions", "diff", "lint", "picture"))
    parser.add_argument("chain", help="审批链：JSON 文件、名称或版本（64位摘要）")
    parser.add_argument("version", nargs="?", help="publish：要发布的版本；diff：另一个；picture：写到哪个文件")
    add_operator(parser)
    options = parser.parse_args(arguments)
    if options.verb in ("publish", "diff") and not options.version:
        raise FieldsInvalid("请写明版本。", field="version")
    return options
