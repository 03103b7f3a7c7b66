"""访问令牌: what programs may show instead of a session; made and ended by the person, shown once."""

import secrets
from uuid import UUID, uuid4

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from service import auth
from service.config import Settings
from service.context import person, transaction
from service.errors import status_of
from service.pages.posted import command_id, subject_id, text
from service.passwords import matches
from service.security import limiter
from service.tokens import LIFETIMES, LONGEST_NAME, PREFIX, TokenScope, issue_token, revoke_token
from workflows.errors import FieldsInvalid, NotAllowed, NotFound
from workflows.store.accounts import account_of_person
from workflows.store.tokens import tokens_of

pages = Blueprint("tokens", __name__)


@pages.get("/account/tokens")
def show() -> str:
    """Show the person's tokens and the form for a new one."""
    return _page()


@pages.post("/account/tokens")
@limiter.limit("20/minute")
def issue() -> ResponseReturnValue:
    """Make a token after the password was given again, and show it this once."""
    tx = transaction()
    account = account_of_person(tx, person().id)
    if account is None:
        raise NotFound
    if auth.must_wait(account["login"], account):
        return _page(_("连续多次输入错误，请稍候再试。")), 401
    if not matches(account["password_hash"], request.form.get("password", "")):
        auth.count_failure(tx, account["login"], account)
        return _page(_("密码不正确。")), 401
    secret = PREFIX + secrets.token_urlsafe(32)
    try:
        issue_token(
            tx, subject_id("token"), secret, by=person(), name=text("name"), scopes=request.form.getlist("scope"),
            days=request.form.get("days", 0, type=int), command_id=command_id(), may_decide=_may_decide(),
        )  # fmt: skip
    except (FieldsInvalid, NotAllowed) as wrong:
        return _page(wrong.sentence), status_of(wrong)
    return _page(secret=secret)


@pages.post("/account/tokens/<uuid:token_id>/revoke")
def revoke(token_id: UUID) -> ResponseReturnValue:
    """End one of the person's own tokens."""
    revoke_token(transaction(), token_id, by=person(), command_id=uuid4())
    flash(_("令牌已吊销，即刻失效。"), "good")
    return redirect(url_for("tokens.show"), 303)


def _may_decide() -> bool:
    settings: Settings = current_app.settings  # type: ignore[attr-defined]
    return settings.tokens_may_decide


def _page(wrong: str = "", secret: str = "") -> str:
    offered = [scope for scope in TokenScope if scope != TokenScope.DECIDE or _may_decide()]
    return render_template(
        "tokens.html", tokens=tokens_of(transaction(), person().id), scopes=offered, lifetimes=LIFETIMES,
        may_decide=_may_decide(), longest=LONGEST_NAME, wrong=wrong, secret=secret,
        scope_names={scope.value: scope.chinese for scope in TokenScope},
        chosen=request.form.getlist("scope") or [TokenScope.READ], name="" if secret else text("name"),
    )  # fmt: skip
