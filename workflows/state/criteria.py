"""By what goals are reviewed: the eight sub-items of the review form in its four groups, by which a comment is coded.

Source: 预算绩效目标审核表 (annex 3 of the Ministry of Finance's rules for budget performance goals; domain.md 5).
"""

from collections.abc import Mapping

from workflows.vocabulary import Word


class Aspect(Word):
    """The four things that a review looks at."""

    COMPLETENESS = "completeness", "完整性", "completeness"
    RELEVANCE = "relevance", "相关性", "relevance"
    FITNESS = "fitness", "适当性", "fitness"
    FEASIBILITY = "feasibility", "可行性", "feasibility"


class Criterion(Word):
    """The eight sub-items of the review form; the stored code never changes."""

    FORM = "form", "规范完整性", "form complete"
    CLARITY = "clarity", "明确清晰性", "goal clear"
    GOAL_FITS = "goal_fits", "目标相关性", "goal relevant"
    INDICATORS = "indicators", "指标科学性", "indicators sound"
    EFFECT = "effect", "绩效合理性", "effect reasonable"
    MONEY = "money", "资金匹配性", "money matches"
    REALISABLE = "realisable", "实现可能性", "can be reached"
    CONDITIONS = "conditions", "条件充分性", "conditions sufficient"


ASPECTS: Mapping[Criterion, Aspect] = {
    Criterion.FORM: Aspect.COMPLETENESS, Criterion.CLARITY: Aspect.COMPLETENESS,
    Criterion.GOAL_FITS: Aspect.RELEVANCE, Criterion.INDICATORS: Aspect.RELEVANCE,
    Criterion.EFFECT: Aspect.FITNESS, Criterion.MONEY: Aspect.FITNESS,
    Criterion.REALISABLE: Aspect.FEASIBILITY, Criterion.CONDITIONS: Aspect.FEASIBILITY,
}  # fmt: skip
"""To which group of the form each sub-item belongs."""
