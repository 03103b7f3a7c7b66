"""Sign-off in life: random rules and offices, people voting in any order, signers added and taken away meanwhile."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from workflows.state.signoff import Against, Kind, Rule, Signer, Verdict, removable, shortfall, turn, verdict
from workflows.vocabulary import Outcome

AGAINST = (Outcome.RETURN, Outcome.REFUSE)
votes = st.sampled_from([None, *Outcome])
rules = st.builds(
    Rule,
    kind=st.sampled_from(Kind),
    need=st.integers(1, 5),
    against=st.sampled_from(Against),
    ordered=st.booleans(),
) | st.builds(Rule, kind=st.just(Kind.PERCENT), need=st.integers(1, 100), against=st.sampled_from(Against))


@st.composite
def benches(draw: st.DrawFn, *, open_only: bool = False) -> tuple[Signer, ...]:
    """Draw up to nine signers of three offices, some of them added, with or without votes."""
    seats = draw(
        st.lists(
            st.tuples(
                st.sampled_from("甲乙丙"), st.none() if open_only else votes, st.integers(0, 3).map(lambda n: n == 0)
            ),
            min_size=1,
            max_size=9,
        ),
    )
    return tuple(Signer(f"t{at}", group, vote, must) for at, (group, vote, must) in enumerate(seats))


def cast(signers: Sequence[Signer], task: str, vote: Outcome | None) -> tuple[Signer, ...]:
    """Put one vote in."""
    return tuple(replace(signer, vote=vote) if signer.task == task else signer for signer in signers)


def without(signers: Sequence[Signer], task: str) -> tuple[Signer, ...]:
    """Take one task away."""
    return tuple(signer for signer in signers if signer.task != task)


def _vetoed(rule: Rule, signers: Sequence[Signer]) -> bool:
    """Whether a vote against rejects by itself: any under a veto, an added signer's always."""
    return any(one.opposed and (one.must or rule.against == Against.VETO) for one in signers)


