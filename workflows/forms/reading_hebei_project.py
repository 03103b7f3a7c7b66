"""Reads Hebei project tables exported from Word: every cell on a line of its own behind a tab, rows between blanks."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from workflows.content.goal_table import Budget, Checkpoint, FilingDocument, GoalTable, Indicator
from workflows.forms.enumerations import split_items
from workflows.forms.grids import Row
from workflows.forms.hebei_department import read_department
from workflows.forms.indicator_rows import target_of
from workflows.forms.labels import level_one, level_two
from workflows.forms.notebook import Notebook, Sort
from workflows.forms.source_text import Line, cell_or_none, clean, folded, tight

FAMILY = "hebei-project"
LABELS = ("项目编码", "项目名称", "项目资金主要用途", "资金支出计划(累计进度%)", "绩效指标描述", "指标值确定依据")
_UNIT = re.compile(r"^\s*(?P<code>\d{6,9})\s+(?P<name>\S.{1,60})$")
_HEADER = {"一级指标", "二级指标", "三级指标", "指标值"}
_COLUMNS = 6
_BREAK = "\n"
_AMOUNT = r"(?P<amount>\d[\d,]*(?:\.\d+)?)"
_TOTAL = re.compile(rf"预算(?:数|金额|总额)?(?:为|是)?[:：]?{_AMOUNT}(?P<unit>万元|元)")
_ALL = re.compile(r"(?:全部|均|全)(?:为|是|使用|来自)?(?P<kind>财政|其他|其它|结转|结余)")
_PARTS = {
    "fiscal": re.compile(rf"财政(?:资金|拨款|性资金)(?:拨款)?(?:为|是)?[:：]?{_AMOUNT}(?:万元|元)"),
    "other": re.compile(rf"其[他它](?:资金|收入)(?:为|是)?[:：]?{_AMOUNT}(?:万元|元)"),
    "carryover": re.compile(rf"(?:结转|结余)(?:资金|结余|结转)*(?:为|是)?[:：]?{_AMOUNT}(?:万元|元)"),
}
_KINDS = {"财政": "fiscal", "其他": "other", "其它": "other", "结转": "carryover", "结余": "carryover"}


def read(lines: Sequence[Line], source: str, notebook: Notebook) -> FilingDocument:
    """Read the department part before the first table, then every table under its unit's heading."""
    begin = next((index for index, line in enumerate(lines) if _begins_tables(line)), len(lines))
    reader = _Reader(notebook)
    for row in _rows(lines[begin:]):
        reader.take(row)
    department = read_department(lines[:begin], notebook)
    return FilingDocument(source, FAMILY, tuple(reader.tables()), department)


def _begins_tables(line: Line) -> bool:
    return bool(_UNIT.match(line.text)) or (line.text.startswith("\t") and tight(line.text) == "项目编码")


def _rows(lines: Sequence[Line]) -> list[Row]:
    """Gather rows: a tab begins a cell, a line without one goes on in the cell before, blanks end a row."""
    rows: list[Row] = []
    ended = True
    for line in lines:
        if line.text.startswith("\t"):
            cells = tuple(line.text[1:].split("\t"))
            if ended:
                rows.append(Row(line.number, cells))
            else:
                rows[-1] = Row(rows[-1].line, (*rows[-1].cells, *cells))
            ended = False
        elif line.blank:
            ended = True
        elif _UNIT.match(line.text) or not rows:
            rows.append(Row(line.number, (line.text,)))
            ended = True
        else:
            rows[-1] = Row(rows[-1].line, (*rows[-1].cells[:-1], rows[-1].cells[-1] + _BREAK + line.text))
            ended = False
    return rows


def budget_in_purpose(text: str) -> dict[str, Any] | None:
    """Return the unit and the budget that a purpose prints (预算数：1400万元，全部为其他收入), None without one."""
    printed = tight(text)
    total = _TOTAL.search(printed)
    if total is None:
        return None
    parts: dict[str, str | None] = dict.fromkeys(("total", "fiscal", "other", "carryover"))
    parts["total"] = total["amount"]
    near = printed[total.end() : total.end() + 60]
    whole = _ALL.match(near.lstrip("，,。;；（("))
    if whole:
        parts[_KINDS[whole["kind"]]] = total["amount"]
    else:
        parts |= {name: found["amount"] for name, p in _PARTS.items() if (found := p.search(near))}
    return {"amount_unit": total["unit"], "budget": parts}


@dataclass
class _Draft:
    fields: dict[str, Any]
    indicators: list[Indicator] = field(default_factory=list)
    in_indicators: bool = False
    level1: str | None = None
    level2: str | None = None
    checkpoints: list[str] = field(default_factory=list)


