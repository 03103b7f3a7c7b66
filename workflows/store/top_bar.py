"""The counts that stand above every page: work that waits, questions, unread messages; one question."""

from dataclasses import dataclass

from workflows.store.inbox import UNREAD_ONES
from workflows.store.organs import STAMP
from workflows.store.questions import ASKED, REQUESTED
from workflows.store.transaction import Transaction
from workflows.store.waiting import posts_asked, waiting_count_up_to
from workflows.vocabulary import Actor

ENOUGH = 1_000
"""So far is counted above every page; whoever has more is told "more than"."""
COUNTS = f"""
SELECT w.waiting, w.overdue,
  (SELECT count(*) FROM ({UNREAD_ONES} LIMIT {ENOUGH + 1}) AS u) AS unread, ({ASKED}) AS asked,
  ({REQUESTED}) AS requests, ({STAMP}) AS organs FROM ({{waiting}}) AS w"""  # noqa: S608 - texts of the store


@dataclass(frozen=True)
class Counts:
    """What waits for a person, which questions he is asked, and the stamp of the organs whose names stand beside it.

    `waiting`, `overdue` and `unread` are exact up to ENOUGH; beyond it they are ENOUGH + 1.

    `requests` says that some table, of whomever, has a request that waits for a second person's word.
    """

    waiting: int
    overdue: int
    unread: int
    asked: int
    requests: bool
    organs: str


def counts_for(tx: Transaction, actor: Actor) -> Counts:
    """Return the counts of the person's top bar."""
    (row,) = tx.rows(COUNTS.format(waiting=waiting_count_up_to(actor, ENOUGH + 1)), **posts_asked(actor))
    return Counts(**row)
