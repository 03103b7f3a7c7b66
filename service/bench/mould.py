"""Lives recorded by the product's own verbs, and how thousands like them are cast: same words, new names and hashes."""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4, uuid5

from psycopg import Connection

from service.bench.statements import statement
from workflows.ledger.canonical import read
from workflows.ledger.hashes import commitment, moment

WORDS = "同意上报，绩效目标与预算匹配。".encode()
"""What stands for every erasable word of a cast: its commitment is fresh each time."""
UUID_TEXT = rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
MOMENT = rb'(?<="at":")[0-9TZ:.-]{27}'
COMMITTED = re.compile(rb'"committed":"([0-9a-f]{64})"')
NOTHING_BEFORE = "0" * 64


@dataclass(frozen=True)
class Place:
    """Whose a cast table is: tokens of the same length as the mould's own, so that the bytes stay canonical."""

    tokens: Mapping[bytes, bytes]


@dataclass(frozen=True)
class Piece:
    """One event of the mould, cut at every word that changes from cast to cast: literals at even places."""

    stream: bytes
    version: int
    parts: tuple[bytes, ...]
    leaf: bytes
    said: Mapping[str, Any]
    commitments: tuple[bytes, ...]


@dataclass(frozen=True)
class Row:
    """A cast event as it is copied into the log."""

    stream: str
    version: int
    prev: bytes
    leaf: bytes
    said: Mapping[str, Any]
    actor: str
    at: str
    command: str
    body: bytes
    payloads: tuple[tuple[bytes, bytes], ...]


@dataclass(frozen=True)
class Mould:
    """The streams of one life, ready to be cast again."""

    pieces: tuple[Piece, ...]
    table: bytes
    derived: Mapping[bytes, tuple[bytes, str, bytes]]
    """Identifiers that follow from others, as the verbs make them: uuid5 of the first, by a text and the second."""

    def cast(self, place: Place, shift: timedelta) -> tuple[UUID, list[Row]]:
        """Return a new table's ID and all events of its streams, chained and hashed; moments moved by `shift`."""
        new: dict[bytes, bytes] = dict(place.tokens)
        new[NOTHING_BEFORE.encode()] = NOTHING_BEFORE.encode()
        rows = [self._row(piece, new, shift) for piece in self.pieces]
        return UUID(new[self.table].decode()), rows

    def _make(self, token: bytes, new: dict[bytes, bytes], shift: timedelta) -> bytes:
        """Give a word its new form once, whatever it follows from before it."""
        if token not in new and token in self.derived:
            first, text, second = self.derived[token]
            name = text + (self._make(second, new, shift).decode() if second else "")
            new[token] = str(uuid5(UUID(self._make(first, new, shift).decode()), name)).encode()
        elif token not in new:
            new[token] = _fresh(token, shift)
        return new[token]

    def _row(self, piece: Piece, new: dict[bytes, bytes], shift: timedelta) -> Row:
        payloads = []
        for old in piece.commitments:
            salt = os.urandom(32)
            bound = commitment(salt, WORDS)
            new[old] = bound.hex().encode()
            payloads.append((bound, salt))
        for token in piece.parts[1::2]:
            self._make(token, new, shift)
        parts = list(piece.parts)
        parts[1::2] = [new[token] for token in parts[1::2]]
        body = b"".join(parts)
        leaf = sha256(b"\x00" + body).digest()
        new[piece.leaf] = leaf.hex().encode()
        said, actor = piece.said, piece.said["actor"]["id"].encode()
        return Row(
            new[piece.stream].decode(), piece.version, bytes.fromhex(new[said["prev"].encode()].decode()), leaf, said,
            new.get(actor, actor).decode(),
            new[said["at"].encode()].decode(), new[said["command_id"].encode()].decode(), body, tuple(payloads),
        )  # fmt: skip


def mould_of(connection: Connection[Any], streams: Sequence[UUID], place: Place) -> Mould:
    """Make a mould of lives that stand in the log; `streams` ends with the table, `place` names what else changes."""
    rows = connection.execute(statement("bodies"), [list(streams)]).fetchall()
    leaves = {NOTHING_BEFORE, *(bytes(row[3]).hex() for row in rows)}
    fixed = [re.escape(each) for each in (*place.tokens, *(leaf.encode() for leaf in leaves))]
    bound = {found for row in rows for found in COMMITTED.findall(bytes(row[2]))}
    cut = re.compile(b"(" + b"|".join([*fixed, *bound, UUID_TEXT, MOMENT]) + b")")
    pieces = tuple(
        Piece(
            str(row[0]).encode(), row[1], tuple(cut.split(bytes(row[2]))), bytes(row[3]).hex().encode(),
            read(bytes(row[2])), tuple(COMMITTED.findall(bytes(row[2]))),
        )
        for row in rows
    )  # fmt: skip
    return Mould(pieces, str(streams[-1]).encode(), _derived(pieces, streams))


def _derived(pieces: Sequence[Piece], streams: Sequence[UUID]) -> dict[bytes, tuple[bytes, str, bytes]]:
    """Return what follows from what: the table from its document, its first desk's command from the import's, tasks."""
    document, table = (str(stream).encode() for stream in streams)
    tasks = {
        piece.said["data"]["task"].encode(): (
            piece.stream, f"{piece.said['data']['node']}#", piece.said["command_id"].encode()
        )
        for piece in pieces if piece.said["kind"] == "node.entered"
    }  # fmt: skip
    commands = {p.version: p.said["command_id"].encode() for p in pieces if p.stream == table}
    return {table: (document, "0", b""), commands[2]: (commands[1], "enter", b""), **tasks}


def _fresh(token: bytes, shift: timedelta) -> bytes:
    if len(token) == 36:
        return str(uuid4()).encode()
    return moment(datetime.fromisoformat(token.decode()) + shift).encode()


def pour(connection: Connection[Any], casts: Iterator[list[Row]]) -> int:
    """Copy casts into the log with their streams and payloads, in one transaction; return how many events."""
    rows = [row for cast in casts for row in cast]
    with connection.transaction():
        with connection.cursor().copy(statement("copy events")) as copy:
            for row in rows:
                said = row.said
                copy.write_row((
                    row.stream, row.version, row.prev, said["subject"], said["kind"], said["shape"],
                    row.actor, row.at, row.command, said["step"],
                    row.body,
                ))  # fmt: skip
        last = {row.stream: row for row in rows}
        with connection.cursor().copy(statement("copy streams")) as copy:
            for row in last.values():
                copy.write_row((row.stream, row.said["subject"], row.version, row.leaf, row.at))
        with connection.cursor().copy(statement("copy payloads")) as copy:
            for row in rows:
                for bound, salt in row.payloads:
                    copy.write_row((bound, row.stream, row.version, "text", salt, WORDS))
    return len(rows)
