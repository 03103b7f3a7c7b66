"""The counts that stand above every page: work that waits, questions, unread messages; two short questions."""

from dataclasses import dataclass

from workflows.store.inbox import UNREAD_ONES
from workflows.store.organs import STAMP
from workflows.store.questions import ASKED, OPEN, REQUESTED
from workflows.store.transaction import Transaction
from workflows.store.waiting import LATE, posts_asked, waiting_count_up_to
from workflows.vocabulary import Actor

ENOUGH = 1_000
"""So far is counted above every page; whoever has more is told "more than"."""
ANYWHERE = f"""
SELECT ({STAMP}) AS organs, ({REQUESTED}) AS requests,
  EXISTS (SELECT FROM desk.table_standing t WHERE {OPEN}) AS questions,
  EXISTS (SELECT FROM desk.table_standing t WHERE t.{LATE}) AS late"""  # noqa: S608 - texts of the store
COUNTS = f"""
SELECT w.waiting, w.overdue,
  (SELECT count(*) FROM ({UNREAD_ONES} LIMIT {ENOUGH + 1}) AS u) AS unread, ({{asked}}) AS asked
FROM ({{waiting}}) AS w"""  # noqa: S608 - texts of the store


@dataclass(frozen=True)
class Anywhere:
    """What there is in the whole ledger, whomever it concerns, and the stamp of the organs.

    A request for a second person's word, an open question, a late task that its ladder told up: most of the time there
    is none, and then nobody needs to be asked for his.
    """

    organs: str
    requests: bool
    questions: bool
    late: bool


@dataclass(frozen=True)
class Counts:
    """What waits for a person and which questions he is asked.

    `waiting`, `overdue` and `unread` are exact up to ENOUGH; beyond it they are ENOUGH + 1.
    """

    waiting: int
    overdue: int
    unread: int
    asked: int


def what_is_anywhere(tx: Transaction) -> Anywhere:
    """Return what there is in the whole ledger; no table is read for it, only whether an index is empty."""
    (row,) = tx.rows(ANYWHERE)
    return Anywhere(**row)


def counts_for(tx: Transaction, actor: Actor, anywhere: Anywhere) -> Counts:
    """Return the counts of the person's top bar; what there is nowhere is not asked for, which spares its planning."""
    waiting = waiting_count_up_to(actor, ENOUGH + 1, late=anywhere.late)
    (row,) = tx.rows(
        COUNTS.format(waiting=waiting, asked=ASKED if anywhere.questions else "0"), **posts_asked(actor)
    )  # fmt: skip
    return Counts(**row)
