"""What a hostile audit of the approvals got through, and gets through no more."""

from datetime import date
from uuid import uuid4

import pytest

from tests.support import roster
from tests.support.chains import signed_by_three, standard_but
from tests.support.life import Life, memory
from workflows.commands import holding, leaving, reviewing
from workflows.commands.alarming import mark_unassignable
from workflows.commands.ending import ask_to_end, confirm_ending
from workflows.commands.paper import Sheet, enter_paper
from workflows.commands.pausing import resume_table, suspend_table
from workflows.commands.recalling import ask_to_withdraw, recall_decision
from workflows.commands.signers import add_signer, remove_signer
from workflows.errors import FieldsInvalid, NotAllowed, NotOpenNow
from workflows.rights.lifecycle import decide
from workflows.state.standing import DIRECT
from workflows.store.way_ahead import PeopleAround
from workflows.vocabulary import Action, Outcome, Role, Stage

REASON = "指标值与目标不匹配"
HEIR = roster.person("heir", (Role.CLERK, roster.UNIT), (Role.UNIT_HEAD, roster.UNIT))


def test_whoever_took_over_a_table_does_not_review_it():
    journal = memory()
    journal.people = (*journal.people, HEIR)
    life = Life(journal).in_unit_review()
    life.table = leaving.hand_over_table(
        journal, life.table.id, leaver=roster.CLERK, successor=HEIR, reason="经办人调离本单位", by=roster.SECURITY_ADMIN,
        command_id=uuid4(),
    )  # fmt: skip
    with pytest.raises(NotAllowed) as refused:
        life.approved(HEIR)
    assert refused.value.rule == "S1"


def test_a_checking_desk_that_is_called_filing_keeps_its_segregation():
    definition = signed_by_three("any")
    for node in definition["nodes"]:
        if node["node"] == "unit_head":
            node["level"] = "filing"
    life = Life(memory(), definition=definition).in_unit_review()
    both = roster.person("clerk", (Role.CLERK, roster.UNIT), (Role.UNIT_HEAD, roster.UNIT))
    with pytest.raises(NotAllowed) as refused:
        life.approved(both)
    assert refused.value.rule == "S1"


def test_a_vote_is_not_recalled_from_a_node_that_somebody_else_closed():
    life = Life(memory()).in_unit_review()
    (desk,) = life.table.desks
    words = {"by": roster.UNIT_HEAD, "reason": "请业务负责人会签"}
    life.table = add_signer(
        life.journal, life.table.id, seen=life.seen(), task=desk.task, person="deputy_head", how="parallel",
        command_id=uuid4(), **words,
    )  # fmt: skip
    life.approved(roster.UNIT_HEAD)
    (added,) = life.table.desks
    life.table = remove_signer(
        life.journal, life.table.id, seen=life.seen(), task=added.task, by=roster.UNIT_HEAD, command_id=uuid4(),
        reason="不再需要会签",
    )  # fmt: skip
    assert life.table.stage == Stage.DEPARTMENT_REVIEW
    with pytest.raises(NotOpenNow) as refused:
        recall_decision(
            life.journal, life.table.id, seen=life.seen(), by=roster.UNIT_HEAD, command_id=uuid4(), reason=REASON
        )
    assert refused.value.rule == "G-OPENED"


@pytest.mark.parametrize("place", ["", " ", "/", "//", "goals"])
def test_a_return_is_about_places_and_not_about_everything(place):
    life = Life(memory()).in_finance_approval()
    with pytest.raises(FieldsInvalid):
        reviewing.return_table(
            life.journal, life.table.id, seen=life.seen(), by=roster.FINANCE_BUSINESS, command_id=uuid4(),
            to=Stage.DRAFT, reason=REASON, mode=DIRECT, fields=(place,),
        )  # fmt: skip


def test_a_table_that_comes_straight_back_is_not_passed_by_who_decided_it_before():
    life = Life(memory()).in_unit_review().approved(roster.UNIT_HEAD).approved(roster.DEPARTMENT_FINANCE)
    life.returned(roster.FINANCE_BUSINESS, Stage.DRAFT, mode=DIRECT, fields=("/goals",))
    life.submitted()
    assert life.table.desk("finance_business") is not None
    moved = roster.person("unit_head", (Role.FINANCE_PERFORMANCE, roster.BUREAU))
    with pytest.raises(NotAllowed) as refused:
        life.approved(moved)
    assert refused.value.rule == "S2"


