"""A referral as it stands: about which table, to whom, with which words, and what became of it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from workflows import events as e
from workflows.errors import NotFound

SUBJECT = "referral"
REFERRED_TO = {"finance_supervision": "财政监督机构", "discipline": "纪检监察机关"}
ACCEPTED, DECLINED, CONCLUDED = "accepted", "declined", "concluded"
OUTCOMES = {ACCEPTED: "已受理", DECLINED: "不予受理", CONCLUDED: "已办结"}
FINAL = frozenset({DECLINED, CONCLUDED})
LONGEST_NUMBER = 100


@dataclass(frozen=True)
class Answered:
    """One answer: the outcome, the paper's number, the words, and who recorded it when."""

    outcome: str
    doc_no: str
    words: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Referral:
    """One referral; `by` and `receiver` are IDs of people, the receiver empty where none is named."""

    id: UUID
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
    post: str
    at: datetime
    answers: tuple[Answered, ...] = ()

    @property
    def open(self) -> bool:
        """Whether something may still come of it."""
        return not self.answers or self.answers[-1].outcome not in FINAL

    @property
    def state(self) -> str:
        """Return in one word how it stands."""
        return OUTCOMES[self.answers[-1].outcome] if self.answers else "已移送，尚无答复"


def referral_from(history: Iterable[e.Recorded]) -> Referral:
    """Fold a referral's events, oldest first; NotFound where the stream holds none."""
    found: Referral | None = None
    for each in history:
        if isinstance(each.fact, e.ReferralMade):
            found = _made(each, each.fact)
        elif isinstance(each.fact, e.ReferralAnswered) and found:
            answer = Answered(each.fact.outcome, each.fact.doc_no, each.fact.words, each.actor_name, each.at)
            found = replace(found, version=each.version, answers=(*found.answers, answer))
    if found is None:
        raise NotFound
    return found


def _made(at: e.Recorded, fact: e.ReferralMade) -> Referral:
    return Referral(
        at.stream, at.version, UUID(fact.table), fact.bureau, fact.to, fact.receiver, fact.receiver_name, fact.doc_no,
        fact.words, at.actor_id, at.actor_name, at.role.chinese, at.at,
    )  # fmt: skip
