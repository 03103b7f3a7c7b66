"""How long what is kept must be kept: the years of the record and the days of the security log, never below the law's.

Sources: 《会计档案管理办法》 (财政部、国家档案局令第79号, 第十四条): accounting files are kept for 10 years, for
30 years or for ever; the record of a budget's goals is kept like the files that it explains: at least 10 years.
《中华人民共和国网络安全法》 (text of 2016, 第二十一条第三项): network logs are kept for not less than six months,
here 180 days.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from workflows.errors import GoaltrailError

LEAST_YEARS, LEAST_DAYS = 10, 180
YEARS, DAYS = "GOALTRAIL_RETENTION_YEARS", "GOALTRAIL_SECURITY_LOG_DAYS"


class RetentionTooShort(GoaltrailError):
    """保存期限低于法规要求，已拒绝启动。"""


@dataclass(frozen=True)
class Retention:
    """How long the record stays (years; its events stay for ever) and the logs of operation (days)."""

    years: int = LEAST_YEARS
    days: int = LEAST_DAYS

    @property
    def security_log(self) -> timedelta:
        """Return after how long sessions, messages and delivery logs may be cleaned."""
        return timedelta(days=self.days)


def read_retention(environment: Mapping[str, str]) -> Retention:
    """Return the periods of an environment; RetentionTooShort names the rule that a shorter one breaks."""
    years, days = _number(environment, YEARS, LEAST_YEARS), _number(environment, DAYS, LEAST_DAYS)
    if years < LEAST_YEARS:
        raise RetentionTooShort(
            f"{YEARS}={years} 低于最低的 {LEAST_YEARS} 年：《会计档案管理办法》（财政部、国家档案局令第79号）"
            "第十四条规定的定期保管期限最短为10年。"
        )
    if days < LEAST_DAYS:
        raise RetentionTooShort(
            f"{DAYS}={days} 低于最低的 {LEAST_DAYS} 天：《网络安全法》（第二十一条第三项）要求"
            "网络日志留存不少于六个月。"
        )
    return Retention(years, days)


def _number(environment: Mapping[str, str], name: str, default: int) -> int:
    typed = environment.get(name, "").strip()
    if typed and not (typed.isascii() and typed.isdigit()):
        raise RetentionTooShort(f"{name} 须填写整数，现为“{typed}”。")
    return int(typed) if typed else default
