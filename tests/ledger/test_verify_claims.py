"""What a bundle merely claims, and what one program reads otherwise than another: modes, doubled keys, other commands."""

import json
from io import BytesIO
from pathlib import Path
from uuid import uuid4
from zipfile import ZipFile

import pytest

from tests.ledger.test_verify import told, verdict_of
from tests.support import roster
from tests.support.auditor import verify
from tests.support.forging import packed, rezipped, where
from tests.support.many_events import whole_life
from tests.support.sealed_log import Packed, life, note_at
from workflows.commands import administering
from workflows.ledger.bundle import Scope

WARNED = "!! 演示/模拟台账（demo）：时钟可拨动 / NOT A PRODUCTION LOG (demo): its clock can be moved"


@pytest.mark.parametrize(("mode", "code"), [("production", 0), ("demo", 1)])
def test_who_asks_for_a_log_of_production_is_told_what_it_is(mode, code, tmp_path: Path, capsys):
    file = tmp_path / "out.zip"
    file.write_bytes(Packed(life().imported().journal, mode=mode).zipped())
    assert verify.main([str(file), "--processes", "1"]) == 0
    assert (capsys.readouterr().out.splitlines()[0] == WARNED) is (mode == "demo")
    assert verify.main([str(file), "--processes", "1", "--mode", "production", "--json"]) == code
    said = json.loads(capsys.readouterr().out)
    assert (said["mode"], [each["what"] for each in said["findings"]]) == (mode, ["mode"] * code)


def test_a_part_says_that_a_last_revocation_may_be_left_out_and_the_whole_does_not(tmp_path: Path):
    done = whole_life()
    for scope, said in ((Scope("table", table=done.table.id), True), (Scope("all"), False)):
        remarks = verdict_of(tmp_path, Packed(done.journal, scope=scope).zipped()).report.remarks
        assert (verify.REVOCATION_LEFT_OUT in remarks) is said


@pytest.mark.parametrize(("seconds", "found"), [(8, False), (30, True)])
def test_an_act_is_under_way_for_ten_seconds_after_the_post_was_lost(seconds, found, tmp_path: Path):
    done = life().in_unit_review()
    log, before = done.journal, len(done.journal.bodies)
    done.approved(roster.UNIT_HEAD)
    act = log.bodies[before:]
    late = json.loads(act[0])["at"]
    lost = verify.later(late, -seconds)
    administering.revoke_grant(
        log, person=roster.UNIT_HEAD.id, post=roster.UNIT_HEAD.posts[0], reason="调离本岗位", by=roster.SECURITY_ADMIN,
        command_id=uuid4(),
    )  # fmt: skip
    revoked = log.bodies.pop().replace(late.encode(), lost.encode())
    body = json.loads(revoked)
    log.bodies.insert(before, json.dumps({**body, "at": lost}, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode())
    findings = told(verdict_of(tmp_path, Packed(log).zipped()))
    assert any(check == "posts" for check, *_ in findings) is found


@pytest.mark.parametrize("name", ["manifest.json", "state.jsonl", "payloads.jsonl", "places.jsonl"])
def test_a_key_that_stands_twice_is_found(name, tmp_path: Path):
    done = whole_life()
    clean = Packed(done.journal, scope=Scope("table", table=done.table.id))
    member = read(clean.zipped(), name)
    first = next(iter(json.loads(member.partition(b"\n")[0])))
    doubled = member.replace(b"{", b'{"' + first.encode() + b'":null,', 1)
    found = told(verdict_of(tmp_path, rezipped(clean.zipped(), {name: doubled}, manifest=name != "manifest.json")))
    what = "manifest" if name == "manifest.json" else "malformed"
    assert ("members", what) in [each[:2] for each in found]


def test_a_reply_and_its_tables_were_recorded_by_one_command(tmp_path: Path):
    log = whole_life().journal
    index, other = where(log, "reply.issued"), str(uuid4())
    data = packed(log, lambda body: {**body, "command_id": other} if body["kind"] == "reply.issued" else body)
    found = told(verdict_of(tmp_path, data.zipped()))
    assert [each for each in found if each[0] == "steps"] == [("steps", "reply", index, "command_id")]


def test_no_check_counts_as_done_whose_pass_broke_off(tmp_path: Path):
    clean = Packed(whole_life().journal).zipped()
    cut = read(clean, "events.jsonl")[:-40]
    done = verdict_of(tmp_path, rezipped(clean, {"events.jsonl": cut}, manifest=True)).report.done
    assert done & {"tree", "chains", "canonical", "steps", "posts", "segregation", "payloads", "state"} == set()


def read(data: bytes, name: str) -> bytes:
    with ZipFile(BytesIO(data)) as opened:
        return opened.read(name)


def test_a_miscopied_note_accuses_nobody(tmp_path: Path, capsys):
    log = life().imported().journal
    size = len(log.bodies)
    packed_log = Packed(log)
    file, anchor = tmp_path / "out.zip", tmp_path / "note"
    file.write_bytes(packed_log.zipped())
    note = note_at(log, size)
    anchor.write_text(note, encoding="utf-8")
    assert verify.main([str(file), "--processes", "1", "--anchor", str(anchor)]) == 0
    capsys.readouterr()
    other = "A" if note[-10] != "A" else "B"
    anchor.write_text(note[:-10] + other + note[-9:], encoding="utf-8")
    assert verify.main([str(file), "--processes", "1", "--anchor", str(anchor), "--json"]) == verify.INCOMPLETE
    assert [each["what"] for each in json.loads(capsys.readouterr().out)["findings"]] == ["bad_anchor"]
