"""Classified projects are filed by number alone: unit, year and count, with no title, amount or indicator."""

from uuid import UUID

from workflows import events as e
from workflows.commands.importing import Home
from workflows.errors import FieldsInvalid, NotAllowed
from workflows.journal import Command, Journal
from workflows.state.disclosures import MOST_STUBS, STUBS_NAME
from workflows.vocabulary import Actor, Post, Role

FAMILY = "classified-stub"


def register_stubs(
    journal: Journal, document_id: UUID, *, home: Home, year: int, count: int, by: Actor, command_id: UUID
) -> e.DocumentFiled:
    """File how many classified tables a unit has in a year; the newest number counts, 0 takes it back."""
    if journal.recorded(document_id, command_id):
        facts = (each.fact for each in journal.history(document_id))
        return next(fact for fact in facts if isinstance(fact, e.DocumentFiled))
    if not by.holds(Role.CLERK, home.unit):
        raise NotAllowed("您不是该单位的项目经办人。")
    if not 0 <= count <= MOST_STUBS:
        raise FieldsInvalid(f"涉密项目绩效目标表张数须为0至{MOST_STUBS}。", field="count")
    words = f"{home.unit} {year} 不予公开涉密项目绩效目标表{count}个".encode()
    fact = e.DocumentFiled(
        name=STUBS_NAME, bytes_sha256=journal.put_bytes(words), size=len(words), family=FAMILY, bureau=home.bureau,
        department=home.department, unit=home.unit, year=year, department_part=None, tables=(),
        undisclosed_tables=count, findings=journal.put_content({"findings": []}),
    )  # fmt: skip
    journal.append(document_id, "document", (fact,), Command(by, Post(Role.CLERK, home.unit), command_id))
    return fact
