"""A wrongly entered approval of final accounts is put right by two persons, with a reason; nothing is erased (N9)."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from tests.support import roster
from tests.support.life import memory
from workflows.commands import correcting_accounts as correcting
from workflows.commands.approving_accounts import accounts_of, accounts_stream, approve_accounts
from workflows.errors import FieldsInvalid, NotAllowed, ReasonMissing
from workflows.vocabulary import Role
from workflows.words.disclosure_sentences import notices_of_accounts
from workflows.words.sentences import SENTENCES

REASON = "录入时写错了批复日期"
SECOND = roster.person("second_budget", (Role.FINANCE_BUDGET, roster.BUREAU))
WHERE = {"bureau": roster.BUREAU, "department": roster.DEPARTMENT, "year": 2026}
STREAM = accounts_stream(roster.DEPARTMENT, 2026)


def registered(journal=None, on="2027-08-10"):
    journal = journal or memory()
    journal.at = datetime(2027, 8, 20, 2, 0, tzinfo=UTC)
    approve_accounts(
        journal, bureau=roster.BUREAU, departments=(roster.DEPARTMENT,), year=2026, approved_on=on, by=roster.FINANCE_BUDGET,
        command_id=uuid4(), doc_no="清财决〔2027〕3号", congress_on="2027-07-30",
    )  # fmt: skip
    return journal


def asked(journal, on="2027-08-12", *, by=roster.FINANCE_BUDGET, reason=REASON, command=None, doc_no="清财决〔2027〕3号", congress_on="2027-07-30"):
    return correcting.ask_accounts_correction(
        journal, **WHERE, approved_on=on, reason=reason, by=by, command_id=command or uuid4(), doc_no=doc_no, congress_on=congress_on
    )


def agreed(journal, on="2027-08-12", *, by=SECOND, command=None):
    return correcting.confirm_accounts_correction(journal, **WHERE, approved_on=on, by=by, command_id=command or uuid4())


def now(journal):
    return accounts_of(journal, roster.DEPARTMENT, 2026)


@pytest.mark.parametrize("second", [SECOND, roster.FINANCE_LEADER])
def test_two_persons_put_the_day_right_and_the_terms_follow_and_nothing_is_erased(second):
    journal = registered()
    first = now(journal)
    asked(journal)
    assert now(journal) == first, "nothing changes before the second word"
    fact = agreed(journal, by=second)
    assert (fact.approved_on, fact.instead_of, fact.pass_on_due, fact.disclose_due, fact.finance_due) == (
        "2027-08-12", "2027-08-10", "2027-08-27", "2027-09-01", "2027-08-19",
    )  # fmt: skip
    history = journal.history(STREAM)
    assert (now(journal), history[0].fact) == (fact, first)
    assert [SENTENCES[each.kind](each.fact) for each in history[1:]] == [
        "申请更正2026年度部门决算的批复日期：2027-08-10 → 2027-08-12",
        "更正2026年度部门决算的批复日期：2027-08-10 → 2027-08-12，自评结果公开期限2027-09-01",
    ]
    (told,) = notices_of_accounts(history[-1])
    assert (told.to.organ, told.template) == (roster.DEPARTMENT, "accounts.corrected")
    assert told.text.startswith("更正：原登记为2027-08-10。2026年度部门决算已于2027-08-12批复")


def test_who_asked_does_not_agree_himself_and_nobody_outside_does():
    journal = registered()
    asked(journal)
    for by, rule in ((roster.FINANCE_BUDGET, "S10"), (roster.FINANCE_BUSINESS, "R-ROLE"), (roster.DEPARTMENT_FINANCE, "R-ROLE")):
        with pytest.raises(NotAllowed) as refused:
            agreed(journal, by=by)
        assert refused.value.rule == rule
    assert now(journal).approved_on == "2027-08-10"


def test_what_is_agreed_to_is_what_was_seen_and_only_the_last_asking_counts():
    journal = registered()
    asked(journal)
    asked(journal, "2027-08-13")
    with pytest.raises(NotAllowed) as refused:
        agreed(journal)
    assert refused.value.rule == "G-NOTHING"
    assert agreed(journal, "2027-08-13").approved_on == "2027-08-13"
    assert correcting.waiting_accounts_correction(journal, roster.DEPARTMENT, 2026) is None


def test_number_and_congress_are_corrected_too_and_a_correction_may_be_corrected():
    journal = registered()
    asked(journal, "2027-08-10", doc_no="清财决〔2027〕4号", congress_on="")
    fact = agreed(journal, "2027-08-10")
    assert (fact.doc_no, fact.congress_on, fact.finance_due) == ("清财决〔2027〕4号", "", "")
    asked(journal, "2027-08-11", doc_no="清财决〔2027〕4号", congress_on="")
    assert agreed(journal, "2027-08-11").instead_of == "2027-08-10"


@pytest.mark.parametrize(("said", "error"), [
    ({"on": "2027-08-10"}, FieldsInvalid), ({"on": "2032-01-01"}, FieldsInvalid), ({"on": "今天"}, FieldsInvalid),
    ({"congress_on": "2027-08-13"}, FieldsInvalid), ({"reason": "错"}, ReasonMissing),
])  # fmt: skip
def test_a_correction_needs_other_possible_days_and_a_reason(said, error):
    with pytest.raises(error):
        asked(registered(), **said)


def test_nobody_else_asks_and_nothing_is_corrected_that_was_never_recorded():
    for journal, by, rule in ((registered(), roster.FINANCE_PERFORMANCE, "R-ROLE"), (memory(), roster.FINANCE_BUDGET, "G-NOTHING")):
        with pytest.raises(NotAllowed) as refused:
            asked(journal, by=by)
        assert refused.value.rule == rule


def test_the_same_command_is_carried_out_once():
    journal, first, second = registered(), uuid4(), uuid4()
    assert asked(journal, command=first) == asked(journal, command=first)
    assert agreed(journal, command=second) == agreed(journal, command=second)
    assert len(journal.history(STREAM)) == 3


def test_nobody_agrees_to_another_number_than_he_saw():
    journal = registered()
    asked(journal)
    seen = str(correcting.waiting_accounts_correction(journal, roster.DEPARTMENT, 2026).command_id)
    asked(journal, doc_no="清财决〔2027〕9号")
    with pytest.raises(NotAllowed) as refused:
        correcting.confirm_accounts_correction(journal, **WHERE, approved_on="2027-08-12", by=SECOND, command_id=uuid4(), asked_by=seen)
    assert refused.value.rule == "G-NOTHING"
    now_seen = str(correcting.waiting_accounts_correction(journal, roster.DEPARTMENT, 2026).command_id)
    fact = correcting.confirm_accounts_correction(journal, **WHERE, approved_on="2027-08-12", by=SECOND, command_id=uuid4(), asked_by=now_seen)
    assert fact.doc_no == "清财决〔2027〕9号"
