"""Every outcome of every sign-off rule up to seven signers, against an oracle that tries all futures (A6, INV5)."""

from collections.abc import Iterator, Mapping
from itertools import permutations, product

import pytest

from tests.support.ballots import ballots, expected_of, futures, outcomes, rules_and_benches, still_to_come
from workflows.state.signoff import Against, Kind, Rule, Verdict

MOST = 7


def assert_all_as_expected(rule: Rule, bench: str) -> None:
    """Compare all ballots of one rule and bench with the oracle."""
    expected = {ballot: expected_of(rule, ballot, ends) for ballot, ends in futures(rule, bench).items()}
    assert outcomes(rule, bench) == expected, (rule, bench)


PEOPLE = [*range(1, MOST), pytest.param(MOST, marks=pytest.mark.long)]
"""Seven signers take most of the time: with `test --all`."""


@pytest.mark.parametrize("people", PEOPLE)
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


@pytest.mark.parametrize("people", PEOPLE)
def test_a_further_pass_never_undoes_a_pass_and_nothing_undoes_a_rejection(people: int) -> None:
    for rule, bench in rules_and_benches(people):
        found = outcomes(rule, bench)
        for ballot, now in found.items():
            if now == Verdict.PASSED:
                assert {found[more] for more in one_vote_more(ballot, "+")} <= {Verdict.PASSED}, (rule, ballot)
            if now == Verdict.REJECTED:
                more = one_vote_more(ballot, "+") + one_vote_more(ballot, "-")
                assert {found[one] for one in more} <= {Verdict.REJECTED}, (rule, ballot)


@pytest.mark.parametrize("people", PEOPLE)
def test_inv5_when_everybody_has_voted_the_node_is_decided_unless_people_are_lacking(people: int) -> None:
    for rule, bench in rules_and_benches(people):
        undecided = [ballot for ballot, now in outcomes(rule, bench).items() if now == Verdict.OPEN]
        lacking = bool(still_to_come(rule, bench))
        assert all("." in ballot or lacking for ballot in undecided), (rule, bench)


@pytest.mark.parametrize("people", PEOPLE)
def test_nobody_opposed_never_means_rejected_however_few_there_are(people: int) -> None:
    for rule, bench in rules_and_benches(people):
        found = outcomes(rule, bench)
        assert [ballot for ballot, now in found.items() if now == Verdict.REJECTED and "-" not in ballot] == []


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
