"""离岗移交: what a leaver has in hand, and everything handed over at once, by the security administrator."""

from dataclasses import replace

from flask import Blueprint, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from service.context import person, transaction
from service.handing_over import HandedOver, hand_over_everything
from service.pages.posted import asked, command_id, refuse_long_texts, text
from service.pages.worklist import kind_name
from workflows.errors import FieldsInvalid, GoaltrailError, NotAllowed
from workflows.store.accounts import account_of_login
from workflows.store.leavers import in_hand_of
from workflows.store.posts import actor_of, holders_of
from workflows.vocabulary import Actor, Role

pages = Blueprint("leaving", __name__)


@pages.get("/leavers")
def show() -> str:
    """Show what the person of an account (`account`) has in hand."""
    _refuse_others()
    return _page()


@pages.post("/leavers")
def hand_over() -> ResponseReturnValue:
    """Hand everything over, and say of each piece what became of it."""
    _refuse_others()
    g.fresh = _page
    refuse_long_texts()
    leaver, successor = _named(text("account")), _named(text("successor"))
    results = hand_over_everything(
        transaction(), leaver=leaver, successor=successor, reason=text("reason"), by=person(), command_id=command_id()
    )
    return _page(results=results)


def _refuse_others() -> None:
    if not person().holds(Role.SECURITY_ADMIN):
        raise NotAllowed(_("离岗移交由安全管理员办理。"), rule="R-LEAVE")


def _page(refused: GoaltrailError | None = None, *, results: list[HandedOver] | None = None) -> str:
    login, tx = asked("account") or text("account"), transaction()
    account = account_of_login(tx, login) if login else None
    held = in_hand_of(tx, account["person"]) if account else None
    units = {row["unit"] for row in held.tables} if held else set()
    clerks = [
        (each.id, each.name) for unit in sorted(units) for each in holders_of(tx, Role.CLERK, unit)
        if account and each.id != account["person"]
    ]  # fmt: skip
    return render_template(
        "leavers.html", login=login, account=account, held=held, clerks=dict(clerks), results=results,
        kind_name=kind_name, typed=request.form, refused=refused.sentence if refused else None,
        unknown=bool(login) and account is None,
    )  # fmt: skip


def _named(login: str) -> Actor:
    account = account_of_login(transaction(), login)
    if account is None:
        raise FieldsInvalid(_("没有账号“%(login)s”。", login=login), field="account")
    return replace(actor_of(transaction(), account["person"], account["name"]), covers=())
