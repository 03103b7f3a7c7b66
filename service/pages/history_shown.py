"""The log as a table's page shows it: the timeline, the stage picture, what changed since the person last acted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from service.pages.words import place_name
from service.present import day, word
from workflows.changes import changes_between
from workflows.events import Recorded, TableSubmitted
from workflows.journal import Journal
from workflows.replay import Table
from workflows.sentences import sentence
from workflows.vocabulary import ENDED, MAIN_LINE, Actor, Stage

QUIET = frozenset({"node.entered", "node.completed", "node.superseded"})
BACK = frozenset({
    "table.returned", "table.refused", "table.voided", "table.terminated", "monitoring.returned", "selfeval.returned",
    "task.overdue", "confirmation.refused",
})  # fmt: skip


@dataclass(frozen=True)
class Moment:
    """One event in one sentence."""

    at: datetime
    sentence: str
    look: str


def timeline_of(history: Sequence[Recorded]) -> list[Moment]:
    """Return the events as sentences, the newest first."""
    return [Moment(each.at, sentence(each), _look(each.kind)) for each in reversed(history)]


def _look(kind: str) -> str:
    return "back" if kind in BACK else "quiet" if kind in QUIET else ""


def stages_of(table: Table, history: Sequence[Recorded]) -> list[dict[str, str]]:
    """Return the main line as done, now and to come, with the day on which each stage was last entered."""
    entered: dict[str, str] = {}
    for each in history:
        stage = getattr(each.fact, "stage", None)
        if each.kind == "node.entered" and stage:
            entered[stage] = day(each.at)
    reached = _reached(table, entered)
    shown = [_stage(table, stage, number, reached, entered) for number, stage in enumerate(MAIN_LINE)]
    if table.stage in ENDED and table.stage != Stage.CLOSED:
        shown.append({"name": word(table.stage), "state": "over", "note": day(table.last_at)})
    return shown


def _reached(table: Table, entered: dict[str, str]) -> int:
    if table.stage in MAIN_LINE:
        return MAIN_LINE.index(table.stage)
    return max((MAIN_LINE.index(Stage(stage)) for stage in entered), default=0)


def _stage(table: Table, stage: Stage, number: int, reached: int, entered: dict[str, str]) -> dict[str, str]:
    here = stage == table.stage
    state = "now" if here else "done" if number < reached else ""
    note = _("第 %(n)d 轮", n=table.round) if here and table.round and number < 4 else ""
    return {"name": word(stage), "state": state, "note": " ".join((entered.get(stage, ""), note)).strip()}


def news_since(history: Sequence[Recorded], actor: Actor, ledger: Journal) -> list[dict[str, str | None]]:
    """Return what changed in the content since the person last acted on the table; nothing where there was no act."""
    mine = max((number for number, each in enumerate(history) if each.actor_id == actor.id), default=None)
    if mine is None:
        return []
    then, now = _content_at(history[: mine + 1]), _content_at(history)
    if then == now or not then or not now:
        return []
    found = changes_between(ledger.content(then), ledger.content(now), _reasons(ledger, history[mine + 1 :]))
    return [each | {"place": place_name(each["pointer"] or "")} for each in found]


def _content_at(history: Sequence[Recorded]) -> str | None:
    hashes = [
        getattr(each.fact, "content_hash", None) for each in history
        if each.kind in ("table.imported", "table.submitted")
    ]  # fmt: skip
    return hashes[-1] if hashes else None


def _reasons(ledger: Journal, history: Sequence[Recorded]) -> dict[str, str]:
    hashes = [each.fact.changes for each in history if isinstance(each.fact, TableSubmitted)]
    changes = [change for found in hashes for change in ledger.content(found)["changes"]]
    return {change["pointer"]: change["reason"] for change in changes if change["reason"]}
