"""What a notice is: to whom, by which template, in which words; a table is named only where it is marked 公开."""

from dataclasses import dataclass

from workflows.folds.replay import Desk, Table
from workflows.vocabulary import Role


@dataclass(frozen=True)
class Addressee:
    """A person, or everybody who holds a role in an organ (narrowed to the person where both are given)."""

    person: str | None = None
    role: Role | None = None
    organ: str | None = None


@dataclass(frozen=True)
class Notice:
    """One message to be sent on every channel of the receiver: to whom, by which template, in which words."""

    to: Addressee
    template: str
    subject: str
    text: str


def named(table: Table) -> str:
    """Return how a notice may call the table: its title only where it is marked 公开 (INV20)."""
    if table.disclosure == "公开":
        return f"《{table.title}》"
    return f"编号 {str(table.id)[:8]} 的绩效目标表"


def desk_title(desk: Desk) -> str:
    """Return the words for the work at a desk."""
    return f"{desk.stage.chinese}（{Role(desk.role).chinese}）"


def at_desk(desk: Desk) -> Addressee:
    """Return everybody who may act at a desk."""
    return Addressee(desk.claimed_by or desk.person, Role(desk.role), desk.organ)
