"""Evaluations (绩效评价) and recommendations: opened, reported with the report's file, adopted or not, carried out."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID, uuid5

from workflows import events as e
from workflows.attachments import clean_name, media_type_of
from workflows.commands.attaching import refuse_one_too_many
from workflows.commands.recipe import Seen, Work, begin, reason_given
from workflows.commands.secrecy_marks import refuse_marked_file
from workflows.errors import FieldsInvalid, NotAllowed, NotOpenNow
from workflows.folds.replay import Table
from workflows.journal import Journal
from workflows.measures.scoring import amount
from workflows.packs import pack_from
from workflows.rights.assessing import answering_post, carrying_post, entering_post
from workflows.rights.permissions import ordering_post
from workflows.state.assessments import ACCEPTED, ADDRESSED, DEPARTMENT, FINANCE, MADE, Assessment, Recommendation
from workflows.vocabulary import Action, Actor, Post, Role
from workflows.workdays import beijing_date

LONGEST = timedelta(days=366)
FULL = Decimal(100)


@dataclass(frozen=True)
class Proof:
    """A file that proves something: its name and its bytes."""

    name: str
    data: bytes


def open_evaluation(
    journal: Journal, table_id: UUID, *, seen: Seen, reason: str, deadline: date, by: Actor, command_id: UUID,
) -> Table:  # fmt: skip
    """Take a replied project into the evaluation of the person's own office, to be reported by a day."""
    work = begin(journal, table_id, by, command_id, Action.OPEN_EVALUATION)
    if work.done:
        return work.table
    work.ask(Action.OPEN_EVALUATION, seen)
    post = _held(ordering_post(by, work.table))
    sort = DEPARTMENT if post.role == Role.DEPARTMENT_FINANCE else FINANCE
    key = f"e{len(work.table.assessments) + 1}"
    opened = e.EvaluationOpened(key, sort, _day_to_come(work, deadline), reason_given(reason))
    return work.record((opened,), post)


def report_evaluation(
    journal: Journal, table_id: UUID, *, seen: Seen, evaluation: str, score: str, report: Proof, by: Actor,
    command_id: UUID, opinion: str = "",
) -> Table:  # fmt: skip
    """Report an evaluation: its score (0 to 100), graded by the pack's bands, and the report as a file."""
    work = begin(journal, table_id, by, command_id, Action.REPORT_EVALUATION)
    if work.done:
        return work.table
    work.ask(Action.REPORT_EVALUATION, seen)
    found = _evaluation(work, evaluation)
    post = Post(Role(found.role), found.organ)
    if found.reported or post not in by.posts:
        raise NotAllowed("此项评价已经报告，或不由您所在部门办理。")
    points = amount(score)
    if points is None or not 0 <= points <= FULL:
        raise FieldsInvalid("评价得分须为0至100的数。", field="score")
    file = _file(work, report, f"evaluation:{evaluation}")
    grade = pack_from(journal.content(work.table.pack_hash)).grade_of(points)
    reported = e.EvaluationReported(evaluation, file.attachment, str(points), grade, reason_given(opinion))
    return work.record((file, reported), post)


def recommend(
    journal: Journal, table_id: UUID, *, seen: Seen, words: str, deadline: date, by: Actor, command_id: UUID,
    to: str = "unit", evaluation: str = "",
) -> Table:  # fmt: skip
    """Recommend something to the unit or the department, by a day; `evaluation` names the evaluation it came from."""
    work = begin(journal, table_id, by, command_id, Action.RECOMMEND)
    if work.done:
        return work.table
    work.ask(Action.RECOMMEND, seen)
    post = _held(ordering_post(by, work.table))
    if to not in ADDRESSED or (to == DEPARTMENT and post.organ == work.table.department):
        raise FieldsInvalid("建议须提给实施单位；财政部门也可以提给主管部门。", field="to")
    if evaluation:
        _evaluation(work, evaluation)
    key = f"s{len(work.table.recommendations) + 1}"
    made = e.RecommendationMade(key, evaluation, to, reason_given(words), _day_to_come(work, deadline))
    return work.record((made,), post)


def accept_recommendation(
    journal: Journal, table_id: UUID, *, seen: Seen, recommendation: str, by: Actor, command_id: UUID,
    opinion: str = "",
) -> Table:  # fmt: skip
    """Adopt a recommendation, with what will be done."""
    work = begin(journal, table_id, by, command_id, Action.ACCEPT_RECOMMENDATION)
    if work.done:
        return work.table
    work.ask(Action.ACCEPT_RECOMMENDATION, seen)
    post = _answering(work, recommendation)
    return work.record((e.RecommendationAccepted(recommendation, opinion.strip()),), post)


