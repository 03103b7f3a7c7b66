"""Checks of a chain's structure, D-01 to D-16: what no table could walk through, or could walk through unreviewed."""

from collections import Counter
from collections.abc import Iterator

from workflows.definitions.chain import Chain, Node
from workflows.definitions.remarks import STAGES
from workflows.published.remarks import Remark, error, warning
from workflows.state.signoff import Kind
from workflows.vocabulary import BUREAU_ROLES, DEPARTMENT_ROLES, REVIEW_STAGES, UNIT_ROLES, Role, Stage
from workflows.workdays import is_month_day

AT_HOME = {"unit": UNIT_ROLES, "department": DEPARTMENT_ROLES, "bureau": BUREAU_ROLES}
LEVELS = ("filing", "unit", "department", "finance", "reply")
FIXED = {
    "drafting": (Stage.DRAFT, Role.CLERK, "filing"),
    "monitoring_filing": (Stage.MONITORING, Role.CLERK, "filing"),
    "monitoring_check": (Stage.MONITORING, Role.DEPARTMENT_FINANCE, "department"),
    "evaluation_filing": (Stage.SELF_EVALUATION, Role.CLERK, "filing"),
    "evaluation_unit": (Stage.SELF_EVALUATION, Role.UNIT_HEAD, "unit"),
    "evaluation_department": (Stage.SELF_EVALUATION, Role.DEPARTMENT_FINANCE, "department"),
    "archiving": (Stage.SELF_EVALUATION, Role.FINANCE_PERFORMANCE, "finance"),
}
"""The desks that steps outside of the review name: one task each, always opened."""
FILING = frozenset(name for name, (_, _, level) in FIXED.items() if level == "filing")
OWN = {
    Stage.UNIT_REVIEW: ("unit", ("unit",), "单位"),
    Stage.DEPARTMENT_REVIEW: ("department", ("department",), "主管部门"),
    Stage.FINANCE_APPROVAL: ("bureau", ("finance", "reply"), "财政部门"),
}
"""Whose people decide at a stage of review, and on which level; one person decides on one level of a round (S2)."""
SECTIONS = (Role.FINANCE_BUSINESS, Role.FINANCE_PERFORMANCE)


def twice_named(chain: Chain) -> Iterator[Remark]:
    """D-01: a node's code stands for one node."""
    counts = Counter(node.node for node in chain.nodes)
    for name, number in counts.items():
        if number > 1:
            yield error("D-01", f"环节代码“{name}”用了{number}次，每个环节须有自己的代码。", name)


def waits_for_a_stranger(chain: Chain) -> Iterator[Remark]:
    """D-02: a node waits only for nodes of its own stage."""
    for node in chain.nodes:
        for name in sorted(set(node.after) - {each.node for each in chain.of_stage(node.stage)}):
            yield error("D-02", f"环节“{node.title}”排在“{name}”之后，但本阶段没有这个环节。", node.node)


def circle(chain: Chain) -> Iterator[Remark]:
    """D-03: no node waits for itself, directly or not."""
    for node in _in_circles(chain):
        yield error("D-03", f"环节“{node.title}”的先后次序绕成了圈，永远轮不到它。", node.node)


def unreachable(chain: Chain) -> Iterator[Remark]:
    """D-04: every node opens once those before it are complete."""
    circles = {node.node for node in _in_circles(chain)}
    for stage in Stage:
        names = {node.node for node in chain.of_stage(stage)}
        done: set[str] = set()
        while ready := {node.node for node in chain.next_in(stage, done) + chain.first_of(stage)} - done:
            done |= ready
        for node in chain.of_stage(stage):
            if node.node in names - done - circles and set(node.after) <= names:
                yield error("D-04", f"环节“{node.title}”到不了：它等待的环节永远不会完成。", node.node)


