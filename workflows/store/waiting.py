"""Which open tasks wait for a person: at his posts, by name, asked first, handed to him, of somebody whom he covers."""

from typing import Any

from workflows.vocabulary import BUSINESS_ROLES, Actor, Role

AT_HIS_POSTS = """(k.person IS NULL OR k.person = :person)
  AND EXISTS (SELECT FROM unnest(CAST(:roles AS text[]), CAST(:organs AS text[])) AS held(role, organ)
              WHERE held.role = k.role AND held.organ = k.organ)"""
OWN = f"""
SELECT k.*, '' AS behalf FROM desk.task k
WHERE {AT_HIS_POSTS} AND k.claimed_by IN ('', :person) AND k.delegated_to <> :person"""  # noqa: S608 - names of this file
LATE = "state @? '$.desks[*].escalated[*]'"
"""The very words of the index table_escalated."""
ASKED_FIRST = "SELECT k.*, '' AS behalf FROM desk.task k WHERE k.delegated_to = :person AND k.delegated_to <> ''"
HANDED = f"""
SELECT k.*, '' AS behalf FROM desk.task k JOIN desk.table_standing h USING (table_id)
WHERE h.{LATE} AND NOT ({AT_HIS_POSTS} AND k.claimed_by IN ('', :person))
  AND k.delegated_to <> :person AND EXISTS (
    SELECT FROM jsonb_array_elements(h.state -> 'desks') AS d (desk)
    CROSS JOIN LATERAL jsonb_array_elements(d.desk -> 'escalated') AS e (rung)
    JOIN unnest(CAST(:roles AS text[]), CAST(:organs AS text[])) AS held (role, organ)
      ON held.role = e.rung ->> 2 AND held.organ = e.rung ->> 3
    WHERE d.desk ->> 'task' = k.task AND e.rung ->> 1 = 'hand')"""  # noqa: S608 - names of this file
"""Late tasks of others that a ladder let the person decide too (升级办理); few tables have any, an index names them."""
DEPUTED = """
 FROM unnest(CAST(:covered AS text[]), CAST(:names AS text[]), CAST(:covered_roles AS text[]),
             CAST(:covered_organs AS text[]), CAST(:nodes AS text[]), CAST(:units AS text[]), CAST(:most AS numeric[]))
      AS c (person, name, role, organ, nodes, units, most)"""
REACHED = """(c.nodes = '' OR split_part(k.node, ':', 1) = ANY (string_to_array(c.nodes, ',')))
   AND (c.units = '' OR s.unit = ANY (string_to_array(c.units, ',')))
   AND (c.most IS NULL OR s.amount_wan <= c.most)"""
FREE_FOR_HIM = """k.role = c.role AND k.organ = c.organ
   AND (k.person IS NULL OR k.person = c.person) AND k.claimed_by IN ('', c.person)"""
COVERED = f"""
(SELECT DISTINCT ON (k.table_id, k.task) k.*, c.name AS behalf
 {DEPUTED}
 JOIN desk.task k ON k.role = c.role AND k.organ = c.organ
 JOIN desk.table_standing s ON s.table_id = k.table_id
 WHERE {FREE_FOR_HIM} AND k.delegated_to <> :person AND {REACHED} AND NOT ({AT_HIS_POSTS})
 ORDER BY k.table_id, k.task, c.name)"""
HANDED_COVERED = f"""
(SELECT DISTINCT ON (k.table_id, k.task) k.*, c.name AS behalf
 {DEPUTED}
 JOIN desk.table_standing s ON s.{LATE}
 CROSS JOIN LATERAL jsonb_array_elements(s.state -> 'desks') AS d (desk)
 CROSS JOIN LATERAL jsonb_array_elements(d.desk -> 'escalated') AS e (rung)
 JOIN desk.task k ON k.table_id = s.table_id AND k.task = d.desk ->> 'task'
 WHERE e.rung ->> 1 = 'hand' AND e.rung ->> 2 = c.role AND e.rung ->> 3 = c.organ AND k.delegated_to <> :person
   AND {REACHED} AND NOT ({AT_HIS_POSTS} AND k.claimed_by IN ('', :person))
   AND NOT EXISTS (SELECT {DEPUTED} WHERE {FREE_FOR_HIM} AND {REACHED})
   AND NOT EXISTS (
     SELECT FROM jsonb_array_elements(d.desk -> 'escalated') AS mine (rung)
     JOIN unnest(CAST(:roles AS text[]), CAST(:organs AS text[])) AS held (role, organ)
       ON held.role = mine.rung ->> 2 AND held.organ = mine.rung ->> 3
     WHERE mine.rung ->> 1 = 'hand')
 ORDER BY k.table_id, k.task, c.name)"""  # noqa: S608 - names of this file
