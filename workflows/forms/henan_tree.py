"""Henan's own indicator tree as its form prints it, and the rows of it: shifted, merged and cut by page breaks."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from workflows.content.goal_table import Indicator
from workflows.forms.grids import Row
from workflows.forms.indicator_rows import target_of
from workflows.forms.notebook import Notebook, Sort
from workflows.forms.source_text import clean, folded, tight

LEVEL1 = ("投入管理指标", "产出指标", "效益指标")
TREE = {
    "工作目标管理": "投入管理指标", "预算和财务管理": "投入管理指标", "绩效管理": "投入管理指标",
    "重点工作任务完成": "产出指标", "履职目标实现": "产出指标", "履职效益": "效益指标", "满意度": "效益指标",
}  # fmt: skip
PRINTED_ROWS = {
    "年度履职目标相关性": "工作目标管理", "工作任务科学性": "工作目标管理", "绩效指标合理性": "工作目标管理",
    "预算编制完整性": "预算和财务管理", "专项资金细化率": "预算和财务管理", "预算执行率": "预算和财务管理",
    "预算调整率": "预算和财务管理", "结转结余率": "预算和财务管理", "“三公经费”控制率": "预算和财务管理",
    "政府采购执行率": "预算和财务管理", "决算真实性": "预算和财务管理", "资金使用合规性": "预算和财务管理",
    "管理制度健全性": "预算和财务管理", "预决算信息公开性": "预算和财务管理", "资产管理规范性": "预算和财务管理",
    "绩效目标编制完成率": "绩效管理", "绩效监控完成率": "绩效管理", "绩效自评完成率": "绩效管理",
    "部门绩效评价完成率": "绩效管理", "评价结果应用率": "绩效管理",
}  # fmt: skip
"""The common indicators that the province's form prints in its management part, with their class."""
_COLUMNS = 5
_TARGET_LENGTH = 12


@dataclass(frozen=True)
class _Cells:
    line: int
    level1: str | None
    level2: str | None
    level3: str | None
    target: str | None
    description: str | None
    begins_group: bool = False


@dataclass
class HenanRows:
    """Reads the indicator rows of one table."""

    notebook: Notebook
    indicators: list[Indicator] = field(default_factory=list)

    def read(self, rows: Sequence[Row]) -> list[Indicator]:
        """Read all rows; classes come from the form's tree, the printed label, or the group they stand in."""
        found = [cells for cells in (self._cells(row) for row in rows) if cells]
        level2: str | None = None
        for index, cells in enumerate(found):
            level2 = self._level_two(found, index, level2)
            level1 = TREE.get(level2 or "") or next((c.level1 for c in found[index::-1] if c.level1), None)
            self._append(cells, level1, level2)
        return self.indicators

    def _append(self, cells: _Cells, level1: str | None, level2: str | None) -> None:
        if cells.level3 is None and cells.target is None:
            text = " ".join(part for part in (level1, level2, cells.description) if part)
            self.notebook.note(cells.line, text, "预印的指标类别，未填写", Sort.PLACEHOLDER)
            return
        target = target_of(cells.target)
        self.indicators.append(Indicator(level1, level2, cells.level3, target, cells.description))

    def _level_two(self, found: Sequence[_Cells], index: int, current: str | None) -> str | None:
        cells = found[index]
        by_form = PRINTED_ROWS.get(tight(cells.level3 or ""))
        if cells.level2:
            return cells.level2
        if by_form:
            return by_form
        if cells.begins_group:
            guess = next((later.level2 for later in found[index:] if later.level2), None)
            self.notebook.note(cells.line, cells.level3 or "", f"二级指标取下文的“{guess}”", Sort.UNCERTAIN)
            return guess
        if current is None:
            self.notebook.note(cells.line, cells.level3 or "", "未印出二级指标", Sort.UNCERTAIN)
        return current

    def _cells(self, row: Row) -> _Cells | None:
        cells = [clean(cell) for cell in row.cells][:_COLUMNS]
        for extra in row.cells[_COLUMNS:]:
            if clean(extra):
                self.notebook.unplaced(row.line, clean(extra))
        cells += [""] * (_COLUMNS - len(cells))
        if not any(cells):
            return None
        if len(row.filled) == 1 and not cells[2]:
            return self._single(row)
        shift = _shift(cells)
        if shift:
            self.notebook.note(row.line, cells[0], f"整行左移{shift}格，已复位", Sort.UNCERTAIN)
        return self._placed(row, [""] * shift + cells[: _COLUMNS - shift])

    def _single(self, row: Row) -> _Cells | None:
        column, text = row.filled[0]
        if column < 2 and (tight(text) in LEVEL1 or tight(text) in TREE):
            return self._placed(row, [text if column == 0 else "", text if column == 1 else "", "", "", ""])
        self.notebook.unplaced(row.line, text)
        return None

    def _placed(self, row: Row, cells: list[str]) -> _Cells:
        level1, level2, level3, target, description = (cell or None for cell in cells)
        placed = _Cells(row.line, level1, level2, level3, target, description)
        if level1 and tight(level1) in TREE:
            placed = replace(placed, level1=None, level2=tight(level1))
            if level2 and level2 != level3 and tight(level2) not in TREE:
                self.notebook.unplaced(row.line, level2)
        elif level2 and level3 and tight(level2) == tight(level3) and tight(level2) not in TREE:
            placed = replace(placed, level2=None, begins_group=True)
        elif level2 and tight(level2) not in TREE:
            self.notebook.note(row.line, level2, "表样以外的二级指标", Sort.UNCERTAIN)
        if placed.level1 and tight(placed.level1) not in LEVEL1:
            self.notebook.note(row.line, placed.level1, "表样以外的一级指标", Sort.UNCERTAIN)
        return replace(
            placed, level2=placed.level2 and (tight(placed.level2) if tight(placed.level2) in TREE else placed.level2)
        )


def _shift(cells: Sequence[str]) -> int:
    """How many columns the row slid to the left: its last cells are empty and its first are no class labels."""
    first = tight(cells[0])
    if not first or first in LEVEL1:
        return 0
    empty = next((count for count in range(_COLUMNS) if cells[_COLUMNS - 1 - count]), _COLUMNS)
    if first in TREE:
        return 1 if empty and _like_target(cells[2]) and cells[1] != cells[2] else 0
    if empty and tight(cells[1]) in TREE:
        return 0
    return next((shift for shift in (2, 1) if empty >= shift and _like_target(cells[3 - shift])), 0)


def _like_target(text: str) -> bool:
    return 0 < len(folded(text)) <= _TARGET_LENGTH
