"""Waivers (S12): the department lets one person sign for two posts of a unit that has too few people, in the open."""

from datetime import datetime, timedelta
from uuid import UUID, uuid5

from workflows import events as e
from workflows.commands.administering import PEOPLE
from workflows.commands.recipe import reason_given
from workflows.errors import FieldsInvalid, NotAllowed
from workflows.journal import Command, Journal
from workflows.ledger.hashes import moment
from workflows.vocabulary import UNIT_ROLES, Actor, Post, Role

WAIVER = "waiver"
RULE = "S2"
"""The only rule that can be waived, and only between the desks of the unit itself; S1 never."""
SMALL = 2
"""So few people at a unit's reviewing posts leave segregation no other way."""
LONGEST = timedelta(days=366)


def waiver_stream(unit: str) -> UUID:
    """Return the stream of a unit's waivers."""
    return uuid5(PEOPLE, f"{WAIVER}:{unit}")


def sign_waiver(
    journal: Journal, *, unit: str, department: str, person: Actor, until: datetime, reason: str, by: Actor,
    command_id: UUID,
) -> e.Recorded:  # fmt: skip
    """Sign that a person may decide at several desks of a small unit; `department` is the unit's own.

    NotAllowed unless the department's finance office signs for somebody else, FieldsInvalid where the unit has enough
    people or the period (at most a year) cannot be.
    """
    stream, own = waiver_stream(unit), uuid5(command_id, f"{by.id}:sign_waiver")
    first = journal.recorded(stream, own)
    if first:
        return first[0]
    if not by.holds(Role.DEPARTMENT_FINANCE, department) or by.id == person.id:
        raise NotAllowed("职责分离豁免须由主管部门规划财务处负责人为他人签发。", rule="S12")
    _refuse_unfit(journal, unit, person)
    now = journal.now()
    if not now < until <= now + LONGEST:
        raise FieldsInvalid("豁免的有效期须在今天之后，且不超过一年。", field="until")
    fact = e.WaiverSigned(
        waiver=str(uuid5(own, WAIVER)), rule=RULE, unit=unit, person=person.id, person_name=person.name,
        reason=reason_given(reason), until=moment(until),
    )  # fmt: skip
    return journal.append(stream, WAIVER, (fact,), Command(by, Post(Role.DEPARTMENT_FINANCE, department), own))[0]


def _refuse_unfit(journal: Journal, unit: str, person: Actor) -> None:
    """Refuse a waiver that nobody needs: the unit has enough people, or the person sits at one desk alone."""
    reviewing = UNIT_ROLES - {Role.CLERK}
    people = {each.id for role in reviewing for each in journal.holders(role, unit)}
    if len(people) > SMALL:
        raise FieldsInvalid(f"本单位审核岗位共有{len(people)}人，人员足够，不能豁免职责分离。", field="unit")
    if sum(person.holds(role, unit) for role in reviewing) <= 1:
        raise FieldsInvalid(f"{person.name}在本单位只有一个审核岗位，无须豁免。", field="person")
