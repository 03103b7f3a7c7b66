"""附件: the files beside a table, each as a download only, put there and taken back by the clerk."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial
from io import BytesIO
from uuid import UUID

from flask import Blueprint, Response, flash, g, redirect, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from service.context import journal, person, transaction
from service.pages.posted import command_id, seen, sent_file, text
from service.pages.table_view import table_page
from workflows.attachments import ALLOWED, LARGEST, MEDIA_TYPES, MOST
from workflows.commands.attaching import attach_file, withdraw_attachment
from workflows.errors import AttachmentChanged, NotFound
from workflows.events import AttachmentAdded
from workflows.folds.replay import Attachment, Table
from workflows.rights.lifecycle import FILING_DESKS, decide
from workflows.rights.permissions import desks_of
from workflows.store.queries import standing_seen_by, table_seen_by
from workflows.store.streams import history_of
from workflows.vocabulary import Action

SANDBOX = "sandbox; default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
KINDS = {media_type: ending.upper() for ending, media_type in MEDIA_TYPES.items()}
NODES = {
    "drafting": "编制", "monitoring_filing": "运行监控", "evaluation_filing": "绩效自评", "rectification": "落实整改",
}  # fmt: skip

pages = Blueprint("attaching", __name__)


@dataclass(frozen=True)
class Row:
    """One attachment as the page shows it."""

    file: Attachment
    kind: str
    size: str
    step: str
    who: str
    at: datetime
    withdrawable: bool


@dataclass(frozen=True)
class Shown:
    """The attachments of a table, and the desks (by key, with their names) at which the person may add one."""

    rows: tuple[Row, ...]
    desks: dict[str, str]
    allowed: str
    megabytes: int
    most: int


def attachments_of(table: Table) -> Shown:
    """Return what the section of a table's page shows."""
    may_add = decide(person(), table, Action.ATTACH).allowed
    mine = [desk.node for desk in desks_of(person(), table) if desk.node.partition(":")[0] in FILING_DESKS]
    desks = {node: step_name(table, node) for node in mine} if may_add else {}
    history = history_of(transaction(), table.id) if table.attachments else ()
    added = {each.fact.attachment: each for each in history if isinstance(each.fact, AttachmentAdded)}
    rows = tuple(
        Row(
            each, KINDS[each.media_type], size_shown(each.size), step_name(table, each.for_step),
            added[each.attachment].actor_name, added[each.attachment].at, each.for_step in desks and not each.erased,
        )
        for each in table.attachments if each.attachment in added
    )  # fmt: skip
    return Shown(rows, desks, ALLOWED, LARGEST // 1024 // 1024, MOST)


def step_name(table: Table, node: str) -> str:
    """Return the printed name of the desk that a file belongs to."""
    kind, _colon, key = node.partition(":")
    window = table.window(key)
    name: str = _(NODES.get(kind, kind))
    return f"{name}（{window.name}）" if window else name


def size_shown(size: int) -> str:
    """Return a size in the unit that people read."""
    if size < 1024:
        return f"{size} B"
    return f"{size / 1024:.1f} KB" if size < 1024 * 1024 else f"{size / 1024 / 1024:.1f} MB"


@pages.app_context_processor
def _for_the_page() -> dict[str, object]:
    return {"attachments_of": attachments_of}


@pages.post("/tables/<uuid:table_id>/attachments")
def add(table_id: UUID) -> ResponseReturnValue:
    """Put a file to the table."""
    g.back, g.fresh = url_for("tables.show", table_id=table_id), partial(table_page, table_id)
    standing_seen_by(transaction(), person(), table_id)
    name, data = sent_file(_("请选择要上传的文件。"))
    attach_file(
        journal(), table_id, seen=seen(), by=person(), command_id=command_id(), name=name, data=data,
        for_step=text("for_step"),
    )  # fmt: skip
    flash(_("附件已上传"), "good")
    return redirect(url_for("tables.show", table_id=table_id, _anchor="attachments"), 303)


@pages.post("/tables/<uuid:table_id>/attachments/<uuid:attachment>/withdraw")
def withdraw(table_id: UUID, attachment: UUID) -> ResponseReturnValue:
    """Take a file back."""
    g.back, g.fresh = url_for("tables.show", table_id=table_id), partial(table_page, table_id)
    standing_seen_by(transaction(), person(), table_id)
    withdraw_attachment(
        journal(), table_id, seen=seen(), by=person(), command_id=command_id(), attachment=str(attachment)
    )
    flash(_("附件已撤下"), "good")
    return redirect(url_for("tables.show", table_id=table_id, _anchor="attachments"), 303)


@pages.get("/tables/<uuid:table_id>/attachments/<uuid:attachment>")
def download(table_id: UUID, attachment: UUID) -> Response:
    """Hand a file out as a download that no browser opens as a page; only the bytes that the log binds."""
    table = table_seen_by(transaction(), person(), table_id)
    kept = table.attachment(str(attachment))
    if kept is None:
        raise NotFound
    if kept.erased:
        raise NotFound(_("此附件的内容已依法删除。"))
    stored = journal().bound(kept.commitment)
    if stored is None or stored.commitment != kept.commitment:
        raise AttachmentChanged(attachment=kept.attachment)
    response = send_file(BytesIO(stored.body), as_attachment=True, download_name=kept.name)
    response.headers["Content-Type"] = kept.media_type
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Cache-Control"] = "no-store"
    return response
