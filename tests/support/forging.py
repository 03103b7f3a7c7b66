"""Forged histories: a log whose events were changed by somebody who recomputes chains, roots and signatures after it."""

import io
import json
from collections.abc import Callable, Mapping
from copy import copy
from hashlib import sha256
from zipfile import ZIP_DEFLATED, ZipFile

from tests.support.sealed_log import Packed, SealedLog
from workflows.ledger.canonical import canonical
from workflows.ledger.hashes import NO_PREVIOUS, leaf

Forger = Callable[[dict], dict | None]
"""Gets an event's body and returns what shall stand there instead, or None to let it disappear."""


def forged(log: SealedLog, forge: Forger) -> SealedLog:
    """The log after the forger: versions and chains are made anew, so that no hash tells."""
    other, heads = copy(log), {}
    other.bodies, moved = [], {}
    for index, body in enumerate(log.bodies):
        said = forge(json.loads(body))
        if said is None:
            continue
        version, prev = heads.get(said["stream"], (0, NO_PREVIOUS.hex()))
        written = canonical({**said, "version": version + 1, "prev": prev})
        heads[said["stream"]] = (version + 1, leaf(written).hex())
        moved[index] = len(other.bodies)
        other.bodies.append(written)
    other.payloads = {key: (moved[index], payload) for key, (index, payload) in log.payloads.items() if index in moved}
    return other


def where(log: SealedLog, kind: str, number: int = 0, **data) -> int:
    """The log index of an event of this kind with these values in its data; -1 counts from the end."""
    bodies = enumerate(map(json.loads, log.bodies))
    return [i for i, body in bodies if body["kind"] == kind and data.items() <= body["data"].items()][number]


def command_of(log: SealedLog, index: int) -> str:
    return json.loads(log.bodies[index])["command_id"]


def first_content(log: SealedLog) -> str:
    """The hash of the content with which the log's first table was born."""
    return json.loads(log.bodies[where(log, "table.imported")])["content_hash"]


def by_other(log: SealedLog, index: int, **actor) -> Forger:
    """Let somebody else have done the whole step that begins at an index."""
    command = command_of(log, index)

    def forge(body: dict) -> dict:
        return {**body, "actor": {**body["actor"], **actor}} if body["command_id"] == command else body

    return forge


def saying(log: SealedLog, index: int, **data) -> Forger:
    """Let one event say something else in its data."""
    event = log.bodies[index]

    def forge(body: dict) -> dict:
        if canonical(body) != event:
            return body
        said = {**body["data"], **data}
        return {**body, "data": said, "content_hash": said.get("content_hash") or None}

    return forge


def without(log: SealedLog, index: int) -> Forger:
    """Let a whole step disappear."""
    command = command_of(log, index)
    return lambda body: None if body["command_id"] == command else body


def rezipped(data: bytes, changes: Mapping[str, bytes | None], *, manifest: bool = False) -> bytes:
    """The bundle with members changed, added or (None) left out; the manifest follows where it shall."""
    with ZipFile(io.BytesIO(data)) as opened:
        members = {name: opened.read(name) for name in opened.namelist()}
    members = {name: body for name, body in {**members, **changes}.items() if body is not None}
    if manifest:
        said = json.loads(members["manifest.json"])
        files = {name: sha256(body).hexdigest() for name, body in members.items() if name != "manifest.json"}
        members["manifest.json"] = canonical({**said, "files": files})
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as zipped:
        for name, body in members.items():
            zipped.writestr(name, body)
    return out.getvalue()


def packed(log: SealedLog, forge: Forger | None = None) -> Packed:
    return Packed(forged(log, forge) if forge else log)
