"""The verifier follows reorganisations: the successor decides, posts end; and finds what no officer could have recorded."""

from functools import cache
from uuid import uuid4

import pytest

from tests.ledger.test_verify import told, verdict_of
from tests.support import roster
from tests.support.forging import by_other, forged, packed, saying, where
from tests.support.life import Life
from tests.support.sealed_log import Packed, SealedLog, appointed
from workflows.commands import disclosing, reorganising
from workflows.commands.administering import give_grant, revoke_grant
from workflows.commands.reorganising import Decree
from workflows.errors import FieldsInvalid
from workflows.organs import Organ
from workflows.vocabulary import Actor, Post, Role

OFFICER = roster.SECURITY_ADMIN
HEIR = Actor("heir", "承接同志", (Post(Role.DEPARTMENT_FINANCE, "dept-2"), Post(Role.DEPARTMENT_FINANCE, "dept-1", "dept-2")))
DECREE = Decree("清编发〔2026〕3号", "2026-01-05")
FOUNDED, RENAMED, MOVED, MERGED, CLOSED = (f"organ.{word}" for word in ("founded", "renamed", "moved", "merged", "closed"))
ORGANS = (
    Organ("bureau", "清河县财政局", "bureau"), Organ("dept-1", "文化局", "department", "bureau"), Organ("dept-2", "旅游局", "department", "bureau"),
    Organ("unit-1", "图书馆", "unit", "dept-1"), Organ("unit-2", "博物馆", "unit", "dept-1"),
)  # fmt: skip


def _begun() -> tuple[SealedLog, dict]:
    log = appointed((*roster.PEOPLE, roster.person("heir", (Role.DEPARTMENT_FINANCE, "dept-2"))))
    log.roster = ORGANS
    return log, {"decree": DECREE, "by": OFFICER}


@cache
def whole() -> SealedLog:
    """A table in department review when its department is merged; decided by the heir; then more is reorganised."""
    log, signed = _begun()
    life = Life(log).in_unit_review().approved(roster.UNIT_HEAD)
    reorganising.rename_organ(log, organ="dept-1", name="文化体育局", code="301", **signed, command_id=uuid4())
    reorganising.merge_organs(log, organs=("dept-1",), successor="dept-2", **signed, command_id=uuid4())
    life.approved(HEIR)
    for organ in (Organ("dept-4", "体育局", "department", "bureau"), Organ("unit-4", "体育馆", "unit", "dept-4"), Organ("unit-5", "游泳馆", "unit", "dept-2")):
        reorganising.found_organ(log, organ=organ, **signed, command_id=uuid4())
    for organ, successor in (("dept-4", "dept-2"), ("unit-4", "unit-5"), ("unit-2", "unit-1")):
        reorganising.merge_organs(log, organs=(organ,), successor=successor, **signed, command_id=uuid4())
    give_grant(log, person="late", name="新同志", post=Post(Role.CLERK, "unit-1"), by=OFFICER, command_id=uuid4())
    reorganising.close_organ(log, organ="unit-5", **signed, command_id=uuid4())
    reorganising.rename_organ(log, organ="dept-2", name="文化和旅游局", code=None, **signed, command_id=uuid4())
    return log


def test_e8_a_merger_and_what_the_heir_decides_pass(tmp_path):
    verdict = verdict_of(tmp_path, Packed(whole()).zipped())
    assert (told(verdict), verdict.code) == ([], 0)


def found(tmp_path, log: SealedLog) -> set[str]:
    verdict = verdict_of(tmp_path, Packed(log).zipped())
    assert verdict.code == 1, told(verdict)
    return {each.field for each in verdict.findings}


def test_e8_without_the_merger_the_heir_had_no_post_there(tmp_path):
    log, _ = _begun()
    Life(log).in_unit_review().approved(roster.UNIT_HEAD).approved(HEIR)
    assert "actor" in found(tmp_path, log)


def test_e8_a_heir_who_lost_the_own_post_decides_nothing(tmp_path):
    log, signed = _begun()
    life = Life(log).in_unit_review().approved(roster.UNIT_HEAD)
    reorganising.merge_organs(log, organs=("dept-1",), successor="dept-2", **signed, command_id=uuid4())
    revoke_grant(log, person="heir", post=HEIR.posts[0], reason="调任其他岗位", by=OFFICER, command_id=uuid4())
    life.on("2026-01-06").approved(HEIR)
    assert "actor" in found(tmp_path, log)


def test_e8_an_officer_of_the_merged_department_decides_nothing_any_more(tmp_path):
    log, signed = _begun()
    life = Life(log).in_unit_review().approved(roster.UNIT_HEAD)
    reorganising.merge_organs(log, organs=("dept-1",), successor="dept-2", **signed, command_id=uuid4())
    life.on("2026-01-06").approved(roster.DEPARTMENT_FINANCE)
    assert "actor" in found(tmp_path, log)


