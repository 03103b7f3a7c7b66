"""The organs in time: which there are at a moment, what each is called, whose work has gone to whom (机构改革)."""

from workflows.organs.beside import called_then, reorganisations_beside
from workflows.organs.stream import ORGANS_STREAM, heirs_told
from workflows.organs.tree import SORTS, Organ, OrganTree, organs_after, organs_before, tree_at

__all__ = [
    "ORGANS_STREAM",
    "SORTS",
    "Organ",
    "OrganTree",
    "called_then",
    "heirs_told",
    "organs_after",
    "organs_before",
    "reorganisations_beside",
    "tree_at",
]
