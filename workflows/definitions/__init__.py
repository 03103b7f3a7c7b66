"""Approval chains as data: which desks a stage has, in what order, for whom and how long."""

from workflows.definitions.chain import Chain, Node, chain_from, shipped

__all__ = ["Chain", "Node", "chain_from", "shipped"]
