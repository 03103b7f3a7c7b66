"""Segregation of duties, rules S1-S8 of domain.md 17.3: the sentence that refuses, or nothing."""

from collections.abc import Collection
from dataclasses import dataclass

from workflows.folds.replay import Decider, Desk, Table
from workflows.vocabulary import ADMINISTRATOR_ROLES, BUSINESS_ROLES, REVIEW_STAGES, SYSTEM, Actor, Cover, Role, Stage

OFFICER_ROLES = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})
"""三员: who runs the system, who grants, who watches both (GB/T 22239-2019, 8.1.4.2)."""


FILING_DESKS = frozenset({"drafting", "monitoring_filing", "evaluation_filing", "rectification"})
"""Where figures are filed: by name, so that no definition can call a checking desk one of them."""

RESCORING_DESKS = frozenset({"evaluation_department", "evaluation_sampling"})
"""Where points are given anew: the department's desk and the bureau's check."""


@dataclass(frozen=True)
class Refusal:
    """A rule that refuses, by ID and in words."""

    rule: str
    sentence: str


def refusal_at(actor: Actor, table: Table, desk: Desk, cover: Cover | None = None) -> Refusal | None:
    """Return why this person may not decide at this desk, or None; a deputy is checked as himself and as principal."""
    if desk.node.partition(":")[0] in FILING_DESKS:
        return None
    rules = MENDING_RULES if _looks_at_mending(desk) else RULES
    for rule in rules:
        refusal = rule(actor.id, table, desk)
        if refusal and not (rule in WAIVABLE and waived(actor, table, desk)):
            return refusal
    against = (rule(cover.principal, table, desk) for rule in rules) if cover else ()
    refusal = next((each for each in against if each), None)
    if refusal is None:
        return None
    return Refusal("S7", f"代理他人办理，须同时符合被代理人的限制：{refusal.sentence.replace('您', '被代理人')}")


def refusal_beside(actor: Actor, table: Table, desk: Desk) -> Refusal | None:
    """Return why a person may not vouch for what others decide at a desk: he filed it (S1), or decided elsewhere (S2).

    Asked of whoever enters a decision on paper, and of whoever consents to a withdrawal.
    """
    other = _other_level(actor.id, table, desk)
    return _filed_it(actor.id, table, desk) or (None if other and waived(actor, table, desk) else other)


def waived(actor: Actor, table: Table, desk: Desk) -> bool:
    """Whether a signed waiver (S12) lets the person sit at two desks of this small unit; never beyond the unit."""
    inside = desk.stage == Stage.UNIT_REVIEW and all(
        each.level.partition("_")[0] == "unit" for each in deciders(table, actor.id)
    )
    return inside and any(each.rule == "S2" and each.unit == table.unit for each in actor.waivers)


def deciders(table: Table, person: str) -> tuple[Decider, ...]:
    """Return what the person decided in this round, himself or through a deputy."""
    return tuple(each for each in table.deciders if person in (each.person, each.behalf))


def _filed_it(who: str, table: Table, desk: Desk) -> Refusal | None:
    if desk.stage in REVIEW_STAGES and who in {*table.authors, table.owner, table.submitter}:
        return Refusal("S1", "您填报、修改过此表或是其经办人，不能再审核它（职责分离：填报人不得审核）。")
    return None


def _filed_the_evaluation(who: str, table: Table, desk: Desk) -> Refusal | None:
    filed_by = table.evaluation.filed_by if table.evaluation else None
    if desk.stage == Stage.SELF_EVALUATION and who == filed_by:
        return Refusal("S5", "自评由您填报，不能再由您审核（职责分离：自评填报人不得复核）。")
    return None


def _rescored_it(who: str, table: Table, desk: Desk) -> Refusal | None:
    others = (each for each in table.rescores if each.node != desk.node)
    if desk.node in RESCORING_DESKS and any(who in (each.by, each.behalf) for each in others):
        return Refusal("S5", "您已复核改分，不能再抽查同一自评（职责分离：复核人不得抽查）。")
    return None


