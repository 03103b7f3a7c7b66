"""The department's own part of a filing document: goals, responsibilities and activities, plans, safeguards."""

from collections.abc import Mapping, Sequence
from typing import Any

from workflows.forms.cell_department import DUTY_HEADS
from workflows.forms.form import Box, Boxes, Line, Part, Place, label
from workflows.forms.writing.indicator_part import Rows
from workflows.forms.writing.shown import MOST, NUMERALS, line, numbered, printable, spoken, value

Json = Mapping[str, Any]


def department_parts(part: Json) -> tuple[Part, ...]:
    """Return the part under its printed headings; a section that is empty is left out."""
    sections: tuple[tuple[str, tuple[Part, ...]], ...] = (
        ("总体绩效目标", _lines(part["overall_goals"])),
        ("分项绩效目标", (*_duties(part["responsibilities"]), *_itemised(part["itemised_goals"]))),
        ("部门年度主要任务", _tasks(part.get("tasks") or ())),
        ("工作保障措施", _safeguards(part["safeguards"])),
        ("目标规划及保障措施", _lines(part["long_term_goals"])),
    )
    filled = [(name, parts) for name, parts in sections if parts]
    printed: list[Part] = [Line("部门总体绩效目标及保障措施", Place.TITLE)]
    for number, (name, parts) in enumerate(filled):
        printed += [Line(f"{NUMERALS[number]}、{name}", Place.HEADING), *parts]
    return tuple(printed)


def _lines(texts: Sequence[str]) -> tuple[Line, ...]:
    return tuple(line(each) for each in printable(numbered(texts)).split("\n") if each)


def _safeguards(safeguards: Sequence[Any]) -> tuple[Line, ...]:
    if all(isinstance(each, str) for each in safeguards):
        return _lines(safeguards)
    return tuple(
        line(each if isinstance(each, str) else f"{each['title']}。{each['text']}") for each in safeguards
    )  # fmt: skip


def _itemised(goals: Sequence[Json]) -> tuple[Line, ...]:
    lines: list[Line] = []
    for number, goal in enumerate(goals[:MOST], 1):
        lines.append(Line(f"（{spoken(number)}）{printable(goal['title'])}"))
        lines += [Line(f"绩效目标：{printable(goal['goal'])}")] if goal["goal"] else []
        lines += [Line("绩效指标：" + "　".join(map(printable, goal["indicators"])))] if goal["indicators"] else []
    return tuple(lines)


def _tasks(tasks: Sequence[Json]) -> tuple[Line, ...]:
    lines: list[Line] = []
    for number, task in enumerate(tasks[:MOST], 1):
        lines.append(Line(f"（{spoken(number)}）{printable(task['name'] or '—')}"))
        lines += [Line(f"主要内容：{printable(each)}") for each in task["content"]]
    return tuple(lines)


def _duties(duties: Sequence[Json]) -> tuple[Boxes, ...]:
    if not duties:
        return ()
    rows: Rows = [tuple(map(label, DUTY_HEADS))]
    for duty in duties:
        activities = duty["activities"] or [{"name": None, "description": None, "goal": None}]
        own = tuple(value(duty[key], 1, len(activities)) for key in ("name", "description", "goal"))
        for number, activity in enumerate(activities):
            rows.append((*(own if number == 0 else ()), *_activity(activity)))
    return (Boxes((9, 20, 17, 9, 28, 17), tuple(rows), 1),)


def _activity(activity: Json) -> tuple[Box, ...]:
    return tuple(value(activity[key]) for key in ("name", "description", "goal"))
