"""What somebody tries next on a random walk: mostly what fits the moment, at times anything by anybody."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from tests.support.memory_journal import MemoryJournal
from workflows.folds.replay import Desk, Table
from workflows.rights.permissions import a_second_person, seat_at
from workflows.state.standing import DIRECT, STEP_BY_STEP
from workflows.vocabulary import MAIN_LINE, REVIEW_STAGES, Action, Actor, Outcome, Stage

HOUR, DAY = 60, 24 * 60


@dataclass(frozen=True)
class Step:
    """One attempt: who, which act, with what; the clock moves on before it. `behind` sees an old state, `again` repeats."""

    person: str
    act: str
    words: dict[str, Any] = field(default_factory=dict)
    minutes: int = 1
    behind: bool = False
    again: bool = False


@dataclass(frozen=True)
class Moment:
    """What a choice looks at: the table as it stands, everybody, the dice, and a desk picked at random."""

    journal: MemoryJournal
    table: Table
    definition: dict[str, Any]
    people: Sequence[Actor]
    dice: random.Random
    desk: Desk | None

    def anybody(self) -> str:
        return self.dice.choice(self.people).id

    def sitter(self) -> str:
        """Return somebody who could sit at the desk, or anybody where nobody can."""
        desk = self.desk
        fit = [person.id for person in self.people if desk and seat_at(person, self.table, desk)]
        return self.dice.choice(fit) if fit else self.anybody()

    def task(self) -> str:
        return self.desk.task if self.desk else "none"

    def day(self, most: int = 40) -> str:
        return (self.journal.at.date() + timedelta(days=self.dice.randint(-1, most))).isoformat()


def choice(
    journal: MemoryJournal, table: Table, definition: dict[str, Any], people: Sequence[Actor], dice: random.Random
) -> Step:
    """Choose the next step of a walk."""
    desk = dice.choice(table.desks) if table.desks else None
    now = Moment(journal, table, definition, people, dice, desk)
    if dice.random() < 0.06:
        return _anything(now)
    offers = _offers(now)
    act = dice.choices([offer[1] for offer in offers], [offer[0] for offer in offers])[0]
    made = act(now)
    minutes = made.minutes
    if minutes == 1 and table.stage in REVIEW_STAGES:
        minutes = dice.choice((1, 1, 1, 1, 10, 3 * HOUR, DAY, 5 * DAY))
    return Step(
        made.person, made.act, made.words, minutes, behind=dice.random() < 0.03, again=dice.random() < 0.1
    )


Offer = tuple[float, Callable[[Moment], Step]]


def _offers(now: Moment) -> list[Offer]:
    table = now.table
    if table.suspended:
        return [(3, _resume), (1, _plain("resume expired", "system", 5 * DAY)), *BESIDE]
    if now.dice.random() < 0.15 and (open_ends := _open_ends(now)):
        return open_ends
    if table.request:
        return [*ANSWERING, *BESIDE]
    if table.stage == Stage.DRAFT:
        return DRAFTING
    if table.stage in REVIEW_STAGES:
        return [*(ASKED_TO_AGREE if table.amendment else [*REVIEWING, *_forms(now)]), *BESIDE]
    return [*(MONITORING if table.stage == Stage.MONITORING else EVALUATING), *THE_YEAR, *BESIDE]


def _open_ends(now: Moment) -> list[Offer]:
    """Offer what somebody began and another may finish: what is claimed, delegated, added, asked, commented on."""
    table, found = now.table, list[Offer]()
    found += [(1, _expired), (1, _claimers("release"))] if any(d.claimed_by for d in table.desks) else []
    found += [(2, _delegate_answers), (1, _claimers("end delegation"))] if any(d.delegated_to for d in table.desks) else []
    found += [(3, _added)] if any(d.added_by for d in table.desks) else []
    found += [(2, _opinion)] if any(each.to and each.state == "open" for each in table.inquiries) else []
    extensions = [each for each in table.inquiries if not each.to and each.state == "open"]
    found += [(2, ACTS_OF_LEADS[0]), (1, ACTS_OF_LEADS[1])] if extensions else []
    found += [(1, _thread("resolve comment")), (2, _thread("answer comment"))] if table.open_threads else []
    return found


def _claimers(act: str) -> Callable[[Moment], Step]:
    """Make an act of whoever claimed a task."""

    def make(now: Moment) -> Step:
        desk = now.dice.choice([each for each in now.table.desks if each.claimed_by])
        return Step(desk.claimed_by, act, {"task": desk.task})

    return make


def _plain(act: str, person: str = "", minutes: int = 1, **words: Any) -> Callable[[Moment], Step]:
    """Make an act that needs nothing but somebody."""
    return lambda now: Step(person or now.anybody(), act, words, minutes)


def _owner(act: str) -> Callable[[Moment], Step]:
    return lambda now: Step(now.table.owner, act)


def _at_desk(act: str, **more: Callable[[Moment], Any]) -> Callable[[Moment], Step]:
    """Make an act at the desk's task, by somebody who could sit there."""
    return lambda now: Step(now.sitter(), act, {"task": now.task(), **{name: make(now) for name, make in more.items()}})


