"""What each verb does, told as stories on the journal in memory."""

from dataclasses import replace
from uuid import uuid4

import pytest

from tests.support import roster
from tests.support.contents import document, printed_table
from tests.support.life import Life, memory
from workflows.commands import administering, drafting, ending, evaluating, importing, monitoring, replying, reviewing
from workflows.commands.recipe import Seen
from workflows.errors import (
    BlockedByFindings,
    ContentDiffers,
    FieldsInvalid,
    NotAllowed,
    NotFound,
    NotOpenNow,
    ReasonMissing,
    TableChangedMeanwhile,
)
from workflows.vocabulary import SYSTEM, Action, Post, Role, Stage


@pytest.fixture
def life():
    return Life(memory())


def kinds(life):
    return [each.kind for each in life.journal.history(life.table.id)]


def holders(table):
    return [desk.node for desk in table.desks]


def test_importing_makes_a_draft_for_the_clerk_and_keeps_what_was_printed(life):
    table = life.imported().table
    assert (table.stage, table.round, holders(table)) == (Stage.DRAFT, 0, ["drafting"])
    assert table.desks[0].person == "clerk"
    content = life.journal.content(table.content_hash)
    assert content["indicators"][0]["target"]["raw"] == "≥12公里"
    assert (content["disclosure"], {row["weight"] for row in content["indicators"]}) == (None, {None})
    assert life.journal.history(table.id)[0].fact.document
    filed = [h for s in life.journal.streams.values() for h in s if h.kind == "document.filed"]
    assert [f.fact.tables for f in filed] == [(str(table.id),)]


def test_importing_the_same_command_twice_makes_one_document():
    journal, document_id, command = memory(), uuid4(), uuid4()
    filing = importing.Filing("申报.txt", b"x", document(), ())
    words = {
        "filing": filing, "homes": (roster.HOME,), "year": 2026, "by": roster.CLERK,
        "post": Post(Role.CLERK, roster.UNIT), "command_id": command,
    }  # fmt: skip
    first = importing.import_document(journal, document_id, **words)
    events = sum(map(len, journal.streams.values()))
    assert importing.import_document(journal, document_id, **words) == first
    assert sum(map(len, journal.streams.values())) == events


def test_importing_needs_a_home_for_every_table():
    filing = importing.Filing("申报.txt", b"x", document(printed_table("甲"), printed_table("乙")), ())
    with pytest.raises(FieldsInvalid, match="每张表指定填报单位"):
        importing.import_document(
            memory(), uuid4(), filing=filing, homes=(roster.HOME,), year=2026, by=roster.CLERK,
            post=Post(Role.CLERK, roster.UNIT), command_id=uuid4(),
        )  # fmt: skip


def test_a_draft_without_mark_and_weights_is_blocked_with_every_place_named(life):
    with pytest.raises(BlockedByFindings) as refused:
        life.imported().submitted()
    rules = {finding.rule for finding in refused.value.facts["findings"]}
    assert {"V-X2", "V-W1"} <= rules
    assert kinds(life) == ["table.imported", "node.entered"]


def test_submitting_binds_the_content_and_names_every_change_with_its_reason(life):
    table = life.in_unit_review().table
    submitted = life.journal.history(table.id)[2].fact
    assert (table.stage, table.round, holders(table)) == (Stage.UNIT_REVIEW, 1, ["unit_head"])
    assert table.content_hash == submitted.content_hash
    changed = {change["pointer"]: (change["old"], change["new"], change["reason"]) for change in life.journal.content(submitted.changes)["changes"]}
    assert changed["/disclosure"] == (None, "公开", "补充分值与公开属性")
    assert all(change[2] for change in changed.values())
    assert life.journal.draft(table.id) is None


def test_a_draft_kept_meanwhile_is_not_overwritten(life):
    life.imported().completed()
    with pytest.raises(TableChangedMeanwhile):
        drafting.save_draft(
            life.journal, life.table.id, seen=life.seen(), draft_version=0, content={}, reasons={}, by=roster.CLERK,
            command_id=uuid4(),
        )  # fmt: skip


