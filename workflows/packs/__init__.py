"""Rule packs: weights, bands, windows, colours and clocks as versioned data, each number with its source."""

from functools import cache
from importlib.resources import files
from typing import Any

import orjson

from workflows.errors import NotFound
from workflows.ledger.hashes import content_hash
from workflows.packs.pack import Band, LevelOne, LevelTwo, Pack, Window
from workflows.packs.reading import pack_from

__all__ = ["PACK_OF_FAMILY", "Band", "LevelOne", "LevelTwo", "Pack", "Window", "load_pack", "pack_for_family"]

PACK_OF_FAMILY = {
    "hebei-special-fund": "hebei-special-fund",
    "hebei-project": "hebei-project",
    "ningxia-county-project": "ningxia-county",
    "ningxia-region-project": "ningxia-region",
    "henan-unit": "henan-unit",
}
PACK_NAMES = ("national-2021", *PACK_OF_FAMILY.values())
NATIONAL = "national-2021"


@cache
def load_pack(name: str) -> Pack:
    """Return the pack of this name as shipped; NotFound for a name that no pack has."""
    if name not in PACK_NAMES:
        sentence = f"没有名为“{name}”的规则包。"
        raise NotFound(sentence, pack=name)
    resolved = _resolved(name)
    return pack_from(resolved, content_hash(resolved))


def pack_for_family(family: str | None) -> Pack:
    """Return the pack of a document family; the national one where the family has none of its own."""
    return load_pack(PACK_OF_FAMILY.get(family or "", NATIONAL))


def _resolved(name: str) -> dict[str, Any]:
    own: dict[str, Any] = orjson.loads((files("workflows.packs") / "data" / f"{name}.json").read_bytes())
    base = own.pop("base", None)
    return own if base is None else {**_resolved(base), **own}
