"""Facts of a referral (移送): a violation handed to those who pursue it, on a stream that few may read."""

from dataclasses import dataclass

from workflows.events.fact import Event


@dataclass(frozen=True)
class ReferralMade(Event):
    """A violation seen at a table was referred: `to` whom (REFERRED_TO), and the person who receives it ("" for none).

    The words and the number of the paper lie beside the event; it holds their commitments only.
    """

    kind = "referral.made"
    erasable = ("doc_no", "words")
    table: str
    bureau: str
    to: str
    receiver: str
    receiver_name: str
    doc_no: str
    words: str


@dataclass(frozen=True)
class ReferralAnswered(Event):
    """What became of a referral: taken up, declined, or concluded (OUTCOMES), with the paper's number and words."""

    kind = "referral.answered"
    erasable = ("doc_no", "words")
    outcome: str
    doc_no: str
    words: str
