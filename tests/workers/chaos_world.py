"""The installation of the chaos year: its processes, how far its clock has come, what people do to it and what breaks."""

import random
import threading
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.exc import DBAPIError

from tests.support.cluster import Broker, TestCluster
from tests.support.notices_by_the_log import Step
from tests.workers import chaos_cast as cast
from tests.workers.chaos_campaigns import Campaigns
from tests.workers.chaos_posts import Receiver
from tests.workers.chaos_web import RunningWeb
from tests.workers.desk import Bureau
from tests.workers.processes import Hands, MailSink
from workers.campaign_reminders import behind_the_calendar
from workers.recounting import waiting_tables
from workflows.errors import GoaltrailError
from workflows.store.installation import set_virtual_now
from workflows.store.refusals import ConnectionLost
from workflows.store.settling import unsettled
from workflows.store.transaction import begin

LONGEST_DRAIN = 900
INCIDENTS = ("worker", "dispatch", "web", "database", "flush", "broker", "receiver")
LATE_STAGES = "SELECT DISTINCT table_id FROM desk.task WHERE stage IN ('monitoring', 'self_evaluation') ORDER BY table_id"


@dataclass
class Year:
    """The installation under test, how far its clock has come, and what was done to it."""

    bureau: Bureau
    cluster: TestCluster
    broker: Broker
    hands: Hands
    web: RunningWeb
    sink: MailSink
    receiver: Receiver
    superuser: str
    dice: random.Random
    crowd: cast.Crowd
    campaigns: Campaigns
    dangers: tuple[str, ...] = INCIDENTS
    tokens: dict[str, str] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    really: list[float] = field(default_factory=list)
    incidents: Counter[str] = field(default_factory=Counter)
    over_http: Counter[int] = field(default_factory=Counter)

    def now(self) -> datetime:
        return self.bureau.rows("SELECT log.now() AS now")[0]["now"]

    def moves_clock(self, by: timedelta) -> datetime:
        moment = self.now() + by
        self.really.append(time.time())
        with begin(self.bureau.engine) as tx:
            set_virtual_now(tx, moment)
        return moment

    def drains(self, since: datetime) -> None:
        """Wait until nothing that is due is left; note how far the clock ran on meanwhile."""
        until = time.monotonic() + LONGEST_DRAIN
        while not self.settled():
            assert time.monotonic() < until, self.hands.said()
            time.sleep(0.5)
        self.steps.append(Step(since, self.now()))

    def people_act(self, share: float, late: Sequence[UUID]) -> None:
        """A share of all tables, and more often those that are monitored or evaluated: they are few and far from done."""
        tables = cast.some(self.bureau.tables, self.dice, share)
        tables += cast.some([*late, *late], self.dice, 1.5 * share) if late else []
        commands = [UUID(int=self.dice.getrandbits(128)) for _ in tables]
        urging = UUID(int=self.dice.getrandbits(128))
        with ThreadPoolExecutor(2) as pool:
            urged = pool.submit(self.until_it_is_said, lambda: self.campaigns.urges(urging))
            list(pool.map(self.one_act, tables, commands))
            urged.result()

    def one_act(self, table: UUID, command: UUID) -> None:
        """Act once, however often it has to be said; every fifth pass goes over HTTP."""
        if command.int % 5 == 0:
            self.over_http[self.web.approves(self.tokens[self.head_of(table)], table, command)] += 1
        else:
            self.until_it_is_said(lambda: self.crowd.acts(table, command))

    def until_it_is_said(self, act) -> None:
        """Say something again until the database answers; a refusal is an answer."""
        until = time.monotonic() + 120
        while time.monotonic() < until:
            try:
                act()
            except (DBAPIError, ConnectionLost):
                time.sleep(0.5)
            except GoaltrailError:
                return
            else:
                return
        raise AssertionError("the database did not come back")

    def head_of(self, table: UUID) -> str:
        return cast.HEADS[self.crowd.unit_of[table]].id

    def strikes(self, incident: str) -> None:
        self.incidents[incident] += 1
        match incident:
            case "worker" | "dispatch":
                living = [each for each in self.hands.kept[incident] if each.poll() is None]
                self.hands.kill(self.dice.choice(living))
                self.hands.kept[incident].append(self.hands.start(incident))
            case "web":
                self.web.kill()
                self.web.start()
            case "database":
                self.cluster.kill()
                self.cluster.start()
                self.bureau.engine.dispose()
            case "flush":
                self.broker.flushall()
            case "broker":
                self.broker.kill()
            case "receiver":
                self.receiver.hangs_up += 1

    def settled(self) -> bool:
        try:
            with begin(self.bureau.engine) as tx:
                due = [what for what in unsettled(tx) if what != "unsealed"]
                return not due and not waiting_tables(tx, 1) and not behind_the_calendar(tx)
        except (DBAPIError, GoaltrailError):
            return False

    def step(self, share: float, days: float, danger: float) -> None:
        """The clock leaps; while the work drains people act and perhaps something breaks; then all is waited for."""
        began = self.moves_clock(timedelta(days=days))
        incident = self.dice.choice(self.dangers) if self.dice.random() < danger else "nothing"
        late = [row["table_id"] for row in self.bureau.rows(LATE_STAGES)]
        acting = threading.Thread(target=self.people_act, args=(share, late))
        acting.start()
        time.sleep(self.dice.random() * 2)
        self.strikes(incident)
        acting.join()
        self.drains(began)
        if incident == "broker":
            self.broker.start()
