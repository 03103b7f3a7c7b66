"""The verifier follows executed amounts that came in by file, and finds amounts that no file says."""

import json
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from tests.ledger.test_verify import told, verdict_of
from tests.support import roster
from tests.support.forging import Forger, by_other, packed, saying, where
from tests.support.life import Life
from tests.support.sealed_log import Packed, SealedLog, appointed
from workflows.commands.executing import import_executions
from workflows.forms.execution_file import read_executions
from workflows.measures.execution_matching import Known, matching
from workflows.vocabulary import Post, Role

POST = Post(Role.DEPARTMENT_FINANCE, roster.DEPARTMENT)


def whole() -> SealedLog:
    life = Life(appointed(roster.PEOPLE)).in_monitoring()
    life.journal.at = datetime(2026, 8, 5, 1, 0, tzinfo=UTC)
    for amount in ("3650.5", "4000"):
        rows = f"单位,项目名称,截止日期,执行数（元）\n县农业局,{life.table.title},2026-07-31,{amount}\n县农业局,无此项目,,2"
        data = rows.encode()
        tables = [Known(life.table.id, life.table.title, "", ("县农业局",), roster.UNIT, "万元")]
        import_executions(
            life.journal, name="七月.csv", data=data, found=matching(read_executions(data), tables), post=POST,
            by=roster.DEPARTMENT_FINANCE, command_id=uuid4(),
        )  # fmt: skip
    return life.journal


def test_files_of_executed_amounts_pass(tmp_path):
    verdict = verdict_of(tmp_path, Packed(whole()).zipped())
    assert told(verdict) == []
    assert verdict.code == 0


def lost(log: SealedLog, index: int) -> Forger:
    """Let this one event disappear, the rest of its step stays."""
    gone = json.loads(log.bodies[index])
    return lambda body: None if (body["kind"], body["command_id"]) == (gone["kind"], gone["command_id"]) else body


RECORDED, IMPORTED = "execution.recorded", "execution.imported"
FORGERIES = {
    "another amount than the file's": (RECORDED, lambda log, i: saying(log, i, executed="9"), "data.content_hash"),
    "an amount below zero": (RECORDED, lambda log, i: saying(log, i, executed="-9"), "data.executed"),
    "up to a day to come": (RECORDED, lambda log, i: saying(log, i, date="2026-12-31"), "data.date"),
    "another row": (RECORDED, lambda log, i: saying(log, i, row=7), "data.content_hash"),
    "recorded by the clerk": (RECORDED, lambda log, i: by_other(log, i, id="clerk", role="clerk", organ="unit-1"), "actor.role"),
    "a table left out": (RECORDED, lost, "data.tables"),
    "no file": (IMPORTED, lost, "data.batch"),
    "a sum that no lines make": (IMPORTED, lambda log, i: saying(log, i, total="99"), "data.total"),
    "the rest hidden": (IMPORTED, lambda log, i: saying(log, i, rest="0"), "data.rest"),
    "another file's bytes": (IMPORTED, lambda log, i: saying(log, i, bytes_sha256="ab" * 32), "data.bytes_sha256"),
}  # fmt: skip


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_amount_is_found_though_every_hash_was_made_anew(forgery, tmp_path):
    kind, forger, field = FORGERIES[forgery]
    log = whole()
    verdict = verdict_of(tmp_path, packed(log, forger(log, where(log, kind))).zipped())
    assert verdict.code == 1
    assert field in {each.field for each in verdict.findings}, told(verdict)
