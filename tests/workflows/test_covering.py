"""Absence in the domain: who may let whom act for him, what a deputy may do, both names, waivers, hand-overs (C3-C7)."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from tests.support import roster
from tests.support.life import Life, memory
from workflows import events as e
from workflows.commands import ending
from workflows.commands.covering import Terms, end_cover, give_cover, standing_covers
from workflows.commands.leaving import hand_over_table
from workflows.commands.reviewing import approve_table
from workflows.commands.waiving import sign_waiver
from workflows.errors import FieldsInvalid, NotAllowed, NotFound, ReasonMissing
from workflows.rights.lifecycle import decide, decide_within, steps_open_to
from workflows.rights.permissions import may_read, scope_of
from workflows.rights.segregation import refusal_at
from workflows.rights.waived import Signed, waived_decisions
from workflows.state.standing import Decider
from workflows.vocabulary import Action, Cover, Post, Role, Stage, Waiver
from workflows.words.sentences import sentence

HEAD, DEPUTY = roster.UNIT_HEAD, roster.SECOND_UNIT_HEAD


def terms(journal, days=10, **news):
    return replace(Terms(journal.now(), journal.now() + timedelta(days=days), "赴省厅参加业务培训"), **news)


def given(journal, principal=HEAD, deputy=DEPUTY, by=None, **news) -> e.CoverGiven:
    fact = give_cover(
        journal, principal=principal, deputy=deputy, terms=terms(journal, **news), by=by or principal, command_id=uuid4()
    ).fact
    assert isinstance(fact, e.CoverGiven)
    return fact


def acting(deputy, fact: e.CoverGiven):
    """The deputy as the store loads him while the cover is in force."""
    posts = tuple(Post(Role(post["role"]), post["organ"]) for post in fact.posts)
    return replace(
        deputy, covers=(Cover(fact.cover, fact.principal, fact.name, posts, fact.nodes, fact.units, fact.most),)
    )


def rule_of(call) -> str:
    with pytest.raises(NotAllowed) as refused:
        call()
    assert refused.value.sentence.endswith("。")
    return refused.value.rule


def test_c3_a_cover_lies_on_the_absent_persons_stream_with_period_scope_and_reason():
    journal = memory()
    fact = given(journal, nodes=("unit_head",), units=(roster.UNIT,), most="500.00")
    assert (fact.principal, fact.name, fact.deputy, fact.deputy_name) == (HEAD.id, HEAD.name, DEPUTY.id, DEPUTY.name)
    assert fact.posts == ({"role": "unit_head", "organ": roster.UNIT},)
    assert (fact.nodes, fact.units, fact.most) == (("unit_head",), (roster.UNIT,), "500.00")
    assert standing_covers(journal, HEAD.id) == (fact,)


def test_c3_a_repeated_command_gives_one_cover():
    journal, command, bounds = memory(), uuid4(), terms(memory())
    first, again = (
        give_cover(journal, principal=HEAD, deputy=DEPUTY, terms=bounds, by=HEAD, command_id=command) for _ in range(2)
    )
    assert first == again
    assert len(standing_covers(journal, HEAD.id)) == 1


def test_c3_a_security_administrator_registers_it_for_somebody_absent_and_is_named():
    journal = memory()
    recorded = give_cover(
        journal, principal=HEAD, deputy=DEPUTY, terms=terms(journal), by=roster.SECURITY_ADMIN, command_id=uuid4()
    )
    assert (recorded.actor_id, recorded.role) == (roster.SECURITY_ADMIN.id, Role.SECURITY_ADMIN)
    assert sentence(recorded).startswith("security同志（安全管理员）：授权deputy_head同志代unit_head同志办理")


@pytest.mark.parametrize("by", [roster.SYSTEM_ADMIN, roster.FINANCE_LEADER, DEPUTY])
def test_c3_nobody_else_gives_a_cover(by):
    assert rule_of(lambda: given(memory(), by=by)) == "R-COVER"


def test_c5_nobody_covers_for_himself():
    assert rule_of(lambda: given(memory(), deputy=HEAD)) == "R-COVER"


def test_c5_a_deputy_who_is_away_himself_is_refused_and_so_is_a_circle():
    journal = memory()
    given(journal, principal=DEPUTY, deputy=HEAD)
    with pytest.raises(NotAllowed, match="不能互相代理"):
        given(journal)
    other = replace(HEAD, id="third", name="第三人")
    with pytest.raises(NotAllowed, match="代理只能一级"):
        given(journal, principal=other)


def test_c5_a_deputy_who_is_back_by_then_may_cover():
    journal = memory()
    given(journal, principal=DEPUTY, deputy=HEAD, days=2)
    later = journal.now() + timedelta(days=3)
    assert given(journal, from_at=later, to_at=later + timedelta(days=2)).deputy == DEPUTY.id


def test_c5_a_cover_counts_only_posts_held_by_the_principal_himself():
    journal = memory()
    covering = acting(DEPUTY, given(journal))
    passed_on = given(journal, principal=covering, deputy=HEAD, from_at=journal.now() + timedelta(days=20), days=30)
    assert passed_on.posts == ({"role": "unit_business", "organ": roster.UNIT},)
    with pytest.raises(FieldsInvalid, match="不能再转授"):
        given(journal, principal=covering, deputy=HEAD, posts=HEAD.posts, from_at=journal.now() + timedelta(days=40), days=50)


@pytest.mark.parametrize(("news", "sentence"), [
    ({"days": -1}, "代理期间已经过去或起止颠倒"), ({"days": 367}, "不能超过一年"), ({"most": "很多"}, "须为数字"),
    ({"most": "-1"}, "不小于零"),
])  # fmt: skip
def test_c3_what_cannot_be_is_refused_with_a_sentence(news, sentence):
    with pytest.raises(FieldsInvalid, match=sentence):
        given(memory(), **news)


def test_c3_the_period_does_not_begin_in_the_past_and_needs_a_reason():
    journal = memory()
    with pytest.raises(FieldsInvalid, match="过去的日期"):
        given(journal, from_at=journal.now() - timedelta(days=3))
    with pytest.raises(ReasonMissing):
        given(journal, reason="出差")


def test_s8_an_officer_is_no_deputy_and_an_observer_neither():
    assert rule_of(lambda: given(memory(), deputy=roster.SECURITY_ADMIN)) == "S8"
    assert rule_of(lambda: given(memory(), deputy=roster.OBSERVER)) == "R-COVER"


def test_c3_a_stranger_to_the_organ_is_no_deputy():
    assert rule_of(lambda: given(memory(), principal=roster.FINANCE_BUSINESS, deputy=DEPUTY)) == "R-COVER"
    assert rule_of(lambda: given(memory(), deputy=roster.FINANCE_BUDGET)) == "R-COVER"


def test_s12_the_only_clerk_of_a_unit_could_never_act():
    clerk = roster.person("only", (Role.CLERK, "unit-9"))
    head = roster.person("head9", (Role.UNIT_HEAD, "unit-9"))
    journal = replace(memory(), people=(clerk, head))
    assert rule_of(lambda: given(journal, principal=head, deputy=clerk)) == "S12"
    journal = replace(memory(), people=(clerk, head, roster.person("other", (Role.CLERK, "unit-9"))))
    assert given(journal, principal=head, deputy=clerk).deputy == "only"


def test_c3_a_clerks_filing_is_not_covered_but_handed_over():
    with pytest.raises(FieldsInvalid, match="办理移交"):
        given(memory(), principal=roster.CLERK, deputy=DEPUTY)


@pytest.mark.parametrize("by", [HEAD, DEPUTY, roster.SECURITY_ADMIN])
def test_c3_a_cover_is_ended_early_by_those_whom_it_concerns(by):
    journal = memory()
    fact = given(journal)
    end_cover(journal, principal=HEAD.id, cover=fact.cover, reason="提前返回岗位", by=by, command_id=uuid4())
    assert standing_covers(journal, HEAD.id) == ()
    with pytest.raises(NotFound):
        end_cover(journal, principal=HEAD.id, cover=fact.cover, reason="提前返回岗位", by=by, command_id=uuid4())


def test_c3_a_stranger_does_not_end_a_cover():
    journal = memory()
    fact = given(journal)
    ending = {"principal": HEAD.id, "cover": fact.cover, "reason": "与我无关的事", "command_id": uuid4()}
    assert rule_of(lambda: end_cover(journal, by=roster.FINANCE_LEADER, **ending)) == "R-COVER"


def test_c4_d10_the_deputys_decision_names_both_and_no_later_event_changes_the_names():
    """frappe#34570 shows who changed the document last, odoo#202218 overwrites the approver: the record names both."""
    life = Life(memory()).in_unit_review()
    life.approved(acting(DEPUTY, given(life.journal)))
    decided = next(each for each in life.journal.history(life.table.id) if each.kind == "task.decided")
    assert (decided.actor_id, decided.behalf.id, decided.role) == (DEPUTY.id, HEAD.id, Role.UNIT_HEAD)
    assert sentence(decided) == "deputy_head同志 代 unit_head同志（单位负责人）：审核结论：通过，意见：同意。"
    life.returned(roster.DEPARTMENT_FINANCE, Stage.UNIT_REVIEW).approved(HEAD)
    words = [sentence(each) for each in life.journal.history(life.table.id) if each.kind == "task.decided"]
    assert [line.partition("（")[0] for line in words] == [
        "deputy_head同志 代 unit_head同志", "planner同志", "unit_head同志"]  # fmt: skip
    assert life.table.deciders[0] == Decider(DEPUTY.id, "unit", "unit_head", HEAD.id)


