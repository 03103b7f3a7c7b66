"""The lint: what ships is clean against the made-up city; each check makes exactly its remark; S12 names unit and nodes."""

import copy
import inspect
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

import pytest

from service.demo.city import shipped_city
from workflows.definitions import SHIPPED, Expression, Signers, chain_from, shipped
from workflows.definitions.conditions import comparisons_in
from workflows.definitions.lint import CHECKS, CONDITIONS, PEOPLE, lint
from workflows.definitions.lint_people import cannot_be_segregated
from workflows.definitions.roster import Home, Roster
from workflows.definitions.samples import KNOWN_WORDS
from workflows.definitions.survey import MOST_AT_ONCE, MOST_WORK, WORK_FOR_A_HOME, Survey
from workflows.packs import PACK_OF_FAMILY
from workflows.published.remarks import Severity
from workflows.state.signoff import Kind, Rule
from workflows.vocabulary import Actor, Post, Role

CITY = shipped_city()
COUNTERSIGN = json.loads(Path(__file__).with_name("countersign.json").read_text(encoding="utf-8"))


def roster_of(city) -> Roster:
    homes = (city.home(unit.id, "") for unit in city.units())
    return Roster(tuple(Home(h.unit, h.department, h.bureau) for h in homes), city.people, {o.id: o.name for o in city.organs})


ROSTER = roster_of(CITY)
ONE_UNIT = replace(ROSTER, homes=ROSTER.homes[:1])


def edited(name="full", /, drop=(), add=(), **nodes):
    """A shipped chain (or the countersign one) with some nodes changed, dropped, added, and no field rights of its own."""
    content = copy.deepcopy(COUNTERSIGN if name == "countersign" else shipped(name)) | {"format": 2}
    content.pop("fields", None)
    kept = [each for each in content["nodes"] if each["node"] not in drop] + list(add)
    content["nodes"] = [each | nodes.get(each["node"], {}) for each in kept]
    return chain_from(content)


def said(chain, roster=ONE_UNIT):
    return [(remark.rule, remark.node) for remark in lint(chain, roster)]


def person(name, *posts):
    return Actor(name, name, tuple(Post(role, organ) for role, organ in posts))


@pytest.mark.parametrize("name", SHIPPED)
def test_what_ships_is_clean_against_the_real_people_of_the_city(name):
    assert lint(chain_from(shipped(name)), ROSTER) == ()


def test_the_countersigning_chain_of_the_tests_is_clean_too():
    assert lint(chain_from(COUNTERSIGN), ROSTER) == ()


def test_there_are_more_than_fifteen_checks_each_with_a_rule_of_its_own():
    rules = [check.__doc__.partition(":")[0] for check in (*CHECKS, *CONDITIONS, *PEOPLE)]
    assert len(set(rules)) == len(rules) >= 33
    tested = inspect.getsource(inspect.getmodule(said)) + Path(__file__).with_name("test_ladders.py").read_text(encoding="utf-8")
    assert [rule for rule in rules if f'("{rule}", ' not in tested] == []


