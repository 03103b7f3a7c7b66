"""When a node with several signers is decided: any, all, m of n, percent, per group, in order, added signers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from workflows.vocabulary import Outcome, Word


class Kind(Word):
    """How many of a node's own signers have to pass."""

    ANY = "any", "或签", "any one"
    ALL = "all", "会签", "all"
    COUNT = "count", "票签", "a number of votes"
    PERCENT = "percent", "票签", "a share of the votes"
    PER_GROUP = "per_group", "分组签", "a number in each group"


class Against(Word):
    """What a vote against does."""

    VETO = "veto", "一票否决", "one vote against rejects at once"
    MAJORITY = "majority", "达不到通过票数即退回", "rejected as soon as passing is out of reach"
    WAIT = "wait", "全部表态后判定", "decided when everybody has voted"


class Verdict(Word):
    """Where a node stands."""

    OPEN = "open", "待定", "open"
    PASSED = "passed", "通过", "passed"
    REJECTED = "rejected", "退回", "rejected"


@dataclass(frozen=True)
class Rule:
    """How a node is decided: `need` is people for count, people of each group for per_group, 1-100 for percent."""

    kind: Kind = Kind.ANY
    need: int = 1
    against: Against = Against.VETO
    ordered: bool = False


@dataclass(frozen=True)
class Signer:
    """One task of a node: its group (处室), the vote if one was cast, and whether it was added (加签)."""

    task: str
    group: str
    vote: Outcome | None = None
    must: bool = False

    @property
    def passed(self) -> bool:
        """Whether he voted to pass."""
        return self.vote == Outcome.PASS

    @property
    def opposed(self) -> bool:
        """Whether he voted against: returned or refused."""
        return self.vote in (Outcome.RETURN, Outcome.REFUSE)


def verdict(rule: Rule, signers: Sequence[Signer]) -> Verdict:
    """Judge the votes of this round as they are, whatever their order; no voter has a say beyond his own vote.

    Decided as soon as no vote still out can change the outcome, and not earlier; under `wait`, when all have voted.
    Under `veto` enough passes with nobody against close the node, and the veto of those still out ends with it;
    while the node is open, for want of passes or of an added signer, everybody keeps his veto. Added signers never
    count towards the rule: each has to pass beside it, and his vote against rejects. A removed signer is simply not
    among `signers`. Nobody opposed is never a rejection: seats that nobody fills (`vacancies`) are votes still out, so
    a node with fewer own signers than its rule needs stays open. Without any own signer (set aside for an added one)
    nothing is passed.
    """
    own = [signer for signer in signers if not signer.must]
    added = [signer for signer in signers if signer.must]
    if rule.against == Against.WAIT and any(signer.vote is None for signer in signers):
        return Verdict.OPEN
    vetoing = signers if rule.against == Against.VETO else added
    if any(signer.opposed for signer in vetoing) or _out_of_reach(rule, own):
        return Verdict.REJECTED
    if own and _reached(rule, own) and all(signer.passed for signer in added):
        return Verdict.PASSED
    return Verdict.OPEN


def turn(rule: Rule, signers: Sequence[Signer]) -> tuple[str, ...]:
    """Name the tasks that may decide now: every open one, or under 顺签 only the first open one in order."""
    waiting = tuple(signer.task for signer in signers if signer.vote is None)
    return waiting[:1] if rule.ordered else waiting


def shortfall(rule: Rule, signers: Sequence[Signer]) -> int:
    """Count the own signers that the rule still lacks to be fulfillable, whatever they vote (0 = enough people)."""
    own = [signer for signer in signers if not signer.must]
    if not own:
        return max(1, rule.need) if rule.kind in (Kind.COUNT, Kind.PER_GROUP) else 1
    return sum(max(0, need - len(members)) for members, need in _quotas(rule, own))


def vacancies(rule: Rule, groups: Sequence[str], growing: str) -> Mapping[str, int]:
    """Count by group the seats that a node keeps open for people still to come, given the group of each own signer.

    So many that the rule can be fulfilled by them: of each group under per_group, of the `growing` one under a count.
    """
    signers = [Signer(str(number), group) for number, group in enumerate(groups)]
    if rule.kind == Kind.COUNT:
        return {growing: shortfall(rule, signers)}
    if rule.kind != Kind.PER_GROUP:
        return {}
    return {group: shortfall(rule, [each for each in signers if each.group == group]) for group in groups}


def removable(rule: Rule, signers: Sequence[Signer], task: str) -> bool:
    """Whether 减签 may take this task away (A10): not signed yet, and never what makes passing impossible.

    An added signer counts towards no quota and may always go; the last own signer, or of a group, never.
    """
    leaving = next((signer for signer in signers if signer.task == task), None)
    if leaving is None or leaving.vote is not None:
        return False
    return leaving.must or _bears_the_loss(rule, [signer for signer in signers if not signer.must], leaving)


def words_of(rule: Rule, people: int | None = None) -> str:
    """Say the rule in Chinese for pages, lint and picture: 或签, 会签, 顺签, 票签 3/5（一票否决）…; `people` = n."""
    counted = _counted_words(rule, people)
    if rule.ordered:
        counted = "顺签" if rule.kind == Kind.ALL else f"顺签，{counted}"
    plain = rule.against == Against.VETO and rule.kind in (Kind.ANY, Kind.ALL)
    return counted if plain else f"{counted}（{rule.against.chinese}）"


def _counted_words(rule: Rule, people: int | None) -> str:
    if rule.kind == Kind.COUNT:
        return f"票签 {rule.need}/{people}" if people else f"票签 至少 {rule.need} 人"
    if rule.kind == Kind.PERCENT:
        return f"票签 ≥{rule.need}%"
    if rule.kind == Kind.PER_GROUP:
        return f"每处室至少 {rule.need} 人"
    return rule.kind.chinese


_HUNDRED: Final = 100


def _quotas(rule: Rule, own: Sequence[Signer]) -> list[tuple[list[Signer], int]]:
    """Pair the signers who are counted together with the passes needed among them."""
    if rule.kind == Kind.PER_GROUP:
        groups = sorted({signer.group for signer in own})
        return [([signer for signer in own if signer.group == group], max(1, rule.need)) for group in groups]
    return [(list(own), _need(rule, len(own)))] if own else []


def _need(rule: Rule, people: int) -> int:
    """Count the passes needed among `people` signers; a share is rounded up in whole numbers, never below one."""
    needs = {
        Kind.ANY: 1,
        Kind.ALL: people,
        Kind.COUNT: rule.need,
        Kind.PERCENT: -(-people * rule.need // _HUNDRED),
    }
    return max(1, needs[rule.kind])


def _bears_the_loss(rule: Rule, own: Sequence[Signer], leaving: Signer) -> bool:
    """Whether the own signers who stay are enough, in his group too, and can still pass if they could before."""
    left = [signer for signer in own if signer != leaving]
    if rule.kind == Kind.PER_GROUP and all(signer.group != leaving.group for signer in left):
        return False
    return shortfall(rule, left) == 0 and (_out_of_reach(rule, own) or not _out_of_reach(rule, left))


def _passes(signers: Iterable[Signer]) -> int:
    return sum(signer.passed for signer in signers)


def _reached(rule: Rule, own: Sequence[Signer]) -> bool:
    return all(_passes(members) >= need for members, need in _quotas(rule, own))


def _out_of_reach(rule: Rule, own: Sequence[Signer]) -> bool:
    """Whether votes against keep some quota from being met, even if everybody else passes and every seat is filled."""
    return any(
        max(len(members), need) - sum(signer.opposed for signer in members) < need
        for members, need in _quotas(rule, own)
    )
