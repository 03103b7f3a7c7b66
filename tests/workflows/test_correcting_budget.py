"""A wrongly entered day of the congress is put right by two persons; finance's term follows the new day (N4)."""

from uuid import uuid4

import pytest

from tests.support import roster
from tests.support.life import memory
from tests.workflows.test_passing_on import approved
from workflows.commands import correcting_budget
from workflows.commands.approving_budget import budget_of, budget_stream
from workflows.errors import FieldsInvalid, NotAllowed, ReasonMissing
from workflows.vocabulary import Role
from workflows.words.sentences import SENTENCES

REASON = "录入时写错了一天"
SECOND = roster.person("second_budget", (Role.FINANCE_BUDGET, roster.BUREAU))
WHERE = {"bureau": roster.BUREAU, "year": 2026}


def asked(journal, on="2026-01-03", *, by=roster.FINANCE_BUDGET, reason=REASON, command=None, **more):
    return correcting_budget.ask_budget_correction(
        journal, **WHERE, approved_on=on, reason=reason, by=by, command_id=command or uuid4(), **more
    )


def agreed(journal, on="2026-01-03", *, by=SECOND, command=None):
    return correcting_budget.confirm_budget_correction(journal, **WHERE, approved_on=on, by=by, command_id=command or uuid4())


def registered(on="2026-01-02"):
    journal = memory()
    approved(journal, on=on)
    return journal


@pytest.mark.parametrize("second", [SECOND, roster.FINANCE_LEADER])
def test_two_persons_put_the_day_right_and_the_term_follows(second):
    journal = registered()
    asked(journal)
    assert budget_of(journal, roster.BUREAU, 2026).due == "2026-01-22", "nothing changes before the second word"
    fact = agreed(journal, by=second)
    assert (fact.approved_on, fact.instead_of, fact.days, fact.due) == ("2026-01-03", "2026-01-02", 20, "2026-01-23")
    assert budget_of(journal, roster.BUREAU, 2026) == fact
    said = [SENTENCES[each.kind](each.fact) for each in journal.history(budget_stream(roster.BUREAU, 2026))[1:]]
    assert said == [
        "申请更正2026年度预算的人大批准日期：2026-01-02 → 2026-01-03",
        "更正2026年度预算的人大批准日期：2026-01-02 → 2026-01-03，批复期限2026-01-23",
    ]


def test_who_asked_does_not_agree_himself_and_nobody_outside_does():
    journal = registered()
    asked(journal)
    for by, rule in ((roster.FINANCE_BUDGET, "S10"), (roster.FINANCE_BUSINESS, "R-ROLE"), (roster.UNIT_HEAD, "R-ROLE")):
        with pytest.raises(NotAllowed) as refused:
            agreed(journal, by=by)
        assert refused.value.rule == rule
    assert budget_of(journal, roster.BUREAU, 2026).approved_on == "2026-01-02"


def test_what_is_agreed_to_is_what_was_seen_and_only_the_last_asking_counts():
    journal = registered()
    asked(journal)
    asked(journal, "2026-01-04")
    with pytest.raises(NotAllowed) as refused:
        agreed(journal, "2026-01-03")
    assert refused.value.rule == "G-NOTHING"
    assert agreed(journal, "2026-01-04").approved_on == "2026-01-04"
    with pytest.raises(NotAllowed):
        agreed(journal, "2026-01-04")
    assert correcting_budget.waiting_correction(journal, roster.BUREAU, 2026) is None


def test_the_number_of_the_decision_is_corrected_too_and_a_correction_may_be_corrected():
    journal = registered()
    asked(journal, "2026-01-02", doc_no="清人发〔2026〕1号")
    assert agreed(journal, "2026-01-02").doc_no == "清人发〔2026〕1号"
    asked(journal, "2026-01-04", doc_no="清人发〔2026〕1号")
    assert agreed(journal, "2026-01-04").instead_of == "2026-01-02"


@pytest.mark.parametrize(("on", "reason", "error"), [
    ("2026-01-02", REASON, FieldsInvalid), ("2030-01-01", REASON, FieldsInvalid), ("今天", REASON, FieldsInvalid), ("2026-01-03", "错", ReasonMissing),
])  # fmt: skip
def test_a_correction_needs_another_possible_day_and_a_reason(on, reason, error):
    with pytest.raises(error):
        asked(registered(), on, reason=reason)


def test_nobody_else_asks_and_nothing_is_corrected_that_was_never_recorded():
    with pytest.raises(NotAllowed) as refused:
        asked(registered(), by=roster.FINANCE_PERFORMANCE)
    assert refused.value.rule == "R-ROLE"
    with pytest.raises(NotAllowed) as refused:
        asked(memory())
    assert refused.value.rule == "G-NOTHING"


def test_the_same_command_is_carried_out_once():
    journal, first, second = registered(), uuid4(), uuid4()
    assert asked(journal, command=first) == asked(journal, command=first)
    assert agreed(journal, command=second) == agreed(journal, command=second)
    assert len(journal.history(budget_stream(roster.BUREAU, 2026))) == 3
