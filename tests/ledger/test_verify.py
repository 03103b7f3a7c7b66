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
from tests.support.forging import by_other, packed, saying, where, without
from tests.support.life import Life
from tests.support.many_events import whole_life, write_many
from tests.support.sealed_log import Packed, SealedLog, appointed, life, note_at
from tests.workflows.test_any_person_any_verb import STARTS, VERBS, likely
from workflows.commands import administering, attaching, drafting, ending, erasing, replying
from workflows.commands.recipe import Seen
from workflows.errors import GoaltrailError
from workflows.ledger import verify
from workflows.ledger.bundle import Scope
from workflows.ledger.canonical import canonical
from workflows.vocabulary import Action, Post, Role, Stage

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


# -- forged histories: every hash, root and signature made anew ---------------------------------------------------------


def every_hat(role: str, organ: str) -> dict:
    return {"id": "every_hat", "name": "every_hat同志", "role": role, "organ": organ}


FINANCE, PERFORMANCE = {"node": "finance_business", "outcome": "pass"}, {"node": "finance_performance", "outcome": "pass"}
FORGERIES = {
    "the clerk decides himself": lambda log: (
        where(log, "task.decided", 1), lambda i: by_other(log, i, id="clerk", name="clerk同志"), [("posts", "post"), ("segregation", "S1")]),
    "the clerk decides under his own post": lambda log: (
        where(log, "task.decided", 1), lambda i: by_other(log, i, id="clerk", role="clerk"), [("posts", "person"), ("segregation", "S1")]),
    "the system decides": lambda log: (
        where(log, "task.decided", 1), lambda i: by_other(log, i, id="system", role="system", organ="system"), [("posts", "person")]),
    "somebody without the post decides": lambda log: (
        where(log, "task.decided", 1), lambda i: by_other(log, i, id="officer", name="officer同志"), [("posts", "post")]),
    "one person in both finance sections": lambda log: (
        where(log, "task.decided", **PERFORMANCE),
        lambda i: both(by_other(log, i, **every_hat("finance_performance", "bureau")),
                       by_other(log, where(log, "task.decided", **FINANCE), **every_hat("finance_business", "bureau"))),
        [("segregation", "S4")]),
    "one person on two levels": lambda log: (
        where(log, "task.decided", node="department_finance"),
        lambda i: both(by_other(log, i, **every_hat("department_finance", "dept-1")),
                       by_other(log, where(log, "task.decided", 1), **every_hat("unit_head", "unit-1"))),
        [("segregation", "S2")]),
    "a decision on other content": lambda log: (
        where(log, "task.decided", 1), lambda i: saying(log, i, content_hash=first_content(log)), [("steps", "value")]),
    "a level is left out": lambda log: (
        where(log, "task.decided", node="department_finance"), lambda i: without(log, i), [("steps", "step")]),
    "the performance section is left out": lambda log: (
        where(log, "task.decided", **PERFORMANCE), lambda i: without(log, i), [("steps", "step")]),
    "another task": lambda log: (
        where(log, "node.entered", node="unit_head"), lambda i: saying(log, i, task=str(uuid4())), [("steps", "value")]),
    "the table goes to another organ": lambda log: (
        where(log, "node.entered", node="unit_head"), lambda i: saying(log, i, organ="unit-2"), [("steps", "value")]),
    "another level": lambda log: (
        where(log, "task.decided", 1), lambda i: saying(log, i, level="department"), [("steps", "value")]),
    "other windows": lambda log: (
        where(log, "table.replied"), lambda i: saying(log, i, windows=[{**window_of(log), "date": "2026-12-31"}]), [("steps", "value")]),
    "no windows": lambda log: (where(log, "table.replied"), lambda i: saying(log, i, windows=[]), [("steps", "value")]),
    "the self-evaluation opens earlier": lambda log: (
        where(log, "table.replied"), lambda i: saying(log, i, self_evaluation_opens="2026-02-01"), [("steps", "value")]),
    "more points": lambda log: (where(log, "selfeval.filed"), lambda i: saying(log, i, total="99.99"), [("steps", "value")]),
    "a better grade": lambda log: (where(log, "selfeval.filed"), lambda i: saying(log, i, grade="poor"), [("steps", "value")]),
    "a better execution rate": lambda log: (where(log, "monitoring.filed"), lambda i: saying(log, i, execution_rate="99"), [("steps", "value")]),
    "another title": lambda log: (where(log, "table.submitted"), lambda i: saying(log, i, title="另一个名称"), [("contents", "content")]),
    "fewer changes": lambda log: (where(log, "table.submitted"), lambda i: saying(log, i, changed=0), [("contents", "content")]),
    "an unpublished definition": lambda log: (
        where(log, "definition.published"), lambda i: without(log, i), [("steps", "value")]),
    "an officer without a post gives posts": lambda log: (
        where(log, "grant.given", 3), lambda i: by_other(log, i, id="admin", role="system_admin"), [("posts", "post")]),
    "an officer gives himself posts": lambda log: (
        where(log, "grant.given", 3), lambda i: saying(log, i, person="security"), [("steps", "value")]),
}  # fmt: skip


