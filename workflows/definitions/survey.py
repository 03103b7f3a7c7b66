"""What the lint finds out about a chain by trying: what its conditions answer, which ways tables go, at one expense."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from workflows.definitions.chain import Chain
from workflows.definitions.conditions import Among, Inputs, comparisons_in
from workflows.definitions.expressions import Expression
from workflows.definitions.samples import conditions_of, samples
from workflows.vocabulary import REVIEW_STAGES, Stage

MOST_WORK, MOST_AT_ONCE = 1_000_000, 200_000
"""How many comparisons the lint of a chain makes in all, and for one question: the same on every machine."""
MOST_WAYS = 256
WORK_FOR_A_HOME = 5_000
"""How much more work the people of one unit allow for."""


@dataclass(frozen=True)
class Answers:
    """What a condition said to the tables it was tried with; `whole` if no kind of table is left to try."""

    said: frozenset[bool]
    whole: bool


@dataclass(frozen=True)
class Ways:
    """The different sets of review nodes that tables visit; `whole` if no kind of table is left to try."""

    found: tuple[frozenset[str], ...]
    whole: bool

    @property
    def widest(self) -> tuple[frozenset[str], ...]:
        """Return those that are no part of another: who can man them can man the others."""
        return tuple(way for way in self.found if not any(way < other for other in self.found))


@dataclass
class Survey:
    """The questions of one lint; `left` is the work that may still be done for all of them together."""

    left: int = MOST_WORK
    _known: dict[Expression, Answers] = field(default_factory=dict)

    def affords(self, work: int) -> bool:
        """Whether there is so much work left; it is then spent."""
        if work > self.left:
            return False
        self.left -= work
        return True

    def answers(self, condition: Expression) -> Answers:
        """Return what a condition says, tried until it has said both or no kind of table is left."""
        if condition not in self._known:
            said: set[bool] = set()
            trial = _Trial(self, (condition,))
            for inputs in trial:
                said.add(condition.evaluate(inputs))
                if len(said) > 1:
                    break
            self._known[condition] = Answers(frozenset(said), not trial.cut)
        return self._known[condition]

    def slipping(self, chain: Chain, stage: Stage) -> tuple[Inputs | None, bool]:
        """Return what a table is like that visits no node of a stage, None without one; and if every kind was tried."""
        nodes = chain.of_stage(stage)
        trial = _Trial(self, tuple(node.when for node in nodes if node.when))
        found = next((inputs for inputs in trial if not any(node.opens_for(inputs) for node in nodes)), None)
        return found, not trial.cut

    def ways(self, chain: Chain) -> Ways:
        """Return the ways of all kinds of tables through the review."""
        nodes = [node for node in chain.nodes if node.stage in REVIEW_STAGES]
        trial = _Trial(self, conditions_of(chain))
        found: dict[frozenset[str], None] = {}
        for inputs in trial:
            found[frozenset(node.node for node in nodes if node.opens_for(inputs))] = None
            if len(found) > MOST_WAYS:
                return Ways((), whole=False)
        return Ways(tuple(found), not trial.cut)


@dataclass
class _Trial:
    """One table of every kind that some conditions tell apart, as far as there is work left; else it is `cut`."""

    survey: Survey
    conditions: Sequence[Expression]
    cut: bool = False

    def __iter__(self) -> Iterator[Inputs]:
        work, room = max(1, sum(map(_comparisons, self.conditions))), MOST_AT_ONCE
        for inputs in samples(self.conditions):
            room -= work
            if room < 0 or not self.survey.affords(work):
                self.cut = True
                return
            yield inputs


def _comparisons(condition: Expression) -> int:
    return sum(len(each.items) if isinstance(each, Among) else 1 for each in comparisons_in(condition.term))
