"""One event, and whether its envelope and data have the form of its kind."""

from __future__ import annotations

import sys
from typing import Any, Dict, Optional, Tuple

from workflows.ledger.verifier.events.layouts import FORMS, LAYOUTS, Layout, is_hash, is_uuid
from workflows.ledger.verifier.events.roles import ROLES
from workflows.ledger.verifier.evidence.findings import Place
from workflows.ledger.verifier.evidence.moments import MOMENT, is_moment

BODY = frozenset({"actor", "at", "command_id", "content_hash", "data", "format", "kind", "prev", "shape", "step", "stream", "subject", "version"})
ACTOR = frozenset({"id", "name", "on_behalf_of", "organ", "role"})
BEHALF = frozenset({"grant", "id", "name"})


def wrong_column(body: Dict[str, Any]) -> Optional[Tuple[str, Any, str]]:
    """Return the first field of a body whose form is wrong: (field, what stands there, what belongs there)."""
    if body.keys() != BODY:
        return "", ", ".join(sorted(body)), ", ".join(sorted(BODY))
    layout, shape, actor, data = LAYOUTS.get(body["kind"]), body["shape"], body["actor"], body["data"]
    if layout is None or type(shape) is not int or not 1 <= shape <= layout.shape:
        return "shape", shape, "a known shape"
    if layout.subject != body["subject"]:
        return "subject", body["subject"], layout.subject
    if type(actor) is not dict or actor.keys() != ACTOR:
        return "actor", actor, ", ".join(sorted(ACTOR))
    if actor["on_behalf_of"] is not None and not is_behalf(actor["on_behalf_of"]):
        return "actor.on_behalf_of", actor["on_behalf_of"], ", ".join(sorted(BEHALF))
    if not actor["id"] or not type(actor["id"]) is type(actor["name"]) is type(actor["organ"]) is str:
        return "actor", actor, "id, name, organ"
    if type(actor["role"]) is not str or actor["role"] not in ROLES:
        return "actor.role", actor["role"], "a role"
    return wrong_envelope(body) or wrong_data(layout, shape, data) or wrong_content_hash(body, data)


def is_behalf(value: Any) -> bool:
    """For whom a deputy acted: the absent person, the name of that time, and the cover that allows it."""
    return type(value) is dict and value.keys() == BEHALF and all(type(word) is str and word for word in value.values())


def wrong_envelope(body: Dict[str, Any]) -> Optional[Tuple[str, Any, str]]:
    """Check what surrounds the data."""
    step, at = body["step"], body["at"]
    if body["format"] != 1 or type(body["format"]) is not int:
        return "format", body["format"], "1"
    if type(step) is not int or step < 0:
        return "step", step, "0, 1, 2 …"
    if not (type(at) is str and MOMENT.fullmatch(at) and is_moment(at)):
        return "at", at, "YYYY-MM-DDThh:mm:ss.ffffffZ"
    for name in ("stream", "command_id"):
        if not is_uuid(body[name]):
            return name, body[name], "uuid"
    version = body["version"]
    if type(version) is not int or version < 1:
        return "version", version, "1, 2, 3 …"
    return None if is_hash(body["prev"]) else ("prev", body["prev"], "64 hex")


def wrong_data(layout: Layout, shape: int, data: Any) -> Optional[Tuple[str, Any, str]]:
    """Check the fields of the kind."""
    fields, names = layout.shapes[shape - 1]
    if type(data) is not dict or data.keys() != names:
        return "data", ", ".join(sorted(map(str, data))) if type(data) is dict else data, ", ".join(sorted(names))
    for name, form in fields:
        if not FORMS[form](data[name]):
            return f"data.{name}", data[name], form
    return None


def wrong_content_hash(body: Dict[str, Any], data: Dict[str, Any]) -> Optional[Tuple[str, Any, str]]:
    """The content hash of the envelope is that of the data."""
    wanted = data.get("content_hash") or None
    return None if body["content_hash"] == wanted else ("content_hash", body["content_hash"], str(wanted))


class Event:
    """One event as pass 2 reads it."""

    __slots__ = ("at", "behalf", "command", "cover", "data", "kind", "name", "organ", "person", "place", "role", "shape", "step", "stream")

    def __init__(self, body: Dict[str, Any], index: int) -> None:
        actor = body["actor"]
        self.stream, self.kind, self.data, self.at = body["stream"], body["kind"], body["data"], body["at"]
        self.person, self.name = sys.intern(actor["id"]), sys.intern(actor["name"])
        self.role, self.organ = sys.intern(actor["role"]), sys.intern(actor["organ"])
        behalf = actor["on_behalf_of"]
        self.behalf: str = sys.intern(behalf["id"]) if behalf else ""
        self.cover: str = behalf["grant"] if behalf else ""
        self.command, self.step, self.shape = body["command_id"], body["step"], body["shape"]
        self.place = Place(index, self.stream, body["version"], body["subject"])