def ended(action: Action, by, second):
    return lambda: confirmed(asked(life().in_finance_approval(), action, by), second)


TERMINATED = ended(Action.TERMINATE, roster.FINANCE_BUSINESS, roster.FINANCE_LEADER)
REFUSED = ended(Action.REFUSE, roster.FINANCE_BUSINESS, roster.FINANCE_LEADER)
OTHER_LIVES = {
    "one person ends a table": (TERMINATED, "confirmation.given", lambda log, i: by_other(log, i, id="business", role="finance_business"), [("segregation", "S10")]),
    "nobody was asked": (TERMINATED, "confirmation.given", lambda log, i: without(log, where(log, "confirmation.requested")), [("steps", "step")]),
    "the writer confirms": (REFUSED, "confirmation.given", lambda log, i: by_other(log, i, id="clerk", role="finance_leader"), [("posts", "post"), ("segregation", "S1")]),
    "the clerk of another unit voids": (
        lambda: confirmed(asked(life().imported(), Action.VOID, roster.CLERK), roster.UNIT_HEAD), "confirmation.requested",
        lambda log, i: by_other(log, i, id="other_clerk", organ="unit-2"), [("posts", "person")]),
    "a request for something else": (TERMINATED, "confirmation.requested", lambda log, i: saying(log, i, action="close"), [("steps", "step")]),
    "one person has words erased": (erased, "payload.erased", lambda log, i: saying(log, i, asked_by="secrecy"), [("segregation", "S10")]),
    "nobody asked to erase": (erased, "payload.erased", lambda log, i: without(log, where(log, "erasure.requested")), [("segregation", "S10")]),
    "the writer has words erased": (
        erased, "payload.erased", lambda log, i: both(by_other(log, i, id="clerk", role="clerk"), saying(log, i, confirmed_by="clerk")),
        [("posts", "person")]),
    "more is erased than asked": (erased, "payload.erased", lambda log, i: saying(log, i, targets=[*targets_of(log, i), "0" * 64]), [("segregation", "S10")]),
    "marked overdue before it is": (
        overdue, "task.overdue", lambda log, i: saying(log, i, due_at="2026-01-01T10:00:00+00:00"), [("steps", "value")]),
    "a clerk marks overdue": (overdue, "task.overdue", lambda log, i: by_other(log, i, id="clerk", role="clerk", organ="unit-1"), [("posts", "person")]),
    "somebody else withdraws": (withdrawn, "table.withdrawn", lambda log, i: by_other(log, i, **every_hat("clerk", "unit-1")), [("posts", "person")]),
    "a submitter withdraws what was decided": (
        withdrawn, "table.withdrawn", lambda log, i: saying(log, i, round=2), [("steps", "value")]),
    "evidence by a stranger": (with_attachment, "attachment.added", lambda log, i: by_other(log, i, **every_hat("clerk", "unit-1")), [("posts", "person")]),
    "a file under another name": (with_attachment, "attachment.added", lambda log, i: saying(log, i, size=5), [("payloads", "payload")]),
    "a hold without an officer": (held, "hold.placed", lambda log, i: by_other(log, i, **every_hat("finance_leader", "bureau")), [("posts", "person"), ("posts", "post")]),
    "a hold twice": (held, "hold.placed", lambda log, i: without(log, where(log, "hold.lifted")), [("steps", "step")]),
    "a return to a later stage": (SHAPES["returned to the unit"], "table.returned", lambda log, i: saying(log, i, to="monitoring"), [("steps", "step")]),
    "a return that keeps the votes": (
        SHAPES["returned to the unit"], "table.returned", lambda log, i: saying(log, i, to="department_review"), [("steps", "value")]),
    "a window before its day": (SHAPES["window open"], "monitoring.opened", lambda log, i: saying(log, i, date="2026-01-31"), [("steps", "value")]),
    "the clerk opens the window": (SHAPES["window open"], "monitoring.opened", lambda log, i: by_other(log, i, id="clerk", role="clerk", organ="unit-1"), [("posts", "person")]),
    "a window that is not of the plan": (SHAPES["window open"], "monitoring.opened", lambda log, i: saying(log, i, window="w9"), [("steps", "step")]),
}  # fmt: skip


