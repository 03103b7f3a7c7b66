"""What becomes of a node with several signers: decided as soon as it is mathematically fixed."""

from __future__ import annotations

from typing import Dict, NamedTuple, Sequence, Tuple

from workflows.ledger.verifier.law.definitions import Node


class Signer(NamedTuple):
    """One who signs at a node: for which group, pass or against or not yet, and whether he was added beside the rule."""

    group: str
    vote: str
    added: bool


def fate(rule: Tuple[str, int, str], signers: Sequence[Signer]) -> str:
    """Say where a node stands: passed, rejected, or "" while votes that are still out can turn it either way.

    Of the node's own signers enough have to pass: one, all, a number, a share, a number in every group. Added signers have
    to pass beside it, and any of them rejects. A vote against rejects at once (veto), as soon as the others are too few to
    reach the number (majority), or not before everybody has voted (wait). People who are not there are votes still out.
    """
    kind, number, against = rule
    own = [signer for signer in signers if not signer.added]
    if against == "wait" and not all(signer.vote for signer in signers):
        return ""
    rejecting = signers if against == "veto" else [signer for signer in signers if signer.added]
    if any(signer.vote == "against" for signer in rejecting):
        return "rejected"
    reached = bool(own) and all(signer.vote == "pass" for signer in signers if signer.added)
    for group in sorted({signer.group for signer in own}) if kind == "per_group" else [None]:
        members = [signer for signer in own if group is None or signer.group == group]
        share = -(-len(members) * number // 100)
        needed = max(1, {"any": 1, "all": len(members), "percent": share}.get(kind, number))
        votes = [signer.vote for signer in members]
        if own and max(len(votes), needed) - votes.count("against") < needed:
            return "rejected"
        reached = reached and votes.count("pass") >= needed
    return "passed" if reached else ""


def vacancies(node: Node, people: Dict[str, int]) -> Dict[str, int]:
    """Return how many seats of each group stay open beside its people, so that the node's rule can be fulfilled at all."""
    kind, number, _ = node.rule
    if kind == "per_group":
        return {name: max(0, number - count) for name, count in people.items()}
    growing = ([group.name for group in node.groups if group.each] or list(people))[-1]
    return {growing: max(0, number - sum(people.values()))} if kind == "count" else {}
