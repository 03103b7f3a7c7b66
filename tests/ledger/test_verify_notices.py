"""The verifier on notices: words published by two and in form; sent again by the administrator or the receiver alone."""

from uuid import uuid4

import pytest

from tests.ledger.test_verify import told, verdict_of
from tests.ledger.test_verify_beside import ADMIN, ALL, SECOND_ADMIN, as_
from tests.support import roster
from tests.support.forging import packed, saying, where, without
from tests.support.sealed_log import Packed, appointed
from workflows.commands.publishing_words import WORDS, propose_words, publish_words
from workflows.commands.resending import Sent, resend_notice
from workflows.commands.tracing import note_mobile_changed
from workflows.delivery.wording import Words
from workflows.ledger.bundle import EVERYTHING
from workflows.ledger.canonical import canonical

KEY = "task.waiting"


def told_anew():
    """Words published by two, then the shipped ones again; a notice sent again by its receiver, a mobile number given."""
    log = appointed(ALL)
    for words in (Words("请办：{表名}", "{表名}到了{环节}，请办理。"), None):
        proposed = propose_words(log, key=KEY, words=words, by=ADMIN, command_id=uuid4())
        publish_words(log, key=KEY, content_hash=proposed.content_hash, by=SECOND_ADMIN, command_id=uuid4())
    sent = Sent(uuid4(), "mail", roster.CLERK.id, KEY)
    resend_notice(log, sent=sent, again=uuid4(), reason="", by=roster.CLERK, command_id=uuid4())
    note_mobile_changed(log, change="set", by=roster.CLERK, command_id=uuid4())
    return log


def test_words_by_two_and_a_notice_sent_again_are_clean(tmp_path):
    verdict = verdict_of(tmp_path, Packed(told_anew(), scope=EVERYTHING).zipped())
    assert (verdict.code, verdict.findings) == (0, []), told(verdict)


def moved(log, index, stream):
    """Let one event lie on another stream."""
    event = log.bodies[index]
    return lambda body: {**body, "stream": stream} if canonical(body) == event else body


FORGED = {
    "published by who proposed": ("template.published", as_("process", "process_admin", "bureau"), ("segregation", "S9")),
    "published though nobody proposed": (
        "template.published", lambda log, i: without(log, where(log, "template.proposed")), ("segregation", "S9")),
    "proposed by a clerk": ("template.proposed", as_("clerk", "clerk"), ("posts", "person")),
    "under another name": ("template.published", lambda log, i: saying(log, i, name="task.overdue"), ("steps", "value")),
    "sent again by somebody else": ("notice.resent", as_("unit_head", "unit_head"), ("posts", "person")),
    "a number given by somebody else": ("account.mobile_changed", as_("unit_head", "unit_head"), ("posts", "person")),
    "the number itself in the log": ("account.mobile_changed", lambda log, i: saying(log, i, change="13800000000"), ("steps", "value")),
    "a number given on another stream": ("account.mobile_changed", lambda log, i: moved(log, i, str(uuid4())), ("steps", "value")),
    "another notice than the stream's": ("notice.resent", lambda log, i: saying(log, i, notice=str(uuid4())), ("steps", "value")),
}  # fmt: skip


@pytest.mark.parametrize("forgery", FORGED)
def test_a_forged_notice_is_found(forgery, tmp_path):
    kind, forger, found = FORGED[forgery]
    log = told_anew()
    verdict = verdict_of(tmp_path, packed(log, forger(log, where(log, kind))).zipped())
    assert verdict.code == 1
    assert found in [(each.check, each.what) for each in verdict.findings], told(verdict)


def test_words_of_another_form_are_found(tmp_path):
    log = appointed(ALL)
    content = {"format": 1, "name": KEY, "subject": "", "text": 7}
    proposed = WORDS.propose(log, KEY, content, ADMIN, uuid4())
    WORDS.publish(log, KEY, proposed.content_hash, lambda _content: None, SECOND_ADMIN, uuid4())
    verdict = verdict_of(tmp_path, Packed(log, scope=EVERYTHING).zipped())
    assert [(each.check, each.what) for each in verdict.findings] == [("contents", "content")], told(verdict)