def targets_of(log: SealedLog, index: int) -> list:
    return json.loads(log.bodies[index])["data"]["targets"]


@pytest.mark.parametrize("forgery", OTHER_LIVES)
def test_a_forged_side_way_is_found_though_every_hash_was_made_anew(forgery, tmp_path):
    shape, kind, forger, found = OTHER_LIVES[forgery]
    log = shape().journal
    index = where(log, kind)
    verdict = verdict_of(tmp_path, packed(log, forger(log, index)).zipped())
    assert verdict.code == 1
    assert [(each.check, each.what) for each in verdict.findings][: len(found)] == found, told(verdict)


def both(one, two):
    return lambda body: two(one(body))


def first_content(log: SealedLog) -> str:
    return json.loads(log.bodies[where(log, "table.imported")])["content_hash"]


def window_of(log: SealedLog) -> dict:
    return json.loads(log.bodies[where(log, "table.replied")])["data"]["windows"][0]


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_history_is_found_though_every_hash_was_made_anew(forgery, tmp_path):
    log = whole_life().journal
    index, forger, found = FORGERIES[forgery](log)
    verdict = verdict_of(tmp_path, packed(log, forger(index)).zipped())
    assert verdict.code == 1
    first = verdict.findings[0]
    here = [(each.check, each.what) for each in verdict.findings if each.place.event == first.place.event]
    assert here[: len(found)] == found, told(verdict)
    if "left out" not in forgery and "unpublished" not in forgery:
        assert first.place.event == index


@pytest.mark.parametrize("hide", ["one change", "its old value"])
def test_a_list_of_changes_that_hides_one_is_found(hide, tmp_path):
    log = life().in_unit_review().journal
    index = where(log, "table.submitted")
    changes = log.values[json.loads(log.bodies[index])["data"]["changes"]]["changes"]
    fewer = changes[1:] if hide == "one change" else [{**changes[0], "old": "别的内容"}, *changes[1:]]
    forger = saying(log, index, changes=log.put_content({"changes": fewer}), changed=len(fewer))
    verdict = verdict_of(tmp_path, packed(log, forger).zipped())
    assert told(verdict)[0] == ("contents", "content", index, "data.changes")


def test_a_post_that_was_taken_away_is_not_held_any_more(tmp_path):
    table = life().in_unit_review()
    log = table.journal
    post = Post(Role.UNIT_HEAD, roster.UNIT)
    administering.revoke_grant(log, person="unit_head", post=post, reason="岗位调整", by=roster.SECURITY_ADMIN, command_id=uuid4())
    log.at += timedelta(hours=1)
    table.approved(roster.UNIT_HEAD)
    verdict = verdict_of(tmp_path, Packed(log).zipped())
    assert told(verdict) == [("posts", "post", where(log, "task.decided"), "actor")]


def test_a_hold_forbids_an_erasure(tmp_path):
    table = erased()
    log = table.journal
    other = log.bodies[where(log, "payload.erased")]
    hold = json.loads(other) | {
        "kind": "hold.placed", "data": {"reason": ""}, "command_id": str(uuid4()), "step": 0,
        "actor": {"id": "audit", "name": "audit同志", "role": "audit_admin", "organ": "bureau", "on_behalf_of": None},
    }  # fmt: skip
    log.bodies.insert(where(log, "payload.erased"), canonical(hold))
    verdict = verdict_of(tmp_path, packed(log, lambda body: body).zipped())
    assert ("payloads", "erasure", where(log, "payload.erased"), "") in told(verdict)


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
    table = life()
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
