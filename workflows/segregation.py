"""Segregation of duties, rules S1-S8 of domain.md 17.3: the sentence that refuses, or nothing."""

from collections.abc import Collection
from dataclasses import dataclass

from workflows.replay import Desk, Table
from workflows.vocabulary import ADMINISTRATOR_ROLES, BUSINESS_ROLES, REVIEW_STAGES, SYSTEM, Actor, Role, Stage

OFFICER_ROLES = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})
"""三员: who runs the system, who grants, who watches both (GB/T 22239-2019, 8.1.4.2)."""


@dataclass(frozen=True)
class Refusal:
    """A rule that refuses, by ID and in words."""

    rule: str
    sentence: str


def refusal_at(actor: Actor, table: Table, desk: Desk) -> Refusal | None:
    """Return why this person may not decide at this desk, or None."""
    if desk.level == "filing":
        return None
    for rule in (_filed_it, _filed_the_evaluation, _filed_the_figures, _other_level, _other_desk_of_this_level):
        refusal = rule(actor, table, desk)
        if refusal:
            return refusal
    return None


def _filed_it(actor: Actor, table: Table, desk: Desk) -> Refusal | None:
    if desk.stage in REVIEW_STAGES and actor.id in table.authors:
        return Refusal("S1", "您填报或修改过此表，不能再审核它（职责分离：填报人不得审核）。")
    return None


def _filed_the_evaluation(actor: Actor, table: Table, desk: Desk) -> Refusal | None:
    filed_by = table.evaluation.filed_by if table.evaluation else None
    if desk.stage == Stage.SELF_EVALUATION and actor.id == filed_by:
        return Refusal("S5", "自评由您填报，不能再由您审核（职责分离：自评填报人不得复核）。")
    return None


def _filed_the_figures(actor: Actor, table: Table, desk: Desk) -> Refusal | None:
    window = table.window(desk.node.partition(":")[2])
    if desk.stage == Stage.MONITORING and window and actor.id == window.filed_by:
        return Refusal("S6", "监控数据由您填报，不能再由您审核（职责分离：填报人不得审核监控）。")
    return None


def _other_level(actor: Actor, table: Table, desk: Desk) -> Refusal | None:
    return refusal_of_other_level(actor, table, {desk.level})


def refusal_of_other_level(actor: Actor, table: Table, levels: Collection[str] | None = None) -> Refusal | None:
    """Return S2 where the person decided in this round on a level other than these (by default, the active desks')."""
    here = levels if levels is not None else {desk.level for desk in table.desks}
    mine = {decider.level for decider in table.deciders if decider.person == actor.id}
    if mine - set(here):
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


def _other_desk_of_this_level(actor: Actor, table: Table, desk: Desk) -> Refusal | None:
    mine = {each.node for each in table.deciders if each.person == actor.id and each.level == desk.level}
    if mine - {desk.node}:
        return Refusal("S4", "业务科与绩效科须由不同的人审核，您已办理过另一个环节（职责分离）。")
    return None
