"""Who is told when a task changes hands, somebody is asked, urged or copied, or nobody is left to act."""

from collections.abc import Callable, Mapping
from typing import Any

from workflows.addressees import Addressee, Notice, at_desk, desk_title, named
from workflows.events import Recorded
from workflows.folds.replay import Table
from workflows.state.inquiries import Inquiry
from workflows.vocabulary import Role
from workflows.words.holding_sentences import moment

Told = tuple[Notice, ...]


def _to(person: str, recorded: Recorded, subject: str, text: str) -> Told:
    return (Notice(Addressee(person), recorded.kind, subject, text),) if person else ()


def _transferred(recorded: Recorded, _before: Table, after: Table) -> Told:
    fact: Any = recorded.fact
    text = f"{recorded.actor_name}将{named(after)}的一项任务交由您办理。理由：{fact.reason}"
    return _to(fact.receiver, recorded, f"待办：{named(after)}", text)


def _delegated(recorded: Recorded, _before: Table, after: Table) -> Told:
    fact: Any = recorded.fact
    text = f"{recorded.actor_name}委派您先行办理{named(after)}的一项任务，办后请交回。理由：{fact.reason}"
    return _to(fact.delegate, recorded, f"委派：{named(after)}", text)


def _came_back(recorded: Recorded, before: Table, after: Table) -> Told:
    fact: Any = recorded.fact
    desk = before.task(fact.task)
    if desk is None:
        return ()
    if fact.taken_back:
        text = f"{recorded.actor_name}收回了{named(after)}委派给您的任务，您无须再办理。"
        return _to(desk.delegated_to, recorded, f"收回委派：{named(after)}", text)
    text = f"{recorded.actor_name}已反馈{named(after)}的委派意见，请您决定。"
    return (Notice(at_desk(desk), recorded.kind, f"委派反馈：{named(after)}", text),)


def _signer_added(recorded: Recorded, _before: Table, after: Table) -> Told:
    fact: Any = recorded.fact
    if fact.how == "after":
        return ()
    text = f"{recorded.actor_name}请您签署{named(after)}。理由：{fact.reason}"
    return _to(fact.person, recorded, f"加签：{named(after)}", text)


def _unassignable(recorded: Recorded, _before: Table, after: Table) -> Told:
    fact: Any = recorded.fact
    whom = "逾期升级给" if fact.rule.startswith("ladder:") else ""
    text = f"{named(after)}的一项任务（{whom}{Role(fact.role).chinese}）无人可以办理，请核对岗位授权或改派。"
    return tuple(
        Notice(Addressee(role=role, organ=after.bureau), recorded.kind, f"无人可办：{named(after)}", text)
        for role in (Role.PROCESS_ADMIN, Role.FINANCE_PERFORMANCE)
    )


def _urged(recorded: Recorded, _before: Table, after: Table) -> Told:
    fact: Any = recorded.fact
    desk = after.task(fact.task)
    if desk is None:
        return ()
    note = f"说明：{fact.note}" if fact.note else ""
    text = f"{recorded.actor_name}催办{named(after)}的{desk_title(desk)}。{note}"
    return (Notice(at_desk(desk), recorded.kind, f"催办：{named(after)}", text),)


def _opinion_asked(recorded: Recorded, _before: Table, after: Table) -> Told:
    fact: Any = recorded.fact
    text = f"{recorded.actor_name}就{named(after)}征求您的意见：{fact.question}"
    return _to(fact.person, recorded, f"征求意见：{named(after)}", text)


def _asker(table: Table, request: str) -> Inquiry | None:
    return next((each for each in table.inquiries if each.id == request), None)


def _answered(recorded: Recorded, _before: Table, after: Table) -> Told:
    fact: Any = recorded.fact
    asked = _asker(after, fact.request)
    if asked is None:
        return ()
    words = {
        "opinion.given": "反馈了意见", "extension.refused": "不同意延期",
        "extension.granted": f"同意延期至{asked.until}",
    }[recorded.kind]  # fmt: skip
    text = f"{recorded.actor_name}就{named(after)}{words}。{asked.answer}"
    return _to(asked.by, recorded, f"答复：{named(after)}", text)


def _copied(recorded: Recorded, _before: Table, after: Table) -> Told:
    fact: Any = recorded.fact
    text = f"{recorded.actor_name}将{named(after)}抄送给您，供阅知。{fact.note}"
    return tuple(
        Notice(Addressee(each["person"]), recorded.kind, f"抄送：{named(after)}", text) for each in fact.people
    )


def _extension_asked(recorded: Recorded, _before: Table, after: Table) -> Told:
    fact: Any = recorded.fact
    desk = after.task(fact.task)
    if desk is None:
        return ()
    up = {
        after.unit: (Role.DEPARTMENT_FINANCE, after.department),
        after.department: (Role.FINANCE_BUSINESS, after.bureau),
    }.get(desk.organ, (Role.FINANCE_LEADER, after.bureau))  # fmt: skip
    text = f"{recorded.actor_name}申请将{named(after)}的{desk_title(desk)}延期至{fact.until}。理由：{fact.reason}"
    return tuple(
        Notice(Addressee(role=role, organ=organ), recorded.kind, f"延期申请：{named(after)}", text)
        for role, organ in (up, (Role.FINANCE_PERFORMANCE, after.bureau))
    )


def _paused(recorded: Recorded, _before: Table, after: Table) -> Told:
    """Tell the clerk and everybody at a desk that the table stands still, or goes on."""
    fact: Any = recorded.fact
    stands = recorded.kind == "table.suspended"
    words = f"已挂起至{fact.until}，期间不计时限" if stands else f"已恢复办理，期限顺延{fact.days}个工作日"
    subject, text = f"{'挂起' if stands else '恢复办理'}：{named(after)}", f"{named(after)}{words}。{fact.reason}"
    there = (at_desk(desk) for desk in after.desks if desk.person != after.owner)
    return tuple(Notice(to, recorded.kind, subject, text) for to in (Addressee(after.owner), *dict.fromkeys(there)))


def _recalled(recorded: Recorded, before: Table, after: Table) -> Told:
    """Tell those who had received the table that its sender took it back."""
    gone = dict.fromkeys(at_desk(desk) for desk in before.desks if after.task(desk.task) is None)
    text = f"{recorded.actor_name}拿回了{named(after)}，重新办理。"
    return tuple(Notice(to, recorded.kind, f"拿回：{named(after)}", text) for to in gone)


def _released(recorded: Recorded, before: Table, after: Table) -> Told:
    fact: Any = recorded.fact
    desk = before.task(fact.task)
    if desk is None or not fact.by_time:
        return ()
    text = f"您认领的{named(after)}的任务，时限（{moment(desk.claimed_until)}）已到，已自动释放。"
    return (Notice(at_desk(desk), recorded.kind, f"任务已释放：{named(after)}", text),)


RULES: Mapping[str, Callable[[Recorded, Table, Table], Told]] = {
    "task.transferred": _transferred,
    "task.delegated": _delegated,
    "task.delegation_returned": _came_back,
    "task.signer_added": _signer_added,
    "task.unassignable": _unassignable,
    "task.urged": _urged,
    "task.recalled": _recalled,
    "task.released": _released,
    "opinion.asked": _opinion_asked,
    "opinion.given": _answered,
    "copy.sent": _copied,
    "extension.asked": _extension_asked,
    "extension.granted": _answered,
    "extension.refused": _answered,
    "table.suspended": _paused,
    "table.resumed": _paused,
}
"""Part of workflows.words.notices.RULES."""
