"""The groups of a table's fields: those of its content by JSON pointer, and the forms that are written beside it."""

from collections.abc import Mapping

from workflows.vocabulary import Action, Word


class FieldGroup(Word):
    """Fields that are written together, or by the same people."""

    BASICS = "basics", "基本信息", "basic facts"
    MONEY = "money", "资金", "money"
    GOALS = "goals", "目标", "goals"
    ROWS = "rows", "指标行", "indicator rows"
    WEIGHTS = "weights", "权重", "weights"
    MARKS = "marks", "公开标记", "disclosure marks"
    EXPLANATIONS = "explanations", "机审说明", "explanations to findings"
    ATTACHMENTS = "attachments", "附件", "attachments"
    COMMENTS = "comments", "批注", "comments"
    ANSWERS = "answers", "批注答复", "answers to comments"
    REVIEW_FORM = "review_form", "审核表", "review form"
    DOC_NO = "doc_no", "批复文号", "number of the reply"
    MONITORING = "monitoring", "监控数", "monitoring figures"
    EXECUTED = "executed", "执行数", "executed amounts"
    RECTIFICATION = "rectification", "整改报告", "rectification report"
    SELF_EVALUATION = "self_evaluation", "自评", "self-evaluation"
    RESCORING = "rescoring", "复核分", "points given anew"


CONTENT = (
    FieldGroup.BASICS, FieldGroup.MONEY, FieldGroup.GOALS, FieldGroup.ROWS, FieldGroup.WEIGHTS, FieldGroup.MARKS,
    FieldGroup.EXPLANATIONS,
)  # fmt: skip
"""The groups of which a table's content is made; every place of it lies in exactly one."""

PLACES: tuple[tuple[str, FieldGroup], ...] = (
    ("/indicators/*/weight", FieldGroup.WEIGHTS),
    ("/indicators/*/disclosure", FieldGroup.MARKS),
    ("/indicators/*/explanations", FieldGroup.EXPLANATIONS),
    ("/indicators", FieldGroup.ROWS),
    ("/mid_term_indicators", FieldGroup.ROWS),
    ("/disclosure", FieldGroup.MARKS),
    ("/explanations", FieldGroup.EXPLANATIONS),
    ("/allocated/goals", FieldGroup.GOALS),
    ("/allocated", FieldGroup.MONEY),
    ("/budget", FieldGroup.MONEY),
    ("/budget_detail", FieldGroup.MONEY),
    ("/mid_term_budget", FieldGroup.MONEY),
    ("/amount_unit", FieldGroup.MONEY),
    ("/spending_plan", FieldGroup.MONEY),
    ("/goals", FieldGroup.GOALS),
    ("/mid_term_goals", FieldGroup.GOALS),
    ("/purpose", FieldGroup.GOALS),
    ("/tasks", FieldGroup.GOALS),
)
"""Where the groups lie, the first that fits; `*` is any one step (a row's ID). Everything else is basic facts."""

WRITES: Mapping[Action, tuple[FieldGroup, ...]] = {
    Action.SAVE: CONTENT,
    Action.ATTACH: (FieldGroup.ATTACHMENTS,),
    Action.DETACH: (FieldGroup.ATTACHMENTS,),
    Action.COMMENT: (FieldGroup.COMMENTS,),
    Action.ANSWER_COMMENT: (FieldGroup.ANSWERS,),
    Action.REVIEW: (FieldGroup.REVIEW_FORM,),
    Action.AMEND: (FieldGroup.GOALS, FieldGroup.ROWS),
    Action.CORRECT: (FieldGroup.BASICS,),
    Action.REPLY: (FieldGroup.DOC_NO,),
    Action.REPLY_REVISION: (FieldGroup.DOC_NO,),
    Action.FILE_MONITORING: (FieldGroup.MONITORING,),
    Action.REPORT_RECTIFICATION: (FieldGroup.RECTIFICATION,),
    Action.FILE_SELF_EVALUATION: (FieldGroup.SELF_EVALUATION,),
    Action.RESCORE: (FieldGroup.RESCORING,),
}
"""What an action writes: whoever may write none of it may not take the action at all."""


def group_of(pointer: str) -> FieldGroup:
    """Return the group in which a place of a content lies (JSON pointer, rows by their ID)."""
    steps = pointer.split("/")
    return next((group for pattern, group in PLACES if _fits(pattern.split("/"), steps)), FieldGroup.BASICS)


def _fits(pattern: list[str], steps: list[str]) -> bool:
    named = zip(pattern, steps, strict=False)
    return len(steps) >= len(pattern) and all(wanted in ("*", step) for wanted, step in named)
