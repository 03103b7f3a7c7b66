"""The sentences of absence: leave to act for somebody, its end, a table in other hands, a waiver."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from workflows.vocabulary import Role
from workflows.workdays import beijing_date


def _day(moment: str) -> str:
    return str(beijing_date(datetime.fromisoformat(moment)))


def last_day(until: str) -> str:
    """Return the last day in Beijing of a period whose end (UTC ISO) does not belong to it."""
    return str(beijing_date(datetime.fromisoformat(until) - timedelta(seconds=1)))


def _covered(fact: Any) -> str:
    posts = "、".join(Role(post["role"]).chinese for post in fact.posts)
    period = f"{_day(fact.from_at)}至{last_day(fact.to_at)}"
    return f"授权{fact.deputy_name}代{fact.name}办理（{posts}，{period}），理由：{fact.reason}"


def _waived(fact: Any) -> str:
    words = f"签发职责分离豁免：{fact.person_name}可在本单位内兼办两个审核环节，有效至{last_day(fact.until)}"
    return f"{words}，理由：{fact.reason}"


SENTENCES: Mapping[str, Callable[[Any], str]] = {
    "cover.given": _covered,
    "cover.ended": lambda f: f"结束代理授权，理由：{f.reason}",
    "table.handed_over": lambda f: f"经办人由{f.owner_name}改为{f.successor_name}（移交），理由：{f.reason}",
    "waiver.signed": _waived,
}
