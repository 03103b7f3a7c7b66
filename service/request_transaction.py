"""The transaction of a request: open while its view runs; what an error's page asks afterwards gets one of its own."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TypeVar

from flask import current_app, g

from workflows.journal import Journal
from workflows.store.parts import part_of
from workflows.store.transaction import Transaction, begin

Found = TypeVar("Found")


@contextmanager
def opened() -> Iterator[Transaction]:
    """Open the request's transaction; it is at hand until the block ends."""
    with begin(current_app.extensions["engine"]) as tx:
        g.tx = tx
        try:
            yield tx
        finally:
            g.pop("tx", None)


def part_of_it() -> AbstractContextManager[Journal]:
    """Open the ledger on a part of the request's transaction, which a refusal takes back alone."""
    return part_of(g.tx)


def in_transaction(ask: Callable[[Transaction], Found]) -> Found:
    """Ask in the request's transaction, or in a new one where that is over."""
    if "tx" in g:
        return ask(g.tx)
    with begin(current_app.extensions["engine"]) as tx:
        return ask(tx)
