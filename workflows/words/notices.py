"""Who is told of what: one table from event kinds to addressees and words; only tables marked 公开 are named."""

from collections.abc import Callable, Mapping
from typing import Any

from workflows.addressees import NOTHING, Addressee, Notice, at_desk, due_day, named, said_of
from workflows.events import Recorded
from workflows.folds.replay import Desk, Table
from workflows.measures.watch import Colour
from workflows.rights.permissions import CONFIRMERS, REFUSAL_CONFIRMERS
from workflows.vocabulary import Action, Role, Stage
from workflows.words import (
    appraisal_sentences,
    assessing_sentences,
    disclosure_sentences,
    escalation_notices,
    expert_sentences,
    holding_notices,
    pause_sentences,
    reply_sentences,
    review_notices,
)

__all__ = ["RULES", "Addressee", "Notice", "at_desk", "named", "reminder", "told_of"]


def told_of(recorded: Recorded, before: Table, after: Table) -> tuple[Notice, ...]:
    """Return the notices that one event of a table causes, given the table before and after it."""
    rule = RULES.get(recorded.kind)
    return rule(recorded, before, after) if rule else ()


def reminder(table: Table, desk: Desk, rung: str) -> Notice:
    """Return the reminder of a rung (T-3, T-1, T, T+1 …) for an open desk."""
    day, step = due_day(desk), said_of(desk)["环节"]
    late = rung.startswith("T+")
    subject = f"催办提醒：{named(table)}{f'已经逾期（期限{day}）' if late else f'的办理期限为{day}'}"
    provisional = "（该年度工作日历尚未公布，期限为暂定）" if desk.provisional else ""
    words = f"已经逾期（期限{day}），请尽快办理。" if late else f"办理期限为{day}，请及时办理。"
    text = f"{named(table)}的{step}{words}{provisional}"
    return Notice(at_desk(desk), f"reminder.{rung}{_again(desk)}", subject, text, {"暂定": provisional})


def _again(desk: Desk) -> str:
    """Return what tells the notices of a due moment that was set anew from those of the one before."""
    return f".{desk.clock}" if desk.clock else ""


def _owner(
    table: Table, template: str, subject: str, text: str, said: Mapping[str, str] = NOTHING
) -> tuple[Notice, ...]:
    return (Notice(Addressee(table.owner), template, subject, text, said),)


def _waiting(table: Table, desk: Desk, then: str) -> Notice:
    """Tell who may act at a desk what waits there, what to do, and until when."""
    said = said_of(desk) | {"要求": then}
    text = f"{named(table)}已到{said['环节']}环节，{then}{said['限时']}。"
    return Notice(at_desk(desk), "task.waiting", f"待办：{named(table)}", text, said)


def _entered(recorded: Recorded, _before: Table, after: Table) -> tuple[Notice, ...]:
    fact: Any = recorded.fact
    desk = after.desk(fact.node)
    if desk is None or (desk.stage == Stage.DRAFT and after.round > 0):
        return ()
    return (_waiting(after, desk, "等待您办理"),)


def _shared(recorded: Recorded, _before: Table, after: Table) -> tuple[Notice, ...]:
    """Tell every signer whose turn it is; who signs later is told when the others have signed."""
    fact: Any = recorded.fact
    desks = [desk for desk in after.desks if desk.node == fact.node and not desk.waits_for]
    return tuple(_waiting(after, desk, "等待您签署") for desk in desks)


def _turn_came(recorded: Recorded, _before: Table, after: Table) -> tuple[Notice, ...]:
    """Tell the signers who waited for the one that has just closed."""
    fact: Any = recorded.fact
    open_now = {desk.task for desk in after.desks}
    next_ones = [desk for desk in after.desks if fact.task in desk.waits_for and not open_now & set(desk.waits_for)]
    return tuple(_waiting(after, desk, "轮到您签署") for desk in next_ones)


def _returned(recorded: Recorded, before: Table, after: Table) -> tuple[Notice, ...]:
    fact: Any = recorded.fact
    to = Stage(fact.to)
    then = "，请修改后重新提交" if to == Stage.DRAFT else ""
    said = {"环节": to.chinese, "原环节": before.stage.chinese, "要求": then}
    where = f"被{said['原环节']}（{recorded.signer}）退回到{to.chinese}{said['要求']}"
    text = f"{named(after)}{where}。理由：{fact.reason}"
    return _owner(after, "table.returned", f"退回：{named(after)}", text, said)


def _replied(recorded: Recorded, _before: Table, after: Table) -> tuple[Notice, ...]:
    text = f"{named(after)}已批复，文号：{after.doc_no}。"
    head = Notice(
        Addressee(role=Role.UNIT_HEAD, organ=after.unit), "table.replied", f"批复：{named(after)}", text
    )
    return (*_owner(after, recorded.kind, f"批复：{named(after)}", text), head)


def _revised(recorded: Recorded, before: Table, after: Table) -> tuple[Notice, ...]:
    """Tell the unit on the revision's own stream; the same fact on the revised table's says it to nobody again."""
    return _replied(recorded, before, after) if after.revises else ()


def _ended(recorded: Recorded, _before: Table, after: Table) -> tuple[Notice, ...]:
    why = f"理由：{after.ended_reason}" if after.ended_reason else ""
    what = after.stage.chinese.removeprefix("已")
    said = {"事项": what, "结果": what if after.stage == Stage.REFUSED else f"已{what}", "说明": why}
    text = f"{named(after)}{said['结果']}。{why}"
    return _owner(after, recorded.kind, f"{what}：{named(after)}", text, said)