def reject_recommendation(
    journal: Journal, table_id: UUID, *, seen: Seen, recommendation: str, reason: str, by: Actor, command_id: UUID,
) -> Table:  # fmt: skip
    """Say that a recommendation is not adopted, and why."""
    work = begin(journal, table_id, by, command_id, Action.REJECT_RECOMMENDATION)
    if work.done:
        return work.table
    work.ask(Action.REJECT_RECOMMENDATION, seen)
    post = _answering(work, recommendation)
    return work.record((e.RecommendationRejected(recommendation, reason_given(reason)),), post)


def implement_recommendation(
    journal: Journal, table_id: UUID, *, seen: Seen, recommendation: str, report: str, by: Actor, command_id: UUID,
    evidence: Proof | None = None,
) -> Table:  # fmt: skip
    """Say that an adopted recommendation was carried out, with the evidence where there is a file."""
    work = begin(journal, table_id, by, command_id, Action.IMPLEMENT_RECOMMENDATION)
    if work.done:
        return work.table
    work.ask(Action.IMPLEMENT_RECOMMENDATION, seen)
    post = _held(carrying_post(by, work.table, _recommendation(work, recommendation, ACCEPTED).to))
    files = (_file(work, evidence, f"recommendation:{recommendation}"),) if evidence else ()
    attachment = files[0].attachment if files else ""
    done = e.RecommendationImplemented(recommendation, attachment, reason_given(report))
    return work.record((*files, done), post)


def record_component(
    journal: Journal, table_id: UUID, *, seen: Seen, indicator: str, numerator: str, denominator: str, counted_in: str,
    evidence: Proof, by: Actor, command_id: UUID, note: str = "",
) -> Table:  # fmt: skip
    """Enter the numerator and denominator of a ratio that the log does not know, with the file that proves them.

    `indicator` is one of the pinned pack's imported ratios, `counted_in` their unit; the newest entry counts.
    """
    work = begin(journal, table_id, by, command_id, Action.RECORD_COMPONENT)
    if work.done:
        return work.table
    work.ask(Action.RECORD_COMPONENT, seen)
    rules = pack_from(journal.content(work.table.pack_hash)).unit_loop
    if indicator not in [each.name for each in (rules.imported if rules else ())]:
        raise FieldsInvalid("此表的规则包没有这个须登记分子、分母的指标。", field="indicator")
    above, below = amount(numerator), amount(denominator)
    if above is None or below is None or above < 0 or below <= 0 or not counted_in.strip():
        raise FieldsInvalid("分子须为不小于零的数，分母须为大于零的数，并写明计量单位。", field="numerator")
    file = _file(work, evidence, f"component:{indicator}")
    fact = e.ComponentRecorded(
        indicator, str(above), str(below), counted_in.strip(), file.attachment, note.strip()
    )  # fmt: skip
    return work.record((file, fact), _held(entering_post(by, work.table)))


def _held(post: Post | None) -> Post:
    if post is None:
        raise NotAllowed
    return post


def _evaluation(work: Work, key: str) -> Assessment:
    found = next((each for each in work.table.assessments if each.evaluation == key), None)
    if found is None:
        raise NotOpenNow("没有这项评价。", rule="G-EVALUATION")
    return found


def _recommendation(work: Work, key: str, state: str) -> Recommendation:
    found = next((each for each in work.table.recommendations if each.recommendation == key), None)
    if found is None or found.state != state:
        raise NotOpenNow("没有这条建议，或它已经答复。", rule="G-RECOMMENDATION")
    return found


def _answering(work: Work, key: str) -> Post:
    found = _recommendation(work, key, MADE)
    if found.by == work.by.id:
        raise NotAllowed("建议由您提出，不能由您答复（职责分离）。", rule="S1")
    return _held(answering_post(work.by, work.table, found.to))


def _day_to_come(work: Work, deadline: date) -> str:
    today = beijing_date(work.journal.now())
    if not today < deadline <= today + LONGEST:
        raise FieldsInvalid("期限须在今天之后，且不超过一年。", field="deadline")
    return deadline.isoformat()


def _file(work: Work, proof: Proof, purpose: str) -> e.AttachmentAdded:
    """Bind a file for the fact that follows in the same command."""
    name = clean_name(proof.name)
    media_type = media_type_of(name, proof.data)
    refuse_marked_file(name, media_type, proof.data)
    refuse_one_too_many(work.journal, work.table.attachments, proof.data)
    return e.AttachmentAdded(
        attachment=str(uuid5(work.table.id, f"attachment:{work.command_id}")), name=name, media_type=media_type,
        size=len(proof.data), commitment=work.journal.bind(proof.data), for_step=purpose,
    )  # fmt: skip
