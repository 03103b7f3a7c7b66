"""Referrals (移送) over the interface: for those who may read them; to everybody else they are not there (8.4)."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID, uuid5

from pydantic import Field

from service.api.answers import Shape
from service.api.asked import Asked
from service.api.bodies import Body, Reason, Text
from service.api.operation import Reply
from service.audit_reads import note_audit_read
from service.context import journal, person, transaction
from workflows.commands.referring import answer_referral, make_referral
from workflows.referrals.referral import Answered, Referral
from workflows.store.queries import refuse_unseen
from workflows.store.referrals import referral_read_by, referrals_read_by

WHAT = "移送"
Number = Annotated[Text, Field(max_length=100)]


class NewReferral(Body):
    """A violation to refer: to whom, facts and grounds, the paper's number, a receiver by account."""

    to: Literal["finance_supervision", "discipline"]
    words: Reason
    doc_no: Number = ""
    receiver: Text = ""


class ReferralOutcome(Body):
    """What became of a referral; `version` is the one that the caller saw."""

    version: int = Field(ge=1, le=1_000_000)
    outcome: Literal["accepted", "declined", "concluded"]
    words: Reason
    doc_no: Number = ""


class OutcomeShown(Shape):
    """One answer to a referral."""

    outcome: str
    doc_no: str
    words: str
    by: str
    at: datetime


class ReferralShown(Shape):
    """A referral and how it stands; `dry_run` where nothing was recorded."""

    referral: UUID
    version: int
    table: UUID
    bureau: str
    to: str
    receiver: str
    receiver_name: str
    doc_no: str
    words: str
    by: str
    by_name: str
    at: datetime
    open: bool
    answers: list[OutcomeShown]
    dry_run: bool = False


class Referrals(Shape):
    """The referrals that the caller may read, newest first."""

    items: list[ReferralShown]


def list_referrals(_asked: Asked) -> Reply:
    """Answer the referrals that the caller may read: none to everybody else."""
    note_audit_read(transaction(), person(), WHAT)
    return Reply(Referrals(items=[_shown(each.referral) for each in referrals_read_by(transaction(), person())]))


def show_referral(asked: Asked) -> Reply:
    """Answer one referral."""
    found = referral_read_by(transaction(), person(), asked.path["referral_id"])
    note_audit_read(transaction(), person(), WHAT)
    return Reply(_shown(found.referral))


def refer(asked: Asked) -> Reply:
    """Refer a violation seen at a table."""
    body: NewReferral = asked.body
    table: UUID = asked.path["table_id"]
    refuse_unseen(transaction(), person(), table)
    made = make_referral(
        journal(), uuid5(asked.command_id, f"referral:{person().id}"), table_id=table, to=body.to, words=body.words,
        doc_no=body.doc_no, receiver=body.receiver, by=person(), command_id=asked.command_id,
    )  # fmt: skip
    return Reply(_shown(made, dry_run=asked.dry_run), status=201)


def record_outcome(asked: Asked) -> Reply:
    """Record what became of a referral."""
    body: ReferralOutcome = asked.body
    found = answer_referral(
        journal(), asked.path["referral_id"], seen=body.version, outcome=body.outcome, words=body.words,
        doc_no=body.doc_no, by=person(), command_id=asked.command_id,
    )  # fmt: skip
    return Reply(_shown(found, dry_run=asked.dry_run))


def _shown(found: Referral, *, dry_run: bool = False) -> ReferralShown:
    same = {name: getattr(found, name) for name in (*REFERRAL, "open")}
    answers = [OutcomeShown(**{name: getattr(each, name) for name in ANSWER}) for each in found.answers]
    return ReferralShown(referral=found.id, answers=answers, dry_run=dry_run, **same)


REFERRAL = ("version", "table", "bureau", "to", "receiver", "receiver_name", "doc_no", "words", "by", "by_name", "at")
ANSWER = tuple(Answered.__dataclass_fields__)