def test_approvals_lead_through_both_finance_sections_to_the_reply(life):
    table = life.in_finance_approval().table
    assert holders(table) == ["finance_business", "finance_performance"]
    table = life.approved(roster.FINANCE_PERFORMANCE).table
    assert holders(table) == ["finance_business"]
    table = life.approved(roster.FINANCE_BUSINESS).table
    assert (table.stage, holders(table)) == (Stage.FINANCE_APPROVAL, ["reply"])
    table = life.replied().table
    assert (table.stage, table.doc_no, holders(table)) == (Stage.MONITORING, "清财预〔2026〕1号", [])
    assert table.in_force == table.content_hash
    assert [window.state for window in table.windows] == ["planned"] * len(table.windows)
    assert table.windows != ()


def test_a_return_needs_a_reason_and_undoes_the_votes_of_its_target_and_later(life):
    life.in_finance_approval().approved(roster.FINANCE_BUSINESS)
    with pytest.raises(ReasonMissing):
        reviewing.return_table(
            life.journal, life.table.id, seen=life.seen(), by=roster.FINANCE_PERFORMANCE, command_id=uuid4(),
            to=Stage.DEPARTMENT_REVIEW, reason="不行",
        )  # fmt: skip
    table = life.returned(roster.FINANCE_PERFORMANCE, Stage.DEPARTMENT_REVIEW).table
    assert (table.stage, holders(table)) == (Stage.DEPARTMENT_REVIEW, ["department_finance"])
    assert [vote.node for vote in table.votes] == ["unit_head"]
    table = life.approved(roster.DEPARTMENT_FINANCE).table
    assert holders(table) == ["finance_business", "finance_performance"]


def test_a_table_returned_to_drafting_is_resubmitted_in_a_new_round(life):
    life.in_unit_review().returned(roster.UNIT_HEAD, Stage.DRAFT)
    assert (life.table.returned_reason, life.table.stage) == ("指标值与目标不匹配", Stage.DRAFT)
    assert life.submitted().table.round == 2
    assert life.table.returned_reason is None


def test_the_second_of_two_approvers_is_told_that_the_table_changed(life):
    life.in_unit_review()
    seen = life.seen()
    life.approved(roster.UNIT_HEAD)
    with pytest.raises(TableChangedMeanwhile):
        reviewing.approve_table(life.journal, life.table.id, seen=seen, by=roster.UNIT_HEAD, command_id=uuid4())


def test_an_approval_of_other_content_than_was_seen_is_refused(life):
    life.in_unit_review()
    with pytest.raises(ContentDiffers):
        reviewing.approve_table(
            life.journal, life.table.id, seen=replace(life.seen(), content_hash="0" * 64), by=roster.UNIT_HEAD,
            command_id=uuid4(),
        )  # fmt: skip


def test_a_double_click_counts_once(life):
    life.in_unit_review()
    words = {"seen": life.seen(), "by": roster.UNIT_HEAD, "command_id": uuid4()}
    first = reviewing.approve_table(life.journal, life.table.id, **words)
    assert reviewing.approve_table(life.journal, life.table.id, **words) == first
    assert kinds(life).count("task.decided") == 1


def test_strangers_do_not_even_learn_that_the_table_exists(life):
    life.in_unit_review()
    with pytest.raises(NotFound):
        life.approved(roster.OTHER_CLERK)
    with pytest.raises(NotFound):
        life.approved(roster.SYSTEM_ADMIN)


def test_an_observer_reads_but_may_not_act(life):
    life.in_unit_review()
    with pytest.raises(NotAllowed, match="须由当前审核环节的办理人办理"):
        life.approved(roster.OBSERVER)


