"""Receipts: whoever decided takes the proof of his decision home, as a bundle to check or as one text file."""

from io import BytesIO
from uuid import UUID

from flask import Blueprint, Response, g, send_file, url_for
from flask_babel import gettext as _

from service.context import person, transaction
from service.outside import anchor_directory
from service.pages.history_shown import is_receipt_of
from service.pages.posted import asked
from workflows.errors import NotAllowed, NotFound
from workflows.ledger.anchored import newest_note, verification_keys
from workflows.store.queries import history_of_table
from workflows.store.receipts import receipt_bundle, receipt_of

pages = Blueprint("receipts", __name__)


@pages.get("/tables/<uuid:table_id>/receipts/<int:version>")
def show(table_id: UUID, version: int) -> Response:
    """Hand out the proof of one event: a zip with verify.py, or with `form=proof` the C2SP proof alone.

    For the person who did it, and for auditors. NotYetAnchored while the newest note outside does not cover it.
    """
    g.back, tx = url_for("tables.show", table_id=table_id), transaction()
    history = history_of_table(tx, person(), table_id)
    if not 0 < version <= len(history):
        raise NotFound(table=str(table_id), version=version)
    if not is_receipt_of(history[version - 1], person()):
        raise NotAllowed(_("回执只给办理人本人和审计人员。"), rule="R-RECEIPT")
    directory, name = anchor_directory(), f"receipt-{str(table_id)[:8]}-{version}"
    if asked("form") == "proof":
        proof = receipt_of(tx, table_id, version, newest_note(directory))
        headers = {"Content-Disposition": f'attachment; filename="{name}.tlog-proof"'}
        return Response(proof, mimetype="text/plain", headers=headers)
    bundle = receipt_bundle(tx, table_id, version, newest_note(directory), verification_keys(directory))
    return send_file(BytesIO(bundle), mimetype="application/zip", as_attachment=True, download_name=f"{name}.zip")
