"""A bundle of an old log holds few of its many notes, and still checks; a note left out can be linked by its holder."""

import io
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from tests.store.acting import make_table
from tests.support.anchoring import anchor, seal
from tests.support.auditor import verify
from tests.support.bundles import Opened
from tests.support.cluster import Database
from workflows.ledger.bundle import EVERYTHING, of_table
from workflows.store.exporting import notes_up_to, write_bundle
from workflows.store.migrating import upgrade
from workflows.store.one_view import one_view
from workflows.store.transaction import begin

AGES = {2: "400 days", 4: "399 days 23 hours 59 minutes", 6: "200 days", 8: "1 day", 10: "0 days"}
"""Of the first two, of one day of Beijing's, the second is enough."""
KEEP = """
INSERT INTO log.checkpoint (size, root, note, created_at)
VALUES (:size, :root, :note, date_trunc('day', now(), 'Asia/Shanghai') + interval '12 hours' - CAST(:age AS interval))"""


@pytest.fixture
def anchors(tmp_path: Path) -> Path:
    return tmp_path / "anchors"


@pytest.fixture
def notes(database: Database, app: Engine, sealer: Engine, anchors: Path) -> dict[int, Path]:
    upgrade(database.owner_url, "simulation")
    found = {}
    for size, age in AGES.items():
        table = make_table(app)
        assert seal(sealer) == size
        file = found[size] = anchor(sealer, anchors, kept=False)
        note = verify.note_from(file.read_bytes())
        with sealer.begin() as connection:
            connection.execute(text(KEEP), {"size": size, "root": note.root, "note": file.read_text(), "age": age})
    found[0] = Path(str(table.id))
    return found


def exported(app: Engine, anchors: Path | None, scope=EVERYTHING, linked=()) -> Opened:
    out = io.BytesIO()
    with one_view(app) as tx:
        write_bundle(tx, out, scope, anchors=anchors, linked=linked)
    return Opened(out.getvalue())


@pytest.mark.parametrize("outside", [True, False])
def test_what_is_not_needed_stays_out_whether_files_or_rows(app, anchors, notes, outside):
    bundle = exported(app, anchors if outside else None)
    bundle.hold()
    assert list(bundle.notes()) == [4, 6, 8, 10]
    with begin(app) as tx:
        assert list(notes_up_to(tx, 10, anchors if outside else None)) == [2, 4, 6, 8, 10]


def test_a_file_whose_age_the_database_does_not_know_stays(app, sealer, anchors, notes):
    make_table(app)
    seal(sealer)
    anchor(sealer, anchors, kept=False)
    assert list(exported(app, anchors).notes()) == [4, 6, 8, 10, 12]


def checked(bundle: Opened, path: Path, anchors: Path, note: Path) -> list[str]:
    path.write_bytes(bundle.data)
    keys = [verify.key_from(line) for line in (anchors / "vkeys").read_text().split()]
    verdict = verify.verify(str(path), [(note.name, verify.note_from(note.read_bytes()))], keys, processes=1)
    return [finding.what for finding in verdict.findings if finding.check in ("notes", "anchors", "tree", "places")]


def test_a_note_left_out_still_counts_for_the_whole_log_and_for_a_part_if_it_was_named(app, anchors, notes, tmp_path):
    part, path = of_table(notes[0].name), tmp_path / "b.zip"
    assert checked(exported(app, anchors), path, anchors, notes[2]) == []
    assert checked(exported(app, anchors, part), path, anchors, notes[2]) == ["unlinked"]
    assert checked(exported(app, anchors, part, [2]), path, anchors, notes[2]) == []
