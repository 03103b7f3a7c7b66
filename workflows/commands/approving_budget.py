"""人大批准: the budget section records when the congress approved a year's budget; from then finance has its days."""

from datetime import date
from uuid import UUID, uuid5

from workflows import events as e
from workflows.commands.publishing_packs import pack_in_force
from workflows.commands.recipe import own_command
from workflows.errors import FieldsInvalid, NotAllowed
from workflows.journal import Command, Journal
from workflows.packs import NATIONAL, pack_from
from workflows.state.reply_terms import last_day
from workflows.vocabulary import Action, Actor, Post, Role
from workflows.workdays import beijing_date

CAMPAIGN = "campaign"
BUDGETS = UUID("5d1c9a0e-7c1b-5a0e-9b3f-2f4f6f0a8c11")
"""Namespace of the streams on which approvals stand: one for each bureau and year, chosen by nobody."""
LONGEST_NUMBER = 100


def budget_stream(bureau: str, year: int) -> UUID:
    """Return the ID of the stream on which a bureau's budget of a year stands."""
    return uuid5(BUDGETS, f"{bureau}#{year}")


def budget_of(journal: Journal, bureau: str, year: int) -> e.BudgetApproved | None:
    """Return when a bureau's budget of a year was approved, as corrected last; None where nobody recorded it yet."""
    facts = [each.fact for each in journal.history(budget_stream(bureau, year))]
    return next((fact for fact in reversed(facts) if isinstance(fact, e.BudgetApproved)), None)


def approve_budget(
    journal: Journal, *, bureau: str, year: int, approved_on: str, by: Actor, command_id: UUID, doc_no: str = "",
) -> e.BudgetApproved:  # fmt: skip
    """Record the Beijing day (ISO) on which the congress approved the year's budget, once for each bureau and year.

    NotAllowed for anybody but the budget section, and for a second time; FieldsInvalid for a day that is none, lies
    ahead, or before the year before.
    """
    post, own = Post(Role.FINANCE_BUDGET, bureau), own_command(command_id, by, Action.REPLY)
    behalf = budget_section(by, bureau, "人大批准日期由财政预算科登记。")
    before = budget_of(journal, bureau, year)
    if before and journal.recorded(budget_stream(bureau, year), own):
        return before
    if before:
        raise NotAllowed(f"{year}年度预算的人大批准日期已登记为{before.approved_on}，不能重复登记。", rule="G-ONCE")
    day = day_typed(journal, (year - 1, year), approved_on, "人大批准日期", "approved_on")
    fact = _fact(journal, bureau, year, day, doc_no.strip())
    journal.append(budget_stream(bureau, year), CAMPAIGN, (fact,), Command(by, post, own, behalf))
    return fact


def budget_section(by: Actor, bureau: str, refusal: str) -> e.Behalf | None:
    """Return for whom the person acts in the bureau's budget section, None for himself; NotAllowed elsewhere."""
    post = Post(Role.FINANCE_BUDGET, bureau)
    if post in by.posts:
        return None
    cover = next((each for each in by.covers if post in each.posts and not each.nodes and not each.units), None)
    if cover is None:
        raise NotAllowed(refusal, rule="R-ROLE")
    return e.Behalf(cover.principal, cover.name, cover.grant)


def day_typed(journal: Journal, years: tuple[int, ...], typed: str, name: str, field: str) -> date:
    """Return a typed Beijing day of these years; FieldsInvalid for none, one that lies ahead, or of another year."""
    try:
        day = date.fromisoformat(typed.strip())
    except ValueError:
        raise FieldsInvalid(f"请按“2026-01-20”的形式填写{name}。", field=field) from None
    if day > beijing_date(journal.now()):
        raise FieldsInvalid(f"{name}不能晚于今天。", field=field)
    if day.year not in years:
        raise FieldsInvalid(f"{name}须在{years[0]}年或{years[-1]}年。", field=field)
    return day


def _fact(journal: Journal, bureau: str, year: int, day: date, doc_no: str) -> e.BudgetApproved:
    if len(doc_no) > LONGEST_NUMBER:
        raise FieldsInvalid(f"决议文号至多{LONGEST_NUMBER}个字。", field="doc_no")
    return e.BudgetApproved(bureau, year, day.isoformat(), doc_no, *last_reply_day(journal, day))


def last_reply_day(journal: Journal, day: date) -> tuple[int, str, str]:
    """Return finance's days after the congress's day, the last one (ISO) and the rule; NotAllowed without a rule."""
    content = pack_in_force(journal, NATIONAL)
    rules = pack_from(content).reply
    if rules is None:
        raise NotAllowed("现行规则包没有规定批复时限。", rule="G-PACK")
    due = last_day(day, rules.finance_days, next_workday=rules.next_workday)
    return rules.finance_days, due.isoformat(), content["reply"]["source"]