def _by(act: str, **more: Callable[[Moment], Any]) -> Callable[[Moment], Step]:
    return lambda now: Step(now.anybody(), act, {name: make(now) for name, make in more.items()})


def _person(now: Moment) -> str:
    return now.anybody()


def _task(now: Moment) -> str:
    return now.task()


def _colleague(now: Moment) -> str:
    """Return somebody with the desk's post, or, at times, anybody."""
    desk, dice = now.desk, now.dice
    fit = [each.id for each in now.people if desk and any((p.role, p.organ) == (desk.role, desk.organ) for p in each.posts)]
    return dice.choice(fit) if fit and dice.random() < 0.8 else now.anybody()


def _forward(now: Moment) -> Step:
    """Decide at a task that need not wait, or reply at the reply desk."""
    free = [d for d in now.table.desks if not d.delegated_to and not any(now.table.task(each) for each in d.waits_for)]
    here = replace(now, desk=now.dice.choice(free)) if free and now.dice.random() < 0.9 else now
    if here.desk and here.desk.node == "reply":
        return Step(here.sitter(), "reply")
    return Step(here.sitter(), "approve", {"node": here.task()})


def _forms(now: Moment) -> list[Offer]:
    """Offer the review form: often where the chain demands one that nobody filled in yet, or after a bad one."""
    table = now.table
    if table.stage not in REVIEW_STAGES[1:]:
        return []
    demanding = {node["node"] for node in now.definition["nodes"] if node.get("review")}
    filled = {each.node: each.grade for each in table.reviews if each.covers(table.content_hash)}
    owed = any(desk.node in demanding and desk.node not in filled for desk in table.desks)
    low = any(filled.get(desk.node) in ("fair", "poor") for desk in table.desks)
    good = any(filled.get(desk.node) == "good" for desk in table.desks)
    return [(30 if owed else 10 if low else 1.5, _review), (8 if good else 0.3, lambda m: Step(m.sitter(), "amend"))]


def _review(now: Moment) -> Step:
    (grade,) = now.dice.choices(("excellent", "good", "fair", "poor"), (60, 25, 10, 5))
    key = now.table.key_by != "" or now.dice.random() < 0.1
    return Step(now.sitter(), "review", {"grade": grade, "key": key, "node": now.task()})


def _second(act: str) -> Callable[[Moment], Step]:
    """Answer a waiting request, mostly by somebody who may."""

    def make(now: Moment) -> Step:
        fit = [person.id for person in now.people if a_second_person(person, now.table)]
        return Step(now.dice.choice(fit) if fit and now.dice.random() < 0.8 else now.anybody(), act)

    return make


def _return(now: Moment) -> Step:
    dice, stage = now.dice, now.table.stage
    words: dict[str, Any] = {"node": now.task(), "mode": dice.choice((STEP_BY_STEP, DIRECT))}
    decided = sorted({vote.node for vote in now.table.votes})
    if decided and dice.random() < 0.6:
        target = dice.choice(decided)
        to = next(node["stage"] for node in now.definition["nodes"] if node["node"] == target)
        return Step(now.sitter(), "return", {**words, "to": str(to), "to_node": target})
    to = str(dice.choice(MAIN_LINE[: MAIN_LINE.index(stage) + 1])) if dice.random() < 0.5 else "draft"
    fields = dice.choice(((), ("/goals",), ("/purpose",), ("/goals", "/key_project")))
    return Step(now.sitter(), "return", {**words, "to": to, "fields": fields})


