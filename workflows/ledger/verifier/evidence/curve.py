"""The curve Ed25519 (RFC 8032): whether a signature is of a key, with every number in its one canonical form."""

from __future__ import annotations

import hashlib
from typing import List, Optional, Tuple

Point = Tuple[int, int, int, int]
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
SQRT_M1 = pow(2, (P - 1) // 4, P)
IDENTITY: Point = (0, 1, 1, 0)


def add_points(one: Point, two: Point) -> Point:
    """Add two points in extended coordinates (RFC 8032, 5.1.4)."""
    a, b = (one[1] - one[0]) * (two[1] - two[0]) % P, (one[1] + one[0]) * (two[1] + two[0]) % P
    c, d = 2 * one[3] * two[3] * D % P, 2 * one[2] * two[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def point_from(raw: bytes) -> Optional[Point]:
    """Return the point of 32 bytes; None where they are not the one canonical way to write a point."""
    number = int.from_bytes(raw, "little")
    sign, y = number >> 255, number & ((1 << 255) - 1)
    if len(raw) != 32 or y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * SQRT_M1 % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return (x, y, 1, x * y % P)


def bytes_of(point: Point) -> bytes:
    """Write a point as 32 bytes."""
    inverse = pow(point[2], P - 2, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


class Multiples:
    """A fixed point and its multiples by 16**i * digit, so that 64 additions multiply it by anything."""

    def __init__(self, point: Point) -> None:
        self.rows: List[List[Point]] = []
        for _ in range(64):
            row = [IDENTITY]
            for _ in range(15):
                row.append(add_points(row[-1], point))
            self.rows.append(row)
            point = add_points(row[-1], point)

    def times(self, number: int) -> Point:
        result = IDENTITY
        for row in self.rows:
            result = add_points(result, row[number & 15])
            number >>= 4
        return result


_BASE: List[Multiples] = []


def base() -> Multiples:
    """Return the multiples of the base point, made once."""
    if not _BASE:
        point = point_from((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
        _BASE.append(Multiples(point or IDENTITY))
    return _BASE[0]


class PublicKey:
    """An Ed25519 verification key; ValueError where the 32 bytes are no point fit for it."""

    def __init__(self, raw: bytes) -> None:
        point = point_from(raw)
        if point is None:
            raise ValueError("not a point")
        eighth = point
        for _ in range(3):
            eighth = add_points(eighth, eighth)
        if bytes_of(eighth) == bytes_of(IDENTITY):
            raise ValueError("a point of small order")
        self.raw = raw
        self.negative = Multiples((P - point[0], point[1], point[2], P - point[3]))

    def verifies(self, message: bytes, signature: bytes) -> bool:
        """Whether s·B − k·A = R, with every number written in its one canonical way."""
        if len(signature) != 64:
            return False
        s = int.from_bytes(signature[32:], "little")
        if s >= L:
            return False
        k = int.from_bytes(hashlib.sha512(signature[:32] + self.raw + message).digest(), "little") % L
        return bytes_of(add_points(base().times(s), self.negative.times(k))) == signature[:32]