def disclosed(department: str, *, merged: bool) -> SealedLog:
    """A pack that a department releases of a table of another, which went into it or not."""
    log, signed = _begun()
    life = Life(log).in_monitoring()
    life.table = disclosing.review_disclosure(
        log, life.table.id, seen=life.seen(), outcome="public", by=roster.SECRECY_REVIEWER, command_id=uuid4()
    )
    if merged:
        reorganising.merge_organs(log, organs=("dept-1",), successor="dept-2", **signed, command_id=uuid4())
    disclosing.release_pack(
        log, uuid4(), bureau="bureau", department=department, year=2026, tables=[life.table.id], stubs=0, days=20, by=HEIR, command_id=uuid4()
    )
    return log


def test_e8_the_heir_discloses_what_was_replied_to_the_merged_department(tmp_path):
    log = disclosed("dept-2", merged=True)
    assert told(verdict_of(tmp_path, Packed(log).zipped())) == []
    forged_away = forged(log, lambda body: None if body["kind"] == "organ.merged" else body)
    assert "data.tables" in found(tmp_path, forged_away)
    with pytest.raises(FieldsInvalid, match="不全是本部门"):
        disclosed("dept-2", merged=False)


FORGERIES = {
    "by the system administrator": (RENAMED, 0, lambda log, i: by_other(log, i, id="admin", role="system_admin"), "actor.role"),
    "by somebody without the post": (RENAMED, 0, lambda log, i: by_other(log, i, id="planner"), "actor"),
    "without a number": (RENAMED, 0, lambda log, i: saying(log, i, doc_no=" "), "data.doc_no"),
    "from a day to come": (MERGED, 0, lambda log, i: saying(log, i, day="2026-02-01"), "data.day"),
    "from a day too long ago": (MERGED, 0, lambda log, i: saying(log, i, day="2024-12-31"), "data.day"),
    "from no day": (MERGED, 0, lambda log, i: saying(log, i, day="元旦"), "data.day"),
    "renamed from another name": (RENAMED, 1, lambda log, i: saying(log, i, was="环保局"), "data.name"),
    "renamed to the same": (RENAMED, 0, lambda log, i: saying(log, i, name="文化局", code=""), "data.name"),
    "merged under another name": (MERGED, 0, lambda log, i: saying(log, i, names=["环保局"]), "data.name"),
    "merged into itself": (MERGED, 0, lambda log, i: saying(log, i, successor="dept-1"), "data.organs"),
    "merged twice": (MERGED, 1, lambda log, i: saying(log, i, organs=["dept-1"]), "data.organs"),
    "merged with names that do not fit": (MERGED, 0, lambda log, i: saying(log, i, names=[]), "data.organs"),
    "merged into another sort": (MERGED, 2, lambda log, i: saying(log, i, successor="dept-2", successor_name="旅游局"), "data.organs"),
    "merged with a unit left under it": (MOVED, 2, lambda log, i: saying(log, i, organ="unit-9"), "data.organs"),
    "moved from another department": (MOVED, 2, lambda log, i: saying(log, i, was="bureau"), "data.parent"),
    "founded a second time": (FOUNDED, 0, lambda log, i: saying(log, i, organ="dept-1"), "data.organ"),
    "founded as something that there is not": (FOUNDED, 0, lambda log, i: saying(log, i, sort="office"), "data.organ"),
    "founded under nothing": (FOUNDED, 0, lambda log, i: saying(log, i, parent=""), "data.parent"),
    "closed under another name": (CLOSED, 0, lambda log, i: saying(log, i, name="环保局"), "data.name"),
    "closed though it had ended": (CLOSED, 0, lambda log, i: saying(log, i, organ="unit-2"), "data.organ"),
    "signed at the heir": (MERGED, 0, lambda log, i: by_other(log, i, organ="dept-2"), "actor.organ"),
    "a post given at an ended organ": ("grant.given", -1, lambda log, i: saying(log, i, organ="unit-2"), "data.organ"),
}  # fmt: skip


@pytest.mark.parametrize("forgery", FORGERIES)
def test_e8_a_forged_reorganisation_is_found_though_every_hash_was_made_anew(forgery, tmp_path):
    kind, number, forger, field = FORGERIES[forgery]
    log = whole()
    verdict = verdict_of(tmp_path, packed(log, forger(log, where(log, kind, number))).zipped())
    assert verdict.code == 1
    assert field in {each.field for each in verdict.findings}, told(verdict)


def test_e8_a_reorganisation_on_another_stream_is_found(tmp_path):
    log, elsewhere = whole(), str(uuid4())
    other = forged(log, lambda body: {**body, "stream": elsewhere} if body["subject"] == "organ" else body)
    assert "stream" in found(tmp_path, other)
