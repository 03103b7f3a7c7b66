"""What every event does to a table: one table of folds, gathered from the files of its subjects."""

from collections.abc import Mapping

from workflows.folds import (
    appraising,
    asking,
    assessing,
    corrections,
    covering,
    desks,
    disclosing,
    escalating,
    evidence,
    executing,
    experts,
    holding,
    pausing,
    rectifying,
    replying,
    reviews,
    revising,
    tables,
    threads,
    year,
)
from workflows.folds.fold import Fold

MODULES = (
    appraising,
    experts,
    tables, desks, year, executing, evidence, covering, threads, corrections, holding, asking, rectifying, reviews,
    revising, disclosing, assessing, replying, pausing, escalating,
)  # fmt: skip
FOLDS: Mapping[str, Fold] = {kind: fold for module in MODULES for kind, fold in module.FOLDS.items()}
"""The one place that says what an event does to a table."""
ASIDE: frozenset[str] = frozenset().union(*(getattr(module, "ASIDE", ()) for module in MODULES))
"""Kinds that leave open everything one decides on: whoever saw the table before them saw it as it is."""
