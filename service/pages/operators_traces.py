"""操作留痕: what those who run, grant and read the system did, for the audit administrator alone."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import urlencode
from uuid import uuid5

from flask import Blueprint, Response, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from service.access_list import csv_of, moment_meant
from service.audit_reads import note_audit_read
from service.context import person, transaction
from service.pages.posted import asked
from workflows.commands.administering import PEOPLE
from workflows.commands.tracing import trace_stream
from workflows.errors import FieldsInvalid, GoaltrailError, NotAllowed
from workflows.store.accounts import all_accounts
from workflows.store.traces import Trace, Wanted, traces
from workflows.vocabulary import Role
from workflows.words.sentences import sentence
from workflows.workdays import BEIJING

SIZE, LARGEST_EXPORT = 50, 20_000
WHAT = "操作留痕"
KINDS = {
    "account.signed_in": "登录", "account.sign_in_failed": "输错密码", "account.password_reset": "密码修改",
    "account.disabled": "停用账号", "account.enabled": "恢复账号",
    "account.token_issued": "建立令牌", "account.token_revoked": "吊销令牌",
    "account.mobile_changed": "短信手机号", "grant.given": "授予岗位",
    "grant.revoked": "收回岗位", "owner.used": "使用属主权限", "catalog.changed": "台账结构变化",
    "clock.jumped": "时钟跳变", "clock.moved": "拨动演示时钟", "audit.read": "审计查阅",
    "audit.exported": "导出台账", "backup.taken": "备份", "backup.restored": "恢复备份",
}  # fmt: skip
COLUMNS = ("台账序号", "时间（北京时间）", "类别", "办理人", "办理人账号", "关于", "记录")

pages = Blueprint("traces", __name__)


@pages.get("/traces")
def show() -> ResponseReturnValue:
    """Show traces, newest first, narrowed by kind, person and days; or all of them as CSV (`form=csv`)."""
    if not person().holds(Role.AUDIT_ADMIN):
        raise NotAllowed(_("操作留痕由审计管理员查阅。"), rule="R-ROLE")
    g.fresh = _page
    tx, wanted = transaction(), wanted_asked()
    if asked("form") == "csv":
        note_audit_read(tx, person(), f"{WHAT}（导出）")
        return _sheet(traces(tx, wanted, limit=LARGEST_EXPORT + 1), _names())
    return _page()


def _names() -> dict[str, str]:
    return {row["person"]: row["name"] for row in all_accounts(transaction())}


def _page(refused: GoaltrailError | None = None) -> str:
    """Return the traces that were asked for; after a refusal the newest of all, with its sentence."""
    tx, names = transaction(), _names()
    wanted = wanted_asked(days=not refused)
    note_audit_read(tx, person(), WHAT)
    found = traces(tx, wanted, before=None if refused else _before(), limit=SIZE + 1)
    return render_template(
        "traces.html", rows=[cells_of(each, names) for each in found[:SIZE]], kinds=KINDS, names=names,
        wanted=wanted, since=asked("since"), until=asked("until"), older=None if refused else _older(found),
        refused=refused.sentence if refused else None,
        sheet=f"{url_for('traces.show')}?{urlencode({**_asked_for(), 'form': 'csv'})}",
    )  # fmt: skip


def wanted_asked(*, days: bool = True) -> Wanted:
    """Return what the address asks for, on request without its days; FieldsInvalid for days that are none."""
    who, since, until = asked("person"), asked("since") if days else "", asked("until") if days else ""
    return Wanted(
        kind=asked("kind") if asked("kind") in KINDS else None, person=who or None,
        streams=(trace_stream(who), uuid5(PEOPLE, who)) if who else (),
        since=_start(since), until=moment_meant(until) + timedelta(microseconds=1) if until else None,
    )  # fmt: skip


def cells_of(trace: Trace, names: dict[str, str]) -> tuple[str, ...]:
    """Return one row: its number in the log, when, what kind, who, about whom, and the sentence."""
    recorded = trace.recorded
    about = str(getattr(recorded.fact, "person", "") or "")
    at = recorded.at.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S")
    return (
        "" if trace.log_index is None else str(trace.log_index), at, _(KINDS.get(recorded.kind, recorded.kind)),
        recorded.actor_name, recorded.actor_id, f"{names[about]}（{about}）" if about in names else about,
        sentence(recorded),
    )  # fmt: skip


def _sheet(found: Sequence[Trace], names: dict[str, str]) -> Response:
    """Return the sheet; where it had to end before the oldest trace, its last row says so."""
    rows = [cells_of(each, names) for each in found[:LARGEST_EXPORT]]
    if len(found) > LARGEST_EXPORT:
        rows.append((_("未完：还有更早的记录，请按日期分段导出。"),))
    headers = {"Content-Disposition": 'attachment; filename="traces.csv"'}
    return Response(csv_of(COLUMNS, rows), mimetype="text/csv", headers=headers)


def _start(typed: str) -> datetime | None:
    if not typed:
        return None
    end = moment_meant(typed)
    return end + timedelta(microseconds=1) - timedelta(days=1) if len(typed) == len("2026-03-01") else end


def _before() -> int | None:
    typed = asked("before")
    if typed and not (typed.isascii() and typed.isdigit() and len(typed) < 19):
        raise FieldsInvalid(_("页码不正确，请从第一页重新查阅。"))
    return int(typed) if typed else None


def _asked_for() -> dict[str, str]:
    return {name: value for name, value in request.args.items() if name in ("kind", "person", "since", "until")}


def _older(found: Sequence[Trace]) -> str | None:
    """Return the address of the next page, None on the last one."""
    if len(found) <= SIZE:
        return None
    return f"{url_for('traces.show')}?{urlencode({**_asked_for(), 'before': found[SIZE - 1].number})}"
