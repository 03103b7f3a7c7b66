"""Actual values that the ledger itself can propose for a table on overall spending, each with where it comes from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workflows.measures.unit_loop import ABOVE, BELOW, DUE, Rate, imported_percent
from workflows.packs.pack import UnitLoop
from workflows.state.assessments import Component

QUOTES = str.maketrans("", "", "“”\"'「」 　")


@dataclass(frozen=True)
class Proposed:
    """A value in percent for a row, and its source in words; the filer confirms or changes it."""

    value: str
    words: str


def proposed_actuals(
    rows: Sequence[Mapping[str, Any]], rates: Sequence[Rate], rules: UnitLoop, components: Mapping[str, Component],
    day: str,
) -> dict[str, Proposed]:  # fmt: skip
    """Return proposals by row ID: rows named like a ratio of the log, or like one whose components were entered."""
    known = {_key(rate.name): _counted(rate, day) for rate in rates if rate.percent is not None}
    for ratio in rules.imported:
        if component := components.get(ratio.name):
            said = (
                f"登记的分子{component.numerator}{component.counted_in}（{ratio.numerator}）、"
                f"分母{component.denominator}{component.counted_in}（{ratio.denominator}），佐证见附件"
            )
            known[_key(ratio.name)] = Proposed(f"{imported_percent(ratio, component)}", said)
    return {row["id"]: known[_key(row["level3"])] for row in rows if _key(row["level3"]) in known}


def _key(name: str | None) -> str:
    return (name or "").translate(QUOTES)


def _counted(rate: Rate, day: str) -> Proposed:
    below = rate.due if rate.by_due and rate.due else rate.below
    named = DUE[rate.key] if rate.by_due and rate.due else BELOW[rate.key]
    said = f"截至{day}台账：{ABOVE[rate.key]}{rate.above.number} ÷ {named}{below.number}"
    if rate.due:
        other, name = (rate.below, BELOW[rate.key]) if rate.by_due else (rate.due, DUE[rate.key])
        said += f"；按{name}{other.number}计为{rate.other if rate.other is not None else '—'}%"
    return Proposed(f"{rate.percent}", said)
