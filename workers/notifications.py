"""Notices leave the outbox: into inboxes exactly once, by mail as near to once as SMTP allows (ledger.md 9)."""

import time
from collections.abc import Sequence
from functools import partial
from uuid import UUID

import structlog
from sqlalchemy import Engine, RowMapping

from workers.failures import attempted
from workers.outgoing import Letter, MailUncertain, Outgoing
from workflows.store import outbox
from workflows.store.transaction import Transaction, begin
from workflows.store.work import give_back, mail_address_of, proof_number, reason_holds

BATCH = 100
LONGEST_RUN = 5.0
FIRST_WAIT, WAIT_GROWS, LONGEST_WAIT = 10.0, 6, 43_200.0
REASON_GONE, NO_ADDRESS = "事项已办理，不再通知", "没有登记邮箱"
log = structlog.get_logger()


def deliver_waiting(engine: Engine, door: Outgoing, *, sender: str, lease_seconds: float) -> int:
    """Deliver what waits, for a few seconds at most, and return how many notices were taken in hand."""
    taken, until = 0, time.monotonic() + LONGEST_RUN
    while time.monotonic() < until:
        begun = time.monotonic()
        with begin(engine) as tx:
            leased = outbox.lease(tx, limit=BATCH, seconds=lease_seconds)
        if not leased:
            break
        taken += len(leased)
        rows = sorted(leased, key=lambda row: (row["created_at"], row["id"]))
        put_in_inboxes(engine, [row for row in rows if row["channel"] == "inbox"])
        mails = [row for row in rows if row["channel"] == "mail"]
        send_mails(engine, door, mails, sender=sender, until=begun + lease_seconds - door.longest)
    return taken


def put_in_inboxes(engine: Engine, rows: Sequence[RowMapping]) -> None:
    """Put leased notices into their receivers' inboxes, all in one transaction."""
    if rows and not attempted(partial(_all_into_inboxes, engine, rows), log.info):
        for row in rows:
            attempted(partial(_all_into_inboxes, engine, [row]), partial(_failed, engine, row))


def _all_into_inboxes(engine: Engine, rows: Sequence[RowMapping]) -> None:
    with begin(engine) as tx:
        outbox.deliver_all_to_inboxes(tx, [row["id"] for row in rows], gone=REASON_GONE)


def send_mails(engine: Engine, door: Outgoing, rows: Sequence[RowMapping], *, sender: str, until: float) -> None:
    """Send leased notices one by one; what could outlast its lease (`until`, monotonic) is given back untried."""
    for number, row in enumerate(rows):
        if number and time.monotonic() > until:
            with begin(engine) as tx:
                give_back(tx, [late["id"] for late in rows[number:]])
            return
        attempted(partial(send_mail, engine, door, row["id"], sender=sender), partial(_failed, engine, row))


def send_mail(engine: Engine, door: Outgoing, notice: UUID, *, sender: str) -> None:
    """Say "sending", speak to the mail server, say "sent" with its answer: three steps, each kept before the next.

    If the middle one ends without an answer the row stays "sending" until its lease ends; then it is uncertain and is
    repeated once, with the same Message-ID.
    """
    with begin(engine) as tx:
        letter = _letter(tx, notice, sender)
    if letter is None:
        return
    try:
        answer = door.send(letter)
    except MailUncertain as uncertain:
        log.warning("mail.uncertain", notice=str(notice), reason=str(uncertain))
        return
    with begin(engine) as tx:
        outbox.mark_sent(tx, notice, answer)


def _letter(tx: Transaction, notice: UUID, sender: str) -> Letter | None:
    """Return the letter of a leased notice, marked as being sent; None where there is nothing to send (any more)."""
    row = outbox.held(tx, notice)
    if row is None:
        return None
    address = mail_address_of(tx, row["recipient"])
    if address is None or not reason_holds(tx, row):
        outbox.mark_dropped(tx, notice, REASON_GONE if address else NO_ADDRESS)
        return None
    outbox.mark_sending(tx, notice)
    return Letter(
        notice, sender, address, row["rendered"]["subject"], _text(tx, row), row["created_at"]
    )


def _text(tx: Transaction, row: RowMapping) -> str:
    number = proof_number(tx, row["log_stream"], row["version"])
    proof = f"\n记录指纹：{number}（请妥善保存，日后可据此核对）" if number else ""
    return f"{row['rendered']['text']}\n\n——绩效目标审批台账自动发送，请勿回复。{proof}\n"


def _failed(engine: Engine, row: RowMapping, said: str) -> None:
    wait = min(FIRST_WAIT * WAIT_GROWS ** (row["attempts"] - 1), LONGEST_WAIT)
    with begin(engine) as tx:
        outbox.mark_failed(tx, row["id"], said, wait=wait)
