"""A20 滑步: whoever decided at one node never comes to another node of the same level, so there is nothing to pass over."""

import itertools
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from tests.definitions.test_lint import COUNTERSIGN
from tests.support import roster
from tests.support.hands import chain, in_review
from tests.support.walks import CHAINS
from workflows.commands import reviewing
from workflows.definitions import chain_from, shipped
from workflows.definitions.reading import read_definition
from workflows.errors import DefinitionUnreadable, NotAllowed
from workflows.folds.replay import Decider, Desk, Table
from workflows.rights.permissions import seat_at
from workflows.rights.segregation import refusal_at
from workflows.vocabulary import REVIEW_STAGES, Actor, Cover, Post, Role, Waiver

SHIPPED = {"standard": shipped(), "full": shipped("full"), "countersign": COUNTERSIGN}
ORGANS = {"unit": roster.UNIT, "department": roster.DEPARTMENT, "bureau": roster.BUREAU}


def desk_of(node, signers):
    return Desk(
        node=node.node, stage=node.stage, round=1, task=f"task of {node.node}", role=signers.role, organ=ORGANS[signers.of], person=None,
        level=node.level, entered_at="2026-01-05T01:00:00+00:00", due_at=None, provisional=False,
    )  # fmt: skip


def before(desk, decided, behalf=""):
    """A table at a desk, after somebody decided at another one, in his own name or for somebody absent."""
    return Table(
        UUID(int=1), version=9, bureau=roster.BUREAU, department=roster.DEPARTMENT, unit=roster.UNIT, owner="clerk", round=1,
        stage=desk.stage, desks=(desk,), deciders=(Decider("hats", decided.level, decided.node, behalf),),
    )  # fmt: skip


def pairs(content):
    """Every two nodes of a level, both of the review, with every group that signs at the second."""
    nodes = [node for node in chain_from(content).nodes if node.stage in REVIEW_STAGES]
    for one, other in itertools.permutations(nodes, 2):
        if one.level == other.level:
            yield from ((one, other, signers) for signers in other.signers)


@pytest.mark.parametrize("name", [*SHIPPED, *(name for name in CHAINS if name not in SHIPPED)])
def test_a20_nobody_sits_at_two_nodes_of_one_level_in_a_round_himself_or_as_a_deputy(name):
    for one, other, signers in pairs({**CHAINS, **SHIPPED}[name]):
        desk = desk_of(other, signers)
        post = Post(Role(desk.role), desk.organ)
        himself, cover = Actor("hats", "多岗同志", (post,)), Cover("grant", "hats", "多岗同志", (post,))
        deputy = Actor("deputy", "代理同志", (), (cover,))
        assert seat_at(himself, before(desk, one), desk) is not None
        assert refusal_at(himself, before(desk, one), desk).rule == "S4"
        assert refusal_at(deputy, before(desk, one), desk, cover).rule == "S7"
        absent = replace(himself, id="principal")
        assert refusal_at(absent, before(desk, one, behalf="principal"), desk).rule == "S4"


OFFICE = {"node": "unit_business", "title": "业务负责人审核", "role": "unit_business"}
BOTH = roster.person("both", (Role.UNIT_BUSINESS, roster.UNIT), (Role.UNIT_HEAD, roster.UNIT))


def small_unit():
    """Two nodes of one level in a unit, one person holding both posts."""
    content = chain()
    head = next(node for node in content["nodes"] if node["node"] == "unit_head")
    content["nodes"].insert(1, {**head, **OFFICE})
    head["after"] = ["unit_business"]
    life = in_review(content)
    return life.approved(BOTH)


def test_a20_without_a_waiver_the_second_node_refuses_him():
    with pytest.raises(NotAllowed) as refused:
        small_unit().approved(BOTH)
    assert refused.value.rule == "S4"


def test_a20_under_a_waiver_he_decides_again_himself_with_words_of_his_own():
    """What S12 eases is who may sit there; a second look is still asked for, never taken as given."""
    eased = replace(BOTH, waivers=(Waiver("waiver", "S2", roster.UNIT),))
    life = small_unit()
    assert [desk.node for desk in life.table.desks] == ["unit_head"]
    life.table = reviewing.approve_table(
        life.journal, life.table.id, seen=life.seen(), by=eased, command_id=uuid4(), opinion="已再次核对"
    )
    decided = [each for each in life.journal.history(life.table.id) if each.kind == "task.decided"]
    assert [(each.actor_id, each.fact.node) for each in decided] == [("both", "unit_business"), ("both", "unit_head")]


def test_a20_a_definition_cannot_switch_it_on():
    with pytest.raises(DefinitionUnreadable) as refused:
        read_definition({**shipped("full"), "auto_pass": True})
    assert refused.value.facts["problems"] == [{"pointer": "/auto_pass", "sentence": "没有这个项目，请核对名称"}]


def test_a20_after_a_return_everybody_decides_anew():
    life = in_review().approved(roster.UNIT_HEAD).returned(roster.DEPARTMENT_FINANCE, "unit_review")
    assert ([desk.node for desk in life.table.desks], life.table.votes) == (["unit_head"], ())
    assert life.approved(roster.UNIT_HEAD).table.stage == "department_review"