EXTRA = {"node": "second_head", "title": "再审", "stage": "unit_review", "role": "unit_head", "of": "unit", "level": "unit", "after": ["unit_head"], "working_days": 1}
REPLY = ["finance_business", "finance_performance"]
POOLS = [{"group": "a", "role": "unit_business", "of": "unit", "take": "pool"}, {"group": "b", "role": "unit_finance", "of": "unit", "take": "pool"}]
LEADERS = [{"group": "分管领导", "role": "finance_leader", "of": "bureau", "take": "pool"}]
SECTION = [{"group": "绩效科", "role": "finance_performance", "of": "bureau", "take": "pool"}]
ONE_POOL = [{"group": "a", "role": "finance_leader", "of": "bureau", "take": "pool"}]
STRUCTURE_CASES = {
    "D-01": (edited("standard", add=[{**EXTRA, "node": "unit_head", "after": [], "role": "unit_business"}]), [("D-01", "unit_head")]),
    "D-02": (edited(unit_head={"after": ["department_finance"]}), [("D-02", "unit_head")]),
    "D-03": (edited("standard", add=[{**EXTRA, "role": "unit_finance", "after": ["second_head"]}]), [("D-03", "second_head")]),
    "D-04": (edited(unit_business={"after": ["unit_finance"]}, unit_finance={"after": ["unit_business"]}),
             [("D-03", "unit_business"), ("D-03", "unit_finance"), ("D-04", "unit_head")]),
    "D-05": (edited("standard", unit_head={"after": ["unit_head"]}), [("D-03", "unit_head"), ("D-05", None)]),
    "D-06": (edited("standard", drop=["unit_head"]), [("D-06", None)]),
    "D-07": (edited(unit_finance={"of": "bureau"}), [("D-07", "unit_finance"), ("D-14", "unit_finance")]),
    "D-08 missing": (edited("standard", drop=["reply"]), [("D-08", None)]),
    "D-08 not last": (edited(reply={"after": REPLY}), [("D-08", "finance_leader")]),
    "D-08 conditional": (edited(reply={"when": "重点"}), [("D-08", "reply")]),
    "D-09 missing": (edited(drop=["evaluation_unit"], evaluation_department={"after": ["evaluation_filing"]}), [("D-09", "evaluation_unit")]),
    "D-09 conditional": (edited(monitoring_check={"when": "重点"}), [("D-09", "monitoring_check")]),
    "D-10": (edited(department_finance={"level": "unit"}, department_business={"level": "finance"}),
             [("D-10", "department_finance"), ("D-15", "department_business"), ("D-15", "department_finance")]),
    "D-10 word": (edited(unit_head={"level": "top"}), [("D-10", "unit_head")]),
    "D-11": (edited(unit_head={"working_days": 0}), [("D-11", "unit_head")]),
    "D-12": (edited(unit_finance={"role": "clerk"}), [("D-12", "unit_finance")]),
    "D-09 level": (edited(monitoring_check={"level": "filing"}), [("D-09", "monitoring_check")]),
    "D-13": (edited(finance_performance={"when": "重点"}), [("D-13", None)]),
    "D-13 another signs": (edited(finance_performance={"signers": LEADERS}), [("D-13", None)]),
    "D-13 another may sign instead": (edited(finance_performance={"signers": [*LEADERS, *SECTION]}), [("D-13", None)]),
    "D-13 outvoted": (edited(finance_performance={"signers": [*LEADERS, *SECTION], "rule": {"kind": "percent", "need": 50}}), [("D-13", None)]),
    "D-13 both sign": (edited(drop=["finance_leader"], reply={"after": REPLY}, finance_performance={"signers": [*LEADERS, *SECTION], "rule": {"kind": "all"}}), []),
    "D-13 of two votes two": (edited(drop=["finance_leader"], reply={"after": REPLY}, finance_performance={"signers": [*LEADERS, *SECTION], "rule": {"kind": "count", "need": 2}}), []),
    "D-14": (edited(department_business={"role": "finance_leader", "of": "bureau"}), [("D-14", "department_business")]),
    "D-14 signers": (edited(department_business={"signers": LEADERS}), [("D-14", "department_business")]),
    "D-15": (edited(department_business={"level": "unit"}), [("D-15", "department_business")]),
    "D-15 reply": (edited(finance_leader={"level": "reply"}), [("D-15", "finance_leader")]),
    "D-16": (replace(edited(), withdraw_until="never"), [("D-16", None)]),
    "D-20": (edited(unit_head={"signers": [POOLS[0], {**POOLS[1], "group": "a"}]}, unit_business={"role": "unit_head"}), [("D-20", "unit_head")]),
    "D-21": (edited(finance_leader={"signers": ONE_POOL, "rule": {"kind": "percent", "need": 101}}), [("D-21", "finance_leader")]),
    "D-22": (edited(finance_leader={"signers": ONE_POOL, "rule": {"kind": "count", "need": 2}}), [("D-22", "finance_leader")]),
    "D-22 group": (edited("countersign", department_panel={"rule": {"kind": "per_group", "need": 2}}), [("D-22", "department_panel")]),
    "D-23": (edited(finance_leader={"ordered": True}), [("D-23", "finance_leader")]),
    "D-24": (edited(finance_leader={"rule": {"against": "wait"}}), [("D-24", "finance_leader")]),
    "D-25": (edited(finance_leader={"rule": {"need": 2}}), [("D-25", "finance_leader")]),
    "D-26": (edited(finance_leader={"rule": {"kind": "per_group"}}), [("D-26", "finance_leader")]),
    "D-27": (edited(unit_head={"review": "form"}), [("D-27", "unit_head")]),
    "D-30": (edited(finance_leader={"when": "金额 > 500 and 金额 < 300"}), [("D-30", "finance_leader")]),
    "D-31": (edited(finance_leader={"when": "重点 or not 重点"}), [("D-31", "finance_leader")]),
    "D-32 unknown amount": (edited(unit_business={"when": "金额 >= 500"}, unit_finance={"when": "金额 < 500"}, unit_head={"when": "金额 >= 0"}),
                            [("D-32", None)]),
    "D-33": (edited(finance_leader={"when": '类别 in ["project", "projekt"]'}), [("D-33", "finance_leader")]),
}  # fmt: skip


