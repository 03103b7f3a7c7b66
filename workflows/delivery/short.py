"""A notice in the seventy characters of one text message: what it is, its term, and that one has to sign in."""

from collections.abc import Mapping

from workflows.delivery.classes import NoticeClass

LONGEST = 70
PERSONAL = {"cover.given": "代理授权"}
"""Notices whose title names people -> what a text message says instead."""
TO_DO = frozenset({NoticeClass.TASK, NoticeClass.RETURN, NoticeClass.REMINDER})


def short_text(key: str, subject: str, term: str, of_class: NoticeClass) -> str:
    """Return the words of a text message from the shipped title and the term (as the notice says it, or empty).

    Neither the text nor anybody's words or name goes into it, and no link: who signs in sees the rest.
    """
    title = PERSONAL.get(key, subject)
    until = f"，期限{term}" if term and term not in title else ""
    ending = f"{until}，请登录{'办理' if of_class in TO_DO else '查看'}。"
    room = LONGEST - len(ending)
    return f"{title if len(title) <= room else _cut(title, room)}{ending}"


def term_of(said: Mapping[str, str]) -> str:
    """Return the term among what a notice says: a task's day, or a campaign's end; empty where it has none."""
    return said.get("期限") or said.get("截止时间") or ""


def _cut(title: str, room: int) -> str:
    closing = "…》" if title.endswith("》") else "…"
    return f"{title[: room - len(closing)]}{closing}"
