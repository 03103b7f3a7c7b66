"""Prints made-up documents of the four other families as their exports look, with rows and cells broken at will."""

import random
from collections.abc import Sequence
from typing import Any

Json = dict[str, Any]


def broken(text: str, rng: random.Random, chance: float = 0.15) -> str:
    """Break a cell's text over two lines somewhere."""
    if len(text) < 8 or rng.random() > chance:
        return text
    at = rng.randint(3, len(text) - 3)
    while text[at - 1] == " " or text[at] in " 0123456789.、":
        at -= 1
    return text[:at] + "\n" + text[at:]


def tab_row(*cells: str | None) -> str:
    """One tab-separated row of five."""
    return "\t".join([cell or "" for cell in cells] + [""] * (5 - len(cells)))


def goal_list(goals: Sequence[str], mark: str) -> str:
    """Goals in one cell: alone without a mark, else numbered."""
    if len(goals) == 1:
        return goals[0]
    return " ".join(mark.format(number) + goal for number, goal in enumerate(goals, 1))


def print_county(document: Json, rng: random.Random) -> str:
    """A county's document: merged classes left empty below, rows sometimes shifted to the left."""
    out = ["", f"附件 {rng.randint(1, 9)}：某单位项目支出预算绩效目标表", ""]
    for table in document["tables"]:
        money = table["budget"]
        out += ["部门项目支出预算绩效目标表", "", f"（{table['fiscal_year']} 年度）", "",
                tab_row("项目名称", table["title"]),
                tab_row("主管部门及代码", table["supervising_department"], "实施单位", table["implementing_unit"]),
                tab_row("项目属性", table["attribute"], "项目期", table["period"]),
                tab_row("项目资金 (万元)", "年度资金总额:", money["total"]), tab_row("", "其中: 财政拨款", money["fiscal"]),
                tab_row("", "其他资金", money["other"]), tab_row("年度总体目标", goal_list(table["goals"], "目标 {}: ")),
                tab_row("名称", "一级指标", "二级指标", "三级指标", "指标值")]  # fmt: skip
        out += [*county_rows(table["indicators"], rng), ""]
    return "\n".join(out)


def county_rows(rows: Sequence[Json], rng: random.Random) -> list[str]:
    """Indicator rows: a class only where it changes."""
    out, level1, level2 = [], None, None
    for number, row in enumerate(rows):
        one = row["level1"] if row["level1"] != level1 else ""
        two = f"{row['level2']}（{row['requirement']}）" if one or row["level2"] != level2 else ""
        level1, level2 = row["level1"], row["level2"]
        name, raw = broken(row["level3"], rng), row["target"]["raw"]
        if two and not one and rng.random() < 0.3:
            out.append(tab_row("", two, name, raw))
        else:
            out.append(tab_row("绩效指标" if number == 0 else "", one, two, name, raw))
        out += [""] if rng.random() < 0.1 else []
    return out


def markdown(*cells: str | None) -> str:
    """One Markdown row."""
    return "| " + " | ".join(cell or "" for cell in cells) + " |"


def print_region(document: Json, rng: random.Random) -> str:
    """A region's document: Markdown in several parts, the classes on every row."""
    table = document["tables"][0]
    money, part = table["budget"], table["allocated"]
    names = (("total", "资金总额"), ("fiscal", "其中：财政拨款"), ("other", "其他资金"), ("carryover", "结余结转"))
    out = ["", "附件2", "", f"{table['fiscal_year']}年自治区本级部门项目支出预算绩效目标表", "",
           markdown("项目名称", "", table["title"], "", "", "", "", ""), "|---|---|---|---|---|---|---|---|",
           markdown("主管部门", "", table["supervising_department"], "实施单位", "", table["implementing_unit"], "", ""),
           markdown("项目属性", "", table["attribute"], "项目期", "", table["period"], "", "")]  # fmt: skip
    for key, name in names:
        boxes = ("项目年度资金 (万元)", "其中：项目自治区本级 已分配资金 (万元)") if key == "total" else ("", "")
        out.append(markdown(boxes[0], name, money[key], boxes[1], name, part[key], "", ""))
    goals = (goal_list(table["goals"], "{}、"), goal_list(part["goals"], "{}、"))
    out += [markdown("年度总体绩效目标", "", goals[0], "", "年度绩效目标（本级已分配资金）", "", goals[1], ""),
            markdown("绩效类型", "一级指标", "二级指标", "", "三级指标", "", "指标值", "")]  # fmt: skip
    cut = rng.randint(1, len(table["indicators"]))
    for number, row in enumerate(table["indicators"]):
        if number == cut:
            out += ["", "自治区本", "级绩效指", "标", "", "| | | | |", "|---|---|---|---|"]
        level1 = f"{rng.randint(1, 3)}、{row['level1']}"
        level2, name = f"{row['level2']}（{row['requirement']}）", broken(row["level3"], rng)
        cells = (level1, level2, name, row["target"]["raw"])
        out.append(markdown(*cells) if number >= cut else markdown("", cells[0], cells[1], "", name, "", cells[3], ""))
    return "\n".join(out)


