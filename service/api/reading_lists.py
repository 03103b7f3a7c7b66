"""The lists: who I am, tables, work, messages, documents, and the feed of sealed events."""

from collections.abc import Sequence
from decimal import Decimal
from operator import itemgetter
from typing import Annotated, Literal

from flask import g
from pydantic import AfterValidator, Field
from sqlalchemy import RowMapping

from service.api import answers as a
from service.api import answers_listed as lists
from service.api.asked import Asked
from service.api.bodies import Body
from service.api.cursors import cursor_at, cut_at, moment_and_id, place_at, table_cursor
from service.api.operation import Reply
from service.api.reading_tables import Page, event_shown
from service.api.rows import asked_item, document_fields, document_row, notice_row, table_row, work_item
from service.context import person, transaction
from service.pages.posted import cleaned
from service.present import organ_name, word
from service.what_is_asked import asked_of
from workflows.store.inbox import mark_read
from workflows.store.interface_reads import documents_after, feed_for, notices_after
from workflows.store.leafing import rows_after, rows_from_start
from workflows.store.queries import Filters, document_seen_by, tables_visible_to, tables_waiting_for
from workflows.store.sealing import log_size
from workflows.vocabulary import Stage

AMOUNT = r"^[0-9]{1,15}(\.[0-9]{1,6})?$"
Short = Annotated[str, Field(max_length=200), AfterValidator(cleaned)]
MOST_WORK = 5000
MOST_OF_A_DOCUMENT = 500


class TablesQuery(Page):
    """What the list of tables is narrowed to and ordered by; amounts in 万元."""

    year: int | None = Field(default=None, ge=2000, le=2100)
    stage: Stage | None = None
    department: Short | None = None
    unit: Short | None = None
    node: Short | None = None
    overdue: Literal["1"] | None = None
    least: str | None = Field(default=None, pattern=AMOUNT)
    most: str | None = Field(default=None, pattern=AMOUNT)
    text: Short | None = None
    revisions: Literal["with", "without", "only"] = Field(default="without", description="调整表：一并列出、不列、只列")
    order: Literal["changed", "due", "title", "amount"] = "changed"


class FeedQuery(Body):
    """From where on the feed is read."""

    after: int = Field(default=-1, ge=-1, le=10**15, description="上次读到的序号；从头读写 -1")
    limit: int = Field(default=100, ge=1, le=500)


def show_me(_asked: Asked) -> Reply:
    """Return who asks."""
    me = person()
    posts = [
        a.Post(role=post.role, role_name=word(post.role), organ=post.organ, organ_name=organ_name(post.organ))
        for post in me.posts if not post.via
    ]
    shown = a.Me(
        person=me.id, name=me.name, posts=posts, signed_in_by="token" if g.by_token else "session",
        scopes=sorted(g.scopes), now=transaction().now(),
    )  # fmt: skip
    return Reply(shown)


def list_tables(asked: Asked) -> Reply:
    """Return the tables in the person's scope that the filters leave."""
    query: TablesQuery = asked.query
    tx, cut = transaction(), cut_at(query.cursor, query.order)
    filters = _filters(query)
    rows = (
        rows_after(tx, person(), filters, query.order, cut, limit=query.limit + 1) if cut
        else rows_from_start(tx, person(), filters, query.order, limit=query.limit + 1)
    )  # fmt: skip
    here = rows[: query.limit]
    more = table_cursor(dict(here[-1]), query.order) if len(rows) > query.limit else None
    return Reply(lists.TableRows(items=[table_row(row) for row in here], next=more))


def _filters(query: TablesQuery) -> Filters:
    return Filters(
        year=query.year, stage=query.stage, department=query.department or None, unit=query.unit or None,
        node=query.node or None, overdue=True if query.overdue else None, words=query.text or None,
        least=None if query.least is None else Decimal(query.least),
        most=None if query.most is None else Decimal(query.most),
        revision={"with": None, "without": False, "only": True}[query.revisions],
    )  # fmt: skip


def list_work(asked: Asked) -> Reply:
    """Return the tasks that wait for the person's posts, the most urgent first, and before them what he is asked."""
    rows = tables_waiting_for(transaction(), person(), limit=MOST_WORK)
    rest = _beyond(rows, asked.query.cursor)
    here = rest[: asked.query.limit]
    more = cursor_at(here[-1]["task_due_at"], here[-1]["task"]) if len(rest) > len(here) else None
    mine = [] if asked.query.cursor else [asked_item(each) for each in asked_of(transaction(), person())]
    return Reply(lists.Work(items=[work_item(row) for row in here], asked=mine, next=more))


def _beyond(rows: Sequence[RowMapping], cursor: str) -> Sequence[RowMapping]:
    """Return the tasks after the one last seen; where it is done meanwhile, those that are due no sooner."""
    if not cursor:
        return rows
    due, task = place_at(cursor)
    place = next((number for number, row in enumerate(rows, 1) if row["task"] == task), None)
    if place is not None:
        return rows[place:]
    return [row for row in rows if row["task_due_at"] is None or (due and row["task_due_at"].isoformat() >= due)]


def list_notices(asked: Asked) -> Reply:
    """Return the person's messages, the newest first."""
    at, notice = moment_and_id(asked.query.cursor)
    rows = notices_after(transaction(), person().id, at, notice, limit=asked.query.limit + 1)
    here = rows[: asked.query.limit]
    more = cursor_at(here[-1]["created_at"], here[-1]["id"]) if len(rows) > len(here) else None
    return Reply(lists.Notices(items=[notice_row(row) for row in here], next=more))


def read_notices(asked: Asked) -> Reply:
    """Mark one message as read, or all of them."""
    marked = mark_read(transaction(), person().id, asked.body.notice)
    return Reply(lists.Marked(marked=marked, dry_run=asked.dry_run))


def list_documents(asked: Asked) -> Reply:
    """Return the filing documents of which the person may read a table, the newest first."""
    at, document = moment_and_id(asked.query.cursor)
    rows = documents_after(transaction(), person(), at, document, limit=asked.query.limit + 1)
    here = rows[: asked.query.limit]
    more = cursor_at(here[-1]["filed_at"], here[-1]["document_id"]) if len(rows) > len(here) else None
    return Reply(lists.Documents(items=[document_row(row) for row in here], next=more))


def show_document(asked: Asked) -> Reply:
    """Return one filing document with its tables that the person may read."""
    tx, document_id = transaction(), asked.path["document_id"]
    row = document_seen_by(tx, person(), document_id)
    found = tables_visible_to(tx, person(), Filters(document=document_id, revision=False), limit=MOST_OF_A_DOCUMENT)
    tables = [table_row(each) for each in sorted(found, key=itemgetter("ordinal"))]
    fields = document_fields(row, len(tables))
    return Reply(lists.DocumentShown(**fields, sha256=row["bytes_sha256"], items=tables))


def show_feed(asked: Asked) -> Reply:
    """Return what was sealed after a place, of the tables that the person may read."""
    tx = transaction()
    found, on = feed_for(tx, person(), asked.query.after, limit=asked.query.limit)
    items = [
        lists.FeedItem(**dict(event_shown(each.recorded)), index=each.log_index, table=each.recorded.stream)
        for each in found
    ]
    return Reply(lists.Feed(items=items, after=on, size=log_size(tx)))
