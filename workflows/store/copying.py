"""The whole database as streams of rows, out of one still picture of it and into an empty one: backup and restore."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from workflows.store.transaction import Transaction, begin, engine_for_once

LEFT_BEHIND = ("desk.session", "desk.pulse")
"""What a restored database must not bring back: who was signed in, and which processes lived."""
TABLES = """
SELECT c.oid::regclass::text AS name, array_agg(quote_ident(a.attname) ORDER BY a.attnum) AS columns
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relnamespace IN ('log'::regnamespace, 'desk'::regnamespace) AND c.relkind = 'r'
  AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
GROUP BY c.oid ORDER BY c.oid"""
BORN_WITH = {"log.seal": "seal_no > 0"}
"""Rows that every new database has of itself."""
NUMBERED = """
SELECT c.oid::regclass::text AS name, a.attname AS column FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relnamespace IN ('log'::regnamespace, 'desk'::regnamespace) AND a.attidentity <> ''"""
LEAVES_DIFFER = """
SELECT min(l.log_index) FROM log.leaf l LEFT JOIN log.event e USING (event_id)
WHERE e.leaf_hash IS DISTINCT FROM l.leaf_hash"""


@dataclass(frozen=True)
class CopiedTable:
    """A table of the schemas `log` and `desk`, and the columns that are copied (those that are not computed)."""

    name: str
    columns: tuple[str, ...]

    @property
    def text(self) -> str:
        """Return the table with its columns, as COPY takes it."""
        return f"{self.name} ({', '.join(self.columns)})"


def copied_tables(tx: Transaction) -> Sequence[CopiedTable]:
    """Return what is copied, in an order in which references always look back."""
    rows = tx.rows(TABLES)
    return [CopiedTable(row["name"], tuple(row["columns"])) for row in rows if row["name"] not in LEFT_BEHIND]


def copied_out(tx: Transaction, table: CopiedTable) -> Iterator[bytes]:
    """Yield a table's rows as PostgreSQL writes them (COPY, text format)."""
    wanted = BORN_WITH.get(table.name, "true")
    question = f"COPY (SELECT {', '.join(table.columns)} FROM {table.name} WHERE {wanted}) TO STDOUT"  # noqa: S608 - from the catalog
    with _driver(tx).cursor() as cursor, cursor.copy(question) as copy:
        for block in copy:
            yield bytes(block)


def copy_in(tx: Transaction, table: CopiedTable, blocks: Iterator[bytes]) -> None:
    """Write rows, as copied out, into the empty table; every check of the schema is made again."""
    with _driver(tx).cursor() as cursor, cursor.copy(f"COPY {table.text} FROM STDIN") as copy:
        for block in blocks:
            copy.write(block)


@contextmanager
def as_owner(owner_url: str) -> Iterator[Transaction]:
    """Open one transaction as the owner of an empty database, to fill it."""
    engine = engine_for_once(owner_url)
    with begin(engine) as tx:
        yield tx


def go_on_numbering(tx: Transaction) -> None:
    """Let numbered rows go on after the highest number copied in."""
    for row in tx.rows(NUMBERED):
        name, column = row["name"], row["column"]
        tx.run(
            "SELECT setval(pg_get_serial_sequence(:name, :column), "  # noqa: S608 - names from the catalog
            f"(SELECT coalesce(max({column}), 0) + 1 FROM {name}), false)",
            name=name, column=column,
        )  # fmt: skip


def first_differing_leaf(tx: Transaction) -> int | None:
    """Return the first place of the sealed order whose event does not have the hash that was sealed."""
    index: int | None = tx.scalar(LEAVES_DIFFER)
    return index


def _driver(tx: Transaction) -> Any:
    return tx.connection.connection.driver_connection
