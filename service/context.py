"""What every request has at hand: its transaction, the person who asks, the counts of the top bar, the places to go."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from flask import Flask, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from service.audit_reads import note_request
from service.present import organ_name, word
from workflows.journal import Journal
from workflows.permissions import CONFIRMS_ERASURE, HOLDS, an_auditor
from workflows.store.accounts import session_of
from workflows.store.erasing import erasures_waiting_for
from workflows.store.inbox import count_unread
from workflows.store.journal import PostgresJournal
from workflows.store.organs import all_organs
from workflows.store.posts import actor_of
from workflows.store.queries import count_waiting_for
from workflows.store.transaction import Transaction, begin
from workflows.vocabulary import Actor, Role

OPEN_TO_STRANGERS = frozenset({"signing.sign_in", "signing.check", "health.alive", "health.ready"})
WITHOUT_DATABASE = frozenset({"health.alive", "health.ready"})
PART_OF = {"differences": "tables", "receipts": "tables", "deciding": "tables", "drafting": "tables"}
"""Pages of one table belong to the place of all tables."""
ACCESS_READERS = frozenset({Role.SECURITY_ADMIN, Role.AUDIT_ADMIN, Role.OBSERVER})
"""Who may see who holds which post."""
OPEN_BEFORE_A_NEW_PASSWORD = frozenset({"account.show", "account.change", "signing.sign_out"})


@dataclass(frozen=True)
class Desk:
    """What the top bar shows of the person: the bureau, the posts, the counts; and the log's time."""

    bureau_name: str
    posts: str
    waiting: int
    overdue: int
    unread: int
    now: datetime
    erasures: int = 0


@dataclass(frozen=True)
class Place:
    """One entry of the navigation."""

    name: str
    address: str
    here: bool
    count: int | None = None


def answer(view: Callable[[], ResponseReturnValue]) -> ResponseReturnValue:
    """Run a view in one transaction as the person who asks; strangers are sent to the door."""
    if request.endpoint in WITHOUT_DATABASE:
        return view()
    with begin(current_app.extensions["engine"]) as tx:
        g.tx = tx
        _recognise(tx)
        if request.endpoint is None:
            return view()
        if g.get("person") is None and request.endpoint not in OPEN_TO_STRANGERS:
            return redirect(url_for("signing.sign_in", next=request.full_path if request.method == "GET" else None))
        if has_to_change() and request.endpoint not in OPEN_BEFORE_A_NEW_PASSWORD:
            return redirect(url_for("account.show"), 303)
        answered = view()
        if request.method == "GET" and g.get("person"):
            note_request(tx, person(), request.view_args or {})
        return answered


def has_to_change() -> bool:
    """Whether the person came in with a password that somebody else had set, and has to choose his own first."""
    return bool(g.get("has_to_change"))


def in_new_transaction(view: Callable[[], str]) -> str:
    """Show a page after the request's own transaction was rolled back by a refusal."""
    with begin(current_app.extensions["engine"]) as tx:
        g.tx = tx
        return view()


def transaction() -> Transaction:
    """Return the request's transaction."""
    tx: Transaction = g.tx
    return tx


def journal() -> Journal:
    """Return the ledger's port on the request's transaction."""
    return PostgresJournal(transaction())


def person() -> Actor:
    """Return the person who asks; only inside guarded views."""
    actor: Actor = g.person
    return actor


def bureau_name(organs: list[Any]) -> str:
    """Return the name of the finance bureau that this installation serves."""
    return next((row["name"] for row in organs if row["kind"] == "bureau"), "")


def _recognise(tx: Transaction) -> None:
    organs = all_organs(tx)
    g.organs = {row["id"]: row["name"] for row in organs}
    g.bureau_name = bureau_name(organs)
    found = session_of(tx, session.get("token", ""))
    if found is None:
        return
    g.has_to_change = found["data"].get("must_change", False)
    g.person = actor = actor_of(tx, found["person"], found["name"])
    waiting, overdue = count_waiting_for(tx, actor)
    unread, erasures = count_unread(tx, actor.id), _erasures(tx, actor)
    g.desk = Desk(g.bureau_name, _posts(actor), waiting, overdue, unread, tx.now(), erasures)


def _erasures(tx: Transaction, actor: Actor) -> int:
    """Return how many erasures wait for this person's word; no query for people without such a post."""
    found = erasures_waiting_for(tx, actor) if actor.holds_any(CONFIRMS_ERASURE) else ()
    return sum(each.actor_id != actor.id for each in found)


def _posts(actor: Actor) -> str:
    return "，".join(f"{word(post.role)} · {organ_name(post.organ)}" for post in actor.posts)


def language() -> str:
    """Return the language of the page: Chinese until a catalogue of another one is complete."""
    return "zh_Hans_CN"


def places() -> list[Place]:
    """Return the navigation of the person who asks."""
    desk: Desk = g.desk
    found = [
        _place(_("待办"), "worklist.show", desk.waiting), _place(_("绩效目标表"), "tables.index"),
        _place(_("申报文本"), "documents.index"), _place(_("消息"), "inbox.show", desk.unread),
    ]  # fmt: skip
    if an_auditor(person()):
        found.append(_place(_("审计"), "audit.show"))
    if person().holds(Role.SYSTEM_ADMIN):
        found.append(_place(_("邮件"), "inbox.mails"))
    if person().holds_any(ACCESS_READERS):
        found.append(_place(_("岗位清单"), "access.show"))
    if person().holds(Role.AUDIT_ADMIN):
        found.append(_place(_("操作留痕"), "traces.show"))
    if person().holds_any(CONFIRMS_ERASURE | HOLDS):
        found.append(_place(_("信息删除与保全"), "erasing.index", desk.erasures))
    return found


def _place(name: str, endpoint: str, count: int | None = None) -> Place:
    asked = (request.endpoint or "").partition(".")[0]
    here = PART_OF.get(asked, asked) == endpoint.partition(".")[0]
    if endpoint.startswith("inbox"):
        here = request.endpoint == endpoint
    return Place(name, url_for(endpoint), here, count)


def install(app: Flask) -> None:
    """Give the frame of every page what it shows."""

    def frame() -> dict[str, object]:
        locale = get_locale()
        return {
            "person": g.get("person"), "desk": g.get("desk"), "mode": app.settings.mode,  # type: ignore[attr-defined]
            "language_tag": "en" if locale is not None and locale.language == "en" else "zh-CN",
        }  # fmt: skip

    app.context_processor(frame)
    app.jinja_env.globals.update(places=places, new_command=lambda: str(uuid4()))
