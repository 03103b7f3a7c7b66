"""Notices leave the outbox: into inboxes exactly once, elsewhere as near to once as a channel allows (ledger.md 9)."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType
from uuid import UUID

import structlog
from sqlalchemy import Engine, RowMapping

from workers.channels.letter import ChannelUnreachable, Letter, LetterUncertain, Outgoing
from workers.failures import attempted
from workers.holding import held_back
from workflows.delivery.classes import NoticeClass
from workflows.delivery.endpoints import MAIL, SMS
from workflows.delivery.morning import KEY
from workflows.delivery.quiet import Quiet
from workflows.delivery.short import short_text
from workflows.delivery.wording import LINK
from workflows.store import outbox
from workflows.store.mornings import gather_mornings
from workflows.store.receivers import Receiver, receiver_of
from workflows.store.resting import note_failure, note_success
from workflows.store.transaction import Transaction, begin
from workflows.store.work import give_back, proof_number, reason_holds

BATCH = 100
LONGEST_RUN = 5.0
FIRST_WAIT, WAIT_GROWS, LONGEST_WAIT = 10.0, 6, 43_200.0
REASON_GONE, NO_DOOR, NO_RECEIVER = "事项已办理，不再通知", "此渠道已停用", "账号已停用"
NO_ADDRESS = {MAIL: "没有登记邮箱", SMS: "没有登记手机号"}
NO_DOORS: Mapping[str, Outgoing] = MappingProxyType({})
log = structlog.get_logger()


@dataclass(frozen=True)
class Post:
    """How letters go out: the doors by channel, the sender's mail address, where links lead, and the bureau's quiet."""

    doors: Mapping[str, Outgoing]
    sender: str
    link: str = ""
    quiet: Quiet | None = None
    resting: set[str] = field(default_factory=set)

    @property
    def longest(self) -> float:
        """How many seconds one letter may take at most."""
        return max((door.longest for door in self.doors.values()), default=1.0)


def deliver_waiting(
    engine: Engine, door: Outgoing, *, sender: str, lease_seconds: float, others: Mapping[str, Outgoing] = NO_DOORS,
    link: str = "", quiet: Quiet | None = None,
) -> int:  # fmt: skip
    """Deliver what waits, for a few seconds at most, and return how many notices were taken in hand.

    `door` is that of mail, `others` those of the operator's channels; `link` is the address under which people reach
    the web; `quiet` holds for everybody who chose nothing else.
    """
    post = Post({MAIL: door, **others}, sender, link, quiet)
    taken, until = 0, time.monotonic() + LONGEST_RUN
    with begin(engine) as tx:
        gather_mornings(tx, gone=REASON_GONE)
    while time.monotonic() < until:
        begun = time.monotonic()
        with begin(engine) as tx:
            leased = outbox.lease(tx, limit=BATCH, seconds=lease_seconds)
        if not leased:
            break
        taken += len(leased)
        rows = sorted(leased, key=lambda row: (row["created_at"], row["id"]))
        put_in_inboxes(engine, [row for row in rows if row["channel"] == "inbox"])
        send_letters(engine, post, [row for row in rows if row["channel"] != "inbox"],
                     until=begun + lease_seconds - post.longest)  # fmt: skip
    return taken


def put_in_inboxes(engine: Engine, rows: Sequence[RowMapping]) -> None:
    """Put leased notices into their receivers' inboxes, all in one transaction."""
    if rows and not attempted(partial(_all_into_inboxes, engine, rows), log.info):
        for row in rows:
            attempted(partial(_all_into_inboxes, engine, [row]), partial(_failed, engine, row))


def _all_into_inboxes(engine: Engine, rows: Sequence[RowMapping]) -> None:
    with begin(engine) as tx:
        outbox.deliver_all_to_inboxes(tx, [row["id"] for row in rows], gone=REASON_GONE)


