"""Rule packs: weights, bands, windows, colours and clocks as versioned data, each number with its source."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import orjson

from workflows.errors import NotFound
from workflows.ledger.hashes import content_hash
from workflows.packs.pack import Band, GradeUse, LevelOne, LevelTwo, Pack, SamplingRules, Window
from workflows.packs.reading import read_pack

__all__ = [
    "PACK_NAMES", "PACK_OF_FAMILY", "Band", "GradeUse", "LevelOne", "LevelTwo", "Pack", "SamplingRules", "Window",
    "load_pack", "pack_content_for", "pack_for_family", "pack_from",
]  # fmt: skip

PACK_OF_FAMILY = {
    "hebei-special-fund": "hebei-special-fund",
    "hebei-project": "hebei-project",
    "ningxia-county-project": "ningxia-county",
    "ningxia-region-project": "ningxia-region",
    "henan-unit": "henan-unit",
}
PACK_NAMES = ("national-2021", *PACK_OF_FAMILY.values())
NATIONAL = "national-2021"


def pack_from(content: Mapping[str, Any]) -> Pack:
    """Read a pack out of its whole content, as a table has it pinned; its hash is the content's."""
    return read_pack(content, content_hash(content))


def pack_content(name: str) -> dict[str, Any]:
    """Return the whole content of a shipped pack, base and overrides joined; NotFound for a name that no pack has."""
    if name not in PACK_NAMES:
        sentence = f"没有名为“{name}”的规则包。"
        raise NotFound(sentence, pack=name)
    return _resolved(name)


def pack_content_for(family: str | None) -> dict[str, Any]:
    """Return the content of a document family's pack; the national one where the family has none of its own."""
    return pack_content(PACK_OF_FAMILY.get(family or "", NATIONAL))


@cache
def load_pack(name: str) -> Pack:
    """Return the pack of this name as shipped; NotFound for a name that no pack has."""
    return pack_from(pack_content(name))


def pack_for_family(family: str | None) -> Pack:
    """Return the shipped pack of a document family."""
    return load_pack(PACK_OF_FAMILY.get(family or "", NATIONAL))


def _resolved(name: str) -> dict[str, Any]:
    own: dict[str, Any] = orjson.loads((files("workflows.packs") / "data" / f"{name}.json").read_bytes())
    base = own.pop("base", None)
    return own if base is None else {**_resolved(base), **own}
