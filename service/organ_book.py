"""The organs and their names, kept in the process: read anew only where the database says that one was written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from flask import current_app, g
from sqlalchemy import RowMapping

from service.request_transaction import in_transaction
from workflows.events import Recorded
from workflows.organs import OrganTree, tree_at
from workflows.store.organs import all_organs, organ_from, reorganisations
from workflows.store.top_bar import Anywhere, what_is_anywhere

KEPT = "goaltrail-organs"


@dataclass(frozen=True)
class OrganBook:
    """All organs as they stood at a stamp of the database, and what was `told` of reorganisations until then."""

    stamp: str
    rows: Sequence[RowMapping]
    told: Sequence[Recorded] = ()

    @cached_property
    def tree(self) -> OrganTree:
        """Return the tree of today."""
        return OrganTree({row["id"]: organ_from(row) for row in self.rows})

    def then(self, at: datetime) -> OrganTree:
        """Return the tree of a moment."""
        return tree_at(self.tree.organs.values(), self.told, at)

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Return what organs are called by ID; of a merged one the successor's name, with the own behind it."""
        return {row["id"]: self.tree.spoken(row["id"]) for row in self.rows}

    @cached_property
    def codes(self) -> Mapping[str, str]:
        """Return the codes (统一社会信用代码 or the department's budget code) by ID, of those organs that have one."""
        return {row["id"]: row["code"] for row in self.rows if row["code"]}

    @cached_property
    def bureau_name(self) -> str:
        """Return the name of the finance bureau that this installation serves."""
        return next((row["name"] for row in self.rows if row["kind"] == "bureau"), "")

    def of_kind(self, kind: str) -> list[RowMapping]:
        """Return the bureau, the departments or the units that have not ended, in the order of their names."""
        return [row for row in self.rows if row["kind"] == kind and not row["ended_at"]]


def organs() -> OrganBook:
    """Return the organs as they stand; asked of the database once in a request."""
    book: OrganBook | None = g.get("organ_book")
    return book or _organs_at(anywhere().organs)


def anywhere() -> Anywhere:
    """Return what there is in the whole ledger; asked of the database once in a request."""
    if "anywhere" not in g:
        g.anywhere = in_transaction(what_is_anywhere)
    found: Anywhere = g.anywhere
    return found


def _organs_at(stamp: str) -> OrganBook:
    """Return the organs of a stamp that was just read, from the process where it knows them."""
    book: OrganBook | None = current_app.extensions.get(KEPT)
    if book is None or book.stamp != stamp:
        book = current_app.extensions[KEPT] = OrganBook(
            stamp, in_transaction(all_organs), in_transaction(reorganisations)
        )
    g.organ_book = book
    return book
