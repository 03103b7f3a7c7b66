"""L3, T23, S10: two persons loosen a stuck table, back or on the spot, never forward, never its content."""

from uuid import uuid4

import pytest

from tests.support import roster
from tests.support.chains import standard_but
from tests.support.invariants import check_table
from tests.support.life import Life, memory
from workflows.commands import ending, intervening, reviewing
from workflows.commands.calling import called_in
from workflows.errors import FieldsInvalid, NotAllowed, NotFound, NotOpenNow, ReasonMissing
from workflows.rights.lifecycle import decide
from workflows.vocabulary import Action, Actor, Post, Role, Stage
from workflows.words.sentences import sentence

ADMIN = roster.person("process", (Role.PROCESS_ADMIN, roster.BUREAU))
SECOND = roster.person("process_2", (Role.PROCESS_ADMIN, roster.BUREAU))
ELSEWHERE = roster.person("process_3", (Role.PROCESS_ADMIN, "another-bureau"))
WHY = "原签署人调离，待办无人办理"


@pytest.fixture
def life():
    return Life(memory()).in_finance_approval()


def move_back(life, to_node, node="finance_business", by=ADMIN, reason=WHY):
    life.table = intervening.ask_to_move_back(
        life.journal, life.table.id, seen=life.seen(), by=by, command_id=uuid4(), node=node, to_node=to_node,
        reason=reason,
    )  # fmt: skip
    return life


def reenter(life, node="finance_business", by=ADMIN):
    life.table = intervening.ask_to_reenter(
        life.journal, life.table.id, seen=life.seen(), by=by, command_id=uuid4(), node=node, reason=WHY
    )
    return life


def confirm(life, by=SECOND):
    life.table = ending.confirm_ending(life.journal, life.table.id, seen=life.seen(), by=by, command_id=uuid4())
    return life


def nodes(table):
    return [desk.node for desk in table.desks]


def test_a_stuck_table_goes_back_to_an_earlier_node_and_walks_on_from_there(life):
    content = life.table.content_hash
    assert nodes(move_back(life, "department_finance").table) == ["finance_business", "finance_performance"]
    table = confirm(life).table
    assert (table.stage, nodes(table), [vote.node for vote in table.votes]) == (
        Stage.DEPARTMENT_REVIEW, ["department_finance"], ["unit_head"],
    )  # fmt: skip
    assert (table.content_hash, table.intervened, table.round) == (content, True, 1)
    check_table(table, life.journal.history(table.id))
    assert nodes(life.approved(roster.DEPARTMENT_FINANCE).table) == ["finance_business", "finance_performance"]
    check_table(life.table, life.journal.history(life.table.id))


def test_the_log_says_who_asked_and_why_in_one_sentence(life):
    confirm(move_back(life, "unit_head"))
    history = life.journal.history(life.table.id)
    called = called_in(life.journal, life.table, history)
    assert [sentence(each, called) for each in history if each.kind == "admin.intervened"] == [
        f"process_2同志（流程管理员）：实施管理干预：由“业务科审核”退到“单位负责人审核”，从该环节起重新办理，理由：{WHY}。"
    ]
    (fact,) = [each.fact for each in life.journal.history(life.table.id) if each.kind == "admin.intervened"]
    assert fact.asked_by == "process"


@pytest.mark.parametrize("to_node", ["finance_performance", "reply", "drafting", "monitoring_check", "nowhere", "finance_business"])
def test_nothing_goes_forward_over_an_undecided_node(life, to_node):
    with pytest.raises(FieldsInvalid):
        move_back(life, to_node)


def test_a_table_is_moved_from_where_it_stands(life):
    with pytest.raises(FieldsInvalid):
        move_back(life, "unit_head", node="reply")


def test_a_node_entered_anew_has_a_new_task_and_leaves_its_neighbour_alone(life):
    life.approved(roster.FINANCE_PERFORMANCE)
    before = life.table
    table = confirm(reenter(life)).table
    assert nodes(table) == ["finance_business"]
    assert table.desks[0].task != before.desks[0].task
    assert [vote.node for vote in table.votes] == [vote.node for vote in before.votes]
    check_table(table, life.journal.history(table.id))
    assert nodes(life.approved(roster.FINANCE_BUSINESS).table) == ["reply"]


