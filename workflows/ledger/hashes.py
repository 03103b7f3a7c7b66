"""What is hashed and how: leaves as in RFC 6962, contents by their canonical bytes, moments as the log writes them."""

from datetime import UTC, datetime
from hashlib import sha256

from workflows.ledger.canonical import canonical

NO_PREVIOUS = bytes(32)
"""The `prev` of a stream's first event."""


def leaf(body: bytes) -> bytes:
    """Return the RFC 6962 leaf hash of an event body; it is also the next event's `prev`."""
    return sha256(b"\x00" + body).digest()


def content_hash(value: object) -> str:
    """Return the SHA-256 of a content's canonical bytes, as 64 hex digits."""
    return sha256(canonical(value)).hexdigest()


def moment(at: datetime) -> str:
    """Write a moment as event bodies hold it: `YYYY-MM-DDThh:mm:ss.ffffffZ`; a naive one raises ValueError."""
    if at.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return at.astimezone(UTC).isoformat(timespec="microseconds")[:-6] + "Z"


def commitment(salt: bytes, payload: bytes) -> bytes:
    """Return what binds an erasable payload: SHA-256(0x02 ‖ 32 bytes of salt ‖ payload)."""
    return sha256(b"\x02" + salt + payload).digest()
