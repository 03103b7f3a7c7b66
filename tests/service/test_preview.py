"""What is said of the way before a table before it is submitted is what then happens, while nobody changes (L2)."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.cli.preview import line_of
from tests.support import roster
from tests.support.chains import standard_but
from tests.support.life import Life
from tests.support.memory_journal import MemoryJournal
from workflows.commands import drafting, reviewing
from workflows.commands.recipe import Seen
from workflows.commands.routing import inputs_from
from workflows.content.goal_table import amount_in_wan
from workflows.definitions import chain_from, shipped
from workflows.rights.lifecycle import decide_within
from workflows.rights.preview import Deputy, preview
from workflows.state.standing import DIRECT
from workflows.vocabulary import REVIEW_STAGES, Action, Actor, Cover, Post, Role, Stage
from workflows.workdays import beijing_date

START = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
OFFICES = {
    Stage.UNIT_REVIEW: ("unit", [Role.UNIT_BUSINESS, Role.UNIT_FINANCE, Role.UNIT_HEAD]),
    Stage.DEPARTMENT_REVIEW: ("department", [Role.DEPARTMENT_BUSINESS, Role.DEPARTMENT_FINANCE]),
    Stage.FINANCE_APPROVAL: ("bureau", [Role.FINANCE_BUSINESS, Role.FINANCE_PERFORMANCE, Role.FINANCE_LEADER]),
}
ORGANS = {"unit": roster.UNIT, "department": roster.DEPARTMENT, "bureau": roster.BUREAU}
CONDITIONS = ("金额 >= 500", "金额 < 500", "重点", "not 重点", '公开 == "公开"', '属性 == "新增项目" or 年度 >= 2026')
RULES = (
    {"kind": "any", "need": 1, "against": "veto"}, {"kind": "all", "need": 1, "against": "veto"},
    {"kind": "count", "need": 2, "against": "majority"}, {"kind": "percent", "need": 60, "against": "wait"},
    {"kind": "per_group", "need": 1, "against": "veto"},
)  # fmt: skip


@st.composite
def nodes_of(draw, stage):
    """Some nodes of a stage: each with offices of its own, after some of those before it, perhaps on a condition."""
    of, roles = OFFICES[stage]
    left, nodes = draw(st.permutations(roles)), []
    while left:
        mine, left = left[:2] if draw(st.booleans()) else left[:1], left[2:] if draw(st.booleans()) else left[1:]
        mine = [role for role in mine if all(role.value not in node["offices"] for node in nodes)]
        if mine:
            nodes.append(_node(draw, stage, of, mine, [node["node"] for node in nodes]))
    return [{key: value for key, value in node.items() if key != "offices"} for node in nodes]


def _node(draw, stage, of, roles, before):
    node = {
        "node": f"{stage.value}_{len(before)}", "title": f"{stage.chinese}{len(before)}", "stage": stage.value,
        "role": roles[0].value, "of": of, "level": of if of != "bureau" else "finance",
        "after": draw(st.lists(st.sampled_from(before), unique=True)) if before else [],
        "working_days": draw(st.integers(0, 9)), "offices": [role.value for role in roles],
    }  # fmt: skip
    if draw(st.booleans()):
        node["when"] = draw(st.sampled_from(CONDITIONS))
    if len(roles) > 1 or draw(st.booleans()):
        takes = st.sampled_from(("pool", "each"))
        node["signers"] = [{"group": r.value, "role": r.value, "of": of, "take": draw(takes)} for r in roles]
        node |= {"rule": draw(st.sampled_from(RULES)), "ordered": draw(st.booleans())}
    return node


@st.composite
def chains(draw):
    standard = {**shipped(), "format": 2, "name": "generated", "withdraw_until": "decided"}
    review = [node for stage in REVIEW_STAGES for node in draw(nodes_of(stage))]
    finance = [node["node"] for node in review if node["stage"] == "finance_approval"]
    reply = next(node for node in standard["nodes"] if node["node"] == "reply") | {"after": finance}
    others = [node for node in standard["nodes"] if Stage(node["stage"]) not in REVIEW_STAGES]
    return {**standard, "nodes": [others[0], *review, reply, *others[1:]]}


@st.composite
def people(draw):
    """Up to three people at each office; some have somebody who acts for them; the clerk may hold a second post."""
    found = [roster.CLERK, roster.FINANCE_BUDGET]
    for of, roles in OFFICES.values():
        for role in roles:
            held = [_somebody(f"{role.value}{n}", role, of) for n in range(draw(st.sampled_from((1,) * 9 + (2, 2, 3, 3, 0))))]
            found += held
            if held and draw(st.booleans()):
                found.append(_deputy_of(held[0], draw(st.sampled_from((None, "0", "100000000")))))
    if draw(st.booleans()):
        found[0] = roster.person("clerk", (Role.CLERK, roster.UNIT), (Role.UNIT_HEAD, roster.UNIT))
    return tuple(found)


def _somebody(name, role, of):
    return roster.person(name, (role, ORGANS[of]))


def _deputy_of(principal, most=None):
    cover = Cover(f"grant-{principal.id}", principal.id, principal.name, principal.posts, most=most)
    return Actor(f"deputy_of_{principal.id}", "代办人", covers=(cover,))


def deputies_among(everybody):
    """Who may act for a person, without end."""

    def of(person):
        return [
            Deputy(each, cover, START, START + timedelta(days=3650))
            for each in everybody for cover in each.covers if cover.principal == person
        ]  # fmt: skip

    return of


def told(planned):
    """What a preview says of the nodes that will be entered: name, due day, tasks with everybody who may take them."""
    return [
        (each.node, each.due, sorted((task.role, task.person or "", _ids(task)) for task in each.tasks))
        for each in planned if not each.skipped
    ]  # fmt: skip


def _ids(task):
    deputies = {deputy.by.id for each in task.people for deputy in each.deputies}
    return tuple(sorted({each.id for each in task.people} | deputies))


class Walk:
    """A table that its people lead on, always at the node that is due first, on its due day; what it then entered."""

    def __init__(self, definition, everybody):
        self.everybody = everybody
        self.life = Life(MemoryJournal(START, everybody), definition=definition).imported().completed()
        self.chain = chain_from(definition)
        self.happened = []

    @property
    def table(self):
        return self.life.table

    def preview(self, **known):
        content = drafting.content_in_work(self.life.journal, self.table).content
        inputs = inputs_from(self.table, content)
        return preview(
            self.chain, self.table, inputs, self.life.journal.holders, self.life.journal.at,
            deputies=deputies_among(self.everybody), **known,
        )  # fmt: skip

    def submits(self):
        return self._sees(self.life.submitted)

    def goes_on(self):
        """Let the node that is due first be signed; whether that was possible."""
        node, due = min(((d.node, d.due_at) for d in self.table.desks), key=lambda each: each[1])
        if node == "reply":
            return False
        self.life.journal.at = max(self.life.journal.at, datetime.fromisoformat(due))
        while any(desk.node == node for desk in self.table.desks):
            able = [each for each in self.everybody if self._may(each, self.table, Action.APPROVE, node)]
            if not able:
                return False
            self._sees(lambda who=able[0]: self._signs(who, node))
        return self.table.stage in REVIEW_STAGES

    def _signs(self, who, node):
        self.life.table = reviewing.approve_table(
            self.life.journal, self.table.id, seen=Seen(self.table.version), by=who, command_id=uuid4(), node=node
        )

    def _sees(self, act):
        before = {desk.task for desk in self.table.desks}
        act()
        entered = [desk for desk in self.table.desks if desk.task not in before and desk.stage in REVIEW_STAGES]
        for node in dict.fromkeys(desk.node for desk in entered):
            mine = [desk for desk in entered if desk.node == node]
            tasks = sorted((Role(desk.role), desk.person or "", self._may_sign(desk)) for desk in mine)
            self.happened.append((node, beijing_date(datetime.fromisoformat(mine[0].due_at)), tasks))

    def _may_sign(self, desk):
        """Everybody who could decide at this task if it were the only one beside those by name, and its turn."""
        alone = replace_desks(self.table, desk)
        action = Action.REPLY if desk.node == "reply" else Action.APPROVE
        return tuple(sorted(each.id for each in self.everybody if self._may(each, alone, action, desk.task)))

    def _may(self, somebody, table, action, node):
        content = self.life.journal.content(table.content_hash)
        return decide_within(somebody, table, action, lambda: amount_in_wan(content), node=node).allowed

    def passed_over(self):
        chosen = [each.fact for each in self.life.journal.history(self.table.id) if each.kind == "route.chosen"]
        return {node for fact in chosen for node in fact.passed_over}


def replace_desks(table, desk):
    named = (each for each in table.desks if each.node == desk.node and each.task != desk.task and each.person)
    return type(table)(**{**vars(table), "desks": (type(desk)(**{**vars(desk), "waits_for": ()}), *named)})


def order_free(entries):
    return sorted(entries, key=repr)


GENERATED = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


@GENERATED
@given(definition=chains(), everybody=people())
def test_l2_the_preview_at_submission_is_what_then_happens(definition, everybody):
    walk = Walk(definition, everybody)
    said = walk.preview()
    walk.submits()
    while walk.goes_on():
        pass
    finished = [desk.node for desk in walk.table.desks] == ["reply"]
    planned, passed = told(said), walk.passed_over()
    skipped = {each.node for each in said if each.skipped}
    assert order_free(each for each in planned if finished or each in walk.happened) == order_free(walk.happened)
    assert {node for node in skipped if finished or node in passed} == passed


@GENERATED
@given(definition=chains(), everybody=people())
def test_l2_on_the_way_the_preview_is_what_is_left(definition, everybody):
    walk = Walk(definition, everybody)
    walk.submits()
    whole = told(walk.preview())
    happened = len(walk.happened)
    while walk.goes_on() and [desk.node for desk in walk.table.desks] != ["reply"]:
        met = walk.happened[happened:]
        assert order_free([*met, *told(walk.preview())]) == order_free(whole)


def in_finance_sent_back(**aim):
    life = Life(MemoryJournal(START, roster.PEOPLE)).in_finance_approval().approved(roster.FINANCE_PERFORMANCE)
    return life.returned(roster.FINANCE_BUSINESS, aim.pop("to", Stage.DRAFT), mode=DIRECT, **aim)


def previewed(life, **known):
    content = drafting.content_in_work(life.journal, life.table).content
    chain = chain_from(life.definition or shipped())
    return preview(
        chain, life.table, inputs_from(life.table, content), life.journal.holders, life.journal.at, **known
    )


def test_a13_straight_back_the_preview_shows_whom_it_reaches_and_what_is_not_repeated():
    life = in_finance_sent_back(fields=("/goals",))
    said = previewed(life, straight=True)
    assert [each.node for each in said if not each.skipped] == ["finance_business", "reply"]
    assert {each.node: each.reason for each in said if each.skipped} == dict.fromkeys(
        ("unit_head", "department_finance", "finance_performance"), "退回前已办理，直达“业务科审核”时不再重复"
    )
    assert [task.person for task in said[-2].tasks] == ["business"]
    life.submitted()
    assert [(desk.node, desk.person) for desk in life.table.desks] == [("finance_business", "business")]


def test_a13_step_by_step_the_preview_shows_every_node_again():
    said = previewed(in_finance_sent_back(fields=("/goals",)), straight=False)
    assert [each.node for each in said] == [
        "unit_head", "department_finance", "finance_business", "finance_performance", "reply"
    ]


def test_a13_a_node_that_answers_a_return_leads_straight_back():
    life = in_finance_sent_back(to=Stage.UNIT_REVIEW, to_node="unit_head")
    assert [each.node for each in previewed(life) if not each.skipped] == ["finance_business", "reply"]


def test_l2_an_office_without_people_is_named():
    life = Life(MemoryJournal(START, tuple(p for p in roster.PEOPLE if not p.holds(Role.DEPARTMENT_FINANCE))))
    said = previewed(life.imported())
    assert [(each.node, [task.role for task in each.unmanned]) for each in said if each.unmanned] == [
        ("department_finance", [Role.DEPARTMENT_FINANCE])
    ]


def test_a6_a_rule_that_wants_more_people_than_there_are_is_named():
    definition = standard_but("unit_head", rule={"kind": "count", "need": 3, "against": "veto"})
    said = previewed(Life(MemoryJournal(START, roster.PEOPLE), definition=definition).imported())
    assert {each.node: each.lacking for each in said if each.lacking} == {"unit_head": 1}


def test_l2_who_wrote_the_table_is_not_among_its_reviewers():
    said = previewed(Life(memory_with_two_heads()).imported(), editors=("unit_head",))
    assert [candidate.id for candidate in said[0].tasks[0].people] == ["second_head"]


def memory_with_two_heads():
    second = roster.person("second_head", (Role.UNIT_HEAD, roster.UNIT))
    return MemoryJournal(START, (roster.CLERK, roster.UNIT_HEAD, second))


@pytest.mark.parametrize(("first", "last", "named"), [(0, 400, ["沈洁"]), (-9, -2, []), (200, 300, [])])
def test_c4_a_deputy_is_named_where_he_may_act_at_that_time(first, last, named):
    cover = Cover("g", "unit_head", "某", (Post(Role.UNIT_HEAD, roster.UNIT),))
    deputy = Deputy(Actor("shen", "沈洁"), cover, START + timedelta(days=first), START + timedelta(days=last))
    life = Life(MemoryJournal(START, roster.PEOPLE)).imported()
    said = previewed(life, deputies=lambda person: [deputy] if person == "unit_head" else [])
    found = [other.by.name for candidate in said[0].tasks[0].people for other in candidate.deputies]
    assert found == named


def said_of(definition):
    (when,) = [node.when for node in chain_from(definition).nodes if node.when]
    return when.in_chinese()


def test_a2_a_node_passed_over_says_what_its_condition_was_given():
    definition = standard_but("department_finance", when="金额 >= 500 or 重点")
    said = previewed(Life(MemoryJournal(START, roster.PEOPLE), definition=definition).imported())
    assert [each.reason for each in said if each.skipped] == [f"条件“{said_of(definition)}”不成立（重点：否，金额：66）"]


def test_l2_the_command_line_prints_one_line_for_each_node():
    definition = standard_but("department_finance", when="重点")
    (head, skipped, *_rest) = previewed(Life(MemoryJournal(START, roster.PEOPLE), definition=definition).imported())
    assert [line_of(head), line_of(skipped)] == [
        "2026-01-08  单位负责人审核  every_hat同志、unit_head同志", "—           规划财务处审核  不经过：条件“重点”不成立（重点：否）"
    ]


@pytest.mark.parametrize(("most", "named"), [(None, ["deputy_of_unit_head"]), ("100000000", ["deputy_of_unit_head"]), ("0.01", [])])
def test_l2_a_deputy_is_named_as_far_as_the_amount_of_the_cover_reaches(most, named):
    life = Life(MemoryJournal(START, roster.PEOPLE)).imported().completed()
    said = previewed(life, deputies=deputies_among([_deputy_of(roster.UNIT_HEAD, most)]))
    (head,) = [each for each in said[0].tasks[0].people if each.id == roster.UNIT_HEAD.id]
    assert [deputy.by.id for deputy in head.deputies] == named
