"""The next rung and what earlier ones did, in words: on the table's page, the chain's page and the printed history."""

from datetime import UTC, datetime

import pytest
from flask import Flask, g
from flask_babel import Babel

from service.api.answers_of_ladders import escalations_of, rungs_of
from service.pages.escalation_shown import ladder_lines, next_up, told_up
from service.pages.history_shown import timeline_of
from service.pages.way_shown import nodes_now
from tests.support import roster
from tests.support.chains import standard_but
from tests.workflows.test_escalating import RUNGS, day, late, task_at
from workflows.definitions import chain_from, shipped
from workflows.organs import OrganTree
from workflows.rights.preview import Candidate


def shown(life):
    desk = task_at(life)
    return next_up(life.table, desk, chain_from(life.definition), life.journal.calendar, life.journal.now())


@pytest.mark.parametrize(("on", "words"), [
    (12, "3日后升级告知财政分管领导（2026-01-15 09:00），如届时仍未办理"),
    (15, "4日后升级办理财政分管领导（2026-01-19 09:00），如届时仍未办理"),
    (19, ""),
])  # fmt: skip
def test_the_next_rung_is_told_until_none_is_left(on, words):
    life, clock = late()
    clock.until(day(on))
    assert shown(life) == words


def test_under_the_usual_ladder_no_superior_is_announced():
    life, _ = late()
    desk = task_at(life)
    assert next_up(life.table, desk, chain_from(shipped()), life.journal.calendar, life.journal.now()) == ""


def test_the_page_says_who_was_told_and_let_in_and_who_decided_that_way():
    life, clock = late()
    clock.until(day(19))
    assert told_up(task_at(life)) == ("已升级告知财政分管领导", "升级办理财政分管领导")
    history = life.journal.history(life.table.id)
    holder = Candidate("business", "business同志")
    app = Flask(__name__)
    Babel(app, default_locale="zh_CN")
    with app.app_context():
        g.organs_then = OrganTree({})
        nodes = nodes_now(life.table, chain_from(life.definition), history, lambda _: (holder,), lambda desk: desk.node)
    assert [(each.told_up, each.next_up) for each in nodes] == [(told_up(task_at(life)), ("finance_business",)), ((), ("finance_performance",))]
    life.approved(roster.FINANCE_LEADER)
    decided = [each.sentence for each in timeline_of(life.journal.history(life.table.id)) if each.sentence.endswith("（升级办理）")]
    assert decided == ["leader同志（财政分管领导）：审核结论：通过，意见：同意。（升级办理）"]


def test_the_chains_page_tells_what_differs_from_the_usual_ladder():
    usual = chain_from(shipped()).node("unit_head")
    assert list(ladder_lines(usual)) == []
    node = chain_from(standard_but("unit_head", ladder=RUNGS, on_return="pause", on_suspend="continue")).node("unit_head")
    assert list(ladder_lines(node)) == [
        "到期前1个工作日提醒", "到期后1个工作日提醒", "到期后3个工作日升级告知财政分管领导", "到期后5个工作日升级办理财政分管领导",
        "退回期间时限停走", "挂起期间时限照常走",
    ]  # fmt: skip
    assert list(ladder_lines(chain_from(standard_but("unit_head", ladder=[])).node("unit_head"))) == ["不提醒"]


def test_programs_are_told_the_same():
    life, clock = late()
    clock.until(datetime(2026, 1, 15, 3, 0, tzinfo=UTC))
    node = chain_from(life.definition).node("finance_business")
    assert [each.words for each in rungs_of(node)] == [step.said for step in node.ladder]
    assert [each.model_dump() for each in escalations_of(task_at(life))] == [
        {"rung": "T+3", "do": "inform", "role": "finance_leader", "organ": roster.BUREAU}
    ]
