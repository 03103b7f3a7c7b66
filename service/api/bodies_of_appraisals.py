"""What callers send for the appraisal of a new project before it is filed (事前绩效评估)."""

from typing import Literal

from pydantic import Field

from service.api.bodies import Body, Reason, Text, WithOpinion, Word


class Appraising(WithOpinion):
    """An appraisal: a grade for every item by its code, the result, the ID of the report among the attachments."""

    items: dict[str, Literal["excellent", "good", "fair", "poor"]] = Field(max_length=60)
    result: Literal["supported", "partly", "rejected"]
    attachment: Word


class AppraisalCheck(Body):
    """Whether the department agrees to an appraisal; a reason (`opinion`) where it does not."""

    appraisal: Word
    outcome: Literal["pass", "return"]
    opinion: Text = ""


class AppraisalWaiver(Body):
    """Letting a project in by a document: its number and the reason."""

    appraisal: Word
    doc_no: Word
    reason: Reason
