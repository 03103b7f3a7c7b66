"""An act as it is typed on the command line: its body by the interface's shapes, its tables, its verb."""

import argparse
import csv
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from service.api.bodies import Body
from service.api.entry import Call, Entry
from workflows.commands.bulk import Verb
from workflows.commands.recipe import Seen
from workflows.errors import FieldsInvalid
from workflows.folds.replay import Table
from workflows.journal import Journal
from workflows.store.queries import table_seen_by
from workflows.store.transaction import Transaction
from workflows.vocabulary import Action, Actor, Stage

SHORT = ("opinion", "reason", "to", "window", "note")
"""Fields that have an option of their own."""


def body_typed(entry: Entry, options: argparse.Namespace) -> Body:
    """Return the act's body; FieldsInvalid names every field that is missing, unknown or wrong."""
    typed = {name: getattr(options, name) for name in SHORT if getattr(options, name) is not None}
    typed |= dict(map(_field, options.set))
    if entry.action == Action.RETURN:
        typed.setdefault("to", Stage.DRAFT.value)
    try:
        return entry.body.model_validate_json(json.dumps(typed))
    except ValidationError as wrong:
        names = "、".join(sorted({".".join(map(str, each["loc"])) for each in wrong.errors()}))
        raise FieldsInvalid(f"“{entry.action.chinese}”的这些字段缺失或不对：{names}。") from wrong


def _field(typed: str) -> tuple[str, Any]:
    name, equals, value = typed.partition("=")
    if not equals:
        raise FieldsInvalid("--set 须写成 FIELD=VALUE。")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


def items_now(tx: Transaction, actor: Actor, tables: Sequence[UUID]) -> Iterator[tuple[UUID, Seen]]:
    """Yield tables as they stand at this moment; NotFound for one that the person may not read."""
    for table_id in dict.fromkeys(tables):
        table = table_seen_by(tx, actor, table_id)
        yield table_id, Seen(table.version, table.content_hash, table.attachments_hash)


def items_in(path: Path | None, tx: Transaction, actor: Actor) -> Iterator[tuple[UUID, Seen]]:
    """Yield the tables of a list, as seen where it says version and content; else as they stand at this moment."""
    for row in _rows(path) if path else ():
        try:
            table_id = UUID(row["table"])
            seen = Seen(int(row["version"]), row["content_hash"]) if row.get("version") else None
        except (KeyError, ValueError, TypeError) as wrong:
            raise FieldsInvalid("清单须有 table 一列（表的编号）；写了 version 的行还须有 content_hash。") from wrong
        yield (table_id, seen) if seen else next(items_now(tx, actor, [table_id]))


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        return list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    except (OSError, ValueError) as unreadable:
        raise FieldsInvalid(f"读不了清单 {path.name}：须是 UTF-8 的 CSV 文件。") from unreadable


def verb_of(entry: Entry, body: Body, actor: Actor) -> Verb:
    """Return the verb of an act with its details filled in."""

    def act(journal: Journal, table_id: UUID, seen: Seen, command_id: UUID) -> Table:
        after = entry.carry(Call(journal, table_id, seen, None, actor, command_id), body)
        return after if isinstance(after, Table) else journal.lock_table(table_id)

    return act
