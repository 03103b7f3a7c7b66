"""Ballots written as words, and an oracle of sign-off that knows no short cut: it tries every future."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cache
from itertools import product

from workflows.state.signoff import Against, Kind, Rule, Signer, Verdict, verdict
from workflows.vocabulary import Outcome

# A ballot is a word: one letter for each signer, + passed, - against, . not yet voted.
# A bench is a word of the same length: the signer's group, or ! for an added signer.
VOTES: Mapping[str, Outcome | None] = {"+": Outcome.PASS, "-": Outcome.RETURN, ".": None}
ALWAYS = tuple(Against)


def seated(ballot: str, bench: str = "") -> tuple[Signer, ...]:
    """Seat the signers of a ballot, of one group where no bench is given."""
    seats = zip(ballot, bench or "a" * len(ballot), strict=True)
    return tuple(Signer(f"t{at}", group, VOTES[mark], group == "!") for at, (mark, group) in enumerate(seats))


def judged(rule: Rule, ballot: str, bench: str = "") -> Verdict:
    """Judge a ballot."""
    return verdict(rule, seated(ballot, bench))


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

    Not to pass is to vote against; under a veto, whose use ends the node at once, it is to stay silent. Seats that the
    rule needs and nobody fills are voters still to come.
    """
    not_to_pass = " " if rule.against == Against.VETO else "-"
    ends: dict[str, frozenset[bool]] = {}
    empty = still_to_come(rule, bench)
    bench += empty

    def of(ballot: str) -> frozenset[bool]:
        if ballot not in ends:
            ends[ballot] = (
                of(ballot.replace(".", "+", 1)) | of(ballot.replace(".", not_to_pass, 1))
                if "." in ballot
                else frozenset({enough(rule, ballot, bench)})
            )
        return ends[ballot]

    return {ballot: of(ballot + "." * len(empty)) for ballot in ballots(len(bench) - len(empty))}


def still_to_come(rule: Rule, bench: str) -> str:
    """Return the groups of those without whom the rule cannot be fulfilled, whatever the others vote."""
    own = bench.replace("!", "")
    if rule.kind == Kind.COUNT:
        return "a" * max(0, rule.need - len(own))
    return "".join(g * max(0, rule.need - own.count(g)) for g in sorted(set(own))) if rule.kind == Kind.PER_GROUP else ""


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
