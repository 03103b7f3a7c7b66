"""Letters: the same id is the same mail; what a server answers decides whether it may be sent again."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from tests.workers.processes import MailSink, running_sink
from workers.channels.letter import ChannelUnreachable, Letter, LetterRefused, LetterUncertain
from workers.channels.mail import MailFolder, SmtpServer
from workers.written_whole import write_whole

LETTER = Letter(
    UUID(int=7), "goaltrail@localhost", "li@qingjiang.example", "待办：《农村道路维护经费》", "已到单位审核环节。",
    datetime(2026, 3, 2, 1, 0, tzinfo=UTC),
)  # fmt: skip


@pytest.fixture
def sink():
    with running_sink() as running:
        yield running


def test_the_same_letter_is_the_same_mail():
    assert LETTER.as_bytes() == LETTER.as_bytes()
    assert b"Message-ID: <00000000-0000-0000-0000-000000000007@goaltrail.invalid>\r\n" in LETTER.as_bytes()


def test_a_subject_of_two_lines_cannot_add_headers():
    letter = Letter(LETTER.id, LETTER.sender, LETTER.recipient, "待办\r\nBcc: x@y.example", "", LETTER.written_at)
    assert b"\r\nBcc" not in letter.as_bytes()


def test_a_server_takes_the_letter_and_says_so(sink: tuple[MailSink, str]):
    assert SmtpServer(sink[1]).send(LETTER) == "250 kept"
    ((to, mail),) = sink[0].mails
    assert (to, mail["Subject"], mail.get_content().strip()) == (LETTER.recipient, LETTER.subject, LETTER.text)


@pytest.mark.parametrize("answer", ["451 later", "554 never"])
def test_a_refusal_is_certain(sink: tuple[MailSink, str], answer: str):
    sink[0].answer = answer
    with pytest.raises(LetterRefused):
        SmtpServer(sink[1]).send(LETTER)


def test_nobody_there_is_certain():
    with pytest.raises(ChannelUnreachable):
        SmtpServer("smtp://127.0.0.1:1").send(LETTER)


def test_no_answer_after_the_end_of_the_letter_is_uncertain(sink: tuple[MailSink, str]):
    sink[0].held = True
    with pytest.raises(LetterUncertain):
        SmtpServer(sink[1], timeout=0.5).send(LETTER)
    assert len(sink[0].mails) == 1


def test_a_folder_keeps_each_letter_once(tmp_path):
    door = MailFolder(tmp_path / "mail")
    assert [door.send(LETTER), door.send(LETTER)] == [f"{LETTER.id}.eml"] * 2
    assert [file.read_bytes() for file in (tmp_path / "mail").iterdir()] == [LETTER.as_bytes()]


def test_a_file_is_written_whole(tmp_path):
    write_whole(tmp_path / "a.csv", b"old")
    write_whole(tmp_path / "a.csv", b"new")
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == {"a.csv": b"new"}