def _by_lead(act: str, **more: Callable[[Moment], Any]) -> Callable[[Moment], Step]:
    """Make an act of the performance section or another lead."""
    return lambda now: Step(
        now.dice.choice(("performance", "performance_two", "planner", "unit_head")), act,
        {name: make(now) for name, make in more.items()},
    )  # fmt: skip


def _extension(now: Moment) -> str:
    return now.dice.choice([each.id for each in now.table.inquiries if not each.to] or ["none"])


def _added(now: Moment) -> Step:
    added = [desk for desk in now.table.desks if desk.added_by]
    desk = now.dice.choice(added) if added else now.desk
    return Step(desk.added_by or now.anybody() if desk else now.anybody(), "remove signer", {"task": desk.task if desk else ""})


def _delegate_answers(now: Moment) -> Step:
    out = [desk for desk in now.table.desks if desk.delegated_to]
    desk = now.dice.choice(out) if out else now.desk
    return Step(desk.delegated_to or now.anybody() if desk else now.anybody(), "answer delegation", {"task": desk.task if desk else ""})


def _opinion(now: Moment) -> Step:
    asked = [each for each in now.table.inquiries if each.to]
    each = now.dice.choice(asked) if asked else None
    return Step(each.to if each else now.anybody(), "give opinion", {"request": each.id if each else "none"})


def _reads(now: Moment) -> Step:
    unread = [each.person for each in now.table.copies if not each.read_at]
    return Step(now.dice.choice(unread) if unread else now.anybody(), "read copies")


def _expired(now: Moment) -> Step:
    claimed = [desk.task for desk in now.table.desks if desk.claimed_until]
    words = {"task": now.dice.choice(claimed) if claimed else now.task()}
    return Step("system", "release expired", words, now.dice.choice((1, 3 * HOUR, 2 * DAY)))


def _paper(now: Moment) -> Step:
    outcome = now.dice.choice((Outcome.PASS, Outcome.PASS, Outcome.RETURN))
    words = {"leader": now.sitter(), "outcome": str(outcome), "to": "draft" if outcome == Outcome.RETURN else None}
    return Step(now.anybody(), "enter paper", {"task": now.task(), **words})


def _recall(now: Moment) -> Step:
    voters = [vote.person for vote in now.table.votes]
    return Step(voters[-1] if voters and now.dice.random() < 0.7 else now.dice.choice(voters or [now.anybody()]), "recall")


def _move_back(now: Moment) -> Step:
    node = now.desk.node if now.desk else ""
    decided = sorted({vote.node for vote in now.table.votes} - {node})
    if decided and now.dice.random() < 0.6:
        return Step("process", "move back", {"node": node, "to_node": now.dice.choice(decided)})
    return Step("process", "re-enter", {"node": node})


def _end(now: Moment) -> Step:
    action = now.dice.choice((Action.REFUSE, Action.VOID, Action.TERMINATE))
    person = now.table.owner if action == Action.VOID else now.sitter() if action == Action.REFUSE else "business"
    return Step(person, "end", {"action": str(action)})


def _resume(now: Moment) -> Step:
    return Step(now.dice.choice(("planner", "business", "performance")), "resume", {}, now.dice.choice((1, DAY, 9 * DAY)))


def _suspend(now: Moment) -> Step:
    return Step(now.dice.choice(("planner", "business", "performance")), "suspend", {"until": now.day()})


def _thread(act: str) -> Callable[[Moment], Step]:
    def make(now: Moment) -> Step:
        open_ones = [each.thread for each in now.table.open_threads]
        person = now.table.owner if act == "answer comment" else now.sitter()
        return Step(person, act, {"thread": now.dice.choice(open_ones or ["none"])})

    return make


def _comment(now: Moment) -> Step:
    return Step(now.sitter(), "comment", {"pointer": now.dice.choice(("/goals", "/purpose", "/indicators"))})


