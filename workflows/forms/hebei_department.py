"""Reads the department part that stands in prose before Hebei's project tables."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from workflows.content.goal_table import DepartmentPart, ItemisedGoal, Safeguard
from workflows.forms.enumerations import joined, split_items
from workflows.forms.notebook import Notebook
from workflows.forms.source_text import Line, clean, folded

_ORDINAL = re.compile(r"^[一二三四五六七八九十]{1,2}[、.．]")
_SECTIONS = {
    "部门总体绩效目标及保障措施": None, "部门整体绩效目标": None, "部门总体绩效目标": "overall",
    "总体绩效目标": "overall", "分项绩效目标": "itemised", "工作保障措施": "safeguards", "保障措施": "safeguards",
    "目标规划及保障措施": "long_term", "目标规划": "long_term", "中长期绩效目标": "long_term",
    "部门年度主要任务": "tasks",
}  # fmt: skip
_ITEM = re.compile(r"^[（(][一二三四五六七八九十]{1,3}[）)]\s*(?P<title>.+)$")
_LABELLED = re.compile(r"^(?P<label>绩效目标|绩效指标)[:：]\s*(?P<text>.*)$")
_LABEL_BOXES = {"绩效目标": 1, "绩效指标": 2}
_CONTENT = re.compile(r"^主要内容[:：]\s*(?P<text>.*)$")
_SENTENCE_END = ("。", "！", "；", "？", "：")
_TITLED = re.compile(r"^(?P<title>[^。，；：、]{2,24})[。：]\s*(?P<text>\S.*)$")


def begins_section(text: str) -> bool:
    """Whether a line is one of the part's printed headings."""
    return _ORDINAL.sub("", folded(text)) in _SECTIONS


def sections_of(lines: Sequence[Line], notebook: Notebook) -> dict[str, list[Line]]:
    """Split the lines under the printed headings; what stands before the first heading is noted."""
    sections: dict[str, list[Line]] = {}
    name: str | None = ""
    for line in lines:
        heading = _ORDINAL.sub("", folded(line.text))
        if heading in _SECTIONS:
            name = _SECTIONS[heading]
            sections.setdefault(name, []) if name else None
        elif not line.blank and name:
            sections[name].append(line)
        elif not line.blank:
            notebook.unplaced(line.number, line.text)
    return sections


def read_department(lines: Sequence[Line], notebook: Notebook) -> DepartmentPart | None:
    """Read overall, itemised and long-term goals and the safeguards; None where no such heading is printed."""
    sections = sections_of(lines, notebook)
    if not sections:
        return None
    return DepartmentPart(
        overall_goals=tuple(listed(sections.get("overall", []))),
        itemised_goals=tuple(_itemised(sections.get("itemised", []), notebook)),
        long_term_goals=tuple(listed(sections.get("long_term", []))),
        safeguards=tuple(_safeguards(sections.get("safeguards", []))),
    )


def listed(lines: Iterable[Line]) -> list[str]:
    """Read a numbered list; without numbers every paragraph is an item."""
    text = "\n".join(clean(line.text) for line in lines)
    items = split_items(text, anywhere=False)
    return items if len(items) > 1 or not text else _paragraphs(text.split("\n"), items)


def _paragraphs(texts: Sequence[str], numbered: list[str]) -> list[str]:
    """Join lines until a sentence ends."""
    paragraphs: list[str] = []
    for text in texts:
        if paragraphs and not paragraphs[-1].endswith(_SENTENCE_END):
            paragraphs[-1] += text
        else:
            paragraphs.append(text)
    return numbered if len(paragraphs) <= 1 else paragraphs


def _itemised(lines: Sequence[Line], notebook: Notebook) -> list[ItemisedGoal]:
    """Read （一）title, 绩效目标：…, 绩效指标：names between blanks; a line without mark goes on in the box before."""
    boxes: list[list[list[str]]] = []
    box = 0
    for line in lines:
        text = clean(line.text)
        item, labelled = _ITEM.match(text), _LABELLED.match(text)
        if item:
            boxes.append([[item["title"]], [], []])
            box = 0
        elif not boxes:
            notebook.unplaced(line.number, text)
        elif labelled:
            box = _LABEL_BOXES[labelled["label"]]
            boxes[-1][box].append(labelled["text"])
        else:
            boxes[-1][box].append(text)
    return [
        ItemisedGoal(joined(title), joined(goal) or None, tuple(_names("".join(names)))) for title, goal, names in boxes
    ]


def tasks_in(lines: Iterable[Line], notebook: Notebook) -> list[dict[str, Any]]:
    """Read （一）name, then a line 主要内容：… for each content; a line without mark goes on in the one before."""
    tasks: list[dict[str, Any]] = []
    for line in lines:
        text = clean(line.text)
        item, content = _ITEM.match(text), _CONTENT.match(text)
        if item:
            tasks.append({"name": item["title"], "content": []})
        elif tasks and content:
            tasks[-1]["content"].append(content["text"])
        elif tasks and tasks[-1]["content"]:
            tasks[-1]["content"][-1] += text
        elif tasks:
            tasks[-1]["name"] += text
        else:
            notebook.unplaced(line.number, text)
    return tasks


def _names(text: str) -> list[str]:
    """Split indicator names at double blanks, else at single ones, else at list signs."""
    for sign in (r"[ \u3000\xa0\t]{2,}|\u3000", r"\s+", r"[、；;]"):
        names = [clean(name) for name in re.split(sign, text.strip()) if clean(name)]
        if len(names) > 1:
            return names
    return [clean(text)] if clean(text) else []


def _safeguards(lines: Sequence[Line]) -> list[Safeguard]:
    texts = listed(lines)
    found: list[Safeguard] = []
    for text in texts:
        titled = _TITLED.match(text)
        if titled:
            found.append(Safeguard(titled["title"], titled["text"]))
        else:
            found.append(Safeguard(None, text))
    return found
