"""The auditor's program meets noise: cut and altered files, strange values at any place; it never crashes."""

import io
import json
import random
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ledger.test_verify import told, verdict_of
from tests.ledger.test_verify_bytes import clean, whole
from tests.support.auditor import verify
from tests.support.forging import forged, rezipped
from tests.support.sealed_log import Packed
from workflows.errors import LedgerRefused


def test_no_truncation_and_no_changed_byte_makes_it_crash(tmp_path: Path):
    data, dice = clean(), random.Random(7)
    for _ in range(60):
        cut = data[: dice.randrange(len(data))]
        assert verdict_of(tmp_path, cut).code == 2
    for _ in range(60):
        noisy = bytearray(data)
        for _ in range(dice.randrange(1, 6)):
            noisy[dice.randrange(len(noisy))] = dice.randrange(256)
        assert verdict_of(tmp_path, bytes(noisy)).code in (0, 1, 2)


@given(data=st.binary(max_size=300))
@settings(max_examples=40, deadline=None)
def test_random_bytes_are_no_bundle(data, tmp_path_factory):
    assert verdict_of(tmp_path_factory.mktemp("noise"), data).code == 2


@pytest.mark.parametrize("member", ["manifest.json", "events.jsonl", "contents.jsonl", "payloads.jsonl", "state.jsonl", "vkeys", "note"])
def test_json_of_any_other_form_is_a_finding(member, tmp_path):
    data, dice = clean(), random.Random(member)
    with ZipFile(io.BytesIO(data)) as opened:
        name = next(each for each in opened.namelist() if each == member or (member == "note" and each.startswith("notes/")))
        original = opened.read(name)
    strange = ["null", "[]", "{}", '"x"', "0", '{"a":{"a":[1,null,{}]}}', "\x00", "{" * 2000, '{"kind":[],"stream":{}}', '{"at":5,"prev":1,"stream":2,"subject":3,"version":true}']
    for _ in range(25):
        lines = original.split(b"\n")
        pick = dice.randrange(len(lines))
        line = lines[pick].decode()
        mangled = [dice.choice(strange), line.replace('"', "", 1), line.replace("1", "null"), line.replace('"', "[", 2), line.replace(":", ":[", 1), line[: len(line) // 2]]
        lines[pick] = dice.choice(mangled).encode()
        changed = rezipped(data, {name: b"\n".join(lines)}, manifest=member != "manifest.json")
        verdict = verdict_of(tmp_path, changed)
        assert verdict.code in ((0, 1, 2) if b"\n".join(lines) == original else (1, 2))
        json.loads(verify.as_json(verdict))
        assert verify.as_text(verdict)


STRANGE = (None, True, -1, 0, 2**60, "", "x", "\ud800", [], [None], [[1]], {}, {"committed": 5}, {"a": {"b": []}}, "1e9999999", "NaN", "9" * 400)


def places_in(value, path=()):
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield from places_in(item, (*path, key))


def put_at(value, path, new):
    if not path:
        return new
    copied = dict(value) if isinstance(value, dict) else list(value)
    copied[path[0]] = put_at(copied[path[0]], path[1:], new)
    return copied


@given(pick=st.integers(0, 10_000), where_to=st.integers(0, 10_000), strange=st.sampled_from(STRANGE))
@settings(max_examples=120, deadline=None)
def test_any_value_of_any_form_at_any_place_is_a_finding_and_no_crash(pick, where_to, strange, tmp_path_factory):
    """The forger makes every hash anew, so that the rules themselves meet the strange value."""
    log = whole().journal
    target = pick % len(log.bodies)
    numbers = iter(range(len(log.bodies)))

    def forge(body):
        if next(numbers) != target:
            return body
        paths = list(places_in(body["data"]))
        return {**body, "data": put_at(body["data"], paths[where_to % len(paths)], strange)}

    try:
        other = forged(log, forge)
    except LedgerRefused:
        return
    verdict = verdict_of(tmp_path_factory.mktemp("strange"), Packed(other).zipped())
    assert {each.what for each in verdict.findings} & {"unreadable"} == set()
    assert verdict.code in (0, 1)


@pytest.mark.parametrize("member", ["state.jsonl", "payloads.jsonl", "contents.jsonl"])
def test_any_value_beside_the_events_is_a_finding_and_no_crash(member, tmp_path):
    data, dice = clean(), random.Random(member)
    with ZipFile(io.BytesIO(data)) as opened:
        lines = opened.read(member).split(b"\n")[:-1]
    for _ in range(40):
        pick, strange = dice.randrange(len(lines)), dice.choice([each for each in STRANGE if each != "\ud800"])
        said = json.loads(lines[pick])
        paths = list(places_in(said))
        changed = json.dumps(put_at(said, dice.choice(paths), strange), ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
        if changed == lines[pick]:
            continue
        verdict = verdict_of(tmp_path, rezipped(data, {member: b"\n".join([*lines[:pick], changed, *lines[pick + 1 :]]) + b"\n"}, manifest=True))
        assert verdict.code == 1, (changed, told(verdict))


def test_a_member_twice_encrypted_or_swollen_is_refused_before_it_is_read(tmp_path):
    data = clean()
    with ZipFile(io.BytesIO(data)) as opened:
        members = {name: opened.read(name) for name in opened.namelist()}
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as zipped:
        for name, body in members.items():
            zipped.writestr(name, body)
        with pytest.warns(UserWarning, match="Duplicate name"):
            zipped.writestr("events.jsonl", b"")
    swollen = rezipped(data, {"contents.jsonl": b" " * 5_000_000}, manifest=True)
    encrypted = bytearray(data)
    encrypted[encrypted.rindex(b"PK\x01\x02") + 8] |= 1
    for bundle, name in ((out.getvalue(), "events.jsonl"), (swollen, "contents.jsonl"), (bytes(encrypted), "manifest.json")):
        verdict = verdict_of(tmp_path, bundle)
        assert verdict.code == 1
        assert {each.what for each in verdict.findings} <= {"member", "malformed", "damaged"}
        assert name in {each.seen for each in verdict.findings}
