"""Who is told of a direct completion: the unit that has to answer, and the reviewer who gets the answer."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from workflows.addressees import Addressee, Notice, named
from workflows.events import Recorded
from workflows.folds.replay import Table
from workflows.state.reviews import Amendment
from workflows.workdays import beijing_date

Told = tuple[Notice, ...]


def _proposed(recorded: Recorded, _before: Table, after: Table) -> Told:
    asked = after.amendment
    if asked is None:
        return ()
    said = {"处数": str(asked.changed), "期限": _day(asked)}
    asks = f"提出直接完善{asked.changed}处，请在{_day(asked)}前确认或不同意。"
    text = f"{recorded.signer}评定{named(after)}为“良”，{asks}"
    return (Notice(Addressee(after.owner), recorded.kind, f"待确认：{named(after)}直接完善", text, said),)


def _answered(recorded: Recorded, before: Table, after: Table) -> Told:
    fact: Any = recorded.fact
    asked = before.amendment
    if asked is None:
        return ()
    if recorded.kind == "amendment.confirmed":
        answer = "单位已确认，请按完善后的内容继续审核（须由另一人通过）"
    elif fact.taken_back:
        answer = f"{recorded.signer}已收回，您无须再确认"
    else:
        answer = f"单位不同意，请按原内容通过或退回。理由：{fact.reason}"
    taken_back = recorded.kind != "amendment.confirmed" and fact.taken_back
    said = {"事项": "收回直接完善" if taken_back else "直接完善答复", "结果": answer}
    to, subject = (after.owner if taken_back else asked.person), f"{said['事项']}：{named(after)}"
    return (Notice(Addressee(to), recorded.kind, subject, f"{named(after)}的直接完善：{answer}。", said),)


def amendment_reminder(table: Table, asked: Amendment, rung: str) -> Notice:
    """Return the reminder of a rung (T-3, T-1, T, T+1) for the unit that has not answered yet."""
    words = f"已经逾期（期限{_day(asked)}）" if rung == "T+1" else f"确认期限为{_day(asked)}"
    provisional = "（该年度工作日历尚未公布，期限为暂定）" if asked.provisional else ""
    text = f"{named(table)}的直接完善{words}，请确认或不同意。{provisional}"
    said = {"期限": _day(asked), "暂定": provisional}
    return Notice(Addressee(table.owner), f"amendment.{rung}", f"催办提醒：{named(table)}直接完善{words}", text, said)


def _day(asked: Amendment) -> str:
    return beijing_date(datetime.fromisoformat(asked.due_at)).isoformat()


RULES: Mapping[str, Callable[[Recorded, Table, Table], Told]] = {
    "amendment.proposed": _proposed,
    "amendment.confirmed": _answered,
    "amendment.rejected": _answered,
}
