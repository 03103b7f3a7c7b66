"""Bars of single features that no other test states whole: levels by configuration, the right name, who writes what."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from tests.support import roster
from tests.support.life import Life, memory
from tests.support.memory_journal import MemoryJournal
from workflows.commands import drafting
from workflows.definitions import shipped
from workflows.errors import GoaltrailError
from workflows.vocabulary import Role, Stage
from workflows.words.sentences import sentence
from workflows.workdays import add_workdays, beijing_date

START = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
LEVELS = (
    ("unit_review", Role.UNIT_FINANCE, "unit"), ("unit_review", Role.UNIT_HEAD, "unit"),
    ("department_review", Role.DEPARTMENT_BUSINESS, "department"),
    ("department_review", Role.DEPARTMENT_FINANCE, "department"),
    ("finance_approval", Role.FINANCE_BUSINESS, "bureau"), ("finance_approval", Role.FINANCE_PERFORMANCE, "bureau"),
    ("finance_approval", Role.FINANCE_LEADER, "bureau"),
)  # fmt: skip
"""Seven levels of one line, unit, department, finance; a chain takes so many of them from the end."""
ORGANS = {"unit": roster.UNIT, "department": roster.DEPARTMENT, "bureau": roster.BUREAU}
SIGNERS = tuple(roster.person(f"signer_{role}", (role, ORGANS[of])) for _stage, role, of in LEVELS)
SECOND_HEAD = roster.person("second_head", (Role.UNIT_HEAD, roster.UNIT))


def line_of(levels: int) -> dict:
    """A chain of so many levels, each a named node with its own clock, one after the other, then the reply."""
    standard, nodes = shipped(), []
    for number, (stage, role, of) in enumerate(LEVELS[-levels:], 1):
        before = [nodes[-1]["node"]] if nodes and nodes[-1]["stage"] == stage else []
        nodes.append({
            "node": f"level_{number}", "title": f"第{number}级审核", "stage": stage, "role": role.value, "of": of,
            "level": "finance" if of == "bureau" else of, "after": before, "working_days": number,
        })  # fmt: skip
    first, *rest = (node for node in standard["nodes"] if node["stage"] not in {stage for stage, _role, _of in LEVELS})
    reply = next(node for node in standard["nodes"] if node["node"] == "reply") | {"after": [nodes[-1]["node"]]}
    return {**standard, "format": 2, "name": f"line-of-{levels}", "withdraw_until": "opened", "nodes": [first, *nodes, reply, *rest]}


@pytest.mark.parametrize("levels", range(2, 8))
def test_a1_two_to_seven_levels_follow_one_another_each_with_its_own_clock(levels: int) -> None:
    journal = MemoryJournal(START, (roster.CLERK, roster.FINANCE_BUDGET, *SIGNERS))
    life = Life(journal, definition=line_of(levels)).imported().completed().submitted()
    met = []
    for signer in SIGNERS[-levels:]:
        (desk,) = life.table.desks
        met.append((desk.node, beijing_date(datetime.fromisoformat(desk.due_at))))
        life.approved(signer)
    days = [add_workdays(beijing_date(START), number).date for number in range(1, levels + 1)]
    assert met == [(f"level_{number}", day) for number, day in enumerate(days, 1)]
    assert [desk.node for desk in life.table.desks] == ["reply"]


def test_d10_the_approver_is_named_not_who_changed_the_table_last_frappe_34570_odoo_202218() -> None:
    """Two rounds, two heads: each approval keeps the name of who gave it, whoever acted or wrote afterwards."""
    journal = MemoryJournal(START, (*roster.PEOPLE, SECOND_HEAD))
    life = Life(journal).in_unit_review().approved(roster.UNIT_HEAD)
    life.returned(roster.DEPARTMENT_FINANCE, Stage.DRAFT)
    draft = drafting.content_in_work(journal, life.table)
    drafting.save_draft(
        journal, life.table.id, seen=life.seen(), draft_version=draft.version, by=roster.CLERK, command_id=uuid4(),
        content={**draft.content, "purpose": "用于沿线路面修补"}, reasons={"/purpose": "按退回意见补充用途"},
    )  # fmt: skip
    life.submitted().approved(SECOND_HEAD).approved(roster.DEPARTMENT_FINANCE)
    approvals = [each for each in journal.history(life.table.id) if each.kind == "task.decided" and each.fact.outcome == "pass"]
    assert [(each.actor_id, each.fact.round, each.fact.node) for each in approvals] == [
        ("unit_head", 1, "unit_head"), ("second_head", 2, "unit_head"), ("planner", 2, "department_finance"),
    ]  # fmt: skip
    assert [sentence(each).partition("（")[0] for each in approvals] == ["unit_head同志", "second_head同志", "planner同志"]
    assert [(vote.node, vote.person) for vote in life.table.votes] == [
        ("unit_head", "second_head"), ("department_finance", "planner"),
    ]  # fmt: skip


def at(stage: Stage) -> Life:
    """A table at each stage of the main line and at an end."""
    life = Life(memory()).imported().completed()
    if stage == Stage.DRAFT:
        return life
    life.submitted()
    if stage == Stage.UNIT_REVIEW:
        return life
    life.approved(roster.UNIT_HEAD)
    if stage == Stage.DEPARTMENT_REVIEW:
        return life
    life.approved(roster.DEPARTMENT_FINANCE)
    if stage == Stage.FINANCE_APPROVAL:
        return life
    life.approved(roster.FINANCE_BUSINESS).approved(roster.FINANCE_PERFORMANCE).replied()
    return life if stage == Stage.MONITORING else life.evaluation_opened()


FIELDS = {
    "title": "另一个名称", "goals": ["另一个目标"], "purpose": "另一个用途", "period": "2027年", "disclosure": "不公开",
    "explanations": {}, "budget": {"total": "1"}, "indicators": [],
}  # fmt: skip


@pytest.mark.parametrize("stage", [
    Stage.DRAFT, Stage.UNIT_REVIEW, Stage.DEPARTMENT_REVIEW, Stage.FINANCE_APPROVAL, Stage.MONITORING, Stage.SELF_EVALUATION,
])  # fmt: skip
def test_m3_m4_no_role_writes_any_field_of_the_form_but_the_clerk_in_charge_in_drafting(stage: Stage) -> None:
    life = at(stage)
    before = drafting.content_in_work(life.journal, life.table)
    written = set()
    for somebody in roster.PEOPLE:
        for field, value in FIELDS.items():
            draft = drafting.content_in_work(life.journal, life.table)
            try:
                drafting.save_draft(
                    life.journal, life.table.id, seen=life.seen(), draft_version=draft.version, by=somebody,
                    content={**draft.content, field: value}, reasons={}, command_id=uuid4(),
                )  # fmt: skip
            except GoaltrailError:
                continue
            written.add((somebody.id, field))
    allowed = {("clerk", field) for field in FIELDS} if stage == Stage.DRAFT else set()
    assert written == allowed
    now = drafting.content_in_work(life.journal, life.table)
    assert (now.version > before.version, life.journal.lock_table(life.table.id)) == (stage == Stage.DRAFT, life.table)