def test_c3_nodes_units_and_amount_end_a_cover():
    life = Life(memory()).in_unit_review()
    fact = given(life.journal)

    def rule(**news):
        answer = decide(acting(DEPUTY, replace(fact, **news)), life.table, Action.APPROVE)
        return "" if answer.allowed else answer.rule

    assert [rule(), rule(nodes=("unit_head",)), rule(units=(roster.UNIT,))] == ["", "", ""]
    assert [rule(nodes=("evaluation_unit",)), rule(units=(roster.OTHER_UNIT,))] == ["R-ROLE", "R-ROLE"]


@pytest.mark.parametrize(("most", "rule"), [("100000000", ""), ("0", "R-COVER")])
def test_c3_an_amount_beyond_the_cover_is_refused_by_the_verb_with_the_reason(most, rule):
    life = Life(memory()).in_unit_review()
    deputy = acting(DEPUTY, given(life.journal, most=most))
    if not rule:
        assert life.approved(deputy).table.stage == Stage.DEPARTMENT_REVIEW
        return
    with pytest.raises(NotAllowed, match="须由unit_head同志本人办理") as refused:
        life.approved(deputy)
    assert refused.value.rule == rule


def test_c3_an_unknown_amount_is_beyond_every_limit():
    life = Life(memory()).in_unit_review()
    deputy = acting(DEPUTY, given(life.journal, most="100000000"))
    assert decide_within(deputy, life.table, Action.APPROVE, lambda: None).rule == "R-COVER"
    assert not any(answer.allowed for answer in steps_open_to(deputy, life.table))


