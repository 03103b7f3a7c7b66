"""One table's page put together: the form, what may be done, who comes next, what the machine and the log say."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from flask import render_template, request
from flask_babel import gettext as _

from service.context import journal, person, transaction
from service.pages.findings_shown import shown
from service.pages.history_shown import stages_of, timeline_of
from service.pages.news_shown import news_at_this_look
from service.pages.state_shown import names_in, signer
from service.pages.steps_shown import closed_steps, open_steps
from service.pages.words import DETAILS, POSSIBILITIES, WINDOW_STATES
from service.present import facts_shown, organ_name, spans, word
from workflows.commands.drafting import content_in_work, findings_of
from workflows.definitions import Node, chain_from
from workflows.errors import GoaltrailError
from workflows.goal_table import amount_in_wan
from workflows.journal import Journal
from workflows.permissions import CONFIRMS_ERASURE, HOLDS, an_auditor, guarding_posts
from workflows.replay import Table
from workflows.store.posts import holders_at
from workflows.store.queries import table_seen_by
from workflows.store.transaction import Transaction
from workflows.vocabulary import Action, Post, Role, Stage

Names = Mapping[Post, Sequence[tuple[str, str]]]
"""Who holds a post: (ID, name) of each."""


def table_page(table_id: UUID, refused: GoaltrailError | None = None) -> str:
    """Return the page of a table; after a refusal with its sentence and what was typed."""
    ledger, tx = journal(), transaction()
    table = table_seen_by(tx, person(), table_id)
    history = ledger.history(table_id)
    content = content_shown(ledger, table)
    findings = findings_of(ledger, table, content)
    nodes = nodes_to_come(ledger, table)
    names = _names(tx, table, nodes)

    def amount() -> Decimal | None:
        return amount_in_wan(ledger.content(table.content_hash))

    return render_template(
        "table.html", table=table, content=content, indicators=spans(content["indicators"]), details=DETAILS,
        findings=shown(findings, content), timeline=timeline_of(history, person()), stages=stages_of(table, history),
        news=news_at_this_look(table_id, history), newest=len(history), receipts=True, live=True,
        guards=bool(guarding_posts(person(), table, CONFIRMS_ERASURE | HOLDS)),
        audits=an_auditor(person()), open_steps=open_steps(person(), table, amount),
        closed_steps=closed_steps(person(), table, amount), holders=_holders(table, names),
        chain=_chain(table, nodes, names),
        request_words=_request(table, history), states=WINDOW_STATES, possibilities=POSSIBILITIES,
        by_id={row["id"]: row for row in content["indicators"]}, typed=request.form,
        draft_version=_draft_version(ledger, table), refused=refused.sentence if refused else None,
        problems=facts_shown(refused) if refused else (),
    )  # fmt: skip


def content_shown(ledger: Journal, table: Table) -> dict[str, Any]:
    """Return the content that this person sees: the unit its draft, all others what was recorded last."""
    of_the_unit = person().id == table.owner or any(post.organ == table.unit for post in person().posts)
    if table.stage == Stage.DRAFT and of_the_unit:
        return content_in_work(ledger, table).content
    return ledger.content(table.content_hash)


def _draft_version(ledger: Journal, table: Table) -> int:
    """Return which draft the page shows, so that exactly this one is submitted; 0 where nobody has edited it."""
    draft = ledger.draft(table.id) if table.stage == Stage.DRAFT else None
    return draft.version if draft else 0


def _holders(table: Table, names: Names) -> list[dict[str, object]]:
    return [
        {
            "title": _("%(stage)s · %(role)s", stage=word(desk.stage), role=word(Role(desk.role))),
            "names": _joined(names[Post(Role(desk.role), desk.organ)], desk.person), "organ": organ_name(desk.organ),
            "due_at": desk.due_at, "overdue": desk.overdue, "provisional": desk.provisional,
        }
        for desk in table.desks
    ]  # fmt: skip


def _names(tx: Transaction, table: Table, nodes: Sequence[Node]) -> Names:
    """Return who holds the posts at the desks of today and at those to come, asked for all at once."""
    now = [Post(Role(desk.role), desk.organ) for desk in table.desks]
    return holders_at(tx, [*now, *(_post(table, node) for node in nodes)], tx.now())


def _post(table: Table, node: Node) -> Post:
    return Post(Role(node.role), getattr(table, node.of))


def _joined(found: Sequence[tuple[str, str]], only: str | None = None) -> str:
    return "、".join(name for each, name in found if only in (None, each)) or _("（暂无人任职）")


def nodes_to_come(ledger: Journal, table: Table) -> list[Node]:
    """Return the desks of this stage and later ones that the table has not reached."""
    order = list(Stage)
    here = order.index(table.stage)
    active = {desk.node.partition(":")[0] for desk in table.desks} | {vote.node for vote in table.votes}
    nodes = () if table.ended else chain_from(ledger.content(table.definition_hash)).nodes
    return [node for node in nodes if order.index(node.stage) >= here and node.node not in active]


def _chain(table: Table, nodes: Sequence[Node], names: Names) -> list[dict[str, object]]:
    """Return the desks to come with who sits there."""
    return [
        {"title": node.title, "names": _joined(names[_post(table, node)]), "days": node.working_days} for node in nodes
    ]


def _request(table: Table, history: Any) -> str:
    if table.request is None:
        return ""
    who = signer(table.request.by, table.request.behalf, names_in(history))
    sentence: str = _(
        "%(who)s 申请%(what)s，理由：%(why)s", who=who,
        what=word(Action(table.request.action)), why=table.request.reason,
    )  # fmt: skip
    return sentence
