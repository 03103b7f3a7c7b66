"""Checks against the real people, D-40 to D-43: posts that nobody holds, rules and segregation that nobody can meet."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from workflows.definitions.chain import Chain, Node
from workflows.definitions.lint_structure import FILING
from workflows.definitions.matching import Demand, Shortage, shortage
from workflows.definitions.remarks import title
from workflows.definitions.roster import Home, Roster
from workflows.definitions.survey import Survey
from workflows.published.remarks import Remark, error, warning
from workflows.state.signoff import Against, Kind, Signer, shortfall
from workflows.vocabulary import Role, Stage

LATER_ROUNDS = (Stage.MONITORING, Stage.SELF_EVALUATION)


def nobody_qualified(chain: Chain, roster: Roster, _survey: Survey) -> Iterator[Remark]:
    """D-40: every node finds somebody in the organ of every unit (C8)."""
    missing = {
        (node.node, each.role, home.organ(each.of)): node
        for home in roster.homes for node in chain.nodes for each in node.signers
        if not roster.holders(each.role, home.organ(each.of))
    }  # fmt: skip
    for (name, role, organ), node in missing.items():
        yield error("D-40", f"{roster.name(organ)}没有人担任{role.chinese}，环节“{node.title}”无人可办。", name, organ)


def too_few_signers(chain: Chain, roster: Roster, _survey: Survey) -> Iterator[Remark]:
    """D-41: wherever a node opens, as many sign as its rule needs."""
    for node in (each for each in chain.nodes if each.shared):
        organs = {tuple(home.organ(each.of) for each in node.signers): home for home in roster.homes}
        for organs_here, home in organs.items():
            lacking = _lacking(node, home, roster)
            if lacking and all(_tasks(node, home, roster, "").values()):
                where = "、".join(dict.fromkeys(map(roster.name, organs_here)))
                sentence = f"{where}：环节“{node.title}”的签署规则还差{lacking}人。"
                yield error("D-41", sentence, node.node, organs_here[0])


def cannot_be_segregated(chain: Chain, roster: Roster, survey: Survey) -> Iterator[Remark]:
    """D-42: in every unit different persons can man all nodes of a round, whoever filed the table (S1, S2, S4, S12)."""
    seating = _Seating(chain, roster, survey)
    for home in roster.homes:
        told = (
            remark for filer in roster.holders(Role.CLERK, home.unit) if not seating.spent
            for remark in (*seating.of_review(home, filer), *seating.of_later_rounds(home, filer))
        )  # fmt: skip
        yield from dict.fromkeys(told)
    if seating.unsure or seating.spent:
        sentence = "走法或签署人的组合太多，未能逐一检查每个单位是否都有足够的不同人员（职责分离 S1、S2、S4）。"
        yield warning("D-34", sentence)


def self_approval(chain: Chain, roster: Roster, _survey: Survey) -> Iterator[Remark]:
    """D-43: nobody who files a unit's tables also holds a post that reviews them (S1 refuses it, but late)."""
    for home in roster.homes:
        for filer in roster.holders(Role.CLERK, home.unit):
            nodes = [node for node in chain.review_nodes() if _signs(filer, node, home, roster)]
            if nodes:
                who, listed = roster.person(filer), "、".join(f"“{node.title}”" for node in nodes)
                sentence = f"{roster.name(home.unit)}的经办人{who}同时可办{listed}，不得审核自己填报的表。"
                yield warning("D-43", sentence, nodes[0].node, home.unit)


PEOPLE = (nobody_qualified, too_few_signers, cannot_be_segregated, self_approval)


def _tasks(node: Node, home: Home, roster: Roster, filer: str) -> dict[tuple[str, int], tuple[str, ...]]:
    """Return the node's tasks as they would open for a unit, each with those who may take it; the filer may none."""
    tasks: list[tuple[str, tuple[str, ...]]] = []
    for each in node.signers:
        holders = tuple(p for p in roster.holders(each.role, home.organ(each.of)) if p != filer)
        tasks += [(each.group, (person,)) for person in holders] if each.each else [(each.group, holders)]
    return {(group, number): people for number, (group, people) in enumerate(tasks)}


