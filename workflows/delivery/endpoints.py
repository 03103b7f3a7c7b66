"""The channels that the operator set up for the bureau: robots of group chats, signed webhooks, an SMS gateway."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from workflows.errors import GoaltrailError

INBOX, MAIL, SMS = "inbox", "mail", "sms"
ROBOTS = {"wecom": "企业微信", "dingtalk": "钉钉", "feishu": "飞书"}
TITLES = {INBOX: "站内消息", MAIL: "邮件", "webhook": "外部系统", "console": "控制台", SMS: "短信", **ROBOTS}
KINDS = (*ROBOTS, "webhook", SMS, "console")
SIGNED = ("webhook", SMS)
NAME = re.compile(r"[a-z0-9-]{1,30}")
TOKEN = re.compile(r"[A-Za-z0-9-]{1,100}")
SECRET = re.compile(r"whsec_[A-Za-z0-9+/=]{24,200}")


class ChannelsUnfit(GoaltrailError):
    """渠道设置文件有误。"""


@dataclass(frozen=True)
class Endpoint:
    """One channel: its name in rows (`wecom`, `webhook:oa`), its word, where it goes and what proves it is us.

    `private` allows an address inside the bureau's own network.
    """

    channel: str
    title: str
    url: str = ""
    token: str = ""
    secret: str = ""
    private: bool = False

    @property
    def kind(self) -> str:
        """Return the sort of channel."""
        return self.channel.partition(":")[0]


def read_endpoints(file: Path | None) -> tuple[Endpoint, ...]:
    """Return the channels of a settings file; none where no file is named. ChannelsUnfit says what is wrong with it."""
    if file is None:
        return ()
    try:
        told = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ChannelsUnfit("无法读取 GOALTRAIL_CHANNELS 所指的渠道设置文件。") from error
    rows = told.get("channels") if isinstance(told, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ChannelsUnfit("渠道设置文件须含 channels 列表。")
    found = tuple(map(_endpoint, rows))
    if len({each.channel for each in found}) < len(found):
        raise ChannelsUnfit("渠道设置文件中有重名的渠道。")
    return found


def endpoints_in(environment: Mapping[str, str]) -> tuple[Endpoint, ...]:
    """Return the channels that GOALTRAIL_CHANNELS names the file of."""
    named = environment.get("GOALTRAIL_CHANNELS")
    return read_endpoints(Path(named) if named else None)


def title_of(channel: str, endpoints: tuple[Endpoint, ...] = ()) -> str:
    """Return the word for a channel as the operator set it, else as it ships."""
    found = next((each.title for each in endpoints if each.channel == channel), "")
    return found or TITLES.get(channel.partition(":")[0], channel)


def _endpoint(row: Mapping[str, Any]) -> Endpoint:
    kind = row.get("channel")
    texts = {name: row.get(name, "") for name in ("name", "title", "url", "token", "secret")}
    if kind not in KINDS or not all(isinstance(each, str) for each in texts.values()):
        raise ChannelsUnfit(f"渠道只能是 {'、'.join(KINDS)}，各项须为文字。")
    name = texts.pop("name")
    if kind == "webhook" and not NAME.fullmatch(name):
        raise ChannelsUnfit("webhook 须有 name（小写字母、数字、连字符）。")
    channel = f"{kind}:{name}" if kind == "webhook" else kind
    made = Endpoint(channel, texts["title"] or TITLES[kind], texts["url"], texts["token"], texts["secret"],
                    row.get("private") is True)  # fmt: skip
    _refuse_unfit(made)
    return made


def _refuse_unfit(made: Endpoint) -> None:
    if made.url and (urlsplit(made.url).scheme not in ("http", "https") or not urlsplit(made.url).hostname):
        raise ChannelsUnfit(f"{made.title}的 url 须以 http:// 或 https:// 开头。")
    if made.kind in SIGNED and not (made.url and SECRET.fullmatch(made.secret)):
        raise ChannelsUnfit(f"{made.title}须有 url 和 secret（whsec_ 加 base64，24 字节以上）。")
    if made.kind in ROBOTS and not TOKEN.fullmatch(made.token):
        raise ChannelsUnfit(f"{made.title}须有机器人的 token。")
