"""The verifier on experts from outside: honest reviews are clean; related, unasked and late ones are found (S11)."""

import json

import pytest

from tests.ledger.test_verify import told, verdict_of
from tests.support import roster
from tests.support.forging import by_other, packed, saying, where, without
from tests.support.forms import all_scored
from tests.support.sealed_log import Packed, appointed
from tests.workflows.test_expert_reviews import (
    ONE,
    PEOPLE,
    REVIEWER,
    THREE,
    TWO,
    WHY,
    assigned,
    begun,
    declared,
    scored,
)
from workflows.ledger.bundle import EVERYTHING, Scope
from workflows.vocabulary import Stage


def reviewed():
    life = declared(declared(assigned(begun(appointed(PEOPLE)), ONE, TWO, THREE), ONE), TWO, related=True, reason=WHY)
    return scored(scored(life, ONE, 60), ONE, 95).approved(REVIEWER)


def again():
    life = scored(declared(assigned(begun(appointed(PEOPLE)), ONE), ONE), ONE)
    life.returned(REVIEWER, Stage.DRAFT).submitted().approved(roster.UNIT_HEAD)
    return scored(declared(assigned(life, ONE), ONE), ONE)


@pytest.mark.parametrize("shape", [reviewed, again])
def test_what_honest_experts_do_is_clean(shape, tmp_path):
    life = shape()
    for scope in (EVERYTHING, Scope("table", table=life.table.id)):
        verdict = verdict_of(tmp_path, Packed(life.journal, scope=scope).zipped())
        assert (told(verdict), verdict.code) == ([], 0)


def as_(person, role="expert", organ="pool"):
    return lambda log, i: by_other(log, i, id=person, name=person, role=role, organ=organ)


def content_before(log):
    return json.loads(log.bodies[where(log, "table.imported")])["data"]["content_hash"]


ASSIGNED, DECLARED, SCORED = "expert.assigned", "expert.declared", "expert.scored"
S11 = ("segregation", "S11")
FORGED = {
    "a related expert scored": (DECLARED, lambda log, i: saying(log, i, related=True, reason=""), S11),
    "scored without a declaration": (DECLARED, without, S11),
    "scored without an assignment": (ASSIGNED, without, ("steps", "step")),
    "scored by another expert": (SCORED, as_("expert_3"), S11),
    "scored by the clerk": (SCORED, as_("clerk", "clerk", "unit-1"), S11),
    "scored by one who lost the post": (SCORED, as_("expert_1", organ="elsewhere"), ("posts", "post")),
    "scored after the time": (ASSIGNED, lambda log, i: saying(log, i, until="2026-01-04"), ("steps", "value")),
    "given to one of the unit": (ASSIGNED, lambda log, i: saying(log, i, person="unit_head"), ("steps", "value")),
    "given by the clerk": (ASSIGNED, as_("clerk", "clerk", "unit-1"), ("posts", "person")),
    "another task": (ASSIGNED, lambda log, i: saying(log, i, round=2), ("steps", "value")),
    "a better total": (SCORED, lambda log, i: saying(log, i, total="99.00"), ("steps", "value")),
    "a better grade": (SCORED, lambda log, i: saying(log, i, grade="excellent"), ("steps", "value")),
    "more points than there are": (
        SCORED, lambda log, i: saying(log, i, items={**all_scored(60), "form": {"points": "11", "comment": ""}}), ("steps", "value")),
    "an item less": (SCORED, lambda log, i: saying(log, i, items={"form": {"points": "1", "comment": ""}}), ("steps", "value")),
    "for other content": (SCORED, lambda log, i: saying(log, i, content_hash=content_before(log)), ("steps", "value")),
    "by another pack": (SCORED, lambda log, i: saying(log, i, pack="henan-unit"), ("steps", "value")),
}  # fmt: skip


@pytest.mark.parametrize("forgery", FORGED)
def test_a_forged_expert_review_is_found_though_every_hash_was_made_anew(forgery, tmp_path):
    kind, forger, wanted = FORGED[forgery]
    log = reviewed().journal
    verdict = verdict_of(tmp_path, packed(log, forger(log, where(log, kind))).zipped())
    assert verdict.code == 1
    assert wanted in {(each.check, each.what) for each in verdict.findings}, told(verdict)
