"""The indicator rows of a form: classes merged over the rows that share them, the duty printed beside the class."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from workflows.forms.form import Box, label
from workflows.forms.writing.shown import guarded, printable, value

Json = Mapping[str, Any]
Rows = list[tuple[Box, ...]]
Rest = Callable[[Json], tuple[Box, ...]]


def indicator_rows(rows: Sequence[Json], rest: Rest, *, classes: tuple[int, int] = (1, 1)) -> Rows:
    """Return the rows: level 1 and 2 merged (so many columns wide), then what `rest` prints of a row."""
    firsts = [_class_of(row, "level1") for row in rows]
    seconds = [(first, _second(row)) for first, row in zip(firsts, rows, strict=True)]
    printed: Rows = []
    for number, row in enumerate(rows):
        boxes: list[Box] = []
        if number == 0 or firsts[number] != firsts[number - 1]:
            boxes.append(label(firsts[number], classes[0], run_of(firsts, number)))
        if number == 0 or seconds[number] != seconds[number - 1]:
            boxes.append(label(seconds[number][1], classes[1], run_of(seconds, number)))
        printed.append((*boxes, *rest(row)))
    return printed


def _class_of(row: Json, key: str) -> str:
    return guarded(printable(str(row.get(key) or "")))


def _second(row: Json) -> str:
    duty = row.get("requirement")
    return _class_of(row, "level2") + (f"（{printable(str(duty))}）" if duty else "")


def run_of(names: Sequence[Any], begin: int) -> int:
    """Return over how many rows the name at this row goes on."""
    end = begin + 1
    while end < len(names) and names[end] == names[begin]:
        end += 1
    return end - begin


def target_box(row: Json, columns: int = 1) -> Box:
    """Return the box of a row's target as printed."""
    return value((row.get("target") or {}).get("raw"), columns)
