"""The verifier follows referrals on their own streams, and finds those that nobody was allowed to make or to answer."""

from uuid import uuid4

import pytest

from tests.ledger.test_verify import told, verdict_of
from tests.support import roster
from tests.support.forging import by_other, packed, saying, where
from tests.support.life import Life
from tests.support.sealed_log import Packed, SealedLog, appointed
from workflows.commands.referring import answer_referral, make_referral

WHY = "虚列支出，涉嫌违反财经纪律"
MADE, ANSWERED = "referral.made", "referral.answered"


def whole() -> SealedLog:
    life = Life(appointed(roster.PEOPLE)).in_unit_review()
    referral = make_referral(
        life.journal, uuid4(), table_id=life.table.id, to="discipline", words=WHY, receiver="observer",
        doc_no="清财移〔2026〕1号", by=roster.FINANCE_PERFORMANCE, command_id=uuid4(),
    )  # fmt: skip
    for outcome in ("accepted", "concluded"):
        referral = answer_referral(
            life.journal, referral.id, seen=referral.version, outcome=outcome, words="纪检监察机关书面答复",
            by=roster.FINANCE_LEADER, command_id=uuid4(),
        )  # fmt: skip
    return life.journal


def test_a_referral_and_its_answers_pass(tmp_path):
    verdict = verdict_of(tmp_path, Packed(whole()).zipped())
    assert (told(verdict), verdict.code) == ([], 0)


FORGERIES = {
    "made by the unit's head": (MADE, lambda log, i: by_other(log, i, id="unit_head", role="unit_head", organ="unit-1"), "actor.role"),
    "made by the budget section": (MADE, lambda log, i: by_other(log, i, id="budget", role="finance_budget"), "actor.role"),
    "made by whoever filed the table": (MADE, lambda log, i: by_other(log, i, id="every_hat"), "actor.id"),
    "made under a post never held": (MADE, lambda log, i: by_other(log, i, id="business"), "actor"),
    "to somebody else": (MADE, lambda log, i: saying(log, i, to="newspaper"), "data.to"),
    "without a word": (MADE, lambda log, i: saying(log, i, words=""), "data.words"),
    "about a table that there is not": (MADE, lambda log, i: saying(log, i, table=str(uuid4())), "data.table"),
    "of another bureau": (MADE, lambda log, i: saying(log, i, bureau="bureau-2"), "data.bureau"),
    "received by the unit's head": (MADE, lambda log, i: saying(log, i, receiver="unit_head"), "data.receiver"),
    "received by nobody of the bureau": (MADE, lambda log, i: saying(log, i, receiver="audit"), "data.receiver"),
    "answered by an observer": (ANSWERED, lambda log, i: by_other(log, i, id="observer", role="observer"), "actor.role"),
    "answered by another section": (ANSWERED, lambda log, i: by_other(log, i, id="business", role="finance_business"), "actor.role"),
    "with an outcome that there is not": (ANSWERED, lambda log, i: saying(log, i, outcome="forgotten"), "data.outcome"),
    "answered after the last word": (ANSWERED, lambda log, i: saying(log, i, outcome="declined"), "kind"),
}  # fmt: skip


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_referral_is_found_though_every_hash_was_made_anew(forgery, tmp_path):
    kind, forger, field = FORGERIES[forgery]
    log = whole()
    verdict = verdict_of(tmp_path, packed(log, forger(log, where(log, kind))).zipped())
    assert verdict.code == 1
    assert field in {each.field for each in verdict.findings}, told(verdict)
