"""How a table begins without a filing document: on a blank form, or on an earlier year's table."""

NEW = "new"
"""The origin of a table that a clerk began on a blank form."""
COPIED = "copied"
"""The origin of a table that took an earlier year's table of the same unit as its draft."""


def freely_written(origin: str, handed_in: int) -> bool:
    """Whether no document and no submission stands behind a table's words yet, so that a change needs no reason.

    `origin` is the table's, `handed_in` how often it was submitted.
    """
    return origin in (NEW, COPIED) and handed_in == 0
