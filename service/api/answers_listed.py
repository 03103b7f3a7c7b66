"""The shapes of the lists that the REST interface answers: tables, work, messages, documents, definitions, events."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from service.api.answers import EventShown, Shape
from workflows.vocabulary import Action, Stage


class TableRow(Shape):
    """One row of the list of tables."""

    table: UUID
    title: str
    year: int
    unit: str
    unit_name: str
    department: str
    department_name: str
    scope: str
    amount_wan: str | None = Field(description="金额（万元）")
    stage: Stage
    stage_name: str
    returned: bool
    overdue: bool
    due_at: datetime | None
    doc_no: str | None
    colour: str | None
    grade: str | None
    changed_at: datetime
    revises: UUID | None = Field(description="调整表：所调整的绩效目标表；其他表为空")


class TableRows(Shape):
    """One page of tables; `next` is the cursor of the next one, null on the last."""

    items: list[TableRow]
    next: str | None


class FeedItem(EventShown):
    """An event with its place in the sealed order and the table it happened to."""

    index: int
    table: UUID


class Feed(Shape):
    """What was sealed after a place; `after` is where to go on, `size` how many events are sealed at all."""

    items: list[FeedItem]
    after: int
    size: int


class WorkItem(Shape):
    """One task that waits for the person, or for anybody at the person's post."""

    task: str
    node: str
    table: UUID
    title: str
    year: int
    unit: str
    unit_name: str
    stage: Stage
    role: str
    organ: str
    amount_wan: str | None
    returned: bool
    entered_at: datetime
    due_at: datetime | None
    overdue: bool


class AskedItem(Shape):
    """One thing that somebody asks of the person beside the tasks: to confirm, to agree to, or to answer."""

    table: UUID
    title: str
    year: int
    unit: str
    unit_name: str
    asked: Action = Field(description="申请的事项")
    asked_name: str
    answer: Action = Field(description="以哪一项操作答复")
    by: str
    words: str
    until: str = Field(description="至何日；没有期限为空")
    request: str = Field(description="所答复的申请；一张表至多一项时为空")


class Work(Shape):
    """The worklist, the most urgent first; on its first page also what waits for the person's word."""

    items: list[WorkItem]
    asked: list[AskedItem] = Field(description="等我确认或答复的事项；只在第一页列出")
    next: str | None


class Notice(Shape):
    """A message to the person."""

    notice: UUID
    about: UUID = Field(description="所涉的表、批复或文本")
    kind: str
    subject: str
    sentence: str
    created_at: datetime
    read_at: datetime | None


class Notices(Shape):
    """Messages, the newest first."""

    items: list[Notice]
    next: str | None


class Marked(Shape):
    """How many messages were unread until now."""

    marked: int
    dry_run: bool


class DocumentRow(Shape):
    """One filing document."""

    document: UUID
    name: str
    family: str
    year: int
    unit: str
    filed_at: datetime
    tables: int


class Documents(Shape):
    """Filing documents, the newest first."""

    items: list[DocumentRow]
    next: str | None


class DocumentShown(DocumentRow):
    """One filing document with the tables that the person may read."""

    sha256: str
    items: list[TableRow]


class DefinitionRow(Shape):
    """A chain definition that new tables can be pinned to."""

    name: str
    title: str
    definition_hash: str


class Definitions(Shape):
    """The definitions that ship with the product."""

    items: list[DefinitionRow]


class DefinitionShown(Shape):
    """A definition as data, by its hash."""

    definition_hash: str
    content: dict[str, Any]
