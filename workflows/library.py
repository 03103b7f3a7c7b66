"""指标库 as values: what tables in force use, what the performance office says of it, joined by name (G11)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid5

from workflows import events as e
from workflows.findings.wording import bare

LIBRARIES = UUID("5b0e8f0c-6a53-5a0e-9c55-0d2f6b7a4e11")
"""Namespace of the bureaus' libraries."""
MOST_TARGETS = 6
Name = tuple[str, str, str]


@dataclass(frozen=True)
class Used:
    """One wording of an indicator in tables in force: how many tables, which years and departments, how it is put."""

    level1: str
    level2: str
    level3: str
    tables: int
    years: tuple[int, ...]
    departments: tuple[str, ...]
    targets: tuple[str, ...]
    description: str
    basis: str


@dataclass(frozen=True)
class Entry:
    """One indicator of the library: its words, how it is used, and what the performance office says of it."""

    entry: str
    level1: str
    level2: str
    level3: str
    description: str = ""
    target: str = ""
    basis: str = ""
    industry: str = ""
    tables: int = 0
    years: tuple[int, ...] = ()
    departments: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    picked: int = 0
    recommended: bool = False
    retired: str = ""
    by: str = ""


def library_of(bureau: str) -> UUID:
    """Return the stream of a bureau's library."""
    return uuid5(LIBRARIES, bureau)


def entry_id(bureau: str, level1: str, level2: str, level3: str) -> str:
    """Return the ID of an indicator: the same for every way to write its name."""
    return str(uuid5(library_of(bureau), "|".join(map(bare, (level1, level2, level3)))))


def curated(history: Iterable[e.Recorded]) -> dict[str, Entry]:
    """Return what the performance office said of indicators, by entry: the last word on each counts."""
    said: dict[str, Entry] = {}
    for recorded in history:
        fact = recorded.fact
        if isinstance(fact, e.LibraryEntryAdded):
            said[fact.entry] = Entry(
                fact.entry, fact.level1, fact.level2, fact.level3, fact.description, fact.target, fact.basis,
                fact.industry, recommended=True, by=recorded.actor_name,
            )  # fmt: skip
        elif isinstance(fact, e.LibraryEntryRetired):
            before = said.get(fact.entry) or Entry(fact.entry, fact.level1, fact.level2, fact.level3)
            said[fact.entry] = replace(before, recommended=False, retired=fact.reason, by=recorded.actor_name)
    return said


def joined(
    bureau: str, used: Sequence[Used], said: Mapping[str, Entry], picked: Mapping[str, int]
) -> tuple[Entry, ...]:
    """Return the library: recommended entries first, then by the number of tables that use them, retired ones last."""
    found = dict(said)
    for each in used:
        key = entry_id(bureau, each.level1, each.level2, each.level3)
        found[key] = _with_use(found.get(key) or Entry(key, each.level1, each.level2, each.level3), each)
    counted = [replace(each, picked=picked.get(each.entry, 0)) for each in found.values()]
    return tuple(sorted(counted, key=lambda one: (bool(one.retired), not one.recommended, -one.tables, one.level3)))


def _with_use(entry: Entry, used: Used) -> Entry:
    """Return the entry with the use of one more wording; what the office wrote stands over what tables say."""
    return replace(
        entry, tables=entry.tables + used.tables, years=tuple(sorted({*entry.years, *used.years}, reverse=True)),
        departments=tuple(dict.fromkeys((*entry.departments, *used.departments))),
        targets=tuple(dict.fromkeys((*entry.targets, *used.targets)))[:MOST_TARGETS],
        description=entry.description or used.description, basis=entry.basis or used.basis,
    )  # fmt: skip


def matching(entries: Iterable[Entry], words: str) -> tuple[Entry, ...]:
    """Return the entries whose texts hold every one of the words."""
    wanted = words.lower().split()
    return tuple(each for each in entries if all(word in _texts(each) for word in wanted))


def _texts(entry: Entry) -> str:
    said = (
        entry.level1, entry.level2, entry.level3, entry.description, entry.target, entry.industry, *entry.targets,
    )  # fmt: skip
    return " ".join(said).lower()


def row_from(entry: Entry, row_id: str, levels: Mapping[str, str], requirement: str | None) -> dict[str, Any]:
    """Return an indicator row that was picked: without target and weight, which the unit sets itself, with its origin.

    `levels` maps second-level classes to the first-level ones of the table's own tree.
    """
    return {
        "id": row_id, "level1": levels.get(entry.level2, entry.level1), "level2": entry.level2, "level3": entry.level3,
        "description": entry.description or None, "basis": None, "requirement": requirement, "weight": None,
        "target": dict.fromkeys(("raw", "op", "value", "unit")), "origin": {"entry": entry.entry},
    }  # fmt: skip


def with_picked(rows: Sequence[Mapping[str, Any]], picked: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the rows with a picked one: in place of a blank row of its class, else behind its class or at the end."""
    kept = [dict(row) for row in rows]
    blank = next((at for at, row in enumerate(kept) if _blank(row) and row["level2"] == picked["level2"]), None)
    if blank is not None:
        stays = {name: kept[blank].get(name) for name in ("id", "weight", "requirement")}
        kept[blank] = {**picked, **stays}
        return kept
    last = max((at for at, row in enumerate(kept) if row["level2"] == picked["level2"]), default=len(kept) - 1)
    return [*kept[: last + 1], dict(picked), *kept[last + 1 :]]


def _blank(row: Mapping[str, Any]) -> bool:
    return not any((row["level3"], row["description"], row["basis"], row["target"]["raw"]))
