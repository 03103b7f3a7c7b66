"""Where a list goes on: the place of the last row that was seen, written so that callers pass it back untouched."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from json import dumps, loads
from typing import Any
from uuid import UUID

from service.api.refusals import CursorUnreadable
from workflows.store.leafing import ORDERS, Cut, Key


def cursor_at(key: object, row_id: object) -> str:
    """Return the cursor of a row by its key in the list's order and its ID."""
    text = key.isoformat() if isinstance(key, datetime) else None if key is None else str(key)
    return urlsafe_b64encode(dumps([text, str(row_id)], ensure_ascii=False).encode()).decode().rstrip("=")


def place_at(cursor: str) -> tuple[str | None, str]:
    """Return key and ID of a cursor; CursorUnreadable for anything else."""
    try:
        key, row_id = loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, TypeError) as error:
        raise CursorUnreadable(field="cursor") from error
    if not isinstance(row_id, str) or not isinstance(key, str | None) or "\x00" in f"{key}{row_id}":
        raise CursorUnreadable(field="cursor")
    return key, row_id


def moment_and_id(cursor: str) -> tuple[datetime | None, UUID | None]:
    """Return the moment and ID of a cursor; (None, None) for an empty one: from the start."""
    if not cursor:
        return None, None
    key, row_id = place_at(cursor)
    try:
        at = datetime.fromisoformat(key or "")
        return at, UUID(row_id)
    except ValueError as error:
        raise CursorUnreadable(field="cursor") from error


def number(cursor: str) -> int:
    """Return the number of a cursor, 0 for an empty one."""
    if not cursor:
        return 0
    key, _row = place_at(cursor)
    if key is None or not key.isascii() or not key.isdigit() or len(key) > 12:
        raise CursorUnreadable(field="cursor")
    return int(key)


def cut_at(cursor: str, order: str) -> Cut | None:
    """Return where the list of tables goes on in this order, None for an empty cursor."""
    if not cursor:
        return None
    text, table_id = place_at(cursor)
    try:
        return Cut(_key(text, ORDERS[order].type), UUID(table_id))
    except (ValueError, ArithmeticError) as error:
        raise CursorUnreadable(field="cursor") from error


def table_cursor(row: Mapping[str, Any], order: str) -> str:
    """Return the cursor of a row of the list of tables."""
    return cursor_at(row[ORDERS[order].column.removeprefix("t.")], row["table_id"])


def _key(text: str | None, kind: str) -> Key:
    if text is None:
        return None
    if kind == "timestamptz":
        return datetime.fromisoformat(text)
    if kind == "numeric":
        amount = Decimal(text)
        if not amount.is_finite():
            raise ValueError(text)
        return amount
    return text
