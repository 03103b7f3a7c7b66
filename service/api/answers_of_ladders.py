"""What the interface tells of ladders: the rungs of a node, and what they did at an open task."""

from typing import Literal

from pydantic import BaseModel, Field

from workflows.definitions import Node
from workflows.state.standing import Desk


class RungShown(BaseModel):
    """One rung of a node's ladder."""

    at: str = Field(description="时点：T、T-3、T+5（到期日前后的工作日）")
    do: Literal["remind", "inform", "hand"] = Field(description="提醒办理人、升级告知、升级办理（与办理人并行）")
    role: str | None = Field(description="上级岗位；提醒为空")
    of: str | None
    words: str


class Escalated(BaseModel):
    """What a rung did at an open task."""

    rung: str
    do: Literal["inform", "hand"]
    role: str
    organ: str


def rungs_of(node: Node) -> list[RungShown]:
    """Return a node's ladder."""
    return [
        RungShown.model_validate(
            {"at": step.at, "do": step.do.value, "role": step.role, "of": step.of or None, "words": step.said}
        )
        for step in node.ladder
    ]


def escalations_of(desk: Desk) -> list[Escalated]:
    """Return what the ladder did at a task."""
    return [
        Escalated.model_validate({"rung": rung, "do": do, "role": role, "organ": organ})
        for rung, do, role, organ in desk.escalated
    ]
