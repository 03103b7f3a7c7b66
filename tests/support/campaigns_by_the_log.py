"""What campaigns must and may have told, and which filings were to be refused, worked out apart from the product."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from tests.support.notices_by_the_log import BEIJING, Key, Said, World, counted, works
from workflows.addressees import Addressee, Notice
from workflows.events import Recorded
from workflows.folds.replay import Table, apply
from workflows.vocabulary import Role

LATER = dt.datetime.max.replace(tzinfo=dt.UTC)
JUST_READ = dt.timedelta(seconds=30)
"""Who urges has just read who is missing; a unit may have filed since then."""
RUNGS = {"T-7": 7, "T-3": 3, "T-1": 1, "T": 0}
GOALS, WINDOWS, RESULTS = "goal_filing", "monitoring", "self_evaluation"
FILED = {"table.submitted": GOALS, "monitoring.filed": WINDOWS, "selfeval.filed": RESULTS}
TAKEN_BACK = {"table.withdrawn": GOALS}
Tables = Mapping[UUID, Sequence[Recorded]]


@dataclass
class Asked:
    """A campaign as its events tell: what it asks of whom, and until when at which moment."""

    stream: UUID
    fact: Any
    units: tuple[str, ...]
    since: dt.datetime
    more_time: list[tuple[dt.datetime, frozenset[str], dt.datetime]] = field(default_factory=list)
    ended: dt.datetime = LATER
    declared: dict[str, dt.datetime] = field(default_factory=dict)

    @property
    def opens(self) -> dt.datetime:
        return dt.datetime.fromisoformat(self.fact.opens)

    def closing(self, unit: str, at: dt.datetime) -> dt.datetime:
        later = [closes for when, units, closes in self.more_time if when <= at and (unit in units or not units)]
        return max([dt.datetime.fromisoformat(self.fact.closes), *later])

    def shut(self, unit: str, at: dt.datetime) -> str:
        """Return by which rule a filing of that moment is refused, empty for none."""
        if not self.fact.enforcing:
            return ""
        if at >= self.ended or at >= self.closing(unit, at):
            return "G-CUTOFF"
        return "G-NOT-OPEN" if at < self.opens else ""


@dataclass
class Owes:
    """One thing that a unit's table owes: since when, until when, and every turn of being filed or not."""

    unit: str
    since: dt.datetime
    until: dt.datetime = LATER
    turns: list[tuple[dt.datetime, bool]] = field(default_factory=list)

    def owed(self, at: dt.datetime) -> bool:
        return self.since <= at and (at < self.until or self.filed(at))

    def filed(self, at: dt.datetime) -> bool:
        return next((filed for when, filed in reversed(self.turns) if when <= at), False)


def campaigns_from(streams: Tables, world: World) -> list[Asked]:
    """Read campaigns from their events."""
    return [_asked(stream, events, world) for stream, events in streams.items()]


def _asked(stream: UUID, events: Sequence[Recorded], world: World) -> Asked:
    first: Any = events[0].fact
    units = tuple(sorted(each["unit"] for each in world.content(first.content_hash)["units"]))
    asked = Asked(stream, first, units, events[0].at)
    for recorded in events[1:]:
        fact: Any = recorded.fact
        match recorded.kind:
            case "campaign.extended":
                asked.more_time.append((recorded.at, frozenset(fact.units), dt.datetime.fromisoformat(fact.closes)))
            case "campaign.closed":
                asked.ended = recorded.at
            case "campaign.declared":
                asked.declared[fact.unit] = recorded.at
    return asked


def debts(tables: Tables, asked: Asked) -> list[Owes]:
    """Return everything that the units' tables owe a campaign."""
    purpose, month = asked.fact.purpose, asked.fact.window
    return [each for stream, events in tables.items() for each in _of_table(stream, events, purpose, month)]


def _of_table(stream: UUID, events: Sequence[Recorded], purpose: str, month: str) -> Iterator[Owes]:
    table, found = Table(stream), dict[str, Owes]()
    for recorded in events:
        table = apply(table, recorded)
        for key in _owed_now(table, purpose, month):
            found.setdefault(key, Owes(table.unit, recorded.at))
        key = getattr(recorded.fact, "window", "") if purpose == WINDOWS else ""
        if key in found and FILED.get(recorded.kind) == purpose:
            found[key].turns.append((recorded.at, True))
        if key in found and TAKEN_BACK.get(recorded.kind) == purpose:
            found[key].turns.append((recorded.at, False))
        if recorded.kind == "table.closed" and purpose == WINDOWS:
            for each in found.values():
                each.until = recorded.at
    yield from found.values()


