"""Which of a document's tables carry out which of its goals: what is linked, what is not, what might be."""

import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from workflows.findings.wording import share_said

Json = Mapping[str, Any]
MOST_SUGGESTED = 3
WHOLE = Decimal(100)
_MONEY = re.compile(r"(?:资金|投入|投资|安排|预算|经费)[^，。；;、\d]{0,8}(\d[\d,]*(?:\.\d+)?)\s*(亿元|万元|元)")
_IN_WAN = {"亿元": Decimal(10000), "万元": Decimal(1), "元": Decimal("0.0001")}


@dataclass(frozen=True)
class Aim:
    """An itemised goal or an activity of a department part: its JSON pointer, name, all its words, its tables."""

    pointer: str
    name: str
    words: str
    indicators: tuple[str, ...]
    links: tuple[int, ...]


@dataclass(frozen=True)
class Likeness:
    """A table that seems to carry out a goal: its number in the document, and how much of the names agree (percent)."""

    table: int
    share: Decimal


def aims_of(part: Json | None) -> tuple[Aim, ...]:
    """Return the itemised goals, then the activities of every responsibility."""
    return (*_itemised(part), *_activities(part)) if part else ()


def _itemised(part: Json) -> Iterator[Aim]:
    for number, goal in enumerate(part["itemised_goals"]):
        words = " ".join(filter(None, (goal["title"], goal["goal"])))
        yield Aim(f"/itemised_goals/{number}", goal["title"], words, tuple(goal["indicators"]), _links(goal))


def _activities(part: Json) -> Iterator[Aim]:
    for number, duty in enumerate(part["responsibilities"]):
        for place, activity in enumerate(duty["activities"]):
            words = " ".join(filter(None, (activity["name"], activity["description"], activity["goal"])))
            name = activity["name"] or activity["description"] or duty["name"] or ""
            yield Aim(f"/responsibilities/{number}/activities/{place}", name, words, (), _links(activity))


def _links(item: Json) -> tuple[int, ...]:
    return tuple(item.get("links") or ())


def unlinked_tables(part: Json | None, tables: Sequence[int]) -> list[int]:
    """Return the numbers of those tables that no goal and no activity names."""
    named = {number for aim in aims_of(part) for number in aim.links}
    return [number for number in tables if number not in named]


@dataclass(frozen=True)
class GoalMoney:
    """Of a goal, in 万元: what its tables hold (None: unknown), and what its own words say (None: nothing)."""

    tables: Decimal | None
    said: Decimal | None

    @property
    def differs(self) -> bool:
        """Whether the words name another amount than the tables hold."""
        return self.tables is not None and self.said is not None and self.tables != self.said


def money_of(aim: Aim, amounts: Mapping[int, Decimal | None]) -> GoalMoney:
    """Hold a goal against the money of its tables (`amounts` in 万元 by number): a finding, it stops nothing.

    Words that name several amounts say nothing of the whole; a table whose amount nobody knows leaves the sum open.
    """
    held = [amounts.get(number) for number in aim.links]
    said = {Decimal(number.replace(",", "")) * _IN_WAN[unit] for number, unit in _MONEY.findall(aim.words)}
    known = [each for each in held if each is not None]
    whole = sum(known, Decimal(0)) if known and len(known) == len(held) else None
    return GoalMoney(whole, said.pop() if len(said) == 1 else None)


def suggestions(aims: Sequence[Aim], tables: Mapping[int, Json], least: Decimal) -> dict[str, tuple[Likeness, ...]]:
    """Return for each goal the tables, not linked to it, that say enough of the same words, the likest first.

    `least` is the share in percent from which on words count as alike (rule pack, `prereview.alike`). A person decides.
    """
    return {aim.pointer: _likest(aim, tables, least) for aim in aims}


def _likest(aim: Aim, tables: Mapping[int, Json], least: Decimal) -> tuple[Likeness, ...]:
    found = [Likeness(number, likeness(aim, content)) for number, content in tables.items() if number not in aim.links]
    found = [each for each in found if each.share >= least]
    return tuple(sorted(found, key=lambda each: (-each.share, each.table))[:MOST_SUGGESTED])


def likeness(aim: Aim, content: Json) -> Decimal:
    """Return how much a goal and a table say the same, in percent: names said by the other, indicators shared."""
    said = " ".join(filter(None, (content["title"], content["purpose"], *content["goals"])))
    rows = [row["level3"] for row in content["indicators"] if row["level3"]]
    by_name = share_said(content["title"] or "", aim.words)
    by_goal = share_said(aim.name, said)
    alike = [max((share_said(name, row) for row in rows), default=Decimal(0)) for name in aim.indicators]
    by_rows = WHOLE * sum(each == WHOLE for each in alike) / len(alike) if alike else Decimal(0)
    return max(by_name, by_goal, by_rows).quantize(Decimal(1))


def with_links(part: Json, links: Mapping[str, Sequence[int]]) -> dict[str, Any]:
    """Return a part whose goals and activities at these pointers are linked to these tables and to no others."""
    linked = deepcopy(dict(part))
    items = {f"/itemised_goals/{number}": goal for number, goal in enumerate(linked["itemised_goals"])}
    items |= {
        f"/responsibilities/{number}/activities/{place}": activity
        for number, duty in enumerate(linked["responsibilities"]) for place, activity in enumerate(duty["activities"])
    }  # fmt: skip
    for pointer, numbers in links.items():
        item = items.get(pointer)
        if item is not None and (numbers or "links" in item):
            item["links"] = sorted(set(numbers))
    return linked
