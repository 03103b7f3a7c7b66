"""The table of features and their tests tells the truth: every row of issues 4, 5 and 6 stands there, every test named is there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TABLE = (ROOT / "docs" / "coverage-of-features.md").read_text(encoding="utf-8")
ROWS = {
    *(f"A{number}" for number in range(1, 24)), *(f"C{number}" for number in range(1, 10)),
    *(f"F{number}" for number in range(1, 7)), "D4", "D7", "D8", "D9", "D10", "E1", "E2", "E3", "E6", "E8", "J1", "J2", "J3",
    "J8", "J9", "L2", "L3", "M1", "M2", "M3", "M4", "M9", "M10", "M11",
    *(f"G{number}" for number in range(1, 14)), *(f"N{number}" for number in range(1, 13)),
    *(f"H{number}" for number in range(1, 11)), "D13", "E7", "I4", "I5", "L6", "M8",
    *(f"B{number}" for number in range(1, 14)), "I3", "L4", "L9",
}  # fmt: skip


def test_every_row_of_the_issue_stands_in_the_table_once_with_a_test() -> None:
    rows = re.findall(r"^\| ([A-Z][0-9]+) \|.*\|$", TABLE, re.MULTILINE)
    assert sorted(rows) == sorted(ROWS)
    without = [line[:6] for line in TABLE.splitlines() if re.match(r"\| [A-Z][0-9]", line) and "::test_" not in line]
    assert without == []


def test_every_test_that_the_table_names_is_there() -> None:
    named = re.findall(r"`([a-z0-9_/]+\.py)::([^`]*)`", TABLE)
    assert len(named) > len(ROWS)
    gone = [
        f"{file}::{name}" for file, name in named
        if not re.search(rf"^ *def {re.escape(name)}\(", (ROOT / "tests" / file).read_text(encoding="utf-8"), re.MULTILINE)
    ]  # fmt: skip
    assert gone == []
