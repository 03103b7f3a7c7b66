"""Seeded choice: the same seed and the same words always fall the same way, on every machine and Python."""

import hashlib
from dataclasses import dataclass
from decimal import Decimal

FACES = 1_000_000


@dataclass(frozen=True)
class Dice:
    """Dice that are thrown with words instead of a hidden state."""

    seed: int

    def number(self, *words: object) -> int:
        """Return a number from 0 to 999999 for these words."""
        said = "\0".join([str(self.seed), *map(str, words)]).encode()
        return int.from_bytes(hashlib.sha256(said).digest()[:8], "big") % FACES

    def below(self, percent: int, *words: object) -> bool:
        """Whether the throw falls into the first so many percent."""
        return self.number(*words) < percent * FACES // 100

    def between(self, low: int, high: int, *words: object) -> Decimal:
        """Return a whole number of the closed range."""
        return Decimal(low + self.number(*words) % (high - low + 1))
