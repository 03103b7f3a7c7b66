"""The one way in which a value becomes bytes: RFC 8785 within a profile that leaves nothing to interpretation.

The profile (ledger.md 3): no floats, integers within ±(2^53-1), keys without characters beyond the basic plane (so
that code point order is the UTF-16 order of RFC 8785), no lone surrogates; in event bodies keys are
`[a-z][a-z0-9_]*`. Money is a decimal string. Within it orjson, the standard library and rfc8785 agree byte for byte.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

import orjson

from workflows.errors import LedgerRefused

LARGEST_INTEGER = 2**53 - 1
DEEPEST = 32
BODY_LIMIT = 65_535
TOO_LARGE = "这一步要记入台账的内容有 {size:,} 字节，超过 {limit:,} 字节的上限，没有任何改动；请减少文字或分次办理。"
_BODY_KEY = re.compile(r"[a-z][a-z0-9_]*")
_CONTENT_KEY = re.compile(r"[^\U00010000-\U0010ffff\ud800-\udfff]*")
_PLAIN = (str, bool, type(None))
KEPT_KEYS = 4_096
_good_keys: dict[re.Pattern[str], set[object]] = {_BODY_KEY: set(), _CONTENT_KEY: set()}
"""Keys that were found good before, by what was asked of them."""


class NotCanonical(LedgerRefused):
    """内容中有无法记入台账的数值或字符。"""


def canonical(value: object) -> bytes:
    """Return the canonical bytes of a content; raises NotCanonical."""
    return _bytes(value, _CONTENT_KEY)


def canonical_body(body: dict[str, Any]) -> bytes:
    """Return the canonical bytes of an event body, at most 65,535 of them; raises NotCanonical."""
    written = _bytes(body, _BODY_KEY)
    if len(written) > BODY_LIMIT:
        raise NotCanonical(TOO_LARGE.format(size=len(written), limit=BODY_LIMIT), size=len(written), limit=BODY_LIMIT)
    return written


def read(written: bytes) -> Any:
    """Return the value of canonical bytes."""
    return orjson.loads(written)


def normal(value: Any) -> Any:
    """Return the value with every text in Unicode form NFC: for what people type, on its way in."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, dict):
        return {normal(key): normal(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [normal(item) for item in value]
    return value


def _bytes(value: object, keys: re.Pattern[str]) -> bytes:
    _check(value, keys, 0)
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except (TypeError, ValueError) as refused:
        raise NotCanonical(reason=str(refused)) from refused


def _check(value: object, keys: re.Pattern[str], depth: int) -> None:
    """Refuse what the profile leaves out; texts, numbers and keys seen before, nearly everything, cost no call."""
    if depth > DEEPEST:
        raise NotCanonical(reason="nested too deep")
    if isinstance(value, dict):
        good = _good_keys[keys]
        for key in value:
            if key not in good:
                _check_key(key, keys, good)
        items: Iterable[object] = value.values()
    elif isinstance(value, list | tuple):
        items = value
    else:
        _check_scalar(value)
        return
    for item in items:
        if not isinstance(item, _PLAIN) and not (type(item) is int and -LARGEST_INTEGER <= item <= LARGEST_INTEGER):
            _check(item, keys, depth + 1)


def _check_key(key: object, keys: re.Pattern[str], good: set[object]) -> None:
    if not isinstance(key, str) or not keys.fullmatch(key):
        raise NotCanonical(reason=f"key {key!r}")
    if len(good) < KEPT_KEYS:
        good.add(key)


def _check_scalar(value: object) -> None:
    if value is None or isinstance(value, str | bool):
        return
    if not isinstance(value, int) or abs(value) > LARGEST_INTEGER:
        raise NotCanonical(reason=f"{type(value).__name__} {value!r:.60}")
