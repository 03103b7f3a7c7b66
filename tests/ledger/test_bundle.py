"""A bundle as a file: the same members give the same bytes, the manifest comes last, a cut one has none."""

import io
import json
from hashlib import sha256
from uuid import UUID
from zipfile import ZipFile

import pytest

from workflows.ledger.bundle import EVERYTHING, MANIFEST, SHIPPED, Bundle, of_event, of_table, of_year

TABLE = UUID(int=7)


def written(out: io.BytesIO | None = None) -> bytes:
    out = out or io.BytesIO()
    with Bundle(out) as bundle:
        assert bundle.put_lines("events.jsonl", (b"%d" % number for number in range(250))) == 250
        assert bundle.put_lines("state.jsonl", ()) == 0
        bundle.put("notes/1", b"note")
        bundle.seal({"size": 250})
    return out.getvalue()


class Pipe(io.BytesIO):
    """An output that can neither be asked for its place nor be rewound."""

    def tell(self) -> int:
        raise OSError

    def seek(self, *_: int) -> int:
        raise OSError


def test_the_same_members_give_the_same_bytes():
    assert written() == written()


def test_the_manifest_is_last_and_names_the_bytes_of_every_other_member():
    with ZipFile(io.BytesIO(written())) as opened:
        names = opened.namelist()
        members = {name: opened.read(name) for name in names}
        assert {info.date_time for info in opened.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert names == ["events.jsonl", "state.jsonl", "notes/1", *SHIPPED, MANIFEST]
    manifest = json.loads(members.pop(MANIFEST))
    assert manifest["files"] == {name: sha256(data).hexdigest() for name, data in members.items()}
    assert (manifest["format"], manifest["size"]) == (1, 250)
    assert members["events.jsonl"] == b"".join(b"%d\n" % number for number in range(250))
    assert members["state.jsonl"] == b""
    assert {name: members[name] for name in SHIPPED} == {name: source() for name, source in SHIPPED.items()}


def test_it_can_be_written_to_a_pipe():
    with ZipFile(io.BytesIO(written(Pipe()))) as opened:
        assert opened.testzip() is None
        assert opened.read("events.jsonl").count(b"\n") == 250


def test_what_was_cut_off_has_no_manifest():
    out = io.BytesIO()

    def broken():
        yield b"1"
        raise ConnectionError

    with pytest.raises(ConnectionError), Bundle(out) as bundle:
        bundle.put_lines("events.jsonl", broken())
    with ZipFile(out) as opened:
        assert MANIFEST not in opened.namelist()


def test_scopes_as_the_manifest_and_as_events_name_them():
    scopes = (EVERYTHING, of_table(TABLE), of_year(2021), of_event(TABLE, 3))
    assert [scope.as_json() for scope in scopes] == [
        {"kind": "all"}, {"kind": "table", "table": str(TABLE)}, {"kind": "year", "year": 2021},
        {"kind": "event", "stream": str(TABLE), "version": 3},
    ]  # fmt: skip
    assert [scope.words for scope in scopes] == ["all", f"table:{TABLE}", "year:2021", f"event:{TABLE}:3"]
