"""通知发送: what was given up and why, what waits, which channels rest; sending again with a reason."""

from collections import Counter
from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import RowMapping

from service.config import Settings
from service.context import person, transaction
from service.errors import status_of
from service.pages.notice_settings import STATES, plain
from service.pages.paging import leafed
from service.pages.posted import asked, command_id, text
from service.resending import resend, resend_all
from workflows.delivery.endpoints import Endpoint, title_of
from workflows.errors import FieldsInvalid, NotAllowed
from workflows.store.letters import attempts_of, dead_letters, letters_in, unsent_counts
from workflows.store.resting import troubled_channels
from workflows.vocabulary import Role

pages = Blueprint("letters", __name__)
SHOWN = {
    "dead": ("dead",), "waiting": ("pending", "leased", "sending", "uncertain"), "held": ("held",), "sent": ("sent",),
    "dropped": ("dropped",),
}  # fmt: skip
NAMES = {"dead": "发送失败", "waiting": "等待发送", "held": "稍后发送", "sent": "已发送", "dropped": "不再发送"}


@pages.get("/operation/letters")
def show() -> str:
    """Show letters of one state, by default those that were given up."""
    _refuse_others()
    return _page()


def _page(wrong: str = "", wrong_for: UUID | str = "") -> str:
    """Return the page; with what is wrong in a reason, for which letter (or `all`) and as it was typed."""
    which = asked("state") if asked("state") in SHOWN else "dead"
    rows, here = leafed(
        lambda limit, offset: letters_in(
            transaction(), SHOWN[which], channel=asked("channel"), limit=limit, offset=offset
        )
    )
    counts: Counter[str] = Counter()
    for row in unsent_counts(transaction()):
        counts[next(name for name, states in SHOWN.items() if row["state"] in states)] += row["n"]
    return render_template(
        "letters.html", which=which, names={name: _(said) for name, said in NAMES.items()}, counts=counts, paging=here,
        letters=_letters(list(rows)), troubled=[_channel(row) for row in troubled_channels(transaction())],
        channel=asked("channel"), wrong=wrong, wrong_for=wrong_for, typed=request.form.get("reason", ""),
    )  # fmt: skip


@pages.post("/operation/letters/<uuid:letter_id>/again")
def again(letter_id: UUID) -> ResponseReturnValue:
    """Send one letter again."""
    _refuse_others()
    try:
        resend(transaction(), letter_id, reason=text("reason"), by=person(), command_id=command_id())
    except FieldsInvalid as wrong:
        return _page(wrong.sentence, letter_id), status_of(wrong)
    flash(_("已重新发送，重发记入台账。"), "good")
    return redirect(url_for("letters.show"), 303)


@pages.post("/operation/letters/again")
def all_again() -> ResponseReturnValue:
    """Send every letter that was given up again, of one channel or of all."""
    _refuse_others()
    found = dead_letters(transaction(), request.form.get("channel", ""))
    try:
        sent = resend_all(transaction(), found, reason=text("reason"), by=person(), command_id=command_id())
    except FieldsInvalid as wrong:
        return _page(wrong.sentence, "all"), status_of(wrong)
    flash(_("已重新发送 %(n)d 条，重发记入台账。", n=sent), "good")
    return redirect(url_for("letters.show"), 303)


def _refuse_others() -> None:
    if not person().holds(Role.SYSTEM_ADMIN):
        raise NotAllowed(_("通知的发送情况由系统管理员查阅和处理。"), rule="R-ROLE")


def _letters(rows: list[RowMapping]) -> list[dict[str, object]]:
    tried: dict[UUID, list[RowMapping]] = {}
    for attempt in attempts_of(transaction(), [row["id"] for row in rows]):
        tried.setdefault(attempt["outbox_id"], []).append(attempt)
    return [
        {
            "id": row["id"], "subject": (row["rendered"] or {}).get("subject", ""), "receiver": row["receiver"],
            "channel": title_of(row["channel"], _endpoints()), "at": row["created_at"], "attempts": row["attempts"],
            "next_at": row["next_at"], "state": _(STATES[row["state"]]), "tried": tried.get(row["id"], []),
            "error": plain(row["last_error"]) if row["state"] == "dead" else row["answer"] or "",
            "may_again": row["state"] in ("dead", "sent"),
        }
        for row in rows
    ]  # fmt: skip


def _channel(row: RowMapping) -> dict[str, object]:
    return {**row, "title": title_of(row["channel"], _endpoints()), "last_error": plain(row["last_error"])}


def _endpoints() -> tuple[Endpoint, ...]:
    settings: Settings = current_app.settings  # type: ignore[attr-defined]
    return settings.endpoints
