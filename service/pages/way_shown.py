"""Who holds a table, who has signed and who is still to sign, and the way before it with names, rules and due days."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from flask_babel import gettext as _

from service.pages.escalation_shown import told_up
from service.pages.state_shown import names_in, signer
from service.pages.words import BESIDE_THE_CHAIN
from service.present import moment, organ_name, word
from workflows.definitions import Chain
from workflows.events import Recorded
from workflows.folds.replay import Desk, Table
from workflows.rights.preview import Candidate, Deputy, Planned
from workflows.state.signoff import words_of
from workflows.state.standing import Vote
from workflows.vocabulary import MAIN_LINE, Outcome, Role

MOST_NAMES = 4
Names = Mapping[str, str]
Holders = Callable[[Desk], Sequence[Candidate]]
"""Desk -> who holds its post at the moment that is shown, each with those who may act for him."""


@dataclass(frozen=True)
class Signature:
    """One line of a node: who, how it stands with him, in which colour."""

    who: str
    words: str
    look: str = ""
    organ: str = ""


@dataclass(frozen=True)
class Node:
    """One node that holds the table: its title, rule, due moment, and a line for everybody who signs."""

    title: str
    rule: str
    due_at: str | None
    overdue: bool
    provisional: bool
    signatures: tuple[Signature, ...]
    several: bool = False
    told_up: tuple[str, ...] = ()
    next_up: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ahead:
    """One node to come, or passed over for a `reason`; `missing` says who has to mend it where nobody can sign.

    A node `beside` another comes at the same time as the one told before it.
    """

    title: str
    rule: str
    reason: str = ""
    due: str = ""
    provisional: bool = False
    beside: bool = False
    people: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def nothing_next(_desk: Desk) -> str:
    """Say nothing of what comes next: of a past moment that is known."""
    return ""


def nodes_now(
    table: Table, chain: Chain, history: Sequence[Recorded], post: Holders,
    up: Callable[[Desk], str] = nothing_next,
) -> list[Node]:  # fmt: skip
    """Return the nodes that hold the table now, each with its signatures of this round and those still out.

    `up` says which superior is told next if nobody acts.
    """
    names = names_in(history)
    nodes = dict.fromkeys(desk.node for desk in table.desks)
    return [_node(table, chain, node, _Told(history, names, post, up)) for node in nodes]


@dataclass(frozen=True)
class _Told:
    """What the lines of a node are told from: the log, names of those who acted, holders of posts."""

    history: Sequence[Recorded]
    names: Names
    post: Holders
    up: Callable[[Desk], str] = nothing_next

    def name(self, person: str, known: Iterable[Candidate] = ()) -> str:
        return next((each.name for each in known if each.id == person), self.names.get(person, person))


def _node(table: Table, chain: Chain, key: str, told: _Told) -> Node:
    desks = [desk for desk in table.desks if desk.node == key]
    votes = [vote for vote in table.votes if vote.node == key]
    known = next((node for node in chain.nodes if node.node == key.partition(":")[0]), None)
    own = sum(not desk.must for desk in desks) + sum(not vote.must for vote in votes)
    several = len(desks) + len(votes) > 1 or bool(known and known.shared)
    first = desks[0]
    rule = words_of(known.rule, own) if known and (own > 1 or known.shared) else ""
    return Node(
        known.title if known else _beside(first), rule, first.due_at, any(desk.overdue for desk in desks),
        first.provisional,
        (
            *(_signed(vote, told, several=several) for vote in votes),
            *(_waits(desk, desks, told, several=several) for desk in desks),
        ),
        several, tuple(dict.fromkeys(words for desk in desks for words in told_up(desk))),
        tuple(dict.fromkeys(words for desk in desks if (words := told.up(desk)))),
    )  # fmt: skip


def _beside(desk: Desk) -> str:
    """Return what a desk is called that stands in no chain."""
    name = BESIDE_THE_CHAIN.get(desk.node.partition(":")[0])
    return str(_(name)) if name else word(desk.stage)


def _signed(vote: Vote, told: _Told, *, several: bool) -> Signature:
    acts = (each for each in reversed(told.history) if each.kind == "task.decided" and each.actor_id == vote.person)
    act = next((each for each in acts if getattr(each.fact, "node", "") == vote.node), None)
    against = vote.outcome != Outcome.PASS
    who = signer(vote.person, vote.behalf, told.names)
    role = f"{word(act.role)}：" if several and act else ""
    said = f"{word(vote.outcome)} {moment(act.at) if act else ''}".strip()
    return Signature(f"{role}{who}", said, "red" if against else "green")


def _waits(desk: Desk, others: Sequence[Desk], told: _Told, *, several: bool) -> Signature:
    held = told.post(desk)
    people = [each for each in held if desk.person in (None, each.id)]
    who = _joined(people) if people or desk.person is None else told.name(desk.person)
    role = word(Role(desk.role))
    first = [each for each in others if each.task in desk.waits_for]
    if not who:
        return Signature(role, _("暂无人任职"), "red", organ_name(desk.organ))
    if first:
        before = "、".join(dict.fromkeys(word(Role(each.role)) for each in first))
        words, look = _("须待%(who)s先签", who=before), ""
    else:
        words, look = _held(desk, told, held) or (_("待签署") if several else ""), "blue"
    added = _("（加签）") if desk.must else ""
    return Signature(f"{role}：{who}{added}" if several else who, words, look, organ_name(desk.organ))


def _held(desk: Desk, told: _Told, held: Sequence[Candidate]) -> str:
    """Say in whose hands a task is, where it is in anybody's in particular."""
    if desk.delegated_to:
        return str(_("已委派%(who)s先行办理", who=told.name(desk.delegated_to, held)))
    return str(_("%(who)s已认领", who=told.name(desk.claimed_by, held))) if desk.claimed_by else ""


