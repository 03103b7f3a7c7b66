"""Sign-off rules (A4-A10) on cases made by hand; every outcome there is stands in test_signoff_outcomes."""

import math
from fractions import Fraction
from itertools import product

import pytest

from tests.support.ballots import ALWAYS, judged, seated
from workflows.state.signoff import Against, Kind, Rule, Signer, Verdict, removable, shortfall, turn, verdict, words_of
from workflows.vocabulary import Outcome


@pytest.mark.parametrize(
    ("rule", "ballot", "expected"),
    [
        # A4 会签
        (Rule(Kind.ALL), "++.", Verdict.OPEN),
        (Rule(Kind.ALL), "+++", Verdict.PASSED),
        (Rule(Kind.ALL), "..-", Verdict.REJECTED),
        (Rule(Kind.ALL, against=Against.WAIT), "..-", Verdict.OPEN),
        (Rule(Kind.ALL, against=Against.WAIT), "++-", Verdict.REJECTED),
        # A5 或签
        (Rule(), "...", Verdict.OPEN),
        (Rule(), ".+.", Verdict.PASSED),
        (Rule(), ".-.", Verdict.REJECTED),
        (Rule(against=Against.MAJORITY), "--.", Verdict.OPEN),
        (Rule(against=Against.MAJORITY), "---", Verdict.REJECTED),
        (Rule(against=Against.WAIT), "-+.", Verdict.OPEN),
        (Rule(against=Against.WAIT), "-+-", Verdict.PASSED),
        # A6 票签
        (Rule(Kind.COUNT, 3, Against.MAJORITY), "++--.", Verdict.OPEN),
        (Rule(Kind.COUNT, 3, Against.MAJORITY), "++--+", Verdict.PASSED),
        (Rule(Kind.COUNT, 3, Against.MAJORITY), "+++..", Verdict.PASSED),
        (Rule(Kind.COUNT, 3, Against.MAJORITY), "---..", Verdict.REJECTED),
        (Rule(Kind.COUNT, 3, Against.WAIT), "+++..", Verdict.OPEN),
        (Rule(Kind.COUNT, 3, Against.WAIT), "---+.", Verdict.OPEN),
        (Rule(Kind.PERCENT, 67, Against.MAJORITY), "++-", Verdict.REJECTED),  # 66.7 % is not 67 %
        (Rule(Kind.PERCENT, 66, Against.MAJORITY), "++-", Verdict.PASSED),
        (Rule(Kind.PERCENT, 50, Against.MAJORITY), "+-", Verdict.PASSED),
        (Rule(Kind.PERCENT, 51, Against.MAJORITY), "+-", Verdict.REJECTED),
    ],
)
def test_hand_made_cases(rule: Rule, ballot: str, expected: Verdict) -> None:
    assert judged(rule, ballot) == expected


@pytest.mark.parametrize("against", ALWAYS)
def test_a6_ry1069_ratio_and_reject_rule_do_not_contradict_each_other(against: Against) -> None:
    """RY#1069: with 60 % needed of five and two against, what happens must follow from the rule that was chosen."""
    rule = Rule(Kind.PERCENT, 60, against)
    walk = [judged(rule, ballot) for ballot in ("-....", "-+...", "-+-..", "-+-+.", "-+-++")]
    out, yes, no = Verdict.OPEN, Verdict.PASSED, Verdict.REJECTED
    expected = {
        Against.VETO: [no, no, no, no, no],
        Against.MAJORITY: [out, out, out, out, yes],
        Against.WAIT: [out, out, out, out, yes],
    }
    assert walk == expected[against]


def test_a_refusal_is_a_vote_against_just_as_a_return() -> None:
    votes = [verdict(Rule(), (Signer("t", "a", vote),)) for vote in Outcome]
    assert dict(zip(Outcome, votes, strict=True)) == {
        Outcome.PASS: Verdict.PASSED,
        Outcome.RETURN: Verdict.REJECTED,
        Outcome.REFUSE: Verdict.REJECTED,
    }