def test_s7_c6_who_signed_an_earlier_level_is_refused_as_a_deputy():
    life = Life(memory()).in_unit_review().approved(HEAD)
    head_at_department = replace(HEAD, posts=(*HEAD.posts, Post(Role.DEPARTMENT_BUSINESS, roster.DEPARTMENT)))
    deputy = acting(head_at_department, given(life.journal, principal=roster.DEPARTMENT_FINANCE, deputy=head_at_department))
    answer = decide(deputy, life.table, Action.APPROVE)
    assert (answer.allowed, answer.rule) == (False, "S2")


def test_s7_c6_what_binds_the_principal_binds_his_deputy():
    life = Life(memory()).in_unit_review()
    fact = given(life.journal)
    filed = replace(life.table, authors=life.table.authors | {HEAD.id})
    answer = decide(acting(DEPUTY, fact), filed, Action.APPROVE)
    assert (answer.allowed, answer.rule) == (False, "S7")
    assert answer.sentence == "代理他人办理，须同时符合被代理人的限制：被代理人填报、修改过此表或是其经办人，不能再审核它（职责分离：填报人不得审核）。"


def test_s7_the_principal_may_not_sign_a_later_level_after_his_deputy_did():
    life = Life(memory()).in_unit_review()
    life.approved(acting(DEPUTY, given(life.journal)))
    both = replace(HEAD, posts=(*HEAD.posts, *roster.DEPARTMENT_FINANCE.posts))
    assert decide(both, life.table, Action.APPROVE).rule == "S2"


