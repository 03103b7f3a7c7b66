"""Sentences and notices of disclosure: secrecy reviews and released packs; no title that is not public is told."""

from collections.abc import Callable, Mapping
from typing import Any

from workflows.addressees import Addressee, Notice, named
from workflows.events import AccountsApproved, AccountsCorrected, Recorded
from workflows.folds.replay import Table
from workflows.state.disclosures import KINDS, OUTCOMES, SELF_EVALUATION
from workflows.vocabulary import Role


def _reviewed(fact: Any) -> str:
    return f"保密审查：{OUTCOMES.get(fact.outcome, fact.outcome)}{f'，意见：{fact.reason}' if fact.reason else ''}"


def _released(fact: Any) -> str:
    later = f"，尚未办结{fact.unfinished}张" if fact.unfinished else ""
    return (
        f"公开{fact.year}年度{KINDS.get(fact.what, fact.what)}{len(fact.tables)}张，不予公开{fact.undisclosed}张"
        f"（内部{fact.internal}张，涉密{fact.stubs}张）{later}，公开期限{fact.due}"
    )


def _accounts(fact: Any) -> str:
    number = f"（{fact.doc_no}）" if fact.doc_no else ""
    return f"登记{fact.year}年度部门决算已批复{number}，批复日期{fact.approved_on}，自评结果公开期限{fact.disclose_due}"


SENTENCES: Mapping[str, Callable[[Any], str]] = {
    "disclosure.reviewed": _reviewed, "disclosure.released": _released, "accounts.approved": _accounts,
    "accounts.correction_asked": lambda f: f"申请更正{f.year}年度部门决算的批复日期：{f.instead_of} → {f.approved_on}",
    "accounts.corrected": lambda f: (
        f"更正{f.year}年度部门决算的批复日期：{f.instead_of} → {f.approved_on}，自评结果公开期限{f.disclose_due}"
    ),
}  # fmt: skip


def _told(recorded: Recorded, _before: Table, after: Table) -> tuple[Notice, ...]:
    """Tell the clerk and the department's finance office what the secrecy review found; the reason stays inside."""
    fact: Any = recorded.fact
    what = "" if fact.content_hash == after.in_force else f"的{KINDS[SELF_EVALUATION]}"
    text = f"{named(after)}{what}已经保密审查：{OUTCOMES[fact.outcome]}。"
    releasing = Addressee(role=Role.DEPARTMENT_FINANCE, organ=after.department)
    said = {"审查内容": what, "结果": OUTCOMES[fact.outcome]}
    return tuple(
        Notice(to, recorded.kind, f"保密审查：{named(after)}", text, said) for to in (Addressee(after.owner), releasing)
    )


RULES: Mapping[str, Callable[[Recorded, Table, Table], tuple[Notice, ...]]] = {"disclosure.reviewed": _told}


def notices_of_accounts(recorded: Recorded) -> tuple[Notice, ...]:
    """Tell a department's finance office that its final accounts are approved, and until when what is disclosed."""
    fact = recorded.fact
    if not isinstance(fact, AccountsApproved):
        return ()
    to = Addressee(role=Role.DEPARTMENT_FINANCE, organ=fact.department)
    corrected = f"更正：原登记为{fact.instead_of}。" if isinstance(fact, AccountsCorrected) else ""
    text = (
        f"{corrected}{fact.year}年度部门决算已于{fact.approved_on}批复，请在{fact.pass_on_due}前批复所属单位，"
        f"单位自评结果经保密审查后在{fact.disclose_due}前随同决算公开。"
    )
    said = _said(fact) | {"批复期限": fact.pass_on_due, "名称": f"{fact.year}年度部门决算", "说明": corrected}
    return (Notice(to, recorded.kind, f"决算批复：{fact.year}年度", text, said),)


def accounts_reminder(fact: AccountsApproved, rung: str) -> Notice:
    """Return the reminder of a rung for the department that has not disclosed its self-evaluations."""
    words = f"的公开已经逾期（期限{fact.disclose_due}）" if rung == "T+1" else f"的公开期限为{fact.disclose_due}"
    text = f"{fact.year}年度部门决算已于{fact.approved_on}批复，单位自评结果{words}，请经保密审查后公开。"
    to = Addressee(role=Role.DEPARTMENT_FINANCE, organ=fact.department)
    said = _said(fact) | {"名称": f"{fact.year}年度单位自评结果", "时限": words}
    return Notice(to, f"reminder.accounts.{rung}", f"公开提醒：{fact.year}年度单位自评结果{words}", text, said)


def _said(fact: AccountsApproved) -> dict[str, str]:
    return {"年度": str(fact.year), "批准日期": fact.approved_on, "期限": fact.disclose_due}
