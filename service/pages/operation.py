"""运行情况: everything that must run, judged, with what to do; and the same figures for programs on this host."""

from ipaddress import ip_address

from flask import Blueprint, Response, abort, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy.exc import SQLAlchemyError

from service.config import Settings
from service.context import OPERATES, person, transaction
from service.operation.looking import look_around
from service.operation.metrics import metrics_text
from service.operation.signs import signs_of, worst
from service.security import limiter
from workflows.errors import GoaltrailError, NotAllowed
from workflows.store.transaction import begin
from workflows.vocabulary import Role

PASSED_ON = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")
"""What a proxy adds: a scrape that came through one did not come from this host."""

pages = Blueprint("operation", __name__)


@pages.get("/operation")
def show() -> str:
    """Show how everything runs to the administrators."""
    if not person().holds_any(OPERATES):
        raise NotAllowed(_("运行情况由系统管理员、安全管理员查看。"), rule="R-ROLE")
    look = look_around(transaction(), _settings())
    signs = signs_of(look)
    return render_template(
        "operation.html", signs=signs, worst=worst(signs), figures=look.figures,
        sends_again=person().holds(Role.SYSTEM_ADMIN),
    )  # fmt: skip


@pages.get("/metrics")
@limiter.exempt
def metrics() -> ResponseReturnValue:
    """Return the figures as Prometheus reads them, to this host alone; not found for anybody else."""
    if not _from_this_host():
        abort(404)
    try:
        with begin(current_app.extensions["engine"]) as tx:
            said = metrics_text(look_around(tx, _settings()))
    except (SQLAlchemyError, GoaltrailError):
        return Response(metrics_text(None), 503, content_type=CONTENT_TYPE_LATEST)
    return Response(said, content_type=CONTENT_TYPE_LATEST)


def _from_this_host() -> bool:
    try:
        here = ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False
    return here and not any(name in request.headers for name in PASSED_ON)


def _settings() -> Settings:
    settings: Settings = current_app.settings  # type: ignore[attr-defined]
    return settings
