"""How a refusal or fault becomes a problem document (RFC 9457): status, rule, sentence, and every finding at once."""

import re
from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from flask import Response, g, request
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException

from service.api.answers import Flaw, Problem, TableHead
from service.api.heads import head_of
from service.context import person
from service.errors import SENTENCES, status_of
from service.request_transaction import in_transaction
from workflows.errors import GoaltrailError, NotAllowed
from workflows.store.queries import table_seen_by

MEDIA_TYPE = "application/problem+json"
GUIDE = "/api/v1/docs#problem-"
MOVED_ON = frozenset({HTTPStatus.CONFLICT, HTTPStatus.PRECONDITION_FAILED})
HELD = ("field", "pointer")
"""Facts of a refusal that name the one place it is about."""


def name_of(kind: type[GoaltrailError]) -> str:
    """Return the last part of a problem's type: table-changed-meanwhile."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", kind.__name__).lower()


def title_of(kind: type[GoaltrailError]) -> str:
    """Return the sentence that every refusal of a class shares."""
    return next((each.__doc__ or "").strip() for each in kind.__mro__ if each.__doc__)


def problem_of(refusal: GoaltrailError) -> Problem:
    """Return what a refusal is told as."""
    kind = type(refusal)
    return Problem(
        type=GUIDE + name_of(kind), title=title_of(kind), status=status_of(refusal), detail=refusal.sentence,
        english=name_of(kind).replace("-", " "), instance=request.path,
        rule=refusal.rule if isinstance(refusal, NotAllowed) else None, errors=list(_flaws(refusal.facts)),
    )  # fmt: skip


def _flaws(facts: Mapping[str, Any]) -> Iterator[Flaw]:
    found: Sequence[Any] = facts.get("problems") or facts.get("findings") or ()
    for each in found:
        if isinstance(each, Flaw):
            yield each
        else:
            yield Flaw(
                pointer=str(getattr(each, "pointer", "")), detail=str(getattr(each, "sentence", each)),
                rule=getattr(each, "rule", None), severity=getattr(each, "severity", None),
                suggestion=getattr(each, "suggestion", None) or None,
            )  # fmt: skip
    for name in HELD:
        if isinstance(facts.get(name), str):
            yield Flaw(pointer="/" + facts[name].lstrip("/"), detail=_("请更正此处。"))


def answer_refusal(refusal: GoaltrailError) -> Response:
    """Return the problem document of a refusal; where the table moved on, with the table and its ETag as they are."""
    said = problem_of(refusal)
    fresh = fresh_head() if said.status in MOVED_ON else None
    return written(said.model_copy(update={"table": fresh}), fresh.etag if fresh else None)


def fresh_head() -> TableHead | None:
    """Return the table that was asked about as it stands after the refusal, None where the caller may not read it."""
    if g.get("person") is None or "table_asked" not in g:
        return None
    try:
        return in_transaction(lambda tx: head_of(tx, person(), table_seen_by(tx, person(), g.table_asked)))
    except GoaltrailError:
        return None


def answer_fault(error: HTTPException) -> Response:
    """Return the problem document of an HTTP error: no such address, a wrong method, too many or too large requests."""
    code = error.code or 500
    phrase = HTTPStatus(code).phrase
    said = Problem(
        type="about:blank", title=phrase, status=code, detail=_(SENTENCES.get(code, SENTENCES[400])),
        english=phrase.lower(), instance=request.path,
    )  # fmt: skip
    answered = written(said)
    for name in ("Allow", "Retry-After"):
        if error.response is None and (value := dict(error.get_headers()).get(name)):
            answered.headers[name] = value
    return answered


def written(said: Problem, etag: str | None = None) -> Response:
    """Write a problem document down."""
    answered = Response(said.model_dump_json(), said.status, content_type=MEDIA_TYPE)
    if etag:
        answered.headers["ETag"] = etag
    if said.status == HTTPStatus.UNAUTHORIZED:
        answered.headers["WWW-Authenticate"] = 'Bearer realm="goaltrail"'
    return answered
