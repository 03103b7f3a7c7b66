"""Approval chains as data: which desks a stage has, in what order, on which condition, who signs and how long."""

from workflows.definitions.chain import SHIPPED, Chain, Node, Opening, Signers, chain_from, shipped
from workflows.definitions.expressions import Expression
from workflows.definitions.pinned import pinned_chain

__all__ = ["SHIPPED", "Chain", "Expression", "Node", "Opening", "Signers", "chain_from", "pinned_chain", "shipped"]
