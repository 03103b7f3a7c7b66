"""Kinds of deadline, chosen per node: working days, calendar days, a fixed date; the verifier counts after (B5)."""

from copy import deepcopy

import pytest

from tests.ledger.test_verify import told, verdict_of
from tests.support import roster
from tests.support.life import Life
from tests.support.sealed_log import Packed, appointed
from workflows.definitions import chain_from, shipped
from workflows.definitions.lint_structure import no_clock
from workflows.definitions.reading import read_definition
from workflows.ledger.bundle import EVERYTHING


def with_clocks(**clocks):
    """The standard chain in format 2, some nodes with another clock."""
    content = {**deepcopy(shipped()), "format": 2, "name": "clocks"}
    for node in content["nodes"]:
        if node["node"] in clocks:
            del node["working_days"]
            node.update(clocks[node["node"]])
    return content


MIXED = with_clocks(department_finance={"calendar_days": 20}, finance_business={"fixed_date": "01-31"})


def test_each_node_is_due_by_its_own_clock(tmp_path):
    read_definition(MIXED)
    log = appointed(roster.PEOPLE)
    life = Life(log, definition=MIXED).in_unit_review()
    assert [desk.due_at for desk in life.table.desks] == ["2026-01-08T10:00:00+00:00"]
    life.approved(roster.UNIT_HEAD)
    assert [desk.due_at for desk in life.table.desks] == ["2026-01-25T10:00:00+00:00"]
    life.approved(roster.DEPARTMENT_FINANCE)
    assert {desk.node: desk.due_at for desk in life.table.desks} == {
        "finance_business": "2026-01-31T10:00:00+00:00", "finance_performance": "2026-01-12T10:00:00+00:00",
    }  # fmt: skip
    verdict = verdict_of(tmp_path, Packed(log, scope=EVERYTHING).zipped())
    assert (verdict.code, verdict.findings) == (0, []), told(verdict)


def test_a_clock_says_itself_in_words():
    clocks = {node.node: node.clock for node in chain_from(MIXED).nodes}
    assert [clocks[name] for name in ("unit_head", "department_finance", "finance_business")] == [
        "3个工作日", "20日（自然日）", "1月31日前",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("clock", "said"),
    [
        ({}, "环节“规划财务处审核”没有办理时限，请写至少1个工作日。"),
        ({"calendar_days": 20, "working_days": 5}, "环节“规划财务处审核”的时限只能写一种：工作日、自然日或固定日期。"),
        ({"fixed_date": "02-30"}, "环节“规划财务处审核”的固定日期“02-30”不是日历上的日期。"),
    ],
)
def test_the_lint_wants_one_clock(clock, said):
    chain = chain_from(with_clocks(department_finance=clock))
    assert [(each.rule, each.sentence) for each in no_clock(chain)] == [("D-11", said)]


def test_format_1_is_read_as_ever():
    assert [node.clock for node in chain_from(shipped()).nodes][:3] == ["10个工作日", "3个工作日", "5个工作日"]
