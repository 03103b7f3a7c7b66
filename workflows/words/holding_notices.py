"""Who is told when a task changes hands, somebody is asked, urged or copied, or nobody is left to act."""

from collections.abc import Callable, Mapping
from typing import Any

from workflows.addressees import NOTHING, Addressee, Notice, at_desk, desk_title, named, said_of
from workflows.events import Recorded
from workflows.folds.replay import Desk, Table
from workflows.state.inquiries import Inquiry
from workflows.vocabulary import Role
from workflows.words.holding_sentences import moment

Told = tuple[Notice, ...]


def _to(
    person: str, recorded: Recorded, subject: str, text: str, said: Mapping[str, str] = NOTHING
) -> Told:
    return (Notice(Addressee(person), recorded.kind, subject, text, said),) if person else ()


def _said(desk: Desk | None) -> dict[str, str]:
    return said_of(desk) if desk else {"限时": ""}


def _transferred(recorded: Recorded, _before: Table, after: Table) -> Told:
    fact: Any = recorded.fact
    said = _said(after.task(fact.task))
    text = f"{recorded.signer}将{named(after)}的一项任务交由您办理{said['限时']}。理由：{fact.reason}"
    return _to(fact.receiver, recorded, f"待办：{named(after)}", text, said)


def _delegated(recorded: Recorded, _before: Table, after: Table) -> Told:
    fact: Any = recorded.fact
    said = _said(after.task(fact.task))
    text = f"{recorded.signer}委派您先行办理{named(after)}的一项任务{said['限时']}，办后请交回。理由：{fact.reason}"
    return _to(fact.delegate, recorded, f"委派：{named(after)}", text, said)


def _came_back(recorded: Recorded, before: Table, after: Table) -> Told:
    fact: Any = recorded.fact
    desk = before.task(fact.task)
    if desk is None:
        return ()
    if fact.taken_back:
        said = {"事项": "收回委派", "结果": "收回了委派给您的任务，您无须再办理", "说明": ""}
        to = Addressee(desk.delegated_to) if desk.delegated_to else None
    else:
        result = f"反馈了委派意见，请您决定{said_of(desk)['限时']}"
        said = {"事项": "委派反馈", "结果": result, "说明": f"意见：{fact.opinion}"}
        to = at_desk(desk)
    text = f"{named(after)}：{recorded.signer}{said['结果']}。{said['说明']}"
    return (Notice(to, recorded.kind, f"{said['事项']}：{named(after)}", text, said),) if to else ()


def _signer_added(recorded: Recorded, _before: Table, after: Table) -> Told:
    fact: Any = recorded.fact
    if fact.how == "after":
        return ()
    said = _said(after.task(fact.task))
    text = f"{recorded.signer}请您签署{named(after)}{said['限时']}。理由：{fact.reason}"
    return _to(fact.person, recorded, f"加签：{named(after)}", text, said)


def _unassignable(recorded: Recorded, _before: Table, after: Table) -> Told:
    fact: Any = recorded.fact
    whom = "逾期升级给" if fact.rule.startswith("ladder:") else ""
    post = f"{whom}{Role(fact.role).chinese}"
    text = f"{named(after)}的一项任务（{post}）无人可以办理，请核对岗位授权或改派。"
    return tuple(
        Notice(
            Addressee(role=role, organ=after.bureau), recorded.kind, f"无人可办：{named(after)}", text, {"岗位": post}
        )
        for role in (Role.PROCESS_ADMIN, Role.FINANCE_PERFORMANCE)
    )


def _urged(recorded: Recorded, _before: Table, after: Table) -> Told:
    fact: Any = recorded.fact
    desk = after.task(fact.task)
    if desk is None:
        return ()
    note = f"说明：{fact.note}" if fact.note else ""
    said = said_of(desk) | {"说明": note}
    text = f"{recorded.signer}催办{named(after)}的{said['环节']}{said['限时']}，请尽快办理。{note}"
    return (Notice(at_desk(desk), recorded.kind, f"催办：{named(after)}", text, said),)


def _opinion_asked(recorded: Recorded, _before: Table, after: Table) -> Told:
    fact: Any = recorded.fact
    text = f"{recorded.signer}就{named(after)}征求您的意见：{fact.question}"
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
    note = f"意见：{asked.answer}" if asked.answer else ""
    text = f"{recorded.signer}就{named(after)}{words}。{note}"
    said = {"期限": asked.until, "结果": words, "意见": asked.answer, "说明": note}
    return _to(asked.by, recorded, f"答复：{named(after)}", text, said)


def _copied(recorded: Recorded, _before: Table, after: Table) -> Told:
    fact: Any = recorded.fact
    text = f"{recorded.signer}将{named(after)}抄送给您，供阅知。{fact.note}"
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
    text = f"{recorded.signer}申请将{named(after)}的{desk_title(desk)}延期至{fact.until}，请答复。理由：{fact.reason}"
    return tuple(
        Notice(Addressee(role=role, organ=organ), recorded.kind, f"延期申请：{named(after)}", text)
        for role, organ in (up, (Role.FINANCE_PERFORMANCE, after.bureau))
    )


def _paused(recorded: Recorded, _before: Table, after: Table) -> Told:
    """Tell the clerk and everybody at a desk that the table stands still, or goes on."""
    fact: Any = recorded.fact
    stands = recorded.kind == "table.suspended"
    words = f"已挂起至{fact.until}，期间不计时限" if stands else f"已恢复办理，期限顺延{fact.days}个工作日"
    subject = f"{'挂起' if stands else '恢复办理'}：{named(after)}"
    note = f"理由：{fact.reason}" if fact.reason else ""
    text = f"{named(after)}{words}。{note}"
    said = {"期限": fact.until, "说明": note} if stands else {"天数": str(fact.days), "说明": note}
    there = (at_desk(desk) for desk in after.desks if desk.person != after.owner)
    to_all = (Addressee(after.owner), *dict.fromkeys(there))
    return tuple(Notice(to, recorded.kind, subject, text, said) for to in to_all)


def _recalled(recorded: Recorded, before: Table, after: Table) -> Told:
    """Tell those who had received the table that its sender took it back."""
    fact: Any = recorded.fact
    gone = dict.fromkeys(at_desk(desk) for desk in before.desks if after.task(desk.task) is None)
    text = f"{recorded.signer}拿回了{named(after)}重新办理，您暂时无须办理。理由：{fact.reason}"
    return tuple(Notice(to, recorded.kind, f"拿回：{named(after)}", text) for to in gone)


def _released(recorded: Recorded, before: Table, after: Table) -> Told:
    fact: Any = recorded.fact
    desk = before.task(fact.task)
    if desk is None or not fact.by_time:
        return ()
    until = moment(desk.claimed_until)
    text = f"您认领的{named(after)}的任务，认领时限（{until}）已到，已自动释放，同岗位的人都可以办理。"
    return (Notice(at_desk(desk), recorded.kind, f"任务已释放：{named(after)}", text, {"认领期限": until}),)


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
