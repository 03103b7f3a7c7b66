"""What every request has at hand: its transaction, the person who asks, the counts of the top bar, the places to go."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import uuid4

from flask import Flask, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy.exc import SQLAlchemyError

from service.audit_reads import note_request
from service.organ_book import anywhere, organs
from service.present import organ_name, word
from service.request_transaction import in_transaction, opened
from service.what_is_asked import asked_to_confirm
from workflows.errors import GoaltrailError
from workflows.journal import Journal
from workflows.rights.permissions import AUDITING_ROLES, CONFIRMS_ERASURE, HOLDS, an_auditor
from workflows.store.accounts import actor_in, session_of
from workflows.store.erasing import erasures_waiting_for
from workflows.store.journal import PostgresJournal
from workflows.store.top_bar import counts_for
from workflows.store.transaction import Transaction
from workflows.vocabulary import BUREAU_ROLES, DEPARTMENT_ROLES, Actor, Role

PUBLIC_PAGES = ("public.index", "public.pack", "public.table", "public.download")
"""What everybody may see without signing in: released packs."""
WITHOUT_DATABASE = frozenset({"health.alive", "health.ready", "operation.metrics"})
OPEN_TO_STRANGERS = frozenset({"signing.sign_in", "signing.check", *WITHOUT_DATABASE, *PUBLIC_PAGES})
PART_OF = {
    **dict.fromkeys(
        ("differences", "receipts", "deciding", "acting", "commenting", "two_persons", "drafting", "parsed_cells",
         "beginning"),
        "tables",
    ),
    "campaign_form": "campaigns", "campaign_files": "campaigns",
    "assessing": "statistics", "efficiency": "statistics",
    "bulk": "worklist", "uploading": "documents", "document_parts": "documents",
    "accounts": "reply_terms", "referring": "audit",
}
"""Pages of one table belong to the place of all tables, many tables' acts to the worklist."""
CAMPAIGN_READERS = BUREAU_ROLES | DEPARTMENT_ROLES | {Role.UNIT_HEAD, Role.CLERK, Role.OBSERVER}
"""Who asks units to file, oversees them, or files."""
STATISTICS_READERS = BUREAU_ROLES | DEPARTMENT_ROLES | {Role.UNIT_HEAD}
"""Who oversees somebody: the bureau, a department, the own unit."""
ACCESS_READERS = frozenset({Role.SECURITY_ADMIN, Role.AUDIT_ADMIN, Role.OBSERVER})
"""Who may see who holds which post."""
ORGAN_READERS = ACCESS_READERS | AUDITING_ROLES | {Role.SYSTEM_ADMIN, Role.PROCESS_ADMIN}
"""Who may see the organs of a moment and what happened to them."""
DEFINITION_READERS = AUDITING_ROLES | {
    Role.PROCESS_ADMIN, Role.SYSTEM_ADMIN, Role.FINANCE_BUSINESS, Role.FINANCE_BUDGET,
}  # fmt: skip
"""Who may see the chains, their versions and what is odd about them."""
CLOCK_MOVED = 60.0
"""Seconds from which the pages say in red that the log's clock is not the real one (features L9)."""
PICKS = frozenset({Role.CLERK, Role.FINANCE_PERFORMANCE})
"""Who picks from the indicator library, and who looks after it."""
REPLIES = frozenset({Role.FINANCE_BUDGET, Role.DEPARTMENT_FINANCE})
"""Who replies, and who passes replies on."""
DISCLOSES = frozenset({Role.DEPARTMENT_FINANCE, Role.SECRECY_REVIEWER})
"""Who reviews secrecy and who releases packs."""
IMPORTS_EXECUTIONS = frozenset({
    Role.UNIT_FINANCE, Role.DEPARTMENT_FINANCE, Role.FINANCE_BUSINESS, Role.FINANCE_PERFORMANCE,
})
"""Who takes files of executed amounts in."""
OPERATES = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN})
"""Who sees how the installation runs."""
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
    asked: int = 0

    @property
    def clock_moved(self) -> bool:
        """Whether the log's clock stands elsewhere than the real one, as a demo's or a simulation's may."""
        return abs((self.now - datetime.now(UTC)).total_seconds()) > CLOCK_MOVED


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
    with opened() as tx:
        recognise(tx)
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
    with opened():
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


def desk() -> Desk | None:
    """Return what the top bar shows, None for strangers: read when the first page shows it, so not by a mere command.

    The page of a fault may find the database away; it shows the person without counts.
    """
    if g.get("person") is None or "desk" in g:
        found: Desk | None = g.get("desk")
        return found
    try:
        g.desk = in_transaction(_desk)
    except (SQLAlchemyError, GoaltrailError):
        if "tx" in g:
            raise
        g.desk = Desk("", "", 0, 0, 0, g.now)
    return desk()