def test_s1_a_deputy_who_filed_the_table_is_refused():
    life = Life(memory()).in_unit_review()
    deputy = acting(roster.CLERK, given(life.journal, deputy=roster.CLERK))
    assert decide(deputy, life.table, Action.APPROVE).rule == "S1"


def test_s10_the_principal_does_not_confirm_what_his_deputy_asked_for_him():
    life = Life(memory()).in_finance_approval()
    fact = given(life.journal, principal=roster.FINANCE_BUSINESS, deputy=roster.FINANCE_BUDGET)
    from_deputy = acting(roster.FINANCE_BUDGET, fact)
    life.table = ask_to_end(life, from_deputy)
    assert life.table.request.behalf == roster.FINANCE_BUSINESS.id
    answers = [decide(by, life.table, Action.CONFIRM).allowed for by in (
        roster.FINANCE_BUSINESS, roster.FINANCE_BUDGET, roster.FINANCE_LEADER)]  # fmt: skip
    assert answers == [False, False, True]


def ask_to_end(life, by):
    return ending.ask_to_end(
        life.journal, life.table.id, action=Action.REFUSE, seen=life.seen(), by=by, command_id=uuid4(),
        reason="不符合立项条件",
    )  # fmt: skip


def test_m2_a_deputy_reads_no_further_than_his_cover():
    life = Life(memory()).in_finance_approval()
    stranger = replace(roster.FINANCE_BUDGET, posts=())
    wide = acting(stranger, given(life.journal, principal=roster.FINANCE_BUSINESS, deputy=roster.FINANCE_BUDGET))
    assert scope_of(wide).bureaus == (roster.BUREAU,)
    narrow = replace(wide, covers=(replace(wide.covers[0], units=(roster.UNIT,)),))
    elsewhere = replace(wide, covers=(replace(wide.covers[0], units=(roster.OTHER_UNIT,)),))
    assert [may_read(each, life.table) for each in (stranger, wide, narrow, elsewhere)] == [False, True, True, False]


SMALL = roster.person("all", (Role.UNIT_BUSINESS, "unit-9"), (Role.UNIT_HEAD, "unit-9"))


def waiver(journal, **news):
    details = {
        "unit": "unit-9", "department": roster.DEPARTMENT, "person": SMALL, "reason": "单位仅有两名在编人员",
        "until": journal.now() + timedelta(days=100), "by": roster.DEPARTMENT_FINANCE, "command_id": uuid4(),
    }  # fmt: skip
    return sign_waiver(journal, **(details | news)).fact


def test_s12_the_department_signs_a_waiver_for_a_small_unit():
    journal = replace(memory(), people=(*roster.PEOPLE, SMALL))
    fact = waiver(journal)
    assert (fact.rule, fact.unit, fact.person, fact.person_name) == ("S2", "unit-9", "all", "all同志")
    with pytest.raises(NotAllowed, match="规划财务处负责人"):
        waiver(journal, by=roster.FINANCE_BUSINESS)
    with pytest.raises(FieldsInvalid, match="只有一个审核岗位"):
        waiver(journal, person=HEAD)
    with pytest.raises(FieldsInvalid, match="不超过一年"):
        waiver(journal, until=journal.now() + timedelta(days=400))
    crowd = tuple(roster.person(f"p{n}", (Role.UNIT_FINANCE, "unit-9")) for n in range(2))
    with pytest.raises(FieldsInvalid, match="人员足够"):
        waiver(replace(journal, people=(*journal.people, *crowd)))