@pytest.mark.parametrize(
    ("need", "against", "ballot", "expected"),
    [
        (1, Against.VETO, "+.|..|.", Verdict.OPEN),
        (1, Against.VETO, "+.|.+|+", Verdict.PASSED),
        (1, Against.VETO, "+.|-.|.", Verdict.REJECTED),
        (1, Against.MAJORITY, "+.|-.|+", Verdict.OPEN),
        (
            1,
            Against.MAJORITY,
            "++|--|.",
            Verdict.REJECTED,
        ),  # the others' passes cannot stand for an office that refused
        (1, Against.MAJORITY, "+-|-+|+", Verdict.PASSED),
        (1, Against.WAIT, "++|--|.", Verdict.OPEN),
        (2, Against.MAJORITY, "++|++", Verdict.PASSED),
        (2, Against.MAJORITY, "++|+.", Verdict.OPEN),
        (2, Against.MAJORITY, "++|-.", Verdict.REJECTED),
    ],
)
def test_a7_every_office_gives_its_own_passes(need: int, against: Against, ballot: str, expected: Verdict) -> None:
    offices = ballot.split("|")
    bench = "".join(chr(ord("a") + at) * len(office) for at, office in enumerate(offices))
    assert judged(Rule(Kind.PER_GROUP, need, against), "".join(offices), bench) == expected


def test_a8_in_order_only_the_first_who_has_not_voted_may_decide() -> None:
    in_order, at_will = Rule(Kind.ALL, ordered=True), Rule(Kind.ALL)
    assert [turn(in_order, seated(ballot)) for ballot in ("...", "+..", "++.", "+++")] == [
        ("t0",),
        ("t1",),
        ("t2",),
        (),
    ]
    assert [turn(at_will, seated(ballot)) for ballot in ("...", ".+.", "+++")] == [("t0", "t1", "t2"), ("t0", "t2"), ()]


@pytest.mark.parametrize(
    ("rule", "ballot", "expected"),
    [
        (Rule(), "+.", Verdict.OPEN),  # the node's own signer passed; the added one is awaited
        (Rule(), ".+", Verdict.OPEN),  # the added one does not stand for the node's own signer
        (Rule(), "++", Verdict.PASSED),
        (Rule(), "+-", Verdict.REJECTED),
        (Rule(), ".-", Verdict.REJECTED),
        (Rule(against=Against.MAJORITY), ".-", Verdict.REJECTED),
        (Rule(against=Against.WAIT), ".-", Verdict.OPEN),
        (Rule(against=Against.WAIT), "+-", Verdict.REJECTED),
    ],
)
def test_a9_an_added_signer_passes_beside_the_rule_and_rejects_against_it(
    rule: Rule,
    ballot: str,
    expected: Verdict,
) -> None:
    assert judged(rule, ballot, "a!") == expected


def test_a9_while_an_added_signer_is_awaited_the_others_keep_their_veto() -> None:
    two_of_three = Rule(Kind.COUNT, 2, Against.VETO)
    assert [judged(two_of_three, ballot, "aaa!") for ballot in ("++..", "++-.", "++.+")] == [
        Verdict.OPEN,
        Verdict.REJECTED,
        Verdict.PASSED,
    ]


def test_a9_added_signers_alone_never_pass_a_node() -> None:
    for kind, against in product(Kind, ALWAYS):
        rule = Rule(kind, 1, against)
        assert [judged(rule, "+" * many, "!" * many) for many in range(4)] == [Verdict.OPEN] * 4
        assert judged(rule, "+-", "!!") == Verdict.REJECTED


@pytest.mark.parametrize(
    ("rule", "ballot", "expected"),
    [
        (Rule(Kind.ALL), "++.", Verdict.PASSED),
        (Rule(Kind.ALL), "+..", Verdict.OPEN),
        (Rule(Kind.PERCENT, 60, Against.MAJORITY), "++-..", Verdict.OPEN),  # 3 of 5 becomes 3 of 4
        (Rule(Kind.PERCENT, 50, Against.MAJORITY), "++-..", Verdict.PASSED),  # 3 of 5 becomes 2 of 4
        (Rule(Kind.COUNT, 3, Against.MAJORITY), "++-..", Verdict.OPEN),  # a number stays that number
        (Rule(Kind.ALL, against=Against.WAIT), "+-.", Verdict.REJECTED),
    ],
)
def test_a10_taking_an_undecided_signer_away_recomputes_the_quorum(rule: Rule, ballot: str, expected: Verdict) -> None:
    signers = seated(ballot)
    assert removable(rule, signers, signers[-1].task)
    assert verdict(rule, signers[:-1]) == expected


