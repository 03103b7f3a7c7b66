"""移送: somebody of the bureau refers a violation, and records what became of it; the table itself does not change."""

from uuid import UUID, uuid5

from workflows import events as e
from workflows.commands.recipe import reason_given
from workflows.errors import FieldsInvalid, MarkedAsSecret, NotAllowed, NotFound, TableChangedMeanwhile
from workflows.folds.replay import Table
from workflows.journal import Command, Journal
from workflows.referrals.reading import TAKES_PART, answering_post, may_read_referral, may_receive, referring_post
from workflows.referrals.referral import (
    LONGEST_NUMBER,
    OUTCOMES,
    REFERRED_TO,
    SUBJECT,
    Referral,
    referral_from,
)
from workflows.state.disclosures import mark_of_classification
from workflows.vocabulary import Actor


def make_referral(
    journal: Journal, referral_id: UUID, *, table_id: UUID, to: str, words: str, by: Actor, command_id: UUID,
    receiver: str = "", doc_no: str = "",
) -> Referral:  # fmt: skip
    """Refer a violation seen at a table: `to` of REFERRED_TO, `receiver` a person's ID or empty.

    NotFound for everybody who may not refer, as for a table that there is not; FieldsInvalid for an unknown addressee
    or receiver, ReasonMissing below five characters, MarkedAsSecret for the mark of a state secret.
    """
    table = journal.lock_table(table_id)
    post = referring_post(by, table)
    if post is None:
        raise NotFound(table=str(table_id))
    own = uuid5(command_id, f"{by.id}:{e.ReferralMade.kind}")
    if not journal.recorded(referral_id, own):
        named = _receiver(journal, table, receiver.strip())
        if to not in REFERRED_TO:
            raise FieldsInvalid("请选择移送财政监督机构或纪检监察机关。", field="to")
        fact = e.ReferralMade(
            str(table_id), table.bureau, to, named.id if named else "", named.name if named else "",
            _number(doc_no), _said(words, doc_no),
        )  # fmt: skip
        journal.append(referral_id, SUBJECT, (fact,), Command(by, post, own))
    return referral_from(journal.history(referral_id))


def answer_referral(
    journal: Journal, referral_id: UUID, *, seen: int, outcome: str, words: str, by: Actor, command_id: UUID,
    doc_no: str = "",
) -> Referral:  # fmt: skip
    """Record what became of a referral: taken up, declined or concluded; `seen` is the version on the page.

    NotFound for whoever may not read it, NotAllowed for whoever may not answer and once it is over,
    TableChangedMeanwhile where it was answered since.
    """
    table = journal.lock_table(referral_from(journal.history(referral_id)).table)
    found = referral_from(journal.history(referral_id))
    if not may_read_referral(by, found, table):
        raise NotFound
    own = uuid5(command_id, f"{by.id}:{e.ReferralAnswered.kind}")
    if journal.recorded(referral_id, own):
        return found
    post = answering_post(by, found, table)
    if post is None:
        raise NotAllowed("移送结果由绩效科、财政分管领导、移送人或接收人登记。", rule="R-REFERRAL")
    if not found.open:
        raise NotAllowed("此项移送已有最后结果，不能再登记。", rule="G-REFERRAL")
    if seen != found.version:
        raise TableChangedMeanwhile("此项移送在您打开之后已有新的登记，请重新查看。", version=found.version)
    if outcome not in OUTCOMES:
        raise FieldsInvalid("请选择已受理、不予受理或已办结。", field="outcome")
    fact = e.ReferralAnswered(outcome, _number(doc_no), _said(words, doc_no))
    journal.append(referral_id, SUBJECT, (fact,), Command(by, post, own))
    return referral_from(journal.history(referral_id))


def receivers(journal: Journal, table: Table) -> tuple[Actor, ...]:
    """Return who may be named as the receiver of a referral about this table, by ID."""
    held = (each for role in sorted(TAKES_PART) for each in journal.holders(role, table.bureau))
    return tuple(each for _, each in sorted({each.id: each for each in held if may_receive(each, table)}.items()))


def _receiver(journal: Journal, table: Table, person: str) -> Actor | None:
    if not person:
        return None
    found = next((each for each in receivers(journal, table) if each.id == person), None)
    if found is None:
        raise FieldsInvalid("接收人须是本财政部门人员或审计观察员，且与所涉单位、部门无关。", field="receiver")
    return found


def _number(doc_no: str) -> str:
    if len(doc_no.strip()) > LONGEST_NUMBER:
        raise FieldsInvalid(f"文号至多{LONGEST_NUMBER}个字。", field="doc_no")
    return doc_no.strip()


def _said(words: str, doc_no: str) -> str:
    if mark_of_classification((words, doc_no)):
        raise MarkedAsSecret(field="words")
    return reason_given(words)
