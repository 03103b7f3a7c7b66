"""H5, H6, H7: letters that wait for the end of quiet or for the morning, the bureau's own words, channels that rest."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4

import pytest

from tests.support import roster
from tests.workers.test_notifications import Door, deliver, states
from workers.channels.letter import ChannelUnreachable, Letter
from workers.notifications import deliver_waiting
from workflows.commands.administering import mark_overdue
from workflows.commands.publishing_words import propose_words, publish_words
from workflows.delivery.catalogue import known_notices
from workflows.delivery.quiet import SHIPPED, Quiet
from workflows.delivery.values import values_of, values_of_event
from workflows.delivery.wording import LINK, Words, faults_of
from workflows.folds.replay import Table, apply
from workflows.store.journal import PostgresJournal
from workflows.store.letters import dead_letters, letters_for, send_again
from workflows.store.preferences import Preference, keep_preference, preferences_of
from workflows.store.rebuilding import caches_as_text, rebuild
from workflows.store.transaction import begin
from workflows.vocabulary import Actor, Post, Role
from workflows.words.notices import told_of
from workflows.workdays import BEIJING

ADMIN = Actor("process", "流程甲", (Post(Role.PROCESS_ADMIN, "bureau"),))
SECOND = Actor("process_2", "流程乙", (Post(Role.PROCESS_ADMIN, "bureau"),))
HEAD = roster.UNIT_HEAD.id


def at(bureau, text: str) -> None:
    bureau.move_clock(datetime.fromisoformat(text).replace(tzinfo=BEIJING))


def chooses(bureau, person: str, **chosen) -> None:
    with begin(bureau.engine) as tx:
        keep_preference(tx, person, Preference(**chosen))


def mails_to(door: Door, person: str) -> list[Letter]:
    return [letter for letter in door.letters if letter.person == person]


def quietly(bureau, door, quiet: Quiet | None = SHIPPED) -> int:
    return deliver_waiting(bureau.engine, door, sender="goaltrail@localhost", lease_seconds=30.0, quiet=quiet)


def test_a_mail_waits_for_the_end_of_quiet_but_the_inbox_does_not(bureau):
    at(bureau, "2026-01-05 22:00")
    bureau.table("in_unit_review")
    door = Door()
    quietly(bureau, door)
    assert (door.letters, states(bureau, "mail").keys()) == ([], {"held"})
    assert states(bureau, "inbox").keys() == {"sent", "dropped"}
    assert quietly(bureau, door) == 0
    at(bureau, "2026-01-06 08:00")
    quietly(bureau, door)
    assert states(bureau, "mail").keys() == {"sent", "dropped"}
    assert {row["attempts"] for row in bureau.rows("SELECT attempts FROM desk.outbox WHERE channel = 'mail'")} == {1}


def test_an_own_choice_takes_the_place_of_the_bureaus_quiet(bureau):
    chooses(bureau, HEAD, quiet=None)
    at(bureau, "2026-01-05 22:00")
    bureau.table("in_unit_review")
    door = Door()
    quietly(bureau, door)
    assert {letter.person for letter in door.letters} == {HEAD}


def test_what_is_overdue_breaks_the_quiet(bureau):
    bureau.table("in_unit_review")
    at(bureau, "2026-01-06 23:00")
    with begin(bureau.engine) as tx:
        tx.run("UPDATE desk.outbox SET kind = 'task.overdue', urgent = true WHERE channel = 'mail' AND recipient = :p", p=HEAD)
    door = Door()
    quietly(bureau, door)
    assert {letter.person for letter in door.letters} == {HEAD}


def test_what_is_decided_in_the_night_is_told_to_nobody_in_the_morning(bureau):
    at(bureau, "2026-01-05 22:00")
    table = bureau.table("in_unit_review")
    door = Door()
    quietly(bureau, door)
    bureau.acts(table.id, "approved", roster.UNIT_HEAD)
    at(bureau, "2026-01-06 09:00")
    quietly(bureau, door)
    assert mails_to(door, HEAD) == []


def test_a_morning_is_one_letter_of_what_still_waits(bureau):
    chooses(bureau, HEAD, quiet=None, morning=True)
    tables = [bureau.table("in_unit_review") for _ in range(3)]
    door = Door()
    quietly(bureau, door)
    assert mails_to(door, HEAD) == []
    bureau.acts(tables[0].id, "approved", roster.UNIT_HEAD)
    at(bureau, "2026-01-06 08:30")
    quietly(bureau, door)
    (letter,) = mails_to(door, HEAD)
    assert letter.subject == "每日汇总（2026-01-06）：待办 2 项"
    assert letter.text.count("已到单位审核") == 2
    assert quietly(bureau, door) == 0
    why = bureau.rows("SELECT answer, count(*) AS n FROM desk.outbox WHERE recipient = :p AND channel = 'mail' AND kind <> 'morning.letter' GROUP BY 1 ORDER BY 1", p=HEAD)
    assert [(row["answer"], row["n"]) for row in why] == [("事项已办理，不再通知", 1), ("已并入每日汇总", 2)]


def test_an_unwanted_mail_is_not_even_written(bureau):
    chooses(bureau, HEAD, quiet=None, unwanted=frozenset({("task", "mail")}))
    bureau.table("in_unit_review")
    with begin(bureau.engine) as tx:
        assert [row["channel"] for row in letters_for(tx, HEAD)] == ["inbox"]


@dataclass
class Webhook(Door):
    """Another channel's door."""

    letters: list[Letter] = field(default_factory=list)


