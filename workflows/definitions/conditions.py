"""The parts of a condition as values: what each one says of a table's inputs, and how it is printed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from operator import eq, ge, gt, le, lt, ne
from typing import Any

Inputs = Mapping[str, Any]


class Kind(StrEnum):
    """What a name or a literal stands for."""

    NUMBER = "数"
    TEXT = "文字"
    TRUTH = "是非"


NAMES = {
    "金额": Kind.NUMBER, "属性": Kind.TEXT, "年度": Kind.NUMBER, "文种": Kind.TEXT, "类别": Kind.TEXT,
    "重点": Kind.TRUTH, "公开": Kind.TEXT,
}  # fmt: skip
"""What a condition may ask about; 金额 in 万元. None (unknown) makes every comparison false."""
COMPARISONS = {"==": eq, "!=": ne, "<=": le, ">=": ge, "<": lt, ">": gt}
EQUALITIES = frozenset({"==", "!="})


@dataclass(frozen=True)
class Named:
    """A value of the table by its name."""

    name: str

    @property
    def kind(self) -> Kind:
        """Return what the name stands for."""
        return NAMES[self.name]

    def value_in(self, inputs: Inputs) -> Decimal | str | None:
        """Return the table's value; None where it is unknown or not of the name's kind."""
        value = inputs.get(self.name)
        if self.kind == Kind.TEXT:
            return str(value) if isinstance(value, str) else None
        if isinstance(value, bool) or not isinstance(value, int | Decimal):
            return None
        number = Decimal(value)
        return number if number.is_finite() else None

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Literal:
    """A number or a text as written."""

    value: Decimal | str

    @property
    def kind(self) -> Kind:
        """Return whether it is a number or a text."""
        return Kind.TEXT if isinstance(self.value, str) else Kind.NUMBER

    def value_in(self, _inputs: Inputs) -> Decimal | str | None:
        """Return the literal itself."""
        return self.value

    def __str__(self) -> str:
        if isinstance(self.value, Decimal):
            return format(self.value, "f")
        opening, closing = next(pair for pair in ('""', "''", "“”") if pair[1] not in self.value)
        return f"{opening}{self.value}{closing}"


@dataclass(frozen=True)
class Compared:
    """Two values beside each other; false where one is unknown."""

    left: Named | Literal
    sign: str
    right: Named | Literal

    def holds(self, inputs: Inputs) -> bool:
        """Whether the comparison is true of these inputs."""
        left, right = self.left.value_in(inputs), self.right.value_in(inputs)
        return left is not None and right is not None and bool(COMPARISONS[self.sign](left, right))

    def __str__(self) -> str:
        return f"{self.left} {self.sign} {self.right}"


@dataclass(frozen=True)
class Among:
    """A value that is (or is not) one of a list; false where it is unknown."""

    left: Named | Literal
    items: tuple[Literal, ...]
    inside: bool = True

    def holds(self, inputs: Inputs) -> bool:
        """Whether the value is known and stands in the list, or outside of it where that is asked."""
        left = self.left.value_in(inputs)
        return left is not None and (left in {item.value for item in self.items}) == self.inside

    def __str__(self) -> str:
        return f"{self.left} {'in' if self.inside else 'not in'} [{', '.join(map(str, self.items))}]"


@dataclass(frozen=True)
class Holds:
    """A name that is itself true or false."""

    name: str

    def holds(self, inputs: Inputs) -> bool:
        """Whether the name is known and true."""
        return inputs.get(self.name) is True

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Not:
    """The contrary."""

    term: "Term"

    def holds(self, inputs: Inputs) -> bool:
        """Whether the term is false."""
        return not self.term.holds(inputs)

    def __str__(self) -> str:
        return f"not {_inside(self.term)}"


@dataclass(frozen=True)
class Both:
    """Two or more terms that must all hold."""

    terms: tuple["Term", ...]

    def holds(self, inputs: Inputs) -> bool:
        """Whether every term is true."""
        return all(term.holds(inputs) for term in self.terms)

    def __str__(self) -> str:
        return " and ".join(map(_inside, self.terms))


@dataclass(frozen=True)
class Either:
    """Two or more terms of which one must hold."""

    terms: tuple["Term", ...]

    def holds(self, inputs: Inputs) -> bool:
        """Whether one of the terms is true."""
        return any(term.holds(inputs) for term in self.terms)

    def __str__(self) -> str:
        return " or ".join(str(term) if isinstance(term, Both) else _inside(term) for term in self.terms)


Term = Compared | Among | Holds | Not | Both | Either


def _inside(term: Term) -> str:
    return f"({term})" if isinstance(term, Both | Either) else str(term)


def comparisons_in(term: Term) -> Iterator[Compared | Among | Holds]:
    """Yield the smallest questions that a condition asks, from left to right."""
    if isinstance(term, Both | Either):
        for each in term.terms:
            yield from comparisons_in(each)
    elif isinstance(term, Not):
        yield from comparisons_in(term.term)
    else:
        yield term


def names_in(term: Term) -> frozenset[str]:
    """Return the names that a condition asks about."""
    names = set()
    for question in comparisons_in(term):
        if isinstance(question, Holds):
            names.add(question.name)
            continue
        sides = (question.left, question.right) if isinstance(question, Compared) else (question.left,)
        names |= {side.name for side in sides if isinstance(side, Named)}
    return frozenset(names)
