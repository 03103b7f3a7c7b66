"""Places of a table's content by JSON pointer, rows by their stable ID: what stands there, and which row it is in."""

from collections.abc import Mapping, Sequence
from typing import Any

ABSENT = object()
"""What stands at a place that there is not."""
EXPLANATIONS = "/explanations"
"""Where the explanations to the machine's findings stand, each by rule and place (`V-T5@/indicators/2/target`)."""


def at_place(content: Mapping[str, Any], pointer: str) -> Any:
    """Return what stands at a place (`/indicators/r3/target/raw`), ABSENT where the content has no such place."""
    if not pointer.startswith("/"):
        return ABSENT
    here: Any = content
    for part in pointer[1:].split("/"):
        here = _inside(here, part)
        if here is ABSENT:
            return ABSENT
    return here


def _inside(value: Any, part: str) -> Any:
    if isinstance(value, Mapping):
        return value.get(part, ABSENT)
    if isinstance(value, Sequence) and not isinstance(value, str):
        named = (each for number, each in enumerate(value) if _name(each, number) == part)
        return next(named, ABSENT)
    return ABSENT


def _name(value: Any, number: int) -> str:
    return str(value.get("id", number)) if isinstance(value, Mapping) else str(number)


def row_of(pointer: str) -> str:
    """Return the ID of the indicator row that a place lies in, empty where it lies in none."""
    parts = pointer.split("/")
    return parts[2] if len(parts) > 2 and parts[1] == "indicators" else ""


def row_names(content: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the IDs of a table's indicator rows in their order."""
    return tuple(_name(row, number) for number, row in enumerate(content.get("indicators") or ()))


def explained_place(pointer: str, rows: Sequence[str]) -> str:
    """Return the place that an explanation is about, its row by ID instead of by number; empty for the whole table.

    `/explanations/V-T5@/indicators/2/target` is about `/indicators/r3/target` where r3 is the third of `rows`.
    """
    _rule, _at, about = pointer.removeprefix(f"{EXPLANATIONS}/").partition("@")
    parts = about.split("/")
    if len(parts) > 2 and parts[1] == "indicators":
        parts[2] = {str(number): row for number, row in enumerate(rows)}.get(parts[2], "")
    return "/".join(parts)
