"""The tables about which somebody waits for an answer: an extension asked for, an opinion, a direct completion."""

from collections.abc import Sequence

from sqlalchemy import RowMapping

from workflows.store.scopes import scope_values, visible_to
from workflows.store.transaction import Transaction
from workflows.vocabulary import Actor

OPEN = """jsonb_path_exists(t.state, '$.inquiries[*] ? (@.state == "open")')"""
"""The very words of the index standing_with_questions."""

ASKED = f"""
SELECT count(*) FROM desk.table_standing t
CROSS JOIN LATERAL jsonb_to_recordset(t.state -> 'inquiries')
  AS q (kind text, task text, "by" text, "to" text, state text)
JOIN desk.task k ON k.table_id = t.table_id AND k.task = q.task
WHERE {OPEN} AND q.state = 'open' AND (
  (q.kind = 'opinion' AND q."to" = :person)
  OR (q.kind = 'extension' AND q."by" <> :person AND EXISTS (
    SELECT FROM unnest(CAST(:roles AS text[]), CAST(:organs AS text[])) AS held (role, organ)
    WHERE (held.role, held.organ) = ('finance_performance', t.bureau)
      OR (held.role, held.organ) = (
        CASE k.organ WHEN t.unit THEN 'department_finance' WHEN t.department THEN 'finance_business'
                     ELSE 'finance_leader' END,
        CASE k.organ WHEN t.unit THEN t.department ELSE t.bureau END))))"""  # noqa: S608 - names of this file
"""How many questions wait for a person's answer, as holders.granting_posts and whose_opinion_is_asked say it."""

REQUESTED = """
EXISTS (SELECT FROM desk.table_standing t WHERE t.asked IS NOT NULL)
OR EXISTS (SELECT FROM desk.table_standing t WHERE (t.state -> 'amendment') IS NOT NULL)
OR EXISTS (SELECT FROM desk.table_standing t WHERE (t.state -> 'appraisal') IS NOT NULL AND t.stage = 'draft')"""
"""Whether any request waits for its second person, or any completion for its unit: seldom, so it is asked first."""


def tables_with_questions(tx: Transaction, actor: Actor, *, limit: int = 50) -> Sequence[RowMapping]:
    """Return the standings of tables that the person may read and with a question about a task that is still open.

    Whether this person is to answer is for the domain to say (holders.open_inquiries, granting_posts).
    """
    sql = f"""
SELECT t.* FROM desk.table_standing t
WHERE {OPEN} AND {visible_to(actor)}
  AND EXISTS (SELECT FROM jsonb_to_recordset(t.state -> 'inquiries') AS q (task text, state text)
              JOIN desk.task k ON k.table_id = t.table_id AND k.task = q.task WHERE q.state = 'open')
ORDER BY t.due_at NULLS LAST, t.table_id LIMIT :limit"""  # noqa: S608 - names of this file
    return tx.rows(sql, **scope_values(actor), limit=limit)


def tables_with_appraisals(tx: Transaction, actor: Actor, *, limit: int = 50) -> Sequence[RowMapping]:
    """Return the standings of drafts that the person may read and whose appraisal nobody has confirmed yet.

    Whether this person is to confirm it is for the domain to say (lifecycle.decide).
    """
    sql = f"""
SELECT t.* FROM desk.table_standing t
WHERE (t.state -> 'appraisal') IS NOT NULL AND t.stage = 'draft' AND t.state -> 'appraisal' ->> 'state' = 'filed'
  AND {visible_to(actor)}
ORDER BY t.due_at NULLS LAST, t.table_id LIMIT :limit"""  # noqa: S608 - names of this file
    return tx.rows(sql, **scope_values(actor), limit=limit)


def tables_with_amendments(tx: Transaction, actor: Actor, *, limit: int = 50) -> Sequence[RowMapping]:
    """Return the standings of tables that the person may read and that wait for their unit's answer to a completion.

    Whether this person is to answer is for the domain to say (lifecycle.decide).
    """
    sql = f"""
SELECT t.* FROM desk.table_standing t
WHERE (t.state -> 'amendment') IS NOT NULL AND {visible_to(actor)}
ORDER BY t.due_at NULLS LAST, t.table_id LIMIT :limit"""  # noqa: S608 - names of this file
    return tx.rows(sql, **scope_values(actor), limit=limit)