def _desk(tx: Transaction) -> Desk:
    counts = counts_for(tx, person(), anywhere())
    erasures = _erasures(tx, person())
    return Desk(
        organs().bureau_name, _posts(person()), counts.waiting, counts.overdue, counts.unread, g.now, erasures,
        counts.asked + (len(asked_to_confirm(tx, person())) if anywhere().requests else 0),
    )  # fmt: skip


def recognise(tx: Transaction) -> None:
    """Find out who asks by the session's token; nothing where it does not live."""
    found = session_of(tx, session["token"]) if "token" in session else None
    if found is not None:
        g.has_to_change = found["data"].get("must_change", False)
        g.person, g.now = actor_in(tx, found), tx.now()
        g.language = found["language"]


def _erasures(tx: Transaction, actor: Actor) -> int:
    """Return how many erasures wait for this person's word; no query for people without such a post."""
    found = erasures_waiting_for(tx, actor) if actor.holds_any(CONFIRMS_ERASURE) else ()
    return sum(each.actor_id != actor.id for each in found)


def _posts(actor: Actor) -> str:
    held = [f"{word(post.role)} · {organ_name(post.organ)}" for post in actor.posts if not post.via]
    return "，".join((*held, *(_("代 %(name)s", name=cover.name) for cover in actor.covers)))


def language() -> str:
    """Return the language of the page: what the person chose, Chinese where nobody is signed in."""
    return "en" if g.get("language") == "en" else "zh_Hans_CN"


def places() -> list[Place]:
    """Return the navigation of the person who asks."""
    shown = desk()
    if shown is None:
        return []
    found = [
        _place(_("待办"), "worklist.show", shown.waiting + shown.asked), _place(_("绩效目标表"), "tables.index"),
        _place(_("申报文本"), "documents.index"), _place(_("消息"), "inbox.show", shown.unread),
    ]  # fmt: skip
    if person().holds_any(DEFINITION_READERS):
        found += [_place(_("审批链"), "definitions.index"), _place(_("规则包"), "packs.index")]
        found.append(_place(_("工作日历"), "calendars.show"))
    found += _of_the_year()
    if person().holds_any(DISCLOSES):
        found.append(_place(_("公开"), "disclosing.show"))
    if an_auditor(person()):
        found.append(_place(_("审计"), "audit.show"))
    found += _of_the_installation()
    if person().holds_any(ACCESS_READERS):
        found += [_place(_("岗位清单"), "access.show"), _place(_("机构"), "reorganising.show")]
    if person().holds(Role.SECURITY_ADMIN):
        found += [_place(_("代理授权"), "covering.show"), _place(_("离岗移交"), "leaving.show")]
    if person().holds(Role.AUDIT_ADMIN):
        found.append(_place(_("操作留痕"), "traces.show"))
    if person().holds_any(CONFIRMS_ERASURE | HOLDS):
        found.append(_place(_("信息删除与保全"), "erasing.index", shown.erasures))
    return found


def _of_the_installation() -> list[Place]:
    """Return the places of those who operate it."""
    found = [_place(_("运行情况"), "operation.show")] if person().holds_any(OPERATES) else []
    return [*found, _place(_("邮件"), "inbox.mails")] if person().holds(Role.SYSTEM_ADMIN) else found


def _of_the_year() -> list[Place]:
    """Return the places of the year in force."""
    found = [_place(_("专家评审"), "experts.index")] if person().holds(Role.EXPERT) else []
    found += [_place(_("指标库"), "library.show")] if person().holds_any(PICKS) else []
    found += [_place(_("统计"), "statistics.show")] if person().holds_any(STATISTICS_READERS) else []
    found += [_place(_("办理时效"), "efficiency.show")] if person().holds(Role.OBSERVER) else []
    found += [_place(_("执行数"), "executing.show")] if person().holds_any(IMPORTS_EXECUTIONS) else []
    found += [_place(_("批复与下达"), "reply_terms.show")] if person().holds_any(REPLIES) else []
    found += [_place(_("任务布置"), "campaigns.index")] if person().holds_any(CAMPAIGN_READERS) else []
    return [*found, _place(_("自评抽查"), "sampling.show")] if person().holds(Role.FINANCE_PERFORMANCE) else found


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
            "person": g.get("person"), "desk": desk(), "mode": app.settings.mode,  # type: ignore[attr-defined]
            "language_tag": "en" if locale is not None and locale.language == "en" else "zh-CN",
        }  # fmt: skip

    app.context_processor(frame)
    app.jinja_env.globals.update(places=places, new_command=lambda: str(uuid4()), ledger_now=lambda: g.now)