def test_refusing_takes_two_persons(life):
    life.in_finance_approval()
    words = {"seen": life.seen(), "command_id": uuid4(), "reason": "绩效目标与职责无关"}
    life.table = ending.ask_to_end(
        life.journal, life.table.id, action=Action.REFUSE, by=roster.FINANCE_BUSINESS, **words
    )
    assert (life.table.stage, life.table.request.by) == (Stage.FINANCE_APPROVAL, "business")
    with pytest.raises(NotAllowed):
        ending.confirm_ending(
            life.journal, life.table.id, seen=life.seen(), by=roster.FINANCE_BUSINESS, command_id=uuid4()
        )
    life.table = ending.confirm_ending(
        life.journal, life.table.id, seen=life.seen(), by=roster.FINANCE_LEADER, command_id=uuid4()
    )
    assert (life.table.stage, life.table.desks, life.table.ended_reason) == (Stage.REFUSED, (), "绩效目标与职责无关")
    with pytest.raises(NotOpenNow, match="当前处于“不予通过”，不能通过。"):
        life.approved(roster.FINANCE_PERFORMANCE)


def test_a_declined_request_leaves_the_table_where_it_was(life):
    life.in_unit_review()
    life.table = ending.ask_to_end(
        life.journal, life.table.id, action=Action.VOID, seen=life.seen(), by=roster.CLERK, command_id=uuid4(),
        reason="项目取消不再实施",
    )  # fmt: skip
    life.table = ending.decline_ending(
        life.journal, life.table.id, seen=life.seen(), by=roster.UNIT_HEAD, command_id=uuid4(), reason="项目仍要实施"
    )
    assert (life.table.stage, life.table.request, holders(life.table)) == (Stage.UNIT_REVIEW, None, ["unit_head"])


def test_one_reply_covers_many_tables_or_none():
    journal = memory()
    ready = [Life(journal).in_finance_approval() for _ in range(2)]
    for life in ready:
        life.approved(roster.FINANCE_BUSINESS)
    ready[0].approved(roster.FINANCE_PERFORMANCE)
    tables = {life.table.id: life.seen() for life in ready}
    words = {"tables": tables, "doc_no": "清财预〔2026〕2号", "by": roster.FINANCE_BUDGET}
    with pytest.raises(NotAllowed):
        replying.issue_reply(journal, uuid4(), command_id=uuid4(), **words)
    assert not [h for stream in journal.streams.values() for h in stream if h.kind == "reply.issued"]
    ready[1].approved(roster.FINANCE_PERFORMANCE)
    tables[ready[1].table.id] = ready[1].seen()
    replied = replying.issue_reply(journal, uuid4(), command_id=uuid4(), **words)
    assert {table.doc_no for table in replied} == {"清财预〔2026〕2号"}


def test_a_reply_needs_its_number(life):
    life.in_finance_approval()
    with pytest.raises(FieldsInvalid, match="文号"):
        life.replied("  ")


def test_withdrawing_brings_the_table_back_to_drafting(life):
    life.in_unit_review()
    life.table = drafting.withdraw_table(
        life.journal, life.table.id, seen=Seen(life.table.version), by=roster.CLERK, command_id=uuid4(),
        reason="发现金额有误",
    )  # fmt: skip
    assert (life.table.stage, holders(life.table)) == (Stage.DRAFT, ["drafting"])


def test_a_returned_table_remembers_who_decided_on_which_level(life):
    both = roster.person("both", (Role.DEPARTMENT_FINANCE, roster.DEPARTMENT), (Role.UNIT_HEAD, roster.UNIT))
    life.in_unit_review().approved(roster.UNIT_HEAD).approved(both)
    life.returned(roster.FINANCE_BUSINESS, Stage.UNIT_REVIEW)
    with pytest.raises(NotAllowed, match="同一人不得在两级审核"):
        life.approved(both)
    with pytest.raises(NotAllowed, match="已有人审核过此表"):
        drafting.withdraw_table(
            life.journal, life.table.id, seen=life.seen(), by=roster.CLERK, command_id=uuid4(), reason="发现金额有误"
        )


