"""Chinese sentences for comments on a place of a table (批注)."""

from collections.abc import Callable, Mapping
from typing import Any

from workflows.criteria import Criterion


def _opened(fact: Any) -> str:
    place = f"指标{fact.row}" if fact.row else fact.pointer
    return f"批注{place}（{Criterion(fact.criterion).chinese}）：{fact.words}"


SENTENCES: Mapping[str, Callable[[Any], str]] = {
    "thread.opened": _opened,
    "thread.answered": lambda f: f"答复批注：{f.words}",
    "thread.resolved": lambda f: f"批注销号，说明：{f.opinion}" if f.opinion else "批注销号",
}
"""Kind -> the words of its sentence; part of workflows.sentences.SENTENCES."""