def entitled(*entries, without=()):
    """The full chain with more entries of its matrix, or without those of some stage and role."""
    content = shipped("full")
    kept = [each for each in content["fields"] if (each["stage"], each["role"]) not in without]
    more = [{"stage": stage, "role": role, "write": list(write), "once": once} for stage, role, once, *write in entries]
    return chain_from({**content, "fields": [*kept, *more]})


DRAFTER, READER = ("draft", "clerk"), ("finance_approval", "finance_business")
FIELD_CASES = {
    "D-60 content": (entitled((*DRAFTER, "", "basics", "answers"), without=[DRAFTER]), [("D-60", None)]),
    "D-60 form": (entitled(without=[READER]), [("D-60", "finance_business")]),
    "D-60 number": (entitled(without=[("finance_approval", "finance_budget")]), [("D-60", None)]),
    "D-60 answers": (
        entitled((*DRAFTER, "", "basics", "money", "goals", "rows", "weights", "marks", "explanations"), without=[DRAFTER]), [("D-60", None)]),
    "D-60 figures": (entitled(without=[("monitoring", "clerk")]), [("D-60", None)]),
    "D-61": (entitled(("draft", "unit_finance", "", "money")), [("D-61", None)]),
    "D-61 of a role that sits nowhere": (entitled(("closed", "clerk", "", "basics")), [("D-61", None)]),
    "D-62 twice": (entitled((*DRAFTER, "completed", "goals"), (*DRAFTER, "completed", "rows")), [("D-62", None), ("D-62", None)]),
    "D-62 later": (entitled((*READER, "completed", "goals")), [("D-62", None), ("D-63", None)][:1]),
    "D-62 places": (entitled((*DRAFTER, "completed", "goals", "returned")), [("D-62", None)]),
    "D-63": (entitled((*DRAFTER, "completed", "attachments")), [("D-63", None)]),
    "narrowed well": (entitled((*DRAFTER, "completed", "goals"), (*DRAFTER, "returned", "returned", "answers")), []),
}  # fmt: skip


@pytest.mark.parametrize("case", FIELD_CASES)
def test_a_check_of_field_rights_makes_exactly_its_remark(case):
    chain, remarks = FIELD_CASES[case]
    assert said(chain) == remarks


def test_a_field_that_nobody_can_write_is_named():
    remarks = lint(FIELD_CASES["D-60 number"][0], ONE_UNIT)
    assert [remark.sentence for remark in remarks] == ["“财政审批”阶段没有人能填写“批复文号”：请写入预算科可以填写的字段。"]


@pytest.mark.parametrize("case", STRUCTURE_CASES)
def test_a_check_makes_exactly_its_remark(case):
    chain, remarks = STRUCTURE_CASES[case]
    assert said(chain) == remarks


def test_an_empty_stage_is_told_with_a_table_that_slips_through():
    chain, _ = STRUCTURE_CASES["D-32 unknown amount"]
    assert [remark.sentence for remark in lint(chain, ONE_UNIT)] == ["“单位审核”的环节都附条件，金额为未知的表会无人审核地通过这一阶段。"]


