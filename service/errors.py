"""Which refusal becomes which HTTP status, and the page on which the person reads its sentence."""

from contextlib import suppress

from flask import Flask, g, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from service.api import refusals as asked
from service.context import in_new_transaction
from workflows import errors as refusals

STATUS: dict[type[refusals.GoaltrailError], int] = {
    refusals.NotFound: 404,
    refusals.NotOpenNow: 409,
    refusals.NotAllowed: 403,
    refusals.TableChangedMeanwhile: 409,
    refusals.OrgansChanged: 409,
    refusals.CommandReused: 409,
    refusals.AttachmentChanged: 409,
    refusals.ConfirmationMissing: 409,
    refusals.NotYetAnchored: 409,
    refusals.HeldByLaw: 403,
    refusals.MomentUnclear: 400,
    refusals.NoSuchMoment: 404,
    refusals.NotInTheTree: 404,
    refusals.AttachmentRefused: 422,
    refusals.NotANote: 422,
    refusals.NotAProof: 422,
    refusals.LedgerRefused: 409,
    refusals.ReasonMissing: 422,
    refusals.BlockedByFindings: 422,
    refusals.WarningsUnexplained: 422,
    refusals.FieldsInvalid: 422,
    refusals.MarkedAsSecret: 422,
    refusals.OnlyAlone: 403,
    refusals.NotDoneTogether: 409,
    refusals.ConditionUnreadable: 422,
    refusals.DefinitionUnreadable: 422,
    refusals.DefinitionUnfit: 422,
    refusals.NodeInUse: 422,
    refusals.PackUnreadable: 422,
    refusals.PackUnfit: 422,
    refusals.UnknownChain: 404,
    refusals.UnknownPack: 404,
    refusals.CalendarUnfit: 422,
    refusals.UnknownCalendar: 404,
    refusals.UnknownWords: 404,
    refusals.PdfSwitchedOff: 503,
    asked.SignInMissing: 401,
    asked.WrongMediaType: 415,
    asked.KeyReused: 422,
    asked.MatchMissing: 428,
    asked.TableMovedOn: 412,
    refusals.DocumentUnreadable: 422,
    refusals.GoaltrailError: 400,
}
SENTENCES = {
    400: "请求有误，请返回上一页重试。",
    401: "请先登录。",
    403: "您没有查看此页的权限。",
    404: "没有找到该页面。",
    405: "该页面不支持这种操作。",
    413: "文件过大，单个文件不得超过 20 MB。",
    429: "操作过于频繁，请稍候再试。",
    500: "系统出现故障，您的操作没有生效。请稍后重试，或联系系统管理员。",
    503: "系统暂不可用，请稍后重试。",
}
TOO_LARGE = 413
SECRET_FIELDS = frozenset({"csrf_token", "password", "command_id", "version", "content_hash", "attachments_hash"})


def status_of(refusal: refusals.GoaltrailError) -> int:
    """The status of a refusal: that of its nearest class in the table."""
    return next(STATUS[kind] for kind in type(refusal).__mro__ if kind in STATUS)


def handle_errors(app: Flask) -> None:
    """Teach the application to answer refusals and faults with a page."""
    app.register_error_handler(refusals.GoaltrailError, _refused)
    app.register_error_handler(CSRFError, _token_wrong)
    app.register_error_handler(HTTPException, _http_error)


def _refused(refusal: refusals.GoaltrailError) -> tuple[str, int]:
    """Show the fresh page of the subject with the sentence and what was typed, or the sentence on a page of its own."""
    status, fresh = status_of(refusal), g.get("fresh")
    if fresh and status != 404:
        g.fresh = None
        with suppress(refusals.GoaltrailError):  # a person who may not see that page either reads the sentence alone
            return in_new_transaction(lambda: fresh(refusal)), status
    rule = refusal.rule if isinstance(refusal, refusals.NotAllowed) else None
    return page(status, refusal.sentence, rule=rule, facts=refusal.facts)


def _token_wrong(_error: CSRFError) -> tuple[str, int]:
    return page(400, _("页面已过期或并非从本系统打开，操作没有生效。请返回上一页刷新后重试。"))


def _http_error(error: HTTPException) -> tuple[str, int] | HTTPException:
    code = error.code or 500
    return error if code < 400 else page(code, _(SENTENCES.get(code, SENTENCES[400])))


def page(status: int, sentence: str, **more: object) -> tuple[str, int]:
    """The refusal's page: the sentence, where to go on, and what was typed so that nothing is lost.

    What was sent with too large a request was never read.
    """
    sent = request.form.items(multi=True) if status != TOO_LARGE else ()
    typed = [(name, text) for name, text in sent if text and name not in SECRET_FIELDS]
    back = getattr(g, "back", None)
    return render_template("refusal.html", status=status, sentence=_(sentence), typed=typed, back=back, **more), status
