"""The log as a table's page shows it: the timeline, the stage picture, the reasons given for changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import g
from flask_babel import gettext as _

from service.organ_book import organs
from service.present import day, word
from workflows.content.naming import BY_CODE, Called
from workflows.events import CorrectionApplied, Recorded, TableReturned, TableSubmitted, TaskDecided
from workflows.folds.replay import Table
from workflows.journal import Journal
from workflows.organs import reorganisations_beside
from workflows.rights.handed_marks import handed_acts
from workflows.rights.permissions import an_auditor
from workflows.rights.waived import Signed, waived_decisions
from workflows.vocabulary import ENDED, MAIN_LINE, Actor, Stage
from workflows.words.sentences import sentence

QUIET = frozenset({"node.entered", "node.shared", "node.completed", "node.superseded", "task.opened"})
BACK = frozenset({
    "table.returned", "table.refused", "table.voided", "table.terminated", "monitoring.returned", "selfeval.returned",
    "task.overdue", "confirmation.refused", "admin.proposed", "admin.intervened",
})  # fmt: skip


@dataclass(frozen=True)
class Moment:
    """One event in one sentence, with its number; `receipt` where the reader may take the proof of it home."""

    at: datetime
    sentence: str
    look: str
    version: int
    receipt: bool = False


def timeline_of(
    history: Sequence[Recorded], reader: Actor | None = None, waivers: Sequence[Signed] = (), called: Called = BY_CODE,
    beside: Sequence[Recorded] = (),
) -> list[Moment]:  # fmt: skip
    """Return the events as sentences, the newest first; to a reader with the receipts that are his.

    `beside` is what happened to the table's organs meanwhile, told among its own events. Decisions that only a waiver
    made possible say so (S12). A decision to return stands back behind the return that says the same in more words: a
    return is one act.
    """
    marked, told = waived_decisions(history, waivers), _told_by_the_return(history)
    handed = handed_acts(history)
    own = [
        Moment(
            each.at,
            sentence(each, called) + (_("（职责分离豁免）") if each.version in marked else "")
            + (_("（升级办理）") if each.version in handed else ""),
            "quiet" if each.version in told else _look(each.kind), each.version, receipt=is_receipt_of(each, reader),
        )
        for each in reversed(history)
    ]  # fmt: skip
    others = [
        Moment(each.at, sentence(each), "", sum(own.at <= each.at for own in history)) for each in reversed(beside)
    ]
    return sorted((*own, *others), key=lambda moment: moment.at, reverse=True)


def organs_beside(table: Table, history: Sequence[Recorded]) -> tuple[Recorded, ...]:
    """Return what happened to the organs of a table from its first event on; for a past moment until the last."""
    until = history[-1].at if "organs_then" in g else datetime.max.replace(tzinfo=UTC)
    return reorganisations_beside(organs().told, table.unit, table.department, history[0].at, until)


def _told_by_the_return(history: Sequence[Recorded]) -> set[int]:
    """Return the versions of the decisions whose command returns the table with the very words of the decision."""
    said = {
        (each.command_id, each.actor_id, each.fact.reason) for each in history if isinstance(each.fact, TableReturned)
    }  # fmt: skip
    return {
        each.version for each in history
        if isinstance(each.fact, TaskDecided) and (each.command_id, each.actor_id, each.fact.opinion) in said
    }  # fmt: skip


def is_receipt_of(recorded: Recorded, reader: Actor | None) -> bool:
    """Whether the reader may take the proof of an event home: his own act, a deputy's for him, or any as an auditor."""
    if reader is None or recorded.kind in QUIET:
        return False
    own = reader.id in (recorded.actor_id, recorded.behalf.id if recorded.behalf else "")
    return own or an_auditor(reader)


def _look(kind: str) -> str:
    return "back" if kind in BACK else "quiet" if kind in QUIET else ""


def stages_of(table: Table, history: Sequence[Recorded]) -> list[dict[str, str]]:
    """Return the main line as done, now and to come, with the day on which each stage was last entered."""
    entered: dict[str, str] = {}
    for each in history:
        stage = getattr(each.fact, "stage", None)
        if each.kind in ("node.entered", "node.shared") and stage:
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


def reasons_in(ledger: Journal, history: Sequence[Recorded]) -> dict[str, str]:
    """Return the reasons that these events' submissions give for their changes, by JSON pointer."""
    hashes = [each.fact.changes for each in history if isinstance(each.fact, TableSubmitted | CorrectionApplied)]
    changes = [change for found in hashes for change in ledger.content(found)["changes"]]
    return {change["pointer"]: change["reason"] for change in changes if change["reason"]}
