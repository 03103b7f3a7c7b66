"""The daily digest: the newest note by mail to people outside the machine room, so that each keeps an anchor."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from workflows.anchors.alarm import Alarm
from workflows.anchors.reading import AnchoredNote, witnessed
from workflows.vocabulary import Role
from workflows.workdays import BEIJING

KIND = "ledger.digest"
RECEIVERS = (Role.AUDIT_ADMIN, Role.OBSERVER, Role.FINANCE_LEADER)
"""Who gets it, in whatever organ they hold the post (ledger.md 5: auditors and management)."""
FROM_HOUR = 8
"""From this hour of Beijing's clock on."""
MODES = {"production": "正式环境", "demo": "演示环境", "simulation": "模拟环境"}
BEGIN, END = "-----检查点开始-----", "-----检查点结束-----"


@dataclass(frozen=True)
class Day:
    """What a digest tells: the day in Beijing, counts of events, the newest note outside, its keys, and the alarm."""

    day: date
    mode: str
    events_before: int
    events_today: int
    sealed: int
    newest: AnchoredNote | None = None
    keys: list[str] = field(default_factory=list)
    alarm: Alarm | None = None
    unreadable: str | None = None


def digest_subject(told: Day) -> str:
    """Return the mail's subject: an alarm first, then the size and the root's first digits."""
    alarmed = "【警报】" if told.alarm or told.unreadable else ""
    said = told.newest.checkpoint if told.newest else None
    size = f"{said.size:,} 条，根 {said.root.hex()[:16]}" if said else "尚无检查点"
    return f"{alarmed}台账每日摘要 {told.day.isoformat()}：{size}"


def digest_text(told: Day) -> str:
    """Return the mail's text, with the whole note between two marks."""
    uncovered = told.sealed - (told.newest.checkpoint.size if told.newest else 0)
    return "\n".join([
        f"绩效目标审批台账每日摘要，{told.day.isoformat()}（北京时间）",
        "",
        *_of_the_note(told),
        f"前一日新增事件：{told.events_before:,} 条；当日至此：{told.events_today:,} 条",
        f"已封存：{told.sealed:,} 条，其中 {max(uncovered, 0):,} 条尚未被检查点覆盖",
        f"警报：{_alarm_in_words(told)}",
        "",
        "请保存这封邮件：它是台账之外的一份凭据，日后有人删改此前的记录，用它可以查出来。",
        "核对方法：把两条标记线之间的文字（含空行）存为一个文件，然后运行",
        "  python3 -I verify.py 导出文件.zip --anchor 该文件",
        "",
        BEGIN,
        f"{told.newest.note.text() if told.newest else ''}{END}",
    ])  # fmt: skip


def note_in(text: str) -> str:
    """Return the note out of a digest's text, as a receiver cuts it out."""
    return text.replace("\r\n", "\n").partition(f"{BEGIN}\n")[2].partition(END)[0]


def beijing_midnight(day: date) -> datetime:
    """Return when a day begins in Beijing."""
    return datetime(day.year, day.month, day.day, tzinfo=BEIJING)


def _of_the_note(told: Day) -> list[str]:
    if told.newest is None:
        return [f"检查点：无（{MODES.get(told.mode, told.mode)}）"]
    said = told.newest.checkpoint
    seen = witnessed(told.newest.note, told.keys)
    times = [f"  {name}：{_beijing(at)}（北京时间）" for name, at in sorted(seen.items())]
    return [
        f"台账：{said.origin}（{MODES.get(told.mode, told.mode)}）",
        f"最新检查点：前 {said.size:,} 条",
        f"根：{said.root.hex()}",
        "见证人签署：" if times else "见证人签署：无",
        *times,
    ]


def _alarm_in_words(told: Day) -> str:
    if told.unreadable:
        return told.unreadable
    return f"{told.alarm.sentence}（自 {told.alarm.at}）" if told.alarm else "无"


def _beijing(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S")
