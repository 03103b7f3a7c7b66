"""What others ask of the person beside the tasks: to confirm, an extension, an opinion, a direct completion."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from service.context import person, transaction
from service.pages.state_shown import names_in
from service.present import word
from workflows.holders import granting_posts, open_inquiries
from workflows.inquiries import EXTENSION, OPINION, Inquiry
from workflows.lifecycle import decide
from workflows.replay import Table
from workflows.store.queries import Filters, table_in, tables_visible_to
from workflows.store.questions import tables_with_amendments, tables_with_questions
from workflows.store.streams import history_of
from workflows.vocabulary import Action

AT_MOST = 1000
ANSWERS = {EXTENSION: Action.GRANT_EXTENSION, OPINION: Action.GIVE_OPINION}
ASKS = {EXTENSION: Action.ASK_EXTENSION, OPINION: Action.ASK_OPINION}


@dataclass(frozen=True)
class Asked:
    """One thing asked: about which table, what, by whom, why, until when (a date, or empty), where it is answered."""

    title: str
    unit: str
    year: int
    what: str
    who: str
    words: str
    until: str
    address: str


def asked_of_me() -> list[Asked]:
    """Return what waits for the person's word: requests to confirm first (S10), then completions and questions."""
    return [*_to_confirm(), *_to_agree(), *_to_answer()]


def _to_confirm() -> Iterator[Asked]:
    asking = tables_visible_to(transaction(), person(), Filters(asking=True), limit=AT_MOST)
    for table in (table_in(transaction(), row) for row in asking):
        if table.request and decide(person(), table, Action.CONFIRM).allowed:
            yield _asked(table, word(Action(table.request.action)), table.request.by, table.request.reason)


def _to_agree() -> Iterator[Asked]:
    for row in tables_with_amendments(transaction(), person(), limit=AT_MOST):
        table = table_in(transaction(), row)
        asked = table.amendment
        if asked and decide(person(), table, Action.CONFIRM_AMENDMENT).allowed:
            words = asked.opinion or _("评定为“良”，请单位确认%(n)d处完善", n=asked.changed)
            yield _asked(table, word(Action.AMEND), asked.person, words, asked.due_at[:10])


def _to_answer() -> Iterator[Asked]:
    for row in tables_with_questions(transaction(), person(), limit=AT_MOST):
        table = table_in(transaction(), row)
        for kind, action in ANSWERS.items():
            mine = [each for each in open_inquiries(table, kind) if _is_mine(table, each)]
            if mine and decide(person(), table, action).allowed:
                yield from (_asked(table, word(ASKS[kind]), each.by, each.words, each.until) for each in mine)


def _is_mine(table: Table, asked: Inquiry) -> bool:
    return bool(granting_posts(person(), table, asked)) if asked.kind == EXTENSION else asked.to == person().id


def _asked(table: Table, what: str, by: str, words: str, until: str = "") -> Asked:
    who = names_in(history_of(transaction(), table.id)).get(by, by)
    address = url_for("tables.show", table_id=table.id, _anchor="steps")
    return Asked(table.title, table.unit, table.year, what, who, words, until, address)
