"""Made-up documents of the two Ningxia forms, of Hebei's projects and of Henan's units."""

import random

from tests.forms.made_up import (
    BASES,
    ENDS,
    Json,
    amount,
    budget,
    classes,
    document,
    indicator,
    sentence,
    table,
    target,
    thing,
)

DUTIES = ("必填", "选填", "必填硬性指标")


def _rows(rng: random.Random) -> list[Json]:
    rows = []
    for level1, level2 in classes(rng):
        duty = rng.choice(DUTIES)
        for _ in range(rng.randint(1, 3)):
            rows.append(indicator(level1, level2, sentence(rng, 1) + rng.choice(ENDS), target(rng), requirement=duty))
    return rows


def _goals(rng: random.Random) -> list[str]:
    return [sentence(rng) + "；" for _ in range(rng.randint(1, 4))]


def _who(rng: random.Random) -> Json:
    return {
        "fiscal_year": rng.randint(2019, 2030), "supervising_department": "某县" + rng.choice(("水务局", "教育局", "文旅局")),
        "implementing_unit": thing(rng) + "中心", "attribute": rng.choice(("经常性项目", "0102-跨年项目")),
        "period": rng.choice(("1 年", "3年", "2024年-2026年")),
    }  # fmt: skip


def county_document(rng: random.Random) -> Json:
    """One to four projects."""
    tables = [
        table("project", thing(rng), budget=budget(rng), goals=_goals(rng), indicators=_rows(rng), **_who(rng))
        for _ in range(rng.randint(1, 4))
    ]
    return document("ningxia-county-project", tables)


def region_document(rng: random.Random) -> Json:
    """One project with the part already allocated."""
    part = budget(rng) | {"carryover": rng.choice((None, amount(rng))), "goals": _goals(rng)}
    one = table("project", thing(rng), budget=budget(rng), goals=_goals(rng), indicators=_rows(rng), **_who(rng))
    return document("ningxia-region-project", [one | {"allocated": part}])


def hebei_project_document(rng: random.Random) -> Json:
    """Two units with their projects, and the department's prose."""
    tables = []
    for code in ("330101", "330102"):
        for number in range(rng.randint(1, 3)):
            rows = [
                indicator(level1, level2, thing(rng) + rng.choice(ENDS), target(rng), description=sentence(rng, 1), basis=rng.choice(BASES))
                for level1, level2 in classes(rng, "效果指标") if level2 != "生态效益指标"
            ]  # fmt: skip
            total = str(rng.randint(10, 900))
            plan = [
                {"checkpoint": f"第{q}季度", "cumulative_percent": f"{25 * n}.00"} for n, q in enumerate("一二三四", 1)
            ]
            tables.append(
                table(
                    "project", thing(rng), unit_code=code, implementing_unit=f"某市事务中心{code[-1]}部",
                    project_code=f"{code}B22DX000{number}", purpose=f"预算数{total}万元，全部为财政资金。" + sentence(rng, 4),
                    budget={"total": total, "fiscal": total, "other": None, "carryover": None},
                    spending_plan=plan, goals=[sentence(rng) for _ in range(rng.randint(2, 4))], indicators=rows,
                ),
            )  # fmt: skip
    return document("hebei-project", tables, department=_department(rng))


def _department(rng: random.Random) -> Json:
    return {
        "name": None, "overall_goals": [sentence(rng, 5) + "。"], "responsibilities": [],
        "itemised_goals": [
            {"title": sentence(rng, 1), "goal": sentence(rng, 3), "indicators": [thing(rng) + end for end in rng.sample(ENDS, 3)]}
            for _ in range(rng.randint(1, 4))
        ],
        "long_term_goals": [sentence(rng, 2) + "。" for _ in range(rng.randint(2, 6))],
        "safeguards": [{"title": "加强" + thing(rng), "text": sentence(rng, 3) + "。"} for _ in range(rng.randint(1, 5))],
    }  # fmt: skip


HENAN = (("投入管理指标", "工作目标管理"), ("投入管理指标", "预算和财务管理"), ("投入管理指标", "绩效管理"),
         ("产出指标", "重点工作任务完成"), ("产出指标", "履职目标实现"), ("效益指标", "履职效益"), ("效益指标", "满意度"))  # fmt: skip


def henan_document(rng: random.Random) -> Json:
    """One unit's whole table."""
    rows = [
        indicator(level1, level2, thing(rng) + rng.choice(ENDS), target(rng), description=sentence(rng, 2) + "。")
        for level1, level2 in HENAN for _ in range(rng.randint(1, 4))
    ]  # fmt: skip
    total, fiscal = amount(rng), amount(rng)
    one = table(
        "unit", thing(rng) + "局", fiscal_year=rng.randint(2019, 2030), amount_unit=rng.choice(("元", "万元")),
        budget={"total": total, "fiscal": fiscal, "other": None, "carryover": None}, goals=_goals(rng), indicators=rows,
        tasks=[{"name": thing(rng), "content": [sentence(rng, 1) for _ in range(rng.randint(2, 6))]} for _ in range(rng.randint(1, 3))],
    )  # fmt: skip
    detail = {
        "sources": {"政府预算资金": fiscal, "财政专户管理资金": None, "单位资金": rng.choice((None, amount(rng)))},
        "structure": {"基本支出": amount(rng), "项目支出": rng.choice((None, amount(rng)))},
    }
    return document("henan-unit", [one | {"budget_detail": detail}])
