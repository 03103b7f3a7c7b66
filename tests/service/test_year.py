"""A simulated year: its stories and agenda, the recount, and whole years with real workers over a real broker."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import pytest

from service.demo.city import shipped_city
from service.demo.planting import plant_documents, plant_people
from service.year.cast import Cast, cast_of
from service.year.dice import Dice
from service.year.documents import documents_in, sample_documents
from service.year.expected import expected_from
from service.year.habits import acts_at, filed_on, morning
from service.year.recount import recount
from service.year.refusals import NoDocuments
from service.year.summary import TITLES, Summary, export_to, summarise
from workflows.errors import DocumentUnreadable
from workflows.folds.replay import Desk, Table, Window
from workflows.ledger.canonical import canonical
from workflows.ledger.hashes import leaf
from workflows.store.migrating import upgrade
from workflows.store.sealing import seal_batch
from workflows.store.transaction import begin, make_engine
from workflows.vocabulary import Stage

PROJECT = Path(__file__).parents[2]
CITY = shipped_city()


def test_dice_fall_the_same_way_for_the_same_seed_and_words():
    assert [Dice(1).number("row", word) for word in "ab"] == [Dice(1).number("row", word) for word in "ab"]
    assert Dice(1).number("row", "a") != Dice(2).number("row", "a")
    throws = [Dice(7).below(25, number) for number in range(4000)]
    assert 800 < sum(throws) < 1200


@pytest.mark.parametrize("seed", range(30))
@pytest.mark.parametrize("count", [1, 2, 15])
def test_every_year_has_each_story_at_least_once(seed, count):
    tables = [UUID(int=number) for number in range(count)]
    cast = cast_of(Dice(seed), tables)
    assert cast.returned
    assert cast.returned | {cast.troubled, cast.late} <= set(tables)
    assert len({cast.troubled, cast.late}) == min(count, 2)


def desk_of(node: str, entered: datetime, due: str | None = None) -> Desk:
    return Desk(node, Stage.MONITORING, 1, "task", "clerk", "unit", None, "filing", entered.isoformat(), due, False)


NOBODY = Cast(frozenset(), UUID(int=8), UUID(int=9))


def test_documents_are_filed_in_the_autumn_before_their_year():
    assert filed_on(2023) == datetime(2022, 9, 22, 2, 0, tzinfo=UTC)


def test_people_act_some_working_days_later_at_ten_in_beijing():
    entered = datetime(2022, 9, 30, 1, 0, tzinfo=UTC)
    assert acts_at(Table(UUID(int=1)), desk_of("unit_head", entered), NOBODY) == morning(date(2022, 10, 8))


def test_the_late_table_files_its_first_window_only_after_the_whole_ladder():
    table = Table(UUID(int=9), windows=(Window("w1", "一季度", "2022-03-31", None, "", "open"),))
    desk = desk_of("monitoring_filing:w1", datetime(2022, 3, 31, 1, 0, tzinfo=UTC), "2022-04-14T10:00:00+00:00")
    assert acts_at(table, desk, NOBODY) == morning(date(2022, 4, 18))


def test_at_the_years_last_day_people_do_not_wait_for_tomorrow():
    table = Table(UUID(int=1), stage=Stage.MONITORING, self_evaluation_opens="2023-01-01")
    entered = datetime(2022, 12, 31, 1, 0, 7, tzinfo=UTC)
    at = acts_at(table, desk_of("monitoring_filing:w4", entered), NOBODY)
    assert at == datetime(2022, 12, 31, 2, 0, tzinfo=UTC)


def test_a_folder_of_documents_is_given_to_units_in_turn(tmp_path):
    for document in sample_documents(CITY)[:2]:
        (tmp_path / document.filing.name).write_bytes(document.filing.data)
    found = documents_in(tmp_path, CITY)
    assert [len(document.homes) for document in found] == [3, 7]
    assert [document.homes[0].unit for document in found] == [unit.id for unit in CITY.units()[:2]]
    assert {document.year for document in found} == {2022}


def test_a_folder_without_documents_and_an_unreadable_file_are_named(tmp_path):
    with pytest.raises(NoDocuments):
        documents_in(tmp_path, CITY)
    (tmp_path / "会议通知.txt").write_text("关于召开会议的通知\n请准时参加。\n", encoding="utf-8")
    with pytest.raises(DocumentUnreadable, match=r"会议通知\.txt"):
        documents_in(tmp_path, CITY)


def exported(*facts: tuple[str, dict]) -> list[str]:
    prev, lines = "00" * 32, []
    for number, (kind, data) in enumerate(facts):
        body = {
            "format": 1, "stream": str(UUID(int=5)), "subject": "table", "version": number + 1, "prev": prev,
            "kind": kind, "shape": 1, "at": f"2026-01-05T01:00:0{number}.000000Z", "command_id": str(UUID(int=6)),
            "step": number, "content_hash": None, "data": data,
            "actor": {"id": "a", "name": "甲", "role": "clerk", "organ": "u", "on_behalf_of": None},
        }  # fmt: skip
        prev = leaf(canonical(body)).hex()
        lines.append(json.dumps({"log_index": number, "body": body}, ensure_ascii=False))
    return lines


STORY = (
    ("node.entered", {"stage": "draft"}),
    ("table.submitted", {"changed": 2}),
    ("node.entered", {"stage": "unit_review"}),
    ("monitoring.filed", {"colour": "red"}),
    ("selfeval.filed", {"grade": "good"}),
    ("table.closed", {}),
)


def test_the_recount_reads_stages_grades_and_corrections_from_the_lines_alone():
    counted = recount(exported(*STORY))
    assert (counted.tables_by_stage(), counted.tables_by_grade()) == ({"closed": 1}, {"good": 1})
    assert (counted.events, counted.corrections, counted.red, counted.faults) == (6, 2, 1, [])
    assert counted.kinds["node.entered"] == 2


def test_the_recount_names_a_missing_and_a_changed_event():
    lines = exported(*STORY)
    missing = recount([*lines[:2], *lines[3:]])
    assert missing.faults[0] == "第2行的序号是3"
    assert [fault for fault in missing.faults if "没有接在前一个之后" in fault] != []
    forged = recount([lines[0], lines[1].replace('"changed": 2', '"changed": 3'), *lines[2:]])
    assert forged.faults == [f"{UUID(int=5)} 的第3个事件没有接在前一个之后"]


def test_a_summary_names_every_figure_that_differs():
    even = dict.fromkeys(TITLES, 1) | {"stages": {"closed": 15}, "grades": {}}
    assert Summary(even, dict(even), ()).differences == ()
    odd = Summary(even, even | {"mails": 2, "stages": {"closed": 14, "draft": 1}}, ("断链",))
    assert odd.differences == (
        "各阶段绩效目标表：台账与桌面为已办结 15，由导出事件重算为已办结 14、编制 1",
        "邮件：台账与桌面为1，由导出事件重算为2",
        "断链",
    )


def test_nothing_is_expected_from_an_empty_export():
    said = expected_from([], datetime(2026, 1, 1, tzinfo=UTC))
    assert (said.notices, said.reminders, said.rebuilt()) == (set(), set(), {})


@pytest.fixture
def planted(database):
    """A simulation in which everything was filed and sealed, and nothing delivered."""
    upgrade(database.owner_url, "simulation")
    engine, sealer = make_engine(database.app_url), make_engine(database.sealer_url)
    plant_people(engine, CITY, may_sign_in=False)
    plant_documents(engine, CITY, lambda _: None)
    with begin(sealer) as tx:
        seal_batch(tx)
    yield engine
    engine.dispose()
    sealer.dispose()


NOTHING_DONE = {
    "corrections": 0, "returns": 0, "red": 0, "replies": 0, "refused": 0, "refiled": 0, "campaigns": {},
    "campaign_acts": {},
}  # fmt: skip


def test_the_summary_names_what_nobody_delivered(planted, tmp_path):
    export_to(planted, tmp_path / "events.jsonl")
    summary = summarise(planted, tmp_path / "events.jsonl", tmp_path, NOTHING_DONE)
    assert summary.counted["stages"] == summary.recounted["stages"] == {"draft": 15}
    assert summary.differences == (
        "站内信：台账与桌面为0，由导出事件重算为15",
        "邮件：台账与桌面为0，由导出事件重算为15",
        "邮件文件：台账与桌面为0，由导出事件重算为15",
        "状态快照：台账与桌面为0，由导出事件重算为15",
        "未送达：台账与桌面为30，由导出事件重算为0",
    )


def test_the_summary_names_a_table_whose_cache_was_changed_by_hand(planted, tmp_path):
    export_to(planted, tmp_path / "events.jsonl")
    with begin(planted) as tx:
        table = tx.scalar("SELECT min(CAST(table_id AS text)) FROM desk.table_standing")
        tx.run(
            "UPDATE desk.table_standing SET stage = 'closed', state = jsonb_set(state, '{stage}', '\"closed\"') "
            "WHERE CAST(table_id AS text) = :table",
            table=table,
        )
    found = summarise(planted, tmp_path / "events.jsonl", tmp_path, NOTHING_DONE).differences
    assert "各阶段绩效目标表：台账与桌面为已办结 1、编制 14，由导出事件重算为编制 15" in found
    assert found[-2:] == (
        f"绩效目标表 {table} 由事件重放的结果与桌面上的状态不同",
        "缓存 table_standing 由台账重建后与原来不同",
    )


def walked(*arguments: str, seconds: float) -> tuple[int, str, str]:
    done = subprocess.run(
        [sys.executable, "-c", "import sys; from service.cli import run; sys.exit(run(sys.argv[1:]))", "year", *arguments],
        check=False, capture_output=True, text=True, timeout=seconds, cwd=PROJECT, env={**os.environ, "NO_COLOR": "1"},
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def one_document(tmp_path) -> Path:
    document = next(document for document in sample_documents(CITY) if document.filing.name.startswith("ningxia-county"))
    folder = tmp_path / "documents"
    folder.mkdir()
    (folder / document.filing.name).write_bytes(document.filing.data)
    return folder


@pytest.fixture
def short_temporary(monkeypatch):
    folder = Path(tempfile.mkdtemp(prefix="gt-"))
    monkeypatch.setenv("TMPDIR", str(folder))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def test_a_small_year_with_real_workers_adds_up_and_leaves_nothing(one_document, short_temporary):
    code, out, err = walked("--json", "--documents", str(one_document), "--seed", "3", seconds=150)
    assert (code, err, json.loads(out).get("differences")) == (0, "", []), out
    year = json.loads(out)
    assert (year["ok"], year["differences"], year["counted"]) == (True, [], year["recounted"])
    counted = year["counted"]  # reminders: units at each rung; the late desk's ladder; of both replies passing on and disclosure
    assert (year["tables"], counted["stages"], sum(counted["grades"].values())) == (3, {"closed": 3}, 3)
    assert (counted["red"], counted["overdue"], counted["undelivered"]) == (1, 1, 0)
    assert (counted["reminders"], counted["unit_reminders"]) == (98, 76)
    assert counted["campaigns"] == {"goal_filing": 1, "monitoring": 1, "self_evaluation": 1}
    assert counted["campaign_acts"] == {
        "campaign.urged": 1, "campaign.declared": 2, "campaign.extended": 2, "campaign.closed": 3,
    }  # fmt: skip
    assert (counted["refused"], counted["refiled"]) == (3, 1)
    assert counted["units"]["2023年1—7月绩效运行监控"] == {"qj-jw": {"filed": 0, "late": 1, "missing": 0, "nothing": 0}}
    assert counted["returns"] >= 1
    assert counted["corrections"] >= 35
    assert counted["mails"] == counted["mail_files"] == counted["notices"] + counted["reminders"]
    assert list(short_temporary.iterdir()) == []


def test_without_workers_a_year_ends_by_naming_what_was_not_delivered(one_document, short_temporary):
    code, out, err = walked("--without-workers", "--documents", str(one_document), seconds=60)
    assert (code, out) == (1, "")
    assert re.fullmatch(r"后台任务没有在2秒内完成，未送达：站内通知 \d+ 项、邮件 \d+ 项、未编号的事件 \d+ 项。\n", err)
    assert list(short_temporary.iterdir()) == []


def test_a_simulation_is_never_made_in_a_data_directory_that_is_used(tmp_path):
    (tmp_path / "goaltrail.json").write_text('{"format": 1, "mode": "demo", "created": "2026-01-01T00:00:00+00:00"}')
    code, out, err = walked("--data-dir", str(tmp_path), seconds=60)
    assert (code, out, err) == (1, "", f"{tmp_path} 已是一个数据目录，年度模拟需要一个新的目录。\n")


@pytest.mark.long
def test_the_year_of_all_samples_adds_up_within_a_minute(short_temporary):
    began = time.monotonic()
    code, out, err = walked("--json", seconds=280)
    took = time.monotonic() - began
    year = json.loads(out)
    assert (code, err, year["differences"]) == (0, "", [])
    assert year["counted"]["stages"] == {"closed": 15}
    assert year["counted"]["replies"] < 15
    assert year["counted"]["campaigns"] == {"goal_filing": 3, "monitoring": 3, "self_evaluation": 3}
    assert year["counted"]["refused"] >= 2
    assert took < 60


@pytest.mark.long
def test_the_same_seed_gives_the_same_year_and_stays_where_it_was_told(one_document, short_temporary):
    years = []
    for number in (1, 2):
        place = short_temporary / f"y{number}"
        code, out, _ = walked("--json", "--documents", str(one_document), "--data-dir", str(place), seconds=150)
        assert code == 0
        lines = (place / "events.jsonl").read_text(encoding="utf-8").rstrip("\n").split("\n")
        bodies = [json.loads(line)["body"] for line in lines]
        assert len(bodies) == json.loads(out)["counted"]["events"]
        years.append(sorted((body["stream"], body["version"], body["kind"], body["step"]) for body in bodies))
    assert years[0] == years[1]