def test_a_withdrawn_table_no_longer_comes_straight_back():
    life = Life(memory()).in_finance_approval()
    life.returned(roster.FINANCE_BUSINESS, Stage.UNIT_REVIEW, to_node="unit_head", mode=DIRECT)
    life.table = ask_to_withdraw(
        life.journal, life.table.id, seen=life.seen(), by=roster.CLERK, command_id=uuid4(), reason="需要补充一处内容"
    )
    life.table = confirm_ending(life.journal, life.table.id, seen=life.seen(), by=roster.UNIT_HEAD, command_id=uuid4())
    life.submitted()
    assert (life.table.stage, [desk.node for desk in life.table.desks]) == (Stage.UNIT_REVIEW, ["unit_head"])


def short_of_one(against: str = "veto", *, ordered: bool = False) -> Life:
    """The business section has two people where three have to pass."""
    journal = memory()
    journal.people = (*(each for each in journal.people if each.id != "every_hat"), SECOND_BUSINESS)
    signers = [{"group": "业务科", "role": "finance_business", "of": "bureau", "take": "each"}]
    rule = {"kind": "count", "need": 3, "against": against}
    definition = standard_but("finance_business", signers=signers, rule=rule, ordered=ordered)
    return Life(journal, definition=definition).in_finance_approval()


SECOND_BUSINESS = roster.person("business_2", (Role.FINANCE_BUSINESS, roster.BUREAU))
THIRD_BUSINESS = roster.person("business_3", (Role.FINANCE_BUSINESS, roster.BUREAU))


def at_business(life: Life) -> list[str | None]:
    return [desk.person for desk in life.table.desks if desk.node == "finance_business"]


@pytest.mark.parametrize("against", ["veto", "majority", "wait"])
def test_where_a_signer_is_lacking_his_seat_stays_open_and_nobody_is_sent_back_for_it(against):
    life = short_of_one(against)
    assert at_business(life) == ["business", "business_2", None]
    life.approved(roster.FINANCE_BUSINESS).approved(SECOND_BUSINESS)
    assert (life.table.stage, at_business(life)) == (Stage.FINANCE_APPROVAL, [None])
    life.journal.people = (*life.journal.people, THIRD_BUSINESS)
    life.approved(THIRD_BUSINESS).approved(roster.FINANCE_PERFORMANCE)
    assert [desk.node for desk in life.table.desks] == ["reply"]


@pytest.mark.parametrize("ordered", [False, True])
def test_a_seat_that_nobody_may_take_is_told_at_once_and_once(ordered):
    life = short_of_one(ordered=ordered)
    for _ in range(2):
        life.table = mark_unassignable(life.journal, life.table.id, command_id=uuid4())
    told = [each.fact for each in life.journal.history(life.table.id) if each.kind == "task.unassignable"]
    assert [(fact.person, fact.rule) for fact in told] == [(None, "S4")]


def test_whoever_has_a_task_by_name_does_not_take_the_open_seat_beside_it():
    life = short_of_one()
    seat = next(desk.task for desk in life.table.desks if desk.person is None and desk.node == "finance_business")
    refused = [decide(by, life.table, Action.APPROVE, node=seat).rule for by in (roster.FINANCE_BUSINESS, SECOND_BUSINESS)]
    assert refused == ["S4", "S4"]
    assert decide(THIRD_BUSINESS, life.table, Action.APPROVE, node=seat).allowed


def test_the_page_names_nobody_at_the_open_seat_who_has_his_own_beside_it():
    life = short_of_one()
    around = PeopleAround(life.journal.now(), {each.id: each for each in (*life.journal.people, THIRD_BUSINESS)}, {})
    shown = [[who.id for who in around.candidates(life.table, desk, None)] for desk in life.table.desks[:3]]
    assert shown == [["business", "business_2", "business_3"]] * 2 + [["business_3"]]


