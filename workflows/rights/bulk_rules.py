"""Which tables may not be decided among many at once, and what a person should know of the others before (F1)."""

from collections.abc import Callable, Mapping
from typing import Any

from workflows.folds.replay import Table
from workflows.rights.grading import BARS_THE_WAY
from workflows.rights.segregation import Refusal
from workflows.vocabulary import Action, Grade

JUDGED = frozenset({
    Action.APPROVE, Action.RETURN, Action.REFUSE, Action.ACCEPT_SELF_EVALUATION, Action.RETURN_SELF_EVALUATION,
})  # fmt: skip
"""Acts that judge a table: only these are kept from the tables below."""
Rule = Callable[[Table, Mapping[str, Any]], Refusal | None]


def key_project(table: Table, content: Mapping[str, Any]) -> Refusal | None:
    """Refuse a key project: the rules ask for a review of its own (重点项目)."""
    if content.get("key_project") is True or table.key_by:
        return Refusal("B-KEY", "重点项目须单独审核，不能批量办理。请打开此表逐张办理。")
    return None


def graded_poor(table: Table, _content: Mapping[str, Any]) -> Refusal | None:
    """Refuse a table whose grade is 差: it is returned or refused with words of its own."""
    if table.evaluation and table.evaluation.grade == Grade.POOR:
        return Refusal("B-POOR", "此表评定为“差”，须单独办理，不能批量办理。请打开此表逐张办理。")
    return None


def graded_low_in_review(table: Table, _content: Mapping[str, Any]) -> Refusal | None:
    """Refuse a table whose review form of this round says 中 or 差: its return or refusal needs words of its own."""
    low = [each for each in table.reviews if each.round == table.round and each.grade in BARS_THE_WAY]
    if low:
        grade = Grade(low[0].grade).chinese
        return Refusal("B-GRADE", f"此表的审核表评定为“{grade}”，须单独办理，不能批量办理。请打开此表逐张办理。")
    return None


RULES: tuple[Rule, ...] = (key_project, graded_poor, graded_low_in_review)
"""Asked in this order."""


def refusal_in_bulk(table: Table, content: Mapping[str, Any]) -> Refusal | None:
    """Return why this table, with this content, must be decided alone, or None."""
    found = (rule(table, content) for rule in RULES)
    return next((each for each in found if each), None)


def notes_before(table: Table, content: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what somebody should know of a table who decides on it among many; nothing here refuses."""
    explained = len(content.get("explanations") or {})
    unanswered = sum(each.unanswered for each in table.threads)
    signers = max((sum(each.node == desk.node for each in table.desks) for desk in table.desks), default=0)
    said = {
        "曾被退回": bool(table.returned_reason),
        "已被保全，内容不得删除": table.held,
        f"机审提示{explained}条，单位已说明理由": bool(explained),
        f"有{unanswered}条批注尚未答复": bool(unanswered),
        "本环节由多人签署，您办理后可能还要等其他人": signers > 1,
    }
    return tuple(words for words, holds in said.items() if holds)