"""The same late tasks for whoever covers such a superior; not those that are his anyhow, by his posts or a cover."""
LISTED = """
SELECT t.*, k.task, k.node, k.role, k.organ, k.entered_at, k.due_at AS task_due_at, k.overdue AS task_overdue,
  k.provisional AS task_provisional, k.claimed_by, k.delegated_to, k.behalf,
  EXISTS (SELECT FROM desk.task w WHERE w.table_id = k.table_id AND w.task = ANY (k.waits_for)) AS not_yet
FROM ({tasks}) AS k JOIN desk.table_standing t USING (table_id)
ORDER BY k.due_at NULLS LAST, t.title_key, t.table_id, k.task LIMIT :limit OFFSET :offset"""
COUNTED = """
SELECT count(*) FILTER (WHERE true) AS waiting, count(*) FILTER (WHERE k.overdue) AS overdue FROM ({tasks}) AS k"""
COUNTED_UP_TO = """
SELECT (SELECT count(*) FROM (SELECT FROM ({tasks}) AS k LIMIT {most}) AS w) AS waiting,
  (SELECT count(*) FROM (SELECT FROM ({tasks}) AS k WHERE k.overdue LIMIT {most}) AS o) AS overdue"""


def tasks_of(actor: Actor, *, late: bool = True) -> str:
    """Return the query of the tasks that wait for the person; it differs for superiors, and for deputies.

    `late` says whether any task at all was told up: if not, none was handed to anybody.
    """
    superior = late and actor.holds_any(BUSINESS_ROLES - {Role.CLERK})
    parts = (OWN, ASKED_FIRST, *((HANDED,) if superior else ()), *_deputed(actor, late=late))
    return "\nUNION ALL\n".join(parts)


def _deputed(actor: Actor, *, late: bool) -> tuple[str, ...]:
    """Return the queries of what a deputy may do for others: at their posts, and at late tasks handed to them."""
    handed = late and {post.role for cover in actor.covers for post in cover.posts} - {Role.CLERK}
    return (*((COVERED,) if actor.covers else ()), *((HANDED_COVERED,) if handed else ()))


def waiting(actor: Actor) -> str:
    """Return the query of the worklist: tasks with the standing of their tables, most urgent first.

    `behalf` names whom one would act for, `not_yet` says that others sign first.
    """
    return LISTED.format(tasks=tasks_of(actor))


def waiting_count(actor: Actor) -> str:
    """Return the query of the two counts: tasks that wait, and those of them that are overdue."""
    return COUNTED.format(tasks=tasks_of(actor))


def waiting_count_up_to(actor: Actor, most: int, *, late: bool = True) -> str:
    """Return the query of the same two counts, neither counted further than `most`; `late` as for the tasks."""
    return COUNTED_UP_TO.format(tasks=tasks_of(actor, late=late), most=most)


def posts_asked(actor: Actor) -> dict[str, Any]:
    """Return the values that these queries ask for: the person, the posts held, the posts covered and how far."""
    own: dict[str, Any] = {
        "person": actor.id,
        "roles": [str(post.role) for post in actor.posts],
        "organs": [post.organ for post in actor.posts],
    }
    seats = [(cover, post) for cover in actor.covers for post in cover.posts]
    if not actor.covers:
        return own
    return own | {
        "covered": [cover.principal for cover, _post in seats], "names": [cover.name for cover, _post in seats],
        "covered_roles": [str(post.role) for _cover, post in seats],
        "covered_organs": [post.organ for _cover, post in seats],
        "nodes": [",".join(cover.nodes) for cover, _post in seats],
        "units": [",".join(cover.units) for cover, _post in seats],
        "most": [cover.most for cover, _post in seats],
    }  # fmt: skip
