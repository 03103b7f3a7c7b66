"""What waits for a person's word beside his tasks: to confirm, agree to, answer; one list for page and program."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import gettext as _

from service.present import word
from workflows.folds.replay import Table
from workflows.rights.holders import granting_posts, open_inquiries
from workflows.rights.lifecycle import decide
from workflows.state.appraisals import Support
from workflows.state.inquiries import EXTENSION, OPINION, Inquiry
from workflows.store.queries import Filters, table_in, tables_visible_to
from workflows.store.questions import tables_with_amendments, tables_with_appraisals, tables_with_questions
from workflows.store.transaction import Transaction
from workflows.vocabulary import Action, Actor

AT_MOST = 1000
ANSWERS = {EXTENSION: Action.GRANT_EXTENSION, OPINION: Action.GIVE_OPINION}
ASKS = {EXTENSION: Action.ASK_EXTENSION, OPINION: Action.ASK_OPINION}


@dataclass(frozen=True)
class Asked:
    """One thing asked about a table: what, by whom (ID), why, until when (a date, or empty), how one answers.

    `request` names an inquiry where a table may have several.
    """

    table: Table
    asked: Action
    answer: Action
    by: str
    words: str
    until: str = ""
    request: str = ""


def asked_of(tx: Transaction, actor: Actor) -> list[Asked]:
    """Return what waits for the person's word: requests to confirm first (S10), then completions and questions."""
    return [*asked_to_confirm(tx, actor), *_to_answer(tx, actor)]


def asked_to_confirm(tx: Transaction, actor: Actor) -> list[Asked]:
    """Return the requests to confirm and the completions to agree to; how many questions wait the store counts."""
    return [*_to_confirm(tx, actor), *_to_agree(tx, actor), *_to_check(tx, actor)]


def _to_confirm(tx: Transaction, actor: Actor) -> Iterator[Asked]:
    asking = tables_visible_to(tx, actor, Filters(asking=True), limit=AT_MOST)
    for table in (table_in(tx, row) for row in asking):
        if table.request and decide(actor, table, Action.CONFIRM).allowed:
            asked = table.request
            yield Asked(table, Action(asked.action), Action.CONFIRM, asked.by, asked.reason)


def _to_agree(tx: Transaction, actor: Actor) -> Iterator[Asked]:
    for row in tables_with_amendments(tx, actor, limit=AT_MOST):
        table = table_in(tx, row)
        asked = table.amendment
        if asked and decide(actor, table, Action.CONFIRM_AMENDMENT).allowed:
            words = asked.opinion or _("评定为“良”，请单位确认%(n)d处完善", n=asked.changed)
            yield Asked(table, Action.AMEND, Action.CONFIRM_AMENDMENT, asked.person, words, asked.due_at[:10])


def _to_check(tx: Transaction, actor: Actor) -> Iterator[Asked]:
    for row in tables_with_appraisals(tx, actor, limit=AT_MOST):
        table = table_in(tx, row)
        if table.appraisal and decide(actor, table, Action.CHECK_APPRAISAL).allowed:
            asked = table.appraisal
            words = _("结论“%(result)s”，得分%(total)s分", result=word(Support(asked.result)), total=asked.total)
            yield Asked(table, Action.FILE_APPRAISAL, Action.CHECK_APPRAISAL, asked.by, words)


def _to_answer(tx: Transaction, actor: Actor) -> Iterator[Asked]:
    for row in tables_with_questions(tx, actor, limit=AT_MOST):
        table = table_in(tx, row)
        for kind, answer in ANSWERS.items():
            mine = [each for each in open_inquiries(table, kind) if _is_asked(actor, table, each)]
            if mine and decide(actor, table, answer).allowed:
                yield from (Asked(table, ASKS[kind], answer, each.by, each.words, each.until, each.id) for each in mine)


def _is_asked(actor: Actor, table: Table, asked: Inquiry) -> bool:
    return bool(granting_posts(actor, table, asked)) if asked.kind == EXTENSION else asked.to == actor.id
