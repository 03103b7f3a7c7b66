"""Approval chains as data: which desks a stage has, in what order, on which condition, who signs and how long."""

from workflows.definitions.chain import SHIPPED, Chain, Node, Opening, Signers, chain_from, shipped
from workflows.definitions.expressions import Expression

__all__ = ["SHIPPED", "Chain", "Expression", "Node", "Opening", "Signers", "chain_from", "shipped"]
