"""The appraisal of a new project: the clerk files it, the department confirms it, finance may let it in."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from workflows import events as e
from workflows.commands.drafting import content_in_work
from workflows.commands.recipe import Seen, Work, begin, reason_given
from workflows.content.goal_table import amount_in_wan
from workflows.errors import FieldsInvalid, NotAllowed, NotFound, NotOpenNow
from workflows.folds.replay import Table
from workflows.journal import Journal
from workflows.packs.appraisal import AppraisalRules, appraisal_rules_of
from workflows.rights.appraising import waiving_post
from workflows.state.appraisals import Support
from workflows.vocabulary import Action, Actor, Grade, Outcome, Post, Role

LONGEST_OPINION = 2_000
LONGEST_NUMBER = 60
CENT = Decimal("0.01")


def file_appraisal(
    journal: Journal, table_id: UUID, *, seen: Seen, items: Mapping[str, str], result: str, attachment: str, by: Actor,
    command_id: UUID, opinion: str = "",
) -> Table:  # fmt: skip
    """Record an appraisal of the draft: every item graded, a result no better than the total allows, the report.

    `items` code -> 优良中差 (Grade), `attachment` a file that is put to the table. FieldsInvalid names what is missing.
    It is made for the amount that the draft names now, in 万元.
    """
    work = begin(journal, table_id, by, command_id, Action.FILE_APPRAISAL)
    if work.done:
        return work.table
    work.ask(Action.FILE_APPRAISAL, seen)
    rules = rules_of(work)
    grades, total = graded(rules, items)
    if work.table.attachment(attachment) is None:
        raise FieldsInvalid("请先把事前绩效评估报告作为附件上传，再选择它。", field="attachment")
    if len(opinion.strip()) > LONGEST_OPINION:
        raise FieldsInvalid(f"评估意见不能超过{LONGEST_OPINION}字。", field="opinion")
    amount = amount_in_wan(content_in_work(journal, work.table).content)
    filed = e.AppraisalFiled(
        appraisal=str(work.command_id), items=grades, total=str(total.quantize(CENT, ROUND_HALF_UP)),
        result=concluded(rules, result, total), amount="" if amount is None else f"{amount:f}", attachment=attachment,
        opinion=opinion.strip(), pack=work.table.pack, pack_hash=work.table.pack_hash,
    )  # fmt: skip
    return work.record((filed,), Post(Role.CLERK, work.table.unit))


def rules_of(work: Work) -> AppraisalRules:
    """Return the sheet of the pack that the table is pinned to; NotOpenNow for one that has none (G-NO-APPRAISAL)."""
    rules = appraisal_rules_of(work.journal.content(work.table.pack_hash))
    if rules is None:
        raise NotOpenNow("此表所用的规则包没有事前绩效评估表。", rule="G-NO-APPRAISAL")
    return rules


def graded(rules: AppraisalRules, items: Mapping[str, str]) -> tuple[dict[str, str], Decimal]:
    """Return every item's grade and the total of 100; FieldsInvalid for an unknown item or one without a grade."""
    strange = sorted(items.keys() - {item.code for item in rules.items})
    if strange:
        raise FieldsInvalid("事前绩效评估表没有这样的评估要点。", field=f"items.{strange[0]}")
    missing = [item for item in rules.items if items.get(item.code) not in set(Grade)]
    if missing:
        said = f"请逐项评定优、良、中或差，还有{len(missing)}项没有评定：{missing[0].question}"
        raise FieldsInvalid(said, field=f"items.{missing[0].code}")
    grades = {item.code: Grade(items[item.code]) for item in rules.items}
    return {code: grade.value for code, grade in grades.items()}, rules.total_of(grades)


def concluded(rules: AppraisalRules, result: str, total: Decimal) -> str:
    """Return the result; FieldsInvalid for none, or one that is better than the total allows."""
    if result not in set(Support):
        raise FieldsInvalid("请选择评估结论：予以支持、部分支持或不予支持。", field="result")
    best, order = rules.best_result(total), list(Support)
    if order.index(Support(result)) < order.index(best):
        raise FieldsInvalid(f"评估得分{total:f}分，结论最高为“{best.chinese}”。", field="result")
    return Support(result).value


def check_appraisal(
    journal: Journal, table_id: UUID, *, seen: Seen, appraisal: str, outcome: str, by: Actor, command_id: UUID,
    opinion: str = "",
) -> Table:  # fmt: skip
    """Confirm an appraisal for the department (`pass`), or do not agree to it (`return`, with a reason)."""
    work = begin(journal, table_id, by, command_id, Action.CHECK_APPRAISAL)
    if work.done:
        return work.table
    work.ask(Action.CHECK_APPRAISAL, seen)
    _refuse_another(work.table, appraisal)
    if outcome not in (Outcome.PASS, Outcome.RETURN):
        raise FieldsInvalid("请选择同意或不同意。", field="outcome")
    work.refuse_changed_files()
    said = reason_given(opinion) if outcome == Outcome.RETURN else opinion.strip()
    checked = e.AppraisalChecked(appraisal, outcome, said)
    return work.record((checked,), Post(Role.DEPARTMENT_FINANCE, work.table.department))


def waive_appraisal(
    journal: Journal, table_id: UUID, *, seen: Seen, appraisal: str, doc_no: str, reason: str, by: Actor,
    command_id: UUID,
) -> Table:  # fmt: skip
    """Let a project be filed by a numbered document of the bureau, whatever its appraisal says."""
    work = begin(journal, table_id, by, command_id, Action.WAIVE_APPRAISAL)
    if work.done:
        return work.table
    work.ask(Action.WAIVE_APPRAISAL, seen)
    _refuse_another(work.table, appraisal)
    post, number = waiving_post(by, work.table), doc_no.strip()
    if post is None:
        raise NotAllowed
    if not number or len(number) > LONGEST_NUMBER:
        raise FieldsInvalid(f"请填写批准文件的文号（不超过{LONGEST_NUMBER}字）。", field="doc_no")
    return work.record((e.AppraisalWaived(appraisal, number, reason_given(reason)),), post)


def _refuse_another(table: Table, appraisal: str) -> None:
    if table.appraisal is None or table.appraisal.appraisal != appraisal:
        raise NotFound(appraisal=appraisal)
