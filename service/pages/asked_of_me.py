"""What others ask of the person beside the tasks, as his worklist shows it: names, words and where to answer."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import RowMapping

from service.context import person, transaction
from service.pages.state_shown import names_in
from service.present import word
from service.what_is_asked import Asked, asked_of
from workflows.store.review_clocks import parts_waiting_for
from workflows.store.streams import history_of
from workflows.workdays import beijing_date


@dataclass(frozen=True)
class Shown:
    """One thing asked: about which table, what, by whom, why, until when (a date, or empty), where it is answered."""

    title: str
    unit: str
    year: int
    what: str
    who: str
    words: str
    until: str
    address: str


def asked_of_me() -> list[Shown]:
    """Return what waits for the person's word."""
    parts = parts_waiting_for(transaction(), person())
    return [*(_part(row) for row in parts), *(_shown(each) for each in asked_of(transaction(), person()))]


def _part(row: RowMapping) -> Shown:
    """Return the department part of a filing document whose review is owed, by its office's due day."""
    until = beijing_date(row["part_due_at"]).isoformat()
    owed = _("审阅期限（暂定）") if row["part_provisional"] else _("审阅期限")
    words = _("已过审阅期限") if row["part_overdue"] else owed
    address = url_for("documents.show", document_id=row["document_id"], _anchor="part-state")
    title = _("部门整体部分（第%(n)d版）", n=row["part_number"])
    what = _("审阅部门部分")
    return Shown(title, row["unit"], row["year"], what, row["filed_by_name"], words, until, address)


def _shown(asked: Asked) -> Shown:
    table = asked.table
    who = names_in(history_of(transaction(), table.id)).get(asked.by, asked.by)
    address = url_for("tables.show", table_id=table.id, _anchor="steps")
    return Shown(table.title, table.unit, table.year, word(asked.asked), who, asked.words, asked.until, address)