def _owed_now(table: Table, purpose: str, month: str) -> Iterator[str]:
    if purpose == GOALS or (purpose == RESULTS and table.in_force):
        yield ""
    if purpose == WINDOWS:
        yield from (each.window for each in table.windows if each.date[:7] == month)


def missing(asked: Asked, owes: Sequence[Owes], unit: str, at: dt.datetime) -> int | None:
    """Return how many tables a unit has still to file at a moment; None where it has filed all or owes nothing."""
    if asked.declared.get(unit, LATER) <= at:
        return None
    mine = [each for each in owes if each.unit == unit and each.owed(at)]
    unfiled = sum(not each.filed(at) for each in mine)
    if asked.fact.purpose == GOALS and len(mine) - unfiled < asked.fact.least:
        return unfiled
    return unfiled or None


def tell_of_campaigns(streams: Tables, tables: Tables, world: World, said: Said) -> list[Asked]:
    """Add what campaigns must and may have told to what the tables say; return the campaigns."""
    found = campaigns_from(streams, world)
    for asked in found:
        telling = Telling(asked, debts(tables, asked), world, said)
        for recorded in streams[asked.stream]:
            telling.of_event(recorded)
        for unit in asked.units:
            telling.of_rungs(unit)
    return found


@dataclass(frozen=True)
class Telling:
    """One campaign with what its units owe, and where it is put down what they must and may have been told."""

    asked: Asked
    owes: Sequence[Owes]
    world: World
    said: Said

    def of_event(self, recorded: Recorded) -> None:
        asked, name = self.asked, f"“{self.asked.fact.title}”"
        told: Any = recorded.fact
        match recorded.kind:
            case "campaign.opened":
                how = "截止后不能再提交" if told.enforcing else "请按期提交"
                purpose = {GOALS: "目标申报", WINDOWS: "绩效监控", RESULTS: "绩效自评"}[told.purpose]
                time = f"{opening(asked.opens)}开始，{ending(dt.datetime.fromisoformat(told.closes))}截止"
                self.all_at(recorded, asked.units, f"财政绩效科布置{name}（{purpose}，{told.year}年度）：{time}，{how}。")
            case "campaign.extended":
                until = ending(dt.datetime.fromisoformat(told.closes))
                self.all_at(recorded, told.units or asked.units, f"{name}的截止时间延至{until}。理由：{told.reason}")
            case "campaign.closed":
                self.all_at(recorded, asked.units, f"{name}提前结束。理由：{told.reason}")
            case "campaign.urged":
                for unit in told.units:
                    self.of_urging(recorded, unit)

    def all_at(self, recorded: Recorded, units: Sequence[str], text: str) -> None:
        """What an event tells for good."""
        for unit in units:
            self.put(self.said.must, (unit, str(recorded.version)), recorded.kind, (text,), recorded.at)

    def of_urging(self, recorded: Recorded, unit: str) -> None:
        at, step = recorded.at, self.world.step_of(recorded.at)
        if all(missing(self.asked, self.owes, unit, each) is None for each in (at, at - JUST_READ)):
            self.said.undone.append((str(self.asked.stream), "urged though nothing is missing", unit))
        times = self.moments(unit, at, step.drained if step else at)
        chosen = self.said.must if all(missing(self.asked, self.owes, unit, each) is not None for each in times) else self.said.may
        ends = ending(self.asked.closing(unit, at))
        text = f"{recorded.signer}催办：“{self.asked.fact.title}”将于{ends}截止，本单位尚未报齐，请及时提交。"
        self.put(chosen, (unit, f"campaign:{unit}"), f"campaign.urged.{recorded.version}", (text,), at)

    def of_rungs(self, unit: str) -> None:
        for closes, rung, moment in rungs(self.asked, unit, self.world):
            step = self.world.step_of(moment)
            if step is None:
                continue
            first = max(moment, step.began)
            counts = [self.reminded(unit, closes, at) for at in self.moments(unit, first, step.drained)]
            found = [each for each in counts if each is not None]
            texts = tuple(_reminder(self.asked, closes, rung, each, moment) for each in dict.fromkeys(found))
            chosen = self.said.must if len(found) == len(counts) else self.said.may
            template = f"reminder.campaign.{rung}.{last_day(closes).isoformat()}"
            if found:
                self.put(chosen, (unit, f"campaign:{unit}"), template, texts, first)

    def reminded(self, unit: str, closes: dt.datetime, at: dt.datetime) -> int | None:
        """Return how many tables a reminder of a closing speaks of at a moment, None where it goes to nobody."""
        counts = self.asked.closing(unit, at) == closes and at < self.asked.ended
        return missing(self.asked, self.owes, unit, at) if counts else None

    def moments(self, unit: str, first: dt.datetime, last: dt.datetime) -> list[dt.datetime]:
        """Return a moment and every later one up to another at which something about the unit changed."""
        changes = {self.asked.ended, self.asked.declared.get(unit, LATER), *(when for when, _, _ in self.asked.more_time)}
        for each in self.owes:
            changes |= {each.since, each.until, *(when for when, _ in each.turns)} if each.unit == unit else set()
        return [first, *sorted(at for at in changes if first < at <= last)]

    def put(
        self, chosen: dict[Key, tuple[str, ...]], about: tuple[str, str], template: str, texts: Sequence[str], at: dt.datetime
    ) -> None:
        """Add what the clerks and the head of a unit are told; of several texts any may be the one."""
        for post in (Addressee(role=role, organ=about[0]) for role in (Role.CLERK, Role.UNIT_HEAD)):
            told: dict[str, tuple[str, ...]] = {}
            for text in texts:
                for person, words in self.world.reached(Notice(post, template, "", text), at):
                    told[person] = (*told.get(person, ()), words)
            for person, each in told.items():
                chosen.setdefault((str(self.asked.stream), about[1], template, person), each)


