"""What of the log a bundle holds, read page by page in the sealed order: bodies, contents, payloads, files, states."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import RowMapping

from workflows.folds.replay import replay, to_json
from workflows.ledger.canonical import canonical
from workflows.store.folding import code_version
from workflows.store.standing import read_state
from workflows.store.streams import history_of
from workflows.store.transaction import Transaction

Item = TypeVar("Item")
PAGE, PAGE_OF_CONTENTS, PAGE_OF_STATES = 1000, 100, 100
BODIES = r"""
SELECT string_agg(p.body, '\x0a' ORDER BY p.log_index) AS lines, count(*) AS n FROM (
  SELECT l.log_index, e.body FROM log.leaf l JOIN log.event e USING (event_id)
  WHERE l.log_index = ANY(CAST(:indexes AS bigint[]))) AS p"""
CONTENTS = "SELECT body FROM log.content WHERE hash = ANY(:hashes) ORDER BY hash"
PAYLOADS = """
SELECT l.log_index, p.commitment, p.salt, p.kind, CASE p.kind WHEN 'text' THEN p.body END AS words
FROM log.leaf l JOIN log.event e USING (event_id)
  JOIN log.payload p ON p.stream_id = e.stream_id AND p.version = e.version
WHERE l.log_index = ANY(CAST(:indexes AS bigint[])) ORDER BY l.log_index, p.commitment"""
PAYLOAD = "SELECT body FROM log.payload WHERE commitment = :key"
FILE = "SELECT body FROM desk.file WHERE sha256 = :key"
VERSIONS = """
SELECT e.stream_id, max(e.version) AS version FROM log.leaf l JOIN log.event e USING (event_id)
WHERE e.subject = 'table' AND l.log_index < :size AND (:every OR e.stream_id = ANY(:tables))
GROUP BY e.stream_id ORDER BY e.stream_id"""
STANDINGS = """
SELECT t.table_id, t.version, t.code, t.state,
  (SELECT max(e.version) FROM log.event e WHERE e.stream_id = t.table_id) AS last
FROM desk.table_standing t WHERE t.table_id = ANY(:tables)"""


def bodies(tx: Transaction, indexes: Sequence[int]) -> Iterator[tuple[bytes, int]]:
    """Yield pages of canonical bodies, a newline between them, with their number, in the sealed order."""
    for page in _pages(indexes, PAGE):
        row = tx.row(BODIES, indexes=_array(page))
        if row and row["n"]:
            yield bytes(row["lines"]), row["n"]


def contents(tx: Transaction, hashes: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the canonical bytes of the contents with these hashes (32 bytes), by hash; unknown ones are left out."""
    for page in _pages(sorted(hashes), PAGE_OF_CONTENTS):
        yield from (bytes(row["body"]) for row in tx.rows(CONTENTS, hashes=page))


def payloads(tx: Transaction, indexes: Sequence[int]) -> Iterator[RowMapping]:
    """Yield (commitment, salt, kind, words) of every erasable text and file of these events that is still kept."""
    for page in _pages(indexes, PAGE):
        yield from tx.rows(PAYLOADS, indexes=_array(page))


def payload_bytes(tx: Transaction, commitment: bytes) -> bytes | None:
    """Return the bytes of a payload, None where it was erased."""
    return _optional_bytes(tx.scalar(PAYLOAD, key=commitment))


def file_bytes(tx: Transaction, digest: bytes) -> bytes | None:
    """Return a filed document's bytes by their SHA-256, None where they are not kept."""
    return _optional_bytes(tx.scalar(FILE, key=digest))


def states(tx: Transaction, size: int, tables: Sequence[UUID] | None = None) -> Iterator[bytes]:
    """Yield, by ID, what the product shows of each table (None: of all) when the log had so many sealed events.

    That is the cached state as it is, right or wrong: the auditor compares it. Only where the cache has rightly gone
    beyond `size`, or was made by other code and is not believed by the product either, is the table replayed up to
    there. A table without a cached state has no line.
    """
    wanted = tx.rows(VERSIONS, size=size, every=tables is None, tables=list(tables or ()))
    for page in _pages(wanted, PAGE_OF_STATES):
        shown = {row["table_id"]: row for row in tx.rows(STANDINGS, tables=[row["stream_id"] for row in page])}
        for table in page:
            if (cached := shown.get(table["stream_id"])) is not None:
                yield _state(tx, cached, table["version"])


def _state(tx: Transaction, cached: RowMapping, version: int) -> bytes:
    if version < cached["version"] == cached["last"] or cached["code"] != code_version():
        history = history_of(tx, cached["table_id"])
        return canonical(to_json(replay(cached["table_id"], (each for each in history if each.version <= version))))
    return _as_written(read_state(cached["state"]))


def _as_written(state: dict[str, Any]) -> bytes:
    """Return canonical bytes also of what somebody put into the cache who did not keep to the profile."""
    return json.dumps(state, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode(errors="replace")


def _pages(items: Sequence[Item], length: int) -> Iterator[list[Item]]:
    yield from (list(items[start : start + length]) for start in range(0, len(items), length))


def _array(numbers: list[int]) -> str:
    """Return numbers as PostgreSQL writes an array; the driver takes ten times as long over a list."""
    return f"{{{','.join(map(str, numbers))}}}"


def _optional_bytes(found: bytes | memoryview | None) -> bytes | None:
    return None if found is None else bytes(found)
