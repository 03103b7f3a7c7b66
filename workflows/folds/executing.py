"""Folds of executed amounts: all are kept, the newest counts."""

from collections.abc import Mapping

from workflows import events as e
from workflows.folds.fold import Fold
from workflows.state.executions import Execution
from workflows.state.standing import Table, changed


def _recorded(table: Table, fact: e.ExecutionRecorded, at: e.Recorded) -> Table:
    news = Execution(
        fact.batch, fact.row, fact.executed, fact.budget, fact.date, at.actor_id, at.at.isoformat()
    )  # fmt: skip
    return changed(table, executions=(*table.executions, news))


FOLDS: Mapping[str, Fold] = {"execution.recorded": _recorded}
ASIDE = frozenset(FOLDS)
