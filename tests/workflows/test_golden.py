"""Old events load for ever: each kind and shape ever released has its bytes on file, and they mean what they meant."""

import json
from hashlib import sha256

import pytest

from tests.support.golden import FOLDER, SUMS, file_of, meaning, released, subject_of
from workflows.events import ERASED, KINDS, LIFTS
from workflows.ledger.canonical import canonical_body, read

RELEASES = ((71, "c75f9cdd0f25ed2b48b6e826944020c06cf5da618b26c0d661600ef8a7ce7b17"),)
"""For each release how many lines the manifest had, and their SHA-256: lines are added below, none is ever changed."""
FILES = sorted(FOLDER.glob("*.json"))
LISTED = [line.split("  ") for line in SUMS.read_text(encoding="ascii").splitlines()]


def test_every_kind_and_shape_has_its_file():
    """A missing one is written by `python -m tests.support.golden`, before the kind or shape is first released."""
    assert [file_of(kind, shape) for kind, shape in released()] == FILES


def test_no_golden_file_was_changed_or_taken_away():
    kept = {file.name: sha256(file.read_bytes()).hexdigest() for file in FILES}
    assert {name: digest for digest, name in LISTED} == kept
    assert len(LISTED) == len(kept)


@pytest.mark.parametrize("release", RELEASES)
def test_what_was_released_stands_in_the_manifest_as_it_stood(release):
    lines, digest = release
    assert sha256(b"".join(SUMS.read_bytes().splitlines(keepends=True)[:lines])).hexdigest() == digest


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_stored_event_means_what_it_meant(file):
    golden = json.loads(file.read_text(encoding="utf-8"))
    body = read(golden["body"].encode())
    assert f"{body['kind']}.{body['shape']}" == f"{golden['kind']}.{golden['shape']}" == file.stem
    assert body["subject"] == subject_of(golden["kind"])
    assert canonical_body(body).decode() == golden["body"]
    means = meaning(golden["body"], golden["words"])
    for state in ("loaded", "erased"):
        kept = {name: means[state]["data"][name] for name in golden[state]["data"]}
        assert {**means[state], "data": kept} == golden[state], "a later shape may only add"


def test_the_shapes_of_a_kind_are_a_ladder_to_todays():
    assert set(LIFTS) == {(kind, shape) for kind, fact in KINDS.items() for shape in range(1, fact.shape)}


@pytest.mark.parametrize("kind", sorted(kind for (kind, _), lift in LIFTS.items() if lift.__name__ == "_words_stood_open"))
def test_words_that_stood_open_are_read_like_those_that_are_bound(kind):
    old, new = (json.loads(file_of(kind, shape).read_text(encoding="utf-8")) for shape in (1, 2))
    assert old["words"] == {}
    assert old["loaded"] == old["erased"], "what stands in the log itself cannot go"
    bound = {name for name in KINDS[kind].erasable if new["loaded"]["data"][name]}
    assert bound == {name for name, value in read(new["body"].encode())["data"].items() if value != new["loaded"]["data"][name]}
    assert {name for name, value in new["erased"]["data"].items() if value == ERASED} == bound != set()