@pytest.mark.parametrize(
    ("rule", "ballot", "bench", "expected"),
    [
        (Rule(), ".", "a", False),  # the last signer
        (Rule(), ".", "!", True),  # added, the one it was added to is set aside
        (Rule(), "..", "!a", False),  # the last own signer, though an added one is there
        (Rule(Kind.ALL), "+", "a", False),  # signed
        (Rule(Kind.ALL), "+.", "a!", True),
        (Rule(Kind.COUNT, 2), "+..", "aaa", True),
        (Rule(Kind.COUNT, 2), "+.", "aa", False),  # one pass would no longer be two
        (Rule(Kind.COUNT, 2, Against.MAJORITY), "+-.", "aaa", False),  # taking away would reject by itself
        (Rule(Kind.COUNT, 2, Against.WAIT), "--..", "aaaa", False),  # the two still out could have passed it
        (Rule(Kind.COUNT, 2, Against.WAIT), "---.", "aaaa", True),  # lost already, by votes
        (Rule(Kind.PER_GROUP, 1), "+.", "ab", False),  # the last of his office
        (Rule(Kind.PER_GROUP, 1), "+..", "abb", True),
        (Rule(Kind.PER_GROUP, 2), "++..", "aabb", False),
    ],
)
def test_a10_who_may_be_taken_away(rule: Rule, ballot: str, bench: str, expected: bool) -> None:
    assert removable(rule, seated(ballot, bench), f"t{len(ballot) - 1}") is expected


def test_a10_a_task_that_is_not_there_cannot_be_taken_away() -> None:
    assert removable(Rule(), seated(".."), "t9") is False


@pytest.mark.parametrize(
    ("rule", "bench", "lacking"),
    [
        (Rule(), "a", 0),
        (Rule(), "", 1),
        (Rule(), "!", 1),
        (Rule(Kind.COUNT, 3), "aa", 1),
        (Rule(Kind.COUNT, 3), "aa!", 1),
        (Rule(Kind.COUNT, 3), "", 3),
        (Rule(Kind.PER_GROUP, 2), "aabc", 2),
        (Rule(Kind.PERCENT, 100), "aaa", 0),
        (Rule(Kind.ALL), "aaa", 0),
    ],
)
def test_how_many_people_a_rule_lacks(rule: Rule, bench: str, lacking: int) -> None:
    assert shortfall(rule, seated("." * len(bench), bench)) == lacking


@pytest.mark.parametrize(
    ("rule", "people", "words"),
    [
        (Rule(), None, "或签"),
        (Rule(Kind.ALL), 3, "会签"),
        (Rule(Kind.ALL, ordered=True), None, "顺签"),
        (Rule(ordered=True), None, "顺签，或签"),
        (Rule(against=Against.MAJORITY), None, "或签（达不到通过票数即退回）"),
        (Rule(Kind.COUNT, 3), 5, "票签 3/5（一票否决）"),
        (Rule(Kind.COUNT, 3), None, "票签 至少 3 人（一票否决）"),
        (Rule(Kind.PERCENT, 67, Against.WAIT), 5, "票签 ≥67%（全部表态后判定）"),
        (Rule(Kind.PER_GROUP, 1), None, "每处室至少 1 人（一票否决）"),
    ],
)
def test_the_rule_in_words(rule: Rule, people: int | None, words: str) -> None:
    assert words_of(rule, people) == words


@pytest.mark.parametrize("kind", [Kind.COUNT, Kind.PERCENT, Kind.PER_GROUP])
def test_a_rule_that_asks_for_nobody_still_asks_for_one(kind: Kind) -> None:
    """The lint refuses such a definition; were one run all the same, no node may pass without a vote."""
    assert [judged(Rule(kind, 0, Against.MAJORITY), ballot) for ballot in ("..", "+.", "--")] == [
        Verdict.OPEN,
        Verdict.PASSED,
        Verdict.REJECTED,
    ]


def test_a6_a_share_is_rounded_up_exactly_for_every_percent_and_number_of_people() -> None:
    """No binary fraction: 70 % of 10 is 7, not 8; 1 % of 3 is one person, not none."""
    for people, percent in product(range(1, 31), range(1, 101)):
        need = math.ceil(Fraction(people * percent, 100))
        rule = Rule(Kind.PERCENT, percent, Against.MAJORITY)
        assert judged(rule, "+" * need + "." * (people - need)) == Verdict.PASSED
        assert judged(rule, "+" * (need - 1) + "." * (people - need + 1)) == Verdict.OPEN
        assert judged(rule, "+" * (need - 1) + "-" * (people - need + 1)) == Verdict.REJECTED
