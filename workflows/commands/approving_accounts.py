"""决算批复: the budget section records that departments' final accounts are approved; from then disclosure is due."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID, uuid5

from workflows import events as e
from workflows.commands.approving_budget import CAMPAIGN, LONGEST_NUMBER, budget_section, day_typed
from workflows.commands.publishing_packs import pack_in_force
from workflows.commands.recipe import own_command
from workflows.errors import FieldsInvalid, NotAllowed
from workflows.journal import Command, Journal
from workflows.packs import NATIONAL, pack_from
from workflows.state.disclosures import due_day
from workflows.state.reply_terms import last_day
from workflows.vocabulary import Action, Actor, Post, Role

ACCOUNTS = UUID("7f2c4f0a-93a1-5a0e-8e0b-51d9f6d2c377")
"""Namespace of the streams on which approvals stand: one for each department and year, chosen by nobody."""
MOST_DEPARTMENTS = 500


def accounts_stream(department: str, year: int) -> UUID:
    """Return the ID of the stream on which a department's final accounts of a year stand."""
    return uuid5(ACCOUNTS, f"{department}#{year}")


def accounts_of(journal: Journal, department: str, year: int) -> e.AccountsApproved | None:
    """Return the approval of a department's final accounts that counts, as corrected last; None where there is none."""
    facts = (each.fact for each in reversed(journal.history(accounts_stream(department, year))))
    return next((fact for fact in facts if isinstance(fact, e.AccountsApproved)), None)


def approve_accounts(
    journal: Journal, *, bureau: str, departments: Sequence[str], year: int, approved_on: str, by: Actor,
    command_id: UUID, doc_no: str = "", congress_on: str = "",
) -> tuple[e.AccountsApproved, ...]:  # fmt: skip
    """Record the Beijing day (ISO) on which the bureau approved these departments' final accounts of a year.

    `departments` are the bureau's, as the caller knows them; each is approved once a year. `congress_on` is the day on
    which the congress approved the accounts, empty where it is not said. NotAllowed for anybody but the budget section,
    and where one of them is approved already; FieldsInvalid for days that cannot be.
    """
    behalf = budget_section(by, bureau, "决算批复日期由财政预算科登记。")
    own = own_command(command_id, by, Action.REPLY)
    if not 0 < len(set(departments)) <= MOST_DEPARTMENTS:
        raise FieldsInvalid("请选择已批复决算的部门。", field="departments")
    said = approval_typed(journal, year, approved_on=approved_on, doc_no=doc_no, congress_on=congress_on)
    terms = terms_of(journal, *said)
    return tuple(
        _one(
            journal, e.AccountsApproved(bureau, each, year, *said, *terms),
            Command(by, Post(Role.FINANCE_BUDGET, bureau), own, behalf),
        )
        for each in sorted(set(departments))
    )  # fmt: skip


def approval_typed(
    journal: Journal, year: int, *, approved_on: str, doc_no: str, congress_on: str
) -> tuple[str, str, str]:
    """Return day (Beijing, ISO), number, the congress's day (or empty) as typed; FieldsInvalid for what cannot be."""
    years = (year, year + 1, year + 2)
    approved = day_typed(journal, years, approved_on, "决算批复日期", "approved_on")
    congress = day_typed(journal, years, congress_on, "人大批准日期", "congress_on") if congress_on.strip() else None
    if congress and congress > approved:
        raise FieldsInvalid("决算批复日期不能早于人大批准日期。", field="congress_on")
    return approved.isoformat(), _number(doc_no), congress.isoformat() if congress else ""


def _one(journal: Journal, fact: e.AccountsApproved, command: Command) -> e.AccountsApproved:
    stream, before = accounts_stream(fact.department, fact.year), accounts_of(journal, fact.department, fact.year)
    if before and journal.recorded(stream, command.id):
        return before
    if before:
        words = f"{fact.year}年度部门决算的批复日期已登记为{before.approved_on}，不能重复登记。"
        raise NotAllowed(words, rule="G-ONCE", department=fact.department)
    journal.append(stream, CAMPAIGN, (fact,), command)
    return fact


def terms_of(journal: Journal, approved_on: str, _doc_no: str, congress_on: str) -> tuple[str, str, str, str]:
    """Return the last day of finance, of the department towards its units, of disclosure, and the rules' sources.

    预算法 第八十条 has for final accounts the days that 第五十二条 has for the budget; 第十四条 has one for both.
    """
    content = pack_in_force(journal, NATIONAL)
    pack = pack_from(content)
    if pack.reply is None or pack.disclosure_days is None:
        raise NotAllowed("现行规则包没有规定批复时限和公开期限。", rule="G-PACK")
    moves, approved = pack.reply.next_workday, date.fromisoformat(approved_on)
    congress = date.fromisoformat(congress_on) if congress_on else None
    finance = last_day(congress, pack.reply.finance_days, next_workday=moves).isoformat() if congress else ""
    pass_on = last_day(approved, pack.reply.pass_on_days, next_workday=moves)
    source = f"{content['disclosure']['source']}；{content['reply']['source']}；决算同：预算法 第八十条（K）"
    return finance, pass_on.isoformat(), due_day(approved, pack.disclosure_days).isoformat(), source


def _number(doc_no: str) -> str:
    if len(doc_no.strip()) > LONGEST_NUMBER:
        raise FieldsInvalid(f"批复文号至多{LONGEST_NUMBER}个字。", field="doc_no")
    return doc_no.strip()
