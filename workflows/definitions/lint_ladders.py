"""Checks of ladders, D-44 to D-53: rungs that reach nobody, come twice, or hand a task where nobody may take it."""

from collections.abc import Iterator
from dataclasses import dataclass

from workflows.definitions.chain import Chain, Node
from workflows.definitions.ladders import Deed, Step
from workflows.definitions.lint_people import demands_of, work_of
from workflows.definitions.lint_structure import AT_HOME, FILING
from workflows.definitions.matching import Demand, shortage
from workflows.definitions.roster import Home, Roster
from workflows.definitions.survey import Survey
from workflows.published.remarks import Remark, error, warning
from workflows.vocabulary import REVIEW_STAGES, Role, Stage

UPWARDS = ("unit", "department", "bureau")


def rung_misdirected(chain: Chain) -> Iterator[Remark]:
    """D-50: a reminder names nobody, an escalation names another post there or in an organ above."""
    for node, step in _steps(chain):
        wrong = _misdirected(node, step)
        if wrong:
            yield error("D-50", f"环节“{node.title}”的阶梯 {step.at}：{wrong}。", node.node)


def rung_doubled(chain: Chain) -> Iterator[Remark]:
    """D-51: one rung of a kind at one moment."""
    for node in chain.nodes:
        kinds = [step.kind for step in node.ladder]
        for step in dict.fromkeys(step for step in node.ladder if kinds.count(step.kind) > 1):
            yield error("D-51", f"环节“{node.title}”的阶梯 {step.at}“{step.do.chinese}”写了不止一次。", node.node)


def handed_out_of_place(chain: Chain) -> Iterator[Remark]:
    """D-52: filing is the clerk's own, a reply the budget section's: nobody takes them over by time."""
    for node, step in _steps(chain):
        if step.do == Deed.HAND and (node.node in FILING or node.level == "filing" or node.node == "reply"):
            yield error("D-52", f"环节“{node.title}”不能升级办理：填报和批复不因逾期转由他人办理。", node.node)


def handed_unannounced(chain: Chain) -> Iterator[Remark]:
    """D-53: whoever holds a task learns that it is late before a superior takes it."""
    for node, step in _steps(chain):
        earlier = any(each.do == Deed.REMIND and each.days < step.days for each in node.ladder)
        if step.do == Deed.HAND and not earlier:
            yield warning("D-53", f"环节“{node.title}”在 {step.at} 升级办理之前没有提醒过办理人。", node.node)


LADDERS = (rung_misdirected, rung_doubled, handed_out_of_place, handed_unannounced)


def rung_reaches_nobody(chain: Chain, roster: Roster, _survey: Survey) -> Iterator[Remark]:
    """D-44: every rung finds somebody in the organ of every unit."""
    missing = {
        (node.node, step.kind, step.role, home.organ(step.of)): (node, step)
        for home in roster.homes for node, step in _steps(chain)
        if step.role and not roster.holders(step.role, home.organ(step.of))
    }  # fmt: skip
    for (name, _kind, role, organ), (node, step) in missing.items():
        post = role.chinese if role else ""
        sentence = f"{roster.name(organ)}没有人担任{post}，环节“{node.title}”的阶梯 {step.at} 无人可告知。"
        yield error("D-44", sentence, name, organ)


def handed_against_segregation(chain: Chain, roster: Roster, survey: Survey) -> Iterator[Remark]:
    """D-45: where a superior decides a handed task, other people are left for all other nodes (S1, S2, S4)."""
    for home in roster.homes:
        told = (
            remark for node, step in _steps(chain) if step.do == Deed.HAND
            for remark in _Handed(chain, roster, survey, home, node, step).short()
        )
        yield from dict.fromkeys(told)


LADDER_PEOPLE = (rung_reaches_nobody, handed_against_segregation)


def _steps(chain: Chain) -> Iterator[tuple[Node, Step]]:
    return ((node, step) for node in chain.nodes for step in node.ladder)


def _misdirected(node: Node, step: Step) -> str:
    """Return in words what is wrong with whom a rung goes to, "" where nothing is."""
    if step.do == Deed.REMIND:
        return "提醒发给办理人，不另写对象" if step.role else ""
    if step.role is None:
        return f"{step.do.chinese}须写明对象"
    if step.role not in AT_HOME.get(step.of, ()):
        return f"{step.role.chinese}不是这类机构的岗位"
    wrong = {
        f"{step.role.chinese}不是上级": step.role == Role.CLERK or UPWARDS.index(step.of) < UPWARDS.index(node.of),
        "提交之前只能告知本单位的人，其他机构还看不到此表": node.stage == Stage.DRAFT and step.of != "unit",
        "对象就是本环节的办理岗位": (step.role, step.of) in {(each.role, each.of) for each in node.signers},
    }
    return next((words for words, true in wrong.items() if true), "")


@dataclass(frozen=True)
class _Handed:
    """A node of a unit's tables whose task a superior decides by a rung."""

    chain: Chain
    roster: Roster
    survey: Survey
    home: Home
    node: Node
    step: Step

    def short(self) -> Iterator[Remark]:
        """Yield that the other nodes lack people then, whoever filed the table; once for the unit."""
        filers = self.roster.holders(Role.CLERK, self.home.unit)
        if any(self._lacks(filer, way) for filer in filers for way in self._ways()):
            sentence = (
                f"{self.roster.name(self.home.unit)}：环节“{self.node.title}”在 {self.step.at} 升级办理后，"
                f"其他环节没有足够的不同人员（职责分离 S1、S2、S4）。"
            )
            yield error("D-45", sentence, self.node.node, self.home.unit)

    def _ways(self) -> Iterator[list[Node]]:
        """Yield the nodes of a round, as tables really visit them, beside the handed one."""
        if self.node.stage not in REVIEW_STAGES:
            yield [each for each in self.chain.of_stage(self.node.stage) if each.node not in FILING]
            return
        for way in self.survey.ways(self.chain).widest:
            if self.node.node in way:
                yield [each for each in self.chain.review_nodes() if each.node in way]

    def _lacks(self, filer: str, way: list[Node]) -> bool:
        role, organ = self.step.role, self.home.organ(self.step.of)
        superiors = tuple(each for each in self.roster.holders(role, organ) if each != filer) if role else ()
        others = [node for node in way if node != self.node]
        beside = [demand for node in others for demand in demands_of(node, self.home, self.roster, filer)]
        demands = [Demand(self.node.node, 1, (superiors,)), *beside]
        known = bool(superiors) and self.survey.affords(work_of(demands))
        return known and shortage(demands) is not None and shortage(beside) is None