def near_limit(number: int, ends: str) -> str:
    """A condition of nearly the longest text, with everything that one can ask for, and as its last word an end."""
    amounts = " or ".join(f"金额 == {number * 100 + each}" for each in range(9))
    words = " or ".join(f'属性 == "{number}{each}"' for each in range(8))
    asked = f'(({amounts}) or ({words}) or 年度 in [2024, 2027, 2031] or 文种 == "henan-unit" or 类别 == "unit" or 公开 == "公开" or 重点)'
    return f"{asked} {ends}"


NEVER, ALWAYS = "and 金额 > 9 and 金额 < 3", "or 金额 > 3 or 金额 <= 3 or not 金额 > 3"


@pytest.mark.parametrize("ends", [NEVER, ALWAYS])
def test_a_condition_of_too_many_combinations_is_told_as_not_looked_at_one_by_one(ends):
    """Never D-30 nor D-31 on a part of the tables: what was not tried is not known."""
    condition = near_limit(1, ends)
    assert 280 < len(condition) <= 500
    remarks = lint(edited(finance_leader={"when": condition}), ONE_UNIT)
    assert [(r.rule, r.severity, r.node) for r in remarks] == [("D-34", Severity.WARNING, "finance_leader")]
    assert "未能逐一检查" in remarks[0].sentence


def test_a_stage_of_which_nobody_can_tell_that_it_is_visited_is_wrong():
    chain = edited("standard", unit_head={"when": near_limit(1, ALWAYS)})
    remarks = lint(chain, ONE_UNIT)
    assert [(r.rule, r.node) for r in remarks] == [("D-32", None), ("D-34", "unit_head")]
    assert remarks[0].sentence == "“单位审核”的环节都附条件，组合太多，未能逐一检查是否总有人审核。请让其中一个环节不附条件。"


@dataclass(frozen=True)
class Counted(Expression):
    """A condition that counts how many comparisons it was asked for at most."""

    asked: ClassVar[list[int]] = []

    def evaluate(self, inputs):
        self.asked.append(sum(1 for _ in comparisons_in(self.term)))
        return super().evaluate(inputs)


@pytest.mark.parametrize("ends", [NEVER, ALWAYS])
def test_many_conditions_near_the_limit_take_bounded_work(ends):
    """Fifty nodes, each asking for everything: counted in comparisons, however fast the machine."""
    Counted.asked.clear()
    first = next(node for node in edited().nodes if node.node == "department_business")
    nodes = [replace(first, node=f"office_{n}", when=Counted(Expression.parse(near_limit(n, ends)).term)) for n in range(46)]
    chain = replace(edited(), nodes=(*edited().nodes, *nodes))
    remarks = lint(chain, ONE_UNIT)
    assert MOST_AT_ONCE < sum(Counted.asked) <= MOST_WORK + WORK_FOR_A_HOME
    assert {r.rule for r in remarks} == {"D-34"}
    assert len(remarks) == len(nodes) + 1, "each condition, and that nobody could hold all ways against the people"


def test_many_signers_take_bounded_work_too():
    """Twenty groups of every holder at forty nodes, and a crowd at the bureau."""
    crowd = tuple(person(f"p{n}", (Role.FINANCE_LEADER, ONE_UNIT.homes[0].bureau)) for n in range(400))
    first = next(node for node in edited().nodes if node.node == "finance_leader")
    signers = (Signers("领导", Role.FINANCE_LEADER, "bureau", each=True),)
    nodes = [replace(first, node=f"leaders_{n}", signers=signers, rule=Rule(Kind.ALL), when=None, after=()) for n in range(40)]
    reply = next(node for node in edited().nodes if node.node == "reply")
    named = replace(reply, after=(*reply.after, *(node.node for node in nodes)))
    chain = replace(edited(), nodes=(*(node for node in edited().nodes if node != reply), *nodes, named))
    survey = Survey(MOST_WORK)
    roster = replace(ONE_UNIT, people=(*ONE_UNIT.people, *crowd))
    assert [(r.rule, r.severity) for r in cannot_be_segregated(chain, roster, survey)] == [("D-34", Severity.WARNING)]
    assert 0 <= survey.left <= MOST_WORK


