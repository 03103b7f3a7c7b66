"""The verifier follows a filing document's department part through its versions, and finds forged ones."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from tests.ledger.test_verify import told, verdict_of
from tests.support import roster
from tests.support.forging import by_other, packed, saying, where, without
from tests.support.life import Life
from tests.support.sealed_log import Packed, SealedLog, appointed
from workflows.commands import filing_documents as documents
from workflows.commands.covering import Terms, give_cover
from workflows.commands.recipe import Seen
from workflows.vocabulary import Cover

WHY = "批复后政策调整，须改写目标"


def whole() -> SealedLog:
    """Clerk writes, department sends back, clerk writes, both offices pass; after the reply the department writes."""
    life = Life(appointed(roster.PEOPLE)).in_unit_review()
    document = UUID(life.table.document)
    amended(life, document, roster.CLERK, "第一个目标")
    reviewed(life, document, roster.DEPARTMENT_FINANCE, passed=False)
    amended(life, document, roster.CLERK, "第二个目标")
    reviewed(life, document, roster.DEPARTMENT_FINANCE)
    reviewed(life, document, roster.FINANCE_PERFORMANCE)
    for by in (roster.UNIT_HEAD, roster.DEPARTMENT_FINANCE, roster.FINANCE_BUSINESS, roster.FINANCE_PERFORMANCE):
        life.approved(by)
    life.replied()
    amended(life, document, roster.DEPARTMENT_FINANCE, "第三个目标")
    return life.journal


def seen(life, document) -> Seen:
    now = documents.document_now(life.journal, document)
    return Seen(now.version, now.content_hash)


def amended(life, document, by, goal):
    part = {**documents.part_of(life.journal, documents.document_now(life.journal, document)), "overall_goals": [goal]}
    documents.amend_document(
        life.journal, document, seen=seen(life, document), part=part, by=by, command_id=uuid4(), reason=WHY
    )


def reviewed(life, document, by, *, passed=True):
    documents.review_document(
        life.journal, document, seen=seen(life, document), passed=passed, by=by, command_id=uuid4(), opinion=WHY
    )


def test_a_documents_life_passes(tmp_path):
    verdict = verdict_of(tmp_path, Packed(whole()).zipped())
    assert told(verdict) == []
    assert verdict.code == 0


def hash_of(log, number):
    return next(each.fact.content_hash for each in amendments(log) if each.fact.number == number)


def amendments(log):
    return [each for stream in log.streams.values() for each in stream if each.kind == AMENDED]


AMENDED, REVIEWED, RETURNED = "document.amended", "document.reviewed", "document.returned"
FORGERIES = {
    "a number left out": lambda log: (saying(log, where(log, AMENDED), number=2), "data.number"),
    "another version before it": lambda log: (saying(log, where(log, AMENDED, 1), base="ab" * 32), "data.base"),
    "nothing before it": lambda log: (saying(log, where(log, AMENDED, 1), base=None), "data.base"),
    "a content that is not there": lambda log: (saying(log, where(log, AMENDED), content_hash="ab" * 32), "data.content_hash"),
    "the same content again": lambda log: (saying(log, where(log, AMENDED, 1), content_hash=hash_of(log, 1)), "data.content_hash"),
    "written by the unit's head": lambda log: (by_other(log, where(log, AMENDED), id="unit_head", role="unit_head"), "actor.role"),
    "written by another unit's clerk": lambda log: (by_other(log, where(log, AMENDED), id="other_clerk", organ="unit-2"), "actor.role"),
    "the clerk writes after the reply": lambda log: (by_other(log, where(log, AMENDED, 2), id="clerk", role="clerk", organ="unit-1"), "actor.role"),
    "no reason after the reply": lambda log: (saying(log, where(log, AMENDED, 2), reason=""), "data.reason"),
    "reviewed by the bureau first": lambda log: (by_other(log, where(log, RETURNED), id="performance", role="finance_performance", organ="bureau"), "actor.role"),
    "reviewed twice by one office": lambda log: (by_other(log, where(log, REVIEWED, 1), id="planner", role="department_finance", organ="dept-1"), "actor.role"),
    "another version reviewed": lambda log: (saying(log, where(log, REVIEWED), content_hash=hash_of(log, 1)), "data.content_hash"),
    "sent back without a word": lambda log: (saying(log, where(log, RETURNED), reason=""), "data.reason"),
    "reviewed though sent back": lambda log: (without(log, where(log, AMENDED, 1)), "kind"),
    "without its filing": lambda log: (without(log, where(log, "document.filed")), "kind"),
}  # fmt: skip


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_document_is_found_though_every_hash_was_made_anew(forgery, tmp_path):
    log = whole()
    forger, field = FORGERIES[forgery](log)
    verdict = verdict_of(tmp_path, packed(log, forger).zipped())
    assert verdict.code == 1
    assert field in {each.field for each in verdict.findings}, told(verdict)


@pytest.mark.parametrize(("first", "second"), [("amended", "reviewed"), ("reviewed", "reviewed")])
def test_one_person_does_not_write_and_review_nor_review_twice(first, second, tmp_path):
    log = whole()
    chosen = {where(log, f"document.{first}", 1 if first == "amended" else 0), where(log, f"document.{second}", 0 if first == "amended" else 1)}
    commands = [by_other(log, index, id="every_hat", name="every_hat同志") for index in chosen]

    def forger(body):
        for each in commands:
            body = each(body)
        return body

    verdict = verdict_of(tmp_path, packed(log, forger).zipped())
    assert {each.field for each in verdict.findings if "S1" in str(each) or "S2" in str(each)} == {"actor.id"}, told(verdict)


def by_deputy() -> SealedLog:
    """The department's planner is away; his deputy reviews the part for him."""
    deputy = roster.DEPARTMENT_BUSINESS
    life = Life(appointed(roster.PEOPLE)).in_unit_review()
    now = life.journal.now()
    terms = Terms(now, now + timedelta(days=5), "赴省厅参加业务培训")
    planner = roster.DEPARTMENT_FINANCE
    fact = give_cover(life.journal, principal=planner, deputy=deputy, terms=terms, by=planner, command_id=uuid4()).fact
    cover = Cover(fact.cover, planner.id, planner.name, planner.posts)
    document = UUID(life.table.document)
    amended(life, document, roster.CLERK, "第一个目标")
    reviewed(life, document, replace(deputy, covers=(cover,)))
    return life.journal


def test_a_deputys_review_passes_and_without_leave_is_found(tmp_path):
    log = by_deputy()
    assert told(verdict_of(tmp_path, Packed(log).zipped())) == []
    narrow = saying(log, where(log, "cover.given"), nodes=["reply"])
    verdict = verdict_of(tmp_path, packed(log, narrow).zipped())
    assert ("posts", "cover") in {(each.check, each.what) for each in verdict.findings}
