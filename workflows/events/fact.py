"""What every fact is: a kind word that never changes, a shape number, plain values."""

from dataclasses import asdict, dataclass
from typing import Any, ClassVar


@dataclass(frozen=True)
class Event:
    """What all facts share: a stored kind word and the number of its shape."""

    kind: ClassVar[str] = ""
    shape: ClassVar[int] = 1

    def data(self) -> dict[str, Any]:
        """Return the fields as plain JSON values."""
        return asdict(self)
