"""Whether a mended table may go straight back (直达) to whom it was returned from, and what keeps it from that."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from workflows.commands.routing import answering_otherwise, inputs_from
from workflows.content.changes import changes_between
from workflows.content.pointers import EXPLANATIONS, explained_place, row_names
from workflows.definitions import Chain, Node
from workflows.journal import Journal
from workflows.state.standing import Returned, Table

Content = Mapping[str, Any]


@dataclass(frozen=True)
class InTheWay:
    """What keeps a mended table from the straight way (features A13); then it goes step by step.

    `places` were changed though the return is not about them, and `explained` are such places whose explanation to the
    machine's findings was changed (JSON pointers, rows by ID). `moved`: rows stand elsewhere, so that explanations,
    which name rows by number, are about others now. The `nodes` are passed over, and their conditions answer otherwise.
    `files`: what is attached is not what the returner saw.
    """

    places: tuple[str, ...] = ()
    explained: tuple[str, ...] = ()
    moved: bool = False
    nodes: tuple[Node, ...] = ()
    files: bool = False

    @property
    def nothing(self) -> bool:
        """Whether the table may go straight back."""
        return self == InTheWay()


def goes_straight_back(journal: Journal, chain: Chain, table: Table, after: Content) -> bool:
    """Whether a draft (`after`) answers a return with the mode 直达 in such a way that it goes straight back."""
    return table.returned is not None and in_the_way(journal, chain, table, table.returned, after).nothing


def in_the_way(journal: Journal, chain: Chain, table: Table, returned: Returned, after: Content) -> InTheWay:
    """Return what in a draft (`after`), or beside it, the return did not ask for."""
    before = journal.content(table.content_hash)
    asked = tuple(place for place in returned.fields if place != EXPLANATIONS)
    was, now = row_names(before), row_names(after)
    rows = (*now, *was[len(now) :])
    changed = [change["pointer"] or "" for change in changes_between(before, after, {})]
    beyond = [place for place in changed if not _lies_in(place, asked)]
    explained = [explained_place(place, rows) for place in beyond if _lies_in(place, (EXPLANATIONS,))]
    return InTheWay(
        tuple(place for place in beyond if not _lies_in(place, (EXPLANATIONS,))),
        tuple(dict.fromkeys(place for place in explained if not _lies_in(place, asked))),
        _moved(was, now, asked), answering_otherwise(journal, chain, table, returned.done, inputs_from(table, after)),
        table.attachments_hash != returned.files,
    )  # fmt: skip


def _lies_in(place: str, asked: Sequence[str]) -> bool:
    return any(place == each or place.startswith(f"{each}/") for each in asked)


def _moved(was: Sequence[str], now: Sequence[str], asked: Sequence[str]) -> bool:
    """Whether a row that the return is not about stands at another place than before."""
    pairs = (pair for pair in zip_longest(was, now) if pair[0] != pair[1])
    others = {row for pair in pairs for row in pair if row is not None}
    return not all(_lies_in(f"/indicators/{row}", asked) for row in others)

