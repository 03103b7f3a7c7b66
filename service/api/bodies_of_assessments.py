"""What callers send about evaluations, recommendations and components of imported ratios; files travel in base64."""

from datetime import date
from typing import Literal

from service.api.bodies import Body, File, Text, Word


class EvaluationStart(Body):
    """Why the project is evaluated, and by when the report is due."""

    reason: Text
    deadline: date


class EvaluationReport(Body):
    """An evaluation's score (0 to 100) as decimal text, its conclusion and the report's file."""

    evaluation: Word
    score: Word
    opinion: Text
    name: Word
    data: File


class NewRecommendation(Body):
    """What is recommended, to whom, by when; `evaluation` it came from, empty for none."""

    words: Text
    deadline: date
    to: Literal["unit", "department"] = "unit"
    evaluation: Text = ""


class RecommendationAdopted(Body):
    """Which recommendation is adopted, and what will be done."""

    recommendation: Word
    opinion: Text = ""


class RecommendationRefused(Body):
    """Which recommendation is not adopted, and why."""

    recommendation: Word
    reason: Text


class RecommendationDone(Body):
    """Which recommendation was carried out and how; a file as evidence where there is one."""

    recommendation: Word
    report: Text
    name: Text = ""
    data: File | None = None


class RatioComponent(Body):
    """Numerator and denominator (decimal texts, `counted_in` their unit) of an imported ratio, with its proof."""

    indicator: Word
    numerator: Word
    denominator: Word
    counted_in: Word
    name: Word
    data: File
    note: Text = ""
