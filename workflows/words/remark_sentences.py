"""Chinese sentences for comments on a place of a table (批注)."""

from collections.abc import Callable, Mapping
from typing import Any

from workflows.content.naming import BY_CODE, Called
from workflows.state.criteria import Criterion


def _opened(fact: Any, called: Called = BY_CODE) -> str:
    return f"批注{called.place(fact.pointer)}（{Criterion(fact.criterion).chinese}）：{fact.words}"


SENTENCES: Mapping[str, Callable[..., str]] = {
    "thread.opened": _opened,
    "thread.answered": lambda f: f"答复批注：{f.words}",
    "thread.resolved": lambda f: f"批注销号，说明：{f.opinion}" if f.opinion else "批注销号",
}
"""Kind -> the words of its sentence; part of workflows.words.sentences.SENTENCES."""
