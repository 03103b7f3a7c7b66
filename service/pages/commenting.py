"""批注: comments at their rows, with the reviewer's form to open one and the unit's form to answer it."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from service.context import journal, person, transaction
from service.pages.posted import command_id, refuse_long_texts, seen, text
from service.pages.table_view import table_page
from service.pages.words import place_name
from service.present import word
from workflows.commands import commenting
from workflows.commands.calling import rows_named
from workflows.content.places import names_of_rows, row_called
from workflows.folds.replay import Table
from workflows.rights.lifecycle import decide
from workflows.rights.permissions import desks_of
from workflows.state.criteria import ASPECTS, Criterion
from workflows.state.standing import Thread
from workflows.store.queries import refuse_unseen
from workflows.store.streams import history_of
from workflows.vocabulary import Action

TOP_FIELDS = ("title", "purpose", "goals", "budget", "spending_plan", "attribute", "period", "disclosure")
ROW_FIELDS = ("target", "description", "level3", "weight", "basis")

pages = Blueprint("commenting", __name__)


@dataclass(frozen=True)
class Comment:
    """One comment as the page shows it, and what this person may do with it."""

    thread: Thread
    place: str
    criterion: str
    who: str
    answered_by: str
    may_answer: bool
    may_resolve: bool


@dataclass(frozen=True)
class Shown:
    """A table's comments by row and elsewhere, how many wait for an answer, and where this person may open one."""

    by_row: Mapping[str, list[Comment]]
    elsewhere: list[Comment]
    owed: int
    places: Mapping[str, str]
    criteria: tuple[tuple[str, str], ...]


def comments_of(table: Table, content: Mapping[str, Any], *, live: bool = True) -> Shown:
    """Return what a table's page shows of its comments; nothing can be done where the page is not `live`."""
    rows = {row["id"] for row in content["indicators"]}
    shown = _comments(table, content, live=live) if table.threads else []
    by_row: dict[str, list[Comment]] = {}
    for each in shown:
        if each.thread.row in rows:
            by_row.setdefault(each.thread.row, []).append(each)
    may_open = live and decide(person(), table, Action.COMMENT).allowed
    return Shown(
        by_row, [each for each in shown if each.thread.row not in rows], owed_answers(table),
        _places(content) if may_open else {},
        tuple((each.value, f"{word(ASPECTS[each])} · {word(each)}") for each in Criterion),
    )  # fmt: skip


def owed_answers(table: Table) -> int:
    """Return how many comments wait for the unit's answer."""
    return sum(each.unanswered for each in table.threads)


def _comments(table: Table, content: Mapping[str, Any], *, live: bool) -> list[Comment]:
    history = history_of(transaction(), table.id)
    names = {each.actor_id: each.actor_name for each in history}
    rows = rows_named(journal(), history) | names_of_rows(content)
    answers = live and decide(person(), table, Action.ANSWER_COMMENT).allowed
    resolves = live and decide(person(), table, Action.RESOLVE_COMMENT).allowed
    levels = {desk.level for desk in desks_of(person(), table)}
    return [
        Comment(
            each, place_name(each.pointer, rows), word(Criterion(each.criterion)), names.get(each.by, each.by),
            names.get(each.answered_by, each.answered_by),
            may_answer=answers and not each.resolved and each.by != person().id,
            may_resolve=resolves and not each.resolved and each.level in levels,
        )
        for each in table.threads
    ]  # fmt: skip


def _places(content: Mapping[str, Any]) -> dict[str, str]:
    """Return the places that can be commented on, with their names: fields of the head, then rows and their fields."""
    places = {f"/{field}": place_name(f"/{field}") for field in TOP_FIELDS if content.get(field)}
    names = names_of_rows(content)
    for row in content["indicators"]:
        name, place = row_called(row["id"], names), f"/indicators/{row['id']}"
        places[place] = name
        places |= {f"{place}/{field}": f"{name} · {place_name(field)}" for field in ROW_FIELDS if row.get(field)}
    return places


@pages.app_context_processor
def _for_the_page() -> dict[str, object]:
    return {"comments_of": comments_of, "owed_answers": owed_answers}


def _about(table_id: UUID) -> None:
    g.back, g.fresh = url_for("tables.show", table_id=table_id), partial(table_page, table_id)
    refuse_unseen(transaction(), person(), table_id)
    refuse_long_texts()


def _back(table_id: UUID, said: str) -> ResponseReturnValue:
    flash(said, "good")
    return redirect(url_for("tables.show", table_id=table_id, _anchor="comments"), 303)


@pages.post("/tables/<uuid:table_id>/comments")
def add(table_id: UUID) -> ResponseReturnValue:
    """Open a comment at a place of the table."""
    _about(table_id)
    commenting.open_thread(
        journal(), table_id, seen=seen(), by=person(), command_id=command_id(), pointer=text("pointer"),
        criterion=text("criterion"), words=text("words"),
    )  # fmt: skip
    return _back(table_id, _("批注已登记"))


@pages.post("/tables/<uuid:table_id>/comments/<uuid:thread>/answer")
def answer(table_id: UUID, thread: UUID) -> ResponseReturnValue:
    """Answer a comment for the unit."""
    _about(table_id)
    commenting.answer_thread(
        journal(), table_id, seen=seen(), by=person(), command_id=command_id(), thread=str(thread), words=text("words")
    )
    return _back(table_id, _("批注已答复"))


@pages.post("/tables/<uuid:table_id>/comments/<uuid:thread>/resolve")
def resolve(table_id: UUID, thread: UUID) -> ResponseReturnValue:
    """Lay a comment aside."""
    _about(table_id)
    commenting.resolve_thread(
        journal(), table_id, seen=seen(), by=person(), command_id=command_id(), thread=str(thread),
        opinion=text("opinion"),
    )  # fmt: skip
    return _back(table_id, _("批注已销号"))
