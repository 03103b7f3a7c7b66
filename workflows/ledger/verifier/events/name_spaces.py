"""Ids that are derived from a name (UUID of version 5), and the spaces of such names."""

from __future__ import annotations

import hashlib

PEOPLE = "6f0d5c1e-0d5b-5d0e-9a3e-4c1f5f3a7b10"


def derived(space: str, name: str) -> str:
    """Return the UUID of version 5 of a name."""
    digest = hashlib.sha1(bytes.fromhex(space.replace("-", "")) + name.encode(), usedforsecurity=False).digest()
    raw = bytearray(digest[:16])
    raw[6], raw[8] = raw[6] & 0x0F | 0x50, raw[8] & 0x3F | 0x80
    text = raw.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


TRACES = "9d1c6a52-7f0e-5b3a-8c44-2e6b7d90f1a5"
"""The space of the streams on which the traces of a person lie."""
BUDGETS = "5d1c9a0e-7c1b-5a0e-9b3f-2f4f6f0a8c11"
"""The space of the streams on which approvals of a budget stand."""
CAMPAIGNS = "1f6d3c52-0b7e-5f0c-9a64-8f4f0f4d7b21"
"""The space of the streams on which campaigns stand."""
LIBRARIES = "5b0e8f0c-6a53-5a0e-9c55-0d2f6b7a4e11"
"""Namespace of the bureaus' libraries of indicators."""
