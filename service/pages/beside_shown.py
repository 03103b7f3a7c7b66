"""Last year beside this year, as the draft and the reviewer's page show it: row by row, and what has to be new."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from service.context import transaction
from workflows.content.places import FIELD_NAMES
from workflows.folds.replay import Table
from workflows.last_year import Beside, beside, must_change
from workflows.store.beginnings import before_of
from workflows.vocabulary import REVIEW_STAGES, Stage

SHOWN_IN = frozenset({Stage.DRAFT, *REVIEW_STAGES})
"""Stages in which somebody weighs the targets: later the year speaks for itself."""


@dataclass(frozen=True)
class LastYear:
    """What stands beside a table: the earlier one, its rows by this table's row IDs, what still has to be new.

    `changes` are (anchor of the box in the draft form, its name, sentence).
    """

    table: str
    year: int
    rows: Mapping[str, Beside]
    changes: tuple[tuple[str, str, str], ...]

    @property
    def unchanged(self) -> int:
        """Return how many rows read as they did."""
        return sum(each.unchanged for each in self.rows.values())


def last_year_of(table: Table, content: Mapping[str, Any]) -> LastYear | None:
    """Return what stands beside a table that is drafted or reviewed; None where there is nothing."""
    before = before_of(transaction(), table, content) if table.stage in SHOWN_IN and not table.revises else None
    if before is None:
        return None
    changes = must_change(content, before, table.year)
    return LastYear(
        before.table, before.year, beside(content, before),
        tuple((_anchor(each.pointer), _name(each.pointer, content), each.sentence) for each in changes),
    )  # fmt: skip


def _anchor(pointer: str) -> str:
    first, *rest = pointer.strip("/").split("/")
    if first == "indicators":
        return "-".join(rest) or first
    return {"budget": "budget-total", "spending_plan": "plan-0"}.get(first, first)


def _name(pointer: str, content: Mapping[str, Any]) -> str:
    first, *rest = pointer.strip("/").split("/")
    if first == "indicators" and rest:
        ids = [row["id"] for row in content["indicators"]]
        return f"第{ids.index(rest[0]) + 1}行"
    return FIELD_NAMES.get(first, first)
