"""`pack`: process administrators propose and confirm rule packs; anybody at the host lists, shows, lints, compares."""

import argparse
import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

from service.cli.importing import running_address
from service.cli.operating import add_operator, known
from service.cli.pack_replay import lines as replayed_lines
from workflows.commands.publishing_packs import (
    confirmed_packs,
    pack_in_force,
    propose_pack,
    publish_pack,
    waiting_packs,
)
from workflows.definitions.lint import forbidding
from workflows.errors import FieldsInvalid, NotAllowed
from workflows.journal import Journal
from workflows.ledger.hashes import content_hash
from workflows.packs import PACK_NAMES
from workflows.packs.checking import check_form
from workflows.packs.comparing import pack_differences
from workflows.packs.lint import lint
from workflows.store.journal import PostgresJournal
from workflows.store.transaction import Transaction, begin, make_engine
from workflows.vocabulary import Actor, Role

HASH_LENGTH = 64
NEEDS = {"show": ("pack",), "lint": ("pack",), "propose": ("pack",), "diff": ("pack", "version"),
         "confirm": ("pack", "version"), "replay": ("old", "new", "year")}  # fmt: skip


def main(arguments: list[str]) -> int:
    """Carry out one of list, show, lint, diff, replay, propose, confirm; 1 where the lint finds errors."""
    options = _options(arguments)
    engine = make_engine(running_address(options.data_dir, os.environ), connections=1, name="goaltrail-pack")
    by = None
    if options.verb in ("propose", "confirm"):
        if not options.login:
            raise FieldsInvalid("提出和发布规则包须用 --login 写明办理人的账号。", field="login")
        by = known(engine, options.login, Role.PROCESS_ADMIN)
    with begin(engine) as tx:
        lines, code = carried_out(tx, options, by)
    print("\n".join(lines))
    engine.dispose()
    return code


def carried_out(tx: Transaction, options: argparse.Namespace, by: Actor | None) -> tuple[list[str], int]:
    """Carry out the verb inside a transaction and return what to print and the exit code."""
    journal = PostgresJournal(tx)
    if options.verb == "list":
        return [line for name in PACK_NAMES for line in _versions(journal, name)], 0
    if options.verb == "confirm":
        return [_confirm(journal, options, by)], 0
    if options.verb == "replay":
        return _replayed(tx, journal, options), 0
    return _about_one(journal, options, by)


def _replayed(tx: Transaction, journal: Journal, options: argparse.Namespace) -> list[str]:
    old, new = (dict(_content(journal, named)) for named in (options.old, options.new))
    return list(replayed_lines(tx, journal, options.year, old, new))


def _about_one(journal: Journal, options: argparse.Namespace, by: Actor | None) -> tuple[list[str], int]:
    """Carry out what is asked of one pack: propose, diff, show, lint."""
    content = _content(journal, options.pack)
    if options.verb == "propose":
        return [_propose(journal, content, by)], 0
    if options.verb == "diff":
        found = pack_differences(content, _content(journal, options.version))
        return [each.said for each in found] or ["两个版本没有差异。"], 0
    if options.verb == "show":
        return [json.dumps(content, ensure_ascii=False, indent=1)], 0
    check_form(content)
    remarks = lint(content)
    told = [f"{each.rule}  {each.severity.chinese}  {each.node}  {each.sentence}" for each in remarks]
    return told or ["检查通过。"], int(bool(forbidding(remarks)))


def _versions(journal: Journal, name: str) -> Iterator[str]:
    """Yield the version of a name that is in force, then those that wait for another's confirmation."""
    content = pack_in_force(journal, name)
    last = next(confirmed_packs(journal, name), None)
    origin = f"{last.at:%Y-%m-%d} {last.signer}发布" if last else "随产品提供"
    yield f"{name}  第{content['version']}版  {content_hash(content)}  现行（{origin}）  {content['title']}"
    for waiting in waiting_packs(journal, name):
        proposed = str(getattr(waiting.fact, "content_hash", ""))
        number = journal.content(proposed)["version"]
        yield f"{name}  第{number}版  {proposed}  等待发布（{waiting.at:%Y-%m-%d} {waiting.signer}提出）"


def _propose(journal: Journal, content: Any, by: Actor | None) -> str:
    proposed = propose_pack(journal, content=content, by=_signed(by), command_id=uuid4())
    return f"已提出规则包“{proposed.name}”，版本 {proposed.content_hash}，等待另一名流程管理员发布。"


def _confirm(journal: Journal, options: argparse.Namespace, by: Actor | None) -> str:
    published = publish_pack(
        journal, name=options.pack, content_hash=options.version, by=_signed(by), command_id=uuid4()
    )
    return f"已发布规则包“{published.name}”，新的绩效目标表按此办理，已有的表仍按原版本。"


def _signed(by: Actor | None) -> Actor:
    if by is None:
        raise NotAllowed("提出和发布规则包须以本人账号办理。")
    return by


def _content(journal: Journal, named: str) -> Mapping[str, Any]:
    """Return a pack by a file's name, by its hash, or by the name under which it is in force."""
    if Path(named).is_file():
        return _read(named)
    return journal.content(named) if len(named) == HASH_LENGTH else pack_in_force(journal, named)


def _read(name: str) -> Mapping[str, Any]:
    try:
        content: Mapping[str, Any] = json.loads(Path(name).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise FieldsInvalid(f"无法读取“{name}”，须为一个 JSON 文件。", field="pack") from error
    return content


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python3 -m service pack",
        description="规则包：列出、查看、检查、比较、按年度重判、提出、发布（须两名流程管理员）。",
    )
    parser.add_argument("verb", choices=("list", *NEEDS))
    parser.add_argument("pack", nargs="?", help="规则包：JSON 文件、名称或版本（64位摘要）")
    parser.add_argument("version", nargs="?", help="confirm：要发布的版本；diff：另一个")
    parser.add_argument("--from", dest="old", metavar="PACK", help="replay：原规则包")
    parser.add_argument("--to", dest="new", metavar="PACK", help="replay：另一个规则包")
    parser.add_argument("--year", type=int, help="replay：预算年度")
    add_operator(parser)
    options = parser.parse_args(arguments)
    missing = [each for each in NEEDS.get(options.verb, ()) if not getattr(options, each)]
    if missing:
        said = {"pack": "请写明规则包。", "version": "请写明版本。"}.get(missing[0], "请写明 --from、--to 和 --year。")
        raise FieldsInvalid(said, field=missing[0])
    return options
