"""The letter of the morning: what gathered for a person since the last one, and how much waits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from workflows.delivery.wording import LINK

KEY = "morning.letter"
MOST_LISTED = 100


@dataclass(frozen=True)
class Gathered:
    """One notice that waited for the morning."""

    subject: str
    text: str


def morning_letter(day: date, gathered: Sequence[Gathered], *, waiting: int, overdue: int) -> Mapping[str, str]:
    """Return the letter, rendered once: the counts of the desk, then each notice in the order in which it came."""
    late = f"，其中逾期 {overdue} 项" if overdue else ""
    lines = [f"您有 {waiting} 项待办{late}。以下是上次汇总以来的 {len(gathered)} 条通知：", ""]
    for number, each in enumerate(gathered[:MOST_LISTED], start=1):
        lines.append(f"{number}. {_line(each)}")
    if len(gathered) > MOST_LISTED:
        lines.append(f"……其余 {len(gathered) - MOST_LISTED} 条请登录查看。")
    return {"subject": f"每日汇总（{day.isoformat()}）：待办 {waiting} 项{late}", "text": "\n".join(lines)}


def _line(each: Gathered) -> str:
    """Return a notice in one line; of its title only the sort, for every text says what it speaks of."""
    return f"【{each.subject.partition('：')[0]}】{each.text.replace(LINK, '').strip()}"
