"""Folds of the year's facts: monitoring windows and the self-evaluation."""

from collections.abc import Mapping
from typing import Any

from workflows import events as e
from workflows.folds.fold import Fold
from workflows.state.standing import Decider, Evaluation, Table, Vote, changed
from workflows.vocabulary import Outcome, Stage

SAMPLING = "evaluation_sampling"
"""The desk of the bureau's check: it looks at what others decided and is no level of its own."""


def _with_window(table: Table, key: str, **news: Any) -> Table:
    return changed(table, windows=tuple(changed(w, **news) if w.window == key else w for w in table.windows))


def _monitoring_opened(table: Table, fact: e.MonitoringOpened, _at: e.Recorded) -> Table:
    return _with_window(table, fact.window, state="open")


def _monitoring_filed(table: Table, fact: e.MonitoringFiled, at: e.Recorded) -> Table:
    words = {name: getattr(fact, name) for name in fact.erasable if getattr(fact, name)}
    return _with_window(
        table, fact.window, state="filed", colour=fact.colour, execution_rate=fact.execution_rate,
        deviation=fact.deviation, figures={**fact.figures, **words}, filed_by=at.actor_id, returned_reason=None,
    )  # fmt: skip


def _monitoring_accepted(table: Table, fact: e.MonitoringAccepted, _at: e.Recorded) -> Table:
    return _with_window(table, fact.window, state="accepted")


def _monitoring_returned(table: Table, fact: e.MonitoringReturned, _at: e.Recorded) -> Table:
    return _with_window(table, fact.window, state="open", returned_reason=fact.reason)


def _evaluation_opened(table: Table, _fact: e.SelfEvaluationOpened, _at: e.Recorded) -> Table:
    return changed(table, stage=Stage.SELF_EVALUATION, votes=(), deciders=())


def _evaluated(table: Table, fact: e.SelfEvaluationFiled, at: e.Recorded) -> Table:
    evaluation = Evaluation(fact.total, fact.grade, fact.figures, fact.scores, fact.execution_points, at.actor_id)
    return changed(table, evaluation=evaluation, votes=(), deciders=(), rescores=())


def _evaluation_accepted(table: Table, fact: e.SelfEvaluationAccepted, at: e.Recorded) -> Table:
    if fact.node == SAMPLING:
        return changed(table, drawn=changed(table.drawn, done=True) if table.drawn else None)
    behalf = at.behalf.id if at.behalf else ""
    vote = Vote(
        fact.node, Stage.SELF_EVALUATION, fact.level, at.actor_id, Outcome.PASS, table.in_force or "", table.round,
        behalf=behalf,
    )  # fmt: skip
    decider = Decider(at.actor_id, fact.level, fact.node, behalf)
    return changed(table, votes=(*table.votes, vote), deciders=(*table.deciders, decider))


def _evaluation_returned(table: Table, fact: e.SelfEvaluationReturned, _at: e.Recorded) -> Table:
    evaluation = changed(table.evaluation, returned_reason=fact.reason) if table.evaluation else None
    return changed(table, evaluation=evaluation, votes=())


FOLDS: Mapping[str, Fold] = {
    "monitoring.opened": _monitoring_opened,
    "monitoring.filed": _monitoring_filed,
    "monitoring.accepted": _monitoring_accepted,
    "monitoring.returned": _monitoring_returned,
    "selfeval.opened": _evaluation_opened,
    "selfeval.filed": _evaluated,
    "selfeval.accepted": _evaluation_accepted,
    "selfeval.returned": _evaluation_returned,
}
