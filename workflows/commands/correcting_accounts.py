"""更正决算批复: the budget section asks for another day, with a reason, a second person agrees; the terms follow."""

from uuid import UUID, uuid5

from workflows import events as e
from workflows.commands.approving_accounts import accounts_of, accounts_stream, approval_typed, terms_of
from workflows.commands.approving_budget import CAMPAIGN, budget_section
from workflows.commands.correcting_budget import confirming_post
from workflows.commands.recipe import reason_given
from workflows.errors import FieldsInvalid, NotAllowed
from workflows.journal import Command, Journal
from workflows.vocabulary import Actor, Post, Role


def waiting_accounts_correction(journal: Journal, department: str, year: int) -> e.Recorded | None:
    """Return the correction that was asked for last and waits for its second person, None where none does."""
    last = journal.history(accounts_stream(department, year))[-1:]
    return next((each for each in last if isinstance(each.fact, e.AccountsCorrectionAsked)), None)


def ask_accounts_correction(
    journal: Journal, *, bureau: str, department: str, year: int, approved_on: str, reason: str, by: Actor,
    command_id: UUID, doc_no: str = "", congress_on: str = "",
) -> e.AccountsCorrectionAsked:  # fmt: skip
    """Ask that an approval of final accounts read otherwise: its day (Beijing, ISO), number, the congress's day.

    The last asking counts. NotAllowed for anybody but the budget section, and where nothing was recorded; FieldsInvalid
    for days that cannot be, or for what stands there already; ReasonMissing below five characters.
    """
    behalf = budget_section(by, bureau, "决算批复日期的更正由财政预算科提出。")
    stream, own = accounts_stream(department, year), uuid5(command_id, f"{by.id}:accounts correction")
    done = [each.fact for each in journal.recorded(stream, own) if isinstance(each.fact, e.AccountsCorrectionAsked)]
    if done:
        return done[0]
    now = _approval(journal, bureau, department, year)
    said = approval_typed(journal, year, approved_on=approved_on, doc_no=doc_no, congress_on=congress_on)
    stands = (now.approved_on, now.doc_no, now.congress_on)
    if said == stands:
        raise FieldsInvalid("更正后的日期和文号与现在登记的相同。", field="approved_on")
    asked = e.AccountsCorrectionAsked(bureau, department, year, *said, *stands, reason_given(reason))
    journal.append(stream, CAMPAIGN, (asked,), Command(by, Post(Role.FINANCE_BUDGET, bureau), own, behalf))
    return asked


def confirm_accounts_correction(
    journal: Journal, *, bureau: str, department: str, year: int, approved_on: str, by: Actor, command_id: UUID,
    asked_by: str = "",
) -> e.AccountsCorrected:  # fmt: skip
    """Agree to the correction that waits, as another person than who asked (S10); the terms are counted anew.

    `approved_on` is the day that the person saw, `asked_by` the command of the asking that he saw, number and congress
    and all (empty where he saw only the day): NotAllowed where nothing waits, or something else by now.
    """
    post, stream = confirming_post(by, bureau), accounts_stream(department, year)
    if post is None:
        raise NotAllowed("决算批复日期的更正由预算科的另一人或财政分管领导确认。", rule="R-ROLE")
    own = uuid5(command_id, f"{by.id}:accounts corrected")
    done = [each.fact for each in journal.recorded(stream, own) if isinstance(each.fact, e.AccountsCorrected)]
    if done:
        return done[0]
    now, asked = _approval(journal, bureau, department, year), waiting_accounts_correction(journal, department, year)
    fact = asked.fact if asked else None
    if (
        asked is None or not isinstance(fact, e.AccountsCorrectionAsked) or fact.approved_on != approved_on
        or asked_by not in ("", str(asked.command_id))
    ):  # fmt: skip
        raise NotAllowed("没有这样一项等待确认的更正，请查看最新的登记。", rule="G-NOTHING")
    if by.id in (asked.actor_id, asked.behalf.id if asked.behalf else ""):
        raise NotAllowed("更正由您提出，须由另一人确认（职责分离）。", rule="S10")
    said = (fact.approved_on, fact.doc_no, fact.congress_on)
    terms = terms_of(journal, *said)
    corrected = e.AccountsCorrected(bureau, department, year, *said, *terms, str(asked.command_id), now.approved_on)
    journal.append(stream, CAMPAIGN, (corrected,), Command(by, post, own))
    return corrected


def _approval(journal: Journal, bureau: str, department: str, year: int) -> e.AccountsApproved:
    """Return the approval that counts; NotAllowed where this bureau recorded none."""
    now = accounts_of(journal, department, year)
    if now is None or now.bureau != bureau:
        raise NotAllowed(f"该部门{year}年度决算的批复日期还没有登记，不必更正。", rule="G-NOTHING")
    return now
