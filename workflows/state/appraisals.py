"""事前绩效评估 as values: what was found of a new project before filing, who confirmed it, what it allows (R34)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from workflows.vocabulary import Word


class Support(Word):
    """What an appraisal concludes; only the first lets a project into the budget request."""

    SUPPORTED = "supported", "予以支持", "supported"
    PARTLY = "partly", "部分支持（调整完善后）", "supported after changes"
    REJECTED = "rejected", "不予支持", "not supported"


FILED, CONFIRMED, RETURNED = "filed", "confirmed", "returned"
STATES = {FILED: "待主管部门核实", CONFIRMED: "主管部门已核实", RETURNED: "主管部门不同意"}


@dataclass(frozen=True)
class Appraisal:
    """The appraisal that was filed last: 20 items graded, total of 100, result, the report's attachment.

    `amount` is the budget in 万元 that was appraised (decimal text, empty where unknown); `doc_no` is the document by
    which finance lets the project in whatever the result.
    """

    appraisal: str
    result: str
    total: str
    items: Mapping[str, str]
    amount: str
    attachment: str
    opinion: str
    by: str
    name: str
    at: str
    state: str = FILED
    checked_by: str = ""
    answer: str = ""
    doc_no: str = ""
    waived_by: str = ""

    @property
    def positive(self) -> bool:
        """Whether it supports the project and the department confirmed that."""
        return self.state == CONFIRMED and self.result == Support.SUPPORTED

    def reaches(self, amount: Decimal | None) -> bool:
        """Whether it was made for at least this amount (万元)."""
        return amount is not None and self.amount != "" and amount <= Decimal(self.amount)
