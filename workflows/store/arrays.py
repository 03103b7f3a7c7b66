"""Arrays of identifiers and of byte strings as PostgreSQL reads them: written at once, one by one costs more."""

import struct
from collections.abc import Sequence
from typing import Self
from uuid import UUID

from psycopg import adapt, pq
from psycopg.abc import Buffer

UUID_TYPE, UUIDS_TYPE = 2950, 2951
BYTEA_TYPE, BYTEAS_TYPE = 17, 1001
HEAD = struct.Struct("!iiIii")
LENGTH = struct.Struct("!i")
EMPTY = struct.Struct("!iiI")


class Identifiers(tuple[UUID, ...]):
    """A parameter of type uuid[]."""

    __slots__ = ()

    def __new__(cls, values: Sequence[UUID]) -> Self:
        """Take the values."""
        return super().__new__(cls, values)


class Pieces(tuple[bytes, ...]):
    """A parameter of type bytea[]."""

    __slots__ = ()

    def __new__(cls, values: Sequence[bytes]) -> Self:
        """Take the values."""
        return super().__new__(cls, values)


def array_of(kind: int, values: Sequence[bytes]) -> bytes:
    """Return one dimension of elements of a type (its OID) in PostgreSQL's binary form."""
    if not values:
        return EMPTY.pack(0, 0, kind)
    parts = [HEAD.pack(1, 0, kind, len(values), 1)]
    for value in values:
        parts += (LENGTH.pack(len(value)), value)
    return b"".join(parts)


class IdentifiersDumper(adapt.Dumper):
    """How the driver writes Identifiers."""

    format = pq.Format.BINARY
    oid = UUIDS_TYPE

    def dump(self, obj: Identifiers) -> Buffer:
        """Return the array."""
        return array_of(UUID_TYPE, [each.bytes for each in obj])


class PiecesDumper(adapt.Dumper):
    """How the driver writes Pieces."""

    format = pq.Format.BINARY
    oid = BYTEAS_TYPE

    def dump(self, obj: Pieces) -> Buffer:
        """Return the array."""
        return array_of(BYTEA_TYPE, obj)
