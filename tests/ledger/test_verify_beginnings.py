"""Tables begun without a document as the verifier judges them: honest ones are clean, each rule is forged once."""

import json
from uuid import uuid4

import pytest

from tests.ledger.test_verify import told, verdict_of
from tests.support import roster
from tests.support.forging import by_other, packed, saying, where
from tests.support.hands import PEOPLE
from tests.support.life import Life
from tests.support.sealed_log import Packed, appointed
from tests.workflows.test_beginning import Copied, copied, created
from workflows.commands.curating import add_entry, retire_entry
from workflows.ledger.bundle import EVERYTHING, Scope
from workflows.library import Entry


def begun():
    log = appointed(PEOPLE)
    return Copied(Life(log), created(log))


def on_last_years():
    life = Life(appointed(PEOPLE)).in_monitoring()
    return Copied(life, copied(life))


@pytest.mark.parametrize("way", [begun, on_last_years])
def test_honest_beginnings_are_clean(way, tmp_path):
    both = way()
    for scope in (EVERYTHING, Scope("table", table=both.table.id)):
        verdict = verdict_of(tmp_path, Packed(both.life.journal, scope=scope).zipped())
        assert (verdict.code, verdict.findings) == (0, [])


def at(log) -> int:
    return where(log, "table.created")


def elsewhere(log):
    """The copy's rows say that they come from another table than its source."""
    return saying(log, at(log), source=str(uuid4()))


def rows_left_out(log):
    body = json.loads(log.bodies[at(log)])
    content = json.loads(log.contents[body["data"]["content_hash"]])
    fewer = log.put_content({**content, "indicators": content["indicators"][1:]})
    return saying(log, at(log), content_hash=fewer)


VALUE, STEP = ("steps", "value"), ("steps", "step")
FORGED = {
    "under an ID of his choice": (begun, lambda log: by_other(log, at(log), command=str(uuid4())), None),
    "another's": (begun, lambda log: saying(log, at(log), owner="somebody"), VALUE),
    "of another unit": (begun, lambda log: saying(log, at(log), unit=roster.OTHER_UNIT), ("posts", "person")),
    "with a number": (begun, lambda log: saying(log, at(log), number=1), VALUE),
    "with a document": (begun, lambda log: saying(log, at(log), document=str(uuid4())), VALUE),
    "new, yet of a source": (begun, lambda log: saying(log, at(log), source=str(uuid4())), VALUE),
    "copied from nothing": (begun, lambda log: saying(log, at(log), origin="copied"), VALUE),
    "copied from a table that there is not": (on_last_years, elsewhere, VALUE),
    "copied into the same year": (on_last_years, lambda log: saying(log, at(log), year=2026), VALUE),
    "copied without a row": (on_last_years, rows_left_out, ("contents", "content")),
    "of an unknown origin": (begun, lambda log: saying(log, at(log), origin="found"), STEP),
    "by somebody who is no clerk": (begun, lambda log: by_other(log, at(log), id="unit_head", name="unit_head"), None),
}  # fmt: skip


@pytest.mark.parametrize("forgery", FORGED)
def test_a_forged_beginning_is_found(forgery, tmp_path):
    way, forge, wanted = FORGED[forgery]
    log = way().life.journal
    verdict = verdict_of(tmp_path, packed(log, forge(log)).zipped())
    assert verdict.code == 1
    if wanted:
        assert wanted in [finding[:2] for finding in told(verdict)]


WORDS = {"level1": "产出指标", "level2": "质量指标", "level3": "2026年度 设备验收合格率"}


def recommended():
    log = appointed(PEOPLE)
    entry = add_entry(log, bureau=roster.BUREAU, words=WORDS, by=roster.FINANCE_PERFORMANCE, command_id=uuid4())
    gone = Entry(entry, *WORDS.values())
    retire_entry(
        log, entry=gone, bureau=roster.BUREAU, reason="口径不一，改用合格率", by=roster.FINANCE_PERFORMANCE, command_id=uuid4()
    )
    return log


ADDED, RETIRED = "library.entry_added", "library.entry_retired"
FORGED_LIBRARY = {
    "another entry": lambda log: saying(log, where(log, ADDED), entry=str(uuid4())),
    "another indicator": lambda log: saying(log, where(log, ADDED), level3="满意度"),
    "another bureau's": lambda log: saying(log, where(log, ADDED), bureau="elsewhere"),
    "retired without a reason": lambda log: saying(log, where(log, RETIRED), reason="无"),
    "by a clerk": lambda log: by_other(log, where(log, ADDED), id="clerk", name="clerk", role="clerk", organ=roster.UNIT),
}  # fmt: skip


def test_an_honest_library_is_clean(tmp_path):
    verdict = verdict_of(tmp_path, Packed(recommended()).zipped())
    assert (verdict.code, verdict.findings) == (0, [])


@pytest.mark.parametrize("forgery", FORGED_LIBRARY)
def test_a_forged_entry_of_the_library_is_found(forgery, tmp_path):
    log = recommended()
    verdict = verdict_of(tmp_path, packed(log, FORGED_LIBRARY[forgery](log)).zipped())
    assert verdict.code == 1
    assert {finding[0] for finding in told(verdict)} & {"steps", "posts"}
