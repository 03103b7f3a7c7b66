"""信息删除与保全: what of a table's words and files may be erased, who asked, who confirms, and legal holds."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from service.context import journal, person, transaction
from service.pages.posted import asked, command_id, refuse_long_texts, subject_id, text
from workflows.commands.erasing import (
    confirm_erasure,
    decline_erasure,
    lift_hold,
    place_hold,
    request_erasure,
    waiting_request,
)
from workflows.errors import FieldsInvalid, GoaltrailError, NotAllowed, NotFound
from workflows.events import AttachmentAdded, ErasureRequested, Recorded
from workflows.folds.replay import Table
from workflows.rights.permissions import ASKS_TO_ERASE, CONFIRMS_ERASURE, HOLDS, guarding_posts
from workflows.store.erasing import erasures_waiting_for, table_guarded
from workflows.vocabulary import Role
from workflows.words.notices import named

GUARDS = CONFIRMS_ERASURE | HOLDS
FIELDS = {
    "reason": "理由", "opinion": "意见", "note": "提交说明", "cause": "偏差原因", "measure": "整改措施",
    "person": "责任人", "name": "附件名称", "commitment": "附件内容",
}  # fmt: skip
A_TABLE = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)

pages = Blueprint("erasing", __name__)


@dataclass(frozen=True)
class Piece:
    """Words or a file that could go: who wrote them, when, where they stand."""

    commitment: str
    at: datetime
    who: str
    field: str
    words: str


@dataclass(frozen=True)
class Waiting:
    """A request that waits for its second person."""

    id: UUID
    at: datetime
    who: str
    own: bool
    ground: str
    count: int
    table: UUID
    called: str


@pages.get("/erasures")
def index() -> ResponseReturnValue:
    """Show what waits for a second person; a table's ID or link leads to its words."""
    _refuse_others(GUARDS)
    wanted = asked("table")
    g.fresh = _index_page
    found = A_TABLE.search(wanted)
    if found:
        return redirect(url_for("erasing.table", table_id=found.group()))
    if wanted:
        raise FieldsInvalid(_("请填写绩效目标表的编号（36位）或其页面链接。"))
    return _index_page()


def _index_page(refused: GoaltrailError | None = None) -> str:
    return render_template(
        "erasures.html", waiting=_waiting(), asks=person().holds_any(ASKS_TO_ERASE), wanted=asked("table"),
        refused=refused.sentence if refused else None,
    )  # fmt: skip


def _refuse_others(roles: frozenset[Role]) -> None:
    if not person().holds_any(roles):
        raise NotAllowed(_("须由%(roles)s办理。", roles=_named(roles)))


def _named(roles: frozenset[Role]) -> str:
    return "、".join(role.chinese for role in Role if role in roles)


def _guarded(table_id: UUID) -> Table:
    """Return a table that the person guards; NotFound outside the person's bureau or department."""
    _refuse_others(GUARDS)
    found = table_guarded(transaction(), table_id)
    if not guarding_posts(person(), found, GUARDS):
        raise NotFound(table=str(table_id))
    return found


def _waiting(of: UUID | None = None) -> list[Waiting]:
    shown = [_shown(each) for each in erasures_waiting_for(transaction(), person())]
    return [each for each in shown if each is not None and of in (None, each.table)]


def _shown(recorded: Recorded) -> Waiting | None:
    fact = recorded.fact
    if not isinstance(fact, ErasureRequested):
        return None
    found = table_guarded(transaction(), UUID(fact.table))
    if not guarding_posts(person(), found, CONFIRMS_ERASURE):
        return None
    return Waiting(
        recorded.stream, recorded.at, recorded.actor_name, recorded.actor_id == person().id, fact.ground,
        len(fact.targets), found.id, named(found),
    )  # fmt: skip


def _pieces(table_id: UUID) -> list[Piece]:
    """Return what could go, with who wrote it; for those who decide on erasures alone."""
    ledger = journal()
    history = {each.version: each for each in ledger.history(table_id)}
    return [
        Piece(
            each.commitment, history[each.version].at, history[each.version].actor_name,
            _(FIELDS.get(each.field, each.field)), each.words or _file_words(history[each.version]),
        )
        for each in ledger.erasable(table_id)
    ]  # fmt: skip


def _file_words(recorded: Recorded) -> str:
    fact = recorded.fact
    return f"《{fact.name}》 {fact.size:,} B" if isinstance(fact, AttachmentAdded) else ""


