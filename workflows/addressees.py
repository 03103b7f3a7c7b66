"""What a notice is: to whom, by which template, in which words; a table is named only where it is marked 公开."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from workflows.folds.replay import Desk, Table
from workflows.vocabulary import Role
from workflows.workdays import beijing_date

NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Addressee:
    """A person, or everybody who holds a role in an organ (narrowed to the person where both are given)."""

    person: str | None = None
    role: Role | None = None
    organ: str | None = None


@dataclass(frozen=True)
class Notice:
    """One message to be sent on every channel of the receiver: to whom, by which template, in which words.

    `said` holds what its own placeholders stand for, beside those that every notice about a table knows.
    """

    to: Addressee
    template: str
    subject: str
    text: str
    said: Mapping[str, str] = field(default_factory=dict, compare=False)


def named(table: Table) -> str:
    """Return how a notice may call the table: its title only where it is marked 公开 (INV20)."""
    if table.disclosure == "公开":
        return f"《{table.title}》"
    return f"编号 {str(table.id)[:8]} 的绩效目标表"


def desk_title(desk: Desk) -> str:
    """Return the words for the work at a desk."""
    return f"{desk.stage.chinese}（{Role(desk.role).chinese}）"


def due_day(desk: Desk) -> str:
    """Return the day in Beijing until which a desk has its time, empty where it has none."""
    return beijing_date(datetime.fromisoformat(desk.due_at)).isoformat() if desk.due_at else ""


def said_of(desk: Desk) -> dict[str, str]:
    """Return what a notice may say of a desk: the step, its day, and both sewn together as the end of a sentence."""
    day = due_day(desk)
    by_then = f"，期限{day}{'（暂定）' if desk.provisional else ''}" if day else ""
    return {"环节": desk_title(desk), "期限": day, "限时": by_then}


def at_desk(desk: Desk) -> Addressee:
    """Return everybody who may act at a desk."""
    return Addressee(desk.claimed_by or desk.person, Role(desk.role), desk.organ)
