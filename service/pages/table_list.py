"""One page of the list of tables: cut at rows that were seen, its neighbours' addresses, its rows as printed."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from json import dumps, loads
from typing import Any
from uuid import UUID

from flask import request, url_for
from sqlalchemy import RowMapping

from service.context import person, transaction
from service.organ_book import organs
from service.pages.paging import LAST_PAGE, SIZE
from service.pages.worklist import amount
from service.present import day, due, moment, scope, stage_name, stage_tag
from workflows.store.leafing import ENOUGH, ORDERS, Cut, Key, count_up_to, rows_after, rows_before, rows_from_start
from workflows.store.queries import Filters
from workflows.vocabulary import Stage


@dataclass(frozen=True)
class Leaf:
    """One page; `total` is exact up to ENOUGH, `page` is None where nobody counted so far."""

    rows: Sequence[RowMapping]
    order: str
    total: int
    page: int | None = None
    earlier: bool = False
    later: bool = False

    @property
    def more(self) -> int:
        """How many rows the list has more than, 0 where their number is known."""
        return ENOUGH if self.total > ENOUGH else 0

    @property
    def previous(self) -> str:
        """Return the address of the page before, empty on the first one."""
        if not self.earlier or not self.rows:
            return ""
        return _address(before=_mark(self.rows[0], self.order), page=self.page and self.page - 1)

    @property
    def following(self) -> str:
        """Return the address of the page after, empty on the last one."""
        if not self.later or not self.rows:
            return ""
        return _address(after=_mark(self.rows[-1], self.order), page=self.page and self.page + 1)

    @property
    def final(self) -> str:
        """Return the address of the last page of a long list, empty where one can leaf there."""
        return _address(page=LAST_PAGE) if self.more and self.later else ""


def leaf_asked(filters: Filters, order: str) -> Leaf:
    """Return the page that the address asks for: after or before a row, by its number, or the last one."""
    tx, actor = transaction(), person()
    total = count_up_to(tx, actor, filters)
    page = max(1, min(request.args.get("page", 1, type=int) or 1, LAST_PAGE))
    known = page if page <= ENOUGH // SIZE else None
    after, before = (_cut(request.args.get(name, ""), order) for name in ("after", "before"))
    if after:
        rows = rows_after(tx, actor, filters, order, after, limit=SIZE + 1)
        if rows:
            return Leaf(rows[:SIZE], order, total, known, earlier=True, later=len(rows) > SIZE)
    elif before:
        rows = rows_before(tx, actor, filters, order, before, limit=SIZE + 1)
        page = 1
        if len(rows) > SIZE:
            return Leaf(rows[1:], order, total, known, earlier=True, later=True)
    elif total <= ENOUGH:
        page = min(page, max(1, -(-total // SIZE)))
    if after or (total > ENOUGH and page > ENOUGH // SIZE):
        rows = rows_before(tx, actor, filters, order, None, limit=SIZE + 1)
        return Leaf(rows[-SIZE:], order, total, earlier=len(rows) > SIZE)
    rows = rows_from_start(tx, actor, filters, order, limit=SIZE + 1, offset=(page - 1) * SIZE)
    return Leaf(rows[:SIZE], order, total, page, earlier=page > 1, later=len(rows) > SIZE)


def _address(**more: object) -> str:
    """Return the address of another page of the same list."""
    asked = {name: value for name, value in request.args.items() if name not in ("page", "after", "before")}
    return url_for(request.endpoint or "", **asked, **more)  # type: ignore[arg-type]


def _mark(row: RowMapping, order: str) -> str:
    """Return a row's place in the order, for an address."""
    key = row[ORDERS[order].column.removeprefix("t.")]
    text = key.isoformat() if isinstance(key, datetime) else None if key is None else str(key)
    return urlsafe_b64encode(dumps([text, str(row["table_id"])], ensure_ascii=False).encode()).decode().rstrip("=")


def _cut(mark: str, order: str) -> Cut | None:
    """Return the place that an address names; None where it names none in this order."""
    try:
        text, table_id = loads(urlsafe_b64decode(mark + "=" * (-len(mark) % 4)))
        return Cut(_key(text, ORDERS[order].type), UUID(table_id))
    except (ValueError, TypeError, ArithmeticError, AttributeError):
        return None


def _key(text: str | None, kind: str) -> Key:
    if text is None:
        return None
    if kind == "timestamptz":
        return datetime.fromisoformat(text)
    if kind == "numeric":
        number = Decimal(text)
        if not number.is_finite():
            raise ValueError(text)
        return number
    if not isinstance(text, str) or "\x00" in text:
        raise ValueError(text)
    return text


def rows_shown(rows: Sequence[RowMapping], now: datetime) -> list[Mapping[str, Any]]:
    """Return the rows as the list prints them; what many rows share is looked up once."""
    names, start = organs().names, url_for("tables.index")
    stages = {stage: (stage_name(stage), stage_tag(stage)) for stage in {Stage(row["stage"]) for row in rows}}
    scopes = {each: scope(each) for each in {row["scope"] for row in rows}}
    days = {at: {"due_day": day(at), "due": due(at, now)} for at in {row["due_at"] for row in rows}}
    return [
        dict(row) | {
            "address": f"{start}/{row['table_id']}", "scope": scopes[row["scope"]],
            "unit": names.get(row["unit"], row["unit"]), "department": names.get(row["department"], row["department"]),
            "amount": amount(row["amount_wan"]), "stage": stages[row["stage"]][0], "tag": stages[row["stage"]][1],
            "changed": moment(row["changed_at"]),
        } | days[row["due_at"]]
        for row in rows
    ]  # fmt: skip
