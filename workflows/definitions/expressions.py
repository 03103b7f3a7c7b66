"""A condition of an approval chain: its text, read once, asked of a table's inputs; the same always says the same."""

from dataclasses import dataclass
from typing import Self

from workflows.definitions.conditions import Inputs, Term, names_in
from workflows.definitions.grammar import TOKEN, parsed

READ = {
    "and": "且", "or": "或", "not": "非", "in": "属于", "==": "＝", "!=": "≠", "<=": "≤", ">=": "≥",
    "金额": "金额（万元）",
}  # fmt: skip


@dataclass(frozen=True)
class Expression:
    """A condition, e.g. `重点 or 金额 >= 500`. Two texts of the same meaning word by word are equal."""

    term: Term

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a condition. ConditionUnreadable, with the place, for anything that is not one."""
        return cls(parsed(text))

    def evaluate(self, inputs: Inputs) -> bool:
        """Whether the condition holds; a name that is missing, None or of another kind is unknown, never an error."""
        return self.term.holds(inputs)

    @property
    def names(self) -> frozenset[str]:
        """Return the names that the condition asks about: what the event records as inputs used."""
        return names_in(self.term)

    def in_chinese(self) -> str:
        """Return the condition as people read it: 重点 或 金额（万元） ≥ 500."""
        pieces = [
            piece[0] if piece.lastgroup == "text" else READ.get(piece[0], piece[0])
            for piece in TOKEN.finditer(str(self))
        ]
        return "".join(pieces).replace("非 属于 [", "不属于 [")

    def __str__(self) -> str:
        return str(self.term)
