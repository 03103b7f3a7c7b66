"""The people of the chaos year and what they do: pass, return, submit again, ask for time, put on hold, be away."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from tests.support.chains import standard_but
from tests.support.many_tables import many_waiting
from tests.support.notices_by_the_log import Cover
from tests.support.roster import BUREAU, person
from tests.workers.desk import Bureau, address_of
from workflows.commands import drafting, pausing, reviewing
from workflows.commands.administering import give_grant
from workflows.commands.covering import Terms, give_cover
from workflows.commands.importing import Home
from workflows.commands.recipe import Seen
from workflows.errors import GoaltrailError
from workflows.folds.replay import Table
from workflows.journal import Journal
from workflows.rights.holders import EXTENSION, open_inquiries
from workflows.store.accounts import make_account
from workflows.store.journal import PostgresJournal
from workflows.store.refusals import ConnectionLost
from workflows.store.transaction import begin
from workflows.vocabulary import Actor, Role, Stage
from workflows.workdays import beijing_date

UNITS, DEPARTMENTS = 8, 2
BUSINESS = person("business", (Role.FINANCE_BUSINESS, BUREAU))
PERFORMANCE = person("performance", (Role.FINANCE_PERFORMANCE, BUREAU))
BUDGET = person("budget", (Role.FINANCE_BUDGET, BUREAU))
LEADER = person("leader", (Role.FINANCE_LEADER, BUREAU))
SECURITY = person("security", (Role.SECURITY_ADMIN, BUREAU))
CLERKS = tuple(person(f"clerk{n}", (Role.CLERK, f"unit{n}")) for n in range(UNITS))
HEADS = tuple(person(f"head{n}", (Role.UNIT_HEAD, f"unit{n}")) for n in range(UNITS))
SECONDS = tuple(person(f"second{n}", (Role.UNIT_BUSINESS, f"unit{n}")) for n in range(UNITS))
PLANNERS = tuple(person(f"planner{n}", (Role.DEPARTMENT_FINANCE, f"dept{n}")) for n in range(DEPARTMENTS))
PEOPLE = (BUSINESS, PERFORMANCE, BUDGET, LEADER, SECURITY, *CLERKS, *HEADS, *SECONDS, *PLANNERS)
TELLS_LEADER = {"at": "T+3", "do": "inform", "to": {"role": "finance_leader", "of": "bureau"}}
WITH_LADDER = standard_but(
    "department_finance",
    ladder=[{"at": "T-2", "do": "remind"}, {"at": "T", "do": "remind"}, {"at": "T+1", "do": "remind"}, TELLS_LEADER],
)  # fmt: skip


def settle_in(bureau: Bureau) -> None:
    """Give everybody an account with an address and the posts."""
    with begin(bureau.engine) as tx:
        for each in PEOPLE:
            make_account(tx, person=each.id, login=each.id, name=each.name, password_hash="x", email=address_of(each.id))
            for post in each.posts:
                give_grant(PostgresJournal(tx), person=each.id, name=each.name, post=post, by=SECURITY, command_id=uuid4())


def department_of(unit: int) -> str:
    return f"dept{unit % DEPARTMENTS}"


@dataclass
class Crowd:
    """What people do at random; every act keeps its command, so that it can be said again after a crash."""

    bureau: Bureau
    dice: random.Random
    covers: list[Cover] = field(default_factory=list)
    done: int = 0
    refused: int = 0
    unit_of: dict[UUID, int] = field(default_factory=dict)

    def plant(self, unit: int, number: int) -> None:
        """Tables of one unit in unit review; those of every second unit go along a chain with a ladder of its own."""
        home = Home(BUREAU, department_of(unit), f"unit{unit}", CLERKS[unit].id)
        tables = many_waiting(
            self.bureau.engine, number, home=home, clerk=CLERKS[unit], name=f"单位{unit}项目",
            definition=WITH_LADDER if unit % 2 else None,
        )  # fmt: skip
        self.bureau.tables += [each.id for each in tables]
        self.unit_of |= {each.id: unit for each in tables}

    def acts(self, table_id: UUID, command: UUID) -> None:
        """One act at a table, whichever its state allows; the dice are drawn from the command, so it is repeatable."""
        dice = random.Random(command.int)
        with begin(self.bureau.engine) as tx:
            journal = PostgresJournal(tx)
            table = journal.lock_table(table_id)
            try:
                self._one(journal, table, command, dice)
                self.done += 1
            except ConnectionLost:
                raise
            except GoaltrailError:
                self.refused += 1

    def _one(self, journal: Journal, table: Table, command: UUID, dice: random.Random) -> None:
        seen = Seen(table.version, table.content_hash)
        today = beijing_date(journal.now())
        asked = open_inquiries(table, EXTENSION)
        desk = table.desks[0] if table.desks else None
        if desk is None or table.ended:
            return
        who = holder(table, Role(desk.role))
        if table.suspended:
            if dice.random() < 0.3:
                pausing.resume_table(journal, table.id, seen=seen, by=PERFORMANCE, command_id=command, reason="材料已经补齐")
        elif asked:
            verb, word = (pausing.grant_extension, "opinion") if dice.random() < 0.7 else (pausing.refuse_extension, "reason")
            verb(journal, table.id, seen=seen, by=PERFORMANCE, command_id=command, request=asked[0].id, **{word: "请抓紧时间办理"})
        elif desk.stage == Stage.DRAFT:
            drafting.submit_table(journal, table.id, seen=seen, by=who, command_id=command)
        elif desk.stage in (Stage.UNIT_REVIEW, Stage.DEPARTMENT_REVIEW, Stage.FINANCE_APPROVAL) and who is not BUDGET:
            self._reviews(journal, table, command, dice)
        elif dice.random() < 0.3:
            pausing.suspend_table(
                journal, table.id, seen=seen, by=PERFORMANCE, command_id=command, until=today + timedelta(dice.randint(2, 20)),
                reason="等待预算调整",
            )

    def _reviews(self, journal: Journal, table: Table, command: UUID, dice: random.Random) -> None:
        seen, desk, today = Seen(table.version, table.content_hash), table.desks[0], beijing_date(journal.now())
        words = {"seen": seen, "by": holder(table, Role(desk.role)), "command_id": command}
        match dice.choices(("pass", "return", "extension", "suspend"), (60, 15, 15, 10))[0]:
            case "pass":
                reviewing.approve_table(journal, table.id, **words, opinion="同意")
            case "return":
                reviewing.return_table(journal, table.id, **words, to=Stage.DRAFT, reason="指标值须核对")
            case "extension":
                until = datetime.fromisoformat(desk.due_at).date() + timedelta(dice.randint(3, 12))
                pausing.ask_extension(journal, table.id, **words, task=desk.task, until=until, reason="数据尚未取得")
            case "suspend":
                until = today + timedelta(dice.randint(2, 20))
                pausing.suspend_table(
                    journal, table.id, seen=seen, by=PERFORMANCE, command_id=command, until=until, reason="等待预算调整"
                )

    def is_away(self, now: datetime) -> None:
        """A head is away from tomorrow on, and the unit's second acts for him."""
        unit = self.dice.randrange(UNITS)
        if any(each.principal is HEADS[unit] for each in self.covers):
            return
        begins, ends = now + timedelta(hours=1), now + timedelta(days=self.dice.randint(10, 60))
        with begin(self.bureau.engine) as tx:
            given = give_cover(
                PostgresJournal(tx), principal=HEADS[unit], deputy=SECONDS[unit], by=HEADS[unit], command_id=uuid4(),
                terms=Terms(begins, ends, "出差不在单位"),
            ).fact
        times = (datetime.fromisoformat(moment) for moment in (given.from_at, given.to_at))
        self.covers.append(Cover(HEADS[unit], SECONDS[unit].id, *times))


def holder(table: Table, role: Role) -> Actor:
    """Who holds the role for a table."""
    unit = int(table.unit.removeprefix("unit"))
    known = {
        Role.CLERK: CLERKS[unit], Role.UNIT_HEAD: HEADS[unit], Role.DEPARTMENT_FINANCE: PLANNERS[unit % DEPARTMENTS],
        Role.FINANCE_BUSINESS: BUSINESS, Role.FINANCE_PERFORMANCE: PERFORMANCE, Role.FINANCE_BUDGET: BUDGET,
    }  # fmt: skip
    return known[role]


def some(tables: Sequence[UUID], dice: random.Random, share: float) -> list[UUID]:
    """A random share of the tables, at least one."""
    return dice.sample(list(tables), max(1, int(len(tables) * share)))
