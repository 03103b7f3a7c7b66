"""The law's periods: the defaults keep them, and a shorter one is refused with the rule that it breaks."""

import pytest

from workflows.retention import Retention, RetentionTooShort, read_retention


def test_the_defaults_are_the_least_that_the_law_allows() -> None:
    assert read_retention({}) == Retention(years=10, days=180)
    assert read_retention({"GOALTRAIL_RETENTION_YEARS": "30", "GOALTRAIL_SECURITY_LOG_DAYS": " 365 "}) == Retention(30, 365)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("GOALTRAIL_RETENTION_YEARS", "9", "会计档案管理办法"), ("GOALTRAIL_SECURITY_LOG_DAYS", "179", "网络安全法"),
        ("GOALTRAIL_SECURITY_LOG_DAYS", "-1", "整数"), ("GOALTRAIL_RETENTION_YEARS", "1e3", "整数"),
        ("GOALTRAIL_RETENTION_YEARS", "１２", "整数"),
    ],
)
def test_a_shorter_period_is_refused_by_name(name: str, value: str, said: str) -> None:
    with pytest.raises(RetentionTooShort, match=said):
        read_retention({name: value})
