"""审计: the log's head and its notes outside, one table verified live, and the evidence to take along."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from secrets import randbelow
from tempfile import TemporaryFile
from uuid import UUID, uuid4

import segno
from flask import Blueprint, Response, abort, current_app, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy import Engine, RowMapping

from service.anchor_health import LONGEST_LAG, seconds_behind
from service.audit_reads import note_audit_read
from service.context import person, transaction
from service.outside import Outside, anchor_directory, outside_note, outside_now, same_note
from service.pages.paging import leafed
from service.pages.posted import asked, text
from workflows.commands.tracing import note_exported
from workflows.errors import FieldsInvalid, GoaltrailError, NotAllowed, NotFound
from workflows.ledger.bundle import EVERYTHING, Scope, of_table
from workflows.ledger.notes import LARGEST_SIZE
from workflows.rights.permissions import an_audit_post, an_auditor
from workflows.store.exporting import write_bundle
from workflows.store.journal import PostgresJournal
from workflows.store.log_head import (
    is_sealed_table,
    log_head,
    newest_notes,
    note_of_size,
    root_if_whole,
    table_from_place,
)
from workflows.store.one_view import one_view
from workflows.store.queries import standing_seen_by
from workflows.store.sealing import log_size
from workflows.store.table_check import BAD, OPEN, check_table
from workflows.store.transaction import begin
from workflows.store.tree import log_identity
from workflows.vocabulary import Actor

MOST_BY_WEB, CHUNK = 200_000, 1 << 16
WHAT, WHAT_TABLE = "审计台账", "台账核验"

pages = Blueprint("audit", __name__)


def auditor() -> Actor:
    """Return the person who asks; NotAllowed unless he audits. Every view of this file begins here."""
    if not an_auditor(person()):
        raise NotAllowed(_("审计页面须由%(who)s查看。", who=(an_auditor.__doc__ or "").strip()), rule="R-AUDIT")
    return person()


@pages.get("/audit")
def show() -> str:
    """Show where the log ends, what lies outside, and what is protected by it."""
    return _page()


def _page(refused: GoaltrailError | None = None) -> str:
    tx, reader = transaction(), auditor()
    outside, head = outside_now(anchor_directory()), log_head(tx)
    kept, here = leafed(lambda limit, offset: newest_notes(tx, limit, offset))
    behind = seconds_behind(tx, outside.size)
    note_audit_read(tx, reader, WHAT)
    return render_template(
        "audit.html", head=head, outside=outside, identity=log_identity(tx), notes=[_kept(row) for row in kept],
        paging=here, agrees=_agrees(outside), code=_code(outside.text), now=datetime.now(UTC),
        whole=an_audit_post(reader), most=MOST_BY_WEB, behind=behind, late=behind > LONGEST_LAG,
        typed=asked("table"), refused=refused.sentence if refused else None,
    )  # fmt: skip


def _agrees(outside: Outside) -> bool | None:
    """Whether the log leads to the root of the newest note outside; None where there is no note."""
    if outside.newest is None:
        return None
    said = outside.newest.checkpoint
    return root_if_whole(transaction(), said.size) == said.root


def _code(note: str) -> Markup:
    """Return the note as a QR code, for paper."""
    if not note:
        return Markup()
    return Markup(segno.make(note, error="m").svg_inline(scale=3, omitsize=True))  # noqa: S704 - drawn from our own note


def _kept(row: RowMapping) -> dict[str, object]:
    lies_outside = outside_note(anchor_directory(), row["size"])
    agrees = None if lies_outside is None else same_note(row["note"], lies_outside)
    return dict(row) | {"outside": agrees, "root": bytes(row["root"]).hex()}


@pages.get("/audit/notes/<int:size>")
def note(size: int) -> Response:
    """Hand out one note: as it lies outside, else as the database keeps it."""
    auditor()
    found = outside_note(anchor_directory(), size) or note_of_size(transaction(), min(size, LARGEST_SIZE))
    if found is None:
        abort(404)
    headers = {"Content-Disposition": f'attachment; filename="checkpoint-{size}.txt"'}
    return Response(found, mimetype="text/plain", headers=headers)


@pages.get("/audit/sample")
def sample() -> ResponseReturnValue:
    """Draw a table by lot and go to its verification."""
    auditor()
    size = log_size(transaction())
    drawn = table_from_place(transaction(), randbelow(size)) if size else None
    table = drawn or table_from_place(transaction(), 0)
    if table is None:
        flash(_("台账中还没有绩效目标表。"), "note")
        return redirect(url_for("audit.show"))
    return redirect(url_for("audit.verify", table=table))


@pages.get("/audit/verify")
def verify() -> str:
    """Verify one table live and say what was found, and what this page cannot prove."""
    g.back, g.fresh = url_for("audit.show"), _page
    reader, table_id = auditor(), _table_asked()
    outside = outside_now(anchor_directory())
    with one_view(current_app.extensions["engine"]) as view:
        checks = check_table(view, table_id, outside.newest.checkpoint if outside.newest else None)
    note_audit_read(transaction(), reader, WHAT_TABLE, table_id)
    states = {each.state for each in checks}
    worst = BAD if BAD in states or (outside.newest and not outside.signed) else OPEN if OPEN in states else ""
    return render_template(
        "audit_table.html", table_id=table_id, title=_title(table_id), checks=checks, outside=outside, worst=worst,
        now=transaction().now(), may_take=an_audit_post(reader) or _title(table_id) is not None,
    )  # fmt: skip


def _table_asked() -> UUID:
    """Return the table meant: by its ID, or by a place in the log; FieldsInvalid, NotFound."""
    typed = asked("table")
    place = typed.removeprefix("#")
    if place.isascii() and place.isdigit() and len(place) < 19:
        table = table_from_place(transaction(), int(place))
        if table is None:
            raise NotFound(_("台账的这个序号之后没有绩效目标表。"))
        return table
    return _uuid(typed)


def _uuid(typed: str) -> UUID:
    try:
        return UUID(typed)
    except ValueError as error:
        raise FieldsInvalid(_("请填写绩效目标表的编号，或台账序号（如 #120）。")) from error


def _title(table_id: UUID) -> str | None:
    """Return the table's title where the person may read the table."""
    try:
        title: str = standing_seen_by(transaction(), person(), table_id)["title"]
    except NotFound:
        return None
    return title


