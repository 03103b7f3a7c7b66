"""Which statements go to the database while a block runs, heard at the driver."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest


@contextmanager
def statements_heard() -> Iterator[list[str]]:
    """Yield the statements that any cursor executes until the block ends, in their order."""
    heard: list[str] = []
    execute = psycopg.Cursor.execute

    def hears(cursor: psycopg.Cursor, query: str, *rest: object, **how: object) -> object:
        heard.append(query)
        return execute(cursor, query, *rest, **how)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(psycopg.Cursor, "execute", hears)
        yield heard
