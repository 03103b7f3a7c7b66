"""The state of a table as the replay found it, in the form in which the product shows it."""

from __future__ import annotations

from typing import Any, Dict, NamedTuple, Optional, Tuple

from workflows.ledger.verifier.evidence.moments import shown_moment
from workflows.ledger.verifier.judge.desks import Window, Word
from workflows.ledger.verifier.judge.table import BORN, Table, spoken

SHOWN = (*BORN, "id", "version", "stage", "round", "submitter", "disclosure", "in_force", "returned_from", "doc_no",
         "self_evaluation_opens", "self_evaluation_due", "held")
DESK_SHOWN = ("node", "stage", "round", "task", "role", "organ", "person", "level", "due_at", "provisional", "overdue", "group", "waits_for",
              "must", "anchor", "added_by", "claimed_by", "delegated_to", "opened_by", "claimed_until", "depth", "urged_at", "clock", "due_set_at", "calendar",
              "unassignable", "escalated")
WINDOW_SHOWN = ("window", "name", "date", "planned_percent", "source", "state", "colour", "execution_rate", "deviation", "filed_by",
                "returned_reason")


def replayed(table: Table) -> Dict[str, Any]:
    """Return the table's state as the product writes it, without figures and scores (compared by their hashes)."""
    return spoken({name: getattr(table, name) for name in SHOWN} | {
        "head": table.head.hex(), "last_at": shown_moment(table.last_at), "authors": sorted(table.authors), "returned_reason": table.returned_reason,
        "desks": [spoken({name: getattr(desk, name) for name in DESK_SHOWN} | {"entered_at": shown_moment(desk.entered_at)}) for desk in table.desks],
        "votes": [spoken(vote._asdict()) for vote in table.votes],
        "deciders": [spoken(decider._asdict()) for decider in table.deciders],
        "request": table.request, "ended_reason": table.ended_reason, "attachments": table.attachments,
        "windows": [{name: getattr(window, name) for name in WINDOW_SHOWN} | {"figures": figures_of(window)} for window in table.windows],
        "evaluation": table.evaluation, "returned": table.returned, "answered": table.answered, "passed_over": table.passed_over, "aside": table.aside,
        "threads": table.threads, "received": table.received, "inquiries": table.inquiries, "copies": table.copies,
        "suspended": table.suspended, "resumptions": table.resumptions, "intervened": table.intervened,
        "experts": table.experts, "appraisal": table.appraisal, "assessments": table.assessments, "recommendations": table.recommendations, "components": table.components,
        "rescores": table.rescores, "drawn": table.drawn, "rectifications": table.rectifications,
        "reviews": table.reviews, "amendment": table.amendment, "amended": table.amended, "key_by": table.key_by,
        "origin": table.origin, "source": table.source, "revision_number": table.revision_number, "revision": table.revision,
        "revisions": table.revisions, "versions": table.versions, "executions": table.executions, "secrecy": table.secrecy,
        "replied": table.replied, "late_revisions": table.late_revisions, "pauses": table.pauses,
    })  # fmt: skip


class Figures(NamedTuple):
    """A window's figures: the hash of what cannot be erased, and the words beside it."""

    digest: bytes
    words: Tuple[Tuple[str, Word], ...]


def figures_of(window: Window) -> Optional[Figures]:
    """Return the figures of a window for the comparison."""
    return None if window.figures is None else Figures(window.figures, window.words)
