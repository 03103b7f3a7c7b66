"""The verifier follows secrecy reviews and released packs, and finds packs that nobody reviewed."""

import json
from uuid import uuid4

import pytest

from tests.ledger.test_verify import told, verdict_of
from tests.support import roster
from tests.support.forging import by_other, packed, saying, where
from tests.support.life import Life
from tests.support.sealed_log import Packed, SealedLog, appointed
from workflows.commands import disclosing
from workflows.commands.stubs import register_stubs

WHY = "涉及内部工作安排，不宜公开"


def whole() -> SealedLog:
    life = Life(appointed(roster.PEOPLE)).in_monitoring()
    register_stubs(life.journal, uuid4(), home=roster.HOME, year=2026, count=1, by=roster.CLERK, command_id=uuid4())
    for outcome, reason in (("internal", WHY), ("public", "")):
        life.table = disclosing.review_disclosure(
            life.journal, life.table.id, seen=life.seen(), outcome=outcome, reason=reason, by=roster.SECRECY_REVIEWER,
            command_id=uuid4(),
        )  # fmt: skip
    disclosing.release_pack(
        life.journal, uuid4(), bureau=roster.BUREAU, department=roster.DEPARTMENT, year=2026, tables=[life.table.id],
        stubs=1, days=20, by=roster.DEPARTMENT_FINANCE, command_id=uuid4(),
    )  # fmt: skip
    return life.journal


def test_reviews_and_a_released_pack_pass(tmp_path):
    verdict = verdict_of(tmp_path, Packed(whole()).zipped())
    assert told(verdict) == []
    assert verdict.code == 0


def rows(log, **changed):


    released = json.loads(log.bodies[last(log, RELEASED)])
    return [{**row, **changed} for row in released["data"]["tables"]]


def last(log, kind):
    return max(index for index, body in enumerate(log.bodies) if json.loads(body)["kind"] == kind)




REVIEWED, RELEASED = "disclosure.reviewed", "disclosure.released"
FORGERIES = {
    "another version reviewed": (REVIEWED, lambda log, i: saying(log, i, content_hash="ab" * 32), "data.content_hash"),
    "no known outcome": (REVIEWED, lambda log, i: saying(log, i, outcome="maybe"), "data.outcome"),
    "found internal after all": (REVIEWED, lambda log, i: saying(log, last(log, REVIEWED), outcome="internal"), "data.tables"),
    "reviewed by the unit's head": (REVIEWED, lambda log, i: by_other(log, i, id="unit_head", role="unit_head", organ="unit-1"), "actor.role"),
    "reviewed elsewhere": (REVIEWED, lambda log, i: by_other(log, i, organ="dept-2"), "actor.role"),
    "released by the reviewer": (RELEASED, lambda log, i: by_other(log, i, id="secrecy", role="secrecy_reviewer"), "actor.role"),
    "a pack of another year": (RELEASED, lambda log, i: saying(log, i, year=2025), "data.tables"),
    "a sum that does not add up": (RELEASED, lambda log, i: saying(log, i, undisclosed=5), "data.undisclosed"),
    "fewer than none": (RELEASED, lambda log, i: saying(log, i, undisclosed=-1, stubs=-1), "data.undisclosed"),
    "an empty pack": (RELEASED, lambda log, i: saying(log, i, tables=[]), "data.tables"),
    "another reviewer's name": (RELEASED, lambda log, i: saying(log, i, tables=rows(log, reviewer_name="别人")), "data.tables"),
    "another content": (RELEASED, lambda log, i: saying(log, i, tables=rows(log, content_hash="ab" * 32)), "data.tables"),
    "a table that there is not": (RELEASED, lambda log, i: saying(log, i, tables=rows(log, table=str(uuid4()))), "data.tables"),
    "a table twice": (RELEASED, lambda log, i: saying(log, i, tables=rows(log) * 2), "data.tables"),
    "reviewer and releaser are one": (RELEASED, lambda log, i: saying(log, i, tables=rows(log, reviewer="planner")), "data.tables"),
}  # fmt: skip


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_disclosure_is_found_though_every_hash_was_made_anew(forgery, tmp_path):
    kind, forger, field = FORGERIES[forgery]
    log = whole()
    verdict = verdict_of(tmp_path, packed(log, forger(log, where(log, kind))).zipped())
    assert verdict.code == 1
    assert field in {each.field for each in verdict.findings}, told(verdict)
