"""What a PDF cannot print sign by sign, because its font lacks them, stands spelled in codes below the form."""

import json
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from workflows.forms import supplement
from workflows.forms.form import Box, Boxes, Line, Part, Place, label
from workflows.forms.writing_pdf.words import printable

WIDTHS = (30, 70)


def spelled_signs(said: Mapping[str, Any], signs: AbstractSet[int]) -> tuple[Part, ...]:
    """Return a further supplement for the texts of a content or a document that hold signs outside the font.

    The reader takes it like any other supplement: place by place, the text as JSON, the missing signs as codes.
    """
    rows = [
        (label(supplement.printed_place(path)), Box(_spelled(text, signs)))
        for path, text in _texts(said, ()) if not _prints(text, signs)
    ]  # fmt: skip
    if not rows:
        return ()
    heading = supplement.OF_DOCUMENT if "tables" in said else supplement.OF_TABLE
    return Line(heading, Place.HEADING), Boxes(WIDTHS, (tuple(map(label, supplement.HEADS)), *rows), heads=1)


def _texts(value: Any, path: supplement.Path) -> Iterator[tuple[supplement.Path, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _texts(inner, (*path, key))
    elif isinstance(value, list | tuple):
        for place, inner in enumerate(value):
            yield from _texts(inner, (*path, place))


def _prints(text: str, signs: AbstractSet[int]) -> bool:
    return all(sign.isspace() or printable(sign, signs) in ("", sign) for sign in text)


def _spelled(text: str, signs: AbstractSet[int]) -> str:
    spelled = json.dumps(text, ensure_ascii=False)
    return "".join(sign if printable(sign, signs) == sign else json.dumps(sign)[1:-1] for sign in spelled)
