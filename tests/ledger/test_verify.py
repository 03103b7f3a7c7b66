"""The auditor's program: clean histories of every shape pass, each corruption is found at its place."""

import json
import subprocess
import sys
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support import roster
from tests.support.auditor import verify
from tests.support.forging import by_other, first_content, packed, saying, where
from tests.support.life import Life
from tests.support.many_events import whole_life, write_many
from tests.support.sealed_log import Packed, appointed, life, note_at
from tests.workflows.test_any_person_any_verb import ADMINS, STARTS, VERBS, likely
from workflows.commands import administering, attaching, drafting, ending, erasing, replying
from workflows.commands.recipe import Seen
from workflows.errors import GoaltrailError
from workflows.ledger.bundle import Scope
from workflows.vocabulary import Action, Stage

REASON = "指标值与目标不匹配"
PROGRAM = Path(verify.__file__)


def asked(table: Life, action: Action, by) -> Life:
    table.table = ending.ask_to_end(
        table.journal, table.table.id, action=action, seen=table.seen(), by=by, command_id=uuid4(), reason=REASON
    )
    return table


def confirmed(table: Life, by) -> Life:
    table.table = ending.confirm_ending(table.journal, table.table.id, seen=table.seen(), by=by, command_id=uuid4())
    return table


def declined(table: Life, by) -> Life:
    table.table = ending.decline_ending(
        table.journal, table.table.id, seen=table.seen(), by=by, command_id=uuid4(), reason=REASON
    )
    return table


def withdrawn() -> Life:
    table = life().in_unit_review()
    table.table = drafting.withdraw_table(
        table.journal, table.table.id, seen=table.seen(), by=roster.CLERK, command_id=uuid4(), reason=REASON
    )
    return table


def overdue() -> Life:
    table = life().in_unit_review()
    table.journal.at += timedelta(days=30)
    (desk,) = table.table.desks
    table.table = administering.mark_overdue(table.journal, table.table.id, task=desk.task, command_id=uuid4())
    return table


def with_attachment(name: str = "验收单.txt") -> Life:
    table = life().imported()
    table.table = attaching.attach_file(
        table.journal, table.table.id, seen=table.seen(), by=roster.CLERK, command_id=uuid4(), name=name, data=b"text"
    )
    return table


def attachment_taken_back() -> Life:
    table = with_attachment()
    table.table = attaching.withdraw_attachment(
        table.journal, table.table.id, seen=table.seen(), by=roster.CLERK, command_id=uuid4(),
        attachment=table.table.attachments[0].attachment,
    )  # fmt: skip
    return table.completed().submitted()


def erased() -> Life:
    """Words of a return and an attachment go, by two persons."""
    table = with_attachment().completed().submitted().returned(roster.UNIT_HEAD, Stage.DRAFT)
    log, request = table.journal, uuid4()
    words = {each.words or "file": each.commitment for each in log.erasable(table.table.id)}
    chosen = [words[REASON], words["file"]]
    erasing.request_erasure(
        log, request, table_id=table.table.id, commitments=chosen, ground="个人信息保护法第四十七条", by=roster.SECURITY_ADMIN,
        command_id=uuid4(),
    )  # fmt: skip
    table.table = erasing.confirm_erasure(log, request, by=roster.SECRECY_REVIEWER, command_id=uuid4())
    return table


def held() -> Life:
    table = life().in_unit_review()
    for verb in (erasing.place_hold, erasing.lift_hold, erasing.place_hold):
        table.table = verb(table.journal, table.table.id, reason=REASON, by=roster.AUDIT_ADMIN, command_id=uuid4())
    return table


