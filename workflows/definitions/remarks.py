"""Which stages a chain has to man, and how its nodes are named in what the lint says."""

from workflows.definitions.chain import Chain
from workflows.vocabulary import Stage

STAGES = (
    Stage.DRAFT, Stage.UNIT_REVIEW, Stage.DEPARTMENT_REVIEW, Stage.FINANCE_APPROVAL, Stage.MONITORING,
    Stage.SELF_EVALUATION,
)  # fmt: skip
"""The stages that a chain has to man, in the order of a table's life."""


def title(chain: Chain, name: str) -> str:
    """Return a node's printed title in quotation marks."""
    return f"“{chain.node(name).title}”"
