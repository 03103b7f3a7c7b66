"""Which statements go to the database while a block runs, heard at the driver."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest


@contextmanager
def statements_heard() -> Iterator[list[str]]:
    """Yield the statements that any cursor executes until the block ends, in their order."""
    heard: list[str] = []
    execute = psycopg.Cursor.execute

    def hears(cursor: Any, query: str, *rest: Any, **how: Any) -> Any:
        heard.append(query)
        return execute(cursor, query, *rest, **how)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(psycopg.Cursor, "execute", hears)
        yield heard