def _signs(person: str, node: Node, home: Home, roster: Roster) -> bool:
    return any(person in roster.holders(each.role, home.organ(each.of)) for each in node.signers)


def _lacking(node: Node, home: Home, roster: Roster) -> int:
    return shortfall(node.rule, [Signer(str(n), group) for group, n in _tasks(node, home, roster, "")])


def demands_of(node: Node, home: Home, roster: Roster, filer: str) -> list[Demand]:
    """Return how many different people a node takes at least: those its rule needs, all where all have to vote."""
    tasks = _tasks(node, home, roster, filer)
    if node.rule.kind == Kind.PER_GROUP and node.rule.against != Against.WAIT:
        groups = dict.fromkeys(each.group for each in node.signers)
        return [
            Demand(node.node, node.rule.need, tuple(people for (group, _), people in tasks.items() if group == each))
            for each in groups
        ]
    if node.rule.against == Against.WAIT:
        return [Demand(node.node, len(tasks), tuple(tasks.values()))]
    needs = {
        Kind.ANY: 1, Kind.ALL: len(tasks), Kind.COUNT: node.rule.need,
        Kind.PERCENT: max(1, -(-len(tasks) * node.rule.need // 100)),
    }  # fmt: skip
    return [Demand(node.node, needs[node.rule.kind], tuple(tasks.values()))]


@dataclass
class _Seating:
    """Seats different people at the nodes of a round; `spent` once the work does not suffice, `unsure` of some ways."""

    chain: Chain
    roster: Roster
    survey: Survey
    unsure: bool = field(default=False, init=False)
    spent: bool = field(default=False, init=False)

    def of_review(self, home: Home, filer: str) -> Iterator[Remark]:
        """Yield what is wrong with the review; its ways are looked at where not all nodes can be manned at once."""
        if self._short(home, filer, self.chain.review_nodes()) is None:
            return
        ways = self.survey.ways(self.chain)
        found = [self._short(home, filer, [self.chain.node(name) for name in sorted(way)]) for way in ways.widest]
        self.unsure |= not ways.whole and not any(found)
        yield from (remark for remark in found if remark)

    def of_later_rounds(self, home: Home, filer: str) -> Iterator[Remark]:
        """Yield what is wrong with monitoring and self-evaluation."""
        for stage in LATER_ROUNDS:
            nodes = [node for node in self.chain.of_stage(stage) if node.node not in FILING]
            remark = self._short(home, filer, nodes)
            if remark:
                yield remark

    def _short(self, home: Home, filer: str, nodes: Sequence[Node]) -> Remark | None:
        if self.spent:
            return None
        demands = [demand for node in nodes for demand in demands_of(node, home, self.roster, filer)]
        self.spent = not self.survey.affords(work_of(demands))
        short = None if self.spent else shortage(demands)
        if short is None or any(_empty(node, home, self.roster) for node in nodes if node.node in short.names):
            return None
        return _too_few(self.chain, self.roster, home, filer, short)


def work_of(demands: Sequence[Demand]) -> int:
    """Count what it takes at most to seat people: for each one a search through all tasks and who may take them."""
    return sum(each.need for each in demands) * sum(1 + len(people) for each in demands for people in each.tasks)


def _too_few(chain: Chain, roster: Roster, home: Home, filer: str, short: Shortage) -> Remark:
    listed, people = "、".join(title(chain, name) for name in short.names), "、".join(map(roster.person, short.people))
    return error(
        "D-42",
        f"{roster.name(home.unit)}：{roster.person(filer)}填报的表，{listed}共须{short.need}名不同的人，"
        f"能办的只有{people or '填报人自己'}（职责分离 S1、S2、S4）。请补充人员，或由主管部门签发豁免（S12）。",
        short.names[0], home.unit,
    )  # fmt: skip


def _empty(node: Node, home: Home, roster: Roster) -> bool:
    """Whether a node lacks people altogether, which D-40 and D-41 tell."""
    tasks = _tasks(node, home, roster, "")
    return not tasks or not all(tasks.values()) or _lacking(node, home, roster) > 0