def _requested(recorded: Recorded, _before: Table, after: Table) -> tuple[Notice, ...]:
    fact: Any = recorded.fact
    said = {"事项": Action(fact.action).chinese}
    text = f"{recorded.signer}就{named(after)}申请{said['事项']}，需要第二人确认。理由：{fact.reason}"
    if fact.action == Action.WITHDRAW:
        holders = dict.fromkeys(at_desk(desk) for desk in after.desks)
        return tuple(Notice(to, recorded.kind, f"待确认：{named(after)}", text, said) for to in holders)
    of, roles, _ = CONFIRMERS.get(fact.action) or REFUSAL_CONFIRMERS[after.stage]
    return tuple(
        Notice(Addressee(role=role, organ=getattr(after, of)), recorded.kind, f"待确认：{named(after)}", text, said)
        for role in sorted(roles)
    )


def _declined(recorded: Recorded, before: Table, after: Table) -> tuple[Notice, ...]:
    fact: Any = recorded.fact
    asker = before.request.by if before.request else after.owner
    said = {"事项": Action(before.request.action).chinese if before.request else ""}
    text = f"您就{named(after)}提出的{said['事项']}申请未获{recorded.signer}确认。理由：{fact.reason}"
    return (Notice(Addressee(asker), recorded.kind, f"未获确认：{named(after)}", text, said),)


def _monitored(recorded: Recorded, _before: Table, after: Table) -> tuple[Notice, ...]:
    fact: Any = recorded.fact
    if fact.colour != Colour.RED:
        return ()
    window = after.window(fact.window)
    name = window.name if window else ""
    text = f"{named(after)}{name}监控为红色。原因：{fact.cause}；措施：{fact.measure}"
    said = {"监控期": name, "原因": fact.cause, "措施": fact.measure}
    head = Addressee(role=Role.UNIT_HEAD, organ=after.unit)
    return (Notice(head, "monitoring.red", f"红色预警：{named(after)}", text, said),)


def _sent_back(recorded: Recorded, _before: Table, after: Table) -> tuple[Notice, ...]:
    fact: Any = recorded.fact
    what = "监控填报" if recorded.kind == "monitoring.returned" else "自评"
    text = f"{named(after)}的{what}被{recorded.signer}退回，请修改后重新提交。理由：{fact.reason}"
    return _owner(after, recorded.kind, f"退回：{named(after)}{what}", text)


def _rescored(recorded: Recorded, _before: Table, after: Table) -> tuple[Notice, ...]:
    fact: Any = recorded.fact
    text = f"{named(after)}的自评经{recorded.signer}复核，复核后总分{fact.total}分。"
    return _owner(after, recorded.kind, f"复核：{named(after)}自评", text, {"得分": str(fact.total)})


def _ordered(recorded: Recorded, _before: Table, after: Table) -> tuple[Notice, ...]:
    fact: Any = recorded.fact
    said = {"措施": "、".join(fact.measures), "期限": fact.deadline}
    text = f"{named(after)}须在{fact.deadline}前完成{said['措施']}。问题和要求：{fact.problem}"
    head = Addressee(role=Role.UNIT_HEAD, organ=after.unit)
    return (Notice(head, recorded.kind, f"整改：{named(after)}", text, said),)


def _overdue(recorded: Recorded, _before: Table, after: Table) -> tuple[Notice, ...]:
    fact: Any = recorded.fact
    desk = after.desk(fact.node)
    if desk is None:
        return ()
    said = said_of(desk)
    text = f"{named(after)}的{said['环节']}已经逾期（期限{said['期限']}），请尽快办理。"
    return (Notice(at_desk(desk), f"{recorded.kind}{_again(desk)}", f"逾期：{named(after)}", text, said),)


def _commented(_recorded: Recorded, _before: Table, after: Table) -> tuple[Notice, ...]:
    text = f"审核人对{named(after)}提出批注，请打开查看并逐条答复。"
    return _owner(after, "thread.opened", f"批注：{named(after)}", text)


def _comment_answered(recorded: Recorded, _before: Table, after: Table) -> tuple[Notice, ...]:
    fact: Any = recorded.fact
    thread = after.thread(fact.thread)
    text = f"您对{named(after)}的批注已有答复。"
    return (Notice(Addressee(thread.by), recorded.kind, f"批注答复：{named(after)}", text),) if thread else ()


RULES: Mapping[str, Callable[[Recorded, Table, Table], tuple[Notice, ...]]] = {
    **holding_notices.RULES,
    **review_notices.RULES,
    **disclosure_sentences.RULES,
    **expert_sentences.RULES,
    **reply_sentences.RULES,
    **assessing_sentences.RULES,
    **appraisal_sentences.RULES,
    **pause_sentences.RULES,
    **escalation_notices.RULES,
    "node.entered": _entered,
    "node.shared": _shared,
    "task.decided": _turn_came,
    "table.returned": _returned,
    "table.replied": _replied,
    "revision.approved": _revised,
    "table.refused": _ended,
    "table.voided": _ended,
    "table.terminated": _ended,
    "table.closed": _ended,
    "confirmation.requested": _requested,
    "confirmation.refused": _declined,
    "monitoring.filed": _monitored,
    "monitoring.returned": _sent_back,
    "selfeval.returned": _sent_back,
    "selfeval.rescored": _rescored,
    "rectification.ordered": _ordered,
    "task.overdue": _overdue,
    "thread.opened": _commented,
    "thread.answered": _comment_answered,
}
"""The one place that says who is told of what."""
