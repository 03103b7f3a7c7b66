"""What a hostile audit found the auditor's program to overlook: scopes that lie, posts long lost, ghosts that ask."""

import json
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import pytest

from tests.ledger.test_verify import SHAPES, told, verdict_of
from tests.support import roster
from tests.support.auditor import verify
from tests.support.forging import forged, rezipped, where
from tests.support.many_events import whole_life
from tests.support.sealed_log import LOG_KEY, ORIGIN, Packed, SealedLog, life, note_at
from workflows.commands import administering
from workflows.definitions import shipped
from workflows.ledger.bundle import Scope
from workflows.ledger.keys import KeyKind, SigningKey


def mended(log: SealedLog, forge, **shown) -> bytes:
    """The forged log as a bundle whose shown states have the forged heads, too."""
    packed = Packed(forged(log, forge))
    heads = {json.loads(body)["stream"]: sha256(b"\x00" + body).hexdigest() for body in packed.log.bodies}
    packed.states = [{**state, **shown, "head": heads[str(state["id"])]} for state in packed.states]
    return packed.zipped()


def changing(kind: str, *, actor=None, **data):
    """Let every event of a kind have other data, or another actor."""

    def forge(body: dict) -> dict:
        if body["kind"] != kind:
            return body
        return {**body, "data": {**body["data"], **data}, "actor": {**body["actor"], **(actor or {})}}

    return forge


@pytest.mark.parametrize(
    ("held", "said"),
    [
        ("table", {"kind": "table", "table": str(uuid4())}), ("table", {"kind": "year", "year": 1999}),
        ("event", {"kind": "event", "stream": str(uuid4()), "version": 7}),
    ],
)  # fmt: skip
def test_a_part_holds_what_it_says_that_it_is_about(held, said, tmp_path: Path):
    done = whole_life()
    part = Scope("table", table=done.table.id) if held == "table" else Scope("event", stream=done.table.id, version=7)
    packed = Packed(done.journal, scope=part)
    assert verdict_of(tmp_path, packed.zipped()).code == 0
    packed.said = {"scope": said}
    assert told(verdict_of(tmp_path, packed.zipped())) == [("members", "manifest", None, "scope")]


def test_a_year_that_hides_a_table_of_a_document_is_found(tmp_path: Path):
    done = life().imported()
    packed = Packed(done.journal, scope=Scope("table", table=done.table.id))
    number = next(i for i, body in enumerate(packed.bodies) if json.loads(body)["kind"] == "document.filed")
    packed.bodies, packed.indexes, packed.states, packed.said = (
        packed.bodies[: number + 1], packed.indexes[: number + 1], [], {"scope": {"kind": "year", "year": 2026}},
    )  # fmt: skip
    found = told(verdict_of(tmp_path, packed.zipped()))
    assert ("steps", "value", packed.indexes[number], "data.tables") in found


def test_nobody_acts_under_a_post_lost_long_ago_whatever_moment_he_writes(tmp_path: Path):
    done = life().in_unit_review()
    log, early = done.journal, done.journal.at
    log.at += timedelta(days=30)
    administering.revoke_grant(
        log, person=roster.UNIT_HEAD.id, post=roster.UNIT_HEAD.posts[0], reason="调离本岗位", by=roster.SECURITY_ADMIN,
        command_id=uuid4(),
    )  # fmt: skip
    log.at += timedelta(days=60)
    life(log).imported()
    done.approved(roster.UNIT_HEAD)
    act = json.loads(log.bodies[-1])["command_id"]
    moment = early.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    data = mended(log, lambda body: {**body, "at": moment} if body["command_id"] == act else body)
    index = where(log, "task.decided")
    assert told(verdict_of(tmp_path, data))[0] == ("posts", "post", index, "actor")


def test_a_ghost_asks_for_no_erasure_and_agrees_to_none(tmp_path: Path):
    log = SHAPES["erased"]().journal
    ghost = {"id": "ghost", "name": "鬼", "role": "clerk", "organ": "nowhere"}
    for kind in ("erasure.requested", "erasure.confirmed"):
        ask = changing(kind, actor=ghost)
        carry = changing("payload.erased", asked_by="ghost") if kind == "erasure.requested" else lambda body: body
        found = told(verdict_of(tmp_path, mended(log, lambda body, ask=ask, carry=carry: carry(ask(body)))))
        index = where(log, kind)
        assert found == [("posts", "person", index, "actor.role"), ("posts", "post", index, "actor")]


