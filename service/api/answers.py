"""The shapes of what the REST interface answers; the specification is made from them."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from service.api.answers_of_ladders import Escalated, RungShown
from service.api.answers_of_reviews import AmendmentShown, ReviewShown
from workflows.vocabulary import Stage


class Shape(BaseModel):
    """What all shapes share: nothing but the fields that are named."""

    model_config = ConfigDict(extra="forbid")


class Flaw(Shape):
    """One thing to mend: where (JSON pointer into the body, or the name of a parameter) and what."""

    pointer: str | None = None
    parameter: str | None = None
    detail: str
    rule: str | None = None
    severity: str | None = Field(default=None, description="B 必须改正，W 须说明理由，I 供参考")
    suggestion: str | None = None


class Desk(Shape):
    """One open task of a table: where, who may take it, until when."""

    task: str
    node: str
    stage: Stage
    role: str
    role_name: str
    organ: str
    organ_name: str
    person: str | None
    level: str
    entered_at: datetime
    due_at: datetime | None
    provisional: bool = Field(description="期限按尚未公布的节假日安排推算")
    overdue: bool


class TableHead(Shape):
    """How a table stands, without its words: what one needs to act on it."""

    table: UUID
    version: int
    etag: str
    stage: Stage
    stage_name: str
    round: int
    content_hash: str
    desks: list[Desk]


class Problem(Shape):
    """RFC 9457: why a request was refused. `errors` holds all findings at once, `table` the table as it stands now."""

    type: str
    title: str
    status: int
    detail: str
    english: str
    instance: str
    rule: str | None = Field(default=None, description="拒绝所依据的规则编号，例如 S1、R-ROLE")
    errors: list[Flaw] = Field(default_factory=list)
    table: TableHead | None = None


class Post(Shape):
    """A post held now."""

    role: str
    role_name: str
    organ: str
    organ_name: str


class Me(Shape):
    """Who asks, under which posts, and what the token opens (all scopes with a session)."""

    person: str
    name: str
    posts: list[Post]
    signed_in_by: Literal["session", "token"]
    scopes: list[str]
    now: datetime = Field(description="台账时间")


class Finding(Shape):
    """What the machine pre-review found beside the content."""

    rule: str
    severity: str
    pointer: str
    detail: str
    suggestion: str


class FindingShown(Finding):
    """A finding with the place's name, the key under which a warning is explained, and the explanation given."""

    rule_text: str = Field(description="规则的内容，见 docs/rules.md")
    severity_name: str
    place: str = Field(description="位置的名称")
    key: str = Field(description="说明理由时用的键：explanations 中的名称")
    explanation: str = Field(description="填报单位的说明，没有则为空")


class Findings(Shape):
    """All findings of the pre-review on the content that the reader sees, blocking ones first."""

    items: list[FindingShown]
    blocking: int = Field(description="必须改正的条数，不为零时不能提交")
    unexplained: int = Field(description="须说明理由而尚未说明的条数，不为零时不能提交")


class Window(Shape):
    """One monitoring checkpoint."""

    window: str
    name: str
    date: date
    state: str
    planned_percent: str | None
    execution_rate: str | None
    deviation: str | None
    colour: str | None


class Attachment(Shape):
    """A file beside the table."""

    attachment: UUID
    name: str
    media_type: str
    size: int
    erased: bool


class Ending(Shape):
    """An ending that waits for its second person."""

    action: str
    reason: str
    by: str


class PauseShown(Shape):
    """Since when the project is paused, by whom, and why."""

    since: datetime
    by: str
    reason: str


class TableShown(TableHead):
    """One table: how it stands, its content as the person may see it, what the machine found."""

    title: str
    year: int
    unit: str
    department: str
    bureau: str
    owner: str
    family: str
    definition: str
    definition_hash: str
    document: UUID | None = Field(description="来自哪份申报文本；在系统中新建的没有")
    draft_version: int = Field(description="所见草稿的版本，0 表示内容就是台账中的内容")
    content: dict[str, Any]
    findings: list[Finding]
    in_force: str | None
    returned_reason: str | None
    waiting: Ending | None
    paused: PauseShown | None = Field(description="财政已暂停项目、停止拨付；未暂停时为空")
    doc_no: str | None
    windows: list[Window]
    total: str | None
    grade: str | None
    ended_reason: str | None
    attachments: list[Attachment]
    reviews: list[ReviewShown]
    amendment: AmendmentShown | None


