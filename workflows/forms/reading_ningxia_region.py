"""Reads 自治区本级部门项目支出预算绩效目标表: a Markdown grid with two sets of columns (total, already allocated)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from workflows.content.goal_table import Allocated, Budget, FilingDocument, GoalTable
from workflows.forms.enumerations import split_paragraphs
from workflows.forms.grids import Row, markdown_rows, pairs, with_whole_labels
from workflows.forms.indicator_rows import IndicatorRows
from workflows.forms.notebook import Notebook, Sort
from workflows.forms.source_text import Line, folded

FAMILY = "ningxia-region-project"
LABELS = ("项目名称", "项目年度资金", "已分配资金", "年度总体绩效目标", "绩效类型", "三级指标")
_FIELDS = {
    "项目名称": "title", "主管部门": "supervising_department", "主管部门及代码": "supervising_department",
    "实施单位": "implementing_unit", "项目属性": "attribute", "项目期": "period",
}  # fmt: skip
_MONEY = {
    "资金总额": "total",
    "财政拨款": "fiscal",
    "其他资金": "other",
    "结余结转": "carryover",
    "结转结余": "carryover",
}
_GOALS = ("年度总体绩效目标", "年度绩效目标(本级已分配资金)")
_MONEY_BOX = re.compile(r"^(?:项目年度资金|.{0,12}已分配资金)\((?P<unit>万元|元)\)$")
_SIDE = re.compile(r"^.{0,6}本级绩效指标$")
_TITLE = re.compile(r"^(?P<year>20\d\d)年.{0,12}部门项目支出预算绩效目标表$")
_ATTACHMENT = re.compile(r"^附件\d{0,2}$")
_NARROW = 4
"""Columns of the later grids; the wide first grid ends in an empty column."""
_AMOUNT = re.compile(r"^-?[\d,]+(?:\.\d+)?$")


def read(lines: Sequence[Line], source: str, notebook: Notebook) -> FilingDocument:
    """Read every table; what has no place goes to the notebook."""
    reader = _Reader(notebook)
    for row in with_whole_labels(markdown_rows(lines)):
        reader.take(row)
    reader.flush()
    return FilingDocument(source, FAMILY, tuple(draft.table() for draft in reader.drafts))


@dataclass
class _Draft:
    rows: IndicatorRows
    fields: dict[str, Any] = field(default_factory=dict)
    sides: tuple[dict[str, Any], dict[str, Any]] = field(default_factory=lambda: ({}, {}))
    has_allocated: bool = False
    in_indicators: bool = False

    def table(self) -> GoalTable:
        whole, part = dict(self.sides[0]), self.sides[1]
        goals = whole.pop("goals", ())
        return GoalTable(
            scope="project", budget=Budget(**whole), goals=goals, indicators=tuple(self.rows.indicators),
            allocated=Allocated(**part) if self.has_allocated else None, **self.fields,
        )  # fmt: skip


@dataclass
class _Reader:
    notebook: Notebook
    year: int | None = None
    drafts: list[_Draft] = field(default_factory=list)
    loose: list[Row] = field(default_factory=list)

    def take(self, row: Row) -> None:
        """Place one row; lines outside the grid are gathered until they make a known heading."""
        if len(row.cells) == 1:
            self.loose.append(row)
            self._heading()
            return
        self.flush()
        names = {folded(cell) for _, cell in row.filled}
        if "项目名称" in names:
            self.drafts.append(_Draft(IndicatorRows(self.notebook), {"fiscal_year": self.year, "amount_unit": "万元"}))
        if not row.filled:
            return
        if not self.drafts:
            self.notebook.unplaced(row.line, row.text)
        elif {"一级指标", "三级指标", "指标值"} <= names:
            self.drafts[-1].in_indicators = True
        elif self.drafts[-1].in_indicators and "项目名称" not in names:
            self._indicator(row)
        else:
            self._boxes(row)

    def _heading(self) -> None:
        text = folded("".join(row.text for row in self.loose))
        title = _TITLE.match(text)
        if title:
            self.year = int(title["year"])
        if title or _SIDE.match(text) or _ATTACHMENT.match(text):
            self.loose.clear()

    def flush(self) -> None:
        """Report the loose lines that made no heading."""
        for row in self.loose:
            guess = "文件标题" if folded(row.text).endswith("绩效目标表") else None
            self.notebook.note(row.line, row.text, guess, Sort.UNPLACED)
            year = re.search(r"(20\d\d)年", folded(row.text)) if guess else None
            self.year = int(year[1]) if year else self.year
        self.loose.clear()

    def _indicator(self, row: Row) -> None:
        first = folded(row.filled[0][1])
        cells = row.cells
        if _SIDE.match(first):
            where = row.filled[0][0]
            cells = (*cells[:where], "", *cells[where + 1 :])
        last = len(cells) - (2 if len(cells) > _NARROW else 1)
        self.drafts[-1].rows.read(Row(row.line, cells), last)

    def _boxes(self, row: Row) -> None:
        draft = self.drafts[-1]
        cells = list(row.cells)
        for column, cell in row.filled:
            box = _MONEY_BOX.match(folded(cell))
            if box:
                draft.fields["amount_unit"], cells[column] = box["unit"], ""
                draft.has_allocated |= "已分配" in cell
        seen: set[str] = set()
        for label, value in pairs(Row(row.line, tuple(cells)), frozenset({*_FIELDS, *_MONEY, *_GOALS})):
            if label in _FIELDS:
                draft.fields[_FIELDS[label]] = value
            elif label in _MONEY:
                self._amount(row, draft.sides[label in seen], _MONEY[label], value)
            elif label:
                draft.sides[_GOALS.index(label)]["goals"] = tuple(split_paragraphs(value or "", anywhere=True))
                draft.has_allocated |= _GOALS.index(label) == 1
            else:
                self.notebook.unplaced(row.line, value or "")
            seen.add(label)

    def _amount(self, row: Row, side: dict[str, Any], name: str, value: str | None) -> None:
        if value and not _AMOUNT.match(value):
            self.notebook.note(row.line, value, "金额栏里的文字", Sort.MISPLACED)
        side[name] = value
