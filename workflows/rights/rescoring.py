"""How points given anew stand beside the unit's own: what counts of each row, what still asks for a word."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from workflows.folds.replay import Table

EXECUTION = "execution"
"""The key of the execution points among the rows that are given points anew."""
Row = Mapping[str, Any]


def points_in_force(table: Table) -> dict[str, Decimal]:
    """Return the points that count now by row, those of the execution under "execution": the newest word of each."""
    if table.evaluation is None:
        return {}
    points = {str(row["row"]): Decimal(row["points"] or "0") for row in table.evaluation.scores}
    points[EXECUTION] = Decimal(table.evaluation.execution_points)
    return points | {row["row"]: Decimal(row["points"]) for each in table.rescores for row in each.rows}


def rows_to_decide(table: Table) -> tuple[str, ...]:
    """Return the rows on which the department has to say something: not applicable, or a target far too low."""
    if table.evaluation is None:
        return ()
    said = {row["row"] for each in table.rescores for row in each.rows}
    return tuple(str(row["row"]) for row in table.evaluation.scores if asks_for_a_word(row) and row["row"] not in said)


def asks_for_a_word(row: Row) -> bool:
    """Whether a filed row must be decided on before the department agrees (domain.md 9.3, 9.4)."""
    return row["kind"] == "not_applicable" or bool(row.get("proposed"))


def distortion(table: Table) -> Decimal | None:
    """Return by how many points self-evaluation and re-scoring differ (自评失真度); None without any."""
    if table.evaluation is None or not table.rescores:
        return None
    return abs(Decimal(table.evaluation.total) - Decimal(table.rescores[-1].total))
