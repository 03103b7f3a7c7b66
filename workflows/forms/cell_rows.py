"""Indicator rows of a grid by the heads of their columns: merged classes, duties beside them, both sets of R88."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from workflows.content.goal_table import Indicator
from workflows.forms.cell_words import ROW_HEADS, label_of
from workflows.forms.enumerations import joined
from workflows.forms.grids import Row
from workflows.forms.henan_tree import HenanRows
from workflows.forms.indicator_rows import target_of
from workflows.forms.labels import level_one, level_two
from workflows.forms.notebook import Notebook, Sort
from workflows.forms.page_cells import GridCell, GridRow
from workflows.forms.source_text import cell_or_none, clean

Json = dict[str, Any]
Heads = dict[str, tuple[int, int]]
"""Per key of a row the first column and the one behind the last that its head covers."""
NEEDED = {"level3", "target"}
_DUTY = re.compile(r"^(?P<name>[^（(]{2,16})[（(](?P<duty>[^（）()]{2,12})[）)]$")


def heads_of(row: GridRow) -> list[Heads]:
    """Return the sets of columns that a row of heads names: none, one, or two (mid-term before the year's)."""
    sets: list[Heads] = []
    for cell in row.cells:
        key = ROW_HEADS.get(label_of(cell.text))
        if key is None:
            continue
        if not sets or (key in sets[-1] and key != "level1"):
            sets.append({})
        sets[-1][key] = (cell.column, cell.column + cell.columns)
    whole = [heads for heads in sets if heads.keys() >= NEEDED]
    for heads in whole[1:]:
        heads.setdefault("level1", whole[0].get("level1", (-1, -1)))
    return whole


def text_under(row: GridRow, head: tuple[int, int]) -> str:
    """Return what stands under a head: the boxes that begin in its columns, those reaching into the row included."""
    return joined(line for cell in cells_under(row, head) for line in cell.text.split("\n"))


def cells_under(row: GridRow, head: tuple[int, int]) -> list[GridCell]:
    """Return the boxes that begin in a head's columns."""
    return [cell for cell in row.cells if head[0] <= cell.column < head[1]]


@dataclass
class GridIndicators:
    """Reads the rows under one set of heads, remembering the classes of merged or blank cells."""

    heads: Heads
    notebook: Notebook
    level1: str | None = None
    level2: str | None = None
    requirement: str | None = None
    found: list[Json] = field(default_factory=list)

    def read(self, row: GridRow) -> None:
        """Read one row; a class that nobody filled is noted as a placeholder."""
        texts = {key: text_under(row, head) for key, head in self.heads.items()}
        if not any(texts.values()):
            return
        if _slid(texts):
            texts = self._set_right(row, texts)
        self._classes(row, texts)
        level3, target = cell_or_none(texts["level3"]), cell_or_none(texts["target"])
        description, basis = cell_or_none(texts.get("description", "")), cell_or_none(texts.get("basis", ""))
        if level3 is None and target is None:
            words = " ".join(part for part in (self.level1, self.level2) if part)
            self.notebook.note(row.line, words, "预印的指标类别，未填写", Sort.PLACEHOLDER)
            for text in (description, basis):
                if text:
                    self.notebook.unplaced(row.line, text)
            return
        if level3 is None or target is None:
            missing = "三级指标" if level3 is None else "指标值"
            self.notebook.note(row.line, level3 or target or "", f"此行没有{missing}", Sort.UNCERTAIN)
        duty = cell_or_none(texts.get("requirement", "")) or self.requirement
        line = Indicator(self.level1, self.level2, level3, target_of(target), description, basis, duty).to_json()
        weight = cell_or_none(texts.get("weight", ""))
        self.found.append(line | ({"weight": weight} if weight else {}))

    def _classes(self, row: GridRow, texts: Mapping[str, str]) -> None:
        first, second = clean(texts.get("level1", "")), clean(texts.get("level2", ""))
        if first and not second and level_one(first) is None and level_two(first) is not None:
            first, second = "", first
        if first:
            name = level_one(first) or first
            if level_one(first) is None and name != self.level1:
                self.notebook.note(row.line, first, "表样以外的一级指标", Sort.UNCERTAIN)
            if name != self.level1:
                self.level1, self.level2, self.requirement = name, None, None
        if second:
            self._level_two(row, second)
        elif self.level2 is None:
            self.notebook.note(row.line, texts["level3"], "未印出二级指标", Sort.UNCERTAIN)

    def _level_two(self, row: GridRow, text: str) -> None:
        known, found = level_two(text), _DUTY.match(text)
        name, duty = (found["name"], found["duty"]) if found else (text, None)
        before = self.level2
        self.level2, self.requirement = (known.name, known.requirement) if known else (clean(name), duty)
        if known is None and self.level2 != before:
            self.notebook.note(row.line, text, "表样以外的二级指标", Sort.UNCERTAIN)

    def _set_right(self, row: GridRow, texts: Mapping[str, str]) -> dict[str, str]:
        """Take a row that slid to the left by its printed labels: classes first, then level 3, the target last."""
        self.notebook.note(row.line, texts.get("level1", ""), "整行错位，已按栏目复位", Sort.UNCERTAIN)
        cells = [text for text in texts.values() if text]
        set_right = dict.fromkeys(texts, "")
        if level_one(cells[0]) and level_two(cells[0]) is None:
            set_right["level1"] = cells.pop(0)
        if cells and level_two(cells[0]):
            set_right["level2"] = cells.pop(0)
        behind = [key for key in texts if key not in ("level1", "level2")]
        return set_right | dict(zip(behind, cells, strict=False))


def _slid(texts: Mapping[str, str]) -> bool:
    """Whether a row slid to the left: a class of level 2 stands under level 1, and the last columns are empty."""
    first = texts.get("level1", "")
    if not first or level_one(first) is not None or texts["target"]:
        return False
    return level_two(first) is not None


@dataclass
class HenanIndicators:
    """Reads Henan's rows, classes known from the province's own tree, once all are gathered."""

    heads: Heads
    notebook: Notebook
    rows: list[Row] = field(default_factory=list)

    def read(self, row: GridRow) -> None:
        """Gather one row."""
        keys = ("level1", "level2", "level3", "target", "description")
        cells = tuple(text_under(row, self.heads[key]) if key in self.heads else "" for key in keys)
        if any(cells):
            self.rows.append(Row(row.line, cells))

    @property
    def found(self) -> list[Json]:
        """The rows read."""
        return [indicator.to_json() for indicator in HenanRows(self.notebook).read(self.rows)]
