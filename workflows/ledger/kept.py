"""What was made of contents, by their hash: a content never changes, so what was made of it stays true."""

from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

Made = TypeVar("Made")


class Kept(Generic[Made]):
    """Things that were made of contents; when there are more than `most`, all are forgotten and made anew."""

    def __init__(self, make: Callable[[Mapping[str, Any], str], Made], most: int = 64) -> None:
        """Make with `make`, from a content and its hash, something that nobody can change."""
        self._make, self._most = make, most
        self._made: dict[str, Made] = {}

    def of(self, content_hash: str, content: Callable[[str], Mapping[str, Any]]) -> Made:
        """Return what the content of a hash makes; `content` is asked for it where that is not kept."""
        made = self._made.get(content_hash)
        if made is None:
            made = self._make(content(content_hash), content_hash)
            if len(self._made) >= self._most:
                self._made.clear()
            self._made[content_hash] = made
        return made
