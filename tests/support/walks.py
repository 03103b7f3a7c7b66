"""Random walks of one table: a cast, a chain, a script of steps that can be printed and walked again."""

import json
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from tests.support import roster
from tests.support.acts import ACTS
from tests.support.ballot_box import BallotBox
from tests.support.chains import signed_by_three, standard_but
from tests.support.choices import Step, choice
from tests.support.contents import document
from tests.support.invariants import check_table
from tests.support.life import memory
from tests.support.memory_journal import MemoryJournal
from tests.support.state_space import branched
from workflows.commands import importing
from workflows.commands.recipe import Seen
from workflows.definitions import shipped
from workflows.errors import GoaltrailError
from workflows.folds.replay import Table, apply
from workflows.rights.permissions import may_read, seats_of
from workflows.rights.segregation import refusal_at
from workflows.vocabulary import REVIEW_STAGES, SYSTEM, Actor, Cover, Post, Role, Stage, Waiver

NAMES = UUID("2f0d1f57-6f0b-5a64-9a55-0d6b1f7a4c11")
DOCUMENT = UUID("7a9d3f0e-1c44-5a0e-8d57-5f6d0d1c2b3a")
BUREAU, DEPARTMENT, UNIT = roster.BUREAU, roster.DEPARTMENT, roster.UNIT


def _covering(actor: Actor, principal: Actor, **reach: Any) -> Actor:
    cover = Cover(f"grant-{actor.id}", principal.id, principal.name, principal.posts, **reach)
    return Actor(actor.id, actor.name, actor.posts, (cover,))


MONEY = roster.person("money", (Role.UNIT_FINANCE, UNIT))
SECOND_CLERK = roster.person("clerk_two", (Role.CLERK, UNIT))
SECOND_PLANNER = roster.person("planner_two", (Role.DEPARTMENT_FINANCE, DEPARTMENT))
SECOND_BUSINESS = roster.person("business_two", (Role.FINANCE_BUSINESS, BUREAU))
SECOND_PERFORMANCE = roster.person("performance_two", (Role.FINANCE_PERFORMANCE, BUREAU))
PROCESS_ADMIN = roster.person("process", (Role.PROCESS_ADMIN, BUREAU))
PLAIN = (
    roster.CLERK, SECOND_CLERK, roster.UNIT_HEAD, roster.SECOND_UNIT_HEAD, MONEY, roster.DEPARTMENT_FINANCE, SECOND_PLANNER,
    roster.DEPARTMENT_BUSINESS, roster.FINANCE_BUSINESS, SECOND_BUSINESS, roster.FINANCE_PERFORMANCE, SECOND_PERFORMANCE,
    roster.FINANCE_BUDGET, roster.FINANCE_LEADER, PROCESS_ADMIN, roster.SECURITY_ADMIN, roster.OBSERVER, roster.OTHER_CLERK,
)  # fmt: skip
DEPUTIES = (
    _covering(roster.person("deputy_of_head", (Role.UNIT_BUSINESS, UNIT)), roster.UNIT_HEAD),
    _covering(
        roster.person("deputy_of_performance", (Role.FINANCE_BUDGET, BUREAU)), roster.FINANCE_PERFORMANCE,
        nodes=("finance_performance",), most="100",
    ),
    _covering(roster.person("deputy_for_little", (Role.FINANCE_LEADER, BUREAU)), roster.FINANCE_BUSINESS, most="1"),
    _covering(
        roster.person("deputy_of_planner", (Role.DEPARTMENT_BUSINESS, DEPARTMENT)), roster.DEPARTMENT_FINANCE, units=(UNIT,)
    ),
    _covering(
        roster.person("deputy_elsewhere", (Role.DEPARTMENT_BUSINESS, DEPARTMENT)), SECOND_PLANNER, units=(roster.OTHER_UNIT,)
    ),
)
TWO_HATS = Actor(
    "two_hats", "两岗同志", (Post(Role.UNIT_HEAD, UNIT), Post(Role.UNIT_BUSINESS, UNIT)),
    waivers=(Waiver("waiver-1", "S2", UNIT),),
)
CASTS = {
    "plain": PLAIN,
    "covered": (*PLAIN, *DEPUTIES),
    "many hats": (*PLAIN, *DEPUTIES, TWO_HATS, roster.EVERY_HAT),
}


def _each(role: str, of: str) -> list[dict[str, Any]]:
    return [{"group": role, "role": role, "of": of, "take": "each"}]


PANEL = [*_each("finance_business", "bureau"), *_each("finance_performance", "bureau")]
"""Two groups of two named people, or three where somebody wears many hats."""
COUNTERSIGN = json.loads((Path(__file__).parents[1] / "definitions" / "countersign.json").read_text(encoding="utf-8"))


def _chains() -> dict[str, dict[str, Any]]:
    found = {"standard": shipped(), "full": shipped("full"), "countersign": COUNTERSIGN}
    for against in ("veto", "majority", "wait"):
        for ordered in (False, True):
            how = f"{against}{', in order' if ordered else ''}"
            for kind, need in (("any", 1), ("all", 1), ("count", 2), ("percent", 60)):
                found[f"unit: {kind} {need}, {how}"] = signed_by_three(kind, need, against, ordered=ordered)
            rule = {"kind": "per_group", "need": 1, "against": against}
            found[f"bureau: per group, {how}"] = standard_but("finance_business", signers=PANEL, rule=rule, ordered=ordered)
            rule = {"kind": "count", "need": 2, "against": against}
            found[f"department: two of each, {how}"] = standard_but(
                "department_finance", signers=_each("department_finance", "department"), rule=rule, ordered=ordered
            )
    for when in ("金额 >= 500", "金额 < 500", "重点", "not 重点"):
        found[f"when {when}"] = standard_but("department_finance", when=when)
    for until in ("opened", "never"):
        found[until] = {**standard_but("unit_head", working_days=2), "withdraw_until": until}
    return found


