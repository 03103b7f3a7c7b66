"""Folds of evaluations, recommendations and components: all are kept, of components the newest counts."""

from collections.abc import Mapping
from typing import Any

from workflows import events as e
from workflows.folds.fold import Fold
from workflows.state.assessments import ACCEPTED, IMPLEMENTED, REJECTED, Assessment, Component, Recommendation
from workflows.state.standing import Table, changed


def _opened(table: Table, fact: e.EvaluationOpened, at: e.Recorded) -> Table:
    news = Assessment(fact.evaluation, fact.sort, fact.deadline, fact.reason, at.actor_id, at.role, at.organ)
    return changed(table, assessments=(*table.assessments, news))


def _reported(table: Table, fact: e.EvaluationReported, at: e.Recorded) -> Table:
    news = {
        "score": fact.score, "grade": fact.grade, "attachment": fact.attachment, "opinion": fact.opinion,
        "reported_by": at.actor_id,
    }  # fmt: skip
    return changed(table, assessments=tuple(
        changed(each, **news) if each.evaluation == fact.evaluation else each for each in table.assessments
    ))  # fmt: skip


def _made(table: Table, fact: e.RecommendationMade, at: e.Recorded) -> Table:
    news = Recommendation(**fact.data(), by=at.actor_id)
    return changed(table, recommendations=(*table.recommendations, news))


def _with(table: Table, key: str, **news: Any) -> Table:
    return changed(table, recommendations=tuple(
        changed(each, **news) if each.recommendation == key else each for each in table.recommendations
    ))  # fmt: skip


def _accepted(table: Table, fact: e.RecommendationAccepted, at: e.Recorded) -> Table:
    return _with(table, fact.recommendation, state=ACCEPTED, answer=fact.opinion, answered_by=at.actor_id)


def _rejected(table: Table, fact: e.RecommendationRejected, at: e.Recorded) -> Table:
    return _with(table, fact.recommendation, state=REJECTED, answer=fact.reason, answered_by=at.actor_id)


def _implemented(table: Table, fact: e.RecommendationImplemented, _at: e.Recorded) -> Table:
    return _with(table, fact.recommendation, state=IMPLEMENTED, report=fact.report, attachment=fact.attachment)


def _component(table: Table, fact: e.ComponentRecorded, at: e.Recorded) -> Table:
    news = Component(**fact.data(), by=at.actor_id, at=at.at.isoformat())
    return changed(table, components=(*table.components, news))


FOLDS: Mapping[str, Fold] = {
    "evaluation.opened": _opened,
    "evaluation.reported": _reported,
    "recommendation.made": _made,
    "recommendation.accepted": _accepted,
    "recommendation.rejected": _rejected,
    "recommendation.implemented": _implemented,
    "component.recorded": _component,
}
ASIDE = frozenset(FOLDS)
