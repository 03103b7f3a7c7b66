"""岗位清单: who held which post at a moment, for those who grant and those who audit."""

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from service.access_list import COLUMNS, cells_of, csv_of, moment_meant
from service.audit_reads import note_audit_read
from service.context import ACCESS_READERS, person, transaction
from service.pages.posted import asked
from workflows.errors import NotAllowed
from workflows.store.access import access_at
from workflows.store.organs import all_organs

pages = Blueprint("access", __name__)


@pages.get("/access")
def show() -> ResponseReturnValue:
    """Show the list of a moment (`as_of`: a date or a time, by default now), or give it as CSV (`form=csv`)."""
    if not person().holds_any(ACCESS_READERS):
        raise NotAllowed(_("岗位清单由安全管理员、审计管理员和审计观察员查阅。"), rule="R-ROLE")
    tx, typed = transaction(), asked("as_of")
    at = moment_meant(typed) if typed else tx.now()
    organs = {organ["id"]: organ["name"] for organ in all_organs(tx)}
    rows = [cells_of(each, organs) for each in access_at(tx, at)]
    note_audit_read(tx, person(), "岗位清单")
    if asked("form") == "csv":
        headers = {"Content-Disposition": f'attachment; filename="access-{at:%Y%m%d}.csv"'}
        return Response(csv_of(COLUMNS, rows), mimetype="text/csv", headers=headers)
    return render_template("access.html", at=at, typed=typed, rows=rows, columns=COLUMNS)
