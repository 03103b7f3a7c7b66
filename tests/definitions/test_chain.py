"""A chain as values: format 1 loads as ever, and what opens follows the conditions, through skipped nodes on."""

from decimal import Decimal

import pytest

from workflows.definitions import Expression, Node, Signers, chain_from, shipped
from workflows.definitions.chain import Chain
from workflows.ledger.hashes import content_hash
from workflows.state.signoff import Against, Kind, Rule
from workflows.vocabulary import Role, Stage

STANDARD = "04b8570af4f774a96f12fb49deb38ed14f634c0deb3db9813c5dcab5ea24b286"
FINANCE = Stage.FINANCE_APPROVAL


def node(name, *, after=(), when=None, stage=FINANCE):
    return Node(name, name, stage, Role.FINANCE_BUSINESS, "bureau", "finance", after, 5, when and Expression.parse(when))


def chain(*nodes):
    return Chain("test", "试", nodes)


def names(nodes):
    return [each.node for each in nodes]


def opened(made, done, **inputs):
    opening = made.opening(FINANCE, done, inputs)
    return names(opening.entered), names(opening.skipped)


def test_the_shipped_standard_chain_has_the_hash_to_which_old_logs_are_pinned():
    assert content_hash(shipped()) == STANDARD


def test_format_1_loads_with_one_signer_per_node_and_withdrawing_until_somebody_decided():
    standard = chain_from(shipped())
    assert standard.withdraw_until == "decided"
    assert {each.rule for each in standard.nodes} == {Rule()}
    assert [each for each in standard.nodes if each.shared or each.when] == []
    assert [each.signers for each in standard.nodes] == [(Signers(n.role, n.role, n.of),) for n in standard.nodes]


def test_format_2_names_signers_rule_order_and_condition():
    made = chain_from({
        "format": 2, "name": "n", "title": "t", "source": "s", "nodes": [{
            "node": "panel", "title": "会审", "stage": "finance_approval", "role": "finance_business", "of": "bureau",
            "level": "finance", "after": [], "working_days": 3, "when": "金额 >= 500", "ordered": True,
            "signers": [{"group": "a", "role": "finance_business", "of": "bureau", "take": "each"},
                        {"group": "b", "role": "finance_leader", "of": "bureau", "take": "pool"}],
            "rule": {"kind": "count", "need": 2, "against": "majority"},
        }],
    })
    panel = made.node("panel")
    assert made.withdraw_until == "opened"
    assert panel.rule == Rule(Kind.COUNT, 2, Against.MAJORITY, ordered=True)
    assert panel.signers == (Signers("a", Role.FINANCE_BUSINESS, "bureau", True), Signers("b", Role.FINANCE_LEADER, "bureau", False))
    assert (panel.shared, str(panel.when)) == (True, "金额 >= 500")


@pytest.mark.parametrize(("done", "entered", "skipped"), [
    ((), ["a", "b"], []),
    (("a",), ["b"], []),
    (("a", "b"), ["reply"], ["leader"]),
    (("a", "b", "leader"), ["reply"], []),
    (("a", "b", "reply"), [], ["leader"]),
])
def test_a_skipped_node_lets_pass_who_waits_for_it(done, entered, skipped):
    made = chain(node("a"), node("b"), node("leader", after=("a", "b"), when="重点"), node("reply", after=("leader",)))
    assert opened(made, done) == (entered, skipped)


def test_a_condition_that_holds_opens_its_node_and_keeps_the_following_closed():
    made = chain(node("a"), node("leader", after=("a",), when="金额 >= 500"), node("reply", after=("a", "leader")))
    assert opened(made, ("a",), 金额=Decimal(500)) == (["leader"], [])
    assert opened(made, ("a",), 金额=Decimal("499.99")) == (["reply"], ["leader"])


def test_a_stage_of_skipped_nodes_alone_opens_nothing_and_is_finished_with_them():
    made = chain(node("a", when="重点"), node("b", after=("a",), when="重点"))
    assert opened(made, ()) == ([], ["a", "b"])
    assert made.finished(FINANCE, ("a", "b")) is True


def test_a_circle_opens_nothing_and_ends():
    made = chain(node("a", after=("b",)), node("b", after=("a",)))
    assert opened(made, ()) == ([], [])
    assert made.before("a") == {"a", "b"}
