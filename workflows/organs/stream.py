"""The one stream on which all reorganisations lie, and what it says about organs that have ended."""

from collections.abc import Iterable
from uuid import UUID, uuid5

from workflows.events import OrganClosed, OrganMerged, Recorded

ORGANS_STREAM = uuid5(UUID("6f0d5c1e-0d5b-5d0e-9a3e-4c1f5f3a7b10"), "organs")
"""The order of reorganisations is one for all organs."""


def heirs_told(history: Iterable[Recorded]) -> dict[str, str]:
    """Return the organs that ended, each with its own successor; without one it is empty."""
    heirs: dict[str, str] = {}
    for recorded in history:
        fact = recorded.fact
        if isinstance(fact, OrganMerged):
            heirs |= dict.fromkeys(fact.organs, fact.successor)
        elif isinstance(fact, OrganClosed):
            heirs[fact.organ] = ""
    return heirs