@pages.post("/audit/export")
def export() -> Response:
    """Write the bundle of one table or of the whole log, record that it leaves, and hand it out.

    The whole log, with the traces of sign-ins in it, is for the audit posts alone; a table also for who may read it.
    """
    g.back, reader, typed, tx = url_for("audit.show"), auditor(), text("table"), transaction()
    scope, size = of_table(_uuid(typed)) if typed else EVERYTHING, log_size(tx)
    if not an_audit_post(reader):
        _refuse_unreadable(scope.table)
    if scope.table and not is_sealed_table(tx, scope.table):
        raise NotFound(table=typed)
    if scope.whole and size > MOST_BY_WEB:
        raise FieldsInvalid(_("台账超过%(n)s条，请由系统管理员用命令 export-log 导出。", n=f"{MOST_BY_WEB:,}"))
    name = f"goaltrail-{str(scope.table)[:8] if scope.table else 'all'}-{size}.zip"
    evidence = handed_out(current_app.extensions["engine"], scope, anchor_directory(), reader)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(evidence, mimetype="application/zip", headers=headers)


def handed_out(engine: Engine, scope: Scope, anchors: Path, reader: Actor) -> Iterator[bytes]:
    """Yield a bundle after it was written whole and its leaving was recorded.

    This runs when the request's own transaction has ended: a long export holds no lock that others wait for.
    """
    with TemporaryFile() as out:
        with one_view(engine) as view:
            exported = write_bundle(view, out, scope, anchors=anchors)
        with begin(engine) as tx:
            note_exported(
                PostgresJournal(tx), scope=scope.words, size=exported.size, root=exported.root,
                events=exported.events, by=reader, command_id=uuid4(),
            )  # fmt: skip
        out.seek(0)
        yield from iter(lambda: out.read(CHUNK), b"")


def _refuse_unreadable(table_id: UUID | None) -> None:
    if table_id is None:
        raise NotAllowed(_("完整台账须由%(who)s导出。", who=(an_audit_post.__doc__ or "").strip()), rule="R-AUDIT")
    standing_seen_by(transaction(), person(), table_id)
