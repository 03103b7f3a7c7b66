"""The tables of a bulk act as seen before it: what is new since the last look, what speaks against each."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import RowMapping

from service.context import journal, person, transaction
from service.pages.differences_shown import content_differences
from service.pages.worklist import amount
from service.present import stage_name
from workflows.content.goal_table import amount_in_wan
from workflows.folds.replay import Table
from workflows.journal import Content
from workflows.last_look import Look
from workflows.rights.bulk_rules import notes_before, refusal_in_bulk
from workflows.rights.lifecycle import Answer, decide_within
from workflows.store.choosing import looks_among, standings_among
from workflows.store.queries import table_in
from workflows.vocabulary import Action, Stage


@dataclass(frozen=True)
class Item:
    """One table of many. `value` is what its box posts: ID, version, hashes of content and files; empty if excluded."""

    table_id: UUID
    title: str
    unit: str
    stage: str
    amount: str
    content_hash: str
    value: str
    news: str
    news_address: str
    notes: tuple[str, ...]
    refusal: str = ""


def items_shown(tables: Sequence[UUID]) -> list[Item]:
    """Return the tables in this order, each with what speaks against deciding it among many; unreadable ones left out.

    A constant number of queries, however many tables there are.
    """
    tx = transaction()
    rows = standings_among(tx, person(), tables)
    looks = looks_among(tx, person().id, list(rows))
    contents = journal().contents_among(_hashes(rows, looks))
    return [_item(rows[each], looks.get(each), contents) for each in tables if each in rows]


def _hashes(rows: Mapping[UUID, RowMapping], looks: Mapping[UUID, Look]) -> Collection[str]:
    now = {row["content_hash"] for row in rows.values() if row["content_hash"]}
    return now | {look.content_hash for look in looks.values() if look.content_hash not in now}


def _item(row: RowMapping, look: Look | None, contents: Mapping[str, Content]) -> Item:
    table = table_in(transaction(), row)
    content = contents.get(table.content_hash, {})
    answer = _answer(table, content)
    alone = refusal_in_bulk(table, content)
    refusal = answer.sentence if not answer.allowed else alone.sentence if alone else ""
    shown = ":".join((str(table.id), str(table.version), table.content_hash, table.attachments_hash))
    news, address = _news(table, look, contents)
    return Item(
        table.id, table.title, table.unit, stage_name(table.stage), amount(row["amount_wan"]), table.content_hash,
        "" if refusal else shown, news, address, _notes(table, content, answer), refusal,
    )  # fmt: skip


def _answer(table: Table, content: Content) -> Answer:
    """Return whether it is this person's turn: to pass the table, or else at least to return it."""
    answers = [
        decide_within(person(), table, action, lambda: amount_in_wan(content), to=to)
        for action, to in ((Action.APPROVE, None), (Action.RETURN, Stage.DRAFT))
    ]  # fmt: skip
    return next((each for each in answers if each.allowed), answers[0])


def _notes(table: Table, content: Content, answer: Answer) -> tuple[str, ...]:
    files = sum(not each.erased for each in table.attachments)
    behalf = (_("代%(name)s办理", name=answer.cover.name),) if answer.cover else ()
    return (*behalf, *notes_before(table, content), *((_("附件%(n)d个", n=files),) if files else ()))


def _news(table: Table, look: Look | None, contents: Mapping[str, Content]) -> tuple[str, str]:
    """Return what is new since the person last opened the table, and where to read it."""
    page = url_for("tables.show", table_id=table.id)
    if look is None:
        return _("您还没有打开过此表"), page
    if look.content_hash == table.content_hash:
        same = look.at >= datetime.fromisoformat(table.last_at)
        return (_("上次查看后没有变动"), "") if same else (_("内容没有变动，有新的办理记录"), page)
    old, new = contents.get(look.content_hash), contents.get(table.content_hash)
    number = len(content_differences(old, new, {})) if old and new else 0
    span: dict[str, Any] = {"from": look.version, "to": table.version}
    address = url_for("differences.show", table_id=table.id, **span)
    return _("上次查看后内容改动%(n)d处", n=number), address
