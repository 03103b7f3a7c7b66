"""Prints special-fund documents as a PDF extraction breaks them: cells wrapped in columns, one after the other."""

import random
import re
from typing import Any

from workflows.forms.pieces import width_of

Json = dict[str, Any]
NO_START = "、，。；：！？”）》%"
_UNITS = re.compile(r"[0-9A-Za-z.%]+|.")


def wrapped(text: str, width: float) -> list[str]:
    """Wrap a text as Word does: number runs whole, no closing mark at a line's start."""
    lines = [""]
    for unit in _UNITS.findall(text):
        fits = width_of(lines[-1] + unit) <= width or unit[0] in NO_START
        if fits or not lines[-1]:
            lines[-1] += unit
        else:
            lines.append(unit.lstrip())
    return [line.strip() for line in lines if line.strip()]


def columns(rng: random.Random) -> dict[str, float]:
    """Widths of another printing."""
    return {
        "level1": 4, "level2": 4, "level3": rng.choice((4, 5, 6)), "description": rng.choice((11, 12, 13, 15)),
        "target": rng.choice((5, 6)), "basis": rng.choice((6, 7, 8)),
    }  # fmt: skip


def print_row(cells: list[list[str]], rng: random.Random) -> list[str]:
    """Print the cells of a row one after the other: single lines side by side, a blank behind broken ones."""
    out: list[str] = []
    single_before = False
    for cell in cells:
        if len(cell) == 1 and single_before and out[-1]:
            out[-1] += " " + cell[0]
        else:
            if out and out[-1] and (not single_before or rng.random() < 0.3):
                out.append("")
            out += cell
        single_before = len(cell) == 1
        if not single_before:
            out.append("")
    return [*out, ""]


HEADER = "一级指标 二级指标 三级指标 绩效指标描述 指标值 指标值确定依据"


def page_break(rng: random.Random) -> list[str]:
    """A page's number between blank lines, the column heads printed again or not."""
    return ["", "", str(rng.randint(2, 60)), "", *([HEADER, ""] if rng.random() < 0.5 else [])]


def print_indicators(rows: list[Json], widths: dict[str, float], rng: random.Random) -> list[str]:
    """Print an indicator table; level 1 only where it changes, now and then a new page between two rows."""
    out = [HEADER, ""]
    level1, level2 = None, None
    for row in rows:
        out += page_break(rng) if rng.random() < 0.08 else []
        if row["level1"] != level1:
            level1 = row["level1"]
            out += [*wrapped(level1, widths["level1"]), ""]
        own = row["level2"] if row["level2"] != level2 else None
        level2 = row["level2"]
        texts = {
            "level2": own, "level3": row["level3"], "description": row["description"],
            "target": row["target"]["raw"], "basis": row["basis"],
        }  # fmt: skip
        out += print_row([wrapped(text, widths[name]) for name, text in texts.items() if text], rng)
    return out


def print_table(table: Json, widths: dict[str, float], rng: random.Random) -> list[str]:
    """Print a whole table with its head."""
    money = table["budget"]
    plan = table["spending_plan"]
    percents = [point["cumulative_percent"] for point in plan if point["cumulative_percent"]]
    return [
        f" {table['number']}、{table['title']}绩效目标表", "", f"单位：{table['amount_unit']}", "",
        f"项目编码 {table['project_code']} 专项资金名称 {table['title']}", "预算规模", "及资金用", "", "途", "",
        f"预算数 {money['total']} 其中：财政资金 {money['fiscal'] or ''} 其他资金 {money['other'] or ''}".rstrip(), "",
        *wrapped(table["purpose"], rng.choice((30, 38))), "", "资金支出", "计划（%）", "",
        " ".join(point["checkpoint"] for point in plan), "", " ".join(percents), "", "绩效目标",
        *[f"{number}、{goal}" for number, goal in enumerate(table["goals"], 1)], "",
        *print_indicators(table["indicators"], widths, rng),
    ]  # fmt: skip


DUTY_WIDTHS = {"name": 2.0, "description": 7.0, "goal": 6.0, "activity": 2.0, "long": 20.0, "result": 7.0}


def print_duties(duties: list[Json]) -> list[str]:
    """Print responsibilities and activities, cell by cell."""
    out = ["职责", "名称", "", "职责描述 职责目标", "活动", "名称", "", "活动描述 绩效目标", ""]
    for duty in duties:
        cells = [(duty["name"], "name"), (duty["description"], "description"), (duty["goal"], "goal")]
        for activity in duty["activities"]:
            cells += [(activity["name"], "activity"), (activity["description"], "long"), (activity["goal"], "result")]
        for text, column in cells:
            out += [*wrapped(text, DUTY_WIDTHS[column]), ""] if text else []
    return out


def print_document(document: Json, rng: random.Random) -> str:
    """Print the whole document."""
    widths = columns(rng)
    out: list[str] = []
    part = document["department"]
    if part:
        out += [" 第一部分", "", "部门整体绩效目标", "", "一、总体绩效目标", "", "总体绩效目标", ""]
        out += _numbered(part["overall_goals"])
        out += ["二、分项绩效目标", *print_duties(part["responsibilities"]), "三、工作保障措施", "", "工作保障措施", ""]
        out += _numbered(part["safeguards"])
        out += [" 第二部分", "", "专项资金绩效目标"]
    for table in document["tables"]:
        out += print_table(table, widths, rng)
    if document["undisclosed_tables"]:
        out += [f"11、不予公开涉密项目绩效目标表 {document['undisclosed_tables']} 个。"]
    return "\n".join(out)


def _numbered(items: list[str]) -> list[str]:
    out = []
    for number, item in enumerate(items, 1):
        out += [line for part in wrapped(f"{number}、{item}", 30) for line in (part, "")]
    return out
