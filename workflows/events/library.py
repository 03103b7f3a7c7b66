"""Facts of the indicator library 指标库: the bureau's performance office recommends an indicator, or retires one."""

from dataclasses import dataclass

from workflows.events.fact import Event


@dataclass(frozen=True)
class LibraryEntryAdded(Event):
    """An indicator was recommended to everybody of the bureau; said again, this wording counts from now on.

    `entry` is derived from class and name, so that the same indicator used in a table in force is the same entry.
    """

    kind = "library.entry_added"
    entry: str
    bureau: str
    level1: str
    level2: str
    level3: str
    description: str
    target: str
    basis: str
    industry: str


@dataclass(frozen=True)
class LibraryEntryRetired(Event):
    """An indicator shall no longer be picked, with the reason; tables that have it keep it."""

    kind = "library.entry_retired"
    entry: str
    bureau: str
    level1: str
    level2: str
    level3: str
    reason: str