def test_a_wanted_channel_gets_its_own_letter_once(bureau):
    chooses(bureau, HEAD, quiet=None, wanted=frozenset({("task", "webhook:oa"), ("copy", "wecom")}))
    bureau.table("in_unit_review")
    door, other = Door(), Webhook()
    for _ in range(2):
        deliver_waiting(bureau.engine, door, sender="g@localhost", lease_seconds=30.0, others={"webhook:oa": other}, link="https://g.example")
    ((letter,), (mail,)) = other.letters, mails_to(door, HEAD)
    assert (letter.recipient, letter.link) == (HEAD, f"https://g.example/n/{letter.id}")
    assert letter.link in letter.text
    assert letter.id != mail.id


URGENT_BY_SMS = frozenset({("urgent", "sms")})


def messages(bureau, door) -> list[tuple[str, str]]:
    """Deliver with a gateway of text messages, and what it got."""
    deliver_waiting(bureau.engine, Door(), sender="g@localhost", lease_seconds=30.0, others={"sms": door}, link="https://g.example", quiet=SHIPPED)
    return [(letter.recipient, letter.text) for letter in door.letters]


def overdue(bureau, table: Table) -> None:
    with begin(bureau.engine) as tx:
        mark_overdue(PostgresJournal(tx), table.id, task=table.desks[0].task, command_id=uuid4())


def test_a_text_message_comes_for_what_is_urgent_and_for_nothing_else_by_default(bureau):
    chooses(bureau, HEAD, quiet=None, wanted=URGENT_BY_SMS, mobile="13800001234")
    table, door = bureau.table("in_unit_review"), Webhook()
    assert messages(bureau, door) == []
    at(bureau, "2026-03-02 10:00")
    overdue(bureau, table)
    ((number, said),) = messages(bureau, door)
    assert (number, said.startswith("逾期："), said.endswith("，请登录办理。"), "https" in said, len(said) <= 70) == ("13800001234", True, True, False, True)
    assert bureau.rows("SELECT rendered ->> 'text' AS text FROM desk.outbox WHERE channel = 'sms'") == [{"text": said}]
    assert bureau.rows("SELECT count(*) AS n FROM desk.notice_log l WHERE l::text LIKE '%13800001234%'") == [{"n": 0}]


def test_a_text_message_waits_for_the_end_of_quiet_even_when_urgent(bureau):
    chooses(bureau, HEAD, wanted=URGENT_BY_SMS, mobile="13800001234", morning=True)
    table, door = bureau.table("in_unit_review"), Webhook()
    at(bureau, "2026-03-02 22:00")
    overdue(bureau, table)
    assert (messages(bureau, door), states(bureau, "sms").keys()) == ([], {"held"})
    at(bureau, "2026-03-03 08:00")
    assert len(messages(bureau, door)) == 1


def test_a_class_may_be_wanted_by_text_message_and_the_morning_fits_into_one(bureau):
    chooses(bureau, HEAD, quiet=None, wanted=frozenset({("task", "sms")}), mobile="13800001234", morning=True)
    table, door = bureau.table("in_unit_review"), Webhook()
    assert (messages(bureau, door), table.stage.value) == ([], "unit_review")
    at(bureau, "2026-01-06 08:30")
    assert messages(bureau, door) == [("13800001234", "每日汇总（2026-01-06）：待办 1 项，请登录办理。")]