def test_s12_a_waiver_eases_two_desks_of_the_unit_never_filing_and_never_beyond_it():
    life = Life(memory()).in_unit_review()
    desk = life.table.desks[0]
    twice = replace(life.table, deciders=(Decider(HEAD.id, "unit", "unit_business"),))
    waived = replace(HEAD, waivers=(Waiver("w", "S2", roster.UNIT),))
    elsewhere = replace(HEAD, waivers=(Waiver("w", "S2", roster.OTHER_UNIT),))
    assert [bool(refusal_at(by, twice, desk)) for by in (HEAD, elsewhere, waived)] == [True, True, False]
    filed = replace(twice, authors=twice.authors | {HEAD.id})
    assert refusal_at(waived, filed, desk).rule == "S1"
    beyond = replace(life.table, deciders=(Decider(HEAD.id, "department", "department_finance"),))
    assert refusal_at(waived, beyond, desk).rule == "S2"


def handed(life, **news):
    details = {
        "leaver": roster.CLERK, "successor": NEXT_CLERK, "reason": "原经办人已调离单位", "by": roster.SECURITY_ADMIN,
        "command_id": uuid4(),
    }  # fmt: skip
    return hand_over_table(life.journal, life.table.id, **(details | news))


NEXT_CLERK = roster.person("next_clerk", (Role.CLERK, roster.UNIT))


def test_c7_a_leavers_table_goes_to_a_successor_and_history_stays_byte_for_byte():
    life = Life(memory()).in_unit_review().returned(HEAD, Stage.DRAFT)
    before = life.journal.history(life.table.id)
    after = handed(life)
    assert life.journal.history(life.table.id)[: len(before)] == before
    assert (after.owner, after.submitter, [desk.person for desk in after.desks]) == ("next_clerk", "next_clerk", ["next_clerk"])
    assert after.authors == frozenset({roster.CLERK.id})
    assert sentence(life.journal.history(after.id)[-1]) == (
        "security同志（安全管理员）：经办人由clerk同志改为next_clerk同志（移交），理由：原经办人已调离单位。")  # fmt: skip
    answers = [decide(by, after, Action.SUBMIT).allowed for by in (roster.CLERK, NEXT_CLERK)]
    assert answers == [False, True]


@pytest.mark.parametrize(("news", "error"), [
    ({"by": roster.SYSTEM_ADMIN}, NotAllowed), ({"successor": roster.OTHER_CLERK}, NotAllowed),
    ({"successor": roster.CLERK}, NotAllowed), ({"reason": "调离"}, ReasonMissing),
])  # fmt: skip
def test_c7_a_hand_over_is_refused_where_it_may_not_be(news, error):
    life = Life(memory()).in_unit_review()
    with pytest.raises(error):
        handed(life, **news)


def test_c7_who_decided_in_this_round_does_not_become_the_clerk():
    life = Life(memory()).in_unit_review().approved(HEAD)
    both = replace(HEAD, posts=(*HEAD.posts, Post(Role.CLERK, roster.UNIT)))
    assert rule_of(lambda: handed(life, successor=both)) == "S1"


def test_c7_a_repeated_hand_over_is_recorded_once():
    life, command = Life(memory()).in_unit_review(), uuid4()
    versions = [handed(life, command_id=command).version for _ in range(2)]
    assert versions[0] == versions[1]


def test_c3_approving_twice_under_one_command_is_one_decision():
    life = Life(memory()).in_unit_review()
    deputy, command = acting(DEPUTY, given(life.journal)), uuid4()
    seen = life.seen()
    first, again = (
        approve_table(life.journal, life.table.id, seen=seen, by=deputy, command_id=command) for _ in range(2)
    )
    assert first == again


def test_s12_the_history_marks_the_second_desk_that_only_a_waiver_made_possible():
    life = Life(memory()).in_unit_review()
    first = life.journal.history(life.table.id)[-1]
    at = life.journal.now()

    def decided(version: int, node: str, **news):
        fact = e.TaskDecided(node, "t", 1, news.pop("level", "unit"), "pass", "", "h")
        return replace(first, version=version, fact=fact, at=at, actor_id="all", **news)

    history = [decided(1, "unit_business"), decided(2, "unit_head"), decided(3, "department_finance", level="department")]
    signed = Signed("all", "all同志", "planner同志", "人员过少", at - timedelta(days=1), at + timedelta(days=1))
    assert waived_decisions(history, [signed]) == {2}
    assert waived_decisions(history, []) == frozenset()
    assert waived_decisions(history, [replace(signed, person="other")]) == frozenset()
    assert waived_decisions(history, [replace(signed, until=at)]) == frozenset()
