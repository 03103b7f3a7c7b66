"""H2: what each channel puts on the wire, read by a real receiver on loopback and kept as files that a reviewer reads."""

import json
import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import pytest
from standardwebhooks import Webhook

from tests.workers.posts import PostSink, running_post_sink
from tests.workers.processes import running_sink
from workers.channels.console import Console
from workers.channels.doors import doors_of
from workers.channels.group_chat import GroupRobot
from workers.channels.letter import ChannelUnreachable, Letter, LetterRefused, LetterUncertain
from workers.channels.mail import SmtpServer
from workers.channels.posting import PlaceForbidden, resolved
from workers.channels.sms import SmsGateway
from workers.channels.webhook import SignedWebhook, body_of
from workflows.delivery.endpoints import ChannelsUnfit, Endpoint, read_endpoints
from workflows.delivery.morning import Gathered, morning_letter

GOLDEN = Path(__file__).with_name("golden")
ROOT = Path(__file__).parents[2]
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
LETTER = Letter(
    UUID(int=7), "goaltrail@localhost", "shenhe", "待办：《农村道路维护经费》",
    "《农村道路维护经费》已到单位审核（单位负责人）环节，等待您办理，期限2026-03-09。\n\n打开办理页面：https://goaltrail.example/n/7\n\n"
    "——绩效目标审批台账自动发送，请勿回复。\n记录指纹：0123456789abcdef（请妥善保存，日后可据此核对）\n",
    datetime(2026, 3, 2, 1, 0, tzinfo=UTC), "task.waiting", "task", "unit_head", "王审核", "13800000000",
    "https://goaltrail.example/n/7",
)  # fmt: skip


@pytest.fixture
def sink():
    with running_post_sink() as running:
        yield running


def robot(kind, url, **more):
    return GroupRobot(Endpoint(kind, "群", url, "abc123", private=True, **more), timeout=2.0)


def webhook(url, **more):
    return SignedWebhook(Endpoint("webhook:oa", "办公系统", url, secret=SECRET, **({"private": True} | more)), timeout=2.0)


def check_golden(name: str, came: bytes) -> None:
    assert came.decode() == (GOLDEN / name).read_text(encoding="utf-8")


def test_the_mail_that_a_server_receives():
    with running_sink() as (mails, url):
        SmtpServer(url).send(replace(LETTER, recipient="shenhe@qingjiang.example"))
        ((_to, mail),) = mails.mails
    headers = "".join(f"{name}: {mail[name]}\n" for name in ("From", "To", "Subject", "Date", "Message-ID"))
    check_golden("mail.txt", f"{headers}\n{mail.get_content()}".replace("\r\n", "\n").encode())


def test_the_signed_webhook_that_a_receiver_verifies(sink: tuple[PostSink, str]):
    assert webhook(f"{sink[1]}/hook").send(LETTER) == '200 {"errcode":0,"errmsg":"ok"}'
    (came,) = sink[0].posts
    check_golden("webhook.json", came.body)
    told = Webhook(SECRET).verify(came.body, came.headers)
    assert (told["id"], came.headers["webhook-id"]) == (str(LETTER.id), str(LETTER.id))
    assert came.headers["content-type"] == "application/cloudevents+json; charset=utf-8"


MESSAGE = replace(LETTER, recipient="13800001234", text="待办：《农村道路维护经费》，期限2026-03-09，请登录办理。")


def gateway(url, **more):
    return SmsGateway(Endpoint("sms", "短信", url, secret=SECRET, **({"private": True} | more)), timeout=2.0)


def test_the_text_message_that_a_gateway_verifies(sink: tuple[PostSink, str]):
    assert gateway(f"{sink[1]}/sms").send(MESSAGE) == '200 {"errcode":0,"errmsg":"ok"}'
    (came,) = sink[0].posts
    check_golden("sms.json", came.body + b"\n")
    told = Webhook(SECRET).verify(came.body, came.headers)
    assert told == {"message_id": str(LETTER.id), "phone": "13800001234", "text": MESSAGE.text}
    assert (came.headers["webhook-id"], came.headers["content-type"]) == (str(LETTER.id), "application/json; charset=utf-8")


def test_a_gateways_answer_is_kept_without_the_number(sink: tuple[PostSink, str]):
    sink[0].answer = b'{"sent":"13800001234"}'
    assert gateway(sink[1]).send(MESSAGE) == '200 {"sent":"138****1234"}'
    sink[0].status = 400
    with pytest.raises(LetterRefused) as refused:
        gateway(sink[1]).send(MESSAGE)
    assert refused.value.sentence == '短信网关拒绝：400 {"sent":"138****1234"}'
    sink[0].status = 503
    with pytest.raises(ChannelUnreachable) as away:
        gateway(sink[1]).send(MESSAGE)
    assert away.value.sentence == '短信网关暂不能接收：503 {"sent":"138****1234"}'


def test_more_than_seventy_signs_are_not_sent(sink: tuple[PostSink, str]):
    with pytest.raises(LetterRefused):
        gateway(sink[1]).send(replace(MESSAGE, text="字" * 71))
    assert sink[0].posts == []


def test_the_same_letter_is_the_same_webhook():
    assert body_of(LETTER) == body_of(replace(LETTER))


@pytest.mark.parametrize("kind", ["wecom", "dingtalk", "feishu"])
def test_what_a_groups_robot_receives(sink: tuple[PostSink, str], kind: str):
    robot(kind, f"{sink[1]}/robot").send(LETTER)
    (came,) = sink[0].posts
    check_golden(f"{kind}.json", json.dumps(json.loads(came.body), ensure_ascii=False, indent=1).encode() + b"\n")