def without_end(chain: Chain) -> Iterator[Remark]:
    """D-05: in every stage some node is the last."""
    for stage in STAGES:
        nodes = chain.of_stage(stage)
        awaited = {name for node in nodes for name in node.after}
        if nodes and all(node.node in awaited for node in nodes):
            yield error("D-05", f"“{stage.chinese}”阶段没有终点：每个环节之后都还有环节。")


def missing_stage(chain: Chain) -> Iterator[Remark]:
    """D-06: every stage of a table's life has a desk, above all the three of review."""
    for stage in STAGES:
        if not chain.of_stage(stage):
            yield error("D-06", f"缺少“{stage.chinese}”阶段的环节。")


def foreign_role(chain: Chain) -> Iterator[Remark]:
    """D-07: each role sits in its kind of organ."""
    for node in chain.nodes:
        for role, of in dict.fromkeys([(node.role, node.of), *((each.role, each.of) for each in node.signers)]):
            if role not in AT_HOME.get(of, frozenset()):
                yield error("D-07", f"环节“{node.title}”：“{of}”没有“{role.chinese}”这个岗位。", node.node)


def reply_not_last(chain: Chain) -> Iterator[Remark]:
    """D-08: the budget section replies, always, and directly after every other node of the finance bureau."""
    finance = chain.of_stage(Stage.FINANCE_APPROVAL)
    reply = next((node for node in finance if node.node == "reply"), None)
    if reply is None:
        yield error("D-08", "财政审批阶段缺少批复环节“reply”。")
        return
    if reply.role != Role.FINANCE_BUDGET or reply.when or reply.shared:
        yield error("D-08", "批复环节须由预算科一人办理，不得附条件或由多人会签。", reply.node)
    for node in finance:
        if node != reply and node.node not in reply.after:
            yield error("D-08", f"批复须在“{node.title}”之后：请把它写入批复环节的 after。", node.node)


def fixed_desk(chain: Chain) -> Iterator[Remark]:
    """D-09: the desks of drafting, monitoring and self-evaluation stand as the steps know them."""
    standing = {node.node: node for node in chain.nodes}
    for name, (stage, role, level) in FIXED.items():
        node = standing.get(name)
        if node is None and chain.of_stage(stage):
            yield error("D-09", f"缺少“{stage.chinese}”阶段的固定环节“{name}”（{role.chinese}）。", name)
        elif node and ((node.stage, node.role, node.level) != (stage, role, level) or node.when or node.shared):
            alone = f"须由{role.chinese}一人在“{stage.chinese}”阶段办理，层级为 {level}，不附条件。"
            yield error("D-09", f"固定环节“{name}”{alone}", name)


def level_falls(chain: Chain) -> Iterator[Remark]:
    """D-10: a table climbs: no node's level lies below one that came before it in the review."""
    for node in chain.nodes:
        if node.level not in LEVELS:
            yield error("D-10", f"环节“{node.title}”的层级“{node.level}”不认识。", node.node)
        elif node.stage in REVIEW_STAGES and any(_height(node) < _height(each) for each in _earlier(chain, node)):
            yield error("D-10", f"环节“{node.title}”的层级低于之前的环节，审核只能逐级向上。", node.node)


def no_clock(chain: Chain) -> Iterator[Remark]:
    """D-11: every desk has one clock: working days, calendar days or a date that every year has."""
    for node in chain.nodes:
        clocks = [clock for clock in (node.working_days, node.calendar_days, node.fixed_date) if clock]
        if not clocks:
            yield error("D-11", f"环节“{node.title}”没有办理时限，请写至少1个工作日。", node.node)
        elif len(clocks) > 1:
            yield error("D-11", f"环节“{node.title}”的时限只能写一种：工作日、自然日或固定日期。", node.node)
        elif node.fixed_date and not is_month_day(node.fixed_date):
            yield error("D-11", f"环节“{node.title}”的固定日期“{node.fixed_date}”不是日历上的日期。", node.node)


