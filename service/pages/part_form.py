"""The edit form of a department part: its fields by name, and the part that was posted with them."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from service.pages.posted import cleaned

Json = dict[str, Any]
Fields = Mapping[str, str]
BLANK_GOALS, BLANK_ITEMS = 2, 1
"""Empty rows offered below each list of texts, and below each list of items; more come with every save."""


def part_posted(form: Fields, base: Mapping[str, Any]) -> Json:
    """Return the part that was typed. What reads as before is taken from `base` sign by sign; empty rows go.

    Links are no fields of this form: an item keeps those that it had.
    """
    part: Json = {
        "name": _one(form, "name", base["name"]),
        "overall_goals": _texts(form, "overall", base["overall_goals"]),
        "responsibilities": _rows(form, "duty", base["responsibilities"], _duty),
        "itemised_goals": _rows(form, "item", base["itemised_goals"], _itemised),
        "long_term_goals": _texts(form, "long", base["long_term_goals"]),
        "safeguards": _rows(form, "safe", base["safeguards"], _safeguard),
    }  # fmt: skip
    tasks = _rows(form, "task", base.get("tasks") or [], _task)
    return {**part, "tasks": tasks} if tasks or "tasks" in base else part


def _rows(form: Fields, name: str, base: list[Any], make: Callable[[Fields, str, Any], Any]) -> list[Any]:
    found = []
    for number in _numbers(form, name):
        made = make(form, f"{name}-{number}", base[number] if number < len(base) else None)
        found += [made] if made is not None else []
    return found


def _numbers(form: Fields, name: str) -> list[int]:
    pattern = re.compile(rf"{re.escape(name)}-([0-9]{{1,3}})(?:-|$)")
    return sorted({int(match[1]) for each in form if (match := pattern.match(each))})


def _texts(form: Fields, name: str, base: list[str]) -> list[str]:
    return [text for text in _rows(form, name, base, _one) if text is not None]


def _one(form: Fields, field: str, old: str | None) -> str | None:
    """Return a typed text, None for an empty one, the old text where it only differs in blanks or line ends."""
    typed = cleaned(form.get(field, ""))
    return old if old is not None and cleaned(old) == typed else typed or None


def _lines(form: Fields, field: str, old: list[str]) -> list[str]:
    typed = [line.strip() for line in cleaned(form.get(field, "")).split("\n") if line.strip()]
    return old if [cleaned(each) for each in old] == typed else typed


def _duty(form: Fields, field: str, old: Json | None) -> Json | None:
    before = old or {"name": None, "description": None, "goal": None, "activities": []}
    duty = {key: _one(form, f"{field}-{key}", before[key]) for key in ("name", "description", "goal")}
    activities = _rows(form, f"{field}-act", before["activities"], _activity)
    return {**duty, "activities": activities} if any(duty.values()) or activities else None


def _activity(form: Fields, field: str, old: Json | None) -> Json | None:
    before = old or {}
    activity = {key: _one(form, f"{field}-{key}", before.get(key)) for key in ("name", "description", "goal")}
    return {**activity, **_links(before)} if any(activity.values()) else None


def _itemised(form: Fields, field: str, old: Json | None) -> Json | None:
    before = old or {}
    goal = {key: _one(form, f"{field}-{key}", before.get(key)) for key in ("title", "goal")}
    names = _lines(form, f"{field}-indicators", before.get("indicators") or [])
    return {**goal, "indicators": names, **_links(before)} if any(goal.values()) or names else None


def _safeguard(form: Fields, field: str, old: Any) -> Any:
    titled = isinstance(old, Mapping)
    title = _one(form, f"{field}-title", old["title"] if titled else None)
    text = _one(form, f"{field}-text", old["text"] if titled else old)
    return {"title": title, "text": text} if title else text


def _task(form: Fields, field: str, old: Json | None) -> Json | None:
    before = old or {"name": None, "content": []}
    name = _one(form, f"{field}-name", before["name"])
    lines = _lines(form, f"{field}-content", before["content"])
    return {"name": name, "content": lines} if name or lines else None


def _links(item: Mapping[str, Any]) -> Json:
    return {"links": item["links"]} if "links" in item else {}
