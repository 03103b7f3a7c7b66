"""Made-up goal tables of every family, from a seed: the expected values that a rendered document must give back."""

import random
from typing import Any

from workflows.content.targets import parse_target

Json = dict[str, Any]
THINGS = ("城区道路", "乡村饮水设施", "职业技能培训", "公共图书馆", "河道堤防", "基层卫生院", "档案数字化", "消防站点",
          "农田灌溉渠", "养老服务站", "校园食堂", "林区防火带", "数据共享平台", "气象观测站")  # fmt: skip
VERBS = ("养护", "改造", "建设", "巡查", "运行维护", "设备更新", "质量检测", "宣传推广", "物资采购")
ENDS = ("数量", "完成率", "合格率", "覆盖情况", "及时率", "控制情况", "群众评价", "使用效果")
TAILS = ("，确保按计划完成", "，及时发现并处理问题", "，切实提高服务水平", "，做到底数清、情况明", "，严格执行有关规定",
         "，进一步改善群众生产生活条件", "，形成长效管理机制")  # fmt: skip
BASES = ("年度工作计划", "行业技术规范", "合同约定", "项目实施方案", "上级主管部门下达的任务书", "历年统计数据")
WORDS = ("明显改善", "稳步提升", "长期有效", "逐步完善", "运行平稳")
UNITS = ("次", "个", "公里", "万元", "人次", "台")


def thing(rng: random.Random) -> str:
    """A short name."""
    return rng.choice(THINGS) + rng.choice(VERBS)


def sentence(rng: random.Random, parts: int = 2) -> str:
    """A longer text."""
    return thing(rng) + "".join(rng.sample(TAILS, parts))


def amount(rng: random.Random) -> str:
    """An amount in 万元."""
    return f"{rng.randint(1, 2000)}.{rng.randint(0, 99):02d}"


def target(rng: random.Random) -> str:
    """A target of any kind."""
    number = rng.randint(1, 100)
    return rng.choice(
        [f"≥{number}{rng.choice(UNITS)}", f"≤{number}%", f"{number}%以上", f"{number}{rng.choice(UNITS)}",
         f"20{rng.randint(20, 29)}年{rng.randint(1, 12)}月底", rng.choice(WORDS), f"高于{number}%"],
    )  # fmt: skip


def graded_target(rng: random.Random) -> str:
    """A target as special funds print them."""
    number = rng.choice((60, 75, 80, 85, 90, 95))
    return rng.choice([f"≥{number} 达到指标的{number}%及以上为优", f"≥{number} 完成指标{number}%以上为优"])


def parsed(raw: str | None) -> Json:
    """The JSON of a target."""
    if raw is None:
        return {"raw": None, "op": None, "value": None, "unit": None}
    found = parse_target(raw)
    return {"raw": raw, "op": found.op, "value": found.value, "unit": found.unit}


def indicator(level1: str, level2: str, level3: str, raw: str | None, **more: str | None) -> Json:
    """One expected row."""
    return {
        "level1": level1, "level2": level2, "level3": level3, "description": more.get("description"),
        "target": parsed(raw), "basis": more.get("basis"), "requirement": more.get("requirement"),
    }  # fmt: skip


def table(scope: str, title: str, **more: Any) -> Json:
    """One expected table."""
    plain: Json = {
        "scope": scope, "title": title, "number": None, "fiscal_year": None, "project_code": None,
        "supervising_department": None, "implementing_unit": None, "unit_code": None, "attribute": None,
        "period": None, "amount_unit": "万元",
        "budget": {"total": None, "fiscal": None, "other": None, "carryover": None},
        "purpose": None, "spending_plan": [], "goals": [], "tasks": [], "indicators": [],
    }  # fmt: skip
    return plain | more


def document(family: str, tables: list[Json], **more: Any) -> Json:
    """One expected document."""
    plain: Json = {
        "source": "made-up.txt", "family": family, "tables": tables, "department": None, "undisclosed_tables": 0,
    }  # fmt: skip
    return plain | more


def budget(rng: random.Random) -> Json:
    """Total and its parts, the parts possibly not printed."""
    total = amount(rng)
    fiscal = rng.choice((total, None))
    return {"total": total, "fiscal": fiscal, "other": None if fiscal else total, "carryover": None}


TREE = (
    ("产出指标", ("数量指标", "质量指标", "时效指标", "成本指标")),
    ("效益指标", ("经济效益指标", "社会效益指标", "生态效益指标", "可持续影响指标")),
    ("满意度指标", ("服务对象满意度指标",)),
)


def classes(rng: random.Random, benefit: str = "效益指标") -> list[tuple[str, str]]:
    """The classes of a table in any order, some missing."""
    found = []
    for level1, level2s in TREE:
        some = rng.sample(level2s, rng.randint(1, len(level2s)))
        found += [(benefit if level1 == "效益指标" else level1, level2) for level2 in some]
    return found
