"""What a deputy claims, delegates, gives up or takes back is the absent person's, and is recorded as done for him."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest

from tests.support import roster
from tests.support.hands import ACCOUNTANT, REASON, SECOND_HEAD, act, chain, heads, in_review, task_of
from tests.support.life import Life, memory
from workflows.commands import ending, holding, paper, recalling, reviewing, signers
from workflows.commands.covering import Terms, give_cover
from workflows.errors import NotAllowed, NotOpenNow
from workflows.rights.holders import recallable_vote
from workflows.rights.lifecycle import decide
from workflows.vocabulary import Action, Cover, Outcome, Post, Role, Stage
from workflows.words.notices import told_of

HEAD, DEPUTY, OTHER = roster.UNIT_HEAD, roster.SECOND_UNIT_HEAD, ACCOUNTANT


def covering(life, principal=HEAD, deputy=DEPUTY, **news):
    """The deputy as he is loaded while his cover is in force."""
    now = life.journal.now()
    terms = replace(Terms(now, now + timedelta(days=10), "赴省厅参加业务培训"), **news)
    fact = give_cover(life.journal, principal=principal, deputy=deputy, terms=terms, by=principal, command_id=uuid4()).fact
    posts = tuple(Post(Role(post["role"]), post["organ"]) for post in fact.posts)
    return replace(deputy, covers=(Cover(fact.cover, fact.principal, fact.name, posts, fact.nodes, fact.units, fact.most),))


def last(life, kind):
    return [each for each in life.journal.history(life.table.id) if each.kind == kind][-1]


def for_whom(life, kind):
    recorded = last(life, kind)
    return recorded.actor_id, recorded.behalf and recorded.behalf.id


def may(life, *people):
    return [decide(by, life.table, Action.APPROVE).rule for by in people]


def test_what_a_deputy_claims_is_his_principals_and_does_not_outlive_the_cover():
    life = in_review()
    deputy = covering(life)
    act(life, holding.claim_task, deputy, task=task_of(life))
    assert life.table.desks[0].claimed_by == "unit_head"
    assert may(life, deputy, covering(life, deputy=OTHER), HEAD) == ["", "", ""]
    assert may(life, DEPUTY, SECOND_HEAD) == ["R-ROLE", "R-CLAIMED"], "without the cover he has nothing"


def test_what_a_deputy_delegates_comes_back_to_his_principal_and_to_whoever_covers_for_him():
    life = in_review()
    deputy = covering(life)
    act(life, holding.delegate_task, deputy, task=task_of(life), person="accountant", reason=REASON)
    assert may(life, deputy, HEAD, SECOND_HEAD) == ["R-DELEGATED", "R-DELEGATED", "R-CLAIMED"]
    before = life.table
    act(life, holding.answer_delegation, ACCOUNTANT, task=task_of(life), opinion="资金测算无误")
    assert may(life, deputy, HEAD, DEPUTY, SECOND_HEAD) == ["", "", "R-ROLE", "R-CLAIMED"]
    (notice,) = told_of(last(life, "task.delegation_returned"), before, life.table)
    assert (notice.to.person, notice.to.role) == ("unit_head", Role.UNIT_HEAD), "his deputies are told with him"
    assert act(life, reviewing.approve_table, HEAD).table.stage == Stage.DEPARTMENT_REVIEW


@pytest.mark.parametrize("back", ["answered", "taken back"])
def test_a_task_by_name_needs_no_claim_once_it_is_back(back):
    life = in_review(chain(unit_head=heads("all")))
    task = task_of(life, HEAD)
    act(life, holding.delegate_task, HEAD, task=task, person="accountant", reason=REASON)
    if back == "answered":
        act(life, holding.answer_delegation, ACCOUNTANT, task=task, opinion="资金测算无误")
    else:
        act(life, holding.end_delegation, HEAD, task=task)
    assert (life.table.task(task).claimed_by, life.table.task(task).person) == ("", "unit_head")
    assert may(life, covering(life)) == [""]


@pytest.mark.parametrize("by_himself", [True, False])
def test_a_claim_is_given_up_by_the_claimer_or_in_his_name(by_himself):
    life = in_review()
    deputy = covering(life)
    act(life, holding.claim_task, deputy, task=task_of(life))
    act(life, holding.release_task, HEAD if by_himself else deputy, task=task_of(life))
    assert for_whom(life, "task.released") == (("unit_head", None) if by_himself else ("deputy_head", "unit_head"))
    assert may(life, SECOND_HEAD) == [""]


def test_nobody_gives_a_claim_up_without_leave_or_beyond_his_amount():
    life = in_review()
    act(life, holding.claim_task, HEAD, task=task_of(life))
    with pytest.raises(NotAllowed):
        act(life, holding.release_task, DEPUTY, task=task_of(life))
    with pytest.raises(NotOpenNow) as refused:
        act(life, holding.release_task, covering(life, most="0"), task=task_of(life))
    assert refused.value.rule == "G-NOT-CLAIMED"


@pytest.mark.parametrize("by_himself", [True, False])
def test_a_signer_whom_a_deputy_added_is_taken_away_in_the_name_of_his_principal(by_himself):
    life = in_review()
    deputy = covering(life)
    act(life, signers.add_signer, deputy, task=task_of(life), person="accountant", how="after", reason=REASON)
    act(life, reviewing.approve_table, deputy)
    act(life, signers.remove_signer, HEAD if by_himself else deputy, task=task_of(life, ACCOUNTANT), reason=REASON)
    assert for_whom(life, "task.superseded") == (("unit_head", None) if by_himself else ("deputy_head", "unit_head"))
    assert (last(life, "task.superseded").role, life.table.stage) == (Role.UNIT_HEAD, Stage.DEPARTMENT_REVIEW)


def test_nobody_takes_a_signer_away_in_whose_name_he_was_not_added():
    life = in_review()
    act(life, signers.add_signer, HEAD, task=task_of(life), person="accountant", how="after", reason=REASON)
    elsewhere = covering(life, units=(roster.OTHER_UNIT,))
    for by in (DEPUTY, elsewhere):
        with pytest.raises((NotAllowed, NotOpenNow)):
            act(life, signers.remove_signer, by, task=task_of(life, ACCOUNTANT), reason=REASON)


def test_a_deputy_takes_back_what_he_decided_as_one_in_the_name_of_his_principal():
    life = in_review()
    deputy = covering(life)
    act(act(life, reviewing.approve_table, deputy), recalling.recall_decision, deputy, reason=REASON)
    assert for_whom(life, "task.recalled") == ("deputy_head", "unit_head")
    assert for_whom(life, "node.superseded") == ("deputy_head", "unit_head")
    assert may(life, deputy, HEAD) == ["", ""]


def test_once_his_cover_is_over_a_deputy_takes_nothing_back():
    life = in_review()
    act(life, reviewing.approve_table, covering(life))
    assert recallable_vote(DEPUTY, life.table) is not None
    with pytest.raises(NotAllowed) as refused:
        act(life, recalling.recall_decision, DEPUTY, reason=REASON)
    assert refused.value.rule == "R-COVER"


@pytest.mark.parametrize(("covers", "rule"), [(False, "R-COVER"), (True, "S10")])
def test_whoever_confirmed_a_paper_decision_does_not_take_it_back_alone(covers, rule):
    """Two made it; even a deputy of the leader's is one."""
    life = Life(memory()).in_finance_approval()
    sheet = paper.Sheet("business", date(2026, 1, 4), Outcome.PASS, "批示.pdf", b"%PDF-1.7 signed", "同意上报")
    act(life, paper.enter_paper, roster.FINANCE_BUDGET, task=life.table.desk("finance_business").task, sheet=sheet)
    by = covering(life, roster.FINANCE_BUSINESS, roster.FINANCE_LEADER) if covers else roster.FINANCE_LEADER
    act(life, ending.confirm_ending, by)
    with pytest.raises(NotAllowed) as refused:
        act(life, recalling.recall_decision, by, reason=REASON)
    assert refused.value.rule == rule
