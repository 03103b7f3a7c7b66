"""`export-log` as an operator runs it: what it says, what it records, what it refuses, and that it leaves no halves."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine

from tests.support.anchoring import anchor, seal
from tests.support.bundles import Opened
from tests.support.cluster import Database
from tests.workers.desk import BEGINS, Bureau
from workflows.commands.tracing import INSTALLATION
from workflows.store.journal import PostgresJournal
from workflows.store.migrating import upgrade
from workflows.store.transaction import begin, make_engine
from workflows.vocabulary import Role

PROJECT = Path(__file__).parents[2]
RUN = (sys.executable, "-c", "import sys; from service.cli import run; sys.exit(run(sys.argv[1:]))", "export-log")


@dataclass(frozen=True)
class Office:
    """A sealed log with a table in unit review, a folder to export to, and the command line at hand."""

    database: Database
    app: Engine
    sealer: Engine
    bureau: Bureau
    folder: Path
    anchors: Path
    environment: dict[str, str]

    def exports(self, *arguments: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [*RUN, *arguments], cwd=self.folder, env=self.environment, capture_output=True, text=True, check=False,
            timeout=120,
        )  # fmt: skip

    def opened(self, name: str) -> Opened:
        return Opened((self.folder / name).read_bytes())

    def left_and_recorded(self) -> tuple[list, list]:
        return list(self.folder.iterdir()), told(self.app)


@pytest.fixture
def office(database: Database, tmp_path: Path):
    upgrade(database.owner_url, "simulation", begins=BEGINS)
    app, sealer = (make_engine(url, connections=2) for url in (database.app_url, database.sealer_url))
    bureau, folder, anchors = Bureau(app).settle_in(), tmp_path / "out", tmp_path / "anchors"
    folder.mkdir()
    bureau.table("in_unit_review")
    seal(sealer)
    outside = {"GOALTRAIL_DATABASE_URL": database.app_url, "GOALTRAIL_ANCHOR_DIR": str(anchors)}
    environment = {**os.environ, **outside, "PYTHONPATH": str(PROJECT)}
    yield Office(database, app, sealer, bureau, folder, anchors, environment)
    app.dispose()
    sealer.dispose()


def told(app: Engine) -> list:
    with begin(app) as tx:
        return [each for each in PostgresJournal(tx).history(INSTALLATION) if each.kind == "audit.exported"]


def test_an_export_is_written_recorded_and_told(office):
    table, note = office.bureau.tables[0], anchor(office.sealer, office.anchors)
    done = office.exports("全部.zip")
    assert (done.returncode, done.stderr) == (0, "")
    bundle = office.opened("全部.zip")
    bundle.hold()
    size, root = bundle.manifest["size"], bundle.manifest["root"]
    megabytes = (office.folder / "全部.zip").stat().st_size / 1_000_000
    assert done.stdout == (
        f"已导出 全部.zip（{megabytes:.1f} MB）：{size} 条记录，台账共 {size} 条。\n树根 {root}\n"
        f"包内最新的检查点覆盖前 {size} 条记录。\n"
        "核对方法：从包中取出 verify.py，运行 python3 -I verify.py 全部.zip --anchor 您另行保存的检查点\n"
    )
    assert bundle.notes() == {size: note.read_bytes()}
    assert office.exports("表.zip", "--table", str(table)).returncode == 0
    assert office.exports("年.zip", "--year", "2026").returncode == 0
    facts = [(each.fact.scope, each.fact.size, each.fact.root) for each in told(office.app)]
    assert facts == [(scope, size, root) for scope in ("all", f"table:{table}", "year:2026")]
    assert {(each.subject, each.actor_id, each.role) for each in told(office.app)} == {("log", "system", Role.SYSTEM)}
    counts = [office.opened(name).manifest["counts"]["events"] for name in ("全部.zip", "表.zip", "年.zip")]
    assert [each.fact.events for each in told(office.app)] == counts
    assert (office.folder / "全部.zip").stat().st_mode & 0o777 == 0o600


def test_an_existing_file_stays_without_force(office):
    (office.folder / "out.zip").write_bytes(b"mine")
    done = office.exports("out.zip")
    assert (done.returncode, done.stderr) == (1, "out.zip 已存在，未作任何改动。要覆盖它请加 --force。\n")
    assert (office.folder / "out.zip").read_bytes() == b"mine"
    assert told(office.app) == []
    assert office.exports("out.zip", "--force").returncode == 0
    office.opened("out.zip").hold()


def test_without_any_note_it_says_so(office):
    done = office.exports("out.zip")
    assert done.returncode == 0
    assert "注意：没有找到外部检查点，包内的记录还没有任何签名可以对照。" in done.stdout.splitlines()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--table", str(uuid4())), "台账中没有这张绩效目标表。\n"),
        (("--year", "2031"), "台账中没有2031年度的绩效目标表。\n"),
    ],
)
def test_a_refused_scope_leaves_and_records_nothing(office, arguments, sentence):
    done = office.exports("out.zip", *arguments)
    assert (done.returncode, done.stdout, done.stderr) == (1, "", sentence)
    assert office.left_and_recorded() == ([], [])


def test_a_folder_that_is_not_there_is_named(office):
    done = office.exports("nowhere/out.zip")
    sentence = "没能写出 nowhere/out.zip（No such file or directory），没有留下文件。\n"
    assert (done.returncode, done.stderr) == (1, sentence)
    assert told(office.app) == []


def test_a_damaged_anchor_directory_is_named(office):
    kept = anchor(office.sealer, office.anchors)
    kept.unlink()
    kept.mkdir()
    done = office.exports("out.zip")
    assert (done.returncode, done.stderr) == (1, f"没能写出 out.zip（Is a directory：{kept}），没有留下文件。\n")
    assert office.left_and_recorded() == ([], [])


@pytest.mark.parametrize("kind", [signal.SIGTERM, signal.SIGINT])
def test_an_interrupted_export_leaves_nothing(office, kind):
    superuser = make_engine(office.database.superuser_url, connections=1)
    with superuser.connect() as blocking:
        blocking.exec_driver_sql("LOCK TABLE log.content IN ACCESS EXCLUSIVE MODE")
        command = [*RUN, "out.zip"]
        process = subprocess.Popen(command, cwd=office.folder, env=office.environment, stderr=subprocess.PIPE, start_new_session=True)
        until = time.monotonic() + 60
        while not any(file.stat().st_size for file in office.folder.iterdir()) and time.monotonic() < until:
            time.sleep(0.05)
        assert [file.suffix for file in office.folder.iterdir()] == [".part"]
        process.send_signal(kind)
        process.communicate(timeout=60)
    superuser.dispose()
    assert process.returncode != 0
    assert office.left_and_recorded() == ([], [])
