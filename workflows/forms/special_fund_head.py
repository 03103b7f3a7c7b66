"""Reads the boxes above the indicators of a special fund's table: code, name, budget, purpose, plan, goals."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from workflows.content.goal_table import Budget, Checkpoint, GoalTable, Indicator
from workflows.forms.enumerations import joined, split_items
from workflows.forms.notebook import Notebook, Sort
from workflows.forms.source_text import Line, clean, folded, tight

_TITLE = re.compile(r"^(?P<number>\d{1,3})\s*[、.．]\s*(?P<title>.+?)绩效目标表$")
_CODE = re.compile(r"^项目编码\s*(?P<code>[0-9A-Za-z-]*)\s*专项资金名称\s*(?P<name>.*)$")
_UNIT = re.compile(r"^单位[:：]\s*(?P<unit>万元|元)$")
_BUDGET_BOX, _PLAN_BOX = folded("预算规模及资金用途"), folded("资金支出计划(%)")
_AMOUNT = r"(-?[\d,]+(?:\.\d+)?)?"
_BUDGET = re.compile(rf"^预算数{_AMOUNT}其中:财政资金{_AMOUNT}其他资金{_AMOUNT}$")
_CHECKPOINTS = re.compile(r"\d{1,2}\s*月底|第?[一二三四1-4]季度末?|全年|年底")
_PERCENT = re.compile(r"^[\d.]+%?$")


@dataclass
class _Head:
    notebook: Notebook
    box: str = "title"
    labels: dict[str, str] = field(default_factory=lambda: {"budget": _BUDGET_BOX, "plan": _PLAN_BOX})
    texts: dict[str, list[str]] = field(default_factory=dict)
    unit: str = "万元"
    first_line: int = 0

    def take(self, line: Line) -> None:
        """Put one line into the box that is open, or open the next box."""
        text, flat = clean(line.text), folded(line.text)
        unit = _UNIT.match(flat)
        if unit:
            self.unit, self.box = unit["unit"], "code"
        elif flat.startswith("项目编码"):
            self._open("code", text)
        elif self._of_label("budget", flat) or self._of_label("plan", flat):
            return
        elif flat.startswith("预算数"):
            self._open("budget", text)
        elif flat == "绩效目标" and self.box != "title":
            self.box = "goals"
        elif self.box == "budget" and "其他资金" in folded("".join(self.texts["budget"])) and not _PERCENT.match(flat):
            self._open("purpose", text)
        else:
            self._open(self.box, text)

    def _open(self, box: str, text: str) -> None:
        self.box = box
        self.texts.setdefault(box, []).append(text)

    def _of_label(self, name: str, flat: str) -> bool:
        """A box label is printed in parts on lines of its own, between other lines."""
        if not self.labels[name].startswith(flat) or self.box == "title":
            return False
        if name == "plan" and self.labels[name] == _PLAN_BOX:
            self.box = "plan"
        self.labels[name] = self.labels[name].removeprefix(flat)
        return True


def read_head(lines: Sequence[Line], indicators: tuple[Indicator, ...], notebook: Notebook) -> GoalTable:
    """Read the lines above the column heads and make the whole table of them and the indicators."""
    head = _Head(notebook)
    printed = [line for line in lines if not line.blank]
    for line in printed:
        head.take(line)
    at = printed[0].number if printed else 0
    title = _TITLE.match(joined(head.texts.get("title", [])))
    code = _CODE.match(_spaced(head.texts.get("code", [])))
    name = clean(code["name"]) if code else ""
    if title and name and tight(title["title"]) != tight(name):
        notebook.note(at, title["title"], f"表名与专项资金名称“{name}”不一致", Sort.UNCERTAIN)
    if code is None:
        notebook.note(at, joined(head.texts.get("code", [])), "项目编码与专项资金名称未能分开", Sort.UNCERTAIN)
    return GoalTable(
        scope="project", title=name or (title["title"] if title else None),
        number=int(title["number"]) if title else None, project_code=(code["code"] or None) if code else None,
        amount_unit=head.unit, budget=_budget(head, at), purpose=joined(head.texts.get("purpose", [])) or None,
        spending_plan=_plan(head, at),
        goals=tuple(split_items("\n".join(head.texts.get("goals", [])), anywhere=False)), indicators=indicators,
    )  # fmt: skip


def _spaced(texts: Sequence[str]) -> str:
    """Join the code line; only its end may be broken inside the name."""
    return (
        texts[0] + "".join(f" {text}" if "专项资金名称" not in texts[0] else text for text in texts[1:])
        if texts
        else ""
    )


def _budget(head: _Head, at: int) -> Budget:
    text = folded("".join(head.texts.get("budget", [])))
    found = _BUDGET.match(text)
    if found is None:
        head.notebook.note(at, text, "预算数一栏未能读出", Sort.UNCERTAIN)
        return Budget()
    return Budget(total=found[1], fiscal=found[2], other=found[3])


def _plan(head: _Head, at: int) -> tuple[Checkpoint, ...]:
    text = " ".join(head.texts.get("plan", []))
    names = [found.group() for found in _CHECKPOINTS.finditer(text)]
    rest = _CHECKPOINTS.sub(" ", text).split()
    percents = [word for word in rest if _PERCENT.match(word)]
    for word in rest:
        if not _PERCENT.match(word):
            head.notebook.unplaced(at, word)
    if len(percents) not in (0, 1, len(names)):
        head.notebook.note(at, " ".join(percents), "累计进度少于时点，按最后几个时点放置", Sort.UNCERTAIN)
    filled: list[str | None] = [*[None] * (len(names) - len(percents)), *percents]
    return tuple(Checkpoint(name, percent) for name, percent in zip(names, filled, strict=False))
