"""What the nodes and rows of one table are called, read from its chain and from every content it ever had."""

from collections.abc import Sequence

from workflows.as_of import CONTENT_TOLD
from workflows.content.naming import Called
from workflows.content.places import names_of_rows
from workflows.definitions import pinned_chain
from workflows.events import Recorded
from workflows.folds.replay import Table
from workflows.journal import Journal

ABOUT_ROWS = "thread.opened"
"""The kind whose sentence names a row of the content."""


def called_in(journal: Journal, table: Table, history: Sequence[Recorded]) -> Called:
    """Return the names for the sentences of a table's events; its contents are read where a comment needs them."""
    chain = pinned_chain(table.definition_hash, journal.content)
    titles = {node.node: node.title for node in chain.nodes}
    return Called(titles, rows_named(journal, history) if any(each.kind == ABOUT_ROWS for each in history) else {})


def rows_named(journal: Journal, history: Sequence[Recorded]) -> dict[str, str]:
    """Return what every row that these events recorded is called, by its newest name."""
    told = (getattr(each.fact, "content_hash", "") for each in history if each.kind in CONTENT_TOLD)
    return names_of_rows(*(journal.content(each) for each in dict.fromkeys(told)))
