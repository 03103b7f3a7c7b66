"""Chains that tests send tables along: the standard one with one node made over."""

import copy
from typing import Any

from workflows.definitions import shipped


def standard_but(node: str, **changes: Any) -> dict[str, Any]:
    """The standard chain in format 2, one node of it changed."""
    chain = copy.deepcopy(shipped())
    chain |= {"format": 2, "name": f"{node}-{'-'.join(sorted(changes))}", "withdraw_until": "decided"}
    for each in chain["nodes"]:
        if each["node"] == node:
            each.update(changes)
    return chain


def signed_by_three(kind: str = "all", need: int = 1, against: str = "veto", *, ordered: bool = False) -> dict[str, Any]:
    """The standard chain whose unit review is signed by the unit's business lead, finance and head."""
    signers = [
        {"group": role, "role": role, "of": "unit", "take": "pool"} for role in ("unit_business", "unit_finance", "unit_head")
    ]
    return standard_but(
        "unit_head", signers=signers, rule={"kind": kind, "need": need, "against": against}, ordered=ordered
    )
