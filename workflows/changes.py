"""What differs between two contents of a table, field by field, each place named by a JSON pointer."""

from collections.abc import Iterator, Mapping
from typing import Any

Change = dict[str, str | None]


def changes_between(old: Any, new: Any, reasons: Mapping[str, str]) -> tuple[Change, ...]:
    """Return old and new text of every differing field, with the reason given for that place or a place above it."""
    before, after = dict(_leaves(old, "")), dict(_leaves(new, ""))
    places = sorted(before.keys() | after.keys())
    return tuple(
        {"pointer": place, "old": before.get(place), "new": after.get(place), "reason": _reason(place, reasons)}
        for place in places
        if before.get(place) != after.get(place)
    )


def _reason(place: str, reasons: Mapping[str, str]) -> str:
    while place:
        if place in reasons:
            return reasons[place]
        place = place.rpartition("/")[0]
    return reasons.get("", "")


def _leaves(value: Any, place: str) -> Iterator[tuple[str, str]]:
    """Yield every non-empty leaf; rows with an `id` are addressed by it, so that moving a row is no change."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _leaves(item, f"{place}/{key}")
    elif isinstance(value, list | tuple):
        for number, item in enumerate(value):
            key = item.get("id", str(number)) if isinstance(item, Mapping) else str(number)
            yield from _leaves(item, f"{place}/{key}")
    elif value is not None:
        yield place, str(value)
