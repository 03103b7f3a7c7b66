"""Acts of the budget year for walks that try anything: pausing a project, experts from outside, appraisals."""

from datetime import timedelta

from tests.support import roster
from tests.support.forms import all_scored
from workflows.commands import appraising, expert_reviews, project_pausing
from workflows.commands.appraising import rules_of
from workflows.commands.recipe import begin
from workflows.vocabulary import Action, Grade, Outcome, Role
from workflows.workdays import beijing_date

EXPERTS = tuple(roster.person(f"expert_{n}", (Role.EXPERT, "pool")) for n in (1, 2))
REASON = "项目用地没有落实，暂停实施"


def pause(journal, table_id, **words):
    return project_pausing.pause_project(journal, table_id, reason=REASON, **words)


def ask_pause(journal, table_id, **words):
    return project_pausing.ask_to_pause(journal, table_id, reason=REASON, **words)


def go_on(journal, table_id, **words):
    return project_pausing.resume_project(journal, table_id, reason="用地已经落实，可以继续", **words)


def assign(journal, table_id, **words):
    until = beijing_date(journal.at) + timedelta(days=30)
    return expert_reviews.assign_experts(journal, table_id, people=[each.id for each in EXPERTS], until=until, **words)


def declaring(related):
    def declare(journal, table_id, **words):
        return expert_reviews.declare_relation(journal, table_id, related=related, reason=REASON, **words)

    return declare


def score(journal, table_id, *, command_id, **words):
    items = all_scored(60 + command_id.int % 40)
    return expert_reviews.score_as_expert(journal, table_id, items=items, command_id=command_id, **words)


def _appraisal(journal, table_id):
    found = journal.lock_table(table_id).appraisal
    return found.appraisal if found else "none"


def appraise(journal, table_id, *, command_id, by, **words):
    table = journal.lock_table(table_id)
    items = {item.code: Grade.EXCELLENT.value for item in rules_of(begin(journal, table_id, by, command_id, Action.FILE_APPRAISAL)).items}
    file = table.attachments[0].attachment if table.attachments else "none"
    return appraising.file_appraisal(
        journal, table_id, items=items, result="supported", attachment=file, by=by, command_id=command_id, **words
    )


def check(journal, table_id, *, command_id, **words):
    outcome = (Outcome.PASS, Outcome.RETURN)[command_id.int % 2]
    return appraising.check_appraisal(
        journal, table_id, appraisal=_appraisal(journal, table_id), outcome=outcome, opinion=REASON, command_id=command_id, **words
    )


def waive(journal, table_id, **words):
    return appraising.waive_appraisal(
        journal, table_id, appraisal=_appraisal(journal, table_id), doc_no="县政府会议纪要〔2026〕3号", reason=REASON, **words
    )


YEAR_VERBS = {
    "pause": pause, "ask_pause": ask_pause, "go_on": go_on, "assign": assign, "unrelated": declaring(False),
    "related": declaring(True), "score": score, "appraise": appraise, "check_appraisal": check, "waive_appraisal": waive,
}  # fmt: skip
YEAR_VERBS_OF = {
    Action.PAUSE_PROJECT: ("pause",), Action.ASK_PAUSE: ("ask_pause",), Action.RESUME_PROJECT: ("go_on",),
    Action.ASSIGN_EXPERTS: ("assign",), Action.DECLARE_RELATION: ("unrelated", "related"), Action.SCORE_AS_EXPERT: ("score",),
    Action.FILE_APPRAISAL: ("appraise",), Action.CHECK_APPRAISAL: ("check_appraisal",), Action.WAIVE_APPRAISAL: ("waive_appraisal",),
}  # fmt: skip
