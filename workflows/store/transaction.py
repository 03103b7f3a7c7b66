"""One transaction on the database, READ COMMITTED: the only place that commits, and the log's clock inside it."""

import re
import select
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from typing import Any

import orjson
import psycopg
from psycopg.rows import dict_row, tuple_row
from psycopg.types.json import set_json_loads
from sqlalchemy import (
    Connection,
    Engine,
    NestedTransaction,
    NullPool,
    RowMapping,
    TextClause,
    create_engine,
    event,
    text,
)
from sqlalchemy.exc import DBAPIError, DisconnectionError

from workflows.store.arrays import Identifiers, IdentifiersDumper, Pieces, PiecesDumper
from workflows.store.refusals import refusal_of, refusal_of_state

PLACE = re.compile(r"(?<![:\w]):(\w+)(?!:)")
"""A place for a value, `:name`; no cast, `::name`."""

SESSION = (
    "-c timezone=UTC -c default_transaction_isolation=read\\ committed -c lock_timeout=10s -c statement_timeout=60s"
    " -c idle_in_transaction_session_timeout=60s -c random_page_cost=1.1 -c jit=off"
)
"""What desks ask for lies in memory or on flash, and is little: at the server's own guess, a spinning disk, the planner
reads every entry of a post before the first thousand, or has a question of a millisecond compiled.
"""

FETCHED_AT_ONCE = 1_000
RESTED_LONG = 30.0
"""Seconds after which a resting connection is asked whether it lives."""


def make_engine(url: str, *, connections: int = 5, name: str = "goaltrail") -> Engine:
    """Return an engine for `postgresql+psycopg://…`; connections open at first use, dead ones are replaced unseen."""
    engine = create_engine(
        url, isolation_level="READ COMMITTED", pool_size=connections, max_overflow=connections,
        connect_args={"options": SESSION, "application_name": name, "connect_timeout": 10},
    )  # fmt: skip
    event.listen(engine, "checkout", _refuse_dead)
    event.listen(engine, "checkin", _note_rest)
    event.listen(engine, "connect", _teach)
    return engine


def engine_for_once(url: str) -> Engine:
    """Return an engine that keeps no connection: for the few acts of the owner."""
    engine = create_engine(url, poolclass=NullPool)
    event.listen(engine, "connect", _teach)
    return engine


def _refuse_dead(connection: Any, record: Any, _proxy: object) -> None:
    """Let the pool take another connection where the server has hung up; one that rested long is asked.

    A server that ends says so on the socket, so that a look at it (without a round trip) tells a dead connection. Only
    where a router may have forgotten it in silence, after a rest, is it worth a question.
    """
    try:
        rested = time.monotonic() - record.info.get("rests_since", time.monotonic())
        if _has_news(connection.pgconn.socket) or rested > RESTED_LONG:
            connection.execute("SELECT 1")
            connection.rollback()
    except psycopg.Error as dead:
        raise DisconnectionError from dead


def _teach(connection: Any, _record: object) -> None:
    set_json_loads(orjson.loads, connection)
    connection.adapters.register_dumper(Identifiers, IdentifiersDumper)
    connection.adapters.register_dumper(Pieces, PiecesDumper)


def _note_rest(_connection: object, record: Any) -> None:
    record.info["rests_since"] = time.monotonic()


def _has_news(socket: int) -> bool:
    waiting = select.poll()
    waiting.register(socket, select.POLLIN)
    return bool(waiting.poll(0))


class Transaction:
    """An open transaction: statements in, rows out; refusals of the database come out as errors of the product.

    Statements go straight to the driver: SQLAlchemy keeps the connections, and would need more for a row than the row.
    """

    def __init__(self, connection: Connection) -> None:
        """Stand on an open connection."""
        self.connection = connection
        self._now: datetime | None = None

    def now(self) -> datetime:
        """Return the log's time (UTC), virtual in a simulation; read once per transaction."""
        if self._now is None:
            self._now = self.scalar("SELECT log.now()").astimezone(UTC)
        return self._now

    def see_time(self, now: datetime) -> None:
        """Take the log's time from a statement that brought it along, unless it was read before."""
        self._now = self._now or now.astimezone(UTC)

    def rows(self, sql: str, **values: object) -> Sequence[RowMapping]:
        """Return the rows of a query."""
        found: Sequence[RowMapping] = self._execute(sql, values, dict_row).fetchall()
        return found

    def row(self, sql: str, **values: object) -> RowMapping | None:
        """Return the first row of a query, None where there is none."""
        found: RowMapping | None = self._execute(sql, values, dict_row).fetchone()
        return found

    def scalar(self, sql: str, **values: object) -> Any:
        """Return the first column of the first row, None where there is none."""
        found = self._execute(sql, values).fetchone()
        return None if found is None else found[0]

    def run(self, sql: str, **values: object) -> int:
        """Run a statement and return how many rows it touched."""
        touched: int = self._execute(sql, values).rowcount
        return touched

    def stream(self, sql: str, **values: object) -> Iterator[RowMapping]:
        """Yield the rows of a long query, fetched by the thousand; other statements may run in between."""
        options = {"stream_results": True, "yield_per": FETCHED_AT_ONCE}
        yield from self.connection.execute(_prepared(sql), values, execution_options=options).mappings()

    def copy(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        """Send rows by COPY … FROM STDIN, the fastest way in."""
        with self._driver().cursor().copy(sql) as copying:
            for row in rows:
                copying.write_row(row)

    def savepoint(self) -> NestedTransaction:
        """Begin a part that may be taken back without the rest."""
        return self.connection.begin_nested()

    def keep(self, part: NestedTransaction) -> None:
        """Let such a part stand; it is lost still if the whole is."""
        part.commit()

    def call(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Return the rows of a prepared statement, straight from the driver, in its placeholders: the hot path."""
        with self._told(sql):
            cursor = self._driver().cursor(binary=True)
            rows: list[tuple[Any, ...]] = cursor.execute(sql, values, prepare=True).fetchall()
        return rows

    def _driver(self) -> Any:
        if not self.connection.in_transaction():
            self.connection.begin()
        return self.connection.connection.driver_connection

    def run_each(self, sql: str, rows: Sequence[Mapping[str, object]]) -> None:
        """Run a statement once for each row of values."""
        if rows:
            with self._told(sql):
                self._driver().cursor().executemany(_spelled(sql), rows)

    def _execute(self, sql: str, values: Mapping[str, object], shape: Any = tuple_row) -> Any:
        with self._told(sql):
            return self._driver().cursor(row_factory=shape).execute(_spelled(sql), values)

    @contextmanager
    def _told(self, sql: str) -> Iterator[None]:
        """Let an error of the driver come out as what the person is told, or as SQLAlchemy's where it is our fault."""
        try:
            yield
        except psycopg.Error as error:
            if self._driver().closed:
                self.connection.invalidate(error)
            raise refusal_of_state(error) or DBAPIError.instance(sql, None, error, psycopg.Error) from error


@contextmanager
def begin(engine: Engine) -> Iterator[Transaction]:
    """Open a transaction; what was written in it is kept when the block ends well, and lost otherwise."""
    try:
        with engine.connect() as connection:
            yield Transaction(connection)
            connection.commit()
    except DBAPIError as error:
        refusal = refusal_of(error)
        if refusal is None:
            raise
        raise refusal from error


@cache
def _prepared(sql: str) -> TextClause:
    return text(sql)


@cache
def _spelled(sql: str) -> str:
    """Return a statement with its places as the driver spells them."""
    return PLACE.sub(r"%(\1)s", sql.replace("%", "%%"))