@pytest.mark.parametrize(
    ("data", "found"),
    [
        ({"department": "dept-2"}, ("steps", "value", "data.department")), ({"bureau": "other"}, ("steps", "value", "data.department")),
        ({"owner": "nobody"}, ("posts", "post", "data.owner")), ({"definition": "simple"}, ("contents", "content", "data.definition")),
    ],
)  # fmt: skip
def test_a_table_is_born_where_its_document_was_filed(data, found, tmp_path: Path):
    log = life().imported().journal
    verdict = verdict_of(tmp_path, mended(log, changing("table.imported", **data), **data))
    check, what, field = found
    assert (check, what, where(log, "table.imported"), field) in told(verdict)


def test_a_definition_in_which_clerks_review_is_unsound():
    weaker = json.loads(json.dumps(shipped()))
    assert len(verify.definition_from(weaker).nodes) == len(weaker["nodes"])
    next(node for node in weaker["nodes"] if node["node"] == "unit_head")["role"] = "clerk"
    with pytest.raises(ValueError, match="unit_head"):
        verify.definition_from(weaker)


@pytest.mark.parametrize(("mode", "code", "warned"), [("production", 1, False), ("demo", 0, True)])
def test_it_says_loudly_that_no_time_was_held_against_a_witness(mode, code, warned, tmp_path: Path):
    log = whole_life().journal
    later = (note_at(log, 40, seen=1_900_000_000), note_at(log, len(log.bodies), seen=1_900_000_100))
    verdict = verdict_of(tmp_path, Packed(log, mode=mode, notes=later).zipped())
    said = [english for _, english in verdict.report.remarks if english.startswith("no moment was held against")]
    assert (verdict.code, bool(said)) == (code, warned)


def test_a_witness_whose_clock_was_ahead_and_was_put_right_raises_no_alarm(tmp_path: Path):
    log = life().in_unit_review().journal
    size, true = len(log.bodies), int(log.at.timestamp()) + 5
    early, late = note_at(log, size - 4, seen=true + 86_400), note_at(log, size, seen=true)
    verdict = verdict_of(tmp_path, Packed(log, mode="production", notes=(early, late)).zipped())
    assert (verdict.code, verdict.findings) == (0, [])


def test_a_moment_far_behind_the_sealed_order_is_told(tmp_path: Path):
    log = life().imported().journal
    log.at += timedelta(days=3)
    life(log).imported()
    index, early = len(log.bodies) - 1, "2026-01-06T00:00:00.000000Z"
    clean = verdict_of(tmp_path, Packed(log).zipped())
    assert not any("sealed ahead" in english for _, english in clean.report.remarks)
    last = log.bodies[index]
    forger = lambda body: {**body, "at": early} if json.dumps(body["command_id"]).encode() in last else body  # noqa: E731
    said = [english for _, english in verdict_of(tmp_path, mended(log, forger)).report.remarks if "sealed ahead" in english]
    assert said
    assert said[0].endswith(f"(first: {index}): a clock set back, or back-dated")


def test_notes_by_two_keys_of_the_log_are_told(tmp_path: Path):
    log, other = life().imported().journal, SigningKey(ORIGIN, sha256(b"other").digest(), KeyKind.LOG)
    size, said = len(log.bodies), []
    for second in (LOG_KEY, other):
        packed = Packed(log, notes=(note_at(log, size - 1), note_at(log, size, key=second)))
        keys = f"{LOG_KEY.vkey}\n{other.vkey}\n".encode()
        verdict = verdict_of(tmp_path, rezipped(packed.zipped(), {"vkeys": keys}, manifest=True))
        said.append((verdict.code, any("different keys of the log" in english for _, english in verdict.report.remarks)))
    assert said == [(0, False), (0, True)]


def test_a_table_that_is_not_in_the_bundle_is_said_to_be_missing(tmp_path: Path):
    (tmp_path / "bundle.zip").write_bytes(Packed(life().imported().journal).zipped())
    assert "not in this bundle" in verify.history_of(str(tmp_path / "bundle.zip"), str(uuid4()))
