"""通知设置: on which channels and when I want to be told, what that means just now, and what was sent to me."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import RowMapping

from service.config import Settings
from service.context import journal, person, transaction
from service.errors import status_of
from service.pages.paging import leafed
from service.pages.posted import command_id, text
from service.resending import resend
from workflows.delivery.classes import NoticeClass
from workflows.delivery.endpoints import MAIL, Endpoint, title_of
from workflows.delivery.quiet import SHIPPED, Quiet, next_morning, read_quiet
from workflows.errors import FieldsInvalid
from workflows.store.letters import letters_for
from workflows.store.preferences import Preference, keep_preference, preferences_of
from workflows.store.receivers import receiver_of
from workflows.vocabulary import Role

pages = Blueprint("notice_settings", __name__)
MOBILE_DIGITS = 11
CLASS = re.compile(r"^[A-Za-z.]+: ")
STATES = {
    "pending": "等待发送", "held": "稍后发送", "leased": "发送中", "sending": "发送中", "uncertain": "结果不明",
    "sent": "已发送", "dropped": "未发送", "dead": "发送失败",
}  # fmt: skip


@dataclass(frozen=True)
class Outlook:
    """When a letter of each sort would come on a channel if it arose now; nothing for at once."""

    channel: str
    usual: datetime | None
    morning: bool


@pages.get("/account/notices")
def show() -> str:
    """Show my choice and what was sent to me."""
    return _page(chosen_by(person().id))


@pages.post("/account/notices")
def keep() -> ResponseReturnValue:
    """Keep my choice, or show only what it would mean."""
    try:
        chosen = _posted()
    except FieldsInvalid as wrong:
        return _page(chosen_by(person().id), wrong=wrong.sentence), status_of(wrong)
    if request.form.get("do") == "preview":
        return _page(chosen, unsaved=True)
    keep_preference(transaction(), person().id, chosen)
    flash(_("通知设置已保存，对今后的通知生效。"), "good")
    return redirect(url_for("notice_settings.show"), 303)


@pages.post("/account/notices/<uuid:letter_id>/again")
def again(letter_id: UUID) -> ResponseReturnValue:
    """Send one of my own notices again."""
    resend(transaction(), letter_id, reason=text("reason"), by=person(), command_id=command_id())
    flash(_("已重新发送，重发记入台账。"), "good")
    return redirect(url_for("notice_settings.show"), 303)


def chosen_by(who: str) -> Preference:
    """Return a person's choice, the bureau's where none was made."""
    return preferences_of(transaction(), [who]).get(who) or Preference(quiet=_settings().quiet)


def endpoints() -> tuple[Endpoint, ...]:
    """Return the channels that the operator set up."""
    return _settings().endpoints


def _settings() -> Settings:
    settings: Settings = current_app.settings  # type: ignore[attr-defined]
    return settings


def _page(chosen: Preference, *, wrong: str = "", unsaved: bool = False) -> str:
    letters, here = leafed(lambda limit, offset: letters_for(transaction(), person().id, limit=limit, offset=offset))
    channels = [(MAIL, title_of(MAIL)), *((each.channel, each.title) for each in endpoints())]
    receiver = receiver_of(transaction(), person().id)
    return render_template(
        "notice_settings.html", chosen=chosen, classes=list(NoticeClass), channels=channels, wrong=wrong,
        unsaved=unsaved,
        quiet=chosen.quiet or SHIPPED, outlooks=_outlooks(chosen, [name for name, _title in channels]),
        titles=dict(channels) | {"inbox": title_of("inbox")}, wants=_wants(chosen),
        letters=[_letter(row) for row in letters], paging=here, email=receiver.email if receiver else "",
        administers=person().holds(Role.PROCESS_ADMIN), robot=any(name == "dingtalk" for name, _title in channels),
    )  # fmt: skip


def _wants(chosen: Preference) -> Any:
    def wants(of_class: NoticeClass, channel: str) -> bool:
        pair = of_class.value, channel
        return pair not in chosen.unwanted if channel == MAIL else pair in chosen.wanted

    return wants


def _outlooks(chosen: Preference, channels: Sequence[str]) -> list[Outlook]:
    """Return what would happen now: the letter of the morning, the end of the quiet, or at once."""
    works, now = journal().calendar().is_workday, transaction().now()
    wants = _wants(chosen)
    if chosen.morning:
        usual: datetime | None = next_morning(now, works)
    else:
        usual = chosen.quiet.until(now, works) if chosen.quiet else None
    used = [name for name in channels if any(wants(each, name) for each in NoticeClass)]
    return [Outlook(name, usual, chosen.morning) for name in used]


def _letter(row: RowMapping) -> dict[str, object]:
    words = row["rendered"] or {}
    return {
        "id": row["id"], "subject": words.get("subject", ""), "channel": title_of(row["channel"], endpoints()),
        "at": row["created_at"], "state": _(STATES[row["state"]]), "key": row["state"],
        "detail": {"dropped": row["answer"], "dead": plain(row["last_error"])}.get(row["state"], ""),
        "next_at": row["next_at"] if row["state"] == "held" else None,
        "may_again": row["state"] in ("sent", "dead") and row["channel"] != "inbox",
    }  # fmt: skip


def plain(error: str | None) -> str:
    """Return a worker's record of a failure without the name of its class."""
    return CLASS.sub("", error or "")


def _posted() -> Preference:
    """Return the choice on the form; FieldsInvalid for hours or a number that are none."""
    offered = [MAIL, *(each.channel for each in endpoints())]
    pairs = [(each.value, name) for each in NoticeClass for name in offered]
    ticked = {pair for pair in pairs if request.form.get(" ".join(pair))}
    mobile = text("mobile")
    if mobile and not (mobile.isascii() and mobile.isdigit() and len(mobile) == MOBILE_DIGITS and mobile[0] == "1"):
        raise FieldsInvalid(_("手机号须为11位数字。"), field="mobile")
    return Preference(
        unwanted=frozenset((each.value, MAIL) for each in NoticeClass if (each.value, MAIL) not in ticked),
        wanted=frozenset(pair for pair in ticked if pair[1] != MAIL), quiet=_quiet(),
        morning=request.form.get("morning") == "1", mobile=mobile,
    )  # fmt: skip


def _quiet() -> Quiet | None:
    if not request.form.get("quiet"):
        return None
    return read_quiet(f"{text('quiet_from')}-{text('quiet_to')}", days_off=request.form.get("days_off") == "1")
