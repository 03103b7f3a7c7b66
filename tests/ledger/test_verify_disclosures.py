"""The verifier follows secrecy reviews and released packs, and finds packs that nobody reviewed."""

import json
from uuid import uuid4

import pytest

from tests.ledger.test_verify import told, verdict_of
from tests.support import roster
from tests.support.forging import by_other, packed, saying, where
from tests.support.life import Life
from tests.support.sealed_log import Packed, SealedLog, appointed
from tests.workflows.test_disclosing_evaluations import closed
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


def with_accounts() -> SealedLog:
    """A closed table whose self-evaluation was reviewed and released after the approval of the accounts."""
    life = closed(appointed(roster.PEOPLE)).reviewed()
    life.accounts(congress_on="2027-07-30")
    life.released(stubs=1)
    return life.journal


def test_disclosed_self_evaluations_pass(tmp_path):
    verdict = verdict_of(tmp_path, Packed(with_accounts()).zipped())
    assert (told(verdict), verdict.code) == ([], 0)


def second(log, kind):
    return where(log, kind, -1)


APPROVED = "accounts.approved"
FORGED = {
    "approved by the department": (APPROVED, lambda log, i: by_other(log, i, id="planner", role="department_finance", organ="dept-1"), "actor.role"),
    "approved on a stream of its own": (APPROVED, lambda log, i: saying(log, i, year=2025), "stream"),
    "approved tomorrow": (APPROVED, lambda log, i: saying(log, i, approved_on="2027-12-31"), "data.approved_on"),
    "approved before the congress": (APPROVED, lambda log, i: saying(log, i, congress_on="2027-08-11"), "data.approved_on"),
    "a term that is no day": (APPROVED, lambda log, i: saying(log, i, disclose_due="bald"), "data.approved_on"),
    "later due than the approval says": (RELEASED, lambda log, i: saying(log, i, due="2027-12-31"), "data.due"),
    "of another sort": (RELEASED, lambda log, i: saying(log, i, what="gossip"), "data.what"),
    "goals where evaluations are": (RELEASED, lambda log, i: saying(log, i, what="goals"), "data.tables"),
    "fewer unfinished than none": (RELEASED, lambda log, i: saying(log, i, unfinished=-1), "data.unfinished"),
    "another reviewer": (RELEASED, lambda log, i: saying(log, i, tables=rows(log, reviewer="observer")), "data.tables"),
    "reviewer and releaser are one": (RELEASED, lambda log, i: saying(log, i, tables=rows(log, reviewer="planner")), "data.tables"),
    "the goals' hash": (RELEASED, lambda log, i: saying(log, i, tables=rows(log, content_hash=goals_of(log))), "data.tables"),
    "found internal after all": (REVIEWED, lambda log, i: saying(log, i, outcome="internal"), "data.tables"),
    "reviewed by whoever filed it": (REVIEWED, lambda log, i: by_other(log, i, id="clerk"), "actor.id"),
}  # fmt: skip


def goals_of(log):
    return json.loads(log.bodies[where(log, REVIEWED)])["content_hash"]


@pytest.mark.parametrize("forgery", FORGED)
def test_a_forged_disclosure_of_self_evaluations_is_found(forgery, tmp_path):
    kind, forger, field = FORGED[forgery]
    log = with_accounts()
    verdict = verdict_of(tmp_path, packed(log, forger(log, second(log, kind))).zipped())
    assert verdict.code == 1
    assert field in {each.field for each in verdict.findings}, told(verdict)


def test_a_review_before_the_end_or_with_other_points_is_found(tmp_path):
    for change in ({"total": "99"}, {"execution_points": "1"}):
        log = with_accounts()
        said = log.content(json.loads(log.bodies[second(log, REVIEWED)])["content_hash"])
        other = log.put_content({**said, "self_evaluation": {**said["self_evaluation"], **change}})
        verdict = verdict_of(tmp_path, packed(log, saying(log, second(log, REVIEWED), content_hash=other)).zipped())
        assert "data.content_hash" in {each.field for each in verdict.findings}
