"""The verifier on rule packs: honest confirmations are clean, one person's work and unproposed versions are found (S9)."""

from uuid import uuid4

import pytest

from tests.ledger.test_verify import told, verdict_of
from tests.ledger.test_verify_beside import ADMIN, ALL, SECOND_ADMIN, as_
from tests.support.forging import packed, saying, where, without
from tests.support.life import Life
from tests.support.sealed_log import Packed, appointed
from workflows.commands.publishing_packs import propose_pack, publish_pack
from workflows.ledger.bundle import EVERYTHING, Scope
from workflows.packs import pack_content


def confirmed() -> Life:
    log = appointed(ALL)
    content = {**pack_content("ningxia-county"), "title": "宁夏 县级项目支出绩效目标申报表（修订）", "version": 9}
    proposed = propose_pack(log, content=content, by=ADMIN, command_id=uuid4())
    publish_pack(log, name="ningxia-county", content_hash=proposed.content_hash, by=SECOND_ADMIN, command_id=uuid4())
    return Life(log).in_unit_review()


def test_a_pack_confirmed_by_two_is_clean(tmp_path):
    life = confirmed()
    assert life.journal.content(life.table.pack_hash)["version"] == 9
    for scope in (EVERYTHING, Scope("table", table=life.table.id)):
        verdict = verdict_of(tmp_path, Packed(life.journal, scope=scope).zipped())
        assert (verdict.code, verdict.findings) == (0, [])


FORGED = {
    "confirmed by who proposed": ("rule_pack.published", as_("process", "process_admin", "bureau"), ("segregation", "S9")),
    "confirmed though nobody proposed": (
        "rule_pack.published", lambda log, i: without(log, where(log, "rule_pack.proposed")), ("segregation", "S9")),
    "proposed by a clerk": ("rule_pack.proposed", as_("clerk", "clerk"), ("posts", "person")),
    "proposed in another's name": ("rule_pack.proposed", lambda log, i: saying(log, i, by="other"), ("posts", "person")),
    "under another name": ("rule_pack.published", lambda log, i: saying(log, i, name="henan-unit"), ("steps", "value")),
    "never confirmed": ("rule_pack.published", without, ("steps", "value")),
}  # fmt: skip


@pytest.mark.parametrize("forgery", FORGED)
def test_a_forged_confirmation_is_found(forgery, tmp_path):
    kind, forger, found = FORGED[forgery]
    log = confirmed().journal
    verdict = verdict_of(tmp_path, packed(log, forger(log, where(log, kind))).zipped())
    assert verdict.code == 1
    assert found in [(each.check, each.what) for each in verdict.findings], told(verdict)
