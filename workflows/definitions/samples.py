"""Sample inputs for conditions: one of every kind of table that some conditions can tell apart."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import pairwise, product

from workflows.definitions.chain import Chain
from workflows.definitions.conditions import NAMES, Among, Compared, Holds, Inputs, Kind, Literal, Named, comparisons_in
from workflows.definitions.expressions import Expression

KNOWN_WORDS = {
    "类别": ("project", "unit", "department"),
    "文种": ("hebei-special-fund", "hebei-project", "ningxia-county-project", "ningxia-region-project", "henan-unit"),
    "公开": ("公开", "内部"),
}
"""The names whose words are a closed list; 属性 is printed freely."""
Value = Decimal | int | str | bool | None


def conditions_of(chain: Chain) -> tuple[Expression, ...]:
    """Return the conditions of a chain's nodes."""
    return tuple(node.when for node in chain.nodes if node.when)


def samples(conditions: Iterable[Expression]) -> Iterator[Inputs]:
    """Yield inputs of every kind that the conditions tell apart, one after the other: there may be very many."""
    conditions = tuple(conditions)
    names = sorted({name for each in conditions for name in each.names})
    literals = {side.value for each in conditions for side in _literals(each)}
    choices = [_values(name, literals) for name in names]
    for values in product(*choices):
        yield dict(zip(names, values, strict=True))


def asked_words(condition: Expression) -> Iterator[tuple[str, str]]:
    """Yield each name together with a text that the condition holds it against."""
    for question in comparisons_in(condition.term):
        if isinstance(question, Holds):
            continue
        sides = (question.left, *(question.items if isinstance(question, Among) else (question.right,)))
        for name, literal in product(sides, sides):
            if isinstance(name, Named) and isinstance(literal, Literal) and isinstance(literal.value, str):
                yield name.name, literal.value


def _literals(condition: Expression) -> Iterator[Literal]:
    for question in comparisons_in(condition.term):
        if isinstance(question, Among):
            yield from question.items
        elif isinstance(question, Compared):
            yield from (side for side in (question.left, question.right) if isinstance(side, Literal))


def _values(name: str, literals: Iterable[Decimal | str]) -> Sequence[Value]:
    if NAMES[name] == Kind.TRUTH:
        return [False, True]
    if NAMES[name] == Kind.TEXT:
        words = KNOWN_WORDS.get(name) or (*sorted(each for each in literals if isinstance(each, str)), "（其他）")
        return list(words) if name in ("类别", "文种") else [None, *words]
    numbers = sorted({each for each in literals if isinstance(each, Decimal)})
    if name == "年度":
        return sorted({int(each) + step for each in numbers or (2026,) for step in (-1, 0, 1)})
    between = [(low + high) / 2 for low, high in pairwise(numbers)]
    return [None, *sorted({Decimal(0), *numbers, *between, (numbers or [Decimal(0)])[-1] + 1})]
