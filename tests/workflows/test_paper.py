"""C9, S10: a decision on paper is entered with its scan by one and confirmed by another, and counts as the leader's."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest

from tests.support import roster
from tests.support.invariants import check_table
from tests.support.life import Life, memory
from workflows.commands import ending, paper
from workflows.commands.paper import Sheet
from workflows.errors import AttachmentChanged, AttachmentRefused, FieldsInvalid, NotAllowed, NotFound, ReasonMissing
from workflows.journal import BoundFile
from workflows.vocabulary import Outcome, Role, Stage
from workflows.words.sentences import sentence

SCAN = b"%PDF-1.7 signed"
SHEET = Sheet("business", date(2026, 1, 4), Outcome.PASS, "批示.pdf", SCAN, "同意上报")
LEADER = roster.FINANCE_LEADER


@pytest.fixture
def life():
    return Life(memory()).in_finance_approval()


def enter(life, sheet=SHEET, by=roster.FINANCE_BUDGET, node="finance_business"):
    life.table = paper.enter_paper(
        life.journal, life.table.id, seen=life.seen(), by=by, command_id=uuid4(), task=life.table.desk(node).task,
        sheet=sheet,
    )  # fmt: skip
    return life


def confirm(life, by=LEADER):
    life.table = ending.confirm_ending(life.journal, life.table.id, seen=life.seen(), by=by, command_id=uuid4())
    return life


def nodes(table):
    return [desk.node for desk in table.desks]


def test_it_counts_only_once_confirmed_and_then_as_the_leader_s(life):
    assert nodes(enter(life).table) == ["finance_business", "finance_performance"]
    table = confirm(life).table
    assert nodes(table) == ["finance_performance"]
    vote = table.votes[-1]
    assert (vote.node, vote.outcome, vote.person, vote.behalf) == ("finance_business", Outcome.PASS, "leader", "business")
    check_table(table, life.journal.history(table.id))


def test_history_and_page_say_that_it_was_taken_on_paper_and_who_did_what(life):
    confirm(enter(life))
    said = {each.kind: sentence(each) for each in life.journal.history(life.table.id)}
    assert said["paper.entered"] == (
        "budget同志（预算科）：线下批示补录：business同志于2026-01-04在纸质件上批示“通过”，意见：同意上报，扫描件已附，等待第二人确认。"
    )
    assert said["confirmation.given"] == "leader同志（财政分管领导）：作为第二人确认。"
    assert said["task.decided"] == "leader同志 代 business同志（财政业务科）：审核结论：通过，意见：线下批示补录：同意上报。"


def test_the_decision_alone_is_on_the_leader_s_behalf_and_names_the_request(life):
    confirm(enter(life))
    history = life.journal.history(life.table.id)
    (entered,) = [each.fact for each in history if each.kind == "paper.entered"]
    behalf = {each.kind: each.behalf for each in history[-4:]}
    assert (behalf["confirmation.given"], behalf["task.decided"].id, behalf["task.decided"].grant) == (
        None, "business", entered.request,
    )  # fmt: skip


def test_the_scan_is_attached_and_bound(life):
    (scan,) = enter(life).table.attachments
    (entered,) = [each.fact for each in life.journal.history(life.table.id) if each.kind == "paper.entered"]
    assert (scan.attachment, scan.name, scan.for_step, scan.by) == (entered.attachment, "批示.pdf", "finance_business", "budget")
    assert life.journal.bound(scan.commitment).body == SCAN


def test_a_return_on_paper_returns_the_table(life):
    table = confirm(enter(life, replace(SHEET, outcome=Outcome.RETURN, to=Stage.DRAFT, opinion="指标值与资金不匹配"))).table
    assert (table.stage, table.returned_reason) == (Stage.DRAFT, "指标值与资金不匹配")
    check_table(table, life.journal.history(table.id))


@pytest.mark.parametrize(("sheet", "refusal"), [
    (replace(SHEET, leader="leader"), FieldsInvalid), (replace(SHEET, leader="nobody"), FieldsInvalid),
    (replace(SHEET, signed_on=date(2026, 1, 6)), FieldsInvalid), (replace(SHEET, outcome=Outcome.REFUSE), FieldsInvalid),
    (replace(SHEET, outcome=Outcome.RETURN, opinion="退回", to=Stage.DRAFT), ReasonMissing), (replace(SHEET, scan=b"MZ"), AttachmentRefused),
    (replace(SHEET, outcome=Outcome.RETURN, opinion="请补充测算"), FieldsInvalid),
    (replace(SHEET, outcome=Outcome.RETURN, opinion="请补充测算", to=Stage.MONITORING), FieldsInvalid),
    (replace(SHEET, outcome=Outcome.RETURN, opinion="请补充测算", to=Stage.REFUSED), FieldsInvalid),
    (replace(SHEET, to=Stage.DRAFT), FieldsInvalid),
])  # fmt: skip
def test_what_the_paper_cannot_say_is_refused(life, sheet, refusal):
    before = life.table
    with pytest.raises(refusal):
        enter(life, sheet)
    assert life.journal.lock_table(before.id) == before


@pytest.mark.parametrize("by", [roster.CLERK, roster.UNIT_HEAD, roster.DEPARTMENT_FINANCE, roster.OBSERVER, roster.SYSTEM_ADMIN])
def test_only_people_of_the_deciding_office_enter_it(life, by):
    with pytest.raises((NotAllowed, NotFound)):
        enter(life, by=by)


def test_the_leader_does_not_enter_his_own_paper(life):
    with pytest.raises(NotAllowed) as refused:
        enter(life, by=roster.FINANCE_BUSINESS)
    assert refused.value.rule == "S10"


@pytest.mark.parametrize("by", [roster.FINANCE_BUDGET, roster.FINANCE_BUSINESS, roster.CLERK, roster.DEPARTMENT_FINANCE])
def test_neither_who_entered_nor_the_leader_nor_a_stranger_confirms(life, by):
    enter(life)
    with pytest.raises((NotAllowed, NotFound)):
        confirm(life, by)


def test_who_decided_on_another_level_does_not_confirm():
    life = Life(memory()).in_unit_review().approved(roster.UNIT_HEAD).approved(roster.EVERY_HAT)
    enter(life)
    with pytest.raises(NotAllowed) as refused:
        confirm(life, roster.EVERY_HAT)
    assert refused.value.rule == "S2"


def test_a_leader_who_decided_elsewhere_in_the_round_cannot_have_signed():
    life = Life(memory()).in_unit_review().approved(roster.UNIT_HEAD).approved(roster.EVERY_HAT)
    with pytest.raises(NotAllowed) as refused:
        enter(life, replace(SHEET, leader="every_hat"))
    assert refused.value.rule == "S2"


def test_a_declined_paper_decides_nothing_and_its_scan_stays(life):
    enter(life)
    life.table = ending.decline_ending(
        life.journal, life.table.id, seen=life.seen(), by=LEADER, command_id=uuid4(), reason="扫描件不清晰"
    )
    assert (nodes(life.table), len(life.table.attachments)) == (["finance_business", "finance_performance"], 1)
    life.approved(roster.FINANCE_BUSINESS)


def test_a_swapped_scan_is_not_confirmed(life):
    (scan,) = enter(life).table.attachments
    life.journal.files[scan.commitment] = BoundFile(life.journal.files[scan.commitment].salt, b"%PDF-1.7 forged")
    with pytest.raises(AttachmentChanged):
        confirm(life)


def test_the_reply_has_its_own_document(life):
    life.approved(roster.FINANCE_BUSINESS).approved(roster.FINANCE_PERFORMANCE)
    with pytest.raises((FieldsInvalid, NotAllowed)):
        enter(life, replace(SHEET, leader="budget"), by=LEADER, node="reply")


def test_the_same_confirmation_twice_decides_once(life):
    enter(life)
    words = {"seen": life.seen(), "by": LEADER, "command_id": uuid4()}
    first = ending.confirm_ending(life.journal, life.table.id, **words)
    assert ending.confirm_ending(life.journal, life.table.id, **words) == first
    assert first.votes[-1].outcome == Outcome.PASS
    assert life.journal.history(life.table.id)[-1].role == Role.FINANCE_BUSINESS
