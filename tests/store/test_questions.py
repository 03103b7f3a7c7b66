"""Tables with open questions are found by an index of their own, however many other tables there are."""

from sqlalchemy import Engine

from tests.store.acting import HEAD, make_table
from workflows.store.questions import OPEN, REQUESTED, tables_with_questions
from workflows.store.transaction import begin


def test_the_index_holds_the_very_condition_that_is_asked_for(app: Engine) -> None:
    with begin(app) as tx:
        tx.run("SET LOCAL enable_seqscan = off")
        plan = "\n".join(row[0] for row in (list(each.values()) for each in tx.rows(
            f"EXPLAIN SELECT t.table_id FROM desk.table_standing t WHERE {OPEN}"
        )))  # fmt: skip
    assert "standing_with_questions" in plan


def test_requests_and_completions_that_wait_are_found_by_indexes_of_their_own(app: Engine) -> None:
    with begin(app) as tx:
        tx.run("SET LOCAL enable_seqscan = off")
        plan = "\n".join(row[0] for row in (list(each.values()) for each in tx.rows(f"EXPLAIN SELECT {REQUESTED}")))
    assert [name in plan for name in ("standing_with_request", "standing_with_amendment")] == [True, True]


def test_a_table_without_a_question_is_not_among_them(app: Engine) -> None:
    make_table(app)
    with begin(app) as tx:
        assert list(tables_with_questions(tx, HEAD)) == []
