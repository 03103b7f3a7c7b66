"""The English catalogue of the pages: which words they say, and which of these have no English yet.

`python -m tests.support.english` takes new words into the catalogue, drops those that nobody says any more, and lists
what somebody has to translate.
"""

import re
import sys
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from service.app import create_app
from service.catalogues import ENGLISH
from service.errors import SENTENCES, STATUS
from service.operation.signs import State
from service.present import COLOURS, FAMILIES, SCOPES, SEVERITIES
from workflows.delivery.classes import WORDS as CLASSES
from workflows.delivery.endpoints import TITLES as CHANNELS
from workflows.errors import GoaltrailError

HOUSE = Path(__file__).resolve().parents[2]
READERS = [("**/templates/**.html", "jinja2"), ("**.py", "python")]
EVERYTHING = create_app
"""Importing the application makes every refusal known that one of its pages can show."""
CHINESE = re.compile("[\u4e00-\u9fff]")
RULE = re.compile(r'Refusal\(\s*"[^"]+",\s*"([^"]+)"')
"""How a rule that refuses is written: its ID and its sentence."""


def said() -> frozenset[str]:
    """Return every Chinese text that pages show: what they hand to gettext, the refusals, the rules that refuse."""
    lists = (SENTENCES, COLOURS, FAMILIES, SCOPES, SEVERITIES, CHANNELS, CLASSES, [each.chinese for each in State])
    found = chain(_handed_over(), _refusals(), _rules(), _texts_in(lists), _lists_of_the_pages())
    return frozenset(each for each in found if CHINESE.search(each))


def translated() -> Mapping[str, str]:
    """Return the catalogue: the English of each Chinese text, empty where there is none."""
    with ENGLISH.open("rb") as file:
        return {str(each.id): str(each.string) for each in read_po(file, locale="en") if each.id}


def take_in() -> list[str]:
    """Bring the catalogue to what is said now, and return what has no English."""
    known, now = translated(), said()
    catalogue = Catalog(locale="en")
    for text in now:
        catalogue.add(text, known.get(text, ""))
    with ENGLISH.open("wb") as file:
        write_po(file, catalogue, width=0, sort_output=True, omit_header=True)
    return sorted(text for text in now if not known.get(text))


def _handed_over() -> Iterator[str]:
    for found in extract_from_dir(HOUSE / "service", READERS, keywords={"_": None, "gettext": None}):
        yield str(found[2])


def _lists_of_the_pages() -> Iterator[str]:
    """The texts in the named lists of the views: what codes are called, what a form says beside a step."""
    for name, module in sorted(sys.modules.items()):
        if name.startswith("service.pages."):
            yield from _texts_in([each for word, each in vars(module).items() if word.isupper()])


def _texts_in(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from _texts_in([*value.values()])
    elif isinstance(value, tuple | list):
        for each in value:
            yield from _texts_in(each)


def _refusals() -> Iterator[str]:
    """The sentences of refusals that have a page: those with a status of their own, and their kinds."""
    waiting = [*STATUS]
    while waiting:
        kind = waiting.pop()
        if kind.__module__.startswith(("workflows", "service.api")):
            yield (kind.__doc__ or "").strip()
        waiting += kind.__subclasses__() if kind is not GoaltrailError else []


def _rules() -> Iterator[str]:
    for file in (HOUSE / "workflows").rglob("*.py"):
        yield from RULE.findall(file.read_text("utf-8"))


if __name__ == "__main__":
    print(*take_in(), sep="\n")
