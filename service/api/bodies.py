"""What callers send: the bodies of every action, each field named as the verb's own, texts cleaned as the forms do."""

import datetime as dt
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Base64Bytes, BaseModel, ConfigDict, Field

from service.pages.posted import LONGEST_TEXT, cleaned
from workflows.measures.watch import Possibility
from workflows.state.revisions import Trigger
from workflows.vocabulary import Stage

Text = Annotated[str, Field(max_length=LONGEST_TEXT), AfterValidator(cleaned)]
Reason = Annotated[str, Field(min_length=5, max_length=LONGEST_TEXT), AfterValidator(cleaned)]
Word = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(cleaned)]
Cause = Literal["经费保障", "制度保障", "人员保障", "硬件条件保障", "其他"]
MOST_ROWS = 500
MOST_ITEMS = 1000
LARGEST_FILE = 14 * 1024 * 1024
"""Bytes of a file that the whole request's limit leaves room for after base64; larger ones go through the page."""
File = Annotated[Base64Bytes, Field(max_length=LARGEST_FILE, description="文件内容（base64），不超过14 MB")]


class Body(BaseModel):
    """What all bodies share: a field that is not known is refused."""

    model_config = ConfigDict(extra="forbid")


class Nothing(Body):
    """An action that needs no more words."""


class WithOpinion(Body):
    """An agreement, with an opinion if there is one."""

    opinion: Text = ""


class WithReason(Body):
    """A step back or an ending: the reason, five characters at least."""

    reason: Reason


class Submission(Body):
    """Handing the draft in: exactly the draft that If-Match names."""

    note: Text = ""


class Return(WithReason):
    """A return to an earlier stage, or to one node of it; with the mode 直达 about the places named in `fields`."""

    to: Stage
    to_node: Word | None = None
    mode: Literal["逐级", "直达"] = "逐级"
    fields: list[Word] = Field(default_factory=list, max_length=MOST_ROWS, description="直达时须改正之处（JSON 指针）")


class Reply(Body):
    """A reply under a document number."""

    doc_no: Word
    opinion: Text = ""


class Adjustment(WithReason):
    """Why an approved table is to be revised."""

    trigger: Trigger


class OpenWindow(Body):
    """Which monitoring window."""

    window: Word


class AcceptWindow(WithOpinion):
    """An agreement to one window's figures."""

    window: Word


class ReturnWindow(WithReason):
    """A return of one window's figures."""

    window: Word


class NewFile(Body):
    """A file put to the table; `for_step` names the desk where it is evidence."""

    name: Word
    data: File
    for_step: Annotated[str, Field(max_length=100), AfterValidator(cleaned)] = ""


class OldFile(Body):
    """A file taken back."""

    attachment: UUID


class MonitoredRow(Body):
    """One indicator's progress."""

    actual: Text = ""
    forecast: Text = ""
    possibility: Possibility | None = None
    causes: Annotated[tuple[Cause, ...], Field(max_length=5)] = ()
    explanation: Text = ""
    remark: Text = ""


class MoneyPart(Body):
    """One part of the money in the table's unit, as decimal text."""

    budget: Text = ""
    executed: Text = ""
    forecast: Text = ""


class Monitoring(Body):
    """A window's figures: amounts as decimal text in the table's unit, rows by indicator ID (domain.md 8.3)."""

    window: Word
    executed: Text = ""
    adjusted_budget: Text = ""
    forecast: Text = ""
    parts: dict[Literal["fiscal", "other"], MoneyPart] = Field(default_factory=dict)
    cause: Text = ""
    measure: Text = ""
    person: Text = ""
    deadline: Text = ""
    compliance: Text = ""
    rows: dict[str, MonitoredRow] = Field(default_factory=dict, max_length=MOST_ROWS)


class EvaluatedRow(Body):
    """One indicator's result."""

    actual: Text = ""
    percent: Text = ""
    points: Text = ""
    reason: Text = ""
    evidence: Text = ""
    method: Text = ""
    issued: Text = ""
    returned: Text = ""
    question: Text = ""
    ladder: Text = ""
    not_applicable: Text = ""
    files: tuple[UUID, ...] = Field(default=(), max_length=MOST_ROWS, description="本表附件的编号")


class Evaluation(Body):
    """The self-evaluation: amounts as decimal text, rows by indicator ID; reasons of the two totals (domain.md 9)."""

    executed: Text = ""
    adjusted_budget: Text = ""
    summary: Text = ""
    fiscal_budget: Text = ""
    fiscal_executed: Text = ""
    carryover_budget: Text = ""
    carryover_executed: Text = ""
    other_budget: Text = ""
    other_executed: Text = ""
    execution_reason: Text = ""
    total_reason: Text = ""
    rows: dict[str, EvaluatedRow] = Field(default_factory=dict, max_length=MOST_ROWS)


class DraftRow(Body):
    """One indicator row; without `id` it is a new one. A field left out stays as it is, or empty in a new row."""

    id: Annotated[str, Field(pattern=r"^r[1-9][0-9]{0,4}$")] | None = None
    level1: Text | None = None
    level2: Text | None = None
    level3: Text | None = None
    description: Text | None = None
    basis: Text | None = None
    weight: Text | None = None
    target: Text | None = Field(default=None, description="指标值原文，例如 ≥95%")


class DraftBudget(Body):
    """The amounts as printed, in the table's own unit."""

    total: Text | None = None
    fiscal: Text | None = None
    other: Text | None = None
    carryover: Text | None = None


class Changes(Body):
    """What the draft shall say: only what is named changes; `indicators`, where given, is the whole list in order."""

    title: Text | None = None
    project_code: Text | None = None
    supervising_department: Text | None = None
    implementing_unit: Text | None = None
    attribute: Text | None = None
    period: Text | None = None
    purpose: Text | None = None
    disclosure: Text | None = None
    goals: list[Text] | None = Field(default=None, max_length=MOST_ROWS)
    amount_unit: Literal["元", "万元"] | None = Field(default=None, description="金额单位；金额本身不随之换算")
    budget: DraftBudget | None = None
    indicators: list[DraftRow] | None = Field(default=None, max_length=MOST_ROWS)
    explanations: dict[Word, Text] | None = Field(
        default=None, max_length=MOST_ROWS, description="机审提示的说明，按“规则@位置”"
    )
    reason: Text = Field(default="", description="改动申报文本内容的理由（不少于5个字）")


class Comment(Body):
    """A comment on a place of the recorded content (JSON pointer, rows by their ID), coded by a review criterion."""

    pointer: Word
    criterion: Word
    words: Text


class CommentAnswer(Body):
    """An answer to a comment."""

    thread: Word
    words: Text


class CommentEnd(WithOpinion):
    """A comment laid aside."""

    thread: Word


class Item(Body):
    """One table of many, as it was seen."""

    table: UUID
    etag: Word


class Replies(Reply):
    """One reply document over many tables: all or none."""

    tables: list[Item] = Field(min_length=1, max_length=400)


class Filing(Body):
    """A filing document to take in; `year` where the text prints none."""

    name: Word
    data: File
    unit: Word
    year: Annotated[int, Field(ge=2000, le=2100)] | None = None


class ExecutionFile(Body):
    """A CSV or XLSX file of executed amounts; unit, date and year where the file prints none."""

    name: Word
    data: File
    amount_unit: Literal["元", "万元"] | None = None
    date: dt.date | None = None
    year: Annotated[int, Field(ge=2000, le=2100)] | None = None


class Reading(Body):
    """Which message was read; none: all of them."""

    notice: UUID | None = None
