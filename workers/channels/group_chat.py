"""Robots of WeCom, DingTalk and Feishu groups, by apprise; the robot's answer, which it throws away, is listened to."""

import json
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import requests
from apprise.plugins import dingtalk, feishu, wecombot

from workers.channels.letter import Letter, LetterRefused
from workers.channels.posting import Answer, post, refuse_unless_taken
from workflows.delivery.endpoints import Endpoint
from workflows.errors import GoaltrailError

PLUG_INS: dict[str, Any] = {
    "wecom": wecombot.NotifyWeComBot, "dingtalk": dingtalk.NotifyDingTalk, "feishu": feishu.NotifyFeishu,
}  # fmt: skip
REFUSING = ("errcode", "code", "StatusCode")
"""Where the robots say that they took nothing although the status is 200: other than 0."""


@dataclass(frozen=True)
class GroupRobot:
    """A robot of one group; without `url` it is the maker's own address, with it the bureau's own installation."""

    endpoint: Endpoint
    timeout: float = 10.0

    @property
    def longest(self) -> float:
        """Connecting and answering together."""
        return self.timeout * 1.5

    def send(self, letter: Letter) -> str:
        """Say the letter in the group, to whom it is for, and return the robot's answer."""
        said = f"【{letter.name}】{letter.subject}\n{letter.text}"
        door = Door(self.timeout, private=self.endpoint.private)
        for plug_in in (dingtalk, feishu, wecombot):
            vars(plug_in)["requests"] = door
        robot = _robot(self.endpoint, letter)
        robot.send(said)
        if door.failure:
            raise door.failure
        if door.answer is None:
            raise LetterRefused("机器人没有接收。")
        refuse_unless_taken(door.answer)
        _refuse_by_its_code(door.answer)
        return door.answer.told


class Door:
    """What stands in place of `requests` inside apprise's plug-ins: our one POST with its limits and answer."""

    codes = requests.codes
    RequestException = requests.RequestException

    def __init__(self, timeout: float, *, private: bool) -> None:
        """Give each POST so many seconds."""
        self.timeout, self.private = timeout, private
        self.answer: Answer | None = None
        self.failure: GoaltrailError | None = None

    def post(
        self, url: str, data: str | bytes, headers: dict[str, str], params: dict[str, str] | None = None, **_own: Any
    ) -> Any:
        """Send what the plug-in made; its own time-outs and redirects are not asked for."""
        body = data.encode() if isinstance(data, str) else data
        try:
            own = headers | {"User-Agent": "goaltrail"}
            self.answer = post(url, body, own, timeout=self.timeout, private=self.private, params=params)
        except GoaltrailError as failure:
            self.failure = failure
            raise requests.RequestException from failure
        return SimpleNamespace(status_code=self.answer.status, content=self.answer.text.encode())


def _robot(endpoint: Endpoint, letter: Letter) -> Any:
    """Return apprise's plug-in for the endpoint; DingTalk can call the receiver by his mobile number."""
    made: dict[str, Any] = {"token": endpoint.token}
    if endpoint.kind == "dingtalk":
        made |= {"secret": endpoint.secret or None, "targets": [letter.mobile] if letter.mobile else None}
    elif endpoint.kind == "wecom":
        made = {"key": endpoint.token}
    robot = PLUG_INS[endpoint.kind](**made)
    if endpoint.url:
        robot.notify_url = robot.api_url = endpoint.url
    return robot


def _refuse_by_its_code(answer: Answer) -> None:
    try:
        told = json.loads(answer.text)
    except ValueError:
        return
    codes = [told[name] for name in REFUSING if name in told] if isinstance(told, dict) else []
    if any(code != 0 for code in codes):
        raise LetterRefused(f"机器人拒绝：{answer.told}")
