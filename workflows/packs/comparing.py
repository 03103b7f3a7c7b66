"""What differs between two versions of a rule pack, place by place: how it read and how it reads (E9)."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Content = Mapping[str, Any]
NAMING = ("name", "code", "grade", "from")
"""Items by which an entry of a list is known, the first that it has."""


@dataclass(frozen=True)
class PackDifference:
    """One difference: the section, the path inside it in words, the old and new text (empty where there is none)."""

    section: str
    path: tuple[str, ...]
    old: str
    new: str

    @property
    def said(self) -> str:
        """Return the difference in one line."""
        return f"{' › '.join((self.section, *self.path))}：{self.old or '（无）'} → {self.new or '（无）'}"


def pack_differences(old: Content, new: Content) -> tuple[PackDifference, ...]:
    """Return every difference in the order of the new pack, then what only the old one has."""
    return tuple(
        PackDifference(path[0], path[1:], was, now) for path, was, now in _between((), old, new)
    )  # fmt: skip


def _between(path: tuple[str, ...], old: Any, new: Any) -> Iterator[tuple[tuple[str, ...], str, str]]:
    if old == new:
        return
    before, after = _items(old), _items(new)
    if before is None or after is None:
        yield path, _text(old), _text(new)
        return
    for name in dict.fromkeys((*after, *before)):
        yield from _between((*path, name), before.get(name), after.get(name))
    if list(before) != list(after) and set(before) == set(after) and isinstance(new, list):
        yield (*path, "顺序"), "、".join(before), "、".join(after)


def _items(value: Any) -> Mapping[str, Any] | None:
    """Return the named parts of an object or of a list whose entries have names; None for what is compared whole."""
    if isinstance(value, Mapping):
        return value
    if isinstance(value, list) and value and all(isinstance(each, Mapping) for each in value):
        named = {_name(each): each for each in value}
        return named if len(named) == len(value) else None
    return None


def _name(entry: Mapping[str, Any]) -> str:
    return str(next((entry[item] for item in NAMING if item in entry), ""))


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
