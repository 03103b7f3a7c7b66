"""Checks of the sign-off rules, D-20 to D-27: rules that can never be met, or that say something else than meant."""

from collections.abc import Iterator

from workflows.definitions.chain import Chain, Node
from workflows.published.remarks import Remark, error, warning
from workflows.state.signoff import Against, Kind
from workflows.vocabulary import Stage

PLAIN = (Kind.ANY, Kind.ALL)


def doubled_group(chain: Chain) -> Iterator[Remark]:
    """D-20: the groups of a node are different ones."""
    for node in chain.nodes:
        posts, groups = {(each.role, each.of) for each in node.signers}, {each.group for each in node.signers}
        if min(len(posts), len(groups)) < _groups(node):
            yield error("D-20", f"环节“{node.title}”的签署组重复：同一岗位或同一组名出现了两次。", node.node)


def share_out_of_range(chain: Chain) -> Iterator[Remark]:
    """D-21: a share of the votes lies between 1 and 100 percent."""
    for node in chain.nodes:
        if node.rule.kind == Kind.PERCENT and not 1 <= node.rule.need <= 100:
            yield error("D-21", f"环节“{node.title}”的票签比例{node.rule.need}%不在1%至100%之间。", node.node)


def more_than_signers(chain: Chain) -> Iterator[Remark]:
    """D-22: where every group is a pool, a rule needs no more signers than there are groups, and at least one."""
    for node in chain.nodes:
        rule, people = node.rule, 1 if node.rule.kind == Kind.PER_GROUP else _groups(node)
        counted = rule.kind in (Kind.COUNT, Kind.PER_GROUP)
        if counted and (rule.need < 1 or (_only_pools(node) and rule.need > people)):
            where = "每组" if rule.kind == Kind.PER_GROUP else "总共"
            yield error("D-22", f"环节“{node.title}”要{rule.need}人通过，但{where}只有{people}项待办。", node.node)


def order_of_one(chain: Chain) -> Iterator[Remark]:
    """D-23: an order needs at least two tasks."""
    for node in chain.nodes:
        if node.rule.ordered and _only_pools(node) and _groups(node) == 1:
            yield warning("D-23", f"环节“{node.title}”写了顺签，但只有一项共享待办，没有先后可言。", node.node)


def idle_against(chain: Chain) -> Iterator[Remark]:
    """D-24: with 或签 the first signer decides; waiting for everybody or for a majority contradicts it."""
    for node in chain.nodes:
        if node.rule.kind == Kind.ANY and node.rule.against == Against.WAIT:
            yield warning("D-24", f"环节“{node.title}”是或签却要等全部人表态，一人通过也不能办结。", node.node)


def idle_need(chain: Chain) -> Iterator[Remark]:
    """D-25: 或签 and 会签 count nobody."""
    for node in chain.nodes:
        rule = node.rule
        if rule.kind in PLAIN and rule.need != 1:
            yield warning("D-25", f"环节“{node.title}”是{rule.kind.chinese}，写明人数{rule.need}不起作用。", node.node)


def group_of_one(chain: Chain) -> Iterator[Remark]:
    """D-26: counting per group needs at least two groups."""
    for node in chain.nodes:
        if node.rule.kind == Kind.PER_GROUP and len({each.group for each in node.signers}) == 1:
            yield warning("D-26", f"环节“{node.title}”按组计数，但只有一个组。", node.node)


def form_out_of_place(chain: Chain) -> Iterator[Remark]:
    """D-27: the review form is filled in by department and bureau, before the reply."""
    for node in chain.nodes:
        reviews = node.stage in (Stage.DEPARTMENT_REVIEW, Stage.FINANCE_APPROVAL) and node.node != "reply"
        if node.review and not reviews:
            yield error("D-27", f"环节“{node.title}”不能要求审核表：审核表由主管部门和财政审核环节填写。", node.node)


RULES = (
    doubled_group, share_out_of_range, more_than_signers, order_of_one, idle_against, idle_need, group_of_one,
    form_out_of_place,
)  # fmt: skip


def _groups(node: Node) -> int:
    return len(node.signers)


def _only_pools(node: Node) -> bool:
    return not any(each.each for each in node.signers)
