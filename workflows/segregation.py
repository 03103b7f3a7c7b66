"""Segregation of duties, rules S1-S7 of domain.md 17.3: the sentence that refuses, or nothing."""

from dataclasses import dataclass

from workflows.replay import Desk, Table
from workflows.vocabulary import REVIEW_STAGES, Actor, Stage


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
    mine = {vote.level for vote in table.votes if vote.person == actor.id}
    if mine - {desk.level}:
        return Refusal("S2", "您在本轮已在另一级审核过此表，同一人不得在两级审核（职责分离）。")
    return None


def _other_desk_of_this_level(actor: Actor, table: Table, desk: Desk) -> Refusal | None:
    mine = {vote.node for vote in table.votes if vote.person == actor.id and vote.level == desk.level}
    if mine - {desk.node}:
        return Refusal("S4", "业务科与绩效科须由不同的人审核，您已办理过另一个环节（职责分离）。")
    return None
