"""One table's page put together: the form, what may be done, who comes next, what the machine and the log say."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

from flask import render_template, request
from flask_babel import gettext as _

from service.context import journal, person, transaction
from service.pages.escalation_shown import next_up
from service.pages.findings_shown import shown
from service.pages.history_shown import organs_beside, stages_of, timeline_of
from service.pages.news_shown import news_at_this_look
from service.pages.other_steps import other_steps
from service.pages.returning import asked_back, return_form
from service.pages.state_shown import names_in, signer
from service.pages.steps_shown import barred_steps, closed_steps, open_steps
from service.pages.way_shown import ahead, marks_of, nodes_now
from service.pages.words import DETAILS, POSSIBILITIES, WINDOW_STATES
from service.present import facts_shown, spans, word
from workflows.commands.asking import read_copies
from workflows.commands.calling import called_in
from workflows.commands.drafting import content_in_work, findings_of
from workflows.commands.foreseeing import way_ahead
from workflows.commands.holding import open_task
from workflows.commands.recipe import demands_of
from workflows.content.goal_table import amount_in_wan
from workflows.definitions import Chain, pinned_chain
from workflows.definitions.picture import svg_of
from workflows.errors import GoaltrailError
from workflows.events import Recorded
from workflows.folds.replay import Table
from workflows.journal import Journal
from workflows.rights.holders import unopened_seats, unread_copies
from workflows.rights.lifecycle import steps_open_to
from workflows.rights.permissions import CONFIRMS_ERASURE, HOLDS, an_auditor, guarding_posts
from workflows.store.covers import waivers_for
from workflows.store.queries import table_seen_by
from workflows.store.way_ahead import PeopleAround, people_around
from workflows.vocabulary import REVIEW_STAGES, Action, Stage


def table_page(table_id: UUID, refused: GoaltrailError | None = None) -> str:
    """Return the page of a table; after a refusal with its sentence and what was typed."""
    ledger, tx = journal(), transaction()
    table = looked_at(ledger, table_seen_by(tx, person(), table_id))
    history, chain = ledger.history(table_id), pinned_chain(table.definition_hash, ledger.content)
    content = content_shown(ledger, table)
    findings = findings_of(ledger, table, content)
    people = people_around(tx, table, tx.now())

    waivers, called = waivers_for(tx, table.unit), called_in(ledger, table, history)
    demands = demands_of(ledger, table, tx.now())

    def amount() -> Decimal | None:
        return amount_in_wan(ledger.content(table.content_hash))

    answers = steps_open_to(person(), table, amount, demands)
    return render_template(
        "table.html", table=table, content=content, indicators=spans(content["indicators"]), details=DETAILS,
        findings=shown(findings, content),
        timeline=timeline_of(history, person(), waivers, called, organs_beside(table, history)),
        stages=stages_of(table, history),
        news=news_at_this_look(table_id, history, called), newest=len(history), receipts=True, live=True,
        guards=bool(guarding_posts(person(), table, CONFIRMS_ERASURE | HOLDS)),
        audits=an_auditor(person()), open_steps=open_steps(table, answers), closed_steps=closed_steps(table, answers),
        barred_steps=barred_steps(table, answers),
        others=other_steps(person(), table, people.people.values(), demands),
        waivers=[each for each in waivers if each.holds(tx.now())],
        request_words=_request(table, history), states=WINDOW_STATES, possibilities=POSSIBILITIES,
        by_id={row["id"]: row for row in content["indicators"]}, typed=request.form,
        draft_version=_draft_version(ledger, table), refused=refused.sentence if refused else None,
        problems=facts_shown(refused) if refused else (), **_way(ledger, table, chain, history, people),
        return_form=return_form(ledger, table, content, person(), names_in(history)),
    )  # fmt: skip


def looked_at(ledger: Journal, table: Table) -> Table:
    """Record that the person opened the tasks that wait for him and read the copies sent to him, each once."""
    if unopened_seats(person(), table) and not table.suspended:
        table = open_task(ledger, table.id, by=person(), command_id=uuid4())
    if unread_copies(person(), table):
        table = read_copies(ledger, table.id, by=person(), command_id=uuid4())
    return table


def _way(
    ledger: Journal, table: Table, chain: Chain, history: Sequence[Recorded], people: PeopleAround
) -> dict[str, object]:
    """Return who holds the table, what a return asks, which way it goes, and the chain as a picture."""
    asked = asked_back(ledger, table, chain, history)
    planned = way_ahead(ledger, table, holders=people.holders, deputies=people.deputies)
    amount = amount_in_wan(ledger.content(table.content_hash))
    return {
        "nodes": nodes_now(
            table, chain, history, lambda desk: people.candidates(table, desk, amount),
            lambda desk: next_up(table, desk, chain, ledger.calendar, ledger.now()),
        ), "asked": asked,
        "ahead": ahead(planned, chain), "afterwards": _afterwards(table, chain),
        "picture": svg_of(chain, marks_of(table, chain)), "chain": chain,
    }  # fmt: skip


def _afterwards(table: Table, chain: Chain) -> list[str]:
    """Return the titles of what comes after the reply, or is left of it."""
    order = list(Stage)
    here = {desk.node.partition(":")[0] for desk in table.desks} | {vote.node for vote in table.votes}
    later = [node for node in chain.nodes if node.stage not in (Stage.DRAFT, *REVIEW_STAGES)]
    return [
        node.title for node in later
        if not table.ended and order.index(node.stage) >= order.index(table.stage) and node.node not in here
    ]  # fmt: skip


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


def _request(table: Table, history: Any) -> str:
    if table.request is None:
        return ""
    who = signer(table.request.by, table.request.behalf, names_in(history))
    sentence: str = _(
        "%(who)s 申请%(what)s，理由：%(why)s", who=who,
        what=word(Action(table.request.action)), why=table.request.reason,
    )  # fmt: skip
    return sentence