def send_letters(engine: Engine, post: Post, rows: Sequence[RowMapping], *, until: float) -> None:
    """Send leased notices one by one, those that may go now.

    What could outlast its lease (`until`, monotonic) and what a resting channel keeps waiting is given back untried.
    """
    if not rows:
        return
    with begin(engine) as tx:
        now_ones = held_back(tx, rows, post.quiet)
    untried: list[UUID] = []
    for number, row in enumerate(now_ones):
        if (number and time.monotonic() > until) or row["channel"] in post.resting:
            untried.append(row["id"])
        else:
            attempted(partial(send_letter, engine, post, row), partial(_failed, engine, row))
    if untried:
        with begin(engine) as tx:
            give_back(tx, untried)


def send_letter(engine: Engine, post: Post, row: RowMapping) -> None:
    """Say "sending", speak to the server, say "sent" with its answer: three steps, each kept before the next.

    If the middle one ends without an answer the row stays "sending" until its lease ends; then it is uncertain and is
    repeated once, as the same letter with the same id.
    """
    notice, channel = row["id"], row["channel"]
    with begin(engine) as tx:
        letter = _letter(tx, notice, post)
    if letter is None:
        return
    try:
        answer = post.doors[channel].send(letter)
    except LetterUncertain as uncertain:
        log.warning("letter.uncertain", notice=str(notice), channel=channel, reason=str(uncertain))
        return
    except ChannelUnreachable as away:
        with begin(engine) as tx:
            if note_failure(tx, channel, away.sentence):
                log.warning("channel.rests", channel=channel, reason=away.sentence)
                post.resting.add(channel)
        raise
    with begin(engine) as tx:
        outbox.mark_sent(tx, notice, answer)
        note_success(tx, channel)


def _letter(tx: Transaction, notice: UUID, post: Post) -> Letter | None:
    """Return the letter of a leased notice, marked as being sent; None where there is nothing to send (any more)."""
    row = outbox.held(tx, notice)
    if row is None:
        return None
    receiver = receiver_of(tx, row["recipient"])
    address = receiver.address_on(row["channel"]) if receiver else ""
    against = _against(tx, row, post, receiver, address)
    if against or receiver is None:
        outbox.mark_dropped(tx, notice, against or NO_RECEIVER)
        return None
    outbox.mark_sending(tx, notice)
    link = _link(row, post)
    return Letter(
        notice, post.sender, address, row["rendered"]["subject"], _text(tx, row, link), row["created_at"],
        row["kind"], row["class"], row["recipient"], receiver.name, receiver.mobile, link,
    )  # fmt: skip


def _against(tx: Transaction, row: RowMapping, post: Post, receiver: Receiver | None, address: str) -> str:
    """Return why a notice is not sent any more, empty where it is (features H10)."""
    if row["channel"] not in post.doors:
        return NO_DOOR
    if receiver is None or not address:
        return NO_ADDRESS.get(row["channel"], NO_RECEIVER)
    return "" if reason_holds(tx, row) else REASON_GONE


def _link(row: RowMapping, post: Post) -> str:
    """Return where the letter's link leads: a page that opens what it speaks of, and decides nothing (features H9)."""
    page = "work" if row["kind"] == KEY else f"n/{row['id']}"
    return f"{post.link}/{page}" if post.link else ""


def _text(tx: Transaction, row: RowMapping, link: str) -> str:
    if row["channel"] == SMS:
        subject, text = row["rendered"]["subject"], row["rendered"]["text"]
        return short_text(KEY, subject, "", NoticeClass.TASK) if row["kind"] == KEY else text
    number = proof_number(tx, row["log_stream"], row["version"]) if row["kind"] != KEY else None
    proof = f"\n记录指纹：{number}（请妥善保存，日后可据此核对）" if number else ""
    said = row["rendered"]["text"]
    open_it = f"\n\n打开办理页面：{link}" if link and LINK not in said else ""
    said = said.replace(LINK, link or "（请登录系统查看）")
    return f"{said}{open_it}\n\n——绩效目标审批台账自动发送，请勿回复。{proof}\n"


def _failed(engine: Engine, row: RowMapping, said: str) -> None:
    wait = min(FIRST_WAIT * WAIT_GROWS ** (row["attempts"] - 1), LONGEST_WAIT)
    with begin(engine) as tx:
        outbox.mark_failed(tx, row["id"], said, wait=wait)
