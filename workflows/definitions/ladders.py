"""The ladder of a node: at which moments around a due day who is reminded, told, or given the task beside others."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workflows.vocabulary import Role, Word

RESTART, CONTINUE, PAUSE = "restart", "continue", "pause"
"""What a clock does while a table is away: it begins anew, it runs on, or it stands still."""


class Deed(Word):
    """What a rung does. None of them decides anything: nobody passes a table by being late."""

    REMIND = "remind", "提醒", "remind whoever holds the task"
    INFORM = "inform", "升级告知", "let the superior know, who may read the table from then on"
    HAND = "hand", "升级办理", "let the superior decide beside the holder, whoever comes first"


@dataclass(frozen=True)
class Step:
    """One rung of a node's ladder: `at` is T, T-3, T+5 (working days from the due day); whom it goes to, by post.

    A reminder goes to whoever holds the task; `role` and `of` are empty.
    """

    at: str
    do: Deed
    role: Role | None = None
    of: str = ""

    @property
    def days(self) -> int:
        """Return how many working days after the due day it comes, before it if negative."""
        return int(self.at[1:] or 0)

    @property
    def kind(self) -> str:
        """Return the word for its moments: T+3 for a reminder, inform.T+3, hand.T+3."""
        return self.at if self.do == Deed.REMIND else f"{self.do.value}.{self.at}"

    @property
    def rule(self) -> str:
        """Return the rule that the system names where it acts by this rung."""
        return f"ladder:{self.at}"

    @property
    def said(self) -> str:
        """Return the rung in words: 到期后3个工作日升级告知财政分管领导."""
        when = {0: "到期日"}.get(self.days, f"到期{'后' if self.days > 0 else '前'}{abs(self.days)}个工作日")
        return f"{when}{self.do.chinese}{self.role.chinese if self.role else ''}"


REMINDED = tuple(Step(at, Deed.REMIND) for at in ("T-3", "T-1", "T", "T+1"))
"""The ladder of a node that has none of its own."""


def steps_from(rungs: Any) -> tuple[Step, ...]:
    """Make a ladder from its JSON content, earliest rung first, of one moment as they are written."""
    return tuple(sorted((_step(each) for each in rungs), key=lambda step: step.days))


def _step(rung: Mapping[str, Any]) -> Step:
    to = rung.get("to")
    return Step(rung["at"], Deed(rung["do"]), Role(to["role"]) if to else None, to["of"] if to else "")
