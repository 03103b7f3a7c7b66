"""更正人大批准日期: the budget section asks for another day with a reason, a second person agrees; the term follows."""

from datetime import date
from uuid import UUID, uuid5

from workflows import events as e
from workflows.commands.approving_budget import (
    CAMPAIGN,
    LONGEST_NUMBER,
    budget_of,
    budget_section,
    budget_stream,
    day_typed,
    last_reply_day,
)
from workflows.commands.recipe import reason_given
from workflows.errors import FieldsInvalid, NotAllowed
from workflows.journal import Command, Journal
from workflows.vocabulary import Actor, Post, Role

CONFIRMS = (Role.FINANCE_BUDGET, Role.FINANCE_LEADER)
"""Whose second word a correction needs: another of the budget section, or the bureau's leader."""


def waiting_correction(journal: Journal, bureau: str, year: int) -> e.Recorded | None:
    """Return the correction that was asked for last and waits for its second person, None where none does."""
    last = journal.history(budget_stream(bureau, year))[-1:]
    return next((each for each in last if isinstance(each.fact, e.BudgetCorrectionAsked)), None)


def ask_budget_correction(
    journal: Journal, *, bureau: str, year: int, approved_on: str, reason: str, by: Actor, command_id: UUID,
    doc_no: str = "",
) -> e.BudgetCorrectionAsked:  # fmt: skip
    """Ask that the congress's day (Beijing, ISO) or the number of its decision read otherwise; the last asking counts.

    NotAllowed for anybody but the budget section, and where no day was recorded; FieldsInvalid for a day that cannot
    be, or for what stands there already; ReasonMissing below five characters.
    """
    behalf, stream = budget_section(by, bureau, "人大批准日期的更正由财政预算科提出。"), budget_stream(bureau, year)
    own = uuid5(command_id, f"{by.id}:budget correction")
    done = [each.fact for each in journal.recorded(stream, own) if isinstance(each.fact, e.BudgetCorrectionAsked)]
    if done:
        return done[0]
    now = budget_of(journal, bureau, year)
    if now is None:
        raise NotAllowed(f"{year}年度预算的人大批准日期还没有登记，不必更正。", rule="G-NOTHING")
    day = day_typed(journal, (year - 1, year), approved_on, "人大批准日期", "approved_on")
    number = doc_no.strip()
    if len(number) > LONGEST_NUMBER:
        raise FieldsInvalid(f"决议文号至多{LONGEST_NUMBER}个字。", field="doc_no")
    if (day.isoformat(), number) == (now.approved_on, now.doc_no):
        raise FieldsInvalid("更正后的日期和文号与现在登记的相同。", field="approved_on")
    asked = e.BudgetCorrectionAsked(
        bureau, year, day.isoformat(), number, now.approved_on, now.doc_no, reason_given(reason)
    )
    journal.append(stream, CAMPAIGN, (asked,), Command(by, Post(Role.FINANCE_BUDGET, bureau), own, behalf))
    return asked


def confirming_post(by: Actor, bureau: str) -> Post | None:
    """Return the post under which a person may agree to a correction, None where none is held."""
    posts = (Post(role, bureau) for role in CONFIRMS)
    return next((post for post in posts if post in by.posts), None)


def confirm_budget_correction(
    journal: Journal, *, bureau: str, year: int, approved_on: str, by: Actor, command_id: UUID
) -> e.BudgetCorrected:  # fmt: skip
    """Agree to the correction that waits, as another person than who asked (S10); the term is counted from the new day.

    `approved_on` is the day that the person saw: NotAllowed where nothing waits, or something else by now.
    """
    post, stream = confirming_post(by, bureau), budget_stream(bureau, year)
    if post is None:
        raise NotAllowed("人大批准日期的更正由预算科的另一人或财政分管领导确认。", rule="R-ROLE")
    own = uuid5(command_id, f"{by.id}:budget corrected")
    done = [each.fact for each in journal.recorded(stream, own) if isinstance(each.fact, e.BudgetCorrected)]
    if done:
        return done[0]
    asked, now = waiting_correction(journal, bureau, year), budget_of(journal, bureau, year)
    fact = asked.fact if asked else None
    if asked is None or not isinstance(fact, e.BudgetCorrectionAsked) or now is None or fact.approved_on != approved_on:
        raise NotAllowed("没有这样一项等待确认的更正，请查看最新的登记。", rule="G-NOTHING")
    if by.id in (asked.actor_id, asked.behalf.id if asked.behalf else ""):
        raise NotAllowed("更正由您提出，须由另一人确认（职责分离）。", rule="S10")
    days, due, source = last_reply_day(journal, date.fromisoformat(fact.approved_on))
    corrected = e.BudgetCorrected(
        bureau, year, fact.approved_on, fact.doc_no, days, due, source, str(asked.command_id), now.approved_on
    )
    journal.append(stream, CAMPAIGN, (corrected,), Command(by, post, own))
    return corrected
