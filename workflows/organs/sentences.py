"""Sentences of reorganisations, the lines that a table's history shows of them, and the notices to those concerned."""

from collections.abc import Callable, Mapping
from typing import Any

from workflows.organs.tree import SORTS


def _decree(fact: Any) -> str:
    return f"（{fact.doc_no}，自{fact.day}起）"


def _founded(fact: Any) -> str:
    code = f"，代码{fact.code}" if fact.code else ""
    return f"设立{SORTS.get(fact.sort, fact.sort)}“{fact.name}”{code}{_decree(fact)}"


def _renamed(fact: Any) -> str:
    if fact.was == fact.name:
        return f"“{fact.name}”的代码由{fact.code_was or '（无）'}改为{fact.code or '（无）'}{_decree(fact)}"
    code = f"，代码改为{fact.code or '（无）'}" if fact.code != fact.code_was else ""
    return f"“{fact.was}”更名为“{fact.name}”{code}{_decree(fact)}"


def _moved(fact: Any) -> str:
    return f"“{fact.name}”由“{fact.was_name}”划转“{fact.parent_name}”{_decree(fact)}"


def _merged(fact: Any) -> str:
    return f"{'、'.join(f'“{name}”' for name in fact.names)}并入“{fact.successor_name}”{_decree(fact)}"


SENTENCES: Mapping[str, Callable[[Any], str]] = {
    "organ.founded": _founded,
    "organ.renamed": _renamed,
    "organ.moved": _moved,
    "organ.merged": _merged,
    "organ.closed": lambda fact: f"撤销“{fact.name}”{_decree(fact)}",
}
