"""What others ask of the person beside the tasks, as his worklist shows it: names, words and where to answer."""

from dataclasses import dataclass

from flask import url_for

from service.context import person, transaction
from service.pages.state_shown import names_in
from service.present import word
from service.what_is_asked import Asked, asked_of
from workflows.store.streams import history_of


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
    return [_shown(each) for each in asked_of(transaction(), person())]


def _shown(asked: Asked) -> Shown:
    table = asked.table
    who = names_in(history_of(transaction(), table.id)).get(asked.by, asked.by)
    address = url_for("tables.show", table_id=table.id, _anchor="steps")
    return Shown(table.title, table.unit, table.year, word(asked.asked), who, asked.words, asked.until, address)