CHAINS = _chains()
"""Every chain that is walked, by name."""


class WalkJournal(MemoryJournal):
    """A journal in memory that folds on from the table it gave out last instead of from the beginning."""

    _last: Table | None = None

    def lock_table(self, table_id: UUID, command_id: UUID | None = None) -> Table:
        log = self.streams.get(table_id, [])
        table = self._last
        if table is None or table.id != table_id or table.version > len(log) or table.head != self._head(log, table.version):
            self._last = super().lock_table(table_id, command_id)
            return self._last
        for recorded in log[table.version :]:
            table = apply(table, recorded)
        self._last = table
        return table

    @staticmethod
    def _head(log: Sequence[Any], version: int) -> str:
        return str(log[version - 1].leaf_hash.hex())


@cache
def _imported(chain: str, cast: str) -> tuple[MemoryJournal, UUID]:
    journal = memory()
    journal = WalkJournal(journal.at, CASTS[cast])
    (table,) = importing.import_document(
        journal, DOCUMENT, filing=importing.Filing("申报.txt", "正文".encode(), document(), ()), homes=(roster.HOME,),
        year=2026, by=roster.CLERK, post=Post(Role.CLERK, UNIT), command_id=uuid5(NAMES, "import"),
        definition=CHAINS[chain],
    )  # fmt: skip
    return journal, table.id


@dataclass
class Walk:
    """A table on its way; every step is checked, and kept in the script."""

    chain: str
    cast: str
    script: list[Step] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        """Begin with the table just taken in."""
        start, self.id = _imported(self.chain, self.cast)
        self.journal = branched(start)
        self.definition = CHAINS[self.chain]
        self.people = {person.id: person for person in (*CASTS[self.cast], SYSTEM)}
        self.table = self.journal.lock_table(self.id)
        self.box = BallotBox(self.definition)
        self.box.follow(self.table, self.table, self.history)
        self.was_approved = False

    @property
    def history(self) -> tuple[Any, ...]:
        return self.journal.history(self.id)

    def take(self, step: Step) -> bool:
        """Try a step; True where something was recorded."""
        self.script.append(step)
        self.journal.at += timedelta(minutes=step.minutes)
        before, length = self.table, self.table.version
        seen = Seen(before.version - (before.aside + 1 if step.behind else 0), before.content_hash)
        words = {**step.words, "seen": seen, "by": self.people[step.person], "command_id": uuid5(NAMES, str(len(self.script)))}
        try:
            ACTS[step.act](self.journal, before, **words)
        except GoaltrailError as refusal:
            assert len(self.history) == length, "a refusal changes nothing"
            self.refused[f"{step.act}: {type(refusal).__name__} {getattr(refusal, 'rule', '')}"] += 1
            return False
        if len(self.history) == length:
            self.counts[step.act] += step.act in KEEPS_DRAFTS
            return False
        self.table = self.journal.lock_table(self.id)
        self._check(step, before)
        if step.again and step.act not in KEEPS_DRAFTS:
            ACTS[step.act](self.journal, before, **words)
            assert self.journal.lock_table(self.id) == self.table, "INV16: a repeat changes nothing"
        self.counts[step.act] += 1
        return True

    def _check(self, step: Step, before: Table) -> None:
        after, history = self.table, self.history
        news = history[before.version :]
        if step.behind:
            assert step.act not in DECIDES, "INV16: nobody decides on a version that is gone"
        self.box.follow(before, after, news)
        check_table(after, history, news)
        assert self.box.open_nodes == {desk.node for desk in after.desks}, "an orphan task"
        for node in {desk.node for desk in after.desks}:
            free = [d for d in after.desks if d.node == node and not any(after.task(each) for each in d.waits_for)]
            assert free, "tasks of a node wait for one another"
        self._check_readers(after)
        self.was_approved |= after.stage == Stage.MONITORING

    def _check_readers(self, table: Table) -> None:
        for person in self.people.values():
            for seat in seats_of(person, table):
                if table.stage in REVIEW_STAGES and refusal_at(person, table, seat.desk, seat.cover) is None:
                    assert may_read(person, table), f"INV17: {person.id}"


KEEPS_DRAFTS = frozenset({"complete", "edit goals", "edit purpose", "edit key project"})
DECIDES = frozenset({"approve", "return", "reply", "submit", "end", "confirm", "withdraw", "recall", "transfer"})


def walked(seed: int, chain: str, cast: str, steps: int) -> Walk:
    """Walk at random, by this seed; an AssertionError names the seed and holds the script for `walk_again`."""
    dice, walk = random.Random(f"{seed}:{chain}:{cast}"), Walk(chain, cast)
    try:
        while len(walk.script) < steps and not walk.table.ended:
            walk.take(choice(walk.journal, walk.table, walk.definition, tuple(walk.people.values()), dice))
    except AssertionError as error:
        raise AssertionError(f"{error}\nseed {seed}\n{as_code(walk)}") from error
    return walk


def walk_again(chain: str, cast: str, script: Sequence[Step]) -> Walk:
    """Walk a printed script."""
    walk = Walk(chain, cast)
    for step in script:
        walk.take(step)
    return walk


def as_code(walk: Walk) -> str:
    """Print a script as the Python that walks it again."""
    steps = ",\n    ".join(repr(step) for step in walk.script)
    return f"walk_again({walk.chain!r}, {walk.cast!r}, [\n    {steps},\n])"
