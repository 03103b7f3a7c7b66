"""Ladders of nodes: what is written is what runs; the lint tells rungs that reach nobody or hand a task to the wrong one."""

from dataclasses import replace
from uuid import UUID

import pytest

from tests.definitions.test_lint import CITY, ONE_UNIT, edited, said, without
from workflows.definitions import SHIPPED, chain_from, shipped
from workflows.definitions.ladders import REMINDED
from workflows.definitions.lint import lint
from workflows.rights.permissions import may_read
from workflows.state.standing import Table
from workflows.vocabulary import Actor, Post, Role, Stage


def remind(at):
    return {"at": at, "do": "remind"}


def up(at, do, role, of):
    return {"at": at, "do": do, "to": {"role": role, "of": of}}


LEADER = ("finance_leader", "bureau")
USUAL = [remind("T-1"), remind("T+1")]
CASES = {
    "D-50 a reminder names nobody": ({"finance_business": [{**up("T", "remind", *LEADER)}]}, [("D-50", "finance_business")]),
    "D-50 an escalation names somebody": ({"finance_business": [{"at": "T", "do": "inform"}]}, [("D-50", "finance_business")]),
    "D-50 at home": ({"unit_head": [up("T", "inform", "finance_leader", "department")]}, [("D-50", "unit_head")]),
    "D-50 not below": ({"finance_business": [up("T", "inform", "unit_head", "unit")]}, [("D-50", "finance_business")]),
    "D-50 no clerk": ({"unit_head": [up("T", "inform", "clerk", "unit")]}, [("D-50", "unit_head")]),
    "D-50 not itself": ({"unit_head": [up("T", "inform", "unit_head", "unit")]}, [("D-50", "unit_head")]),
    "D-50 a draft is its unit's own": ({"drafting": [*USUAL, up("T+3", "inform", "department_finance", "department")]}, [("D-50", "drafting")]),
    "D-51": ({"unit_head": [*USUAL, remind("T+1")]}, [("D-51", "unit_head")]),
    "D-52 filing": ({"drafting": [*USUAL, up("T+3", "hand", "unit_head", "unit")]}, [("D-52", "drafting")]),
    "D-52 reply": ({"reply": [*USUAL, up("T+3", "hand", *LEADER)]}, [("D-52", "reply")]),
    "D-53": ({"archiving": [up("T+3", "hand", *LEADER)]}, [("D-53", "archiving")]),
    "two kinds at one moment": ({"archiving": [remind("T"), up("T+3", "inform", *LEADER), up("T+3", "hand", *LEADER)]}, []),
    "nobody is reminded": ({"archiving": []}, []),
}  # fmt: skip


def laddered(name="standard", /, **ladders):
    return edited(name, **{node: {"ladder": rungs} for node, rungs in ladders.items()})


@pytest.mark.parametrize("case", CASES)
def test_a_check_of_ladders_makes_exactly_its_remark(case):
    ladders, remarks = CASES[case]
    assert said(laddered(**ladders)) == remarks


def test_a_rung_that_nobody_can_be_the_receiver_of_is_named_with_its_organ():
    leaders = [person.id for person in CITY.people if person.holds(Role.FINANCE_LEADER)]
    remarks = lint(laddered(archiving=[*USUAL, up("T+3", "inform", *LEADER)]), without(*leaders))
    assert [(each.rule, each.node) for each in remarks] == [("D-44", "archiving")]
    assert remarks[0].sentence.endswith("没有人担任财政分管领导，环节“绩效科办结归档”的阶梯 T+3 无人可告知。")


def test_a_superior_who_would_be_missing_where_he_signs_himself_is_told_before_it_happens():
    """The one head of the unit cannot decide for the business lead and then sign as the head (S4)."""
    handed = {"unit_business": [*USUAL, up("T+3", "hand", "unit_head", "unit")]}
    heads = [person for person in ONE_UNIT.people if person.holds(Role.UNIT_HEAD, ONE_UNIT.homes[0].unit)]
    assert said(laddered("full", **handed), without(*(each.id for each in heads[1:]))) == [("D-45", "unit_business")]
    second = replace(heads[0], id="second", name="第二负责人")
    assert said(laddered("full", **handed), replace(ONE_UNIT, people=(*ONE_UNIT.people, second))) == []


def test_without_a_ladder_a_node_reminds_as_ever_and_one_that_is_written_stands_alone():
    chain = chain_from(shipped())
    assert {node.ladder for node in chain.nodes} == {REMINDED}
    (step,) = laddered(archiving=[up("T+30", "hand", *LEADER)]).node("archiving").ladder
    assert (step.days, step.kind, step.rule, step.said) == (30, "hand.T+30", "ladder:T+30", "到期后30个工作日升级办理财政分管领导")
    assert laddered(archiving=[]).node("archiving").ladder == ()
    assert chain.ladder_of("evaluation_sampling") == REMINDED


@pytest.mark.parametrize("name", SHIPPED)
def test_whoever_a_rung_of_what_ships_can_reach_may_read_the_table_by_his_post(name):
    """升级告知不另给权限：能收到的人，凭本岗就看得到此表（INV17）。"""
    born = Table(UUID(int=1), bureau="b", department="d", unit="u", owner="clerk")
    organs = {"unit": "u", "department": "d", "bureau": "b"}
    for node in chain_from(shipped(name)).nodes:
        table = replace(born, stage=node.stage, round=0 if node.stage == Stage.DRAFT else 1)
        for step in (each for each in node.ladder if each.role):
            superior = Actor("superior", "上级", (Post(step.role, organs[step.of]),))
            assert may_read(superior, table), (node.node, step.kind)
