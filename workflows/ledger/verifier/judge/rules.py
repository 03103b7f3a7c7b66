"""Every rule by the kind of event: which opens a step, what each event does, what is judged beside the tables."""

from __future__ import annotations

from typing import Dict

from workflows.ledger.verifier.judge.amendments import AMENDMENTS_EFFECTS, AMENDMENTS_OPENERS
from workflows.ledger.verifier.judge.appraisals import APPRAISALS_EFFECTS, APPRAISALS_OPENERS
from workflows.ledger.verifier.judge.assessing import ASSESSING_EFFECTS, ASSESSING_OPENERS
from workflows.ledger.verifier.judge.attachments import ATTACHMENTS_EFFECTS, ATTACHMENTS_OPENERS
from workflows.ledger.verifier.judge.beginnings import BEGINNINGS_EFFECTS
from workflows.ledger.verifier.judge.campaigns import CAMPAIGNS_BESIDE
from workflows.ledger.verifier.judge.comments import COMMENTS_EFFECTS, COMMENTS_OPENERS
from workflows.ledger.verifier.judge.copies import COPIES_EFFECTS, COPIES_OPENERS
from workflows.ledger.verifier.judge.deciding import DECIDING_EFFECTS, DECIDING_OPENERS
from workflows.ledger.verifier.judge.disclosures import DISCLOSURES_BESIDE, DISCLOSURES_EFFECTS, DISCLOSURES_OPENERS
from workflows.ledger.verifier.judge.entrances import ENTRANCES_EFFECTS
from workflows.ledger.verifier.judge.executions import EXECUTIONS_EFFECTS, EXECUTIONS_OPENERS
from workflows.ledger.verifier.judge.experts import EXPERTS_EFFECTS, EXPERTS_OPENERS
from workflows.ledger.verifier.judge.final_accounts import FINAL_ACCOUNTS_BESIDE
from workflows.ledger.verifier.judge.inquiries import INQUIRIES_EFFECTS, INQUIRIES_OPENERS
from workflows.ledger.verifier.judge.interventions import INTERVENTIONS_EFFECTS, INTERVENTIONS_OPENERS
from workflows.ledger.verifier.judge.judge import Beside, Effect, Opener
from workflows.ledger.verifier.judge.ladder import LADDER_EFFECTS, LADDER_OPENERS
from workflows.ledger.verifier.judge.library import LIBRARY_BESIDE
from workflows.ledger.verifier.judge.mending import MENDING_EFFECTS, MENDING_OPENERS
from workflows.ledger.verifier.judge.monitoring import MONITORING_EFFECTS, MONITORING_OPENERS
from workflows.ledger.verifier.judge.moving_clocks import MOVING_CLOCKS_EFFECTS, MOVING_CLOCKS_OPENERS
from workflows.ledger.verifier.judge.passing_on import PASSING_ON_BESIDE, PASSING_ON_EFFECTS, PASSING_ON_OPENERS
from workflows.ledger.verifier.judge.publications import PUBLICATIONS_BESIDE
from workflows.ledger.verifier.judge.recalls import RECALLS_EFFECTS, RECALLS_OPENERS
from workflows.ledger.verifier.judge.referrals import REFERRALS_BESIDE
from workflows.ledger.verifier.judge.replies import REPLIES_BESIDE, REPLIES_EFFECTS
from workflows.ledger.verifier.judge.requests import REQUESTS_EFFECTS, REQUESTS_OPENERS
from workflows.ledger.verifier.judge.rescoring import RESCORING_BESIDE, RESCORING_EFFECTS, RESCORING_OPENERS
from workflows.ledger.verifier.judge.returns import RETURNS_EFFECTS
from workflows.ledger.verifier.judge.review_forms import REVIEW_FORMS_EFFECTS, REVIEW_FORMS_OPENERS
from workflows.ledger.verifier.judge.revisions import REVISIONS_EFFECTS, REVISIONS_OPENERS
from workflows.ledger.verifier.judge.self_evaluation import SELF_EVALUATION_EFFECTS, SELF_EVALUATION_OPENERS
from workflows.ledger.verifier.judge.standstill import STANDSTILL_EFFECTS, STANDSTILL_OPENERS
from workflows.ledger.verifier.judge.submitting import SUBMITTING_EFFECTS, SUBMITTING_OPENERS
from workflows.ledger.verifier.judge.tasks import TASKS_EFFECTS, TASKS_OPENERS

OPENERS: Dict[str, Opener] = {
    **MOVING_CLOCKS_OPENERS, **APPRAISALS_OPENERS, **SUBMITTING_OPENERS, **REVIEW_FORMS_OPENERS,
    **AMENDMENTS_OPENERS, **REVISIONS_OPENERS, **DECIDING_OPENERS, **MENDING_OPENERS, **INTERVENTIONS_OPENERS,
    **REQUESTS_OPENERS, **MONITORING_OPENERS, **SELF_EVALUATION_OPENERS, **RESCORING_OPENERS,
    **DISCLOSURES_OPENERS, **EXPERTS_OPENERS, **EXECUTIONS_OPENERS, **ASSESSING_OPENERS, **ATTACHMENTS_OPENERS,
    **PASSING_ON_OPENERS, **TASKS_OPENERS, **RECALLS_OPENERS, **LADDER_OPENERS, **INQUIRIES_OPENERS,
    **COPIES_OPENERS, **STANDSTILL_OPENERS, **COMMENTS_OPENERS,
}
"""Which of these events may open a step, and the rule that says when."""
EFFECTS: Dict[str, Effect] = {
    **MOVING_CLOCKS_EFFECTS, **ENTRANCES_EFFECTS, **APPRAISALS_EFFECTS, **SUBMITTING_EFFECTS, **RETURNS_EFFECTS,
    **REVIEW_FORMS_EFFECTS, **AMENDMENTS_EFFECTS, **REVISIONS_EFFECTS, **DECIDING_EFFECTS, **MENDING_EFFECTS,
    **INTERVENTIONS_EFFECTS, **REQUESTS_EFFECTS, **MONITORING_EFFECTS, **SELF_EVALUATION_EFFECTS,
    **RESCORING_EFFECTS, **DISCLOSURES_EFFECTS, **EXPERTS_EFFECTS, **EXECUTIONS_EFFECTS, **ASSESSING_EFFECTS,
    **ATTACHMENTS_EFFECTS, **BEGINNINGS_EFFECTS, **REPLIES_EFFECTS, **PASSING_ON_EFFECTS, **TASKS_EFFECTS,
    **RECALLS_EFFECTS, **LADDER_EFFECTS, **INQUIRIES_EFFECTS, **COPIES_EFFECTS, **STANDSTILL_EFFECTS,
    **COMMENTS_EFFECTS,
}
"""What these events do to a table."""
BESIDE_TABLES: Dict[str, Beside] = {
    **CAMPAIGNS_BESIDE, **RESCORING_BESIDE, **DISCLOSURES_BESIDE, **FINAL_ACCOUNTS_BESIDE, **REPLIES_BESIDE,
    **PASSING_ON_BESIDE, **REFERRALS_BESIDE, **LIBRARY_BESIDE, **PUBLICATIONS_BESIDE,
}
"""What is said on other subjects and judged by what the tables say."""