def clerk_reviews(chain: Chain) -> Iterator[Remark]:
    """D-12: no desk of review is one of filing."""
    for node in chain.review_nodes():
        if node.level == "filing" or Role.CLERK in {node.role, *(each.role for each in node.signers)}:
            yield error("D-12", f"审核环节“{node.title}”不能由填报人（经办人）办理。", node.node)


def missing_section(chain: Chain) -> Iterator[Remark]:
    """D-13: nothing is approved without both sections, business and performance: whoever else signs, they must (S4)."""
    finance = chain.of_stage(Stage.FINANCE_APPROVAL)
    for role in SECTIONS:
        if finance and not any(node.when is None and _cannot_do_without(node, role) for node in finance):
            yield error("D-13", f"财政审批阶段须有{role.chinese}必须签署的环节，且不附条件。")


def foreign_organ(chain: Chain) -> Iterator[Remark]:
    """D-14: each stage of review is decided by its own organ's people."""
    for node in chain.review_nodes():
        of, _, own = OWN[node.stage]
        if {node.of, *(each.of for each in node.signers)} != {of}:
            sentence = f"“{node.stage.chinese}”由{own}的人员办理，环节“{node.title}”有其他机构的签署人。"
            yield error("D-14", sentence, node.node)


def foreign_level(chain: Chain) -> Iterator[Remark]:
    """D-15: each stage of review is a level of its own, else one person could decide at two (S2)."""
    for node in chain.review_nodes():
        _, levels, _ = OWN[node.stage]
        known = node.level in LEVELS and node.level != "filing"
        if known and (node.level not in levels or (node.level == "reply" and node.node != "reply")):
            yield error("D-15", f"“{node.stage.chinese}”的环节“{node.title}”层级须为 {levels[0]}。", node.node)


def never_taken_back(chain: Chain) -> Iterator[Remark]:
    """D-16: under a chain without 撤回 a slip costs a reviewer's consent: somebody has to want that."""
    if chain.withdraw_until == "never":
        yield warning("D-16", "提交后一律不能直接撤回，填报人发现笔误也须申请撤回、经办理人同意；请确认确需如此。")


STRUCTURE = (
    twice_named, waits_for_a_stranger, circle, unreachable, without_end, missing_stage, foreign_role, reply_not_last,
    fixed_desk, level_falls, no_clock, clerk_reviews, missing_section, foreign_organ, foreign_level,
    never_taken_back,
)  # fmt: skip


def _cannot_do_without(node: Node, role: Role) -> bool:
    """Whether a node passes only with a pass of this role: it signs alone, is needed of all, or outvotes the others."""
    others = [each for each in node.signers if each.role != role]
    if len(others) == len(node.signers) or not others:
        return not others
    if node.rule.kind in (Kind.ALL, Kind.PER_GROUP):
        return True
    if node.rule.kind == Kind.ANY or any(each.each for each in node.signers):
        return False
    share = -(-len(node.signers) * node.rule.need // 100)
    return len(others) < (node.rule.need if node.rule.kind == Kind.COUNT else share)


def _in_circles(chain: Chain) -> tuple[Node, ...]:
    names = {node.node for node in chain.nodes}
    known = Chain(chain.name, chain.title, tuple(node for node in chain.nodes if set(node.after) <= names))
    return tuple(node for node in known.nodes if node.node in known.before(node.node))


def _height(node: Node) -> int:
    return LEVELS.index(node.level) if node.level in LEVELS else 0


def _earlier(chain: Chain, node: Node) -> list[Node]:
    """Return the review nodes that come before: all of earlier stages, and those waited for in the same."""
    stages, waited = REVIEW_STAGES[: REVIEW_STAGES.index(node.stage)], chain.before(node.node)
    here = {each.node for each in chain.of_stage(node.stage)} & waited
    return [each for each in chain.review_nodes() if each.stage in stages or each.node in here]
