"""Which forms of a table can be printed, what each is called, and which one is put together for which name."""

from dataclasses import replace

from workflows.errors import NotFound
from workflows.forms.form import Form
from workflows.forms.writing.family_forms import table_form
from workflows.printing.approval_sheet import approval_sheet
from workflows.printing.evaluation_form import evaluation_form
from workflows.printing.monitoring_form import monitoring_form
from workflows.printing.paper import Paper
from workflows.printing.review_form import review_form
from workflows.vocabulary import Word


class FormKind(Word):
    """The official forms of one table."""

    SHEET = "sheet", "审批单", "approval sheet"
    GOALS = "goals", "绩效目标表", "goal table"
    REVIEW = "review", "审核表", "review form"
    MONITORING = "monitoring", "监控表", "monitoring form"
    EVALUATION = "evaluation", "自评表", "self-evaluation form"


def form_of(paper: Paper, kind: FormKind, window: str | None = None) -> Form:
    """Return a form of a table; a monitoring form of the window named, the last one filed where none is.

    NotFound for a window that the table does not have.
    """
    if kind == FormKind.MONITORING:
        return _monitoring(paper, window)
    if kind == FormKind.GOALS:
        return replace(table_form(paper.content), foot=paper.foot)
    made = {FormKind.SHEET: approval_sheet, FormKind.REVIEW: review_form, FormKind.EVALUATION: evaluation_form}
    return made[kind](paper)


def _monitoring(paper: Paper, key: str | None) -> Form:
    if key is None:
        filed = [window for window in paper.table.windows if window.figures]
        return monitoring_form(paper, filed[-1] if filed else next(iter(paper.table.windows), None))
    window = paper.table.window(key)
    if window is None:
        raise NotFound
    return monitoring_form(paper, window)
