"""The words and thresholds of the pre-review rules that came later: one optional section of a rule pack."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class Prereview:
    """Words and thresholds of machine pre-review (domain.md 13); shares are percent, lengths are characters.

    A pack pinned before this section existed has none, and the rules that need it keep silent (workflows/findings).
    """

    cut_lengths: tuple[int, ...]
    cut_margin: int
    going_on: tuple[str, ...]
    ends: tuple[str, ...]
    actions: tuple[str, ...]
    asks_for_number: tuple[str, ...]
    asks_for_count: tuple[str, ...]
    rate_words: tuple[str, ...]
    not_rates: tuple[str, ...]
    count_units: tuple[str, ...]
    vague_least: Decimal
    plans_ended: Mapping[str, int]
    done_words: tuple[str, ...]
    variants: tuple[tuple[str, str], ...]
    alike: Decimal
    itemised_overlap: Decimal
    unchanged_share: Decimal


def read_prereview(section: Mapping[str, Any] | None) -> Prereview | None:
    """Read the section; None where the pack has none."""
    if section is None:
        return None
    names = ("going_on", "ends", "actions", "asks_for_number", "asks_for_count", "rate_words", "not_rates",
             "count_units", "done_words")  # fmt: skip
    figures = ("vague_least", "alike", "itemised_overlap", "unchanged_share")
    words: dict[str, Any] = {name: tuple(section[name]) for name in names}
    numbers: dict[str, Any] = {name: Decimal(section[name]) for name in figures}
    return Prereview(
        **words, **numbers,
        cut_lengths=tuple(section["cut_lengths"]), cut_margin=section["cut_margin"],
        plans_ended=dict(section["plans_ended"]), variants=tuple((one, other) for one, other in section["variants"]),
    )  # fmt: skip
