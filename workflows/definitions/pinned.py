"""Chains by the hash of their content, which never changes: made once, those asked for last are kept."""

from collections.abc import Callable, Mapping
from typing import Any

from workflows.definitions.chain import Chain, chain_from

MOST_CHAINS = 64
_chains: dict[str, Chain] = {}
"""Chains by the hash of their content."""


def pinned_chain(content_hash: str, content: Callable[[str], Mapping[str, Any]]) -> Chain:
    """Return the chain of a hash; `content` is asked for it where it is not kept."""
    if content_hash not in _chains:
        made = chain_from(content(content_hash))
        if len(_chains) >= MOST_CHAINS:
            _chains.clear()
        _chains[content_hash] = made
    return _chains[content_hash]