SHAPES = {
    "nothing but posts": life,
    "imported": lambda: life().imported(),
    "in unit review": lambda: life().in_unit_review(),
    "withdrawn": withdrawn,
    "overdue": overdue,
    "returned to the draft": lambda: life().in_finance_approval().returned(roster.FINANCE_BUSINESS, Stage.DRAFT).submitted(),
    "returned to the unit": lambda: life().in_finance_approval().returned(roster.FINANCE_PERFORMANCE, Stage.UNIT_REVIEW),
    "refused": lambda: confirmed(asked(life().in_finance_approval(), Action.REFUSE, roster.FINANCE_BUSINESS), roster.FINANCE_LEADER),
    "voided": lambda: confirmed(asked(life().imported(), Action.VOID, roster.CLERK), roster.UNIT_HEAD),
    "terminated": lambda: confirmed(asked(life().in_monitoring(), Action.TERMINATE, roster.FINANCE_BUSINESS), roster.FINANCE_LEADER),
    "declined": lambda: declined(asked(life().imported(), Action.VOID, roster.CLERK), roster.UNIT_HEAD),
    "taken back": lambda: declined(asked(life().imported(), Action.VOID, roster.CLERK), roster.CLERK),
    "window open": lambda: life().in_monitoring().window_opened(),
    "window overtaken": lambda: life().in_monitoring().window_opened().evaluation_opened(),
    "whole life": whole_life,
    "attachment": lambda: with_attachment().completed().submitted(),
    "attachment taken back": attachment_taken_back,
    "held": held,
    "erased": erased,
}  # fmt: skip


def verdict_of(path: Path, data: bytes, **given) -> verify.Verdict:
    path = path / "bundle.zip"
    path.write_bytes(data)
    return verify.verify(str(path), processes=1, **given)


def told(verdict: verify.Verdict) -> list:
    """What was found; every finding can be said, in both languages."""
    assert all(each.said(1) and each.said(2) for each in verdict.findings)
    return [(each.check, each.what, each.place.event, each.field) for each in verdict.findings]


@pytest.mark.parametrize("shape", SHAPES)
def test_a_clean_history_of_every_shape_passes(shape, tmp_path):
    log = SHAPES[shape]().journal
    verdict = verdict_of(tmp_path, Packed(log).zipped())
    assert (verdict.code, verdict.findings) == (0, [])
    assert verdict.report.done == set(verify.CHECKS) - {"places", "anchors"}


@pytest.mark.parametrize("scope", ["table", "event"])
def test_a_clean_part_passes_and_says_what_it_left_open(scope, tmp_path):
    done = whole_life()
    part = Scope("table", table=done.table.id) if scope == "table" else Scope("event", stream=done.table.id, version=7)
    log = done.journal
    bundle = Packed(log, scope=part, notes=(note_at(log, 20), note_at(log, len(log.bodies))))
    verdict = verdict_of(tmp_path, bundle.zipped())
    assert (verdict.code, verdict.findings) == (0, [])
    left_out = {"tree", "anchors"} | ({"chains", "time", "commands", "steps", "posts", "segregation", "state"} if scope == "event" else set())
    assert verdict.report.done == set(verify.CHECKS) - left_out


def test_the_program_runs_alone_in_an_empty_folder_and_says_what_it_did_not_check(tmp_path):
    (tmp_path / "out.zip").write_bytes(Packed(whole_life().journal).zipped())
    command = [sys.executable, "-I", str(PROGRAM), "out.zip"]
    done = subprocess.run(command, cwd=tmp_path, env={"LANG": "C"}, capture_output=True, check=False)
    words = done.stdout.decode()
    assert (done.returncode, done.stderr) == (0, b"")
    assert "没有给出外部检查点（--anchor）：若有人换了密钥并重写了全部台账，仅凭本包看不出来！" in words
    assert "no outside note was given (--anchor): a rewritten log with new keys would look the same!" in words
    assert all(chinese in words and english in words for chinese, english in verify.NOT_CHECKED)
    assert "valid" not in words
    assert sorted(each.name for each in tmp_path.iterdir()) == ["out.zip"]


def test_wrong_usage_is_3(tmp_path):
    for words in ([], ["missing.zip"], ["x", "--nonsense"], [str(PROGRAM), "--anchor", str(PROGRAM)], [str(PROGRAM), "--vkey", "x+y+z"]):
        done = subprocess.run([sys.executable, "-I", str(PROGRAM), *words], cwd=tmp_path, capture_output=True, check=False)
        assert done.returncode == 3, words


