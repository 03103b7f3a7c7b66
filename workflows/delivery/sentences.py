"""The sentences of what happened to notices: words proposed and published, a notice sent again."""

from collections.abc import Callable, Mapping
from typing import Any

MOBILE = {"set": "登记", "changed": "更换", "removed": "删除"}
"""What a person did with his mobile number -> its word."""
SENTENCES: Mapping[str, Callable[[Any], str]] = {
    "template.proposed": lambda f: f"提出通知“{f.name}”的新用语（{f.content_hash[:12]}），等待另一名流程管理员发布",
    "template.published": lambda f: f"发布通知“{f.name}”的用语（{f.content_hash[:12]}）",
    "account.mobile_changed": lambda f: f"{MOBILE.get(f.change, '改动')}接收短信的手机号（号码不入台账）",
    "notice.resent": lambda f: f"重发一条通知（{f.channel}），理由：{f.reason}",
}
"""Kind -> the words of its sentence; part of workflows.words.sentences.SENTENCES."""
