"""Sign-off rules: hand-made cases, and every outcome up to seven signers against an oracle that tries all futures."""

import math
from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cache
from itertools import permutations, product

import pytest

from workflows.signoff import Against, Kind, Rule, Signer, Verdict, removable, shortfall, turn, verdict, words_of
from workflows.vocabulary import Outcome

# A ballot is a word: one letter for each signer, + passed, - against, . not yet voted.
# A bench is a word of the same length: the signer's group, or ! for an added signer.
VOTES: Mapping[str, Outcome | None] = {"+": Outcome.PASS, "-": Outcome.RETURN, ".": None}
ALWAYS = tuple(Against)
MOST = 7


def seated(ballot: str, bench: str = "") -> tuple[Signer, ...]:
    """Seat the signers of a ballot, of one group where no bench is given."""
    seats = zip(ballot, bench or "a" * len(ballot), strict=True)
    return tuple(Signer(f"t{at}", group, VOTES[mark], group == "!") for at, (mark, group) in enumerate(seats))


def judged(rule: Rule, ballot: str, bench: str = "") -> Verdict:
    """Judge a ballot."""
    return verdict(rule, seated(ballot, bench))


# ---- hand-made cases -------------------------------------------------------------------------------------------------


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
        (Rule(against=Against.MAJORITY), None, "或签（通过无望时退回）"),
        (Rule(Kind.COUNT, 3), 5, "票签 3/5（一票否决）"),
        (Rule(Kind.COUNT, 3), None, "票签 至少 3 人（一票否决）"),
        (Rule(Kind.PERCENT, 67, Against.WAIT), 5, "票签 ≥67%（全部表态后判定）"),
        (Rule(Kind.PER_GROUP, 1), None, "每处室至少 1 人（一票否决）"),
    ],
)
def test_the_rule_in_words(rule: Rule, people: int | None, words: str) -> None:
    assert words_of(rule, people) == words


def test_a6_a_share_is_rounded_up_exactly_for_every_percent_and_number_of_people() -> None:
    """No binary fraction: 70 % of 10 is 7, not 8; 1 % of 3 is one person, not none."""
    for people, percent in product(range(1, 31), range(1, 101)):
        need = math.ceil(Fraction(people * percent, 100))
        rule = Rule(Kind.PERCENT, percent, Against.MAJORITY)
        assert judged(rule, "+" * need + "." * (people - need)) == Verdict.PASSED
        assert judged(rule, "+" * (need - 1) + "." * (people - need + 1)) == Verdict.OPEN
        assert judged(rule, "+" * (need - 1) + "-" * (people - need + 1)) == Verdict.REJECTED


# ---- every outcome ---------------------------------------------------------------------------------------------------


def enough(rule: Rule, ballot: str, bench: str) -> bool:
    """Whether a ballot to which no vote will be added passes: the plain meaning of each rule, no short cut."""
    own = [(group, mark) for group, mark in zip(bench, ballot, strict=True) if group != "!"]
    marks = "".join(mark for _, mark in own)
    offices = {group: "".join(mark for one, mark in own if one == group) for group, _ in own}
    added = "".join(mark for group, mark in zip(bench, ballot, strict=True) if group == "!")
    meaning = {
        Kind.ANY: "+" in marks,
        Kind.ALL: set(marks) == {"+"},
        Kind.COUNT: marks.count("+") >= rule.need,
        Kind.PERCENT: Fraction(marks.count("+"), max(1, len(marks))) >= Fraction(rule.need, 100),
        Kind.PER_GROUP: all(votes.count("+") >= rule.need for votes in offices.values()),
    }
    objected = rule.against == Against.VETO and "-" in ballot
    return meaning[rule.kind] and set(added) <= {"+"} and not objected


def futures(rule: Rule, bench: str) -> dict[str, frozenset[bool]]:
    """Map each ballot to all ways it may still end, by letting every open voter pass or not.

    Not to pass is to vote against; under a veto, whose use ends the node at once, it is to stay silent.
    """
    not_to_pass = " " if rule.against == Against.VETO else "-"
    ends: dict[str, frozenset[bool]] = {}

    def of(ballot: str) -> frozenset[bool]:
        if ballot not in ends:
            ends[ballot] = (
                of(ballot.replace(".", "+", 1)) | of(ballot.replace(".", not_to_pass, 1))
                if "." in ballot
                else frozenset({enough(rule, ballot, bench)})
            )
        return ends[ballot]

    return {ballot: of(ballot) for ballot in ballots(len(bench))}


def expected_of(rule: Rule, ballot: str, ends: frozenset[bool]) -> Verdict:
    """Decide exactly where every future ends alike; waiting for all comes first where the rule says so."""
    if len(ends) > 1 or (rule.against == Against.WAIT and "." in ballot):
        return Verdict.OPEN
    return Verdict.PASSED if True in ends else Verdict.REJECTED


@cache
def ballots(people: int) -> tuple[str, ...]:
    """List all 3^n ballots."""
    return tuple("".join(marks) for marks in product("+-.", repeat=people))


@cache
def outcomes(rule: Rule, bench: str) -> dict[str, Verdict]:
    """Ask `verdict` about all ballots of a bench."""
    seats = [{mark: seated(mark, group)[0] for mark in VOTES} for group in bench]
    return {
        ballot: verdict(rule, [seat[mark] for seat, mark in zip(seats, ballot, strict=True)])
        for ballot in ballots(len(bench))
    }


def splits(people: int, most: int) -> Iterator[tuple[int, ...]]:
    """Split people into groups of falling size."""
    if people == 0:
        yield ()
    for size in range(min(people, most), 0, -1):
        for rest in splits(people - size, size):
            yield (size, *rest)


