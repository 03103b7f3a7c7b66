"""`act`: a signed-in person's decision on one or many tables from the command line, by the same rules as the pages."""

import argparse
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from uuid import UUID, uuid4

from sqlalchemy import Engine

from service.api.entry import Entry
from service.api.registry import ACTIONS
from service.cli.acts import body_typed, items_in, items_now, verb_of
from service.cli.importing import running_address
from service.cli.operating import known
from workflows.commands.bulk import Items, Result, Verb, all_or_none, for_all, for_each
from workflows.commands.rehearsal import Opens, rehearsal, rehearse
from workflows.errors import FieldsInvalid
from workflows.journal import Journal
from workflows.store.journal import PostgresJournal
from workflows.store.parts import part_of
from workflows.store.transaction import begin, make_engine
from workflows.vocabulary import Action, Actor

REFUSED = 1
"""Where a person comes from who gives a command at the host; his session lasts as long as the command."""


def main(arguments: list[str]) -> int:
    """Take `ACTION TABLE… --as NAME`; print what became of each table; 1 if one of them was refused."""
    options = _options(arguments)
    entry = ACTIONS[Action(options.action)]
    body = body_typed(entry, options)
    engine = make_engine(running_address(options.data_dir, os.environ), connections=1, name="goaltrail-act")
    actor = known(engine, options.login)
    with begin(engine) as tx:
        items = (*items_now(tx, actor, options.tables), *items_in(options.file, tx, actor))
    _refuse_number(entry, items)
    alone = len(items) == 1 and options.file is None
    how = "alone" if alone else "together" if options.all_or_none else "each"
    act = _Acting(entry, verb_of(entry, body, actor), actor, options.command or uuid4(), how)
    results = _tried(engine, act, items) if options.dry_run else act.run(partial(_earnest, engine), items)
    for result in results:
        print(_line(result, tried=options.dry_run))
    engine.dispose()
    return REFUSED if any(result.refusal for result in results) else 0


@contextmanager
def _earnest(engine: Engine) -> Iterator[Journal]:
    with begin(engine) as tx:
        yield PostgresJournal(tx)


@dataclass(frozen=True)
class _Acting:
    """One action of one person: over one table by its verb alone, over several as a bulk act."""

    entry: Entry
    verb: Verb
    by: Actor
    command_id: UUID
    how: str

    def run(self, open_journal: Opens, items: Items) -> tuple[Result, ...]:
        """Carry it out on these tables."""
        if self.how == "alone":
            return for_each(open_journal, items, self.verb, command_id=self.command_id)
        run = all_or_none if self.how == "together" else for_all
        return run(
            open_journal, items, self.verb, by=self.by, action=self.entry.action, command_id=self.command_id
        )


def _tried(engine: Engine, act: _Acting, items: Items) -> tuple[Result, ...]:
    """Decide everything, tell of one table what would be recorded and who would hear of it, and keep nothing."""
    with begin(engine) as tx:
        opened = partial(part_of, tx)
        with rehearsal(opened):
            results = act.run(opened, items)
        if len(items) == 1 and results[0].table:
            ((table_id, seen),) = items
            told = rehearse(opened, table_id, lambda journal: act.verb(journal, table_id, seen, act.command_id))
            print("\n".join([*(f"将记录：{each}" for each in told.sentences),
                             *(f"将通知：{each.subject}" for each in told.notices)]))
    return results


def _line(result: Result, *, tried: bool) -> str:
    if result.table:
        return f"{result.table_id}  {'预演，未办理：将处于' if tried else '已办理，现处于'}{result.table.stage.chinese}"
    said = result.refusal.sentence if result.refusal else ""
    return f"{result.table_id}  {'预演，不能办理：' if tried else '未办理：'}{said}"


def _refuse_number(entry: Entry, items: Sequence[object]) -> None:
    if not items:
        raise FieldsInvalid("请写明要办理的表，或用 --file 给出清单。")
    if len(items) > 1 and not entry.in_bulk:
        raise FieldsInvalid(f"“{entry.action.chinese}”只能逐张办理，请一次写一张表。")


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 -m service act", description=__doc__)
    parser.add_argument("action", choices=[each.value for each in ACTIONS], metavar="ACTION", help="、".join(ACTIONS))
    parser.add_argument("tables", nargs="*", type=UUID, metavar="TABLE")
    parser.add_argument("--as", "--login", dest="login", required=True, help="办理人的账号；密码在终端输入")
    parser.add_argument("--file", type=Path, help="CSV 清单：table，可另有 version、content_hash（所见的版本和内容）")
    for name in ("opinion", "reason", "to", "window", "note"):
        parser.add_argument(f"--{name}")
    parser.add_argument("--set", action="append", default=[], metavar="FIELD=VALUE", help="其他字段（JSON 或文字）")
    parser.add_argument("--all-or-none", action="store_true", help="要么全部要么全不")
    parser.add_argument("--dry-run", action="store_true", help="预演：说明将记录什么、将通知谁，不办理")
    parser.add_argument("--command", type=UUID, help="操作编号，重复执行时用同一个")
    parser.add_argument("--data-dir")
    return parser.parse_intermixed_args(arguments)
