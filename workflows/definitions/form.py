"""The form of a definition, format 1 and 2: which items it has and what each may be; its schema is published."""

from typing import Annotated, Any, Literal

from pydantic import Field

from workflows.definitions.grammar import LONGEST
from workflows.published.form import Form, Words

Code = Annotated[str, Field(pattern="^[a-z][a-z0-9_]{0,39}$")]
Post = Literal[
    "clerk", "unit_business", "unit_finance", "unit_head", "department_business", "department_finance",
    "finance_business", "finance_performance", "finance_budget", "finance_leader",
]  # fmt: skip
Of = Annotated[Literal["unit", "department", "bureau"], Field(description="whose organ: the table's unit, its department or the bureau")]  # noqa: E501
MOST_NODES, MOST_GROUPS, MOST_RUNGS = 60, 20, 20


class SignersForm(Form):
    """One group of signers at a node."""

    group: Annotated[Words, Field(description="the group's printed name, e.g. 业务处; per_group counts by it")]
    role: Post
    of: Of
    take: Annotated[Literal["pool", "each"], Field(description="pool: one task for anybody of the post; each: one for every holder")]  # noqa: E501


class RuleForm(Form):
    """When a node with several signers is decided."""

    kind: Literal["any", "all", "count", "percent", "per_group"] = "any"
    need: Annotated[int, Field(ge=1, description="count: people; percent: 1-100; per_group: people of each group")] = 1
    against: Annotated[Literal["veto", "majority", "wait"], Field(description="what a vote against does")] = "veto"


class ReceiverForm(Form):
    """To whom a rung goes: whoever holds a post when it comes."""

    role: Post
    of: Of


class RungForm(Form):
    """One rung of a node's ladder."""

    at: Annotated[str, Field(pattern="^T([+-]([1-9]|[12][0-9]|30))?$", description="T, T-3, T+5: working days from the due day")]  # noqa: E501
    do: Annotated[Literal["remind", "inform", "hand"], Field(description="remind the holder; inform the superior, who may read it; hand: the superior may decide beside the holder")]  # noqa: E501
    to: Annotated[ReceiverForm | None, Field(description="the superior's post; not with remind")] = None


class PlainNodeForm(Form):
    """One desk of the chain (format 1)."""

    node: Annotated[Code, Field(description="its code, once in the chain")]
    title: Words
    stage: Literal["draft", "unit_review", "department_review", "finance_approval", "monitoring", "self_evaluation"]
    role: Post
    of: Of
    level: Annotated[Literal["filing", "unit", "department", "finance", "reply"], Field(description="one person decides at one level of a round (S2)")]  # noqa: E501
    after: Annotated[list[Code], Field(max_length=MOST_NODES, description="nodes of the same stage that come first; none: side by side")]  # noqa: E501
    working_days: Annotated[int, Field(ge=0, le=250, description="the clock of its tasks")]


class NodeForm(PlainNodeForm):
    """One desk of the chain; its clock is one of working_days, calendar_days, fixed_date."""

    working_days: Annotated[int, Field(ge=0, le=250, description="the clock of its tasks, in working days")] = Field(default_factory=int)  # noqa: E501
    calendar_days: Annotated[int, Field(ge=1, le=366, description="the clock in calendar days, as laws count")] = Field(default_factory=int)  # noqa: E501
    fixed_date: Annotated[str, Field(pattern="^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$", description="the clock as a date, MM-DD: the next one after entering")] = Field(default_factory=str)  # noqa: E501
    when: Annotated[str, Field(min_length=1, max_length=LONGEST, description="a condition; where it is false the node is skipped")] = Field(default_factory=str)  # noqa: E501
    signers: Annotated[list[SignersForm], Field(min_length=1, max_length=MOST_GROUPS, description="default: the node's role, as a pool")] = Field(default_factory=list)  # noqa: E501
    rule: RuleForm = Field(default_factory=RuleForm)
    review: Annotated[Literal["", "form"], Field(description="form: a review form (审核表) before anybody passes or refuses here")] = ""  # noqa: E501
    ladder: Annotated[list[RungForm], Field(max_length=MOST_RUNGS, description="who is told when; without it T-3, T-1, T, T+1 remind")] = Field(default_factory=list)  # noqa: E501
    on_return: Annotated[Literal["restart", "continue", "pause"], Field(description="the clock while a returned table is away: begins anew, runs on, stands still")] = "restart"  # noqa: E501
    on_suspend: Annotated[Literal["restart", "continue", "pause"], Field(description="the clock while the table is suspended")] = "pause"  # noqa: E501
    ordered: Annotated[bool, Field(description="顺签: in the order of the groups, then of the person's id")] = False


class RightForm(Form):
    """Which groups of fields a role may write in a stage, or, once something happened, may still write."""

    stage: Literal["draft", "unit_review", "department_review", "finance_approval", "monitoring", "self_evaluation", "closed", "terminated"]  # noqa: E501
    role: Post
    write: Annotated[list[Literal[
        "basics", "money", "goals", "rows", "weights", "marks", "explanations", "attachments", "comments", "answers",
        "review_form", "doc_no", "monitoring", "executed", "rectification", "self_evaluation", "rescoring", "returned",
    ]], Field(max_length=20, description="groups of fields; returned: the places that the return lists")]
    once: Annotated[Literal["", "returned", "completed"], Field(description="takes away all else while a return that lists places is answered, or after a direct completion (良)")] = ""  # noqa: E501


class PlainDefinitionForm(Form):
    """An approval chain (format 1)."""

    format: Literal[1]
    name: Code
    title: Words
    source: Annotated[str, Field(min_length=1, max_length=500, description="the regulation or decision behind it")]
    nodes: Annotated[list[PlainNodeForm], Field(min_length=1, max_length=MOST_NODES)]


class DefinitionForm(PlainDefinitionForm):
    """An approval chain of Goaltrail 绩效目标审批台账 as data, format 2."""

    format: Literal[2]  # type: ignore[assignment]
    nodes: Annotated[list[NodeForm], Field(min_length=1, max_length=MOST_NODES)]  # type: ignore[assignment]
    withdraw_until: Annotated[Literal["opened", "decided", "never"], Field(description="撤回 ends once a reviewer opened it, or decided; never: only with consent (申请撤回)")] = "opened"  # noqa: E501
    copies_read_after: Annotated[int, Field(ge=0, le=250, description="视同已阅: working days after which a copy counts as read; 0: never")] = 0  # noqa: E501
    fields: Annotated[list[RightForm], Field(min_length=1, max_length=200, description="the matrix of field rights; what it does not name may not be written; absent: what the steps allow")] = Field(default_factory=list)  # noqa: E501


def definition_schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of format 2: the form that the reader holds a definition against."""
    schema = DefinitionForm.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
