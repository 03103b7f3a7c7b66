"""`year`: runs every table of the documents through its fiscal year and prints the year's figures, each recounted."""

import argparse
import json
import signal
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from service.demo.city import shipped_city
from service.demo.planting import plant_people
from service.year.asked import Asked
from service.year.dice import Dice
from service.year.documents import Planned, documents_in, sample_documents
from service.year.house import House, running_house, simulation_folder
from service.year.progress import Tell, progress
from service.year.refusals import NotDelivered
from service.year.run import Year
from service.year.summary import TITLES, Summary, export_to, shown, summarise
from service.year.world import World
from workflows.campaigns import Purpose
from workflows.store.transaction import make_engine

PATIENCE = 30.0
PATIENCE_WITHOUT_WORKERS = 2.0
AN_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Outcome:
    """A year that was walked to its end, and how long that took (seconds)."""

    summary: Summary
    tables: int
    moments: int
    seconds: float


def main(arguments: list[str]) -> int:
    """Walk the year; exit code 1 if work was left undelivered or a figure differs from its recount."""
    options = _options(arguments)
    signal.signal(signal.SIGTERM, _stop_in_order)
    began, city = time.monotonic(), shipped_city()
    documents = documents_in(Path(options.documents), city) if options.documents else sample_documents(city)
    begins = Asked(min(document.year for document in documents), Purpose.GOAL_FILING).announced - AN_HOUR
    with simulation_folder(options.data_dir) as place, progress(silent=options.json) as tell:
        try:
            with running_house(place, begins=begins, workers=not options.without_workers) as house:
                outcome = _walk(house, documents, options, tell, began)
        except NotDelivered as left:
            return _undelivered(left, as_json=options.json)
    return _report(outcome, options)


def _walk(
    house: House, documents: tuple[Planned, ...], options: argparse.Namespace, tell: Tell, began: float
) -> Outcome:
    engine = make_engine(house.database_url, connections=2, name="goaltrail-year")
    patience = PATIENCE_WITHOUT_WORKERS if options.without_workers else PATIENCE
    world = World(engine, patience, house.supervisor.look_after)
    try:
        plant_people(engine, shipped_city(), may_sign_in=False)
        year = Year(world, shipped_city(), documents, Dice(options.seed), tell)
        year.run()
        world.wait_for_snapshots()
        house.dismiss_workers()
        export = house.directory.root / "events.jsonl"
        export_to(engine, export)
        summary = summarise(engine, export, house.mail_folder, year.counted())
    finally:
        engine.dispose()
    return Outcome(summary, len(year.tables), year.moments, time.monotonic() - began)


def _stop_in_order(_signal: int, _frame: object) -> None:
    """Leave by the way that stops every part."""
    raise SystemExit(1)


def _undelivered(left: NotDelivered, *, as_json: bool) -> int:
    if as_json:
        print(json.dumps({"ok": False, "sentence": left.sentence, **left.facts}, ensure_ascii=False))
    else:
        print(left.sentence, file=sys.stderr)
    return 1


def _report(outcome: Outcome, options: argparse.Namespace) -> int:
    differences = outcome.summary.differences
    if options.json:
        print(json.dumps(_as_json(outcome, options.seed), ensure_ascii=False, indent=1))
    else:
        _print_table(outcome)
        for difference in differences:
            print(f"不一致：{difference}", file=sys.stderr)
    return 1 if differences else 0


def _as_json(outcome: Outcome, seed: int) -> dict[str, Any]:
    summary = outcome.summary
    return {
        "ok": not summary.differences, "seed": seed, "tables": outcome.tables, "moments": outcome.moments,
        "seconds": round(outcome.seconds, 2),
        "counted": {name: summary.counted[name] for name in TITLES},
        "recounted": {name: summary.recounted[name] for name in TITLES},
        "differences": list(summary.differences),
    }  # fmt: skip


def _print_table(outcome: Outcome) -> None:
    summary = outcome.summary
    print(f"年度模拟完成：{outcome.tables} 张绩效目标表，{outcome.moments} 个时刻，用时 {outcome.seconds:.1f} 秒。")
    for name, title in TITLES.items():
        agrees = summary.counted[name] == summary.recounted[name]
        mark = "一致" if agrees else f"不一致，重算为 {shown(summary.recounted[name])}"
        if name == "units":
            _print_units(title, summary.counted[name], mark)
        else:
            print(f"  {title}：{shown(summary.counted[name])}（由导出事件重算：{mark}）")
    print("  由事件从零重放：" + ("各表状态与台账一致" if not summary.faults else "与台账不一致"))


def _print_units(title: str, campaigns: Mapping[str, Any], mark: str) -> None:
    """Print one line for each campaign: its departments, each with its units by how they stand."""
    print(f"  {title}单位数（由导出事件重算：{mark}）")
    for campaign, departments in campaigns.items():
        print(f"    {campaign}——{shown(departments)}")


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 -m service year", description="用虚拟时钟走完一个预算年度。")
    parser.add_argument("--json", action="store_true", help="结果输出为一个 JSON 对象")
    parser.add_argument("--data-dir", help="模拟所用的新数据目录，结束后保留（默认用临时目录，结束后删除）")
    parser.add_argument("--documents", metavar="FOLDER", help="绩效目标文件所在目录（默认用自带的五份样本）")
    parser.add_argument("--seed", type=int, default=1, help="随机种子，相同的种子得到相同的过程（默认 1）")
    parser.add_argument("--without-workers", action="store_true", help="不启动后台进程（用于检验未送达时的报告）")
    return parser.parse_args(arguments)
