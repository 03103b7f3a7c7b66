"""Random walks over every chain with every verb: after each step the invariants hold, and a fault that is made is found."""

from collections import Counter

import pytest

from tests.support.acts import ACTS
from tests.support.walks import CASTS, CHAINS, Walk, walk_again, walked
from workflows.commands import recipe, reviewing
from workflows.rights.segregation import RULES
from workflows.state.signoff import Verdict
from workflows.vocabulary import Stage

NAMES = tuple(CHAINS)


def walks_of(seeds: range, steps: int) -> list[Walk]:
    """Walk once for every seed: the chains in turn, and the casts in turn behind them."""
    casts = tuple(CASTS)
    return [walked(seed, NAMES[seed % len(NAMES)], casts[seed // len(NAMES) % len(casts)], steps) for seed in seeds]


def told(walks: list[Walk]) -> Counter[str]:
    """Print what the walks did, and return how often each act was recorded."""
    acts: Counter[str] = sum((walk.counts for walk in walks), Counter())
    verdicts: Counter[str] = sum((Counter(walk.box.verdicts) for walk in walks), Counter())
    tried, approved = sum(len(walk.script) for walk in walks), sum(walk.was_approved for walk in walks)
    ended = sum(walk.table.ended for walk in walks)
    print(
        f"\nwalks {len(walks)}, steps tried {tried}, recorded {acts.total()}, approved {approved / len(walks):.0%}, "
        f"ended {ended / len(walks):.0%}, verdicts {dict(verdicts)}"
    )
    return acts


def test_four_hundred_walks_keep_every_invariant() -> None:
    walks = walks_of(range(400), steps=60)
    acts = told(walks)
    assert {walk.chain for walk in walks} == set(NAMES)
    assert [act for act in ACTS if not acts[act]] == []
    assert sum(walk.was_approved for walk in walks) > len(walks) // 3
    assert {found for walk in walks for found in walk.box.verdicts} == set(Verdict)


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.parametrize("batch", range(20))
def test_ten_thousand_walks_keep_every_invariant(batch: int) -> None:
    walks = walks_of(range(10_000 + batch * 500, 10_500 + batch * 500), steps=90)
    told(walks)
    assert sum(walk.was_approved for walk in walks) > len(walks) // 3


def test_a_printed_script_walks_the_same_way_again() -> None:
    first = walked(7, "countersign", "covered", 40)
    again = walk_again(first.chain, first.cast, first.script)
    assert [each.leaf_hash for each in again.history] == [each.leaf_hash for each in first.history]
    assert again.table == first.table


def always_passed(*_given: object) -> Verdict:
    return Verdict.PASSED


def only_the_target(work: object, returner: str, to: Stage, to_node: str | None) -> tuple[str, ...]:
    return (to_node,) if to_node else ()


def nothing_left(*_given: object, **_more: object) -> tuple[()]:
    return ()


FAULTS = {
    "INV5": (reviewing, "verdict", always_passed),
    "INV6": (reviewing, "overtaken_by", only_the_target),
    "INV4": (recipe.Work, "closing_others", nothing_left),
    "INV3": (recipe.Work, "leaving_all", nothing_left),
    "INV7": ("workflows.rights.segregation", "RULES", RULES[1:3]),
    "two votes": ("workflows.rights.segregation", "RULES", RULES[:5]),
}


@pytest.mark.parametrize("law", FAULTS)
def test_a_fault_that_is_made_is_found_and_its_script_printed(law: str, monkeypatch: pytest.MonkeyPatch) -> None:
    place, name, fault = FAULTS[law]
    if isinstance(place, str):
        monkeypatch.setattr(f"{place}.{name}", fault)
    else:
        monkeypatch.setattr(place, name, fault)
    with pytest.raises(AssertionError) as found:
        walks_of(range(200), steps=60)
    said = str(found.value)
    assert (said.startswith((law, "an orphan")), "walk_again(" in said, "seed " in said) == (True, True, True)
