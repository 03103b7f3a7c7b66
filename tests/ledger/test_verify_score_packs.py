"""E7: every score names the rule pack by which it was found, with its hash; older shapes, which named none, stay valid."""

import json

import pytest

from tests.ledger.test_verify import told, verdict_of
from tests.ledger.test_verify_after_evaluation import begun
from tests.ledger.test_verify_reviews import graded_then_passed
from tests.support import roster
from tests.support.forging import packed, saying, where
from tests.support.many_events import whole_life
from tests.workflows.test_after_the_evaluation import WHY
from workflows.packs import PACK_NAMES

NAMED_SINCE = {"review.scored": 2, "monitoring.filed": 3, "selfeval.filed": 1, "selfeval.rescored": 2}


def rescored():
    row = {"points": "1.25", "reason": WHY}
    return begun().rescored(roster.DEPARTMENT_FINANCE, row0=row)


LOGS = {
    "review.scored": lambda: graded_then_passed().journal,
    "monitoring.filed": lambda: whole_life().journal,
    "selfeval.filed": lambda: rescored().journal,
    "selfeval.rescored": lambda: rescored().journal,
}


@pytest.mark.parametrize("kind", NAMED_SINCE)
def test_e7_a_score_names_the_pack_that_its_table_is_pinned_to(kind):
    log = LOGS[kind]()
    said, born = (json.loads(log.bodies[where(log, each)])["data"] for each in (kind, "table.imported"))
    assert (said["pack"], said["pack_hash"]) == (born["pack"], born["pack_hash"])
    assert said["pack"] in PACK_NAMES


@pytest.mark.parametrize("kind", NAMED_SINCE)
def test_a_score_by_another_pack_is_found(kind, tmp_path):
    log = LOGS[kind]()
    forger = saying(log, where(log, kind), pack="national-2015")
    verdict = verdict_of(tmp_path, packed(log, forger).zipped())
    assert ("steps", "value", "data.pack") in {(each.check, each.what, each.field) for each in verdict.findings}


@pytest.mark.parametrize("kind", [kind for kind, since in NAMED_SINCE.items() if since > 1])
def test_a_score_from_before_packs_were_named_is_clean(kind, tmp_path):
    log = LOGS[kind]()

    def older(body):
        if body["kind"] != kind:
            return body
        data = {name: value for name, value in body["data"].items() if name not in ("pack", "pack_hash")}
        return {**body, "shape": NAMED_SINCE[kind] - 1, "data": data}

    verdict = verdict_of(tmp_path, packed(log, older).zipped())
    assert [each for each in told(verdict) if each[0] != "state" or each[-1] != "head"] == [], "but for the last hash shown"
