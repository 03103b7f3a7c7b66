"""What a request says: path, query, body by their shapes, the command's key, the ETag seen; all flaws at once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid5

import orjson
from flask import request
from pydantic import BaseModel, ValidationError
from werkzeug.datastructures import MultiDict

from service.api.answers import Flaw
from service.api.heads import Match, match_from
from service.api.refusals import KeyMissing, NotJson, RequestInvalid, WrongMediaType

KEY = re.compile(r"[\x21-\x7e]{1,200}")
KEYS = UUID("5d8f3a1c-64b2-5f0e-8a77-1c9be2d40f36")
"""Namespace of the commands of keys that are no UUID."""
SAID = {
    "missing": "必须填写。", "extra_forbidden": "没有这个字段。", "string_too_long": "超过字数上限。",
    "string_too_short": "字数不足。", "uuid_parsing": "须是 UUID。", "enum": "不是可选的值。", "too_long": "项数过多。",
    "too_short": "项数不足。", "string_type": "须是文字。",
}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """A request as read by its operation's shapes."""

    path: Mapping[str, Any] = field(default_factory=dict)
    query: Any = None
    body: Any = None
    match: Match | None = None
    dry_run: bool = False
    key: str = ""

    @property
    def command_id(self) -> UUID:
        """Return the client's token of this command: its key, if that is a UUID, else one made from it."""
        try:
            return UUID(self.key)
        except ValueError:
            return uuid5(KEYS, self.key)


def query_asked(shape: type[BaseModel]) -> Any:
    """Return the query by its shape; RequestInvalid names every parameter that does not fit."""
    given: MultiDict[str, str] = request.args
    doubled = tuple(
        Flaw(parameter=name, detail="只能写一次。") for name, values in given.lists() if len(values) > 1
    )  # fmt: skip
    if doubled:
        raise RequestInvalid(problems=doubled)
    try:
        return shape.model_validate_strings(given.to_dict())
    except ValidationError as wrong:
        raise RequestInvalid(problems=tuple(_flaw(each, in_query=True) for each in wrong.errors())) from wrong


def body_asked(shape: type[BaseModel]) -> Any:
    """Return the JSON body by its shape; an empty body says nothing. WrongMediaType, NotJson, RequestInvalid."""
    sent = request.get_data(cache=True)
    if sent and request.mimetype != "application/json":
        raise WrongMediaType
    try:
        said = orjson.loads(sent) if sent else {}
    except orjson.JSONDecodeError as wrong:
        raise NotJson from wrong
    if not isinstance(said, dict):
        raise NotJson
    try:
        return shape.model_validate_json(sent or b"{}")
    except ValidationError as wrong:
        raise RequestInvalid(problems=tuple(_flaw(each) for each in wrong.errors())) from wrong


def _flaw(error: Mapping[str, Any], *, in_query: bool = False) -> Flaw:
    said = SAID.get(error["type"], f"不符合要求：{error['msg']}")
    if in_query:
        return Flaw(parameter=str(error["loc"][0]) if error["loc"] else "", detail=said)
    parts = (str(part).replace("~", "~0").replace("/", "~1") for part in error["loc"] if part != "[key]")
    return Flaw(pointer="".join(f"/{part}" for part in parts), detail=said)


def key_asked() -> str:
    """Return the command's key; KeyMissing where there is none of its form."""
    key = request.headers.get("Idempotency-Key", "")
    if not KEY.fullmatch(key):
        raise KeyMissing
    return key


def match_asked() -> Match | None:
    """Return what If-Match says that the caller saw, None without it; MatchUnreadable for what is no ETag of ours."""
    sent = request.headers.get("If-Match", "")
    return match_from(sent) if sent else None


def fingerprint() -> bytes:
    """Return the SHA-256 of what makes a request the same one: method, address, body; not what was seen before it."""
    said = f"{request.method} {request.full_path}\n".encode()
    return sha256(said + request.get_data(cache=True)).digest()
