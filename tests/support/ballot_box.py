"""INV5, INV6 and INV12 from a table's events and its chain's JSON alone, without the folds and without `verdict`."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from tests.support.ballots import expected_of, futures
from workflows.events import Recorded
from workflows.folds.replay import Table
from workflows.state.signoff import Against, Kind, Rule, Verdict
from workflows.vocabulary import MAIN_LINE, REVIEW_STAGES

MARKS = {None: ".", "pass": "+", "return": "-", "refuse": "-"}
Vote = tuple[str, str, str]
"""Node, person, outcome."""


@dataclass
class Paper:
    """One signer's ballot paper: his group, whether he was added, his outcome."""

    group: str
    added: bool = False
    outcome: str | None = None


@cache
def _ends(rule: Rule, bench: str) -> dict[str, frozenset[bool]]:
    return futures(rule, bench)


def expected(rule: Rule, papers: Sequence[Paper]) -> Verdict:
    """Judge the papers by the oracle that tries every future."""
    groups = sorted({paper.group for paper in papers if not paper.added})
    seats = sorted((chr(ord("a") + groups.index(p.group)) if not p.added else "~", MARKS[p.outcome]) for p in papers)
    bench, ballot = "".join(seat for seat, _ in seats).replace("~", "!"), "".join(mark for _, mark in seats)
    return expected_of(rule, ballot, _ends(rule, bench)[ballot])


