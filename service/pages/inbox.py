"""消息: what the person was told; for the system administrator also the mails that were dropped as files."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from uuid import UUID

from flask import Blueprint, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from service.config import Settings
from service.context import person, transaction
from service.pages.paging import leafed
from workflows.errors import NotAllowed
from workflows.store.inbox import mark_read, notices_for
from workflows.vocabulary import Role

MAILS_SHOWN = 200

pages = Blueprint("inbox", __name__)


@pages.get("/inbox")
def show() -> str:
    """Show the messages, newest first."""
    messages, here = leafed(
        lambda limit, offset: notices_for(transaction(), person().id, limit=limit, offset=offset)
    )
    return render_template("inbox.html", messages=messages, paging=here)


@pages.post("/inbox/read")
def mark_all() -> ResponseReturnValue:
    """Mark everything as read."""
    mark_read(transaction(), person().id)
    return redirect(url_for("inbox.show"), 303)


@pages.post("/inbox/<uuid:message_id>/read")
def mark(message_id: UUID) -> ResponseReturnValue:
    """Mark one message as read."""
    mark_read(transaction(), person().id, message_id)
    return redirect(url_for("inbox.show"), 303)


@pages.get("/mails")
def mails() -> str:
    """Show the dropped mails to the system administrator."""
    if not person().holds(Role.SYSTEM_ADMIN):
        raise NotAllowed(_("邮件目录由系统管理员查阅。"), rule="R-ROLE")
    settings: Settings = current_app.settings  # type: ignore[attr-defined]
    files = sorted(settings.mail_folder.glob("*.eml"), key=lambda file: file.stat().st_mtime, reverse=True)
    return render_template("mail.html", mails=[_mail(file) for file in files[:MAILS_SHOWN]])


def _mail(file: Path) -> dict[str, str]:
    message = message_from_bytes(file.read_bytes(), policy=policy.default)
    body = message.get_body(("plain",)) if isinstance(message, EmailMessage) else None
    return {
        "name": file.name, "subject": str(message["subject"] or ""), "to": str(message["to"] or ""),
        "date": str(message["date"] or ""), "text": body.get_content() if body else "",
    }  # fmt: skip
