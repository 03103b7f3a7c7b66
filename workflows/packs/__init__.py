"""Rule packs: weights, bands, windows, colours and clocks as versioned data, each number with its source."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from workflows.ledger.hashes import content_hash
from workflows.packs.pack import Band, GradeUse, LevelOne, LevelTwo, Pack, ReplyRules, SamplingRules, Template, Window
from workflows.packs.pinned import pinned_pack
from workflows.packs.reading import read_pack
from workflows.packs.shipped import NATIONAL, PACK_NAMES, PACK_OF_FAMILY, pack_content, pack_content_for

__all__ = [
    "NATIONAL", "PACK_NAMES", "PACK_OF_FAMILY", "Band", "GradeUse", "LevelOne", "LevelTwo", "Pack", "ReplyRules",
    "SamplingRules", "Template", "Window", "load_pack", "pack_content", "pack_content_for", "pack_for_family",
    "pack_from", "pinned_pack",
]  # fmt: skip


def pack_from(content: Mapping[str, Any]) -> Pack:
    """Read a pack out of its whole content, as a table has it pinned; its hash is the content's."""
    return read_pack(content, content_hash(content))


@cache
def load_pack(name: str) -> Pack:
    """Return the pack of this name as shipped; NotFound for a name that no pack has."""
    return pack_from(pack_content(name))


def pack_for_family(family: str | None) -> Pack:
    """Return the shipped pack of a document family."""
    return load_pack(PACK_OF_FAMILY.get(family or "", NATIONAL))
