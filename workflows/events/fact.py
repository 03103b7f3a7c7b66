"""What every fact is: a kind word that never changes, a shape number, plain values."""

from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True)
class Event:
    """What all facts share: a stored kind word and the number of its shape."""

    kind: ClassVar[str] = ""
    shape: ClassVar[int] = 1
    erasable: ClassVar[tuple[str, ...]] = ()
    """Text fields that the log binds by a salted commitment instead of holding them: they can be erased."""

    def data(self) -> dict[str, Any]:
        """Return the fields as plain JSON values."""
        return vars(self).copy()
