"""The one canonical way to write a value as JSON, and a reader that refuses every other way."""

from __future__ import annotations

import json
import re
from hashlib import sha256
from typing import Any, Dict, Set

LARGEST = 2**53 - 1
DEEPEST = 32
KEY = re.compile(r"[a-z][a-z0-9_]*")
CONTENT_KEY = re.compile("[^\U00010000-\U0010ffff\ud800-\udfff]*")
WRITTEN = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False, allow_nan=False)


class Profile:
    """Reads JSON and refuses what the canonical profile forbids: floats, large integers, odd keys."""

    def __init__(self, key: re.Pattern[str]) -> None:
        self.key = key
        self.known: Set[str] = set()
        self.decoder = json.JSONDecoder(
            object_hook=self.check_keys, parse_float=self.refuse, parse_constant=self.refuse, parse_int=self.check_number
        )

    def check_keys(self, found: Dict[str, Any]) -> Dict[str, Any]:
        if not found.keys() <= self.known:
            for key in found:
                if not self.key.fullmatch(key):
                    raise ValueError(f"key {key!r:.40}")
            if len(self.known) < 100_000:
                self.known.update(found)
        return found

    @staticmethod
    def refuse(text: str) -> None:
        raise ValueError(f"number {text:.40}")

    @staticmethod
    def check_number(text: str) -> int:
        if len(text) > 17 or abs(int(text)) > LARGEST:
            raise ValueError(f"number {text:.40}")
        return int(text)

    def read(self, line: bytes) -> Any:
        """Return the value of canonical bytes; ValueError where they are not canonical."""
        text = line.decode("utf-8")
        if line.count(b"{") + line.count(b"[") > DEEPEST and depth_of(text) > DEEPEST + 1:
            raise ValueError("nested too deep")
        value = self.decoder.decode(text)
        if WRITTEN.encode(value) != text:
            raise ValueError("written another way")
        return value


def depth_of(text: str) -> int:
    """Return how deep brackets nest outside of strings."""
    deepest = depth = 0
    for char in re.sub(r'"(?:[^"\\]|\\.)*"', "", text):
        if char in "{[":
            depth += 1
            deepest = max(deepest, depth)
        elif char in "}]":
            depth -= 1
    return deepest


def digest_of(value: Any) -> bytes:
    """Return the hash of a value's canonical bytes."""
    return sha256(WRITTEN.encode(value).encode("utf-8")).digest()
