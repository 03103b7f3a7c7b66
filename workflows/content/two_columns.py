"""The region family's two columns of money and goals: the whole project beside what is allocated, and what differs."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from workflows.content.text_differences import Piece, pieces_of

PARTS = (("total", "资金总额"), ("fiscal", "其中：财政拨款"), ("other", "其他资金"), ("carryover", "结余结转"))


@dataclass(frozen=True)
class Money:
    """One line of both columns as printed; `difference` (whole less allocated) is None where either is unknown."""

    name: str
    whole: str | None
    allocated: str | None
    difference: Decimal | None


@dataclass(frozen=True)
class TwoColumns:
    """Both columns side by side: amounts in the table's unit, the goal texts as pieces."""

    unit: str
    money: tuple[Money, ...]
    goals: tuple[Piece, ...]

    @property
    def differences(self) -> int:
        """How many stretches of the goal texts read otherwise."""
        return sum(not piece.same for piece in self.goals)

    @property
    def same_money(self) -> bool:
        """Whether every amount is known in both columns or in neither, and the same."""
        return all(each.whole == each.allocated or each.difference == 0 for each in self.money)


def two_columns(content: Mapping[str, Any]) -> TwoColumns | None:
    """Return a content's two columns side by side, None where its form has one."""
    part = content.get("allocated")
    if not part:
        return None
    whole = content["budget"]
    money = tuple(
        Money(name, whole.get(key), part.get(key), _difference(whole.get(key), part.get(key))) for key, name in PARTS
    )
    goals = pieces_of(_text(content["goals"]), _text(part.get("goals") or ()))
    return TwoColumns(content["amount_unit"], money, goals)


def _difference(whole: str | None, allocated: str | None) -> Decimal | None:
    try:
        return None if whole is None or allocated is None else Decimal(whole) - Decimal(allocated)
    except InvalidOperation:
        return None


def _text(goals: Any) -> str:
    return "\n".join(map(str, goals))
