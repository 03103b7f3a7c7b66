"""The year in figures, each beside its recount: what the desk says and what the exported events say must agree."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from service.demo.city import shipped_city
from service.year.expected import Expectation, expected_from
from service.year.recount import Recount, recount
from service.year.sheets import sheets_agreeing, sheets_kept
from service.year.units_counted import lists_of_units, units_counted
from service.year.units_told import UnitsTold, told_from
from workflows.campaigns import Purpose
from workflows.campaigns.coverage import Standing
from workflows.ledger.canonical import canonical
from workflows.store.counting import desk_counts, states_of_tables, tables_by_grade, tables_by_stage
from workflows.store.exporting import sealed_events
from workflows.store.rebuilding import caches_as_text, rebuild
from workflows.store.settling import undelivered
from workflows.store.transaction import begin
from workflows.vocabulary import Grade, Stage

TITLES: Mapping[str, str] = {
    "stages": "各阶段绩效目标表", "grades": "自评等级", "corrections": "更正处数", "returns": "退回", "red": "红色预警",
    "replies": "批复文件", "events": "事件", "notices": "通知", "reminders": "催办提醒", "overdue": "逾期标记",
    "inbox": "站内信", "mails": "邮件", "mail_files": "邮件文件", "snapshots": "状态快照",
    "sheets": "每日登记表", "undelivered": "未送达",
    "campaigns": "任务布置", "campaign_acts": "任务办理", "unit_reminders": "未报单位提醒", "refused": "截止后被拒",
    "refiled": "退回后于截止后重报", "units": "各部门报送",
}  # fmt: skip
"""What is counted, in the order of the summary."""


WORDS = {word.value: word.chinese for word in (*Stage, *Grade, *Purpose, *Standing)} | {
    "campaign.extended": "延期", "campaign.closed": "提前结束", "campaign.urged": "催办", "campaign.declared": "零申报",
}  # fmt: skip


@dataclass(frozen=True)
class Summary:
    """The figures of a year: counted where they arose, and recounted from the exported events."""

    counted: Mapping[str, Any]
    recounted: Mapping[str, Any]
    faults: tuple[str, ...]

    @property
    def differences(self) -> tuple[str, ...]:
        """Return a sentence for every figure that differs, and every broken chain or state."""
        unequal = (
            f"{TITLES[name]}：台账与桌面为{shown(self.counted[name])}，由导出事件重算为{shown(self.recounted[name])}"
            for name in TITLES
            if self.counted[name] != self.recounted[name]
        )
        return (*unequal, *self.faults)


def shown(figure: object) -> str:
    """Return a figure in words: a number, counts by stage, grade, purpose or act, units by campaign and department."""
    if not isinstance(figure, Mapping):
        return str(figure)
    if any(isinstance(inner, Mapping) for inner in figure.values()):
        return "；".join(f"{_named(name)}：{shown(_counted(inner))}" for name, inner in figure.items())
    return "、".join(f"{_named(name)} {count}" for name, count in sorted(figure.items())) or "无"


def _counted(figure: Mapping[str, Any]) -> Mapping[str, Any]:
    return {name: inner for name, inner in figure.items() if inner}


def _named(name: str) -> str:
    organs = {organ.id: organ.name for organ in shipped_city().organs}
    return WORDS.get(name) or organs.get(name) or name


def export_to(engine: Engine, file: Path) -> None:
    """Write the log as JSON lines, in the sealed order; what people wrote stands beside the body that binds it."""
    with begin(engine) as tx, file.open("wb") as out:
        for index, body, words in sealed_events(tx):
            out.write(b'{"log_index":%d,"body":%s,"words":%s}\n' % (index, body, canonical(words)))


def summarise(engine: Engine, export: Path, mail_folder: Path, done: Mapping[str, int]) -> Summary:
    """Count the year on the desk, recount it from the export, and compare the rebuilt tables with the live ones.

    `done` holds what the run itself counted while acting: corrections, returns, red, replies, and those of campaigns.
    """
    lines = export.read_bytes().decode().removesuffix("\n").split("\n")
    with begin(engine) as tx:
        now, live, agreeing = tx.now(), states_of_tables(tx), sheets_agreeing(tx, lines)
        lists = lists_of_units(tx)
        counted = {
            **desk_counts(tx), **done, "units": units_counted(tx),
            "stages": dict(tables_by_stage(tx)), "grades": dict(tables_by_grade(tx)),
            "undelivered": undelivered(tx), "sheets": sheets_kept(tx),
            "mail_files": sum(1 for _ in mail_folder.glob("*.eml")),
        }  # fmt: skip
    found, said, told = recount(lines), expected_from(lines, now), told_from(lines, lists, now)
    faults = (*found.faults, *told.asked.faults, *_unequal_states(live, said.rebuilt()), *_unequal_caches(engine))
    return Summary(counted, _recounted(found, said, told) | _units_recounted(told) | {"sheets": agreeing}, faults)


def _recounted(found: Recount, said: Expectation, units: UnitsTold) -> dict[str, Any]:
    notices, reminders = len(said.notices) + len(units.notices), len(said.reminders) + len(units.reminders)
    told = notices + reminders
    return {
        "stages": found.tables_by_stage(), "grades": found.tables_by_grade(), "corrections": found.corrections,
        "returns": found.kinds["table.returned"], "red": found.red, "replies": found.kinds["reply.issued"],
        "events": found.events, "notices": notices, "reminders": reminders,
        "overdue": found.kinds["task.overdue"] + found.kinds["document.overdue"],
        "inbox": told, "mails": told, "mail_files": told, "snapshots": len(said.tables), "undelivered": 0,
    }  # fmt: skip


def _units_recounted(units: UnitsTold) -> dict[str, Any]:
    asked = units.asked
    return {
        "campaigns": dict(Counter(each.purpose for each in asked.campaigns.values())),
        "campaign_acts": dict(asked.acts),
        "unit_reminders": len(units.reminders), "refused": asked.missed, "refiled": asked.refiled,
        "units": asked.by_department(),
    }  # fmt: skip


def _unequal_states(live: Mapping[str, str], rebuilt: Mapping[str, str]) -> Sequence[str]:
    return [
        f"绩效目标表 {table} 由事件重放的结果与桌面上的状态不同"
        for table in sorted(live.keys() | rebuilt.keys())
        if live.get(table) != rebuilt.get(table)
    ]


def _unequal_caches(engine: Engine) -> Sequence[str]:
    """Drop every cache, rebuild it from the log inside the database, and name those that came out otherwise."""
    with begin(engine) as tx:
        before = caches_as_text(tx)
        rebuild(tx)
        after = caches_as_text(tx)
    return [f"缓存 {name} 由台账重建后与原来不同" for name in before if before[name] != after[name]]
