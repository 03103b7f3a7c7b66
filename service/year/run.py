"""The year itself: file, then move the clock to the next moment at which a person or a timer acts, until all closed."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from service.demo.city import City
from service.year.acts import COMMANDS, Scene, act, holder_of
from service.year.bureau import Bureau
from service.year.cast import Cast, cast_of
from service.year.dice import Dice
from service.year.documents import Planned
from service.year.habits import acts_at, asked_at, filed_on
from service.year.parts import Parts
from service.year.refusals import YearStuck
from service.year.tally import Tally
from service.year.world import World
from workflows.campaigns.cut_off import CUT_OFF, NOT_OPEN, came_back
from workflows.commands.importing import import_document
from workflows.commands.recipe import Seen
from workflows.commands.replying import issue_reply
from workflows.errors import NotOpenNow
from workflows.folds.replay import Desk, Table
from workflows.vocabulary import MAIN_LINE, Post, Role, Stage
from workflows.workdays import beijing_date

MOST_MOMENTS = 3000
Due = tuple[datetime, UUID, str]


@dataclass
class Year:
    """A year in progress: what is still to be filed, the tables as they stand, and who gets which story."""

    world: World
    city: City
    documents: Sequence[Planned]
    dice: Dice
    tell: Callable[[float, str], None]
    cast: Cast = field(init=False)
    bureau: Bureau = field(init=False)
    parts: Parts = field(init=False)
    tables: dict[UUID, Table] = field(default_factory=dict)
    tally: Tally = field(default_factory=Tally)
    again: dict[str, datetime] = field(default_factory=dict)
    moments: int = 0

    def __post_init__(self) -> None:
        """Throw the stories."""
        self.cast = cast_of(self.dice, [table for document in self.documents for table in document.tables])
        years = sorted({document.year for document in self.documents})
        self.bureau = Bureau(self.world, self.city, self.dice, years)
        self.parts = Parts(self.world)

    def run(self) -> None:
        """Go through the whole agenda; YearStuck if it does not end, NotDelivered if the workers do not settle."""
        for _ in range(MOST_MOMENTS):
            moment = self._next_moment()
            if moment is None:
                return
            self.world.move_to(moment)
            if self.moments:
                self.world.settle()
                self.tables = self.world.tables()
            self._people_act(max(moment, self.world.now()))
            self.world.settle()
            self.moments += 1
            self.tell(self._done(), f"{beijing_date(moment).isoformat()} {self._where()}")
        raise YearStuck(f"{MOST_MOMENTS}个时刻之后仍有未办结的绩效目标表。")

    def _next_moment(self) -> datetime | None:
        """Return the next moment of the merged agenda of filings, people and timers; None when all is done."""
        self.tables = self.world.tables()
        filings = [filed_on(document.year) for document in self._to_file()]
        people = [at for at, _, _ in self._appointments()]
        called = [*self.bureau.next_moments(self.tables), *self.parts.next_moments()]
        if not filings and not self._open() and not called:
            return None
        timer = self.world.next_timer()
        moments = [*filings, *called, *people, *([timer] if timer else [])]
        if not moments:
            left = "、".join(f"《{table.title}》" for table in self._open())
            raise YearStuck(f"再没有任何待办或到期事项，但仍未办结：{left}。")
        return min(moments)

    def _to_file(self) -> list[Planned]:
        return [document for document in self.documents if document.tables[0] not in self.tables]

    def _open(self) -> list[Table]:
        return [table for table in self.tables.values() if not table.ended]

    def _appointments(self) -> Iterator[Due]:
        for table in self._open():
            for desk in table.desks:
                if desk.node == "archiving" and table.open_rectifications:
                    continue
                yield self.again.get(desk.task) or acts_at(table, desk, self.cast), table.id, desk.node

    def _people_act(self, now: datetime) -> None:
        for document in self._to_file():
            if filed_on(document.year) <= now:
                self._file(document)
        replies: dict[tuple[str, int], list[UUID]] = defaultdict(list)
        for at, table_id, node in sorted(self._appointments()):
            if at <= now:
                table = self.tables[table_id]
                desk = table.desk(node)
                if node == "reply":
                    replies[table.bureau, table.year].append(table_id)
                elif desk is not None:
                    self._act(table, desk)
        for (_, year), table_ids in replies.items():
            self._reply(table_ids, year)
        self.bureau.act(self.tables, now)
        self.parts.act(self.tables, now)

    def _file(self, document: Planned) -> None:
        clerk = self.city.person(document.homes[0].owner)
        with self.world.journal() as journal:
            tables = import_document(
                journal, document.id, filing=document.filing, homes=document.homes, year=document.year, by=clerk,
                post=Post(Role.CLERK, document.homes[0].unit), command_id=uuid5(COMMANDS, str(document.id)),
            )  # fmt: skip
        self.tables.update({table.id: table for table in tables})
        self.parts.filed(document.id)

    def _act(self, table: Table, desk: Desk) -> None:
        try:
            with self.world.journal() as journal:
                after = act(Scene(journal, table, desk, self.cast, self.dice))
                self.tally.note(journal, table, after)
                self._note_refiled(table, desk, journal.now())
        except NotOpenNow as refused:
            self._comes_again(table, desk, refused)
        else:
            self.tables[table.id] = after

    def _comes_again(self, table: Table, desk: Desk, refused: NotOpenNow) -> None:
        """Count who was refused at a cut-off and note when he comes again; refusals for other reasons are raised."""
        asked = asked_at(table, desk)
        if asked is None or refused.rule not in (CUT_OFF, NOT_OPEN):
            raise refused
        if refused.rule == NOT_OPEN:
            self.again[desk.task] = asked.begun
        else:
            self.tally.counts["refused"] += 1
            self.again[desk.task] = self.bureau.asks_for_time(table.unit, asked, self.world.now())

    def _note_refiled(self, table: Table, desk: Desk, now: datetime) -> None:
        """Count what was sent back and is filed again though its unit's time is over: that is no missed filing."""
        asked = asked_at(table, desk)
        campaign = self.bureau.running.get(asked) if asked else None
        if campaign and came_back(table, campaign.purpose, desk.node.partition(":")[2]):
            self.tally.counts["refiled"] += campaign.over_for(table.unit, now)

    def _reply(self, table_ids: Sequence[UUID], year: int) -> None:
        """Issue one reply with one document number over all tables that wait for it."""
        self.tally.counts["replies"] += 1
        number = self.tally.counts["replies"]
        waiting = [self.tables[table_id] for table_id in table_ids]
        reply_id = uuid5(COMMANDS, f"{self.dice.seed}:reply:{year}:{number}")
        desk = next(desk for desk in waiting[0].desks if desk.node == "reply")
        with self.world.journal() as journal:
            replied = issue_reply(
                journal, reply_id, tables={each.id: Seen(each.version, each.content_hash) for each in waiting},
                doc_no=f"清财绩〔{year}〕{number}号", opinion="同意批复。", command_id=uuid5(reply_id, "issue"),
                by=holder_of(Scene(journal, waiting[0], desk, self.cast, self.dice)),
            )  # fmt: skip
        self.tables.update({table.id: table for table in replied})

    def counted(self) -> dict[str, Any]:
        """Return what the run counted while people acted, by the name of the figure."""
        return {**self.tally.counts, "campaigns": self.bureau.opened(), "campaign_acts": dict(self.bureau.acts)}

    def _done(self) -> float:
        """Return how far the year is, from 0 to 1, by the stages of its tables."""
        planned = sum(len(document.tables) for document in self.documents)
        steps = sum(_steps(table) for table in self.tables.values())
        return steps / (planned * (len(MAIN_LINE) - 1))

    def _where(self) -> str:
        stages = [table.stage for table in self._open()]
        return "、".join(f"{stage.chinese} {stages.count(stage)}" for stage in Stage if stage in stages)


def _steps(table: Table) -> int:
    return MAIN_LINE.index(table.stage) if table.stage in MAIN_LINE else len(MAIN_LINE) - 1