def test_a_deputy_s_monitoring_desk_is_entered_anew_with_its_window():
    life = Life(memory()).in_monitoring().window_opened()
    (before,) = life.table.desks
    (after,) = confirm(reenter(life, "monitoring_filing:w1")).table.desks
    assert (after.node, after.person, after.task != before.task) == (before.node, before.person, True)


def test_the_performance_section_may_be_the_second_person(life):
    assert confirm(reenter(life), roster.FINANCE_PERFORMANCE).table.intervened


@pytest.mark.parametrize("by", [ADMIN, ELSEWHERE, roster.FINANCE_BUSINESS, roster.FINANCE_LEADER, roster.SYSTEM_ADMIN, roster.CLERK])
def test_nobody_else_confirms_an_intervention(life, by):
    reenter(life)
    with pytest.raises((NotAllowed, NotFound)):
        confirm(life, by)


@pytest.mark.parametrize("by", [roster.FINANCE_PERFORMANCE, roster.SYSTEM_ADMIN, roster.CLERK, ELSEWHERE, roster.SECURITY_ADMIN])
def test_only_a_process_administrator_of_the_bureau_asks(life, by):
    with pytest.raises((NotAllowed, NotFound)):
        reenter(life, by=by)


def test_a_process_administrator_who_also_holds_a_business_post_is_refused(life):
    mixed = Actor("mixed", "兼任", (*ADMIN.posts, Post(Role.FINANCE_BUSINESS, roster.BUREAU)))
    with pytest.raises(NotAllowed) as refused:
        reenter(life, by=mixed)
    assert refused.value.rule == "S8"


def test_an_intervention_needs_a_reason(life):
    with pytest.raises(ReasonMissing):
        move_back(life, "unit_head", reason="卡住")


def test_an_administrator_decides_on_no_goals(life):
    allowed = {action for action in Action if decide(ADMIN, life.table, action).allowed}
    assert allowed & {Action.APPROVE, Action.RETURN, Action.REFUSE, Action.SUBMIT, Action.SAVE, Action.REPLY, Action.CONFIRM} == set()


def test_a_draft_is_not_loosened():
    with pytest.raises((NotOpenNow, NotFound)):
        reenter(Life(memory()).in_unit_review().returned(roster.UNIT_HEAD, Stage.DRAFT), "drafting")


def test_nobody_decides_while_an_intervention_waits(life):
    reenter(life)
    with pytest.raises(NotAllowed) as refused:
        reviewing.approve_table(life.journal, life.table.id, seen=life.seen(), by=roster.FINANCE_BUSINESS, command_id=uuid4())
    assert refused.value.rule == "G-REQUEST"


def test_named_signers_are_found_again_in_the_present_roster():
    """A named signer left: two of the three had signed; the node begins anew for those who hold the post now."""
    signers = [{"group": "budget", "role": "department_finance", "of": "department", "take": "each"}]
    definition = standard_but("department_finance", signers=signers, rule={"kind": "all", "need": 1, "against": "veto"})
    life = Life(memory(), definition=definition).in_unit_review().approved(roster.UNIT_HEAD)
    life.approved(roster.DEPARTMENT_FINANCE)
    newcomer = roster.person("newcomer", (Role.DEPARTMENT_FINANCE, roster.DEPARTMENT))
    life.journal.people = (*(each for each in roster.PEOPLE if each.id != "every_hat"), newcomer)
    assert [desk.person for desk in life.table.desks] == ["every_hat"]
    table = confirm(reenter(life, "department_finance")).table
    assert [desk.person for desk in table.desks] == ["newcomer", "planner"]
    assert [vote.node for vote in table.votes] == ["unit_head"]
    check_table(table, life.journal.history(table.id))
    life.approved(roster.DEPARTMENT_FINANCE)
    assert life.approved(newcomer).table.stage == Stage.FINANCE_APPROVAL
    check_table(life.table, life.journal.history(life.table.id))
