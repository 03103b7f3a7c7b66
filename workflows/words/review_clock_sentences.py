"""Sentences and notices of the clock of a department part's review: until when, what reminds of it, that it is over."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from workflows.addressees import Addressee, Notice
from workflows.events import DocumentOverdue, Recorded
from workflows.filing_rules import reviewing_post
from workflows.filings import FilingDocument, ReviewClock
from workflows.vocabulary import Role
from workflows.workdays import BEIJING, beijing_date

FIRST_CLOCK = 2
"""The version of a document's stream at which its first clock stands where nothing but the filing came before."""
SENTENCES: Mapping[str, Callable[[Any], str]] = {
    "document.due_set": lambda f: (
        f"{Role(f.role).chinese}应于{shown(f.due_at)}前审阅部门整体部分第{f.number}版"
        f"{'（暂定）' if f.provisional else ''}（按审批链环节的办理期限，规则 {f.rule}）"
    ),
    "document.overdue": lambda f: (
        f"{Role(f.role).chinese}审阅部门整体部分第{f.number}版已逾期（应于{shown(f.due_at)}前审阅，规则 {f.rule}）"
    ),
}


def shown(due_at: str) -> str:
    """Return a due moment (UTC ISO) in Beijing's time, to the minute."""
    return datetime.fromisoformat(due_at).astimezone(BEIJING).strftime("%Y-%m-%d %H:%M")


def part_reminder(document: FilingDocument, rung: str) -> Notice | None:
    """Return what reminds the office that owes its review of a document's part; None where nobody owes one."""
    post, clock = reviewing_post(document), document.clock
    if post is None or clock is None:
        return None
    said = _said(document, clock)
    late, day = rung.startswith("T+"), said["期限"]
    state, owed = ("逾期未审阅", f"已过审阅期限（{day}）") if late else ("审阅期限将至", f"等待您审阅，期限为{day}")
    said |= {"状态": state, "结果": owed}
    text = f"{said['名称']}（第{said['版次']}版）{owed}。"
    to = Addressee(role=post.role, organ=post.organ)
    return Notice(to, f"reminder.part.{rung}", f"{state}：{said['名称']}", text, said)


def notices_of_clock(recorded: Recorded, document: FilingDocument) -> tuple[Notice, ...]:
    """Return who is told of a clock: whose turn it is, where a filing told nobody of it; who let it run out."""
    post, clock = reviewing_post(document), document.clock
    if post is None or clock is None:
        return ()
    to, said = Addressee(role=post.role, organ=post.organ), _said(document, clock)
    part, due = said["名称"], said["期限"]
    if recorded.kind == DocumentOverdue.kind:
        return (Notice(to, recorded.kind, f"逾期未审阅：{part}", f"{part}应于{due}前审阅，至今没有审阅。", said),)
    untold = document.version == FIRST_CLOCK
    return (Notice(to, recorded.kind, f"待审阅：{part}", f"{part}等待您审阅，期限为{due}。", said),) if untold else ()


def _said(document: FilingDocument, clock: ReviewClock) -> dict[str, str]:
    """Return what the placeholders of these notices stand for."""
    year, day = str(document.filed.year), beijing_date(clock.due_at).isoformat()
    return {
        "名称": f"{year}年度申报文本的部门整体部分", "年度": year, "版次": str(document.parts[-1].number), "期限": day,
    }  # fmt: skip
