"""Counts campaigns again from the exported events alone: who was asked, who had filed when; no product code."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Body = Mapping[str, Any]
FILED, LATE, MISSING, NOTHING = "filed", "late", "missing", "nothing"
GOALS, MONITORING = "goal_filing", "monitoring"
ENDED = ("table.closed", "table.refused", "table.terminated")


@dataclass
class Called:
    """A campaign as its lines tell it: `units` maps each unit to its department, `later` to the end of its own time."""

    purpose: str
    year: int
    window: str
    title: str
    opens: datetime
    closes: datetime
    units: Mapping[str, str]
    least: int
    later: dict[str, datetime] = field(default_factory=dict)
    ended: datetime | None = None
    said: dict[str, datetime] = field(default_factory=dict)

    def closing(self, unit: str) -> datetime:
        """Return the end of a unit's time by the terms and what was given later."""
        return self.later.get(unit, self.closes)


@dataclass
class Paper:
    """A table as its lines tell it: when its goals, its windows and its result were first filed."""

    unit: str
    year: int
    goals: datetime | None = None
    windows: dict[str, str] = field(default_factory=dict)
    figures: dict[str, datetime] = field(default_factory=dict)
    result: datetime | None = None
    replied: bool = False
    ended: bool = False


@dataclass
class UnitsRecount:
    """What the lines say of campaigns: `lists` are the lists of units by the hash that the events name."""

    lists: Mapping[str, str]
    campaigns: dict[str, Called] = field(default_factory=dict)
    papers: dict[str, Paper] = field(default_factory=dict)
    acts: Counter[str] = field(default_factory=Counter)
    missed: int = 0
    refiled: int = 0
    faults: list[str] = field(default_factory=list)

    def add(self, body: Body) -> None:
        """Take the next event in the sealed order."""
        at, data, stream = datetime.fromisoformat(body["at"]), body["data"], body["stream"]
        if body["kind"] == "campaign.opened":
            self._open(stream, data)
        elif body["subject"] == "campaign":
            self.acts[body["kind"]] += 1
            self._move(self.campaigns[stream], body["kind"], data, at)
        elif body["kind"] in ("table.imported", "table.created"):
            self.papers[stream] = Paper(data["unit"], data["year"])
        elif body["subject"] == "table":
            self._write(stream, body["kind"], data, at)

    def _open(self, stream: str, data: Body) -> None:
        text = self.lists.get(data["content_hash"], "")
        if hashlib.sha256(text.encode()).hexdigest() != data["content_hash"]:
            self.faults.append(f"“{data['title']}”的单位名单与事件中的摘要不符")
        units = {each["unit"]: each["department"] for each in json.loads(text or '{"units": []}')["units"]}
        self.campaigns[stream] = Called(
            data["purpose"], data["year"], data["window"], data["title"], datetime.fromisoformat(data["opens"]),
            datetime.fromisoformat(data["closes"]), units, data["least"],
        )  # fmt: skip

    def _move(self, called: Called, kind: str, data: Body, at: datetime) -> None:
        if kind == "campaign.extended":
            called.later |= dict.fromkeys(data["units"] or called.units, datetime.fromisoformat(data["closes"]))
        elif kind == "campaign.closed":
            called.ended = at
        elif kind == "campaign.declared":
            called.said[data["unit"]] = at

    def _write(self, stream: str, kind: str, data: Body, at: datetime) -> None:
        paper = self.papers[stream]
        if kind == "table.submitted":
            self._weigh(paper, GOALS, "", at, again=data["round"] > 1)
            paper.goals = paper.goals or at
        elif kind == "table.withdrawn":
            paper.goals = None
        elif kind == "table.replied":
            paper.replied, paper.windows = True, {each["window"]: each["date"][:7] for each in data["windows"]}
        elif kind == "monitoring.filed":
            month = paper.windows[data["window"]]
            self._weigh(paper, MONITORING, month, at, again=data["window"] in paper.figures)
            paper.figures.setdefault(data["window"], at)
        elif kind == "selfeval.filed":
            self._weigh(paper, "self_evaluation", "", at, again=paper.result is not None)
            paper.result = paper.result or at
        elif kind == "table.voided":
            del self.papers[stream]
        elif kind in ENDED:
            paper.ended = True

    def _weigh(self, paper: Paper, purpose: str, month: str, at: datetime, *, again: bool) -> None:
        """Count what was filed after the cut-off that was first set: anew after a return, or in the time given later.

        Whoever files in the time given later had come before, and was refused once.
        """
        for called in self.campaigns.values():
            mine = called.purpose == purpose and called.year == paper.year and called.window == month
            if mine and paper.unit in called.units:
                over = at >= called.closing(paper.unit) or (called.ended is not None and at >= called.ended)
                self.refiled += again and over
                self.missed += not again and called.closes <= at

    def standings(self, called: Called) -> Iterator[tuple[str, str]]:
        """Yield every unit of a campaign and how it stands."""
        for unit in called.units:
            owed = list(self._owed(called, unit))
            yield unit, _standing(called, unit, owed)

    def _owed(self, called: Called, unit: str) -> Iterator[datetime | None]:
        for paper in self.papers.values():
            if (paper.unit, paper.year) == (unit, called.year):
                for filed_at in _asked_of(paper, called):
                    if filed_at or not paper.ended:
                        yield filed_at

    def by_department(self) -> dict[str, dict[str, dict[str, int]]]:
        """Return how many units stand how, by campaign and department."""
        found: dict[str, dict[str, dict[str, int]]] = {}
        for called in self.campaigns.values():
            departments = found.setdefault(called.title, {})
            for unit, standing in self.standings(called):
                counts = departments.setdefault(called.units[unit], dict.fromkeys((FILED, LATE, MISSING, NOTHING), 0))
                counts[standing] += 1
        return found


def _asked_of(paper: Paper, called: Called) -> list[datetime | None]:
    if called.purpose == GOALS:
        return [paper.goals]
    if called.purpose == MONITORING:
        return [paper.figures.get(window) for window, month in paper.windows.items() if month == called.window]
    return [paper.result] if paper.replied else []


def _standing(called: Called, unit: str, owed: list[datetime | None]) -> str:
    if unit in called.said:
        return LATE if called.said[unit] >= called.closes else FILED
    if not owed and called.purpose != GOALS:
        return NOTHING
    times = [at for at in owed if at]
    if len(times) < len(owed) or len(times) < (called.least if called.purpose == GOALS else 1):
        return MISSING
    return LATE if max(times) >= called.closes else FILED
