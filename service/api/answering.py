"""One request of the REST interface: who asks, by what leave, in one transaction; every refusal a problem document."""

from collections.abc import Callable
from http import HTTPStatus

from flask import Blueprint, Request, Response, current_app, g, request, session
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from service.api.problems import answer_fault, answer_refusal
from service.api.refusals import CrossSite, NotByToken, PasswordToChange, ScopeMissing, SignInMissing
from service.audit_reads import note_request
from service.config import Settings
from service.context import has_to_change, person, recognise
from service.request_transaction import opened
from service.security import csrf
from service.tokens import TokenScope, bearer_of
from workflows.errors import GoaltrailError
from workflows.store.transaction import Transaction

PREFIX = "/api/v1"
API = "api"
SAFE = frozenset({"GET", "HEAD"})


def is_for_programs(asked: Request) -> bool:
    """Whether a request is one to the REST interface, an address of it that there is not too."""
    unknown = asked.routing_exception is not None and asked.path.startswith(f"{PREFIX}/")
    return asked.blueprint == API or unknown


def answer(view: Callable[[], ResponseReturnValue]) -> ResponseReturnValue:
    """Run a view in one transaction as the person who asks; an address that there is not answers with a problem."""
    if request.routing_exception is not None:
        return answer_fault(request.routing_exception)
    with opened() as tx:
        _recognise(tx)
        answered = view()
        if request.method in SAFE:
            note_request(tx, person(), request.view_args or {})
        return answered


def _recognise(tx: Transaction) -> None:
    """Find out who asks, by the token that is shown or else by the session; SignInMissing for strangers."""
    if "Authorization" in request.headers:
        _by_token(tx)
    elif "token" in session:
        recognise(tx)
    if g.get("person") is None:
        raise SignInMissing
    if "scopes" not in g:
        _by_session()


def _by_token(tx: Transaction) -> None:
    shown = request.authorization
    bearer = bearer_of(tx, shown.token or "") if shown and shown.type == "bearer" else None
    if bearer is None:
        raise SignInMissing
    g.person, g.now, g.scopes, g.by_token = bearer.actor, tx.now(), bearer.scopes, True


def _by_session() -> None:
    if has_to_change():
        raise PasswordToChange(rule="A-PASSWORD")
    if request.method not in SAFE:
        try:
            csrf.protect()
        except CSRFError as wrong:
            raise CrossSite from wrong
    g.scopes, g.by_token = frozenset(TokenScope), False


def refuse_scope(scope: TokenScope) -> None:
    """Raise ScopeMissing or NotByToken unless what is shown opens this scope here."""
    if not g.by_token:
        return
    settings: Settings = current_app.settings  # type: ignore[attr-defined]
    if scope not in g.scopes:
        raise ScopeMissing(f"此访问令牌的范围不含“{scope.chinese}”。", rule="T-SCOPE")
    if scope == TokenScope.DECIDE and not settings.tokens_may_decide:
        raise NotByToken(rule="T-DECIDE")


def handle_refusals(blueprint: Blueprint) -> None:
    """Teach the interface to answer every refusal and fault with a problem document."""
    blueprint.register_error_handler(GoaltrailError, answer_refusal)
    blueprint.register_error_handler(HTTPException, answer_fault)


def written(body: str, status: int, headers: dict[str, str]) -> Response:
    """Return a JSON answer."""
    answered = Response(body, status, content_type="application/json")
    answered.headers.update(headers)
    return answered


def not_modified(headers: dict[str, str]) -> Response | None:
    """Return 304 where the reader already has this ETag."""
    etag = headers.get("ETag")
    if etag and request.method in SAFE and request.headers.get("If-None-Match", "").strip() == etag:
        return Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    return None