def test_each_group_keeps_its_own_seats_open():
    """Two of each office have to pass, and the heads' office has one."""
    signers = [{"group": each, "role": each, "of": "unit", "take": "each"} for each in ("unit_head", "unit_business")]
    journal = memory()
    others = (each for each in journal.people if each.id != "every_hat")
    journal.people = (*others, roster.person("deputy_2", (Role.UNIT_BUSINESS, roster.UNIT)))
    definition = standard_but("unit_head", signers=signers, rule={"kind": "per_group", "need": 2, "against": "majority"})
    life = Life(journal, definition=definition).in_unit_review()
    assert [(d.group, d.person) for d in life.table.desks] == [
        ("unit_head", "unit_head"), ("unit_head", None), ("unit_business", "deputy_2"), ("unit_business", "deputy_head"),
    ]  # fmt: skip
    life.approved(roster.UNIT_HEAD)
    assert life.table.stage == Stage.UNIT_REVIEW


def test_a_vote_does_not_leave_a_node_open_with_nobody_left_to_sign():
    """As under a share beyond all of them, which the lint forbids to publish."""
    life = Life(memory(), definition=signed_by_three("percent", 150)).in_unit_review()
    life.journal.people = (*life.journal.people, roster.person("money", (Role.UNIT_FINANCE, roster.UNIT)))
    life.approved(roster.UNIT_HEAD).approved(roster.SECOND_UNIT_HEAD)
    with pytest.raises(NotOpenNow) as refused:
        life.approved(life.journal.people[-1])
    assert refused.value.rule == "G-SHORT"

def on_paper(life, leader, by, node="finance_business"):
    sheet = Sheet(leader, date(2026, 1, 4), Outcome.PASS, "批示.pdf", b"%PDF-1.7 signed", "同意上报")
    life.table = enter_paper(
        life.journal, life.table.id, seen=life.seen(), by=by, command_id=uuid4(), task=life.table.desk(node).task,
        sheet=sheet,
    )  # fmt: skip
    return life


def refused_by(refusal, act, *details):
    with pytest.raises(refusal) as refused:
        act(*details)
    return refused.value.rule


def passed_by_a_planner_of_many_hats():
    return Life(memory()).in_unit_review().approved(roster.UNIT_HEAD).approved(roster.EVERY_HAT)


def test_whoever_decided_on_another_level_enters_no_decision_on_paper():
    life = passed_by_a_planner_of_many_hats()
    assert decide(roster.EVERY_HAT, life.table, Action.ENTER_PAPER).rule == "S2"
    assert refused_by(NotAllowed, on_paper, life, "business", roster.EVERY_HAT) == "S2"
    on_paper(life, "business", roster.FINANCE_BUDGET)


def test_whoever_took_a_table_over_enters_no_decision_on_paper():
    journal = memory()
    journal.people = (*journal.people, HEIR)
    life = Life(journal).in_unit_review()
    life.table = leaving.hand_over_table(
        journal, life.table.id, leaver=roster.CLERK, successor=HEIR, reason="经办人调离本单位", by=roster.SECURITY_ADMIN,
        command_id=uuid4(),
    )  # fmt: skip
    assert refused_by(NotAllowed, on_paper, life, "unit_head", HEIR, "unit_head") == "S1"


def consented(life, by):
    life.table = confirm_ending(life.journal, life.table.id, seen=life.seen(), by=by, command_id=uuid4())
    return life


def test_whoever_decided_on_another_level_does_not_consent_to_a_withdrawal():
    life = passed_by_a_planner_of_many_hats()
    life.table = ask_to_withdraw(
        life.journal, life.table.id, seen=life.seen(), by=roster.CLERK, command_id=uuid4(), reason="需要补充一处内容"
    )
    assert refused_by(NotAllowed, consented, life, roster.EVERY_HAT) == "S2"
    assert consented(life, roster.FINANCE_BUSINESS).table.stage == Stage.DRAFT


def held_by(by, **words):
    """The business section's task in the hands of one of its people, who gave it to another first where one is named."""
    life = Life(memory()).in_finance_approval()
    verb = holding.delegate_task if words else holding.claim_task
    life.table = verb(
        life.journal, life.table.id, seen=life.seen(), by=by, command_id=uuid4(),
        task=life.table.desk("finance_business").task, **words,
    )  # fmt: skip
    return life


