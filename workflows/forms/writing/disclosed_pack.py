"""A released pack as one form: the official boxes of every public table, the count of what stays inside, reviewers."""

from collections.abc import Mapping, Sequence
from typing import Any

from workflows.disclosures import in_words
from workflows.forms.form import Form, Line, Part, Place
from workflows.forms.writing.family_forms import LAYOUTS, layout_for

INSIDE = frozenset({"explanations", "notes"})
"""What a content holds for the reviewers alone."""


def pack_form(
    name: str, contents: Sequence[Mapping[str, Any]], *, internal: int, stubs: int, reviewers: str
) -> Form:
    """Return the form of a department's year; nothing but what the official boxes show of each table is in it."""
    parts: list[Part] = [
        Line(name, Place.TITLE), Line(f"公开项目绩效目标表{len(contents)}个。{in_words(internal, stubs)}"),
        Line(f"保密审查：{reviewers}"),
    ]  # fmt: skip
    for content in contents:
        shown = {key: value for key, value in content.items() if key not in INSIDE}
        parts += LAYOUTS[layout_for(shown)](shown)
    return Form(name, tuple(parts))
