"""Folds of points given anew, of tables drawn for a check, and of rectifications."""

from collections.abc import Mapping
from typing import Any

from workflows import events as e
from workflows.folds.fold import Fold
from workflows.state.rectifications import DONE, ORDERED, VERIFIED, Drawn, Rectification, Rescore
from workflows.state.standing import Table, changed
from workflows.vocabulary import Outcome


def _rescored(table: Table, fact: e.SelfEvaluationRescored, at: e.Recorded) -> Table:
    behalf = at.behalf.id if at.behalf else ""
    news = Rescore(fact.node, fact.level, at.actor_id, fact.rows, fact.total, fact.grade, behalf)
    return changed(table, rescores=(*table.rescores, news))


def _drawn(table: Table, fact: e.SelfEvaluationDrawn, _at: e.Recorded) -> Table:
    return changed(table, drawn=Drawn(fact.sampling, fact.why))


def _ordered(table: Table, fact: e.RectificationOrdered, at: e.Recorded) -> Table:
    news = Rectification(
        fact.rectification, fact.cause, fact.window, fact.measures, fact.cut, fact.problem, fact.deadline, ORDERED,
        at.actor_id, at.role, at.organ,
    )  # fmt: skip
    return changed(table, rectifications=(*table.rectifications, news))


def _with(table: Table, key: str, **news: Any) -> Table:
    return changed(table, rectifications=tuple(
        changed(each, **news) if each.rectification == key else each for each in table.rectifications
    ))  # fmt: skip


def _done(table: Table, fact: e.RectificationDone, at: e.Recorded) -> Table:
    return _with(table, fact.rectification, state=DONE, report=fact.report, done_by=at.actor_id)


def _verified(table: Table, fact: e.RectificationVerified, at: e.Recorded) -> Table:
    passed = fact.outcome == Outcome.PASS
    news = {"state": VERIFIED} if passed else {"state": ORDERED, "deadline": fact.deadline}
    return _with(table, fact.rectification, opinion=fact.opinion, verified_by=at.actor_id, **news)


FOLDS: Mapping[str, Fold] = {
    "selfeval.rescored": _rescored,
    "selfeval.drawn": _drawn,
    "rectification.ordered": _ordered,
    "rectification.done": _done,
    "rectification.verified": _verified,
}
