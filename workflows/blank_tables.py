"""What a new goal table holds before anybody wrote into it: the pack's form with its demanded rows and points."""

from typing import Any

from workflows.content.goal_table import Checkpoint, GoalTable
from workflows.measures.weights import propose_weights
from workflows.packs import Pack

WHOLE_UNIT_FORMS = ("national-unit", "henan-unit")
"""Families whose form states a whole unit's or department's goals; every other a project's."""


def scopes_of(family: str) -> tuple[str, ...]:
    """Return the scopes that a family's form is made for: project, unit, department."""
    return ("unit", "department") if family in WHOLE_UNIT_FORMS else ("project",)


def blank_content(
    pack: Pack, *, family: str, scope: str, title: str, year: int, department: str, unit: str
) -> dict[str, Any]:
    """Return the content of a table that nobody filled: names, demanded classes as rows, the proposed points.

    `department` and `unit` are the printed names. Money, goals, targets, mark and explanations wait for the clerk.
    """
    form, blank = pack.template, pack.blank_form
    table = GoalTable(
        scope, title=title, fiscal_year=year, supervising_department=department, implementing_unit=unit,
        amount_unit=form.amount_unit if form else "万元",
        spending_plan=tuple(Checkpoint(name) for name in (blank.checkpoints if blank else ())),
        budget_detail={group: dict.fromkeys(names) for group, names in blank.details.items()}
        if blank and blank.details else None,
    )  # fmt: skip
    rows = [_row(number, *each) for number, each in enumerate(_demanded(pack), 1)]
    content = table.to_json() | {"disclosure": None, "explanations": {}, "indicators": rows, "family": family}
    points = propose_weights(content, pack)
    return content | {"indicators": [row | {"weight": str(points[row["id"]])} for row in rows]}


def _demanded(pack: Pack) -> list[tuple[str, str, str | None]]:
    """Return the classes that get a blank row: 必填 ones, those the pre-review asks for; of other levels the first."""
    needed = pack.review.quantity_and_quality
    found = []
    for level in pack.tree:
        wanted = [each for each in level.level2 if each.required or each.name in needed] or level.level2[:1]
        found += [(level.name, each.name, each.requirement) for each in wanted]
    return found


def _row(number: int, level1: str, level2: str, requirement: str | None) -> dict[str, Any]:
    nothing = dict.fromkeys(("level3", "description", "basis", "weight"))
    target = dict.fromkeys(("raw", "op", "value", "unit"))
    return {
        "id": f"r{number}", "level1": level1, "level2": level2, **nothing, "target": target, "requirement": requirement,
    }  # fmt: skip
