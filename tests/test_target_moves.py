"""靶子移动率 (domain.md 7): which rows a late revision lowered, by the way that is good for each row."""

from decimal import Decimal
from typing import Any

import pytest

from workflows.content.targets import parse_target
from workflows.measures.target_moves import Held, lowered, lowered_rows, moves


def row(text: str, *, name: str = "培训人次", level2: str = "数量指标", key: str = "r1") -> dict[str, Any]:
    read = parse_target(text)
    target = {"raw": read.raw, "op": read.op, "value": read.value, "unit": read.unit}
    return {"id": key, "level1": "产出指标", "level2": level2, "level3": name, "target": target}


@pytest.mark.parametrize(("before", "after", "wanted"), [
    ("≥100人次", "≥80人次", True), ("≥100人次", "≥120人次", False), ("≥100人次", "≥100人次", False),
    ("≤10万元", "≤12万元", True), ("≤10万元", "≤80000元", False), ("≤10万元", "≤120000元", True),
    ("2023年6月底", "2023年9月底", True), ("2023年9月底", "2023年6月底", False), ("≥95%", "显著提高", True),
    ("显著提高", "有所提高", False), ("显著提高", "≥95%", False), ("≥95%", "≥90人", True),
    ("10-20次", "8-20次", True), ("10-20次", "12-18次", False),
])  # fmt: skip
def test_a_target_is_lowered_by_the_way_that_is_good_for_it(before: str, after: str, wanted: bool) -> None:
    assert lowered(row(before), row(after)) == wanted


def contents(*texts: str) -> dict[str, Any]:
    return {"indicators": [row(text, key=f"r{number}") for number, text in enumerate(texts, 1)]}


def test_only_late_revisions_count_and_rows_are_those_before_them() -> None:
    first, early = Held(contents("≥100人次", "≥50次", "≥3场")), Held(contents("≥90人次", "≥50次", "≥3场"))
    late = Held(contents("≥90人次", "≥40次"), late=True)
    assert lowered_rows((first, early)) == frozenset()
    assert lowered_rows((first, early, late)) == {"r2", "r3"}


def test_a_row_that_came_with_a_late_revision_is_no_row_of_the_share() -> None:
    first, second = Held(contents("≥100人次")), Held(contents("≥100人次", "≥50次"), late=True)
    third = Held(contents("≥100人次", "≥10次"), late=True)
    assert (moves([(first, second, third)]).lowered, moves([(first, second, third)]).rows) == (0, 1)


def test_the_share_is_over_all_tables() -> None:
    still, moved = (Held(contents("≥1次", "≥2次")),), (Held(contents("≥9次")), Held(contents("≥1次"), late=True))
    found = moves([still, moved])
    assert (found.lowered, found.rows, found.percent) == (1, 3, Decimal("33.33"))
    assert moves([]).percent is None
