"""What differs between two contents of a table, field by field, each place named by a JSON pointer."""

from collections.abc import Iterator, Mapping
from typing import Any

Change = dict[str, str | None]
UNREASONED = ("weight", "disclosure", "explanations", "id")
"""What the document itself does not say, so that it may be filled in without a reason."""


def changes_between(old: Any, new: Any, reasons: Mapping[str, str]) -> tuple[Change, ...]:
    """Return old and new text of every differing field, with the reason given for that place or a place above it."""
    before, after = dict(_leaves(old, "")), dict(_leaves(new, ""))
    places = sorted(before.keys() | after.keys())
    return tuple(
        {"pointer": place, "old": before.get(place), "new": after.get(place), "reason": _reason(place, reasons)}
        for place in places
        if before.get(place) != after.get(place)
    )


def needs_reason(pointer: str) -> bool:
    """Whether a change at this place alters what the document said, so that a reason is due."""
    return not any(part in UNREASONED for part in pointer.split("/"))


def awaiting_reason(recorded: Any, content: Any, reasons: Mapping[str, str]) -> tuple[str, ...]:
    """Return the places that differ from the recorded content and were kept with their reason still to come ("")."""
    places = (str(change["pointer"]) for change in changes_between(recorded, content, {}))
    return tuple(place for place in places if reasons.get(place) == "" and needs_reason(place))


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
