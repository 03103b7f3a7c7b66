"""Leafing forwards and back meets every row of the list once, in each order, equal and missing keys among them."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from tests.store.acting import CLERK, HEAD, make_table
from workflows.store.leafing import ORDERS, Cut, count_up_to, rows_after, rows_before, rows_from_start
from workflows.store.queries import Filters, tables_visible_to
from workflows.store.transaction import begin
from workflows.vocabulary import Actor, Post, Role

TABLES, LEAF = 9, 2
EVERYTHING = Filters()
START = datetime(2026, 3, 1, 8, 0, 0, 123456, tzinfo=UTC)
DEPARTMENT = Actor("qian", "钱规财", (Post(Role.DEPARTMENT_FINANCE, "d1"),))
PUT = """
UPDATE desk.table_standing SET changed_at = :at, due_at = :due, amount_wan = :amount, title_key = :key, round = :round
WHERE table_id = :table"""


@pytest.fixture
def listed(app: Engine) -> Engine:
    """Nine drafts of one clerk; of three each the keys are equal, every third one lacks what may be lacking."""
    made = [make_table(app) for _ in range(TABLES)]
    with begin(app) as tx:
        for number, table in enumerate(made):
            step = number % 3
            at, there = START + timedelta(days=step), step > 0
            tx.run(
                PUT, at=at, due=at if there else None, amount=step if there else None, key=f"k{step}", table=table.id,
                round=step,
            )  # fmt: skip
    return app


@pytest.mark.parametrize("order", ORDERS)
def test_leafing_meets_every_row_once_in_the_list_s_own_order(listed: Engine, order: str) -> None:
    key = ORDERS[order].column.removeprefix("t.")
    with begin(listed) as tx:
        whole = [row["table_id"] for row in tables_visible_to(tx, CLERK, order=order)]
        rows = list(rows_from_start(tx, CLERK, EVERYTHING, order, limit=LEAF))
        while found := rows_after(tx, CLERK, EVERYTHING, order, Cut(rows[-1][key], rows[-1]["table_id"]), limit=LEAF):
            rows += found
        back = list(rows_before(tx, CLERK, EVERYTHING, order, None, limit=LEAF))
        while found := rows_before(tx, CLERK, EVERYTHING, order, Cut(back[0][key], back[0]["table_id"]), limit=LEAF):
            back = [*found, *back]
    assert len(whole) == TABLES
    assert [row["table_id"] for row in rows] == whole
    assert [row["table_id"] for row in back] == whole


def test_counting_stops_at_its_bound(listed: Engine) -> None:
    with begin(listed) as tx:
        assert [count_up_to(tx, CLERK, EVERYTHING, most) for most in (3, 8, 9, 100)] == [4, 9, 9, 9]


def test_a_list_shows_to_each_scope_what_the_rule_of_reading_says(listed: Engine) -> None:
    stranger, system = Actor("sun", "孙负责", (Post(Role.UNIT_HEAD, "u2"),)), Actor("system", "系统", (Post(Role.SYSTEM, ""),))
    with begin(listed) as tx:
        counted = [count_up_to(tx, who, EVERYTHING) for who in (CLERK, HEAD, DEPARTMENT, stranger, system)]
    assert counted == [9, 9, 6, 0, 9]
