"""Reads 部门项目支出预算绩效目标表 of a Ningxia county: tab-separated, several projects in one document."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from workflows.content.goal_table import Budget, FilingDocument, GoalTable
from workflows.forms.enumerations import split_paragraphs
from workflows.forms.grids import Row, pairs, tab_rows, with_whole_labels
from workflows.forms.indicator_rows import IndicatorRows
from workflows.forms.notebook import Notebook, Sort
from workflows.forms.source_text import Line, clean, folded

FAMILY = "ningxia-county-project"
LABELS = ("项目名称", "主管部门及代码", "年度资金总额", "年度总体目标", "三级指标", "指标值")
_FIELDS = {
    "项目名称": "title", "主管部门及代码": "supervising_department", "主管部门": "supervising_department",
    "实施单位": "implementing_unit", "项目属性": "attribute", "项目期": "period",
}  # fmt: skip
_MONEY = {
    "年度资金总额": "total", "财政拨款": "fiscal", "其他资金": "other", "结余结转": "carryover",
    "结转结余": "carryover", "上年结转": "carryover", "上年结转资金": "carryover",
}  # fmt: skip
_MONEY_BOX = re.compile(r"^项目资金\((?P<unit>万元|元)\)$")
_HEADING = "部门项目支出预算绩效目标表"
_YEAR = re.compile(r"^\(?(?P<year>20\d\d)年度?\)?$")
_AMOUNT = re.compile(r"^-?[\d,]+(?:\.\d+)?$")


def read(lines: Sequence[Line], source: str, notebook: Notebook) -> FilingDocument:
    """Read every table; what has no place goes to the notebook."""
    columns = next((line.text.count("\t") + 1 for line in lines if _is_header(line.text.split("\t"))), 5)
    reader = _Reader(notebook, columns)
    for row in with_whole_labels(tab_rows(lines, columns, _is_heading)):
        reader.take(row)
    return FilingDocument(source, FAMILY, tuple(draft.table() for draft in reader.drafts))


def _is_heading(text: str) -> bool:
    return bool(folded(text).endswith("绩效目标表") or _YEAR.match(folded(text)))


def _is_header(cells: Sequence[str]) -> bool:
    return {"一级指标", "二级指标", "三级指标", "指标值"} <= {folded(cell) for cell in cells}


@dataclass
class _Draft:
    rows: IndicatorRows
    fields: dict[str, Any] = field(default_factory=dict)
    money: dict[str, str | None] = field(default_factory=dict)
    in_indicators: bool = False

    def table(self) -> GoalTable:
        budget = Budget(**self.money)
        return GoalTable(scope="project", budget=budget, indicators=tuple(self.rows.indicators), **self.fields)


@dataclass
class _Reader:
    notebook: Notebook
    columns: int
    year: int | None = None
    drafts: list[_Draft] = field(default_factory=list)

    def take(self, row: Row) -> None:
        """Place one row by its first label."""
        if not row.filled:
            return
        first = folded(row.filled[0][1]).rstrip(":")
        year = _YEAR.match(folded(row.text))
        if year:
            self.year = int(year["year"])
        elif first == "项目名称":
            self._begin(row)
        elif len(row.filled) == 1 and first.endswith("绩效目标表"):
            self._heading(row, first)
        elif not self.drafts:
            self.notebook.unplaced(row.line, row.text)
        elif _is_header(row.cells):
            self.drafts[-1].in_indicators = True
        elif self.drafts[-1].in_indicators:
            self._indicator(row, first)
        else:
            self._boxes(row)

    def _heading(self, row: Row, first: str) -> None:
        self.year = None
        if first != _HEADING:
            self.notebook.note(row.line, row.text, "文件标题", Sort.UNPLACED)

    def _begin(self, row: Row) -> None:
        self.drafts.append(_Draft(IndicatorRows(self.notebook), {"fiscal_year": self.year, "amount_unit": "万元"}))
        self._boxes(row)

    def _indicator(self, row: Row, first: str) -> None:
        cells = row.cells
        if first == "绩效指标":
            where = row.filled[0][0]
            cells = (*cells[:where], "", *cells[where + 1 :])
        if len(row.cells) == 1:
            self.notebook.unplaced(row.line, row.text)
        else:
            self.drafts[-1].rows.read(Row(row.line, cells), self.columns - 1)

    def _boxes(self, row: Row) -> None:
        draft = self.drafts[-1]
        cells = list(row.cells)
        for column, cell in row.filled:
            box = _MONEY_BOX.match(folded(cell))
            if box:
                draft.fields["amount_unit"], cells[column] = box["unit"], ""
        for label, value in pairs(Row(row.line, tuple(cells)), frozenset({*_FIELDS, *_MONEY, "年度总体目标"})):
            if label in _FIELDS:
                draft.fields[_FIELDS[label]] = value
            elif label in _MONEY:
                self._amount(row, _MONEY[label], value)
            elif label:
                draft.fields["goals"] = tuple(split_paragraphs(value or "", anywhere=True))
            else:
                self.notebook.unplaced(row.line, value or "")

    def _amount(self, row: Row, name: str, value: str | None) -> None:
        if value and not _AMOUNT.match(clean(value)):
            self.notebook.note(row.line, value, "金额栏里的文字", Sort.MISPLACED)
        self.drafts[-1].money[name] = value
