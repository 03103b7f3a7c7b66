"""How what callers send about evaluations, recommendations and components becomes the verbs' arguments."""

from service.api import bodies_of_assessments as bodies
from service.api.entry import Call
from workflows.commands import assessing
from workflows.commands.assessing import Proof


def report_evaluation(call: Call, body: bodies.EvaluationReport) -> object:
    """Report an evaluation with its file."""
    return assessing.report_evaluation(
        call.journal, call.table_id, **call.subject, evaluation=body.evaluation, score=body.score,
        opinion=body.opinion, report=Proof(body.name, body.data),
    )  # fmt: skip


def implement_recommendation(call: Call, body: bodies.RecommendationDone) -> object:
    """Say that a recommendation was carried out."""
    evidence = None if body.data is None else Proof(body.name, body.data)
    return assessing.implement_recommendation(
        call.journal, call.table_id, **call.subject, recommendation=body.recommendation, report=body.report,
        evidence=evidence,
    )  # fmt: skip


def record_component(call: Call, body: bodies.RatioComponent) -> object:
    """Enter a ratio's numerator and denominator with their evidence."""
    return assessing.record_component(
        call.journal, call.table_id, **call.subject, indicator=body.indicator, numerator=body.numerator,
        denominator=body.denominator, counted_in=body.counted_in, note=body.note, evidence=Proof(body.name, body.data),
    )  # fmt: skip
