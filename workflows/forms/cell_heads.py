"""The boxes of a goal table's grid above its indicators: labels and what stands beside them, row by row."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from workflows.content.goal_table import GoalTable
from workflows.forms import cell_words as words
from workflows.forms.cell_words import detail_of, goal_of, is_known, label_of, total_of
from workflows.forms.enumerations import joined, split_items
from workflows.forms.notebook import Notebook, Sort
from workflows.forms.page_cells import GridCell, GridRow
from workflows.forms.source_text import cell_or_none, clean, folded
from workflows.forms.tick_boxes import chosen_of

Json = dict[str, Any]
_AMOUNT = re.compile(r"^-?[\d,]+(?:\.\d+)?$")
_PERCENT = re.compile(r"^[\d.,]+%?$")
_YEAR = re.compile(r"^(?P<year>20\d\d)年?度?$")
_SENTENCE_END = ("。", "！", "；", "？", "：", ";")
_NOTHING: Json = {"total": None, "fiscal": None, "other": None, "carryover": None}


def goals_of(text: str) -> list[str]:
    """Read a box of goals: numbered ones by their marks, else a line after the end of a sentence begins the next."""
    items = split_items(text, anywhere=False)
    if len(items) == 1 and "\n" not in text.strip():
        return split_items(text, anywhere=True)
    if len(items) > 1 or not items:
        return items
    lines: list[str] = []
    for line in filter(None, map(clean, text.split("\n"))):
        if lines and not lines[-1].endswith(_SENTENCE_END):
            lines[-1] += line
        else:
            lines.append(line)
    return lines if len(lines) > 1 else items


@dataclass
class TableHead:
    """Fills one table's content from the rows above its indicators; what has no place goes to the notebook."""

    notebook: Notebook
    content: Json
    sides: dict[int, str] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    plan: GridCell | None = None
    plan_names: list[GridCell] = field(default_factory=list)
    above: list[GridCell] = field(default_factory=list)
    task_heads: dict[str, int] = field(default_factory=dict)

    @classmethod
    def begin(cls, notebook: Notebook, scope: str, **printed: Any) -> "TableHead":
        """Begin a table with what is known of it already (year, number, unit)."""
        return cls(notebook, GoalTable(scope=scope).to_json() | printed)

    def read(self, row: GridRow) -> None:
        """Place one row."""
        sections = {label_of(cell.text) for cell in row.cells}
        begun = [cell for cell in row.begun if clean(cell.text)]
        self._units(row)
        if self._plan(row, begun) or self._tasks(row, sections, begun) or self._under_goals(row, begun):
            return
        self._pairs(row, begun, in_purpose=words.PURPOSE_SECTION in sections)

    def _under_goals(self, row: GridRow, begun: Sequence[GridCell]) -> bool:
        """Read the national form's goals, which stand under their labels and not beside them."""
        named = [cell for cell in begun if goal_of(cell.text)]
        if len(named) > 1 and len(named) == len([cell for cell in begun if not words.is_section(cell.text)]):
            self.above = named
            return True
        above, self.above = self.above, []
        for label in above:
            cell = row.at(label.column)
            if cell is not None and cell.row == row.number:
                self._goals(goal_of(label.text) or "", cell_or_none(cell.text))
        return bool(above)

    def _units(self, row: GridRow) -> None:
        for cell in row.begun:
            found = words.MONEY_BOX.match(label_of(cell.text))
            if found:
                self.content["amount_unit"] = found["unit"]
                if "已分配" in cell.text:
                    self.content["allocated"] = {**_NOTHING, "goals": []}

    def _pairs(self, row: GridRow, begun: Sequence[GridCell], *, in_purpose: bool) -> None:
        label: GridCell | None = None
        for cell in begun:
            if is_known(cell.text) and not (label and self._takes_any(label.text)):
                self._empty(label)
                label = None if words.is_section(cell.text) else cell
            elif label is not None:
                self._fill(row, label, cell.text)
                label = None
            elif in_purpose:
                self._add_purpose(cell.text)
            else:
                self.notebook.unplaced(row.line, cell.text)
        self._empty(label)

    def _takes_any(self, label: str) -> bool:
        """A box beside a name or a goal holds whatever the person wrote, be it a word of the form."""
        return False if not label else label_of(label) in words.PURPOSES

    def _empty(self, label: GridCell | None) -> None:
        if label is not None:
            self._fill(GridRow(0, 0, ()), label, "")

    def _fill(self, row: GridRow, label: GridCell, text: str) -> None:
        name, value = label_of(label.text), cell_or_none(text)
        goals, total, detail = goal_of(label.text), total_of(label.text), detail_of(label.text)
        self.seen.add(name)
        if name in words.FIELDS:
            self._field(row, words.FIELDS[name], value)
        elif goals:
            self._goals(goals, value)
        elif name in words.PURPOSES:
            self._add_purpose(text)
        elif total:
            self.sides[label.column] = total[0] or self._side()
            self.content["amount_unit"] = total[1] or self.content["amount_unit"]
            self._amount(row, self.sides[label.column], "total", value)
        elif detail in (*words.SOURCES, *words.STRUCTURE):
            self._detail(row, detail, value)
        elif name in words.PARTS:
            side = next((self.sides[at] for at in sorted(self.sides, reverse=True) if at <= label.column), "budget")
            self._amount(row, side, words.PARTS[name], value)
        elif value:
            self.notebook.unplaced(row.line, value)

    def _side(self) -> str:
        taken = "budget" in self.sides.values() and "allocated" in self.content
        return "allocated" if taken else "budget"

    def _field(self, row: GridRow, key: str, value: str | None) -> None:
        if key == "fiscal_year":
            found = _YEAR.match(folded(value or ""))
            if found:
                self.content[key] = int(found["year"])
            elif value:
                self.notebook.unplaced(row.line, value)
        else:
            said = joined(value.split("\n")) if value else None
            self.content[key] = chosen_of(said) if key == "attribute" else said

    def _goals(self, key: str, value: str | None) -> None:
        if key == "allocated":
            self.content.setdefault("allocated", {**_NOTHING, "goals": []})["goals"] = goals_of(value or "")
        elif value or key == "goals":
            self.content[key] = goals_of(value or "")

    def _add_purpose(self, text: str) -> None:
        before = self.content["purpose"]
        self.content["purpose"] = "\n".join(part for part in (before, cell_or_none(text)) if part) or None

    def _amount(self, row: GridRow, side: str, name: str, value: str | None) -> None:
        if value is None and side not in self.content:
            return
        if value and not _AMOUNT.match(clean(value)):
            self.notebook.note(row.line, value, "金额栏里的文字", Sort.MISPLACED)
        self.content.setdefault(side, dict(_NOTHING))[name] = value

    def _detail(self, row: GridRow, name: str, value: str | None) -> None:
        group = "sources" if name in words.SOURCES else "structure"
        detail = self.content.setdefault("budget_detail", {})
        detail.setdefault(group, {})[name] = value
        if value and not _AMOUNT.match(clean(value)):
            self.notebook.note(row.line, value, f"金额栏“{name}”里的文字", Sort.MISPLACED)
        elif name == words.SOURCES[0]:
            self.content["budget"]["fiscal"] = value

    def _plan(self, row: GridRow, begun: Sequence[GridCell]) -> bool:
        """Read names of checkpoints and, in the row below, the percentages under them."""
        label = next((cell for cell in row.cells if label_of(cell.text) in words.PLANS), None)
        rest = [cell for cell in begun if cell is not label]
        if label is None:
            numeric = bool(rest) and all(_PERCENT.match(folded(cell.text)) for cell in rest)
            if not (self.plan_names and numeric):
                return False
            self._percents(row)
            return True
        if (row.number - label.row) % 2:
            self._percents(row)
        else:
            self.plan_names = rest
            point = self.content["spending_plan"]
            point += [{"checkpoint": joined(cell.text.split("\n")), "cumulative_percent": None} for cell in rest]
        return True

    def _percents(self, row: GridRow) -> None:
        points = self.content["spending_plan"]
        for point, name in zip(points[len(points) - len(self.plan_names) :], self.plan_names, strict=True):
            cell = row.at(name.column)
            point["cumulative_percent"] = cell_or_none(cell.text) if cell and cell.row == row.number else None
        self.plan_names = []

    def _tasks(self, row: GridRow, sections: set[str], begun: Sequence[GridCell]) -> bool:
        names = {words.TASK_HEADS[label_of(c.text)]: c.column for c in begun if label_of(c.text) in words.TASK_HEADS}
        if "name" in names or (self.task_heads and {"total", "fiscal"} <= names.keys()):
            self.task_heads |= names
            return True
        rest = [cell for cell in begun if label_of(cell.text) != "年度主要任务"]
        if "年度主要任务" not in sections and (not self.task_heads or any(is_known(cell.text) for cell in rest)):
            return False
        if rest:
            self._task(row, rest)
        return True

    def _task(self, row: GridRow, rest: Sequence[GridCell]) -> None:
        texts = {key: clean(c.text) for key, at in self.task_heads.items() if (c := row.at(at)) and c.row == row.number}
        placed = set(self.task_heads.values()) if self.task_heads else {rest[0].column, rest[-1].column}
        if not self.task_heads:
            texts = {"name": clean(rest[0].text), "content": rest[1].text if len(rest) > 1 else ""}
        for cell in rest:
            if cell.column not in placed:
                self.notebook.unplaced(row.line, cell.text)
        if folded(texts.get("name", "")) in ("合计", "金额合计"):
            self.content["budget"] |= {key: texts.get(key) or None for key in ("total", "fiscal", "other")}
            return
        task: Json = {"name": joined(texts.get("name", "").split("\n")), "content": goals_of(texts.get("content", ""))}
        money = {key: texts[key] for key in ("total", "fiscal", "other") if texts.get(key)}
        self.content["tasks"].append(task | ({"budget": money} if money else {}))
