"""The matrix of field rights: its entries, what narrows them in a situation, and the sentence of a refusal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workflows.content.places import NOTHING, place_name
from workflows.definitions.field_rights.groups import FieldGroup
from workflows.vocabulary import Role, Stage, Word

LISTED = "returned"
"""In an entry for a returned table: the places that the return lists, whatever their group."""


class Once(Word):
    """A situation in which an entry narrows what the same role may write otherwise."""

    RETURNED = "returned", "退回修改时", "while a return is answered"
    COMPLETED = "completed", "直接完善之后", "after a direct completion"


@dataclass(frozen=True)
class Situation:
    """What has happened to a table: the places that an unanswered return lists, whether it was completed directly."""

    listed: tuple[str, ...] = ()
    completed: bool = False

    def holds(self, once: Once) -> bool:
        """Whether the table is in that situation; a return that lists no place narrows nothing."""
        return bool(self.listed) if once == Once.RETURNED else self.completed

    def lists(self, pointer: str) -> bool:
        """Whether a place is one that the return lists, or lies inside of one."""
        return any(pointer == each or pointer.startswith(f"{each}/") for each in self.listed)


EVERYWHERE = Situation()
"""Of a table to which nothing has happened."""


@dataclass(frozen=True)
class Right:
    """What a role may write in a stage; with `once` it takes away all else while the situation holds.

    `listed`: beside the groups the places that the return lists.
    """

    stage: Stage
    role: Role
    write: frozenset[FieldGroup]
    once: Once | None = None
    listed: bool = False

    def allows(self, group: FieldGroup, situation: Situation, pointer: str) -> bool:
        """Whether the entry lets a place of a group be written."""
        return group in self.write or (self.listed and bool(pointer) and situation.lists(pointer))


@dataclass(frozen=True)
class Barred:
    """A place that somebody may not write: where, who, which group, and the situation that took it away (R-FIELD)."""

    stage: Stage
    role: Role
    group: FieldGroup
    once: Once | None
    pointer: str = ""

    def sentence(self, rows: Mapping[str, str] = NOTHING) -> str:
        """Return the refusal in words; `rows` names indicator rows by their ID."""
        when = f"“{self.stage.chinese}”阶段{self.once.chinese if self.once else ''}"
        place = f"（{place_name(self.pointer, rows)}）" if self.pointer else ""
        return f"审批链的字段权限规定：{when}，{self.role.chinese}不得填写“{self.group.chinese}”{place}。"


@dataclass(frozen=True)
class Rights:
    """A whole matrix. What it does not name may not be written; entries with a situation narrow the plain ones."""

    entries: tuple[Right, ...]

    def bars(
        self, stage: Stage, role: Role, group: FieldGroup, situation: Situation = EVERYWHERE, pointer: str = ""
    ) -> Barred | None:
        """Return why a role may not write a group, or a place of it, in a stage; None where it may."""
        mine = [each for each in self.entries if (each.stage, each.role) == (stage, role)]
        if not any(group in each.write for each in mine if each.once is None):
            return Barred(stage, role, group, None, pointer)
        narrowed = (
            each.once for each in mine
            if each.once and situation.holds(each.once) and not each.allows(group, situation, pointer)
        )  # fmt: skip
        once = next(narrowed, None)
        return Barred(stage, role, group, once, pointer) if once else None

    def of(self, stage: Stage, role: Role) -> frozenset[FieldGroup]:
        """Return what a role may write in a stage where nothing narrows it."""
        mine = (each.write for each in self.entries if (each.stage, each.role, each.once) == (stage, role, None))
        return frozenset().union(*mine)


def rights_from(entries: Sequence[Mapping[str, Any]]) -> Rights:
    """Make a matrix from the section `fields` of a definition, checked when it was published."""
    return Rights(tuple(
        Right(
            Stage(each["stage"]), Role(each["role"]),
            frozenset(FieldGroup(code) for code in each["write"] if code != LISTED),
            Once(each["once"]) if each.get("once") else None, LISTED in each["write"],
        )
        for each in entries
    ))  # fmt: skip