def _joined(people: Sequence[Candidate]) -> str:
    shown = "、".join(_with_deputies(each) for each in people[:MOST_NAMES])
    more = _("等%(n)d人", n=len(people)) if len(people) > MOST_NAMES else ""
    return f"{shown}{more}"


A_MOMENT = timedelta(microseconds=1)
"""A cover ends where the day after its last one begins."""


def _with_deputies(each: Candidate) -> str:
    deputies = "、".join(dict.fromkeys(_until(deputy) for deputy in each.deputies))
    return str(_("%(name)s（可由%(who)s）", name=each.name, who=deputies)) if deputies else each.name


def _until(deputy: Deputy) -> str:
    return str(_("%(name)s代办至%(day)s", name=deputy.by.name, day=moment(deputy.to_at - A_MOMENT)[:10]))


def ahead(planned: Sequence[Planned], chain: Chain) -> list[Ahead]:
    """Return the way before a table in words."""
    entered = [each for each in planned if not each.skipped]
    beside = {
        each.node for before, each in pairwise(entered)
        if (before.stage, before.enters) == (each.stage, each.enters) and before.node not in chain.before(each.node)
    }  # fmt: skip
    return [_ahead(each, beside=each.node in beside) for each in planned]


def _ahead(each: Planned, *, beside: bool) -> Ahead:
    several = len(each.tasks) > 1
    rule = words_of(each.rule, len(each.tasks)) if several else ""
    if each.skipped:
        return Ahead(each.title, "", each.reason)
    return Ahead(
        each.title, rule, due=each.due.isoformat() if each.due else "", provisional=each.provisional,
        beside=beside, people=_people(each, several=several), missing=_missing(each),
    )  # fmt: skip


def _people(each: Planned, *, several: bool) -> tuple[str, ...]:
    """Return a line for each post that signs, or the names alone where there is one."""
    lines: dict[tuple[str, str], list[Candidate]] = {}
    for task in each.tasks:
        lines.setdefault((task.role, task.organ), []).extend(task.people)
    return tuple(
        f"{word(Role(role))}：{_joined(people)}" if several else _joined(people)
        for (role, _organ), people in lines.items() if people
    )  # fmt: skip


def _missing(each: Planned) -> tuple[str, ...]:
    told = [
        _("%(role)s（%(organ)s）暂无人可以签署，须由安全管理员授予岗位或办理代理。",
          role=word(task.role), organ=organ_name(task.organ))
        for task in each.unmanned
    ]  # fmt: skip
    if each.lacking and not each.unmanned:
        told.append(_("按“%(rule)s”还缺%(n)d人，须由安全管理员补足。", rule=words_of(each.rule), n=each.lacking))
    return tuple(dict.fromkeys(told))


def marks_of(table: Table, chain: Chain) -> dict[str, str]:
    """Return how far each node of the chain is: done, here, to come or skipped (see definitions/picture.py)."""
    here = {desk.node.partition(":")[0] for desk in table.desks}
    done = {vote.node for vote in table.votes} - here
    behind = set(MAIN_LINE[: MAIN_LINE.index(table.stage)]) if table.stage in MAIN_LINE else set()
    done |= {node.node for node in chain.nodes if node.stage in behind} - here
    return {
        each.node: "here" if each.node in here else "skipped" if each.node in table.passed_over
        else "done" if each.node in done else "to_come"
        for each in chain.nodes
    }  # fmt: skip