def _mended_it(who: str, table: Table, desk: Desk) -> Refusal | None:
    found = table.rectification(desk.node.partition(":")[2]) if _looks_at_mending(desk) else None
    if found and who == found.done_by:
        return Refusal("S6", "整改由您报告，不能再由您核实（职责分离：整改报告人不得核实）。")
    return None


def _looks_at_mending(desk: Desk) -> bool:
    return desk.node.partition(":")[0] == "rectification_check"


def _filed_the_figures(who: str, table: Table, desk: Desk) -> Refusal | None:
    window = table.window(desk.node.partition(":")[2])
    if desk.stage == Stage.MONITORING and window and who == window.filed_by:
        return Refusal("S6", "监控数据由您填报，不能再由您审核（职责分离：填报人不得审核监控）。")
    return None


def _other_level(who: str, table: Table, desk: Desk) -> Refusal | None:
    return _levels_beside(who, table, {desk.level})


def _other_desk_of_this_level(who: str, table: Table, desk: Desk) -> Refusal | None:
    mine = {each.node for each in deciders(table, who) if each.level == desk.level}
    if mine - {desk.node}:
        return Refusal("S4", "业务科与绩效科须由不同的人审核，您已办理过另一个环节（职责分离）。")
    return None


def _signed_here(who: str, table: Table, desk: Desk) -> Refusal | None:
    if any(vote.node == desk.node and who in (vote.person, vote.behalf) for vote in table.votes):
        return Refusal("S4", "您已在本环节签署过意见，同一环节的其他签署须由不同的人办理（职责分离）。")
    return None


def _named_here(who: str, table: Table, desk: Desk) -> Refusal | None:
    others = (each for each in table.desks if each.node == desk.node and each.task != desk.task)
    if desk.person is None and any(each.person == who for each in others):
        return Refusal("S4", "本环节已有指定给您的签署任务，其他签署须由不同的人办理（职责分离）。")
    return None


RULES = (
    _filed_it, _filed_the_evaluation, _filed_the_figures, _rescored_it, _other_level, _other_desk_of_this_level,
    _signed_here, _named_here,
)  # fmt: skip
MENDING_RULES = (_filed_the_evaluation, _mended_it)
"""At a desk that looks at a rectification nothing of the round is decided: levels do not count there."""
WAIVABLE = frozenset({_other_level, _other_desk_of_this_level})
"""What a waiver eases: one person at several desks of a round. Who filed may never decide (S1)."""


def refusal_of_other_level(actor: Actor, table: Table, levels: Collection[str] | None = None) -> Refusal | None:
    """Return S2 where the person decided in this round on a level other than these (by default, the active desks')."""
    return _levels_beside(actor.id, table, levels if levels is not None else {desk.level for desk in table.desks})


def _levels_beside(who: str, table: Table, levels: Collection[str]) -> Refusal | None:
    if {each.level for each in deciders(table, who)} - set(levels):
        return Refusal("S2", "您在本轮已在另一级审核过此表，同一人不得在两级审核（职责分离）。")
    return None


def refusal_of_administrator(actor: Actor) -> Refusal | None:
    """Return S8 where somebody who runs the system also holds a business role."""
    if actor.id != SYSTEM.id and actor.holds_any(ADMINISTRATOR_ROLES) and actor.holds_any(BUSINESS_ROLES):
        return Refusal("S8", "系统、安全、审计和流程管理员不得兼任业务岗位，不能办理业务（职责分离）。")
    return None


def refusal_of_officer(actor: Actor) -> Refusal | None:
    """Return S8 where one person would hold two of the three posts that check one another (三员分立)."""
    if len({post.role for post in actor.posts if post.role in OFFICER_ROLES}) > 1:
        return Refusal("S8", "系统管理员、安全管理员、审计管理员相互监督，一人只能担任其中一种（三员分立）。")
    return None