def _window(act: str, person: str = "") -> Callable[[Moment], Step]:
    def make(now: Moment) -> Step:
        mine = now.desk.node.partition(":")[2] if now.desk else ""
        window = mine or now.dice.choice([each.window for each in now.table.windows] or ["w1"])
        return Step(person or now.sitter(), act, {"window": window}, now.dice.choice((1, 20 * DAY, 60 * DAY)))

    return make


def _year(act: str, person: str = "") -> Callable[[Moment], Step]:
    return lambda now: Step(person or now.sitter(), act, {}, now.dice.choice((1, DAY, 90 * DAY)))


def _detach(now: Moment) -> Step:
    files = [each.attachment for each in now.table.attachments]
    return Step(now.table.owner, "detach", {"attachment": now.dice.choice(files or ["none"])})


DRAFTING: list[Offer] = [
    (5, _owner("complete")), (1, _owner("edit goals")), (1, _owner("edit purpose")), (0.5, _owner("edit key project")),
    (6, _owner("submit")), (0.5, _owner("attach")), (0.3, _detach), (0.1, _end), (1, _thread("answer comment")),
    (0.2, lambda now: Step("security", "hand over", {"successor": now.dice.choice(("clerk", "clerk_two"))})),
]  # fmt: skip
REVIEWING: list[Offer] = [
    (34, _forward), (6, _return), (1.2, _recall), (0.8, _owner("withdraw")), (0.8, _owner("ask to withdraw")),
    (1.5, _at_desk("claim")), (0.7, _at_desk("release")), (0.7, _at_desk("transfer", person=_colleague)),
    (0.8, _at_desk("delegate", person=_person)), (0.7, _delegate_answers), (0.7, _at_desk("end delegation")),
    (2.5, _at_desk("add signer", person=_person, how=lambda now: now.dice.choice(("before", "after", "parallel")))),
    (0.8, _added), (0.6, _paper), (0.5, _move_back), (0.3, _end), (0.6, _comment), (0.4, _thread("resolve comment")),
    (0.4, _thread("answer comment")),
    (0.1, lambda now: Step("security", "hand over", {"successor": now.dice.choice(("clerk", "clerk_two"))})),
]  # fmt: skip
ASKED_TO_AGREE: list[Offer] = [
    (4, _owner("agree")), (1, _by("agree")), (2, _owner("disagree")), (0.5, _by("disagree")), (1, _return), (2, _forward),
    (0.3, _recall),
]
ACTS_OF_LEADS = (
    _by_lead("grant extension", request=_extension), _by_lead("refuse extension", request=_extension),
)  # fmt: skip
BESIDE: list[Offer] = [
    (1, _by("open task")), (0.5, _by_lead("reassign", task=_task, person=_colleague)),
    (0.4, _at_desk("ask opinion", person=_person)), (0.4, _opinion), (0.3, _by("copy", people=lambda now: [now.anybody()])),
    (0.4, _reads), (0.3, _by("urge", task=_task)), (0.4, _at_desk("ask extension", until=Moment.day)),
    (0.1, ACTS_OF_LEADS[0]), (0.1, ACTS_OF_LEADS[1]), (0.3, _suspend),
    (0.4, _expired),
    (0.3, lambda now: Step("system", "mark overdue", {"task": now.task()})),
]  # fmt: skip
ANSWERING: list[Offer] = [(6, _second("confirm")), (4, _second("decline")), (1, _forward), (0.5, _plain("decline"))]
MONITORING: list[Offer] = [
    (3, _window("open window", "system")), (4, _window("file window")), (3, _window("accept window")),
    (0.6, _window("return window")), (1, _year("open evaluation", "system")),
]  # fmt: skip
EVALUATING: list[Offer] = [
    (4, _year("file evaluation")), (4, _year("accept evaluation")), (0.6, _year("return evaluation")), (3, _year("close")),
]  # fmt: skip
THE_YEAR: list[Offer] = [
    (0.2, _year("attach")), (0.15, _end), (0.3, _year("correct", "performance")), (0.2, _move_back),
]  # fmt: skip


def _anything(now: Moment) -> Step:
    """Choose any act for anybody, whether or not it fits."""
    made = now.dice.choice([*DRAFTING, *REVIEWING, *BESIDE, *MONITORING, *EVALUATING, *THE_YEAR])[1](now)
    person = made.person if made.person == "system" else now.anybody()
    return Step(person, made.act, made.words, made.minutes)
