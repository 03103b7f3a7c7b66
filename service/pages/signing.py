"""The door: sign in and out; in a demonstration the list of who lives here."""

import json
from typing import Any

from flask import Blueprint, current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_limiter.util import get_remote_address

from service import auth
from service.config import Settings
from service.context import transaction
from service.organ_book import organs
from service.pages.posted import text
from service.security import SIGN_IN_FAILURES, failed, limiter

pages = Blueprint("signing", __name__)


def demo_accounts() -> list[dict[str, Any]]:
    """Return the accounts to show, one per role: none outside demo mode."""
    settings: Settings = current_app.settings  # type: ignore[attr-defined]
    file = settings.data_directory / "demo-accounts.json"
    if not settings.demo or not file.is_file():
        return []
    found: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
    return found


def door(wrong: str = "") -> str:
    """Return the sign-in page."""
    accounts = demo_accounts()
    return render_template(
        "sign_in.html", wrong=wrong, login=request.form.get("login", ""), next=request.values.get("next", ""),
        accounts=accounts, bureau_name=organs().bureau_name,
    )  # fmt: skip


@pages.get("/login")
def sign_in() -> ResponseReturnValue:
    """Show the door; who is inside already goes to work."""
    return redirect(url_for("worklist.show")) if g.get("person") else door()


@pages.post("/login")
@limiter.limit(SIGN_IN_FAILURES, key_func=get_remote_address, deduct_when=failed)
def check() -> ResponseReturnValue:
    """Let the person in, or say why not."""
    try:
        auth.sign_in(transaction(), text("login"), request.form.get("password", ""))
    except auth.SignInRefused as refusal:
        return door(refusal.sentence), 401
    return redirect(_inside(request.form.get("next", "")), 303)


@pages.post("/logout")
def sign_out() -> ResponseReturnValue:
    """Let the person out."""
    auth.sign_out(transaction())
    return redirect(url_for("signing.sign_in"), 303)


def _inside(address: str) -> str:
    """Return an address of this site only: a path that cannot be read as another host."""
    local = address.startswith("/") and not address.startswith(("//", "/\\")) and address.isprintable()
    return address if local else url_for("worklist.show")
