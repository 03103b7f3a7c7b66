"""Reads 部门(单位)整体绩效目标表 of Henan: tab-separated, own indicator tree, merged cells shifted by page breaks."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from workflows.content.goal_table import Budget, FilingDocument, GoalTable, Task
from workflows.forms.enumerations import split_paragraphs
from workflows.forms.grids import Row, tab_rows
from workflows.forms.henan_tree import HenanRows
from workflows.forms.notebook import Notebook, Sort
from workflows.forms.source_text import Line, clean, folded

FAMILY = "henan-unit"
LABELS = ("部门(单位)名称", "年度履职目标", "年度主要任务", "资金来源", "资金结构", "指标值说明")
_YEAR = re.compile(r"^\(?(?P<year>20\d\d)年度?\)?$")
_TOTAL = re.compile(r"^部门预算总额\((?P<unit>万元|元)\)$")
_BOX_MARKS = re.compile(r"^(?:\d、)?(?:资金来源:|资金结构:)?(?:\(\d\))?")
_SOURCES = ("政府预算资金", "财政专户管理资金", "单位资金")
_STRUCTURE = ("基本支出", "项目支出")
_AMOUNT = re.compile(r"^-?[\d,]+(?:\.\d+)?$")
_COLUMNS = 5


def read(lines: Sequence[Line], source: str, notebook: Notebook) -> FilingDocument:
    """Read every unit's table; what has no place goes to the notebook."""
    reader = _Reader(notebook)
    for row in tab_rows(lines, _COLUMNS, _is_heading):
        reader.take(row)
    return FilingDocument(source, FAMILY, tuple(draft.table(notebook) for draft in reader.drafts))


def _is_heading(text: str) -> bool:
    return bool(folded(text).endswith("绩效目标表") or _YEAR.match(folded(text)))


@dataclass
class _Draft:
    fields: dict[str, Any]
    detail: dict[str, dict[str, str | None]] = field(default_factory=dict)
    total: str | None = None
    tasks: list[Task] = field(default_factory=list)
    box: str = "head"
    rows: list[Row] = field(default_factory=list)

    def table(self, notebook: Notebook) -> GoalTable:
        fiscal = self.detail.get("sources", {}).get(_SOURCES[0])
        budget = Budget(total=self.total, fiscal=fiscal if fiscal and _AMOUNT.match(fiscal) else None)
        indicators = HenanRows(notebook).read(self.rows)
        return GoalTable(
            scope="unit", budget=budget, tasks=tuple(self.tasks), indicators=tuple(indicators),
            budget_detail=self.detail or None, **self.fields,
        )  # fmt: skip


@dataclass
class _Reader:
    notebook: Notebook
    year: int | None = None
    drafts: list[_Draft] = field(default_factory=list)

    def take(self, row: Row) -> None:
        """Place one row by its first label and the box that is open."""
        if not row.filled:
            return
        first = folded(row.filled[0][1])
        year = _YEAR.match(folded(row.text))
        if year:
            self.year = int(year["year"])
        elif first == folded("部门(单位)名称"):
            title = row.filled[1][1] if len(row.filled) > 1 else None
            self.drafts.append(_Draft({"title": title, "fiscal_year": self.year, "amount_unit": "元"}))
            self._rest(row, 2)
        elif len(row.filled) == 1 and first.endswith("绩效目标表") and "部门(单位)整体" in first:
            return
        elif not self.drafts:
            self.notebook.unplaced(row.line, row.text)
        else:
            self._in_table(row, first)

    def _in_table(self, row: Row, first: str) -> None:
        draft = self.drafts[-1]
        names = {folded(cell) for _, cell in row.filled}
        if {"一级指标", "三级指标", "指标值"} <= names:
            draft.box = "indicators"
        elif draft.box == "indicators":
            draft.rows.append(row)
        elif first == "年度履职目标":
            draft.fields["goals"] = tuple(
                g for _, cell in row.filled[1:] for g in split_paragraphs(cell, anywhere=True)
            )
        elif first == "年度主要任务":
            draft.box = "tasks"
            if not {"任务名称", "主要内容"} & names:
                self._task(row, row.filled[1:])
        elif first == "预算情况":
            draft.box = "budget"
            self._money(row, row.filled[1:])
        elif draft.box == "tasks":
            self._task(row, row.filled)
        elif draft.box == "budget":
            self._money(row, row.filled)
        else:
            self.notebook.unplaced(row.line, row.text)

    def _task(self, row: Row, cells: list[tuple[int, str]]) -> None:
        if not cells:
            return
        content = split_paragraphs(cells[1][1], anywhere=True) if len(cells) > 1 else []
        self.drafts[-1].tasks.append(Task(cells[0][1], tuple(content)))
        for _, cell in cells[2:]:
            self.notebook.unplaced(row.line, cell)

    def _money(self, row: Row, cells: list[tuple[int, str]]) -> None:
        draft = self.drafts[-1]
        label = folded(cells[0][1]) if cells else ""
        value = cells[1][1] if len(cells) > 1 else None
        total, name = _TOTAL.match(label), _BOX_MARKS.sub("", label)
        if total:
            draft.total, draft.fields["amount_unit"] = value, total["unit"]
        elif name in _SOURCES:
            draft.detail.setdefault("sources", {})[name] = value
        elif name in _STRUCTURE:
            draft.detail.setdefault("structure", {})[name] = value
        else:
            self.notebook.unplaced(row.line, row.text)
            return
        if value and not _AMOUNT.match(clean(value)):
            self.notebook.note(row.line, value, f"金额栏“{name}”里的文字", Sort.MISPLACED)
        for _, cell in cells[2:]:
            self.notebook.unplaced(row.line, cell)

    def _rest(self, row: Row, begin: int) -> None:
        for _, cell in row.filled[begin:]:
            self.notebook.unplaced(row.line, cell)
