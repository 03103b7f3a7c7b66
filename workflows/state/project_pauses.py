"""Pauses of a project (暂停项目, 停止拨付) as values: since when, why, and how each came to its end."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ProjectPause:
    """The bureau paused a project: since when (UTC ISO), by whom and why; `until` is "" while it lasts."""

    since: str
    by: str
    why: str
    until: str = ""
    ended_by: str = ""
    ended_why: str = ""
