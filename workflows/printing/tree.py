"""The indicator tree as rows of boxes: first and second level cover the rows that they have in common."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from workflows.forms.form import Box, label

Row = Mapping[str, Any]


def tree_rows(rows: Sequence[Row], others: Callable[[Row], Sequence[Box]]) -> Iterator[tuple[Box, ...]]:
    """Yield each indicator's boxes: 一级指标 and 二级指标 where they begin, 三级指标, then the `others`."""
    for level1, branch in groupby(rows, lambda row: row["level1"]):
        leaves = list(branch)
        first: tuple[Box, ...] = (label(level1 or "", 1, len(leaves)),)
        for level2, twig in groupby(leaves, lambda row: row["level2"]):
            twigs = list(twig)
            second: tuple[Box, ...] = (label(level2 or "", 1, len(twigs)),)
            for row in twigs:
                yield (*first, *second, Box(row["level3"] or ""), *others(row))
                first, second = (), ()


def target_of(row: Row) -> str:
    """Return the year's target as printed."""
    return (row.get("target") or {}).get("raw") or ""