def print_hebei_project(document: Json, rng: random.Random) -> str:
    """Hebei's projects: a cell a line behind a tab, rows between blanks, the unit above its tables."""
    out: list[str] = ["[bookmark: _Toc1]部门总体绩效目标及保障措施", *print_department(document["department"])]
    unit = None
    for table in document["tables"]:
        if table["unit_code"] != unit:
            unit = table["unit_code"]
            out += [f" {unit} {table['implementing_unit']}", ""]
        plan = table["spending_plan"]
        out += [*word_row("项目编码", table["project_code"], "项目名称", table["title"]),
                *word_row("项目资金主要用途", broken(table["purpose"], rng, 0.5)),
                *word_row("资金支出计划(累计进度%)", *[point["checkpoint"] for point in plan]),
                *word_row("", *[point["cumulative_percent"] for point in plan]),
                *word_row("绩效目标", "\n".join(f"{n}.{goal}" for n, goal in enumerate(table["goals"], 1))),
                *word_row("一级指标", "二级指标", "三级指标", "绩效指标描述", "指标值", "指标值确定依据")]  # fmt: skip
        level1 = None
        for row in table["indicators"]:
            one = row["level1"] if row["level1"] != level1 else ""
            level1 = row["level1"]
            out += word_row(
                one, row["level2"], broken(row["level3"], rng), row["description"], row["target"]["raw"], row["basis"]
            )
        out += word_row("", "生态效益指标", "　", "　", "　", "　")
    return "\n".join(out)


def word_row(*cells: str | None) -> list[str]:
    """A row of cells, each on its line."""
    return ["\t" + (cell or "　" if number else cell or "") for number, cell in enumerate(cells)] + [""]


def print_department(part: Json) -> list[str]:
    """The prose part."""
    out = ["一、部门总体绩效目标", "一、总体绩效目标", *part["overall_goals"], "二、分项绩效目标"]
    for number, goal in enumerate(part["itemised_goals"]):
        out += [
            f"（{'一二三四五六'[number]}）{goal['title']}",
            "绩效目标：" + goal["goal"],
            "绩效指标：" + "  ".join(goal["indicators"]),
        ]
    out += [
        "三、工作保障措施",
        *[f"{item['title']}。{item['text']}" for item in part["safeguards"]],
        "",
        "二、目标规划及保障措施",
    ]
    return out + [f"（{'一二三四五六'[n]}）{goal} " for n, goal in enumerate(part["long_term_goals"])]


def print_henan(document: Json, rng: random.Random) -> str:
    """Henan's unit table: paragraphs in HTML, rows sometimes shifted to the left by a page break."""
    table = document["tables"][0]
    detail = table["budget_detail"]
    marks = "一二三四五六七八九"
    goals = " ".join(f"<p>({marks[n]}) {goal}</p>" for n, goal in enumerate(table["goals"]))
    out = ["", "# 本级部门(单位)整体绩效目标表", "", f"({table['fiscal_year']}年度)", "",
           tab_row("部门(单位)名称", "", table["title"]), tab_row("年度履职目标", goals),
           tab_row("年度主要任务", "任务名称", "主要内容")]  # fmt: skip
    for task in table["tasks"]:
        out.append(tab_row("", task["name"], "<p>" + goal_list_chinese(task["content"]) + "</p>"))
    sources, structure = detail["sources"], detail["structure"]
    out += [tab_row("预算情况", f"部门预算总额({table['amount_unit']})", table["budget"]["total"]),
            tab_row("", "1、资金来源: (1) 政府预算资金", sources["政府预算资金"]),
            tab_row("", "(2) 财政专户管理资金", sources["财政专户管理资金"]), tab_row("", "(3) 单位资金", sources["单位资金"]),
            tab_row("", "2、资金结构: (1) 基本支出", structure["基本支出"]), tab_row("", "(2) 项目支出", structure["项目支出"]),
            tab_row("一级指标", "二级指标", "三级指标", "指标值", "指标值说明")]  # fmt: skip
    level1, level2 = None, None
    for row in table["indicators"]:
        one = row["level1"] if row["level1"] != level1 else ""
        two = row["level2"] if row["level2"] != level2 else ""
        level1, level2 = row["level1"], row["level2"]
        cells = (row["level3"], row["target"]["raw"], broken(row["description"], rng))
        shifted = rng.random()
        if not one and two and shifted < 0.3:
            out.append(tab_row(two, *cells))
        elif not one and not two and shifted < 0.2:
            out.append(tab_row(*cells))
        else:
            out.append(tab_row(one, two, *cells))
    return "\n".join(out)


def goal_list_chinese(items: Sequence[str]) -> str:
    """Items in one cell behind （一）, （二） …"""
    return " ".join(f"({'一二三四五六七八九'[number]}) {item}" for number, item in enumerate(items))
