"""Readiness follows the notes outside: red while an alarm stands, while they lag, and while nobody can read them."""

import json
from pathlib import Path

import pytest

from service import anchor_health
from service.anchor_health import checkpoints_check
from service.cli.up import TOO_NEAR, WITNESS_TOO_NEAR, anchors_in_words
from service.installation import answers_ready
from tests.support.answering import answering
from tests.support.ledgers import NOW, Ledger, new_ledger, signer
from workflows.store.transaction import begin


@pytest.fixture
def ledger(cluster):
    made = new_ledger(cluster)
    yield made
    made.drop()


def check(ledger: Ledger, home: Path) -> dict[str, object]:
    with begin(ledger.app) as tx:
        return checkpoints_check(tx, home / "anchors")


def test_notes_that_keep_up_are_well(ledger, tmp_path, monkeypatch):
    assert check(ledger, tmp_path) == {"ok": True, "size": 0, "lag_seconds": 0.0}
    ledger.grow(3)
    monkeypatch.setattr(anchor_health, "LONGEST_LAG", 3600.0)
    assert (check(ledger, tmp_path)["ok"], check(ledger, tmp_path)["size"]) == (True, 0)
    monkeypatch.setattr(anchor_health, "LONGEST_LAG", 0.0)
    assert check(ledger, tmp_path)["ok"] is False
    signer(ledger, tmp_path).look()
    assert check(ledger, tmp_path) == {"ok": True, "size": 3, "lag_seconds": 0.0}
    ledger.grow(1)
    assert (check(ledger, tmp_path)["ok"], check(ledger, tmp_path)["size"]) == (False, 3)


def test_an_alarm_is_red_and_said_at_the_start(ledger, tmp_path):
    ledger.grow(3)
    process = signer(ledger, tmp_path)
    process.look()
    key = (tmp_path / "keys/log.key").read_text()
    (tmp_path / "keys/log.key").unlink()
    process.look()
    assert check(ledger, tmp_path) == {"ok": False, "size": 3, "lag_seconds": 0.0, "says": "key"}
    said = anchors_in_words(tmp_path, {})
    assert said == [f"检查点目录：{tmp_path}/anchors", TOO_NEAR, WITNESS_TOO_NEAR, said[-1]]
    assert said[-1].startswith("  警报：检查点目录中已有检查点，但签名密钥不见了")
    assert said[-1].endswith(f"（自 {NOW.isoformat()}）")
    (tmp_path / "keys/log.key").write_text(key)
    process.look()
    assert check(ledger, tmp_path)["ok"] is True


@pytest.mark.parametrize("file", ["checkpoint", "alarm.json"])
def test_what_nobody_can_read_is_red(ledger, tmp_path, file):
    signer(ledger, tmp_path).look()
    (tmp_path / "anchors" / file).write_text("{")
    assert check(ledger, tmp_path)["ok"] is False


def test_anchors_elsewhere_are_not_called_too_near(tmp_path):
    elsewhere = {"GOALTRAIL_ANCHOR_DIR": "/mnt/worm", "GOALTRAIL_WITNESS_URLS": "http://audit:9000"}
    assert anchors_in_words(tmp_path, elsewhere) == ["检查点目录：/mnt/worm"]


@pytest.mark.parametrize(("red", "comes_up"), [
    ((), True), (("checkpoints",), True), (("checkpoints", "sealer"), False), (("catalog",), False),
])  # fmt: skip
def test_an_installation_comes_up_though_its_notes_are_refused(red, comes_up):
    checks = {name: {"ok": name not in red} for name in ("database", "sealer", "catalog", "checkpoints")}
    with answering(503 if red else 200, json.dumps({"checks": checks})) as port:
        assert answers_ready(port)() is comes_up


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"checks": {"checkpoints": 1}}'])
def test_an_answer_that_says_nothing_is_not_ready(body):
    with answering(503, body) as port:
        assert answers_ready(port)() is False
    assert answers_ready(port)() is False