class EventShown(Shape):
    """One event of a table in one sentence."""

    version: int
    kind: str
    at: datetime
    person: str
    name: str
    role: str
    organ: str
    sentence: str
    command: UUID


class History(Shape):
    """A table's events, oldest first; `next` is the cursor of the next page, null on the last."""

    items: list[EventShown]
    next: str | None


class ActionShown(Shape):
    """May this person do this now? If not, by which rule, and the sentence."""

    action: str
    chinese: str
    english: str
    to: Stage | None = Field(description="到达的阶段；退回时每个可退回的阶段各一行")
    allowed: bool
    rule: str | None
    sentence: str | None
    task: str | None = Field(description="将在哪个任务上办理")


class Actions(Shape):
    """Every action of the lifecycle for this person and table now, open ones first."""

    etag: str
    items: list[ActionShown]


class Deputy(Shape):
    """Somebody who may act for an absent person, from when until when."""

    person: str
    name: str
    from_at: datetime
    to_at: datetime


class Holder(Shape):
    """Somebody who may sign, and who may stand in."""

    person: str
    name: str
    deputies: list[Deputy]


class Signing(Shape):
    """One task of a node: open (with its ID) or to come, and who may take it as things stand."""

    task: str | None
    role: str
    organ: str
    organ_name: str
    people: list[Holder]
    escalated: list[Escalated] = Field(description="逾期阶梯已经告知或交办的上级")


class ChainNode(Shape):
    """One node of a table's chain; one to come is due as if everybody took the whole time."""

    node: str
    title: str
    stage: Stage
    role: str
    role_name: str
    clock: str = Field(description="办理时限（文字）")
    working_days: int | None = Field(description="时限：工作日；另一种时限的为空")
    calendar_days: int | None = Field(description="时限：自然日")
    fixed_date: str | None = Field(description="时限：固定日期（MM-DD）")
    state: Literal["done", "open", "coming", "skipped", "later"]
    ladder: list[RungShown] = Field(description="到期前后的提醒和升级")
    on_return: Literal["restart", "continue", "pause"] = Field(description="退回期间的时限")
    on_suspend: Literal["restart", "continue", "pause"] = Field(description="挂起期间的时限")
    reason: str = Field(description="跳过的原因")
    due_at: datetime | None = Field(description="在办环节的期限")
    due_on: date | None = Field(description="将到环节的期限（按各环节用足时限推算）")
    provisional: bool
    tasks: list[Signing]


class ChainShown(Shape):
    """A table's chain in reading order."""

    definition: str
    definition_hash: str
    nodes: list[ChainNode]


class NewEvent(Shape):
    """An event that a command recorded."""

    version: int
    kind: str


class Done(Shape):
    """What an action did, or with `dry_run` would do: the events and the table after them."""

    action: str
    dry_run: bool
    events: list[NewEvent]
    table: TableHead


class Result(Shape):
    """What became of one table of many: the table after it, or the refusal that left it untouched."""

    table_id: UUID
    done: bool
    table: TableHead | None
    problem: Problem | None


class Results(Shape):
    """What became of each table, in the order asked."""

    action: str
    dry_run: bool
    done: int
    refused: int
    items: list[Result]


class Replied(Shape):
    """One reply document over many tables."""

    reply: UUID
    doc_no: str
    dry_run: bool
    tables: list[TableHead]


class Drawn(Shape):
    """A draw for the bureau's check: its own ID, the seed, and the tables that were drawn."""

    sampling: UUID
    seed: str
    dry_run: bool
    tables: list[TableHead]


class ExecutionRow(Shape):
    """A row of a file of executed amounts: its table, or why it has none. Amounts are in the file's unit.

    `note` says what a reader of the sheet does not see: a hidden row, a unit taken from a merged cell.
    """

    row: int
    code: str
    unit: str
    title: str
    executed: str | None
    table: UUID | None
    why: str
    note: str = ""


class Executions(Shape):
    """A file of executed amounts taken in, every row once; total = matched + rest."""

    batch: UUID
    dry_run: bool
    year: int
    date: str
    amount_unit: str
    total: str
    matched: str
    rest: str
    rows: list[ExecutionRow]


class Imported(Shape):
    """A filing document taken in: its tables are drafts now."""

    document: UUID
    dry_run: bool
    tables: list[TableHead]
    findings: int = Field(description="读取时没有把握的地方")
