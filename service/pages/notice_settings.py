"""通知设置: on which channels and when I want to be told, what that means just now, and what was sent to me."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid4

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import RowMapping

from service.config import Settings
from service.context import journal, person, transaction
from service.errors import status_of
from service.pages.notice_form import URGENT, NoticeForm, form_of, mobile_change, posted_form
from service.pages.paging import leafed
from service.pages.posted import command_id, text
from service.resending import resend
from workflows.commands.tracing import note_mobile_changed
from workflows.delivery.classes import NoticeClass
from workflows.delivery.endpoints import MAIL, SMS, Endpoint, title_of
from workflows.delivery.mobile import masked
from workflows.delivery.quiet import next_morning
from workflows.errors import FieldsInvalid
from workflows.store.letters import letters_for
from workflows.store.preferences import Preference, keep_preference, preferences_of
from workflows.store.receivers import receiver_of
from workflows.vocabulary import Role

pages = Blueprint("notice_settings", __name__)
CLASS = re.compile(r"^[A-Za-z.]+: ")
STATES = {
    "pending": "等待发送", "held": "稍后发送", "leased": "发送中", "sending": "发送中", "uncertain": "结果不明",
    "sent": "已发送", "dropped": "不再发送", "dead": "发送失败",
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
    chosen = chosen_by(person().id)
    return _page(chosen, form_of(chosen))


@pages.post("/account/notices")
def keep() -> ResponseReturnValue:
    """Keep my choice, or show only what it would mean; what is wrong comes back with what was typed."""
    before = chosen_by(person().id)
    form = posted_form(request.form, [MAIL, *(each.channel for each in endpoints())])
    try:
        chosen = form.choice(before)
    except FieldsInvalid as wrong:
        return _page(before, form, wrong=wrong), status_of(wrong)
    if request.form.get("do") == "preview":
        return _page(replace(chosen, mobile=before.mobile), form, unsaved=True)
    change = mobile_change(before.mobile, chosen.mobile)
    if change:
        note_mobile_changed(journal(), change=change, by=person(), command_id=uuid4())
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


def _page(chosen: Preference, form: NoticeForm, *, wrong: FieldsInvalid | None = None, unsaved: bool = False) -> str:
    letters, here = leafed(lambda limit, offset: letters_for(transaction(), person().id, limit=limit, offset=offset))
    channels = [(MAIL, title_of(MAIL)), *((each.channel, each.title) for each in endpoints())]
    receiver, names = receiver_of(transaction(), person().id), [name for name, _title in channels]
    used = [name for name in names if any(form.wants(each.value, name) for each in NoticeClass)]
    return render_template(
        "notice_settings.html", form=form, mobile=masked(chosen.mobile), classes=list(NoticeClass), channels=channels,
        wrong=wrong.sentence if wrong else "", field=wrong.facts.get("field") if wrong else "", unsaved=unsaved,
        outlooks=_outlooks(chosen, used),
        titles=dict(channels) | {"inbox": title_of("inbox")}, sms=SMS in names, urgent=URGENT,
        letters=[_letter(row) for row in letters], paging=here, email=receiver.email if receiver else "",
        administers=person().holds(Role.PROCESS_ADMIN), robot="dingtalk" in names,
    )  # fmt: skip


def _outlooks(chosen: Preference, channels: Sequence[str]) -> list[Outlook]:
    """Return what would happen now on these channels: the letter of the morning, the end of the quiet, or at once."""
    works, now = journal().calendar().is_workday, transaction().now()
    if chosen.morning:
        usual: datetime | None = next_morning(now, works)
    else:
        usual = chosen.quiet.until(now, works) if chosen.quiet else None
    return [Outlook(name, usual, chosen.morning) for name in channels]


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