def test_dingtalk_signs_with_the_robots_secret(sink: tuple[PostSink, str]):
    robot("dingtalk", f"{sink[1]}/robot", secret="SEC1").send(LETTER)
    assert re.fullmatch(r"/robot\?timestamp=\d{13}&sign=[^&]+", sink[0].posts[0].path)


@pytest.mark.parametrize("answer", [b'{"errcode":310000,"errmsg":"sign not match"}', b'{"code":9499,"msg":"Bad Request"}'])
def test_a_robot_that_says_no_with_status_200_is_no_success(sink: tuple[PostSink, str], answer: bytes):
    sink[0].answer = answer
    with pytest.raises(LetterRefused) as refused:
        robot("dingtalk", sink[1]).send(LETTER)
    assert refused.value.sentence == f"机器人拒绝：200 {answer.decode()}"


@pytest.mark.parametrize(("status", "kind"), [(400, LetterRefused), (410, LetterRefused), (503, ChannelUnreachable), (429, ChannelUnreachable)])
@pytest.mark.parametrize("door", [webhook, lambda url: robot("feishu", url)])
def test_a_servers_own_trouble_is_told_from_a_refusal(sink: tuple[PostSink, str], door, status: int, kind: type):
    sink[0].status = status
    with pytest.raises(LetterRefused) as refused:
        door(sink[1]).send(LETTER)
    assert type(refused.value) is kind


def test_a_line_that_breaks_after_the_body_is_uncertain(sink: tuple[PostSink, str]):
    sink[0].silent = True
    for door in (webhook(sink[1]), robot("wecom", sink[1])):
        with pytest.raises(LetterUncertain):
            door.send(LETTER)
    assert len(sink[0].posts) == 2


@pytest.mark.parametrize("door", [webhook, lambda url: robot("wecom", url)])
def test_nobody_there_is_certain(door):
    with pytest.raises(ChannelUnreachable):
        door("http://127.0.0.1:1/").send(LETTER)


def test_a_redirect_is_not_followed(sink: tuple[PostSink, str]):
    sink[0].status, sink[0].location = 302, f"{sink[1]}/elsewhere"
    with pytest.raises(LetterRefused):
        webhook(f"{sink[1]}/hook").send(LETTER)
    assert [each.path for each in sink[0].posts] == ["/hook"]


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "10.0.0.8", "169.254.169.254", "[::1]", "192.168.1.1", "0.0.0.0", "[fd00::1]", "[::ffff:127.0.0.1]"])
def test_an_address_inside_a_network_is_refused_unless_the_operator_allows_it(host: str):
    with pytest.raises(PlaceForbidden):
        resolved(f"http://{host}:8080/x", private=False)


def test_nothing_is_sent_inside_without_permission(sink: tuple[PostSink, str]):
    with pytest.raises(PlaceForbidden):
        webhook(sink[1], private=False).send(LETTER)
    assert sink[0].posts == []


def test_the_mornings_letter_as_it_reads():
    gathered = [
        Gathered("待办：《农村道路维护经费》", "《农村道路维护经费》已到单位审核（单位负责人）环节，等待您办理，期限2026-03-09。"),
        Gathered("催办提醒：《乡村道路》的办理期限为2026-03-04", "《乡村道路》的单位审核（单位负责人）办理期限为2026-03-04，请及时办理。"),
        Gathered("抄送：编号 37b35e15 的绩效目标表", "王审核将编号 37b35e15 的绩效目标表抄送给您，供阅知。请了解项目进展"),
    ]
    letter = morning_letter(date(2026, 3, 3), gathered, waiting=4, overdue=1)
    check_golden("morning.txt", f"{letter['subject']}\n\n{letter['text']}\n".encode())


def test_the_web_does_not_bring_the_robots_in():
    asked = "import sys, service.app; print(sorted({'apprise', 'requests'} & set(sys.modules)))"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True, cwd=ROOT)
    assert told.stdout.strip() == "[]"


def test_the_console_is_a_channel(capsys):
    assert Console().send(LETTER) == "console"
    assert capsys.readouterr().out.startswith("[00000000-0000-0000-0000-000000000007] 王审核 <shenhe> 待办：")


def test_channels_come_from_the_operators_file(tmp_path):
    file = tmp_path / "channels.json"
    rows = [{"channel": "wecom", "token": "abc"}, {"channel": "webhook", "name": "oa", "title": "办公系统", "url": "https://oa.example/x", "secret": SECRET},
            {"channel": "sms", "url": "https://sms.example/send", "secret": SECRET}]
    file.write_text(json.dumps({"channels": rows}), encoding="utf-8")
    found = read_endpoints(file)
    assert [(each.channel, each.title) for each in found] == [("wecom", "企业微信"), ("webhook:oa", "办公系统"), ("sms", "短信")]
    assert [type(door) for door in doors_of(found, 30.0).values()] == [GroupRobot, SignedWebhook, SmsGateway]


@pytest.mark.parametrize("row", [
    {"channel": "sms"}, {"channel": "sms", "url": "https://sms.example/send"}, {"channel": "wecom"}, {"channel": "webhook", "name": "oa", "url": "https://a.example"},
    {"channel": "webhook", "name": "O A", "url": "https://a.example", "secret": SECRET},
    {"channel": "webhook", "name": "oa", "url": "file:///etc/passwd", "secret": SECRET},
    {"channel": "feishu", "token": "a/../b"}, {"channel": "feishu", "token": 7},
])  # fmt: skip
def test_a_channel_set_up_badly_is_refused_at_the_start(tmp_path, row):
    file = tmp_path / "channels.json"
    file.write_text(json.dumps({"channels": [row]}), encoding="utf-8")
    with pytest.raises(ChannelsUnfit):
        read_endpoints(file)
