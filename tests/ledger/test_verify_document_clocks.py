"""The verifier counts the clock of a document's review again: when it began, by which node, until when; and who says so."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from tests.ledger.test_verify import told, verdict_of
from tests.ledger.test_verify_filing_documents import amended, reviewed
from tests.support import roster
from tests.support.forging import by_other, packed, saying, where
from tests.support.life import Life
from tests.support.sealed_log import Packed, SealedLog, appointed
from workflows.commands.document_clocks import mark_review_overdue, set_review_clock

DUE, OVER = "document.due_set", "document.overdue"


def clocked() -> SealedLog:
    """A part waits, gets its clock, is late, is passed on; the performance section's clock follows."""
    life = Life(appointed(roster.PEOPLE)).in_unit_review()
    journal, document = life.journal, UUID(life.table.document)
    amended(life, document, roster.CLERK, "第一个目标")
    set_review_clock(journal, document, command_id=uuid4())
    journal.at += timedelta(days=30)
    mark_review_overdue(journal, document, command_id=uuid4())
    reviewed(life, document, roster.DEPARTMENT_FINANCE)
    journal.at += timedelta(days=1)
    set_review_clock(journal, document, command_id=uuid4())
    return journal


def test_the_clock_of_a_review_verifies(tmp_path):
    log = clocked()
    assert told(verdict_of(tmp_path, Packed(log).zipped())) == []
    assert (where(log, DUE, 1) > where(log, OVER), where(log, OVER) > where(log, DUE)) == (True, True)


FORGERIES = {
    "an earlier beginning": (DUE, 0, lambda log, i: saying(log, i, since="2026-01-01T00:00:00+00:00"), "data.since"),
    "too short a time": (DUE, 0, lambda log, i: saying(log, i, due_at="2026-01-06T10:00:00+00:00"), "data.due_at"),
    "another node's clock": (DUE, 0, lambda log, i: saying(log, i, rule="node:unit_head"), "data.rule"),
    "another office": (DUE, 0, lambda log, i: saying(log, i, role="finance_performance"), "data.role"),
    "another organ": (DUE, 1, lambda log, i: saying(log, i, organ="dept-1"), "data.organ"),
    "another version": (DUE, 1, lambda log, i: saying(log, i, number=9), "data.number"),
    "set by a person": (DUE, 0, lambda log, i: by_other(log, i, id="planner", role="department_finance", organ=roster.DEPARTMENT), "actor.id"),
    "overdue by a person": (OVER, 0, lambda log, i: by_other(log, i, id="planner", role="department_finance", organ=roster.DEPARTMENT), "actor.id"),
    "overdue at another moment": (OVER, 0, lambda log, i: saying(log, i, due_at="2026-01-06T10:00:00+00:00"), "data.due_at"),
    "an unpublished calendar": (DUE, 0, lambda log, i: saying(log, i, calendar="ab" * 32), "data.calendar"),
}  # fmt: skip


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_clock_of_a_review_is_found(forgery, tmp_path):
    kind, number, forger, field = FORGERIES[forgery]
    log = clocked()
    verdict = verdict_of(tmp_path, packed(log, forger(log, where(log, kind, number))).zipped())
    assert verdict.code == 1
    assert field in {each.field for each in verdict.findings}, told(verdict)
