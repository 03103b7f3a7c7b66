"""岗位清单: who held which post at a moment, for those who grant and those who audit."""

from datetime import datetime

from flask import Blueprint, Response, g, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from service.access_list import COLUMNS, cells_of, csv_of, moment_meant
from service.audit_reads import note_audit_read
from service.context import ACCESS_READERS, person, transaction
from service.pages.posted import asked
from workflows.errors import GoaltrailError, NotAllowed
from workflows.store.access import access_at
from workflows.store.organs import all_organs

pages = Blueprint("access", __name__)


@pages.get("/access")
def show() -> ResponseReturnValue:
    """Show the list of a moment (`as_of`: a date or a time, by default now), or give it as CSV (`form=csv`)."""
    if not person().holds_any(ACCESS_READERS):
        raise NotAllowed(_("岗位清单由安全管理员、审计管理员和审计观察员查阅。"), rule="R-ROLE")
    g.fresh = _page_now
    typed = asked("as_of")
    at = moment_meant(typed) if typed else transaction().now()
    rows = _rows_at(at)
    if asked("form") == "csv":
        headers = {"Content-Disposition": f'attachment; filename="access-{at:%Y%m%d}.csv"'}
        return Response(csv_of(COLUMNS, rows), mimetype="text/csv", headers=headers)
    return render_template("access.html", at=at, typed=typed, rows=rows, columns=COLUMNS)


def _page_now(refused: GoaltrailError) -> str:
    """Return the list of this moment under what was wrong with the moment that was asked for."""
    at = transaction().now()
    return render_template(
        "access.html", at=at, typed=asked("as_of"), rows=_rows_at(at), columns=COLUMNS, refused=refused.sentence
    )


def _rows_at(at: datetime) -> list[tuple[str, ...]]:
    tx = transaction()
    organs = {organ["id"]: organ["name"] for organ in all_organs(tx)}
    note_audit_read(tx, person(), "岗位清单")
    return [cells_of(each, organs) for each in access_at(tx, at)]
