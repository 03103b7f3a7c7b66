"""Made-up special-fund documents of Hebei."""

import random

from tests.forms.made_up import (
    BASES,
    ENDS,
    WORDS,
    Json,
    budget,
    classes,
    document,
    graded_target,
    indicator,
    sentence,
    table,
    thing,
)


def special_fund_document(rng: random.Random) -> Json:
    """A document with a department part or without, one to five tables, some undisclosed."""
    tables = [_table(rng, number) for number in range(1, rng.randint(1, 5) + 1)]
    part = _department(rng) if rng.random() < 0.6 else None
    return document("hebei-special-fund", tables, department=part, undisclosed_tables=rng.choice((0, 1, 12)))


def _table(rng: random.Random, number: int) -> Json:
    title = thing(rng) + "专项经费"
    rows = [
        indicator(
            level1, level2, thing(rng)[: rng.randint(3, 9)] + rng.choice(ENDS),
            rng.choice(WORDS) if rng.random() < 0.1 else rng.choice((graded_target(rng), f"≥{rng.randint(1, 99)}次", "100%")),
            description=sentence(rng, rng.randint(1, 2)),
            basis=None if rng.random() < 0.1 else rng.choice((*BASES, sentence(rng, 1))),
        )
        for level1, level2 in classes(rng, "效果指标")
    ]  # fmt: skip
    plan = [{"checkpoint": name, "cumulative_percent": None} for name in ("3月底", "6月底", "10 月底", "12 月底")]
    plan[3]["cumulative_percent"] = "100.00"
    return table(
        "project", title, number=number, project_code=f"{rng.randint(100, 999)}-{rng.randint(1000, 9999)}-ABC-X{number}",
        budget=budget(rng), purpose=sentence(rng, 4), spending_plan=plan,
        goals=[sentence(rng, 1) for _ in range(rng.randint(2, 4))], indicators=rows,
    )  # fmt: skip


def _department(rng: random.Random) -> Json:
    return {
        "name": None,
        "overall_goals": [sentence(rng, 3) + "。" for _ in range(rng.randint(2, 6))],
        "responsibilities": [_duty(rng) for _ in range(rng.randint(1, 4))],
        "itemised_goals": [], "long_term_goals": [],
        "safeguards": [sentence(rng, 4) + "。" for _ in range(rng.randint(2, 5))],
    }  # fmt: skip


def _duty(rng: random.Random) -> Json:
    return {
        "name": thing(rng), "description": "负责" + sentence(rng, 2) + "。", "goal": "做好" + sentence(rng, 1) + "。",
        "activities": [
            {"name": thing(rng), "description": "负责" + sentence(rng, 6) + "。", "goal": sentence(rng, 1) + "。"}
            for _ in range(rng.randint(1, 3))
        ],
    }  # fmt: skip
