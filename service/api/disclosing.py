"""The release of a department's pack, asked for by a program."""

from uuid import UUID, uuid5

from service.api.answers import Shape
from service.api.asked import Asked
from service.api.bodies_of_results import Release
from service.api.operation import Reply
from service.context import journal, person, transaction
from service.disclosing_packs import release_now


class Released(Shape):
    """A released pack: its ID, how many tables are public and how many are not, the last day (ISO)."""

    pack: UUID
    year: int
    tables: int
    internal: int
    stubs: int
    due: str
    dry_run: bool


def release_disclosure(asked: Asked) -> Reply:
    """Release the pack of the caller's department (N9)."""
    body: Release = asked.body
    pack = uuid5(asked.command_id, f"disclosure:{person().id}")
    fact = release_now(transaction(), journal(), pack, year=body.year, by=person(), command_id=asked.command_id)
    said = Released(
        pack=pack, year=fact.year, tables=len(fact.tables), internal=fact.internal, stubs=fact.stubs, due=fact.due,
        dry_run=asked.dry_run,
    )  # fmt: skip
    return Reply(said, status=201)
