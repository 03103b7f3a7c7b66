"""The manifest of a bundle: which fields it has, in which form."""

from __future__ import annotations

import re
from typing import Any, Dict, List, Tuple

MANIFEST, EVENTS, PLACES = "manifest.json", "events.jsonl", "places.jsonl"
CONSISTENCY, CONTENTS, PAYLOADS, STATE = "consistency.jsonl", "contents.jsonl", "payloads.jsonl", "state.jsonl"
ALWAYS = (EVENTS, CONTENTS, PAYLOADS, STATE, "vkeys", "README.txt", "verify.py")
PARTIAL = (PLACES, CONSISTENCY)
OPTIONAL = ("receipt.tlog-proof",)
BY_PATTERN = re.compile(r"notes/[0-9]{1,20}|files/[0-9a-f]{64}")
HEX64 = re.compile(r"[0-9a-f]{64}")
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
MODES = ("production", "demo", "simulation")
SCOPES: Dict[str, Tuple[Tuple[str, type], ...]] = {
    "all": (), "table": (("table", str),), "year": (("year", int),), "event": (("stream", str), ("version", int)),
}
COUNTS = ("events", "contents", "payloads", "files", "tables")


def no_key_twice(pairs: List[Tuple[str, Any]]) -> Dict[str, Any]:
    """Return a JSON object; ValueError where a key stands in it twice, of which each reader may take another."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def wrong_in_manifest(said: Any) -> str:
    """Return the first field of the manifest whose form is wrong, or nothing."""
    if not isinstance(said, dict):
        return "form"
    scope, counts, files = said.get("scope"), said.get("counts"), said.get("files")
    forms = (
        ("format", said.get("format") == 1),
        ("origin", isinstance(said.get("origin"), str) and bool(said["origin"])),
        ("log_id", isinstance(said.get("log_id"), str) and bool(UUID.fullmatch(said["log_id"]))),
        ("mode", said.get("mode") in MODES),
        ("size", type(said.get("size")) is int and 0 <= said["size"] < 2**53),
        ("root", isinstance(said.get("root"), str) and bool(HEX64.fullmatch(said["root"]))),
        ("scope", isinstance(scope, dict) and scope_is_known(scope)),
        ("counts", isinstance(counts, dict) and all(type(counts.get(name)) is int for name in COUNTS)),
        ("files", isinstance(files, dict) and all(isinstance(value, str) for value in files.values())),
    )
    return next((name for name, right in forms if not right), "") or wrong_origin(said)


def scope_is_known(scope: Dict[str, Any]) -> bool:
    """Whether a scope is one of the four, with its own fields."""
    fields = SCOPES.get(str(scope.get("kind")))
    return fields is not None and all(type(scope.get(name)) is kind for name, kind in fields)


def wrong_origin(said: Dict[str, Any]) -> str:
    """The origin names the log by its id."""
    wanted = f"goaltrail.local/{said['log_id'].replace('-', '')[:16]}/sha256"
    return "" if said["origin"] == wanted else "origin"
