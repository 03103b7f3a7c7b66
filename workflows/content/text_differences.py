"""Where two texts read otherwise: pieces that both say, and pieces that only one of them says."""

from dataclasses import dataclass
from difflib import SequenceMatcher

SHORTEST_SAME = 2
"""Characters that both texts must share in a row to count as the same piece between two differences."""


@dataclass(frozen=True)
class Piece:
    """A stretch of two texts: the same in both, or what one says and what the other says instead."""

    old: str
    new: str

    @property
    def same(self) -> bool:
        """Whether both say it."""
        return self.old == self.new


def pieces_of(old: str, new: str) -> tuple[Piece, ...]:
    """Return two texts side by side as pieces, in their order; joined they give each text again."""
    found: list[Piece] = []
    for sort, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        piece = Piece(old[a:b], new[c:d])
        if found and not found[-1].same and (sort != "equal" or _short(piece, b, len(old))):
            found[-1] = Piece(found[-1].old + piece.old, found[-1].new + piece.new)
        else:
            found.append(piece)
    return tuple(found)


def _short(piece: Piece, end: int, length: int) -> bool:
    return len(piece.old) < SHORTEST_SAME and end < length
