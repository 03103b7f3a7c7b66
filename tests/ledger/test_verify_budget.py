"""The verifier holds a corrected day of the congress against what was asked for, by whom, and the term that follows."""

import pytest

from tests.ledger.test_verify import told, verdict_of
from tests.support import roster
from tests.support.forging import by_other, packed, saying, where, without
from tests.support.hands import PEOPLE
from tests.support.sealed_log import Packed, appointed
from tests.workflows.test_correcting_budget import SECOND, agreed, asked
from tests.workflows.test_passing_on import approved

ASKED, CORRECTED = "budget.correction_asked", "budget.corrected"


def corrected():
    journal = appointed((*PEOPLE, SECOND))
    approved(journal)
    asked(journal)
    agreed(journal)
    asked(journal, "2026-01-04", by=SECOND)
    agreed(journal, "2026-01-04", by=roster.FINANCE_LEADER)
    return journal


def test_a_day_corrected_twice_verifies(tmp_path):
    verdict = verdict_of(tmp_path, Packed(corrected()).zipped())
    assert (verdict.code, told(verdict)) == (0, [])


FORGERIES = {
    "nobody asked": (CORRECTED, lambda log, i: without(log, where(log, ASKED)), ("steps", "value", "data.asked")),
    "another day than was asked for": (CORRECTED, lambda log, i: saying(log, i, approved_on="2026-01-01"), ("steps", "value", "data.asked")),
    "another day stood there": (CORRECTED, lambda log, i: saying(log, i, instead_of="2026-01-01"), ("steps", "value", "data.asked")),
    "of another year": (CORRECTED, lambda log, i: saying(log, i, year=2031), ("steps", "value", "stream")),
    "by who asked": (CORRECTED, lambda log, i: by_other(log, i, id="budget"), ("segregation", "S10", "actor.id")),
    "by another section": (CORRECTED, lambda log, i: by_other(log, i, id="business", role="finance_business"), ("posts", "person", "actor.role")),
    "a longer term": (CORRECTED, lambda log, i: saying(log, i, due="2026-03-23"), ("steps", "value", "data.due")),
    "asked by another section": (ASKED, lambda log, i: by_other(log, i, id="business", role="finance_business"), ("posts", "person", "actor.role")),
    "asked of another day": (ASKED, lambda log, i: saying(log, i, instead_of="2026-01-01"), ("steps", "value", "data.instead_of")),
    "never recorded": (ASKED, lambda log, i: without(log, where(log, "budget.approved")), ("steps", "value", "data.instead_of")),
}  # fmt: skip


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_correction_is_found(forgery, tmp_path):
    log = corrected()
    kind, forger, found = FORGERIES[forgery]
    verdict = verdict_of(tmp_path, packed(log, forger(log, where(log, kind))).zipped())
    assert verdict.code == 1
    assert found in [(each.check, each.what, each.field) for each in verdict.findings], told(verdict)
