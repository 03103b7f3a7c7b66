"""A table's page as it was at a moment: content, state, desks, the rights of that time; nothing can be done there."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from flask import g, render_template, url_for
from flask_babel import gettext as _

from service.context import journal, person, transaction
from service.pages.findings_shown import shown
from service.pages.history_shown import organs_beside, stages_of, timeline_of
from service.pages.state_shown import names_in, state_facts
from service.pages.steps_shown import steps_then
from service.pages.way_shown import marks_of, nodes_now
from service.pages.words import DETAILS, POSSIBILITIES, WINDOW_STATES
from service.present import organ_name, show_organs_of, spans, word
from workflows.as_of import moment_asked, replay_until, version_at
from workflows.commands.calling import called_in
from workflows.commands.drafting import findings_of
from workflows.commands.recipe import demands_of
from workflows.content.goal_table import amount_in_wan
from workflows.definitions import pinned_chain
from workflows.definitions.picture import svg_of
from workflows.folds.replay import Desk
from workflows.rights.lifecycle import steps_open_to
from workflows.rights.permissions import may_read
from workflows.rights.preview import Candidate
from workflows.store.covers import waivers_for
from workflows.store.moments import places_of
from workflows.store.posts import actor_at
from workflows.store.queries import history_of_table
from workflows.store.sealing import log_size
from workflows.store.way_ahead import people_around
from workflows.surroundings import ALONE
from workflows.vocabulary import Actor
from workflows.words.sentences import sentence


def as_was_page(table_id: UUID, asked: str) -> str:
    """Return the page; NotFound where the person may not read the table now, MomentUnclear, NoSuchMoment."""
    tx, ledger = transaction(), journal()
    g.back = url_for("tables.show", table_id=table_id)
    history = history_of_table(tx, person(), table_id)
    places = places_of(tx, table_id)
    version = version_at(moment_asked(asked), history, places, size=log_size(tx), now=tx.now())
    table, until = replay_until(table_id, history, version), history[:version]
    last, content = until[-1], ledger.content(table.content_hash)
    show_organs_of(last.at)
    chain, around = pinned_chain(table.definition_hash, ledger.content), people_around(tx, table, last.at)

    def people(desk: Desk) -> Sequence[Candidate]:
        return around.candidates(table, desk, amount_in_wan(content))

    called = called_in(ledger, table, history)
    then = actor_at(tx, person().id, person().name, last.at)
    could = steps_open_to(then, table, lambda: amount_in_wan(content), demands_of(ledger, table, last.at))
    return render_template(
        "as_was.html", table=table, content=content, indicators=spans(content["indicators"]), details=DETAILS,
        findings=shown(findings_of(ledger, table, content, ALONE), content),
        timeline=timeline_of(
            until, waivers=waivers_for(tx, table.unit), called=called, beside=organs_beside(table, until)
        ),
        stages=stages_of(table, until), states=WINDOW_STATES, possibilities=POSSIBILITIES,
        by_id={row["id"]: row for row in content["indicators"]}, last=last, newest=len(history),
        place=places.get(version), sentence=sentence(last, called), nodes=nodes_now(table, chain, until, people),
        picture=svg_of(chain, marks_of(table, chain)), chain=chain,
        facts=state_facts(table, names_in(history)),
        then=then, posts_then="，".join(_posts_then(then)),
        could_read=may_read(then, table),
        steps=steps_then(table, could),
    )  # fmt: skip


def _posts_then(then: Actor) -> Iterator[str]:
    """Yield the posts held at a moment, and those covered then, each with the name of the absent person."""
    yield from (f"{word(post.role)} · {organ_name(post.organ)}" for post in then.posts if not post.via)
    for cover in then.covers:
        who = _("代 %(name)s", name=cover.name)
        yield from (f"{who}：{word(post.role)} · {organ_name(post.organ)}" for post in cover.posts)