def rungs(asked: Asked, unit: str, world: World) -> Iterator[tuple[dt.datetime, str, dt.datetime]]:
    """Yield closing, rung and moment of every reminder for a unit, by the calendars that were in force one by one."""
    known = [(asked.since, dt.datetime.fromisoformat(asked.fact.closes))]
    known += [(when, closes) for when, units, closes in asked.more_time]
    mine = {asked.closing(unit, when) for when, _ in known}
    calendars = [(asked.since, world.calendar_at(asked.since)), *(each for each in world.calendars if each[0] > asked.since)]
    for closes in sorted(mine):
        since = min(when for when, each in known if each == closes)
        for number, (begins, calendar) in enumerate(calendars):
            ends = calendars[number + 1][0] if number + 1 < len(calendars) else LATER
            for rung, days in RUNGS.items():
                moment = _nine(closes, days, calendar)
                if max(since, begins, asked.opens) < moment < min(closes, ends):
                    yield closes, rung, moment


def _nine(closes: dt.datetime, days: int, calendar: Any) -> dt.datetime:
    day = last_day(closes)
    last = day if works(day, calendar) else counted(day, -1, calendar)
    return dt.datetime.combine(counted(last, -days, calendar), dt.time(9), BEIJING).astimezone(dt.UTC)


def _reminder(asked: Asked, closes: dt.datetime, rung: str, unfiled: int, moment: dt.datetime) -> str:
    when = "今天" if rung == "T" else f"还有{rung[2:]}个工作日"
    left = f"还有{unfiled}张表没有提交" if unfiled else "尚未报齐"
    guessed = "（该年度工作日历尚未公布，提醒日期为暂定）" if moment.astimezone(BEIJING).year > 2026 else ""
    return f"“{asked.fact.title}”{when}截止（{ending(closes)}），本单位{left}，请及时办理。{guessed}"


def last_day(closes: dt.datetime) -> dt.date:
    return (closes - dt.timedelta(microseconds=1)).astimezone(BEIJING).date()


def ending(closes: dt.datetime) -> str:
    day = last_day(closes)
    return f"{day.year}年{day.month}月{day.day}日24时"


def opening(opens: dt.datetime) -> str:
    day = opens.astimezone(BEIJING)
    return f"{day.year}年{day.month}月{day.day}日"
