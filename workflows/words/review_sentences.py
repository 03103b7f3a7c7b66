"""One sentence for each event of the review form and of direct completion (良·直接完善)."""

from collections.abc import Callable, Mapping
from typing import Any

from workflows.state.reviews import ReviewMode
from workflows.vocabulary import Grade


def _scored(fact: Any) -> str:
    opinion = f"，总体意见：{fact.opinion}" if fact.opinion else ""
    mode = ReviewMode(fact.mode).chinese if fact.mode in set(ReviewMode) else fact.mode
    points = f"，得分{fact.total}分" if fact.mode == ReviewMode.SCORED else ""
    return f"填写审核表（{mode}）{points}，综合评定“{Grade(fact.grade).chinese}”{opinion}"


def _proposed(fact: Any) -> str:
    opinion = f"，意见：{fact.opinion}" if fact.opinion else ""
    return f"评为“良”，提出直接完善{fact.changed}处，请单位在{fact.due_at[:10]}前确认{opinion}"


def _confirmed(fact: Any) -> str:
    opinion = f"，意见：{fact.opinion}" if fact.opinion else ""
    return f"单位确认直接完善，{fact.changed}处改动生效{opinion}"


def _rejected(fact: Any) -> str:
    return f"收回直接完善的提议，理由：{fact.reason}" if fact.taken_back else f"单位不同意直接完善，理由：{fact.reason}"


SENTENCES: Mapping[str, Callable[..., str]] = {
    "review.scored": _scored,
    "amendment.proposed": _proposed,
    "amendment.confirmed": _confirmed,
    "amendment.rejected": _rejected,
}