def test_the_second_person_of_a_refusal_was_on_no_other_level(life):
    both = roster.person("both", (Role.UNIT_HEAD, roster.UNIT), (Role.FINANCE_LEADER, roster.BUREAU))
    life.in_unit_review().approved(both).approved(roster.DEPARTMENT_FINANCE)
    life.table = ending.ask_to_end(
        life.journal, life.table.id, action=Action.REFUSE, seen=life.seen(), by=roster.FINANCE_BUSINESS,
        command_id=uuid4(), reason="绩效目标与职责无关",
    )  # fmt: skip
    with pytest.raises(NotAllowed, match="同一人不得在两级审核"):
        ending.confirm_ending(life.journal, life.table.id, seen=life.seen(), by=both, command_id=uuid4())


def test_one_token_of_two_persons_stands_for_two_commands(life):
    life.in_unit_review()
    token = uuid4()
    reviewing.approve_table(life.journal, life.table.id, seen=life.seen(), by=roster.UNIT_HEAD, command_id=token)
    with pytest.raises(NotFound):
        reviewing.return_table(
            life.journal, life.table.id, seen=life.seen(), by=roster.OTHER_CLERK, command_id=token, to=Stage.DRAFT,
            reason="指标值与目标不匹配",
        )  # fmt: skip


def test_no_window_and_no_evaluation_opens_before_its_date(life):
    life.in_monitoring()
    for by in (SYSTEM, roster.FINANCE_PERFORMANCE):
        words = {"seen": life.seen(), "by": by, "command_id": uuid4()}
        with pytest.raises(NotOpenNow, match="才能下达"):
            monitoring.open_monitoring(life.journal, life.table.id, window="w1", **words)
        with pytest.raises(NotOpenNow, match="才能下达"):
            evaluating.open_self_evaluation(life.journal, life.table.id, **words)
    life.on(life.table.self_evaluation_opens)
    with pytest.raises(NotOpenNow, match="还有监控节点没有办完"):
        evaluating.open_self_evaluation(
            life.journal, life.table.id, seen=life.seen(), by=roster.FINANCE_PERFORMANCE, command_id=uuid4()
        )


def test_the_title_that_was_submitted_is_the_title_that_is_told(life):
    life.imported()
    draft = drafting.content_in_work(life.journal, life.table)
    content = {**life.complete_content(), "title": "中性名称项目"}
    drafting.save_draft(
        life.journal, life.table.id, seen=life.seen(), draft_version=draft.version, content=content, reasons={},
        by=roster.CLERK, command_id=uuid4(),
    )  # fmt: skip
    assert life.submitted().table.title == "中性名称项目"


def test_a_draft_that_somebody_changed_meanwhile_is_not_submitted_unseen(life):
    life.imported().completed()
    with pytest.raises(ContentDiffers):
        drafting.submit_table(
            life.journal, life.table.id, seen=life.seen(), by=roster.CLERK, command_id=uuid4(), draft_version=0
        )


def test_an_administrator_with_a_business_role_may_not_act_and_gets_no_such_grant(life):
    life.in_unit_review()
    mixed = roster.person("mixed", (Role.UNIT_HEAD, roster.UNIT), (Role.PROCESS_ADMIN, roster.BUREAU))
    with pytest.raises(NotAllowed, match="不得兼任业务岗位"):
        life.approved(mixed)
    grant = {"person": "new", "name": "新人", "by": SYSTEM}
    administering.give_grant(
        life.journal, post=Post(Role.AUDIT_ADMIN, roster.BUREAU), command_id=uuid4(), **grant
    )
    with pytest.raises(NotAllowed, match="不得兼任业务岗位"):
        administering.give_grant(life.journal, post=Post(Role.CLERK, roster.UNIT), command_id=uuid4(), **grant)
