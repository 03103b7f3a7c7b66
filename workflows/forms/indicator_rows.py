"""Indicator rows of the two Ningxia forms: labels in front, then level 3 and target, cells shifted or not."""

import re
from dataclasses import dataclass, field

from workflows.content.goal_table import Indicator
from workflows.content.targets import Target, parse_target
from workflows.forms.grids import Row
from workflows.forms.labels import LEVEL2, level_one, level_two
from workflows.forms.notebook import Notebook, Sort

Cells = list[tuple[int, str]]
_LIKE_LEVEL2 = re.compile(r"^[^（(]{2,16}(?:指标)?\s*[（(][^（）()]{2,12}[）)]$|^.{2,14}指标$")


def target_of(text: str | None) -> Target:
    """Read a target cell; an empty one has nothing at all."""
    return parse_target(text) if text else Target(None)


@dataclass
class IndicatorRows:
    """Reads row after row, remembering the classes of merged cells."""

    notebook: Notebook
    level1: str | None = None
    level2: str | None = None
    requirement: str | None = None
    indicators: list[Indicator] = field(default_factory=list)

    def read(self, row: Row, last_column: int) -> None:
        """Read one row whose target stands in `last_column` where the row is not shifted."""
        if not row.filled:
            return
        rest = self._without_labels(row)
        if len(rest) == 3 and _LIKE_LEVEL2.match(rest[0][1]):
            self._new_class(row, rest.pop(0)[1])
        if not rest:
            self.notebook.note(row.line, row.text, "预印的指标类别，未填写", Sort.PLACEHOLDER)
            return
        level3, target = self._two_cells(row, rest, last_column)
        if self.level2 is None:
            self.notebook.note(row.line, row.text, "未印出二级指标", Sort.UNCERTAIN)
        self.indicators.append(
            Indicator(self.level1, self.level2, level3, target_of(target), requirement=self.requirement),
        )

    def _without_labels(self, row: Row) -> Cells:
        rest = row.filled
        first = level_one(rest[0][1])
        if first and self._is_level_one(first, rest):
            self.level1, self.level2, self.requirement = first, None, None
            rest = rest[1:]
        second = level_two(rest[0][1]) if rest else None
        if second:
            self.level2, self.requirement = second.name, second.requirement
            rest = rest[1:]
        return rest

    def _is_level_one(self, name: str, cells: Cells) -> bool:
        """成本指标 and 满意度指标 are classes of both levels: of the first only with one of the second behind."""
        return name not in LEVEL2 or (len(cells) > 1 and level_two(cells[1][1]) is not None)

    def _new_class(self, row: Row, text: str) -> None:
        name, _, duty = re.sub(r"[）)]$", "", text).replace("(", "（").partition("（")
        self.level2, self.requirement = name.strip(), duty.strip() or None
        self.notebook.note(row.line, text, "表样以外的二级指标", Sort.UNCERTAIN)

    def _two_cells(self, row: Row, rest: Cells, last_column: int) -> tuple[str | None, str | None]:
        if len(rest) == 1:
            column, text = rest[0]
            is_target = column >= last_column
            self.notebook.note(
                row.line, text, "指标值（缺三级指标）" if is_target else "三级指标（缺指标值）", Sort.UNCERTAIN
            )
            return (None, text) if is_target else (text, None)
        for _, text in rest[1:-1]:
            self.notebook.note(row.line, text, "多出的单元格", Sort.UNPLACED)
        return rest[0][1], rest[-1][1]