def test_a_made_up_log_of_many_tables_passes_in_two_processes(tmp_path):
    events = write_many(tmp_path / "many.zip", 40)
    verdict = verify.verify(str(tmp_path / "many.zip"))
    assert (verdict.code, verdict.findings, verdict.manifest["size"]) == (0, [], events)


def test_the_result_for_machines_names_the_first_bad_place(tmp_path, capsys):
    log = whole_life().journal
    index = where(log, "task.decided", 1)
    (tmp_path / "b.zip").write_bytes(packed(log, by_other(log, index, id="clerk")).zipped())
    assert verify.main([str(tmp_path / "b.zip"), "--json", "--processes", "1"]) == 1
    result = json.loads(capsys.readouterr().out)
    first = result["first"]
    said = json.loads(log.bodies[index])
    assert (first["index"], first["table"], first["version"], first["field"]) == (index, said["stream"], said["version"], "actor")
    assert first["zh"] == f"第 {index} 条，表 {said['stream']}，第 {said['version']} 版，字段 actor：clerk 当时没有岗位 unit_head unit-1"
    assert first["en"].startswith(f"event {index}, table {said['stream']}, version {said['version']}, field actor: clerk did not hold")
    assert (result["exit"], result["checks"]["posts"], result["checks"]["tree"]) == (1, "failed", "checked")
    assert verify.main([str(tmp_path / "b.zip"), "--table", said["stream"], "--processes", "1"]) == 1
    words = capsys.readouterr().out
    assert words.count("task.decided") == 6


def test_a_reply_over_many_tables_names_each_with_its_content(tmp_path):
    log = appointed()
    lives = [life(log).in_finance_approval().approved(roster.FINANCE_BUSINESS).approved(roster.FINANCE_PERFORMANCE) for _ in range(3)]
    replying.issue_reply(
        log, uuid4(), tables={each.table.id: each.seen() for each in lives}, doc_no="清财预〔2026〕7号", by=roster.FINANCE_BUDGET,
        command_id=uuid4(),
    )  # fmt: skip
    assert verdict_of(tmp_path, Packed(log).zipped()).findings == []
    part = Packed(log, scope=Scope("table", table=lives[1].table.id))
    assert verdict_of(tmp_path, part.zipped()).findings == []
    index = where(log, "reply.issued")
    hashes = json.loads(log.bodies[index])["data"]["content_hashes"]
    wrong = saying(log, index, content_hashes=[first_content(log), *hashes[1:]])
    assert told(verdict_of(tmp_path, packed(log, wrong).zipped())) == [("steps", "reply", index, "data.content_hashes")]
    fewer = saying(log, index, content_hashes=hashes[:2], tables=json.loads(log.bodies[index])["data"]["tables"][:2])
    assert told(verdict_of(tmp_path, packed(log, fewer).zipped())) == [("steps", "reply", index, "data.content_hashes")]
    assert told(verdict_of(tmp_path, packed(log, without_event(index)).zipped()))[0][:2] == ("steps", "reply")


def without_event(index: int):
    numbers = iter(range(10_000))
    return lambda body: None if next(numbers) == index else body


@given(script=st.lists(st.tuples(st.integers(0, 999), st.integers(0, 89)), min_size=10, max_size=40), beginning=st.sampled_from(STARTS))
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_the_product_records_the_program_finds_in_order(beginning, script, tmp_path_factory):
    """Any open act by whoever may do it, in any order: no false alarm."""
    table = life(appointed((*roster.PEOPLE, *ADMINS)))
    if beginning == "in_evaluation":
        table.in_monitoring().evaluation_opened()
    else:
        getattr(table, beginning)()
    log = table.journal
    for pick, days in script:
        log.at += timedelta(days=days)
        before = log.lock_table(table.table.id)
        verb, person = likely(before)[pick % len(likely(before))]
        with suppress(GoaltrailError):
            VERBS[verb](log, before.id, seen=Seen(before.version, before.content_hash), by=person, command_id=uuid4())
    assert verdict_of(tmp_path_factory.mktemp("walk"), Packed(log).zipped()).findings == []
