"""What of a self-evaluation is disclosed: the boxes of the official form with the points that count, nothing else."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from workflows.rights.rescoring import EXECUTION, points_in_force
from workflows.state.standing import Evaluation, Table, changed
from workflows.vocabulary import Stage

FORMAT = 1
FIGURES = ("adjusted_budget", "executed", "parts", "summary")
OF_A_ROW = ("actual", "percent", "not_applicable", "reason")
OF_A_SCORE = ("row", "weight", "reason")


def is_finished(table: Table) -> bool:
    """Whether the self-evaluation is over: every level and the draw have spoken, the table is closed."""
    return table.stage == Stage.CLOSED and table.evaluation is not None and not table.revises


def disclosed_content(table: Table) -> dict[str, Any]:
    """Return the content that is reviewed and released: JSON values, the goals named by their hash.

    Points are those that count after the department's and the bureau's check. ValueError where nothing was evaluated.
    """
    filed, result = table.evaluation, table.result
    if filed is None or result is None or table.in_force is None:
        raise ValueError("the table has no self-evaluation")
    counted = points_in_force(table)
    return {
        "format": FORMAT, "table": str(table.id), "year": table.year, "in_force": table.in_force,
        "self_evaluation": {
            "total": result.total, "grade": result.grade, "execution_points": f"{counted[EXECUTION]}",
            "figures": _figures(filed.figures),
            "scores": [_score(score, counted[str(score["row"])]) for score in filed.scores],
        },
    }  # fmt: skip


def _figures(filed: Mapping[str, Any]) -> dict[str, Any]:
    rows = {
        key: {name: row[name] for name in OF_A_ROW if row.get(name)} for key, row in (filed.get("rows") or {}).items()
    }
    return {**{name: _plain(filed[name]) for name in FIGURES if filed.get(name)}, "rows": rows}


def _plain(value: Any) -> Any:
    """Return a value with its mappings and tuples as JSON has them."""
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, tuple | list) else value


def _score(score: Mapping[str, str | None], points: Decimal) -> dict[str, str]:
    return {"points": f"{points}", **{name: str(score[name]) for name in OF_A_SCORE if score.get(name)}}


def as_disclosed(disclosed: Mapping[str, Any], goals: Mapping[str, Any], *, unit: str, department: str) -> Table:
    """Return a table that holds no more than was disclosed, for the official form to be drawn from."""
    said = disclosed["self_evaluation"]
    evaluation = Evaluation(
        said["total"], said["grade"], said["figures"], tuple(said["scores"]), said["execution_points"], filed_by=""
    )
    return changed(
        Table(UUID(disclosed["table"])), title=goals["title"], year=disclosed["year"], unit=unit,
        department=department, evaluation=evaluation,
    )  # fmt: skip
