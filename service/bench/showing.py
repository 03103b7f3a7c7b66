"""The report: a table on a terminal, plain lines otherwise, or JSON."""

import json
import os
import platform
import sys
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from service.bench.figures import Figure

COLUMNS = ("项目", "实测", "目标", "下限", "单位", "结论", "说明")


def cells(figure: Figure) -> tuple[str, ...]:
    """Return one row as words."""
    goal, sign = figure.goal, "≤" if figure.goal.at_most else "≥"
    bars = ["" if bar is None else f"{sign} {_number(bar)}" for bar in (goal.goal, goal.floor)]
    measured = "—" if figure.measured is None else _number(figure.measured)
    return (goal.name, measured, *bars, goal.unit, figure.verdict, figure.remark)


def show(figures: Sequence[Figure], seconds: float) -> None:
    """Print the table: drawn where a person looks, lines with tabs where a file or a program does."""
    if not sys.stdout.isatty() or os.environ.get("NO_COLOR"):
        for row in (COLUMNS, *map(cells, figures)):
            print("\t".join(row))
        return
    table = Table(title=f"性能（{seconds:.0f} 秒）")
    for column in COLUMNS:
        table.add_column(column)
    for figure in figures:
        table.add_row(*cells(figure))
    Console().print(table)


def as_json(figures: Sequence[Figure], seconds: float, events: int) -> str:
    """Return everything as one JSON object."""
    rows = [
        {
            "name": each.goal.name, "measured": each.measured, "goal": each.goal.goal, "floor": each.goal.floor,
            "unit": each.goal.unit, "at_most": each.goal.at_most, "verdict": each.verdict, "remark": each.remark,
        }
        for each in figures
    ]  # fmt: skip
    around = {"python": platform.python_version(), "cores": os.cpu_count(), "system": platform.system()}
    return json.dumps({"figures": rows, "events": events, "seconds": round(seconds, 1), **around}, ensure_ascii=False)


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1_000 else f"{value:.3g}"
