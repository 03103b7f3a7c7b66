"""更正, 管理干预, 线下批示补录: their forms on a table's page, and what exactly a second person is asked to confirm."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from uuid import UUID

from flask import Blueprint, flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from service.context import journal, person, transaction
from service.pages.differences_shown import Difference, content_differences
from service.pages.posted import cleaned, command_id, refuse_long_texts, seen, sent_file, text
from service.pages.table_view import table_page
from service.pages.words import place_name
from workflows.commands.calling import called_in
from workflows.commands.correcting import CORRECTABLE, ask_to_correct
from workflows.commands.intervening import ask_to_move_back, ask_to_reenter
from workflows.commands.paper import Sheet, enter_paper
from workflows.definitions import chain_from
from workflows.errors import FieldsInvalid
from workflows.events import CorrectionOpened
from workflows.folds.replay import Table
from workflows.rights.lifecycle import decide
from workflows.store.queries import refuse_unseen
from workflows.store.streams import history_of
from workflows.vocabulary import Action, Outcome, Role, Stage
from workflows.words.sentences import sentence

pages = Blueprint("two_persons", __name__)
Named = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Paper:
    """A task whose decision may be entered from paper: its ID, its node's name, who could have signed."""

    task: str
    title: str
    leaders: Named


@dataclass(frozen=True)
class Shown:
    """The forms that are open to this person, each empty where it is not."""

    fields: Sequence[tuple[str, str, str]] = ()
    nodes: Named = ()
    earlier: Named = ()
    papers: Sequence[Paper] = ()
    stages: Sequence[Stage] = ()

    def __bool__(self) -> bool:
        """Whether any form is open."""
        return bool(self.fields or self.nodes or self.papers)


def exceptions_of(table: Table) -> Shown:
    """Return the forms outside the usual way that this person may use now."""
    fields = _fields(table) if decide(person(), table, Action.CORRECT).allowed else ()
    loosens = decide(person(), table, Action.INTERVENE).allowed
    enters = decide(person(), table, Action.ENTER_PAPER).allowed
    if not loosens and not enters:
        return Shown(fields)
    titles = {each.node: each.title for each in chain_from(journal().content(table.definition_hash)).nodes}
    here = {desk.node: titles[desk.node.partition(":")[0]] for desk in table.desks}
    voted = dict.fromkeys(vote.node for vote in table.votes if vote.node not in here)
    return Shown(
        fields, tuple(here.items()) if loosens else (),
        tuple((node, titles[node]) for node in voted if node in titles) if loosens else (),
        _papers(table, here) if enters else (), tuple(Stage)[: tuple(Stage).index(table.stage)],
    )  # fmt: skip


def _fields(table: Table) -> Sequence[tuple[str, str, str]]:
    content = journal().content(table.content_hash)
    return tuple((place, place_name(place), content.get(place[1:]) or "") for place in CORRECTABLE)


def _papers(table: Table, titles: dict[str, str]) -> Sequence[Paper]:
    tasks = [desk for desk in table.desks if desk.node != "reply"]
    found = [(desk, journal().holders(Role(desk.role), desk.organ)) for desk in tasks]
    return tuple(
        Paper(desk.task, titles[desk.node], tuple(
            (each.id, each.name) for each in holders if desk.person in (None, each.id) and each.id != person().id
        ))
        for desk, holders in found
    )  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """What a waiting request would bring about, in one sentence and, for a correction, place by place."""

    sentence: str
    changes: Sequence[Difference]


def asked_for(table: Table) -> Asked | None:
    """Return what exactly the second person is asked to confirm, None where the request says all of it."""
    waiting = table.request.id if table.request else ""
    history = history_of(transaction(), table.id)
    told = (each for each in history if getattr(each.fact, "request", "") == waiting)
    found = next((each for each in told if not each.kind.startswith("confirmation.")), None) if waiting else None
    if found is None:
        return None
    changes: Sequence[Difference] = ()
    if isinstance(found.fact, CorrectionOpened):
        old, new = journal().content(found.fact.base), journal().content(found.fact.content_hash)
        changes = content_differences(old, new, {})
    return Asked(sentence(found, called_in(journal(), table, history)), changes)


@pages.app_context_processor
def _for_the_page() -> dict[str, object]:
    return {"exceptions_of": exceptions_of, "asked_for": asked_for}


def _about(table_id: UUID) -> None:
    g.back, g.fresh = url_for("tables.show", table_id=table_id), partial(table_page, table_id)
    refuse_unseen(transaction(), person(), table_id)
    refuse_long_texts()


def _back(table_id: UUID) -> ResponseReturnValue:
    flash(_("申请已登记，等待第二人确认"), "good")
    return redirect(url_for("tables.show", table_id=table_id), 303)


@pages.post("/tables/<uuid:table_id>/correction")
def correct(table_id: UUID) -> ResponseReturnValue:
    """Ask for a correction: the fields whose text was changed on the form."""
    _about(table_id)
    typed = {place: cleaned(request.form.get(f"correct{place}", "")) for place in CORRECTABLE}
    values = {place: value for place, value in typed.items() if value and value != text(f"was{place}")}
    ask_to_correct(
        journal(), table_id, seen=seen(), by=person(), command_id=command_id(), values=values, reason=text("reason")
    )
    return _back(table_id)


@pages.post("/tables/<uuid:table_id>/intervention")
def intervene(table_id: UUID) -> ResponseReturnValue:
    """Ask for an intervention: enter the node anew, or, where one is named, go back to an earlier one."""
    _about(table_id)
    verb = partial(ask_to_move_back, to_node=text("to_node")) if text("to_node") else ask_to_reenter
    verb(
        journal(), table_id, seen=seen(), by=person(), command_id=command_id(), node=text("node"),
        reason=text("reason"),
    )  # fmt: skip
    return _back(table_id)


@pages.post("/tables/<uuid:table_id>/paper")
def paper(table_id: UUID) -> ResponseReturnValue:
    """Enter a decision taken on paper with its scan."""
    _about(table_id)
    task, _bar, leader = text("leader").partition("|")
    enter_paper(
        journal(), table_id, seen=seen(), by=person(), command_id=command_id(), task=task, sheet=_sheet(leader)
    )
    return _back(table_id)


def _sheet(leader: str) -> Sheet:
    to, (name, scan) = text("to"), sent_file(_("请选择扫描件。"))
    try:
        day, stage = date.fromisoformat(text("signed_on")), Stage(to) if to else None
    except ValueError as error:
        raise FieldsInvalid(_("请填写批示日期（如2026-03-01）和结论。")) from error
    outcome = Outcome.RETURN if stage else Outcome.PASS
    return Sheet(leader, day, outcome, name, scan, text("opinion"), stage)
