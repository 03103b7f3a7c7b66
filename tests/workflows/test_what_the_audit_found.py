"""What a hostile audit of the approvals got through, and gets through no more."""

from uuid import uuid4

import pytest

from tests.support import roster
from tests.support.chains import signed_by_three
from tests.support.life import Life, memory
from workflows.commands import leaving, reviewing
from workflows.commands.ending import confirm_ending
from workflows.commands.recalling import ask_to_withdraw, recall_decision
from workflows.commands.signers import add_signer, remove_signer
from workflows.errors import FieldsInvalid, NotAllowed, NotOpenNow
from workflows.standing import DIRECT
from workflows.vocabulary import Role, Stage

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