@pages.get("/erasures/tables/<uuid:table_id>")
def table(table_id: UUID) -> str:
    """Show what of a table could be erased, and its hold."""
    return _table_page(table_id)


def _table_page(table_id: UUID, refused: GoaltrailError | None = None) -> str:
    found = _guarded(table_id)
    decides = bool(guarding_posts(person(), found, CONFIRMS_ERASURE))
    return render_template(
        "erasure_table.html", table=found, called=named(found), pieces=_pieces(table_id) if decides else [],
        waiting=_waiting(table_id), asks=bool(guarding_posts(person(), found, ASKS_TO_ERASE)), decides=decides,
        holds=bool(guarding_posts(person(), found, HOLDS)), typed=request.form,
        chosen=set(request.form.getlist("piece")), second=_named(CONFIRMS_ERASURE),
        refused=refused.sentence if refused else None,
    )  # fmt: skip


@pages.post("/erasures/tables/<uuid:table_id>")
def ask(table_id: UUID) -> ResponseReturnValue:
    """Ask for the ticked pieces to be erased."""
    _guarded(table_id)
    g.back, g.fresh = url_for("erasing.table", table_id=table_id), partial(_table_page, table_id)
    refuse_long_texts()
    fact = request_erasure(
        journal(), subject_id("erasure"), table_id=table_id, commitments=request.form.getlist("piece"),
        ground=text("ground"), by=person(), command_id=command_id(),
    )  # fmt: skip
    flash(_("已申请删除%(n)d处内容，等待第二人确认。", n=len(fact.targets)), "good")
    return redirect(url_for("erasing.index"), 303)


@pages.post("/erasures/tables/<uuid:table_id>/hold")
def hold(table_id: UUID) -> ResponseReturnValue:
    """Place the legal hold."""
    return _holding(table_id, place_hold, _("已设为保全"))


@pages.post("/erasures/tables/<uuid:table_id>/lift")
def lift(table_id: UUID) -> ResponseReturnValue:
    """Lift the legal hold."""
    return _holding(table_id, lift_hold, _("已解除保全"))


def _holding(table_id: UUID, verb: Callable[..., Table], said: str) -> ResponseReturnValue:
    _guarded(table_id)
    g.back, g.fresh = url_for("erasing.table", table_id=table_id), partial(_table_page, table_id)
    refuse_long_texts()
    verb(journal(), table_id, reason=text("reason"), by=person(), command_id=command_id())
    flash(said, "good")
    return redirect(g.back, 303)


@pages.get("/erasures/<uuid:erasure>")
def show(erasure: UUID) -> str:
    """Show one waiting request with the words that would go."""
    return _request_page(erasure)


def _request_page(erasure: UUID, refused: GoaltrailError | None = None) -> str:
    _refuse_others(CONFIRMS_ERASURE)
    recorded = waiting_request(journal(), erasure)
    shown, fact = _shown(recorded), recorded.fact
    if shown is None or not isinstance(fact, ErasureRequested):
        raise NotFound(erasure=str(erasure))
    targets = {target["commitment"] for target in fact.targets}
    return render_template(
        "erasure.html", erasure=shown, pieces=[each for each in _pieces(shown.table) if each.commitment in targets],
        typed=request.form, refused=refused.sentence if refused else None, second=_named(CONFIRMS_ERASURE),
    )  # fmt: skip


@pages.post("/erasures/<uuid:erasure>/confirm")
def confirm(erasure: UUID) -> ResponseReturnValue:
    """Agree as the second person: the words go."""
    return _decided(erasure, _("已删除，留痕不变。"), lambda **words: confirm_erasure(journal(), erasure, **words))


@pages.post("/erasures/<uuid:erasure>/decline")
def decline(erasure: UUID) -> ResponseReturnValue:
    """Decline, or take one's own request back."""
    return _decided(
        erasure, _("已登记：不予删除。"),
        lambda **words: decline_erasure(journal(), erasure, reason=text("reason"), **words),
    )  # fmt: skip


def _decided(erasure: UUID, said: str, verb: Callable[..., object]) -> ResponseReturnValue:
    _refuse_others(CONFIRMS_ERASURE)
    g.back, g.fresh = url_for("erasing.index"), partial(_request_page, erasure)
    refuse_long_texts()
    verb(by=person(), command_id=command_id())
    flash(said, "good")
    return redirect(g.back, 303)
