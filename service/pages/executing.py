"""执行数: a file of executed amounts is previewed row by row, then taken in; the files that came before are listed."""

import base64
import json
from datetime import date
from functools import partial
from hashlib import sha256
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from service.context import journal, person, transaction
from service.executions import held_against, post_for, posts_for
from service.pages.posted import cleaned, command_id, text, year_of
from service.usual_year import year_asked
from workflows.commands.executing import import_executions
from workflows.errors import FieldsInvalid, GoaltrailError, NotFound
from workflows.measures.execution_matching import Matching
from workflows.store.answers import keep_answer, kept_under, take_key
from workflows.store.executing import batches_seen_by
from workflows.vocabulary import Role

pages = Blueprint("executing", __name__)


@pages.get("/executions")
def show() -> str:
    """Show the form and the files that came in."""
    return _page()


def _page(refusal: GoaltrailError | None = None) -> str:
    post_for(person())
    year = year_asked()
    return render_template(
        "executions.html", year=year, posts=posts_for(person()), typed=request.form,
        batches=batches_seen_by(transaction(), person(), year), refused=refusal.sentence if refusal else None,
        oversees=posts_for(person())[0].role != Role.UNIT_FINANCE,
    )  # fmt: skip


@pages.post("/executions")
def take() -> ResponseReturnValue:
    """Keep the file for its preview."""
    g.fresh, sent = _page, request.files.get("file")
    data = sent.read() if sent else b""
    if not sent or not data:
        raise FieldsInvalid(_("请选择要导入的文件。"))
    said = {
        "name": cleaned(sent.filename or "")[:200] or _("未命名"), "data": base64.b64encode(data).decode("ascii"),
        "amount_unit": text("amount_unit"), "day": _day(text("date")), "year": text("year"), "post": text("post"),
    }  # fmt: skip
    _found(said)
    key, body = _key(command_id()), json.dumps(said, ensure_ascii=False)
    if take_key(transaction(), person().id, key, sha256(body.encode()).digest()) is None:
        keep_answer(transaction(), person().id, key, status=303, headers={}, body=body)
    return redirect(url_for("executing.preview", upload=command_id()), 303)


def _day(typed: str) -> str:
    try:
        return date.fromisoformat(typed).isoformat() if typed else ""
    except ValueError as wrong:
        raise FieldsInvalid(_("截止日期须写成2026-07-31的样子。")) from wrong


def _key(command: UUID) -> str:
    return f"executions:{command}"


def _kept(upload: UUID) -> dict[str, str]:
    kept = kept_under(transaction(), person().id, _key(upload))
    if kept is None:
        raise NotFound
    said: dict[str, str] = json.loads(kept.body)
    return said


def _found(said: dict[str, str]) -> Matching:
    return held_against(
        transaction(), post_for(person(), said["post"]), base64.b64decode(said["data"]),
        amount_unit=said["amount_unit"], day=said["day"], year=year_of(said["year"]),
    )  # fmt: skip


def _fingerprint(found: Matching) -> str:
    rows = [(row.line.row, str(row.table.table) if row.table else "", str(row.executed)) for row in found.rows]
    return sha256(repr(rows).encode()).hexdigest()


@pages.get("/executions/<uuid:upload>")
def preview(upload: UUID) -> str:
    """Show every row with its table or why it has none, and the sums."""
    return _preview(upload)


def _preview(upload: UUID, refusal: GoaltrailError | None = None) -> str:
    said = _kept(upload)
    found = _found(said)
    return render_template(
        "execution_preview.html", upload=upload, name=said["name"], found=found, seen=_fingerprint(found),
        refused=refusal.sentence if refusal else None,
    )  # fmt: skip


@pages.post("/executions/<uuid:upload>")
def confirm(upload: UUID) -> ResponseReturnValue:
    """Take the file in as it was shown."""
    g.fresh = partial(_preview, upload)
    said = _kept(upload)
    found = _found(said)
    if text("seen") != _fingerprint(found):
        raise FieldsInvalid(_("核对结果已有变化，请重新核对后再导入。"))
    _batch, tables = import_executions(
        journal(), name=said["name"], data=base64.b64decode(said["data"]), found=found,
        post=post_for(person(), said["post"]), by=person(), command_id=command_id(),
    )  # fmt: skip
    flash(_("执行数已记入%(n)d张表。", n=len(tables)) if tables else _("同一文件已经导入过，没有新的金额。"), "good")
    return redirect(url_for("executing.show", year=found.file.year), 303)
