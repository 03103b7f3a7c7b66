"""A released pack as one form: the official boxes of every public table, the count of what stays inside, reviewers."""

from collections.abc import Mapping, Sequence
from typing import Any

from workflows.forms.form import Form, Line, Part, Place
from workflows.forms.writing.family_forms import LAYOUTS, layout_for
from workflows.state.disclosures import in_words

INSIDE = frozenset({"explanations", "notes"})
"""What a content holds for the reviewers alone."""


def pack_head(name: str, counted: str, reviewers: str) -> tuple[Part, ...]:
    """Return what stands above the tables of any pack: its name, how many are in it and how many not, who reviewed."""
    return Line(name, Place.TITLE), Line(counted), Line(f"保密审查：{reviewers}")


def pack_form(
    name: str, contents: Sequence[Mapping[str, Any]], *, internal: int, stubs: int, reviewers: str
) -> Form:
    """Return the form of a department's year; nothing but what the official boxes show of each table is in it."""
    counted = f"公开项目绩效目标表{len(contents)}个。{in_words(internal, stubs)}"
    parts: list[Part] = list(pack_head(name, counted, reviewers))
    for content in contents:
        shown = {key: value for key, value in content.items() if key not in INSIDE}
        parts += LAYOUTS[layout_for(shown)](shown)
    return Form(name, tuple(parts))
