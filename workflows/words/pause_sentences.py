"""Sentences and notices of a project's pause: whoever pays, spends or files is told that it stops and goes on."""

from collections.abc import Callable, Mapping
from typing import Any

from workflows.addressees import Addressee, Notice, named
from workflows.events import Recorded
from workflows.folds.replay import Table
from workflows.vocabulary import Role

SENTENCES: Mapping[str, Callable[[Any], str]] = {
    "project.paused": lambda f: f"暂停项目，停止拨付，理由：{f.reason}",
    "project.resumed": lambda f: f"恢复项目，可以继续拨付，理由：{f.reason}",
}
"""Kind -> the words of its sentence; part of workflows.words.sentences.SENTENCES."""


def _told(recorded: Recorded, _before: Table, after: Table) -> tuple[Notice, ...]:
    """Tell the clerk, the unit's head and accountant, the department, and the bureau's sections that pay."""
    fact: Any = recorded.fact
    stops = recorded.kind == "project.paused"
    what = "已暂停，停止拨付；暂停期间不要求填报监控" if stops else "已恢复，监控任务的期限重新计算"
    subject = f"{'暂停项目' if stops else '恢复项目'}：{named(after)}"
    text = f"{named(after)}的项目{what}。理由：{fact.reason}"
    posts = (
        (Role.UNIT_HEAD, after.unit), (Role.UNIT_FINANCE, after.unit), (Role.DEPARTMENT_FINANCE, after.department),
        (Role.FINANCE_BUSINESS, after.bureau), (Role.FINANCE_BUDGET, after.bureau),
    )  # fmt: skip
    there = (Addressee(after.owner), *(Addressee(role=role, organ=organ) for role, organ in posts))
    return tuple(Notice(to, recorded.kind, subject, text) for to in there)


RULES: Mapping[str, Callable[[Recorded, Table, Table], tuple[Notice, ...]]] = {
    "project.paused": _told, "project.resumed": _told,
}  # fmt: skip
"""Part of workflows.words.notices.RULES."""