def rules_and_benches(people: int) -> Iterator[tuple[Rule, str]]:
    """List every kind with every need that differs for so many people, and every way to sit in groups."""
    shares = sorted({1, 100, *(100 * passes // people for passes in range(1, people)), 50, 67})
    one_group = [(Kind.ANY, 1), (Kind.ALL, 1), *((Kind.COUNT, need) for need in range(1, people + 2))]
    one_group += [(Kind.PERCENT, share) for share in shares if share]
    for against in ALWAYS:
        yield from ((Rule(kind, need, against), "a" * people) for kind, need in one_group)
        for sizes in splits(people, people):
            bench = "".join(chr(ord("a") + at) * size for at, size in enumerate(sizes))
            yield from ((Rule(Kind.PER_GROUP, need, against), bench) for need in range(1, min(3, max(sizes)) + 1))


def assert_all_as_expected(rule: Rule, bench: str) -> None:
    """Compare all ballots of one rule and bench with the oracle."""
    expected = {ballot: expected_of(rule, ballot, ends) for ballot, ends in futures(rule, bench).items()}
    assert outcomes(rule, bench) == expected, (rule, bench)


@pytest.mark.parametrize("people", range(1, MOST + 1))
def test_a6_every_outcome_up_to_seven_signers_is_decided_exactly_when_fixed(people: int) -> None:
    for rule, bench in rules_and_benches(people):
        assert_all_as_expected(rule, bench)


def benches_with_added(people: int) -> Iterator[tuple[Rule, str]]:
    """List the same with one or more added signers among so many people."""
    for added in range(1, people):
        yield from ((rule, bench + "!" * added) for rule, bench in rules_and_benches(people - added))


@pytest.mark.parametrize("people", range(2, 6))
def test_a9_every_outcome_with_added_signers_up_to_five(people: int) -> None:
    for rule, bench in benches_with_added(people):
        assert_all_as_expected(rule, bench)


@pytest.mark.long
@pytest.mark.parametrize("people", [6, 7])
def test_a9_every_outcome_with_added_signers_of_six_and_seven(people: int) -> None:
    for rule, bench in benches_with_added(people):
        assert_all_as_expected(rule, bench)
    outcomes.cache_clear()


def one_vote_more(ballot: str, mark: str) -> list[str]:
    """List the ballots that come of one more vote."""
    return [ballot[:at] + mark + ballot[at + 1 :] for at, now in enumerate(ballot) if now == "."]


@pytest.mark.parametrize("people", range(1, MOST + 1))
def test_a_further_pass_never_undoes_a_pass_and_nothing_undoes_a_rejection(people: int) -> None:
    for rule, bench in rules_and_benches(people):
        found = outcomes(rule, bench)
        for ballot, now in found.items():
            if now == Verdict.PASSED:
                assert {found[more] for more in one_vote_more(ballot, "+")} <= {Verdict.PASSED}, (rule, ballot)
            if now == Verdict.REJECTED:
                more = one_vote_more(ballot, "+") + one_vote_more(ballot, "-")
                assert {found[one] for one in more} <= {Verdict.REJECTED}, (rule, ballot)


@pytest.mark.parametrize("people", range(1, MOST + 1))
def test_inv5_when_everybody_has_voted_the_node_is_decided(people: int) -> None:
    for rule, bench in rules_and_benches(people):
        undecided = [ballot for ballot, now in outcomes(rule, bench).items() if now == Verdict.OPEN]
        assert all("." in ballot for ballot in undecided), (rule, bench)


@pytest.mark.parametrize("people", range(2, MOST + 1))
def test_a6_warm_flow_the_last_voter_does_not_override_the_ratio(people: int) -> None:
    """Warm-flow: "当只剩一位待办用户时，由当前用户决定走向"; here the last vote is one vote of n, whoever casts it."""
    for need, against in product(range(1, people + 1), (Against.MAJORITY, Against.WAIT)):
        found = outcomes(Rule(Kind.COUNT, need, against), "a" * people)
        for ballot in (one for one in ballots(people) if one.count(".") == 1):
            for last in "+-":
                whole = ballot.replace(".", last)
                ratio = Verdict.PASSED if whole.count("+") >= need else Verdict.REJECTED
                assert found[whole] == ratio


def test_the_order_of_signing_and_of_sitting_changes_nothing() -> None:
    """Every order in which four may cast every ballot ends alike; under a veto, as long as nobody is against."""
    for rule, bench in rules_and_benches(4):
        found = outcomes(rule, bench)
        for whole in (ballot for ballot in ballots(4) if "." not in ballot):
            if rule.against == Against.VETO and "-" in whole:
                continue
            ends = {walked(found, whole, order) for order in permutations(range(4))}
            assert ends == {found[whole]}, (rule, whole)


def walked(found: Mapping[str, Verdict], whole: str, order: tuple[int, ...]) -> Verdict:
    """Cast the votes one by one in this order and stop at the first decision."""
    ballot = ["."] * len(whole)
    for at in order:
        if found["".join(ballot)] != Verdict.OPEN:
            break
        ballot[at] = whole[at]
    return found["".join(ballot)]


def test_under_a_veto_what_comes_first_decides_enough_passes_or_one_against() -> None:
    """The only race, and it is the rule's own: who is against after the node has closed was too late."""
    for need, whole in product(range(1, 5), (ballot for ballot in ballots(4) if "." not in ballot)):
        found = outcomes(Rule(Kind.COUNT, need, Against.VETO), "aaaa")
        for order in permutations(range(4)):
            said = "".join(whole[at] for at in order)
            in_time = said.split("-")[0].count("+") >= need
            assert walked(found, whole, order) == (Verdict.PASSED if in_time else Verdict.REJECTED)