def test_a_text_message_without_a_number_says_so(bureau):
    chooses(bureau, HEAD, quiet=None, wanted=frozenset({("task", "sms")}))
    bureau.table("in_unit_review")
    assert messages(bureau, Webhook()) == []
    assert bureau.rows("SELECT state, answer FROM desk.outbox WHERE channel = 'sms'") == [{"state": "dropped", "answer": "没有登记手机号"}]


def test_a_text_message_that_was_given_up_is_sent_again(bureau):
    chooses(bureau, HEAD, quiet=None, wanted=frozenset({("task", "sms")}), mobile="13800001234")
    bureau.table("in_unit_review")
    away = Webhook(ChannelUnreachable("短信网关暂不能接收：503"))
    for _ in range(7):
        messages(bureau, away)
        with begin(bureau.engine) as tx:
            tx.run("UPDATE desk.outbox SET next_at = log.now() WHERE channel = 'sms'")
            tx.run("DELETE FROM desk.channel_rest")
    with begin(bureau.engine) as tx:
        (dead,) = dead_letters(tx, "sms")
        assert send_again(tx, dead["id"], again := uuid4())
    door = Webhook()
    messages(bureau, door)
    assert [(letter.id, letter.recipient) for letter in door.letters] == [(again, "13800001234")]


def test_a_channel_that_the_operator_took_away_is_said_so(bureau):
    chooses(bureau, HEAD, quiet=None, wanted=frozenset({("task", "webhook:oa")}))
    bureau.table("in_unit_review")
    deliver(bureau, Door())
    assert bureau.rows("SELECT state, answer FROM desk.outbox WHERE channel = 'webhook:oa'") == [{"state": "dropped", "answer": "此渠道已停用"}]


def test_a_channel_that_cannot_be_reached_rests_while_others_go_on(bureau):
    for person in roster.PEOPLE:
        chooses(bureau, person.id, quiet=None, wanted=frozenset({("task", "feishu")}))
    for _ in range(5):
        bureau.table("in_unit_review")
    door, away = Door(), Webhook(ChannelUnreachable("无法连接对方服务器"))

    def go() -> None:
        deliver_waiting(bureau.engine, door, sender="g@localhost", lease_seconds=30.0, others={"feishu": away})

    go()
    assert len(away.letters) == 3
    assert states(bureau, "mail").keys() == {"sent", "dropped"}
    waiting = bureau.rows("SELECT attempts, count(*) AS n FROM desk.outbox WHERE channel = 'feishu' AND state = 'pending' GROUP BY 1 ORDER BY 1")
    assert (waiting[0]["attempts"], waiting[1]) == (0, {"attempts": 1, "n": 3})
    go()
    assert len(away.letters) == 3
    away.refuses = None
    at(bureau, "2026-01-05 09:30")
    go()
    assert states(bureau, "feishu").keys() == {"sent", "dropped"}
    assert bureau.rows("SELECT * FROM desk.channel_rest") == []


def test_a_dead_letter_is_sent_again_and_is_dead_no_more(bureau):
    bureau.table("in_unit_review")
    with begin(bureau.engine) as tx:
        tx.run("UPDATE desk.outbox SET state = 'dead' WHERE channel = 'mail' AND recipient = :p", p=HEAD)
    with begin(bureau.engine) as tx:
        (dead,) = dead_letters(tx)
        assert send_again(tx, dead["id"], again := uuid4())
        assert not send_again(tx, again, uuid4())
        assert dead_letters(tx) == []
    door = Door()
    deliver(bureau, door)
    (letter,) = mails_to(door, HEAD)
    assert (letter.id, letter.subject) == (again, dead["rendered"]["subject"])


