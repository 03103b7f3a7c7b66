"""Sentences and notices of disclosure: secrecy reviews and released packs; no title that is not public is told."""

from collections.abc import Callable, Mapping
from typing import Any

from workflows.addressees import Addressee, Notice, named
from workflows.disclosures import OUTCOMES
from workflows.events import Recorded
from workflows.replay import Table
from workflows.vocabulary import Role


def _reviewed(fact: Any) -> str:
    return f"保密审查：{OUTCOMES.get(fact.outcome, fact.outcome)}{f'，意见：{fact.reason}' if fact.reason else ''}"


def _released(fact: Any) -> str:
    return (
        f"公开{fact.year}年度绩效目标{len(fact.tables)}张，不予公开{fact.undisclosed}张"
        f"（内部{fact.internal}张，涉密{fact.stubs}张），公开期限{fact.due}"
    )


SENTENCES: Mapping[str, Callable[[Any], str]] = {"disclosure.reviewed": _reviewed, "disclosure.released": _released}


def _told(recorded: Recorded, _before: Table, after: Table) -> tuple[Notice, ...]:
    """Tell the clerk and the department's finance office what the secrecy review found; the reason stays inside."""
    fact: Any = recorded.fact
    text = f"{named(after)}已经保密审查：{OUTCOMES[fact.outcome]}。"
    releasing = Addressee(role=Role.DEPARTMENT_FINANCE, organ=after.department)
    return tuple(
        Notice(to, recorded.kind, f"保密审查：{named(after)}", text) for to in (Addressee(after.owner), releasing)
    )


RULES: Mapping[str, Callable[[Recorded, Table, Table], tuple[Notice, ...]]] = {"disclosure.reviewed": _told}
