"""Machine pre-review (机审): what stands out in a table, beside what was printed; importing never blocks."""

from collections.abc import Mapping
from typing import Any

from workflows.findings.finding import Case, Finding
from workflows.findings.registry import RULES
from workflows.packs import Pack
from workflows.surroundings import ALONE, Surroundings

__all__ = ["RULES", "Finding", "review", "told"]

BLOCKING_FIRST = "BWI"
TEXTS = {rule.id: rule.text for rule in RULES}


def review(
    content: Mapping[str, Any], *, fiscal_year: int | None, pack: Pack, around: Surroundings = ALONE
) -> tuple[Finding, ...]:
    """Return every finding of the table: blocking ones first, then by rule and place; always the same order."""
    case = Case(content, fiscal_year, pack, around)
    found = {
        Finding(rule.id, rule.severity, hit.pointer, hit.sentence, hit.suggestion)
        for rule in RULES
        for hit in rule.hits(case)
    }
    return tuple(sorted(found, key=_place))


def told(rule: str) -> str:
    """Return what a rule finds, in one Chinese sentence; KeyError for an unknown rule."""
    return TEXTS[rule]


def _place(finding: Finding) -> tuple[int, str, tuple[tuple[int, str], ...], str]:
    steps = tuple((int(step), "") if step.isdigit() else (-1, step) for step in finding.pointer.split("/"))
    return BLOCKING_FIRST.index(finding.severity), finding.rule, steps, finding.sentence