def _lost(rule: Rule, signers: Sequence[Signer]) -> bool:
    """Whether somebody is against where the rule needs more passes than there are people."""
    own = [one for one in signers if not one.must]
    groups = {one.group for one in own} if rule.kind == Kind.PER_GROUP else {None}
    quotas = [[one for one in own if group in (None, one.group)] for group in groups]
    needs = [
        rule.need if rule.kind in (Kind.COUNT, Kind.PER_GROUP) else
        {Kind.ALL: len(q), Kind.ANY: 1}.get(rule.kind, -(-len(q) * rule.need // 100)) for q in quotas
    ]  # fmt: skip
    return any(max(len(q), need) - sum(one.opposed for one in q) < need for q, need in zip(quotas, needs, strict=True))


@given(rules, benches(), st.randoms(use_true_random=False))
def test_how_the_signers_sit_does_not_matter(rule: Rule, signers: tuple[Signer, ...], chance: Random) -> None:
    shuffled = list(signers)
    chance.shuffle(shuffled)
    assert verdict(rule, shuffled) == verdict(rule, signers)


@given(rules, benches())
def test_a_return_and_a_refusal_weigh_the_same(rule: Rule, signers: tuple[Signer, ...]) -> None:
    swapped = {Outcome.RETURN: Outcome.REFUSE, Outcome.REFUSE: Outcome.RETURN}
    mirrored = [replace(one, vote=swapped.get(one.vote, one.vote) if one.vote else None) for one in signers]
    assert verdict(rule, mirrored) == verdict(rule, signers)


@given(rules, benches())
def test_when_all_have_voted_only_a_node_without_own_signers_is_still_open(
    rule: Rule,
    signers: tuple[Signer, ...],
) -> None:
    voted = [replace(one, vote=one.vote or Outcome.PASS) for one in signers]
    short = shortfall(rule, signers) > 0 and not _lost(rule, voted)
    forsaken = (all(one.must for one in voted) or short) and not _vetoed(rule, voted)
    assert (verdict(rule, voted) == Verdict.OPEN) == forsaken


@given(rules, benches())
def test_enough_people_who_all_pass_always_pass_and_too_few_never_do(rule: Rule, signers: tuple[Signer, ...]) -> None:
    voted = [replace(one, vote=Outcome.PASS) for one in signers]
    assert (verdict(rule, voted) == Verdict.PASSED) == (shortfall(rule, signers) == 0)


@given(rules, benches())
def test_a6_decided_exactly_when_no_single_further_vote_chain_can_change_it(
    rule: Rule,
    signers: tuple[Signer, ...],
) -> None:
    """An open node with own signers can still end both ways, or is lost already and waits; a decided one stays so."""
    now = verdict(rule, signers)
    all_pass = verdict(rule, [replace(one, vote=one.vote or Outcome.PASS) for one in signers])
    all_against = verdict(rule, [replace(one, vote=one.vote or Outcome.RETURN) for one in signers])
    if now == Verdict.PASSED:
        assert all_pass == Verdict.PASSED
        assert all_against == Verdict.PASSED or rule.against == Against.VETO
    elif now == Verdict.REJECTED:
        assert (all_pass, all_against) == (Verdict.REJECTED, Verdict.REJECTED)
    elif rule.against != Against.WAIT and not all(one.must for one in signers):
        assert all_pass == (Verdict.OPEN if shortfall(rule, signers) else Verdict.PASSED)
        assert all_against == Verdict.REJECTED or shortfall(rule, signers)


@given(rules, benches())
def test_a9_adding_a_signer_holds_a_pass_back_until_he_passes_and_revives_nothing(
    rule: Rule,
    signers: tuple[Signer, ...],
) -> None:
    before = verdict(rule, signers)
    newcomer = Signer("new", "外", must=True)
    voted = {vote: verdict(rule, (*signers, replace(newcomer, vote=vote))) for vote in (None, *Outcome)}
    waits = rule.against == Against.WAIT
    if before == Verdict.PASSED:
        assert voted[None] == Verdict.OPEN
    if before == Verdict.REJECTED:
        assert voted[None] == (Verdict.OPEN if waits else Verdict.REJECTED)
    assert voted[Outcome.PASS] == before
    still_out = waits and any(one.vote is None for one in signers)
    assert {voted[vote] for vote in AGAINST} == {Verdict.OPEN if still_out else Verdict.REJECTED}


@given(rules, benches())
def test_a10_taking_an_added_signer_away_gives_back_what_was(rule: Rule, signers: tuple[Signer, ...]) -> None:
    joined = (*signers, Signer("new", "外", must=True))
    assert removable(rule, joined, "new")
    assert verdict(rule, without(joined, "new")) == verdict(rule, signers)


@given(rules, benches())
def test_a10_a_removal_that_is_allowed_never_rejects_by_itself_nor_empties_the_node(
    rule: Rule,
    signers: tuple[Signer, ...],
) -> None:
    allowed = [one for one in signers if removable(rule, signers, one.task)]
    for leaving in allowed:
        left = without(signers, leaving.task)
        hopeful = [replace(one, vote=one.vote or Outcome.PASS) for one in signers]
        lost_before = verdict(rule, hopeful) == Verdict.REJECTED
        assert leaving.vote is None
        assert leaving.must or shortfall(rule, left) == 0
        assert lost_before or verdict(rule, left) != Verdict.REJECTED


@given(rules, benches(), st.integers(0, 8))
def test_turn_names_open_tasks_in_their_order(rule: Rule, signers: tuple[Signer, ...], at: int) -> None:
    waiting = [one.task for one in signers if one.vote is None]
    assert list(turn(rule, signers)) == (waiting[:1] if rule.ordered else waiting)
    if waiting:
        task = waiting[at % len(waiting)]
        assert task not in turn(rule, cast(signers, task, Outcome.PASS))


@given(rules, benches(open_only=True), st.data())
def test_inv5_every_life_of_a_node_ends_once_and_never_passes_over_an_added_signer(
    rule: Rule,
    signers: tuple[Signer, ...],
    data: st.DataObject,
) -> None:
    """Whoever's turn it is votes, people are added (twice at most) and taken away: it ends, and ends by its votes."""
    seats, steps, added = list(signers), 0, 0
    while verdict(rule, seats) == Verdict.OPEN and (waiting := turn(rule, seats)):
        task = data.draw(st.sampled_from(waiting))
        deed = data.draw(st.sampled_from(["vote", "vote", "add", "remove"]))
        if deed == "add" and added < 2:
            added += 1
            seats.append(Signer(f"new{added}", "外", must=True))
        elif deed == "remove" and removable(rule, seats, task):
            seats = list(without(seats, task))
        else:
            seats = list(cast(seats, task, data.draw(st.sampled_from(Outcome))))
        steps += 1
    assert steps <= len(signers) + 2 * added
    if verdict(rule, seats) == Verdict.PASSED:
        assert all(one.passed for one in seats if one.must)
        assert any(one.passed for one in seats if not one.must)
    elif verdict(rule, seats) == Verdict.REJECTED:
        assert any(one.opposed for one in seats)
    else:
        assert shortfall(rule, signers) > 0 or all(one.must and one.passed for one in seats)