def test_a_notice_goes_out_in_the_words_that_two_published(bureau):
    words = Words("请审：{表名}", "请办理{表名}（{环节}），限{期限}。{链接}")
    with begin(bureau.engine) as tx:
        journal = PostgresJournal(tx)
        proposed = propose_words(journal, key="task.waiting", words=words, by=ADMIN, command_id=uuid4())
        publish_words(journal, key="task.waiting", content_hash=proposed.content_hash, by=SECOND, command_id=uuid4())
    table = bureau.table("in_unit_review")
    told = [row for row in letters(bureau) if row["kind"] == "task.waiting" and row["recipient"] == HEAD]
    assert {row["rendered"]["words"] for row in told} == {proposed.content_hash}
    assert {row["rendered"]["text"] for row in told} == {said_by_python(bureau, table, words)}
    door = Door()
    deliver(bureau, door)
    (mail,) = mails_to(door, HEAD)
    assert LINK not in mail.text
    ((sentence,),) = [row.values() for row in bureau.rows("SELECT sentence FROM desk.inbox WHERE recipient = :p", p=HEAD)]
    assert LINK not in sentence


def letters(bureau):
    return bureau.rows("SELECT * FROM desk.outbox")


def said_by_python(bureau, table: Table, words: Words) -> str:
    """What the words say of the event that entered the last node, filled in by Python."""
    with begin(bureau.engine) as tx:
        before, said = Table(table.id), ""
        for recorded in PostgresJournal(tx).history(table.id):
            after = apply(before, recorded)
            for notice in told_of(recorded, before, after):
                if notice.template == "task.waiting":
                    said = words.filled(values_of(notice, values_of_event(recorded, before, after))).text
            before = after
    return said


def test_a_reason_in_braces_is_filled_in_once(bureau):
    with begin(bureau.engine) as tx:
        journal = PostgresJournal(tx)
        words = Words("退回：{表名}", "{表名}：{理由}")
        proposed = propose_words(journal, key="table.returned", words=words, by=ADMIN, command_id=uuid4())
        publish_words(journal, key="table.returned", content_hash=proposed.content_hash, by=SECOND, command_id=uuid4())
        (filled,) = [tx.scalar("SELECT desk.filled(text, CAST(:said AS jsonb)) FROM desk.notice_words", said='{"表名": "《甲》", "理由": "见{表名}"}')]
    assert filled == "《甲》：见{表名}" == words.filled({"表名": "《甲》", "理由": "见{表名}"}).text


def test_the_words_in_force_are_a_cache_of_the_log(bureau):
    with begin(bureau.engine) as tx:
        journal = PostgresJournal(tx)
        for words in (Words("甲：{表名}", "{原文}"), None, Words("乙：{表名}", "{原文}")):
            proposed = propose_words(journal, key="copy.sent", words=words, by=ADMIN, command_id=uuid4())
            publish_words(journal, key="copy.sent", content_hash=proposed.content_hash, by=SECOND, command_id=uuid4())
    with begin(bureau.engine) as tx:
        before = caches_as_text(tx)["notice_words"]
        rebuild(tx)
        assert (len(before), caches_as_text(tx)["notice_words"]) == (1, before)


def test_preferences_are_kept_as_chosen(bureau):
    chosen = Preference(frozenset({("task", "mail")}), frozenset({("return", "webhook:oa")}), SHIPPED, morning=True, mobile="13800000000")
    with begin(bureau.engine) as tx:
        keep_preference(tx, HEAD, chosen)
        assert preferences_of(tx, [HEAD, "clerk"]) == {HEAD: chosen}


@pytest.mark.parametrize(("words", "fault"), [
    (Words("", "{表名}"), "标题不能为空。"),
    (Words("一\n二", "{表名}"), "标题须写在一行内。"),
    (Words("甲", "{表明}"), "正文的{表明}不是可用的占位符。"),
    (Words("甲", "{表名}{文号}"), "这条通知没有{文号}。"),
    (Words("甲", "{表名"), "正文的花括号不成对。"),
    (Words("甲", "{表名}<b>"), "正文不能含标记或控制字符。"),
    (Words("甲", "{表名}见 http://a.example"), "正文不能写网址，请用{链接}。"),
    (Words("甲", "请办理"), "正文须含{表名}或{原文}，否则收到的人不知道是哪一项。"),
    (Words("字" * 61, "{表名}"), "标题超过60字。"),
])  # fmt: skip
def test_words_that_nobody_could_read_are_refused(words, fault):
    assert fault in faults_of(words, known_notices()["task.waiting"].known)


def test_all_shipped_words_pass_their_own_lint():
    found = {key: faults_of(each.shipped, each.known) for key, each in known_notices().items()}
    assert {key: faults for key, faults in found.items() if faults} == {}
