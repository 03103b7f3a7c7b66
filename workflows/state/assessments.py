"""What is said of a project after the year, as values: evaluations, recommendations, components of imported ratios."""

from dataclasses import dataclass

FINANCE, DEPARTMENT = "finance", "department"
SORTS = {FINANCE: "财政重点绩效评价", DEPARTMENT: "部门绩效评价"}
"""Who evaluates decides what it is: the finance bureau or the department (财预〔2020〕10号)."""
UNIT = "unit"
ADDRESSED = {UNIT: "实施单位", DEPARTMENT: "主管部门"}
"""To whom a recommendation may go."""
MADE, ACCEPTED, REJECTED, IMPLEMENTED = "made", "accepted", "rejected", "implemented"
ADOPTED = frozenset({ACCEPTED, IMPLEMENTED})
"""A recommendation waits, was adopted, was not adopted, was carried out."""


@dataclass(frozen=True)
class Assessment:
    """An evaluation (绩效评价) of the project: opened by an organ, reported with score, grade and the report's file."""

    evaluation: str
    sort: str
    deadline: str
    reason: str
    by: str
    role: str
    organ: str
    score: str = ""
    grade: str = ""
    attachment: str = ""
    opinion: str = ""
    reported_by: str = ""

    @property
    def reported(self) -> bool:
        """Whether its report has come."""
        return bool(self.reported_by)


@dataclass(frozen=True)
class Recommendation:
    """What somebody should do better: the text, to which organ it goes, by when, what became of it."""

    recommendation: str
    evaluation: str
    to: str
    words: str
    deadline: str
    by: str
    state: str = MADE
    answer: str = ""
    answered_by: str = ""
    report: str = ""
    attachment: str = ""

    @property
    def open(self) -> bool:
        """Whether nobody has said yet whether it is adopted."""
        return self.state == MADE

    @property
    def adopted(self) -> bool:
        """Whether it was adopted, carried out or not yet."""
        return self.state in ADOPTED


@dataclass(frozen=True)
class Component:
    """Numerator and denominator of an imported ratio (decimal text) with what they are counted in, and the proof."""

    indicator: str
    numerator: str
    denominator: str
    counted_in: str
    attachment: str
    note: str
    by: str
    at: str


def components_now(components: tuple[Component, ...]) -> dict[str, Component]:
    """Return the component that counts for each indicator: the one recorded last."""
    return {each.indicator: each for each in components}
