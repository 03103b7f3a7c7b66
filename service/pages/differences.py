"""Any two moments of a table side by side: every field of the content and of the state that reads otherwise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from uuid import UUID

from flask import Blueprint, g, render_template, url_for

from service.context import journal, person, transaction
from service.pages.differences_shown import content_differences
from service.pages.history_shown import QUIET, reasons_in, timeline_of
from service.pages.posted import asked
from service.pages.state_shown import names_in, state_differences, state_facts
from workflows.as_of import content_hash_at, moment_asked, replay_until, version_at
from workflows.commands.calling import called_in
from workflows.content.naming import BY_CODE, Called
from workflows.events import Recorded
from workflows.store.moments import places_of
from workflows.store.queries import history_of_table
from workflows.store.sealing import log_size
from workflows.words.sentences import sentence

pages = Blueprint("differences", __name__)


@dataclass(frozen=True)
class Choice:
    """A moment to choose: what one command had done when it was finished."""

    version: int
    at: datetime
    sentence: str


@pages.get("/tables/<uuid:table_id>/differences")
def show(table_id: UUID) -> str:
    """Show what differs between the moments `from` and `to`, by default the content before this one and now."""
    tx, ledger = transaction(), journal()
    g.back = url_for("tables.show", table_id=table_id)
    history = history_of_table(tx, person(), table_id)
    called = called_in(ledger, replay_until(table_id, history, len(history)), history)
    choices = choices_in(history, called)
    places = places_of(tx, table_id)
    first, last = sorted(
        (_version("from", default_start(history, choices), history, places),
         _version("to", len(history), history, places))
    )  # fmt: skip
    old, new = (replay_until(table_id, history, version) for version in (first, last))
    names = names_in(history)
    return render_template(
        "differences.html", table=new, first=history[first - 1], last=history[last - 1],
        choices=_with_both(choices, history, (first, last), called),
        timeline=timeline_of(history[first:last], called=called),
        state=state_differences(state_facts(old, names), state_facts(new, names)),
        content=content_differences(
            ledger.content(old.content_hash), ledger.content(new.content_hash),
            reasons_in(ledger, history[first:last]),
        ),
    )  # fmt: skip


def _version(name: str, default: int, history: Sequence[Recorded], places: Mapping[int, int]) -> int:
    typed = asked(name)
    if not typed:
        return default
    return version_at(moment_asked(typed), history, places, size=log_size(transaction()), now=transaction().now())


def choices_in(history: Sequence[Recorded], called: Called = BY_CODE) -> list[Choice]:
    """Return the moments at which somebody's act was finished, the newest first."""
    found: list[Choice] = []
    for _command, group in groupby(history, key=lambda each: each.command_id):
        events = list(group)
        told = next((each for each in events if each.kind not in QUIET), None)
        if told or not found:
            found.append(Choice(events[-1].version, events[0].at, sentence(told or events[0], called)))
        else:
            found[-1] = replace(found[-1], version=events[-1].version)
    return found[::-1]


def default_start(history: Sequence[Recorded], choices: Sequence[Choice]) -> int:
    """Return the last chosen moment at which the content was another one, or else the first."""
    now = content_hash_at(history)
    earlier = (each.version for each in choices if content_hash_at(history[: each.version]) != now)
    return next(earlier, choices[-1].version)


def _with_both(
    choices: Sequence[Choice], history: Sequence[Recorded], both: tuple[int, int], called: Called
) -> list[Choice]:
    """Return the choices and the two moments asked for, the newest first."""
    known = {each.version: each for each in choices}
    for version in both:
        if version not in known:
            each = history[version - 1]
            known[version] = Choice(version, each.at, sentence(each, called))
    return sorted(known.values(), key=lambda each: -each.version)
