"""The daily digest: who gets it, once a day, with a note that can be cut out of the mail and verified."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.support.ledgers import Ledger, new_ledger, signer
from tests.workers.desk import Bureau, address_of
from tests.workers.processes import running_sink
from tests.workers.witnesses import witness_at
from workers.channels.mail import MailFolder, SmtpServer
from workers.digest import write_digest
from workers.dispatch import Dispatcher
from workers.notifications import deliver_waiting
from workflows.anchors.digest import FROM_HOUR, KIND, note_in
from workflows.anchors.reading import anchored, keys_in, newest_anchored, witnessed
from workflows.ledger.keys import VerifyingKey
from workflows.store.digest import digest_is_due
from workflows.store.settling import unsettled
from workflows.store.transaction import begin
from workflows.workdays import BEIJING

RECEIVERS = ["audit", "leader", "observer"]
MAILS = "SELECT recipient, channel, rendered ->> 'subject' AS subject, rendered ->> 'text' AS text FROM desk.outbox WHERE kind = :kind ORDER BY created_at, recipient"


class House:
    """A demo installation with its people, whose clock stands at an hour of Beijing, and its anchor directory."""

    def __init__(self, ledger: Ledger, home: Path) -> None:
        self.ledger, self.home, self.anchors = ledger, home, home / "anchors"
        self.bureau = Bureau(ledger.app).settle_in()
        self.next_day(FROM_HOUR)

    def next_day(self, hour: int) -> datetime:
        with begin(self.ledger.app) as tx:
            now = tx.now().astimezone(BEIJING)
        then = (now + timedelta(days=1)).replace(hour=hour, minute=0, second=0, microsecond=0)
        self.bureau.move_clock(then)
        return then

    def write(self) -> int:
        return write_digest(self.ledger.app, self.anchors)

    def mails(self):
        return [dict(row) for row in self.bureau.rows(MAILS, kind=KIND)]

    def due(self) -> bool:
        with begin(self.ledger.app) as tx:
            return digest_is_due(tx)


@pytest.fixture
def house(cluster, tmp_path) -> Iterator[House]:
    ledger = new_ledger(cluster, "demo")
    yield House(ledger, tmp_path)
    ledger.drop()


def test_everybody_who_audits_gets_the_note_once_a_day(house: House):
    with witness_at(house.home / "w") as witness:
        house.ledger.grow(5)
        signer(house.ledger, house.home, witness.url).look()
        name = witness.key().name
    assert [house.due(), house.write(), house.due(), house.write()] == [True, 3, False, 0]
    mails = house.mails()
    assert [(mail["recipient"], mail["channel"]) for mail in mails] == [(each, "mail") for each in RECEIVERS]
    (text,) = {mail["text"] for mail in mails}
    newest = newest_anchored(house.anchors)
    assert note_in(text) == newest.note.text()
    said = newest.checkpoint
    lines = text.split("\n")
    assert lines[2] == f"台账：{said.origin}（演示环境）"
    assert (lines[3], lines[4]) == (f"最新检查点：前 {said.size:,} 条", f"根：{said.root.hex()}")
    assert lines[6].startswith(f"  {name}：")
    assert lines[7] == f"前一日新增事件：{said.size - 5:,} 条；当日至此：5 条"
    assert lines[8:10] == [f"已封存：{said.size:,} 条，其中 0 条尚未被检查点覆盖", "警报：无"]
    day = house.next_day(FROM_HOUR)
    house.ledger.grow(2)
    assert house.write() == 3
    later = house.mails()[-1]
    assert later["subject"] == f"台账每日摘要 {day.date().isoformat()}：{said.size:,} 条，根 {said.root.hex()[:16]}"
    assert "前一日新增事件：5 条；当日至此：2 条\n" in later["text"]
    assert f"已封存：{said.size + 2:,} 条，其中 2 条尚未被检查点覆盖\n" in later["text"]


def test_a_receiver_cuts_the_note_out_of_his_mail_and_verifies_it(house: House):
    house.ledger.grow(5)
    signer(house.ledger, house.home).look()
    house.write()
    with running_sink() as (sink, url):
        deliver_waiting(house.ledger.app, SmtpServer(url), sender="goaltrail@localhost", lease_seconds=30.0)
        mails = [(to, message) for to, message in sink.mails if message["Subject"].startswith("台账每日摘要")]
    assert sorted(to for to, _ in mails) == [address_of(each) for each in RECEIVERS]
    for _, message in mails:
        kept = anchored(note_in(message.get_content()))
        key = VerifyingKey.from_vkey(keys_in(house.anchors)[0])
        assert (key.signature_on(kept.note) is None, kept.checkpoint) == (False, newest_anchored(house.anchors).checkpoint)
        assert witnessed(kept.note, keys_in(house.anchors)) == {}
        assert "存证号" not in message.get_content()


def test_nothing_is_due_before_eight_nor_with_nothing_to_tell(house: House):
    assert (house.due(), house.write()) == (True, 0)
    house.ledger.grow(1)
    signer(house.ledger, house.home).look()
    house.next_day(FROM_HOUR - 1)
    assert (house.due(), house.write(), house.mails()) == (False, 0, [])


def test_nobody_to_tell_is_not_due(house: House):
    with begin(house.ledger.app) as tx:
        tx.run("UPDATE desk.post SET to_at = from_at WHERE role IN ('audit_admin', 'observer', 'finance_leader')")
    assert house.due() is False


def test_an_alarm_stands_first(house: House):
    house.ledger.grow(2)
    process = signer(house.ledger, house.home)
    process.look()
    (house.home / "keys" / "log.key").unlink()
    process.look()
    house.write()
    first = house.mails()[0]
    assert first["subject"].startswith("【警报】台账每日摘要")
    assert "警报：检查点目录中已有检查点，但签名密钥不见了或无法读懂。" in first["text"]
    (house.anchors / "checkpoint").write_text("spoiled")
    house.next_day(FROM_HOUR)
    house.write()
    last = house.mails()[-1]
    assert (last["subject"].startswith("【警报】"), "警报：检查点目录无法读懂，请核查。" in last["text"]) == (True, True)
    assert note_in(last["text"]) == ""


def test_the_dispatcher_wakes_for_it_and_it_is_delivered_like_any_mail(house: House):
    house.ledger.grow(1)
    signer(house.ledger, house.home).look()
    called: list[str] = []
    Dispatcher(house.ledger.app, called.append).look()
    assert "digest" in called
    house.write()
    called.clear()
    Dispatcher(house.ledger.app, called.append).look()
    assert "digest" not in called
    folder = house.home / "mail"
    deliver_waiting(house.ledger.app, MailFolder(folder), sender="goaltrail@localhost", lease_seconds=30.0)
    assert len(list(folder.iterdir())) == 3
    with begin(house.ledger.app) as tx:
        assert unsettled(tx) == {}


def test_a_simulation_sends_none(bureau: Bureau, tmp_path):
    assert [bureau.rows("SELECT mode FROM log.installation")[0]["mode"], write_digest(bureau.engine, tmp_path)] == ["simulation", 0]
    with begin(bureau.engine) as tx:
        assert digest_is_due(tx) is False
