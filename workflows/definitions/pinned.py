"""Chains by the hash of their content, as tables are pinned to them."""

from collections.abc import Callable, Mapping
from typing import Any

from workflows.definitions.chain import Chain, chain_from
from workflows.ledger.kept import Kept

_chains = Kept[Chain](lambda content, _hash: chain_from(content))


def pinned_chain(content_hash: str, content: Callable[[str], Mapping[str, Any]]) -> Chain:
    """Return the chain of a hash; `content` is asked for it where it is not kept."""
    return _chains.of(content_hash, content)
