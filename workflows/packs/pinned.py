"""Packs by the hash of their content, as tables are pinned to them."""

from collections.abc import Callable, Mapping
from typing import Any

from workflows.ledger.kept import Kept
from workflows.packs.pack import Pack
from workflows.packs.reading import read_pack

_packs = Kept[Pack](read_pack)


def pinned_pack(content_hash: str, content: Callable[[str], Mapping[str, Any]]) -> Pack:
    """Return the pack of a hash; `content` is asked for it where it is not kept."""
    return _packs.of(content_hash, content)
