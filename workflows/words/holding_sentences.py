"""Chinese sentences of who holds a task and what people ask of each other about a table."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from workflows.vocabulary import Role
from workflows.workdays import BEIJING

HOW = {"before": "前加签", "after": "后加签", "parallel": "并加签"}


def moment(text: str) -> str:
    """Return a UTC moment as people in Beijing read it, to the minute."""
    return datetime.fromisoformat(text).astimezone(BEIJING).strftime("%Y-%m-%d %H:%M")


def _and(opening: str, name: str, words: str) -> str:
    return f"{opening}，{name}：{words}" if words else opening


def _released(fact: Any) -> str:
    return "认领时限已到，任务自动释放" if fact.by_time else _and("释放所认领的任务", "理由", fact.reason)


def _transferred(fact: Any) -> str:
    return f"将任务{'改派' if fact.by_lead else '转办'}给{fact.receiver_name}，理由：{fact.reason}"


def _came_back(fact: Any) -> str:
    return "收回委派的任务" if fact.taken_back else f"反馈委派任务的意见：{fact.opinion}"


def _added(fact: Any) -> str:
    return f"{HOW.get(fact.how, '加签')}：请{fact.name}（{Role(fact.role).chinese}）签署，理由：{fact.reason}"


def _due(fact: Any) -> str:
    known = {"extension.granted": "同意延期", "table.resumed": "恢复办理后顺延"}
    why = known.get(fact.rule) or _by_calendar(fact) or fact.rule
    return f"办理期限改为{moment(fact.due_at)}{'（暂定）' if fact.provisional else ''}（{why}）"


def _by_calendar(fact: Any) -> str:
    """Return which calendar took another's place, where that is why (calendar.published:the version before)."""
    rule, _colon, before = fact.rule.partition(":")
    return f"工作日历由{before[:20]}更新为{fact.calendar[:12]}，规则 {rule}" if rule == "calendar.published" else ""


def _unassignable(fact: Any) -> str:
    """Say that nobody may take a task, or that its ladder leads to nobody (rule ladder:T+3)."""
    if fact.rule.startswith("ladder:"):
        whom = Role(fact.role).chinese
        return f"任务逾期，须升级给{whom}而无人可以接办（规则 {fact.rule}），已通知流程管理员和绩效科"
    return f"无人可以办理此任务（{Role(fact.role).chinese}），已通知流程管理员和绩效科"


def _asked(fact: Any) -> str:
    by = f"（请于{fact.answer_by}前反馈）" if fact.answer_by else ""
    return f"征求{fact.name}的意见{by}：{fact.question}"


def _copied(fact: Any) -> str:
    return _and(f"抄送给{'、'.join(each['name'] for each in fact.people)}", "说明", fact.note)


def _resumed(fact: Any) -> str:
    return _and(f"恢复办理，各项期限顺延{fact.days}个工作日", "理由", fact.reason)


SENTENCES: Mapping[str, Callable[[Any], str]] = {
    "task.opened": lambda _: "打开待办任务",
    "task.recalled": lambda f: f"拿回自己的签署意见，重新办理，理由：{f.reason}",
    "task.claimed": lambda f: f"认领任务，至{moment(f.until)}",
    "task.released": _released,
    "task.transferred": _transferred,
    "task.delegated": lambda f: f"委派{f.delegate_name}先行办理，办后交回，理由：{f.reason}",
    "task.delegation_returned": _came_back,
    "task.signer_added": _added,
    "task.due_set": _due,
    "task.unassignable": _unassignable,
    "task.urged": lambda f: _and("催办", "说明", f.note),
    "opinion.asked": _asked,
    "opinion.given": lambda f: f"反馈意见：{f.opinion}",
    "copy.sent": _copied,
    "copy.read": lambda _: "已阅（抄送件）",
    "extension.asked": lambda f: f"申请延期至{f.until}，理由：{f.reason}",
    "extension.granted": lambda f: _and("同意延期", "意见", f.opinion),
    "extension.refused": lambda f: f"不同意延期，理由：{f.reason}",
    "table.suspended": lambda f: f"挂起至{f.until}，期间不计办理时限，理由：{f.reason}",
    "table.resumed": _resumed,
}
"""Kind -> the words of its sentence; part of workflows.words.sentences.SENTENCES."""
