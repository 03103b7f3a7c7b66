"""The layout of a kind: its fields in every shape, and the form of each field."""

from __future__ import annotations

from typing import Any, Callable, Dict, FrozenSet, NamedTuple, Tuple

from workflows.ledger.verifier.events.kinds import BOUND_AT_ONCE, KINDS, OLDER
from workflows.ledger.verifier.evidence.manifest import HEX64, UUID


def is_text(value: Any) -> bool:
    """A text of any length."""
    return type(value) is str


def is_hash(value: Any) -> bool:
    """64 hex digits."""
    return type(value) is str and HEX64.fullmatch(value) is not None


def is_uuid(value: Any) -> bool:
    """A UUID in lower case."""
    return type(value) is str and UUID.fullmatch(value) is not None


def is_committed(value: Any) -> bool:
    """The commitment of words that can be erased."""
    return type(value) is dict and len(value) == 1 and is_hash(value.get("committed"))


def are_texts(value: Any) -> bool:
    """A list of texts."""
    return type(value) is list and all(type(item) is str for item in value)


FORMS: Dict[str, Callable[[Any], bool]] = {
    "text": is_text,
    "uuid": is_uuid,
    "hash": is_hash,
    "bytes": is_hash,
    "int": lambda value: type(value) is int and value >= 0,
    "number": lambda value: value is None or (type(value) is int and value >= 0),
    "bool": lambda value: type(value) is bool,
    "maybe": lambda value: value is None or type(value) is str,
    "texts": are_texts,
    "object": lambda value: type(value) is dict,
    "objects": lambda value: type(value) is list and all(type(item) is dict for item in value),
    "words": lambda value: value == "" or is_committed(value),
}
Fields = Tuple[Tuple[str, str], ...]


class Layout(NamedTuple):
    """A kind's fields as they are checked: (name, form) pairs, which are bound by commitments, and every shape's fields."""

    subject: str
    shape: int
    fields: Fields
    names: FrozenSet[str]
    bound: Tuple[str, ...]
    shapes: Tuple[Tuple[Fields, FrozenSet[str]], ...]


def fields_of(spec: str) -> Fields:
    """Read the fields of a row as (name, form) pairs."""
    return tuple((name, form) for name, _, form in (each.partition(":") for each in spec.split()))


def layout_of(kind: str) -> Layout:
    """Read one row of KINDS, with what its older shapes held: words stood open in the first of several shapes."""
    subject, newest, spec = KINDS[kind]
    shapes = []
    for shape in range(1, newest + 1):
        fields = fields_of(OLDER.get((kind, shape), spec))
        if shape == 1 and newest > 1 and kind not in BOUND_AT_ONCE:
            fields = tuple((name, "text" if form == "words" else form) for name, form in fields)
        shapes.append((fields, frozenset(name for name, _ in fields)))
    fields, names = shapes[-1]
    bound = tuple(name for name, form in fields if form in ("words", "bytes"))
    return Layout(subject, newest, fields, names, bound, tuple(shapes))


LAYOUTS = {kind: layout_of(kind) for kind in KINDS}
