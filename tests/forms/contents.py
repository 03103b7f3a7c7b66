"""Made-up contents of every family as tables hold them: rows with ids and weights, marks, explanations, odd texts."""

import random
from typing import Any

from hypothesis import strategies as st

from tests.forms.made_up import Json
from tests.forms.made_up_grids import county_document, hebei_project_document, henan_document, region_document
from tests.forms.made_up_special_fund import special_fund_document

MAKERS = {
    "hebei-special-fund": special_fund_document, "hebei-project": hebei_project_document,
    "ningxia-county-project": county_document, "ningxia-region-project": region_document, "henan-unit": henan_document,
}  # fmt: skip
ODD = (
    "1、一\n2、二", " 前后有空白 ", "", "=SUM(A1)", "（空）", "（无此项）", "null", "12.50", "<p>标记</p>", "一\t二", "\u3000全角",
    'a & b < c "d"', "绩效目标", "三级指标", "合计", "第3项", "_x0041_", "换\r\n行", "控\x01制", "·间 · 隔·", "😀𠮷", "\ufffe",
    "项目名称", "其中：财政拨款", "每句一行。\n又一行。", "附：本表其他登记内容", "5、", "'单引号", '{"a": 1}',
)  # fmt: skip


def made_up_document(family: str, seed: int) -> Json:
    """One document of a family."""
    return MAKERS[family](random.Random(seed))


def content_from(table: Json, family: str, rng: random.Random) -> Json:
    """One of its tables as a content."""
    rows = [
        {**row, "id": f"r{number}", "weight": rng.choice((None, "5", "12.5"))}
        for number, row in enumerate(table["indicators"], 1)
    ]
    explained = {f"V-T{n}@/indicators/{n}/target": rng.choice(ODD) for n in range(rng.randint(0, 2))}
    return {
        **table, "indicators": rows, "family": family, "disclosure": rng.choice((None, "公开", "内部")),
        "explanations": explained,
    }  # fmt: skip


KEPT = ("scope", "family", "source", "department", "disclosure", "id", "number", "fiscal_year", "amount_unit")
"""What is no free text."""


def _places(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every place of a value that holds a text or nothing."""
    if isinstance(value, dict):
        return [place for key, inner in value.items() for place in _places(inner, (*path, key))]
    if isinstance(value, list):
        return [place for number, inner in enumerate(value) for place in _places(inner, (*path, number))]
    return [path] if (value is None or isinstance(value, str)) and path[-1] not in KEPT else []


def with_odd_texts(content: Json, rng: random.Random, count: int) -> Json:
    """Put odd texts at some places."""
    places = _places(content)
    for place in rng.sample(places, min(count, len(places))):
        inner: Any = content
        for part in place[:-1]:
            inner = inner[part]
        inner[place[-1]] = rng.choice(ODD if isinstance(place[-1], int) else (*ODD, None))
    return content


SEEDS = st.integers(0, 10**9)
"""What a made-up document is made from."""
