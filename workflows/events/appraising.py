"""Facts of an appraisal before a new project is filed (事前绩效评估): filed, confirmed or not, let in all the same."""

from collections.abc import Mapping
from dataclasses import dataclass

from workflows.events.fact import Event


@dataclass(frozen=True)
class AppraisalFiled(Event):
    """The clerk filed an appraisal: `items` code -> grade, `total` of 100, the result, `amount` in 万元 as appraised.

    `attachment` is the report; an appraisal replaces the one before. Source: R34 (中发〔2018〕34号), domain.md 11.
    """

    kind = "appraisal.filed"
    erasable = ("opinion",)
    appraisal: str
    items: Mapping[str, str]
    total: str
    result: str
    amount: str
    attachment: str
    opinion: str
    pack: str
    pack_hash: str


@dataclass(frozen=True)
class AppraisalChecked(Event):
    """The department's finance office confirmed an appraisal (`pass`) or did not agree to it (`return`)."""

    kind = "appraisal.checked"
    erasable = ("opinion",)
    appraisal: str
    outcome: str
    opinion: str


@dataclass(frozen=True)
class AppraisalWaived(Event):
    """The finance bureau lets the project be filed whatever the appraisal says, by a document with a number."""

    kind = "appraisal.waived"
    erasable = ("reason",)
    appraisal: str
    doc_no: str
    reason: str
