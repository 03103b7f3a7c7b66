"""What a waiting request asks for: the event of the log that was recorded together with it."""

from typing import TypeVar

from workflows import events as e
from workflows.commands.recipe import Work
from workflows.errors import ConfirmationMissing
from workflows.state.standing import Request

Proposal = TypeVar("Proposal", e.CorrectionOpened, e.InterventionProposed, e.PaperEntered, e.RevisionAsked)


def proposed(work: Work, request: Request, kind: type[Proposal]) -> Proposal:
    """Return what a request asks for, of the kind that its action has; ConfirmationMissing where the log has none."""
    for each in reversed(work.journal.history(work.table.id)):
        if isinstance(each.fact, kind) and each.fact.request == request.id:
            return each.fact
    raise ConfirmationMissing
