"""Events become the table as it stands: stage, round, desks, votes, the version in force, windows, evaluation."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from workflows import events as e
from workflows.folds import ASIDE, FOLDS
from workflows.state.appraisals import Appraisal
from workflows.state.assessments import Assessment, Component, Recommendation
from workflows.state.disclosures import Secrecy
from workflows.state.executions import Execution
from workflows.state.experts import Expert
from workflows.state.inquiries import Copy, Inquiry, Suspension
from workflows.state.project_pauses import ProjectPause
from workflows.state.rectifications import Drawn, Rectification, Rescore
from workflows.state.reply_terms import Replied
from workflows.state.reviews import Amended, Amendment, Review
from workflows.state.revisions import Version
from workflows.state.standing import (
    Attachment,
    Decider,
    Desk,
    Evaluation,
    Request,
    Returned,
    Table,
    Thread,
    Vote,
    Window,
    changed,
    spoken,
)
from workflows.vocabulary import Outcome, Stage

__all__ = [
    "FOLDS", "Attachment", "Decider", "Desk", "Evaluation", "Request", "Table", "Vote", "Window", "apply", "from_json",
    "instant", "replay", "to_json",
]  # fmt: skip
LISTS: Mapping[str, type[Any]] = {
    "experts": Expert,
    "deciders": Decider, "attachments": Attachment, "windows": Window, "threads": Thread, "inquiries": Inquiry,
    "copies": Copy, "reviews": Review, "amended": Amended, "rescores": Rescore, "rectifications": Rectification,
    "versions": Version, "executions": Execution, "assessments": Assessment, "recommendations": Recommendation,
    "components": Component, "pauses": ProjectPause,
}  # fmt: skip
PARTS: Mapping[str, type[Any]] = {
    "appraisal": Appraisal,
    "request": Request, "evaluation": Evaluation, "returned": Returned, "answered": Returned, "suspended": Suspension,
    "drawn": Drawn, "amendment": Amendment, "secrecy": Secrecy,
    "replied": Replied,
}  # fmt: skip
TEXTS = ("passed_over", "late_revisions")
"""The fields of a state that hold lists of values, one value, and lists of words."""
_BLANK = Table(UUID(int=0))


def apply(table: Table, recorded: e.Recorded) -> Table:
    """Return the table after one more event; events of other subjects raise KeyError."""
    after = FOLDS[recorded.kind](table, recorded.fact, recorded)
    return changed(
        after, version=recorded.version, head=recorded.leaf_hash.hex(), last_at=recorded.at.isoformat(),
        aside=table.aside + 1 if recorded.kind in ASIDE else 0,
    )  # fmt: skip


def replay(table_id: UUID, history: Iterable[e.Recorded]) -> Table:
    """Fold a table's whole history, oldest first."""
    table = Table(table_id)
    for recorded in history:
        table = apply(table, recorded)
    return table


def to_json(table: Table) -> dict[str, Any]:
    """Return the table's state as JSON values, for the snapshot cache; quiet fields that are empty are left out."""
    state: dict[str, Any] = asdict(table, dict_factory=lambda fields: spoken(dict(fields)))
    return state | {"id": str(table.id), "authors": sorted(table.authors)}


def from_json(state: Mapping[str, Any]) -> Table:
    """Return the table from its snapshot; the inverse of `to_json`."""
    return changed(_BLANK, **{**state, **_nested(state)})


def _nested(state: Mapping[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {
        "id": UUID(state["id"]), "stage": Stage(state["stage"]), "authors": frozenset(state["authors"]),
        "desks": tuple(_made(Desk, desk, stage=Stage(desk["stage"])) for desk in state["desks"]),
        "votes": tuple(
            Vote(**{**vote, "stage": Stage(vote["stage"]), "outcome": Outcome(vote["outcome"])})
            for vote in state["votes"]
        ),
    }  # fmt: skip
    for name in LISTS.keys() & state.keys():
        values[name] = tuple(_made(LISTS[name], each) for each in state[name])
    for name in PARTS.keys() & state.keys():
        values[name] = _made(PARTS[name], state[name]) if state[name] else None
    return values | {name: tuple(state[name]) for name in TEXTS if name in state}


def _made(kind: type[Any], state: Mapping[str, Any], **words: Any) -> Any:
    """Return a value from its fields as JSON wrote them: lists as tuples again, words of the trade as given."""
    inner = {name: e.frozen(value) for name, value in state.items() if isinstance(value, list | dict)}
    return kind(**{**state, **inner, **words})


def instant(text: str) -> datetime:
    """Read a stored UTC moment."""
    return datetime.fromisoformat(text)
