"""The people of the chaos year: their posts, what they want to be told where, their tables, who is away."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from tests.support.chains import standard_but
from tests.support.filings_by_the_log import Refused
from tests.support.many_tables import REVIEWERS, many_waiting
from tests.support.notices_by_the_log import Cover
from tests.support.roster import BUREAU, person
from tests.workers.chaos_acts import acted
from tests.workers.chaos_posts import HOOK, ROBOT
from tests.workers.desk import Bureau, address_of
from workflows.commands import replying, reviewing
from workflows.commands.administering import give_grant
from workflows.commands.covering import Terms, give_cover
from workflows.commands.importing import Home
from workflows.commands.recipe import Seen
from workflows.errors import GoaltrailError
from workflows.folds.replay import Table
from workflows.store.accounts import make_account
from workflows.store.journal import PostgresJournal
from workflows.store.preferences import Preference, keep_preference
from workflows.store.refusals import ConnectionLost
from workflows.store.transaction import begin
from workflows.vocabulary import Actor, Role

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

CLASSES = ("task", "return", "reminder", "copy", "system")
BY_HOOK = {each.id for each in (*CLERKS[:4], *HEADS[:4], *SECONDS[:4])}
BY_ROBOT = {each.id for each in PLANNERS}
REMINDING = ("reminder.", "task.overdue", "task.escalated", "task.urged")
"""What the business section, which wants no reminders by mail, is told otherwise."""

TO_LEADER = {"role": "finance_leader", "of": "bureau"}


def escalating() -> dict[str, Any]:
    """The standard chain with ladders of its own: the leader is told, or let in beside the holder; copies have a term."""
    reminded = [{"at": at, "do": "remind"} for at in ("T-2", "T", "T+1")]
    handed = [*reminded, {"at": "T+2", "do": "hand", "to": TO_LEADER}]
    chain = standard_but("department_finance", ladder=[*reminded, {"at": "T+3", "do": "inform", "to": TO_LEADER}])
    for node in chain["nodes"]:
        if node["node"] in ("finance_business", "archiving"):
            node["ladder"] = handed
    return chain | {"copies_read_after": 10}


ESCALATING = escalating()


def settle_in(bureau: Bureau) -> None:
    """Give everybody an account with an address and the posts, and some of them other channels."""
    with begin(bureau.engine) as tx:
        for each in PEOPLE:
            make_account(tx, person=each.id, login=each.id, name=each.name, password_hash="x", email=address_of(each.id))
            for post in each.posts:
                give_grant(PostgresJournal(tx), person=each.id, name=each.name, post=post, by=SECURITY, command_id=uuid4())
            if each.id in BY_HOOK | BY_ROBOT:
                door = HOOK if each.id in BY_HOOK else ROBOT
                keep_preference(tx, each.id, Preference(wanted=frozenset((of, door) for of in CLASSES), quiet=None))
        keep_preference(tx, BUSINESS.id, Preference(unwanted=frozenset({("reminder", "mail")}), quiet=None))


def wants(person: str, channel: str, template: str) -> bool:
    """Whether somebody is told of something on a channel: by what was chosen in `settle_in`, said once more."""
    match channel:
        case "mail":
            return person != BUSINESS.id or not template.startswith(REMINDING)
        case "webhook:oa":
            return person in BY_HOOK
        case "wecom":
            return person in BY_ROBOT
    return channel == "inbox"


def department_of(unit: int) -> str:
    return f"dept{unit % DEPARTMENTS}"


def holder(table: Table, role: Role) -> Actor:
    """Who holds the role for a table."""
    unit = int(table.unit.removeprefix("unit"))
    known = {
        Role.CLERK: CLERKS[unit], Role.UNIT_HEAD: HEADS[unit], Role.DEPARTMENT_FINANCE: PLANNERS[unit % DEPARTMENTS],
        Role.FINANCE_BUSINESS: BUSINESS, Role.FINANCE_PERFORMANCE: PERFORMANCE, Role.FINANCE_BUDGET: BUDGET,
        Role.FINANCE_LEADER: LEADER,
    }  # fmt: skip
    return known[role]


@dataclass
class Crowd:
    """What people do at random; every act keeps its command, so that it can be said again after a crash."""

    bureau: Bureau
    dice: random.Random
    covers: list[Cover] = field(default_factory=list)
    done: int = 0
    refused: int = 0
    cut_off: list[Refused] = field(default_factory=list)
    unit_of: dict[UUID, int] = field(default_factory=dict)

    def plant(self, unit: int, number: int) -> None:
        """Tables of one unit: a tenth replied to at once, a fifth still drafts, the others before the unit's head.

        Those of every second unit go along a chain with ladders of its own.
        """
        home = Home(BUREAU, department_of(unit), f"unit{unit}", CLERKS[unit].id)
        how = {"home": home, "clerk": CLERKS[unit], "definition": ESCALATING if unit % 2 else None}
        drafts = max(1, number // 5)
        made = many_waiting(self.bureau.engine, number - drafts, name=f"单位{unit}项目", **how)
        made += many_waiting(self.bureau.engine, drafts, name=f"单位{unit}草稿", submit=False, **how)
        self.bureau.tables += [each.id for each in made]
        self.unit_of |= {each.id: unit for each in made}
        self.reply_to([each.id for each in made[: max(1, number // 10)]])

    def reply_to(self, tables: Sequence[UUID]) -> None:
        """Lead tables through every review; one document replies to all of them."""
        for table_id in tables:
            for role in REVIEWERS:
                with begin(self.bureau.engine) as tx:
                    journal = PostgresJournal(tx)
                    table = journal.lock_table(table_id)
                    seen, by = Seen(table.version, table.content_hash), holder(table, role)
                    reviewing.approve_table(journal, table_id, seen=seen, by=by, command_id=uuid4(), opinion="同意")
        with begin(self.bureau.engine) as tx:
            journal = PostgresJournal(tx)
            found = {each: journal.lock_table(each) for each in sorted(tables)}
            replying.issue_reply(
                journal, uuid4(), tables={each: Seen(t.version, t.content_hash) for each, t in found.items()},
                doc_no=f"清财预〔2026〕{self.dice.randint(1, 999)}号", by=BUDGET, command_id=uuid4(),
            )  # fmt: skip

    def acts(self, table_id: UUID, command: UUID) -> None:
        """One act at a table, whichever its state allows; the dice are drawn from the command, so it is repeatable."""
        with begin(self.bureau.engine) as tx:
            journal = PostgresJournal(tx)
            table, now = journal.lock_table(table_id), journal.now()
            try:
                acted(journal, table, command, random.Random(command.int), holder)
                self.done += 1
            except ConnectionLost:
                raise
            except GoaltrailError as refusal:
                self.refused += 1
                rule = getattr(refusal, "rule", "")
                if rule in ("G-CUTOFF", "G-NOT-OPEN"):
                    self.cut_off.append(Refused(table_id, now, rule, table.version))

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


def some(tables: Sequence[UUID], dice: random.Random, share: float) -> list[UUID]:
    """A random share of the tables, at least one."""
    return dice.sample(list(tables), max(1, int(len(tables) * share)))
