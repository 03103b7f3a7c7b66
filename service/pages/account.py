"""本人账号: who I am here, and a new password of my own."""

from uuid import uuid4

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from service import auth
from service.context import has_to_change, person, transaction
from service.passwords import SHORTEST, matches, set_password
from service.security import limiter
from workflows.errors import FieldsInvalid, NotFound
from workflows.store.accounts import account_of_person, set_language

pages = Blueprint("account", __name__)
LANGUAGES = {"zh": "中文", "en": "English"}


@pages.get("/account")
def show() -> str:
    """Show the person's own account."""
    return _page()


@pages.post("/account/password")
@limiter.limit("20/minute")
def change() -> ResponseReturnValue:
    """Give the person a new password; the old one is asked for, every other session ends."""
    tx = transaction()
    account = account_of_person(tx, person().id)
    if account is None:
        raise NotFound
    if auth.must_wait(account["login"], account):
        return _page(_("连续多次输入错误，请稍候再试。")), 401
    if not matches(account["password_hash"], request.form.get("old", "")):
        auth.count_failure(tx, account["login"], account)
        return _page(_("原密码不正确。")), 401
    new = request.form.get("new", "")
    try:
        _refuse_unusable(new, request.form.get("old", ""), request.form.get("again", ""))
        set_password(tx, account, new, by=person(), command_id=uuid4())
    except FieldsInvalid as weak:
        return _page(weak.sentence), 422
    auth.begin_session(tx, person().id)
    flash(_("密码已修改，其他设备上的登录已全部退出。"), "good")
    return redirect(url_for("account.show"), 303)


@pages.post("/account/language")
def choose_language() -> ResponseReturnValue:
    """Show the pages in the language chosen from now on; what is on record stays in the words it was written in."""
    chosen = request.form.get("language", "")
    if chosen not in LANGUAGES:
        raise FieldsInvalid(_("请选择界面语言。"), field="language")
    set_language(transaction(), person().id, chosen)
    return redirect(url_for("account.show"), 303)


def _refuse_unusable(new: str, old: str, again: str) -> None:
    if new != again:
        raise FieldsInvalid(_("两次输入的新密码不一致。"))
    if new == old:
        raise FieldsInvalid(_("新密码不能与原密码相同。"))


def _page(wrong: str = "") -> str:
    account = account_of_person(transaction(), person().id)
    return render_template(
        "account.html", account=account, wrong=wrong, has_to_change=has_to_change(), shortest=SHORTEST,
        languages=LANGUAGES,
    )  # fmt: skip