@dataclass
class BallotBox:
    """Follows a table's events command by command; `visits` holds the papers of each node's last visit."""

    definition: dict[str, Any]
    visits: dict[str, dict[str, Paper]] = field(default_factory=dict)
    open_nodes: set[str] = field(default_factory=set)
    in_force: str | None = None
    verdicts: dict[str, int] = field(default_factory=dict)
    forms: dict[tuple[str, str], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.nodes = {node["node"]: node for node in self.definition["nodes"]}

    def rule(self, node: str) -> Rule:
        said = self.nodes[node].get("rule", {})
        return Rule(
            Kind(said.get("kind", "any")), said.get("need", 1), Against(said.get("against", "veto")),
            self.nodes[node].get("ordered", False),
        )  # fmt: skip

    def reviewed(self, node: str) -> bool:
        return node in self.nodes and self.nodes[node]["stage"] in REVIEW_STAGES

    def follow(self, before: Table, after: Table, news: Sequence[Recorded]) -> None:
        """Check one command's events; those of a second command that came with them are followed after it."""
        judged: dict[str, Verdict] = {}
        for each in news:
            self._read_forms(each)
            if (found := self._take(each.kind, each.fact, first=each.fact is news[0].fact)) is not None:
                judged[each.fact.node] = found
        self._check_verdicts(judged, news)
        if before.stage in REVIEW_STAGES:
            self._check_votes(before, after, news)

    def _take(self, kind: str, fact: Any, *, first: bool) -> Verdict | None:
        node = getattr(fact, "node", "")
        if kind == "node.entered":
            self._opens(node, {fact.task: Paper(fact.role)})
        elif kind == "node.shared":
            self._opens(node, {task["task"]: Paper(task["group"]) for task in fact.tasks})
        elif kind == "task.signer_added":
            self.visits[node][fact.task] = Paper("", added=True)
        elif kind == "task.recalled":
            papers = self.visits[node]
            for task in (fact.recalled, *(each["instead_of"] for each in fact.reopened)):
                papers.pop(task, None)
            papers |= {each["task"]: Paper(each["group"], each["must"]) for each in fact.reopened}
            self.open_nodes.add(node)
        elif kind == "task.decided":
            self.visits[node][fact.task].outcome = str(fact.outcome)
            return self._judge(node)
        elif kind == "task.superseded" and first and fact.reason.startswith("减签"):
            del self.visits[node][fact.task]
            return self._judge(node)
        elif kind in ("node.completed", "node.superseded"):
            self.open_nodes.discard(node)
        elif kind in ("table.replied", "correction.applied"):
            self.in_force = fact.content_hash
        elif kind in ("monitoring.filed", "selfeval.filed"):
            assert fact.content_hash == self.in_force, "INV12: what is filed names the version in force"
        return None

    def _opens(self, node: str, papers: dict[str, Paper]) -> None:
        assert node not in self.open_nodes, "INV3: a node is entered while it is open"
        self.visits[node] = papers
        self.open_nodes.add(node)

    def _judge(self, node: str) -> Verdict | None:
        if not self.reviewed(node):
            return None
        found = expected(self.rule(node), tuple(self.visits[node].values()))
        low = any(key[0] == node and grade in ("fair", "poor") for key, grade in self.forms.items())
        return Verdict.REJECTED if found == Verdict.PASSED and low else found

    def _read_forms(self, each: Recorded) -> None:
        """Keep the review forms that still speak of the content (INV10)."""
        fact: Any = each.fact
        if each.kind == "review.scored":
            self.forms[fact.node, each.actor_id] = fact.grade
        elif each.kind in ("table.submitted", "table.withdrawn"):
            self.forms = {}
        elif each.kind == "amendment.confirmed":
            self.forms = {key: grade for key, grade in self.forms.items() if key[0] == fact.node}
        elif each.kind in ("table.returned", "admin.intervened"):
            later = each.kind == "table.returned"
            gone = {fact.node, *fact.overtaken} if later else {*fact.overtaken}
            self.forms = {key: grade for key, grade in self.forms.items() if key[0] not in gone}

    def _check_verdicts(self, judged: dict[str, Verdict], news: Sequence[Recorded]) -> None:
        kinds = {(each.kind, getattr(each.fact, "node", "")) for each in news}
        for node, found in judged.items():
            self.verdicts[found] = self.verdicts.get(found, 0) + 1
            assert (("node.completed", node) in kinds) == (found != Verdict.OPEN), f"INV5: {node} is {found}"
            assert (("table.returned", node) in kinds) == (found == Verdict.REJECTED), f"INV5: {node} is {found}"
        for kind, node in kinds:
            if kind == "node.completed" and self.reviewed(node):
                assert node in judged, f"INV5: {node} is complete without a vote"
        for node in self.open_nodes:
            if self.reviewed(node):
                assert self._judge(node) == Verdict.OPEN, f"INV5: {node} is decided and still open"

    def _check_votes(self, before: Table, after: Table, news: Sequence[Recorded]) -> None:
        """INV6: votes come by deciding, and go by one's own recall or by a return that reaches their node; only so."""
        votes: list[Vote] = [(vote.node, vote.person, vote.outcome) for vote in before.votes]
        held = {desk.node for desk in before.desks}
        for each in news:
            fact, kind = each.fact, each.kind
            if kind == "task.decided":
                votes.append((fact.node, each.actor_id, fact.outcome))
            elif kind == "task.recalled":
                votes = [vote for vote in votes if vote[:2] != (fact.node, each.actor_id)]
            elif kind == "table.returned":
                gone = self.reached(fact.to, fact.to_node) | {fact.node} | held
                votes = [vote for vote in votes if vote[0] not in gone]
            elif kind == "admin.intervened":
                gone = self.reached(self.nodes[fact.to_node]["stage"], fact.to_node) | held if fact.to_node else {fact.node}
                votes = [vote for vote in votes if vote[0] not in gone]
            elif kind == "table.replied":
                votes = []
        signed = Counter((vote.node, who) for vote in after.votes for who in {vote.person, vote.behalf or vote.person})
        assert all(times == 1 for times in signed.values()), "two votes of one person at a node"
        assert sorted(votes) == sorted((vote.node, vote.person, vote.outcome) for vote in after.votes), "INV6"

    def reached(self, to: str, to_node: str | None) -> set[str]:
        """Name the target's nodes and all later ones: later stages, and in the target's what comes after it."""
        order = [str(stage) for stage in MAIN_LINE].index
        reviewing = [node for name, node in self.nodes.items() if self.reviewed(name)]
        later = {node["node"] for node in reviewing if order(node["stage"]) > order(to)}
        if to_node is None:
            return later | {node["node"] for node in reviewing if node["stage"] == to}
        found = {to_node}
        while more := {n["node"] for n in reviewing if n["stage"] == to and found & set(n["after"])} - found:
            found |= more
        return later | found
