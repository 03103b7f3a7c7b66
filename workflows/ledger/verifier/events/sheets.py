"""What is kept of a content: the values that rules ask for, and a sum over all of its fields."""

from __future__ import annotations

import json
import re
import sys
from hashlib import sha256
from typing import Any, Dict, List, NamedTuple, Sequence, Tuple


class Sheet(NamedTuple):
    """What is kept of a table's content: what events repeat of it, what conditions ask for, and the sum of its fields."""

    title: Any
    disclosure: Any
    plan: Tuple[Tuple[Any, Any], ...]
    budget: Any
    sum: int
    unit: Any
    attribute: Any
    key: bool
    rows: Tuple[str, ...] = ()
    origins: Tuple[Tuple[str, str], ...] = ()
    aims: Tuple[str, ...] = ()


class Changes(NamedTuple):
    """What is kept of a list of changes: how many, the sum of their new fields less that of their old ones, their places."""

    number: int
    sum: int
    places: Tuple[str, ...]


MODULUS = 1 << 256
ORDERS: Dict[Tuple[str, ...], Tuple[str, ...]] = {}
"""The orders of rows, and what rows aim at, that were met: most tables share one."""


def weigh(pointer: Any, text: Any) -> int:
    """Return a field's weight: the hash of its place and text as a number.

    The weights of a content's fields add up to its sum, in any order. So old sum + changes = new sum shows that a list of
    changes leaves nothing out, without keeping any content in memory.
    """
    return int.from_bytes(sha256(f"{pointer}\0{text}".encode("utf-8", "surrogatepass")).digest(), "big")


def sum_of(value: Any, pointer: str = "") -> int:
    """Return the sum of every field that is not empty; rows with an `id` are addressed by it."""
    if isinstance(value, dict):
        return sum(sum_of(item, f"{pointer}/{key}") for key, item in value.items())
    if isinstance(value, list):
        keys = (item.get("id", number) if isinstance(item, dict) else number for number, item in enumerate(value))
        return sum(sum_of(item, f"{pointer}/{key}") for key, item in zip(keys, value))
    return 0 if value is None else weigh(pointer, value)


def sum_of_changes(changes: Sequence[Any]) -> int:
    """Return the sum of the new fields less that of the old ones."""
    added = sum(weigh(each["pointer"], each["new"]) for each in changes if each["new"] is not None)
    return added - sum(weigh(each["pointer"], each["old"]) for each in changes if each["old"] is not None)


def origin_of(row: Dict[str, Any]) -> Tuple[str, str]:
    """Return from which table and row an indicator row says that it was taken; empty texts where from the library."""
    origin = row["origin"] if isinstance(row["origin"], dict) else {}
    return shared(str(origin.get("table", ""))), shared(str(origin.get("row", "")))


def aims_of(rows: Sequence[Any]) -> Tuple[str, ...]:
    """Return what the colour of a monitoring window asks of each indicator row, one JSON text for each, shared where it was met."""
    found = tuple(json.dumps(aim_of(row)) for row in rows if isinstance(row, dict) and isinstance(row.get("target"), dict))
    return ORDERS.setdefault(found, found)


def aim_of(row: Dict[str, Any]) -> List[Any]:
    """Return a row's id, classes and name, operator, number and unit of its target, chosen direction and scoring, weight.

    Last: whether a target without unit is a percentage, by its print or its name.
    """
    target = row["target"]
    percent = re.search(r"\d\s*[%％]", str(target.get("raw") or "")) or RATE_NAME.search(str(row.get("level3") or ""))
    return [row.get("id"), row.get("level2"), row.get("level3"), target.get("op"), target.get("value"), target.get("unit"),
            row.get("direction"), row.get("scoring"), row.get("weight"), bool(percent)]  # fmt: skip


RATE_NAME = re.compile(r"率$|率[（(]|满意度|百分比|比重|占比")


def shared(value: Any) -> Any:
    """Return a text as the one object that all equal texts share: a million events fit into little memory."""
    return sys.intern(value) if type(value) is str else value
