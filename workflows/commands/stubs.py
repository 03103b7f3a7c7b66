"""Classified projects are filed by number alone, in their campaign's time: unit, year and count, nothing else."""

from uuid import UUID

from workflows import events as e
from workflows.campaigns import Purpose
from workflows.campaigns.cut_off import against, newest_for
from workflows.commands.importing import Home
from workflows.errors import FieldsInvalid, NotAllowed, NotOpenNow
from workflows.journal import Command, Journal
from workflows.state.disclosures import MOST_STUBS, STUBS_NAME
from workflows.vocabulary import Actor, Post, Role

FAMILY = "classified-stub"


def register_stubs(
    journal: Journal, document_id: UUID, *, home: Home, year: int, count: int, by: Actor, command_id: UUID
) -> e.DocumentFiled:
    """File how many classified tables a unit has in a year; the newest number counts, 0 takes it back.

    More than before is a filing: NotOpenNow outside the time of a campaign that is enforced. Fewer is taking back what
    was filed, which is never too late.
    """
    if journal.recorded(document_id, command_id):
        facts = (each.fact for each in journal.history(document_id))
        return next(fact for fact in facts if isinstance(fact, e.DocumentFiled))
    if not by.holds(Role.CLERK, home.unit):
        raise NotAllowed("您不是该单位的项目经办人。")
    if not 0 <= count <= MOST_STUBS:
        raise FieldsInvalid(f"涉密项目绩效目标表张数须为0至{MOST_STUBS}。", field="count")
    _refuse_outside_its_time(journal, home, year, count)
    words = f"{home.unit} {year} 不予公开涉密项目绩效目标表{count}个".encode()
    fact = e.DocumentFiled(
        name=STUBS_NAME, bytes_sha256=journal.put_bytes(words), size=len(words), family=FAMILY, bureau=home.bureau,
        department=home.department, unit=home.unit, year=year, department_part=None, tables=(),
        undisclosed_tables=count, findings=journal.put_content({"findings": []}),
    )  # fmt: skip
    journal.append(document_id, "document", (fact,), Command(by, Post(Role.CLERK, home.unit), command_id))
    return fact


def _refuse_outside_its_time(journal: Journal, home: Home, year: int, count: int) -> None:
    """Raise NotOpenNow where a campaign takes no further table from the unit now (G-CUTOFF, G-NOT-OPEN)."""
    campaigns = journal.campaigns(home.bureau, year, Purpose.GOAL_FILING, to_change=True)
    if count <= journal.own_stubs(home.unit, year):
        return
    refused = against(newest_for(campaigns, home.unit, Purpose.GOAL_FILING), home.unit, journal.now())
    if refused:
        rule, sentence = refused
        raise NotOpenNow(f"{sentence}涉密项目也须在规定时间内登记张数；减少或撤销已登记的张数不受此限。", rule=rule)
