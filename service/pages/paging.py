"""Leafing through a list: how many there are, which page this is, the addresses of its neighbours."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import request, url_for
from sqlalchemy import RowMapping

SIZE = 50
LAST_PAGE = 100_000


@dataclass(frozen=True)
class Paging:
    """One page of a list of `total` rows."""

    total: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // SIZE))

    @property
    def offset(self) -> int:
        """How many rows lie before this page."""
        return (self.page - 1) * SIZE

    @property
    def previous(self) -> str:
        """Return the address of the page before, empty on the first one."""
        return self.address(self.page - 1) if self.page > 1 else ""

    @property
    def following(self) -> str:
        """Return the address of the page after, empty on the last one."""
        return self.address(self.page + 1) if self.page < self.pages else ""

    def address(self, page: int) -> str:
        """Return the address of another page of the same list."""
        asked = {name: value for name, value in request.args.items() if name != "page"}
        return url_for(request.endpoint or "", page=page, **asked)  # type: ignore[arg-type]


def leafed(rows_from: Callable[[int, int], Sequence[RowMapping]]) -> tuple[Sequence[RowMapping], Paging]:
    """Return the page asked for of a list that nobody has counted: `rows_from(limit, offset)` gives its rows."""
    page = max(1, min(request.args.get("page", 1, type=int) or 1, LAST_PAGE))
    offset = (page - 1) * SIZE
    rows = rows_from(SIZE + 1, offset)
    return rows[:SIZE], Paging(offset + len(rows), page)


def paging(total: int) -> Paging:
    """Return the page asked for, kept within the list."""
    asked = request.args.get("page", 1, type=int) or 1
    return Paging(total, max(1, min(asked, Paging(total, 1).pages)))
