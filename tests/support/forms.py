"""Review forms as reviewers fill them in, for tests: one grade throughout, or points by share of an item's own."""

from decimal import Decimal

from workflows.packs import pack_content_for
from workflows.packs.review_form import review_form_of
from workflows.vocabulary import Grade

FORM = review_form_of(pack_content_for(None))


def all_graded(grade: Grade, **others: Grade) -> dict[str, dict[str, str]]:
    """Every sub-item with this grade, but those named."""
    return {item.code.value: {"grade": others.get(item.code, grade).value, "comment": ""} for item in FORM.items}


def all_scored(percent: int, **others: str) -> dict[str, dict[str, str]]:
    """Every sub-item with this percentage of its points, but those named with theirs."""
    shares = {item.code.value: str(item.points * Decimal(percent) / 100) for item in FORM.items}
    return {code: {"points": others.get(code, points), "comment": ""} for code, points in shares.items()}
