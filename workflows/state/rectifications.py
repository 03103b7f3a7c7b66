"""What follows from an evaluation, as values: points given anew, the draw for a check, rectifications."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

ORDERED, DONE, VERIFIED = "ordered", "done", "verified"
"""A rectification waits for the unit, waits to be looked at, is over."""
MEASURES = ("整改", "核减预算", "暂停拨付")
"""What may be ordered (财预〔2020〕10号 第三十条; 财预〔2019〕136号 第十四条)."""
LOT, GRADE, TOTAL, JUMP = "lot", "grade", "total", "jump"
WHY_DRAWN = {LOT: "随机抽取", GRADE: "自评等级为“差”", TOTAL: "自评满分", JUMP: "与上年相比升降过大"}


@dataclass(frozen=True)
class Rescore:
    """Points that the department or the bureau gave beside the unit's; the newest total and grade count."""

    node: str
    level: str
    by: str
    rows: tuple[Mapping[str, Any], ...]
    total: str
    grade: str
    behalf: str = ""


@dataclass(frozen=True)
class Drawn:
    """The draw by which the table is checked, why, and whether the check is over."""

    sampling: str
    why: str
    done: bool = False


@dataclass(frozen=True)
class Rectification:
    """What the unit has to mend: why, by when, how far it is; `cut` in the table's unit."""

    rectification: str
    cause: str
    window: str
    measures: tuple[str, ...]
    cut: str | None
    problem: str
    deadline: str
    state: str
    ordered_by: str
    role: str
    organ: str
    report: str = ""
    done_by: str = ""
    opinion: str = ""
    verified_by: str = ""

    @property
    def open(self) -> bool:
        """Whether nobody has yet agreed that it is mended."""
        return self.state != VERIFIED
