"""What people do about a year's campaigns: the section opens, urges, gives more time and ends; units say 零申报."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from uuid import UUID, uuid5

from service.demo.city import City
from service.year.acts import COMMANDS
from service.year.asked import TEN, Asked, asked_for, at_hour
from service.year.dice import Dice
from service.year.world import World
from workflows.campaigns import Campaign, Purpose
from workflows.campaigns.coverage import Standing, UnitStands
from workflows.campaigns.moments import beginning, ending
from workflows.commands import campaign_units, campaigns
from workflows.folds.replay import Table
from workflows.store.campaign_sums import standings_of
from workflows.store.journal import PostgresJournal
from workflows.vocabulary import Actor, Role
from workflows.workdays import add_workdays, beijing_date

MORE_DAYS, LOOKS_AFTER = 10, 2
"""Working days: what a late unit is given, and when the section looks whether it has filed."""
SILENT_PERCENT = 30
WHY_MORE = "部分单位预算口径调整，数据核对尚未完成，同意延期报送。"
NONE_THIS_YEAR = "本单位本年度没有项目支出预算，经核对无须申报。"


@dataclass(frozen=True, order=True)
class Deed:
    """One thing to be done about a campaign: when, under which name it is done once, and how."""

    at: datetime
    name: str
    do: Callable[[], None] = field(compare=False)


@dataclass
class Bureau:
    """The campaigns of the years walked: those opened, what is done of their agenda, and who asked for more time."""

    world: World
    city: City
    dice: Dice
    years: Sequence[int]
    running: dict[Asked, Campaign] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)
    asking: dict[Asked, dict[str, date]] = field(default_factory=dict)
    acts: Counter[str] = field(default_factory=Counter)

    def opened(self) -> dict[str, int]:
        """Return how many campaigns of each purpose were opened."""
        return dict(Counter(asked.purpose.value for asked in self.running))

    def next_moments(self, tables: Mapping[UUID, Table]) -> list[datetime]:
        """Return when something is to be done about campaigns."""
        return [deed.at for deed in self._deeds(tables)]

    def act(self, tables: Mapping[UUID, Table], now: datetime) -> None:
        """Do what is due, in the order of its moments."""
        for deed in sorted(self._deeds(tables)):
            if deed.at <= now:
                deed.do()
                self.done.add(deed.name)

    def asks_for_time(self, unit: str, asked: Asked, now: datetime) -> datetime:
        """Note that a unit came too late and asks for more time; return when it comes again: the next working day."""
        today = beijing_date(now)
        self.asking.setdefault(asked, {})[unit] = today
        return at_hour(add_workdays(today, 1).date, TEN)

    def _deeds(self, tables: Mapping[UUID, Table]) -> list[Deed]:
        agenda = (
            deed
            for year in self.years
            for asked in asked_for(year, tables.values())
            for deed in (self._of(asked, tables) if asked in self.running else self._first(asked, tables))
        )
        return [deed for deed in agenda if deed.name not in self.done]

    def _first(self, asked: Asked, tables: Mapping[UUID, Table]) -> Iterator[Deed]:
        yield Deed(asked.announced, f"{asked.name}:open", partial(self._open, asked, tables))

    def _of(self, asked: Asked, tables: Mapping[UUID, Table]) -> Iterator[Deed]:
        """Yield what is to be done about a campaign that was opened; nothing once it was ended."""
        if self.running[asked].closed_at:
            return
        if asked.purpose == Purpose.GOAL_FILING:
            yield Deed(asked.urged, f"{asked.name}:urge", partial(self._urge, asked))
            for unit in self._without_projects(asked, tables):
                yield Deed(asked.declared, f"{asked.name}:{unit}", partial(self._declare, asked, unit))
        else:
            complete = partial(self._end, asked, "各单位均已报齐。")
            yield Deed(asked.looked_at, f"{asked.name}:complete", complete)
        for day in sorted(set(self.asking.get(asked, {}).values())):
            yield Deed(at_hour(day, TEN), f"{asked.name}:more:{day}", partial(self._extend, asked, day))
            looks = at_hour(add_workdays(day, LOOKS_AFTER).date, TEN)
            yield Deed(looks, f"{asked.name}:end:{day}", partial(self._end, asked, "延期单位均已报齐。"))

    def _open(self, asked: Asked, tables: Mapping[UUID, Table]) -> None:
        """Ask every unit for goals, for all else those that have a project in the year."""
        goals = asked.purpose == Purpose.GOAL_FILING
        units = [unit.id for unit in self.city.units() if goals or unit.id in _busy(asked, tables)]
        scope = {unit: self.city.home(unit, "").department for unit in units}
        terms = campaigns.Terms(
            asked.year, asked.purpose, asked.title, beginning(asked.opens.isoformat()),
            ending(asked.closes.isoformat()), scope, window=asked.window,
            basis=f"清财绩〔{beijing_date(asked.announced).year}〕通知",
        )  # fmt: skip
        bureau = next(organ.id for organ in self.city.organs if organ.kind == "bureau")
        with self.world.journal() as journal:
            self.running[asked] = campaigns.open_campaign(
                journal, bureau=bureau, terms=terms, by=_first(journal, Role.FINANCE_PERFORMANCE, bureau),
                command_id=self._command(asked, "open"),
            )  # fmt: skip

    def _urge(self, asked: Asked) -> None:
        """Urge those that have not filed, if there are any."""
        with self.world.journal() as journal:
            units = standings_of(journal.tx, self.running[asked])
            if not _missing(units):
                return
            campaign_units.urge_missing(
                journal, self.running[asked], units=units, by=self._section(journal, asked),
                command_id=self._command(asked, "urge"),
            )  # fmt: skip
        self.acts["campaign.urged"] += 1

    def _declare(self, asked: Asked, unit: str) -> None:
        with self.world.journal() as journal:
            (stands,) = standings_of(journal.tx, self.running[asked], (unit,))
            self.running[asked] = campaign_units.declare_complete(
                journal, self.running[asked], stands=stands, by=_first(journal, Role.CLERK, unit),
                command_id=self._command(asked, unit), note=NONE_THIS_YEAR,
            )  # fmt: skip
        self.acts["campaign.declared"] += 1

    def _extend(self, asked: Asked, day: date) -> None:
        """Give those that asked on a day more time."""
        with self.world.journal() as journal:
            self.running[asked] = campaigns.extend_campaign(
                journal, self.running[asked], closes=ending(add_workdays(day, MORE_DAYS).date.isoformat()),
                reason=WHY_MORE, by=self._section(journal, asked), command_id=self._command(asked, f"more:{day}"),
                units=[unit for unit, asked_on in self.asking[asked].items() if asked_on == day],
            )  # fmt: skip
        self.acts["campaign.extended"] += 1

    def _end(self, asked: Asked, reason: str) -> None:
        """End a campaign before its time, unless a unit whose time still runs is missing."""
        with self.world.journal() as journal:
            campaign, now = self.running[asked], journal.now()
            waiting = [each for each in _missing(standings_of(journal.tx, campaign)) if each.closes > now]
            if waiting:
                return
            self.running[asked] = campaigns.close_campaign(
                journal, campaign, reason=reason, by=self._section(journal, asked),
                command_id=self._command(asked, "end"),
            )  # fmt: skip
        self.acts["campaign.closed"] += 1

    def _without_projects(self, asked: Asked, tables: Mapping[UUID, Table]) -> list[str]:
        """Return the units that have nothing to file and say so; one at least keeps silent to the end."""
        idle = self.running[asked].scope.keys() - _busy(asked, tables)
        order = sorted(idle, key=lambda unit: (self.dice.number("silent", asked.year, unit), unit))
        return [unit for unit in order[1:] if not self.dice.below(SILENT_PERCENT, "says", asked.year, unit)]

    def _section(self, journal: PostgresJournal, asked: Asked) -> Actor:
        return _first(journal, Role.FINANCE_PERFORMANCE, self.running[asked].bureau)

    def _command(self, asked: Asked, step: str) -> UUID:
        return uuid5(COMMANDS, f"{self.dice.seed}:{asked.name}:{step}")


def _busy(asked: Asked, tables: Mapping[UUID, Table]) -> set[str]:
    return {table.unit for table in tables.values() if table.year == asked.year}


def _missing(units: Collection[UnitStands]) -> list[UnitStands]:
    return [each for each in units if each.standing == Standing.MISSING]


def _first(journal: PostgresJournal, role: Role, organ: str) -> Actor:
    return next(iter(journal.holders(role, organ)))
