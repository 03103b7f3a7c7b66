"""The verifier holds what was written against the pinned definition's field rights, by its own reading of them (M3)."""

from uuid import uuid4

import pytest

from tests.ledger.test_verify import verdict_of
from tests.support import roster
from tests.support.auditor import verify
from tests.support.field_attempts import Walk, rewritten
from tests.support.forging import packed
from tests.support.forms import all_scored
from tests.support.hands import REASON, act
from tests.support.sealed_log import SealedLog, appointed
from tests.workflows.test_field_rights import RESTRICTING, explained
from workflows.commands import amending, commenting, drafting, monitoring
from workflows.commands.grading import score_review
from workflows.definitions import chain_from, shipped
from workflows.definitions.field_rights import FieldGroup, Situation, group_of
from workflows.vocabulary import Role, Stage

PLACES = ("/title", "/budget/total", "/spending_plan/0/checkpoint", "/goals/0", "/indicators/r1/weight", "/indicators/r1/target/raw",
          "/indicators/r1/disclosure", "/disclosure", "/explanations/V-T1@/indicators/0", "/allocated/goals/0", "/allocated/total",
          "/tasks/0/name", "/purpose", "/mid_term_indicators/0/level1", "/unit_code", "/indicators")  # fmt: skip


@pytest.mark.parametrize("content", [shipped("full"), RESTRICTING], ids=["full", "restricting"])
def test_both_readings_of_a_matrix_agree_on_every_stage_role_and_place(content):
    rights, read = chain_from(content).rights, verify.rights_from(content["fields"])
    table = verify.Table.__new__(verify.Table)
    for situation in (Situation(), Situation(("/goals/0", "/indicators/r1")), Situation((), completed=True)):
        table.listed, table.completed = situation.listed, situation.completed
        for stage in Stage:
            table.stage = stage.value
            for role, place in ((role, place) for role in Role for place in PLACES):
                said = rights.bars(stage, role, group_of(place), situation, place) is None
                assert verify.may_write(table, read, role.value, verify.field_group(place), place) is said


def test_both_put_every_place_into_the_same_group():
    assert [verify.field_group(place) for place in PLACES] == [group_of(place).value for place in PLACES]
    assert (*FieldGroup, "returned") == verify.FIELD_GROUPS


@pytest.mark.parametrize("wrong", [
    {"write": ["everything"]}, {"write": ["goals", "returned"]}, {"once": "sometimes", "write": ["goals"]},
])  # fmt: skip
def test_a_matrix_that_nobody_can_follow_is_no_definition(wrong):
    with pytest.raises(ValueError, match="fields"):
        verify.rights_from([{"stage": "draft", "role": "clerk", **wrong}])


class Blind(SealedLog):
    """A server that does not read the matrix of the chain that it recorded."""

    def content(self, content_hash):
        found = super().content(content_hash)
        return {name: value for name, value in found.items() if name != "fields"} if "nodes" in found else found


def walk(blind):
    """A table under the restricting chain; the blind server's has a hash of its own, for chains are remembered by it."""
    log = appointed()
    log.__class__ = Blind if blind else SealedLog
    return Walk(log, definition={**RESTRICTING, "title": f"{RESTRICTING['title']}（{'不检查' if blind else '检查'}）"})


def changed(table, group):
    draft = drafting.content_in_work(table.journal, table.table)
    content = rewritten(draft.content, group)
    drafting.save_draft(
        table.journal, table.table.id, seen=table.seen(), draft_version=draft.version, content=explained(table, content),
        reasons={"": REASON}, by=roster.CLERK, command_id=uuid4(),
    )  # fmt: skip
    return table.submitted()


def completed_then(group):
    def walked(blind):
        table = walk(blind).in_finance_approval()
        act(table, score_review, roster.FINANCE_BUSINESS, mode="scored", items=all_scored(85))
        wish = {"pointer": "/indicators/r1/level3", "new": "维护道路总里程", "reason": REASON}
        act(table, amending.propose_amendment, roster.FINANCE_BUSINESS, changes=[wish])
        act(table, amending.confirm_amendment, roster.CLERK, amendment=table.table.amendment.amendment)
        return changed(table.returned(roster.FINANCE_PERFORMANCE, Stage.DRAFT), group)

    return walked


def returned_then(group):
    return lambda blind: changed(walk(blind).in_unit_review().returned(roster.UNIT_HEAD, Stage.DRAFT, fields=["/goals/0"]), group)


def amended_by_the_department(blind):
    table = walk(blind).in_unit_review().approved(roster.UNIT_HEAD)
    act(table, score_review, roster.DEPARTMENT_FINANCE, mode="scored", items=all_scored(85))
    wish = {"pointer": "/indicators/r1/level3", "new": "维护道路总里程", "reason": REASON}
    return act(table, amending.propose_amendment, roster.DEPARTMENT_FINANCE, changes=[wish])


def commented_by_the_business_section(blind):
    return act(
        walk(blind).in_finance_approval(), commenting.open_thread, roster.FINANCE_BUSINESS, pointer="/goals/0", criterion="form", words="请补充"
    )


def filed(executed):
    def walked(blind):
        table = walk(blind)
        table.in_finance_approval()
        for section in (roster.FINANCE_BUSINESS, roster.FINANCE_PERFORMANCE):
            table.approved(section)
        table.replied().brought("2026-01-04")
        table.window_opened()
        return act(table, monitoring.file_monitoring, roster.CLERK, window="w1", figures=table.figures(executed))

    return walked


WITHIN = {"goals after a completion": completed_then(FieldGroup.GOALS), "the returned place": returned_then(FieldGroup.GOALS), "imported": filed("40")}
BEYOND = {
    "money after a completion": (completed_then(FieldGroup.MONEY), "data.changes"),
    "another place than the returned one": (returned_then(FieldGroup.MONEY), "data.changes"),
    "rows completed by the department": (amended_by_the_department, "data.changes"),
    "a comment": (commented_by_the_business_section, "actor.role"),
    "an executed amount of the unit's own": (filed("41"), "data.figures"),
}  # fmt: skip


@pytest.mark.parametrize("history", WITHIN)
def test_a_history_within_the_matrix_verifies(history, tmp_path):
    table = WITHIN[history](blind=False)
    assert verdict_of(tmp_path, packed(table.journal, lambda body: body).zipped()).code == 0


@pytest.mark.parametrize("history", BEYOND)
def test_what_a_server_let_pass_against_the_matrix_is_found(history, tmp_path):
    walked, field = BEYOND[history]
    verdict = verdict_of(tmp_path, packed(walked(blind=True).journal, lambda body: body).zipped())
    assert (verdict.code, [(each.check, each.what, each.field) for each in verdict.findings]) == (1, [("steps", "value", field)])