@dataclass
class _Reader:
    notebook: Notebook
    unit: tuple[str, str] | None = None
    drafts: list[_Draft] = field(default_factory=list)

    def tables(self) -> list[GoalTable]:
        """The tables read, budgets taken from the text of their purpose."""
        return [GoalTable(scope="project", indicators=tuple(d.indicators), **d.fields) for d in self.drafts]

    def take(self, row: Row) -> None:
        """Place one row by its first cell."""
        unit = _UNIT.match(row.cells[0]) if len(row.cells) == 1 else None
        first = folded(row.cells[0])
        if unit:
            self.unit = (unit["code"], clean(unit["name"]))
        elif first == "项目编码":
            self._begin(row)
        elif not self.drafts:
            self.notebook.unplaced(row.line, row.text)
        elif folded("".join(row.cells)) and self._box(row, first):
            return
        elif self.drafts[-1].in_indicators:
            self._indicator(row)
        elif row.filled:
            self.notebook.unplaced(row.line, row.text)

    def _begin(self, row: Row) -> None:
        code, name = self.unit or (None, None)
        fields = {"unit_code": code, "implementing_unit": name, "amount_unit": "万元"}
        cells = [clean(cell) for cell in row.cells]
        for label, box in (("项目编码", "project_code"), ("项目名称", "title")):
            where = cells.index(label) + 1 if label in cells else len(cells)
            fields[box] = cells[where] or None if where < len(cells) else None
        for extra in cells[4:]:
            if extra:
                self.notebook.unplaced(row.line, extra)
        self.drafts.append(_Draft(fields))

    def _box(self, row: Row, first: str) -> bool:
        draft = self.drafts[-1]
        rest = row.cells[1:]
        if {folded(cell) for cell in row.cells} >= _HEADER:
            draft.in_indicators = True
        elif first == "项目资金主要用途":
            self._purpose(row, cell_or_none("".join(rest)))
        elif first == folded("资金支出计划(累计进度%)"):
            draft.checkpoints = [clean(cell) for cell in rest]
            self._plan([])
        elif draft.checkpoints and not draft.in_indicators and re.fullmatch(r"[\d.,%]+", folded("".join(row.cells))):
            self._plan([clean(cell) for cell in (rest if not first else row.cells)])
        elif first == "绩效目标" and len(row.cells) > 1:
            draft.fields["goals"] = tuple(item for cell in rest for item in split_items(cell, anywhere=True))
        else:
            return False
        return True

    def _plan(self, percents: list[str]) -> None:
        draft = self.drafts[-1]
        filled = [*percents, *[""] * len(draft.checkpoints)]
        draft.fields["spending_plan"] = tuple(
            Checkpoint(name, filled[index] or None) for index, name in enumerate(draft.checkpoints) if name
        )

    def _purpose(self, row: Row, text: str | None) -> None:
        fields = self.drafts[-1].fields
        fields["purpose"] = text
        found = budget_in_purpose(text or "")
        if found is None:
            self.notebook.note(row.line, (text or "")[:60], "用途中没有印出预算数", Sort.UNCERTAIN)
            return
        fields["amount_unit"], fields["budget"] = found["amount_unit"], Budget(**found["budget"])

    def _indicator(self, row: Row) -> None:
        cells = self._without_labels(row)
        if cells is None:
            self.notebook.unplaced(row.line, row.text)
            return
        level3, description, target, basis = (cell_or_none(cell) for cell in cells)
        draft = self.drafts[-1]
        if level3 is None and target is None:
            guess = "预印的指标类别，未填写"
            self.notebook.note(row.line, f"{draft.level1 or ''} {draft.level2 or ''}".strip(), guess, Sort.PLACEHOLDER)
            for text in (description, basis):
                if text:
                    self.notebook.unplaced(row.line, text)
            return
        draft.indicators.append(
            Indicator(draft.level1, draft.level2, level3, target_of(target), description, basis),
        )

    def _without_labels(self, row: Row) -> list[str] | None:
        """Take the four cells behind the class labels; a merged level-1 cell may be empty or missing."""
        draft, cells = self.drafts[-1], list(row.cells)
        if len(cells) < 4 or len(cells) > _COLUMNS:
            return None
        front, rest = cells[: len(cells) - 4], cells[len(cells) - 4 :]
        first = level_one(front[0]) if front else None
        if first and (len(front) > 1 or level_two(front[0]) is None):
            draft.level1, draft.level2 = first, None
        second = level_two(front[-1]) if front else None
        if second and not (len(front) == 1 and first == draft.level1 and draft.level2 is None):
            draft.level2 = second.name
        elif front and clean(front[-1]) and not second and len(front) > 1:
            draft.level2 = clean(front[-1])
            self.notebook.note(row.line, front[-1], "表样以外的二级指标", Sort.UNCERTAIN)
        return rest
