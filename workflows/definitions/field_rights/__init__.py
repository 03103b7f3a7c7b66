"""Field rights: in which stage which role may write which group of a table's fields (features M3, decision 0041)."""

from workflows.definitions.field_rights.groups import CONTENT, WRITES, FieldGroup, group_of
from workflows.definitions.field_rights.matrix import (
    EVERYWHERE,
    LISTED,
    Barred,
    Once,
    Right,
    Rights,
    Situation,
    rights_from,
)

__all__ = [
    "CONTENT", "EVERYWHERE", "LISTED", "WRITES", "Barred", "FieldGroup", "Once", "Right", "Rights", "Situation",
    "group_of", "rights_from",
]  # fmt: skip
