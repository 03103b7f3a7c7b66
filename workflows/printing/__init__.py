"""The official forms of a table put together from its content and its log, to be drawn in any kind of file."""

from workflows.printing.approval_sheet import approval_sheet
from workflows.printing.evaluation_form import evaluation_form
from workflows.printing.kinds import FormKind, form_of
from workflows.printing.monitoring_form import monitoring_form
from workflows.printing.paper import Paper, moment
from workflows.printing.review_form import review_form

__all__ = [
    "FormKind", "Paper", "approval_sheet", "evaluation_form", "form_of", "moment", "monitoring_form", "review_form",
]  # fmt: skip