def test_no_decision_on_paper_goes_over_the_head_of_who_claimed_the_task():
    life = held_by(roster.EVERY_HAT)
    with pytest.raises(NotAllowed) as refused:
        on_paper(life, "business", roster.FINANCE_BUDGET)
    assert (refused.value.rule, refused.value.sentence) == (
        "R-CLAIMED", "此任务已由他人认领，须由其办理或先释放，不能以线下批示越过。"
    )


def test_no_decision_on_paper_goes_over_the_head_of_who_was_asked_to_act_first():
    life = held_by(roster.FINANCE_BUSINESS, person="leader", reason="请先行核对资金")
    with pytest.raises(NotAllowed) as refused:
        on_paper(life, "business", roster.FINANCE_BUDGET)
    assert (refused.value.rule, refused.value.sentence) == (
        "R-DELEGATED", "此任务已委派他人先行办理，须待其反馈或先收回委派，再补录线下批示。"
    )


def test_the_leader_s_own_claim_does_not_keep_his_paper_out():
    life = on_paper(held_by(roster.FINANCE_BUSINESS), "business", roster.FINANCE_BUDGET)
    assert [(vote.node, vote.behalf) for vote in consented(life, roster.FINANCE_LEADER).table.votes[-1:]] == [
        ("finance_business", "business")
    ]


ELSEWHERE = roster.person("security_2", (Role.SECURITY_ADMIN, "elsewhere"))
OF_THE_DEPARTMENT = roster.person("security_3", (Role.SECURITY_ADMIN, roster.DEPARTMENT))


def handed_over(life, by):
    life.table = leaving.hand_over_table(
        life.journal, life.table.id, leaver=roster.CLERK, successor=HEIR, reason="经办人调离本单位", by=by, command_id=uuid4()
    )
    return life


def test_a_table_is_handed_over_by_a_security_administrator_of_its_own_house_alone():
    life = Life(memory()).in_unit_review()
    with pytest.raises(NotAllowed) as refused:
        handed_over(life, ELSEWHERE)
    assert (refused.value.rule, refused.value.sentence) == ("R-ROLE", "须由此表所属财政部门或主管部门的安全管理员办理。")
    assert handed_over(life, OF_THE_DEPARTMENT).table.owner == "heir"
    assert (life.journal.history(life.table.id)[-1].organ, decide(ELSEWHERE, life.table, Action.HAND_OVER).allowed) == (
        roster.DEPARTMENT, False,
    )  # fmt: skip


def test_whoever_hands_a_table_over_need_not_be_able_to_read_it():
    life = Life(memory()).in_unit_review()
    answers = {action: decide(roster.SECURITY_ADMIN, life.table, action) for action in Action}
    assert [action for action, answer in answers.items() if answer.allowed] == [Action.HAND_OVER]
    assert answers[Action.URGE].rule == "R-READ"


def test_a_suspended_table_is_not_handed_over():
    life = Life(memory()).in_unit_review()
    words = {"by": roster.DEPARTMENT_FINANCE, "command_id": uuid4()}
    life.table = suspend_table(
        life.journal, life.table.id, seen=life.seen(), until=date(2026, 2, 2), reason="等候专项审计结果", **words
    )
    assert refused_by(NotAllowed, handed_over, life, roster.SECURITY_ADMIN) == "G-SUSPENDED"
    life.table = resume_table(life.journal, life.table.id, seen=life.seen(), **words)
    assert handed_over(life, roster.SECURITY_ADMIN).table.owner == "heir"


def test_a_table_that_ended_is_not_handed_over():
    life = Life(memory()).in_unit_review()
    life.table = ask_to_end(
        life.journal, life.table.id, action=Action.VOID, seen=life.seen(), by=roster.CLERK, command_id=uuid4(),
        reason="项目取消不再申报",
    )  # fmt: skip
    consented(life, roster.UNIT_HEAD)
    assert refused_by(NotOpenNow, handed_over, life, roster.SECURITY_ADMIN) == "R-STAGE"
