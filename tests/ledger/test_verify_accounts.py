"""The verifier holds a corrected approval of final accounts against what was asked for, and by whom."""

import pytest

from tests.ledger.test_verify import told, verdict_of
from tests.support import roster
from tests.support.forging import by_other, packed, saying, where, without
from tests.support.hands import PEOPLE
from tests.support.sealed_log import Packed, appointed
from tests.workflows.test_correcting_accounts import SECOND, agreed, asked, registered

ASKED, CORRECTED = "accounts.correction_asked", "accounts.corrected"


def corrected():
    journal = registered(appointed((*PEOPLE, SECOND)))
    asked(journal)
    agreed(journal)
    asked(journal, "2027-08-13", by=SECOND)
    agreed(journal, "2027-08-13", by=roster.FINANCE_LEADER)
    return journal


def test_accounts_corrected_twice_verify(tmp_path):
    verdict = verdict_of(tmp_path, Packed(corrected()).zipped())
    assert (verdict.code, told(verdict)) == (0, [])


FORGERIES = {
    "nobody asked": (CORRECTED, lambda log, i: without(log, where(log, ASKED)), ("steps", "value", "data.asked")),
    "another day than was asked for": (CORRECTED, lambda log, i: saying(log, i, approved_on="2027-08-11"), ("steps", "value", "data.asked")),
    "another number": (CORRECTED, lambda log, i: saying(log, i, doc_no="清财决〔2027〕9号"), ("steps", "value", "data.asked")),
    "another day stood there": (CORRECTED, lambda log, i: saying(log, i, instead_of="2027-08-01"), ("steps", "value", "data.asked")),
    "by who asked": (CORRECTED, lambda log, i: by_other(log, i, id="budget"), ("segregation", "S10", "actor.id")),
    "by another section": (CORRECTED, lambda log, i: by_other(log, i, id="business", role="finance_business"), ("posts", "person", "actor.role")),
    "of another department": (CORRECTED, lambda log, i: saying(log, i, department="dept-9"), ("steps", "value", "stream")),
    "of another year": (CORRECTED, lambda log, i: saying(log, i, year=2031), ("steps", "value", "stream")),
    "asked for another department": (ASKED, lambda log, i: saying(log, i, department="dept-9"), ("steps", "value", "stream")),
    "asked by another bureau": (ASKED, lambda log, i: saying(log, i, bureau="bureau-9"), ("steps", "value", "data.bureau")),
    "no day": (CORRECTED, lambda log, i: saying(log, i, disclose_due="bald"), ("steps", "value", "data.approved_on")),
    "asked by another section": (ASKED, lambda log, i: by_other(log, i, id="business", role="finance_business"), ("posts", "person", "actor.role")),
    "asked of another day": (ASKED, lambda log, i: saying(log, i, instead_of="2027-08-01"), ("steps", "value", "data.instead_of")),
    "never recorded": (ASKED, lambda log, i: without(log, where(log, "accounts.approved")), ("steps", "value", "data.instead_of")),
}  # fmt: skip


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_correction_of_accounts_is_found(forgery, tmp_path):
    log = corrected()
    kind, forger, found = FORGERIES[forgery]
    verdict = verdict_of(tmp_path, packed(log, forger(log, where(log, kind))).zipped())
    assert verdict.code == 1
    assert found in [(each.check, each.what, each.field) for each in verdict.findings], told(verdict)