def test_where_all_have_to_vote_everybody_has_to_be_another():
    """One pass of two would do, but the node waits for both: one person cannot give both votes."""
    rule = {"signers": POOLS, "rule": {"kind": "count", "need": 1, "against": "wait"}}
    small = with_posts(yewu=(Role.UNIT_BUSINESS, Role.UNIT_FINANCE), caiwu=())
    chain = edited("standard", unit_head=rule)
    assert said(chain) == []
    assert {rule for rule, _node in said(chain, small)} == {"D-42"}


def without(*people):
    return replace(ONE_UNIT, people=tuple(each for each in ONE_UNIT.people if each.id not in people))


def with_posts(**posts):
    """The first unit with some people's posts replaced: who -> roles of the unit."""
    unit = ONE_UNIT.homes[0].unit
    changed = tuple(replace(p, posts=tuple(Post(role, unit) for role in posts[p.id])) if p.id in posts else p for p in ONE_UNIT.people)
    return replace(ONE_UNIT, people=changed)


def test_a_post_that_nobody_holds_is_named_with_its_organ():
    remarks = lint(chain_from(shipped("full")), without("caiwu"))
    assert [(r.rule, r.node) for r in remarks] == [("D-40", "unit_finance")]
    assert (remarks[0].organ, remarks[0].severity) == ("qj-jw-bj", Severity.ERROR)
    assert remarks[0].sentence == "清江市纪委监委（机关本级）没有人担任单位财务，环节“单位财务审核”无人可办。"


def test_a_rule_that_needs_more_signers_than_exist_is_named_with_the_figure():
    chain = edited("countersign", finance_business={"rule": {"kind": "count", "need": 3}})
    assert said(chain) == [("D-41", "finance_business")]
    assert lint(chain, ONE_UNIT)[0].sentence == "清江市财政局：环节“业务科票签”的签署规则还差1人。"


def test_a_small_unit_with_too_few_people_is_named_with_its_nodes_and_its_people():
    """S12: 业务负责人 and 单位财务 are one person."""
    small = with_posts(yewu=(Role.UNIT_BUSINESS, Role.UNIT_FINANCE), caiwu=())
    assert said(chain_from(shipped("full")), small) == [("D-42", "unit_business"), ("D-42", "unit_business")]
    assert lint(chain_from(shipped("full")), small)[0].sentence == (
        "清江市纪委监委（机关本级）：林晓雯填报的表，“业务负责人审核”、“单位财务审核”共须2名不同的人，能办的只有郭立群"
        "（职责分离 S1、S2、S4）。请补充人员，或由主管部门签发豁免（S12）。"
    )


def test_two_posts_of_one_person_are_no_gap_where_another_can_step_in():
    small = with_posts(yewu=(Role.UNIT_BUSINESS, Role.UNIT_FINANCE))
    assert said(chain_from(shipped("full")), small) == []


def test_a_chain_without_conditional_gap_is_judged_by_the_routes_that_tables_really_take():
    """Nodes that no table visits together need no different people."""
    chain = edited(unit_business={"when": "重点"}, unit_finance={"when": "not 重点"})
    small = with_posts(yewu=(Role.UNIT_BUSINESS, Role.UNIT_FINANCE), caiwu=())
    assert said(chain, small) == []


def test_a_clerk_who_also_reviews_is_told_and_where_he_is_the_only_one_it_cannot_be():
    deputy = with_posts(jingban=(Role.CLERK, Role.UNIT_HEAD))
    assert said(chain_from(shipped()), deputy) == [("D-43", "unit_head")]
    alone = replace(deputy, people=tuple(p for p in deputy.people if p.id != "fuzeren"))
    assert said(chain_from(shipped()), alone) == [("D-42", "unit_head"), ("D-42", "evaluation_unit"), ("D-43", "unit_head")]


def test_the_closed_words_are_those_of_the_document_families():
    assert set(KNOWN_WORDS["文种"]) == set(PACK_OF_FAMILY)
