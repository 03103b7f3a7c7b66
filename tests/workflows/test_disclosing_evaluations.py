"""N9, domain.md 12: self-evaluations are disclosed with the final accounts, reviewed first, counted where they are not."""

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest

from tests.support import roster
from tests.support.invariants import check_table
from tests.support.life import memory
from tests.workflows.test_after_the_evaluation import Year
from workflows import events as e
from workflows.accounts.disclosed import as_disclosed, disclosed_content
from workflows.commands import disclosing
from workflows.commands.approving_accounts import accounts_of, approve_accounts
from workflows.errors import FieldsInvalid, MarkedAsSecret, NotAllowed, ReasonMissing, TableChangedMeanwhile
from workflows.folds.replay import from_json, replay, to_json
from workflows.state.disclosures import Secrecy, in_words
from workflows.state.standing import changed

WHY = "自评中涉及内部工作安排，不宜公开"
REVIEWERS = (roster.DEPARTMENT_FINANCE, roster.FINANCE_PERFORMANCE)


class Ended(Year):
    """A table whose goals were found fit, up to the end of its self-evaluation and beyond."""

    def reviewed(self, outcome="public", by=roster.SECRECY_REVIEWER, *, what="self_evaluation", reason=""):
        self.table = disclosing.review_disclosure(
            self.journal, self.table.id, seen=self.seen(), outcome=outcome, reason=reason, by=by, what=what, command_id=uuid4()
        )
        return self

    def accounts(self, by=roster.FINANCE_BUDGET, *, on="2027-08-10", departments=(roster.DEPARTMENT,), command=None, **more):
        self.on("2027-08-20")
        return approve_accounts(
            self.journal, bureau=roster.BUREAU, departments=departments, year=2026, approved_on=on, by=by,
            command_id=command or uuid4(), doc_no="清财决〔2027〕3号", **more,
        )  # fmt: skip

    def released(self, by=roster.DEPARTMENT_FINANCE, stubs=1, pack=None, command=None):
        fact = accounts_of(self.journal, roster.DEPARTMENT, 2026)
        return disclosing.release_pack(
            self.journal, pack or uuid4(), bureau=roster.BUREAU, department=roster.DEPARTMENT, year=2026, tables=[self.table.id],
            stubs=stubs, days=20, by=by, command_id=command or uuid4(), what="self_evaluation",
            due=date.fromisoformat(fact.disclose_due) if fact else None,
        )  # fmt: skip

    def now(self):
        return disclosing.pack_now(self.journal, [self.table.id], days=20, what="self_evaluation", due=date(2027, 8, 30))


def in_force(journal=None) -> Ended:
    return Ended(journal or memory()).in_monitoring().reviewed(what="goals")


def closed(journal=None) -> Ended:
    return in_force(journal).evaluation_opened().filed().agreed(roster.UNIT_HEAD, roster.DEPARTMENT_FINANCE).closed()


def test_twenty_days_run_from_the_approval_and_the_laws_other_terms_are_kept_with_it():
    life = closed()
    (fact,) = life.accounts(congress_on="2027-07-30")
    assert (fact.approved_on, fact.disclose_due, fact.pass_on_due, fact.finance_due) == ("2027-08-10", "2027-08-30", "2027-08-25", "2027-08-19")
    assert "第十四条" in fact.source


def test_a_finished_self_evaluation_is_released_with_its_own_review_and_what_stays_inside_is_counted():
    life = closed().reviewed()
    life.accounts()
    released, review = life.released(stubs=2), life.table.secrecy.of_evaluation
    assert (released.what, released.due, released.undisclosed, released.unfinished) == ("self_evaluation", "2027-08-30", 2, 0)
    assert released.tables == (
        {"table": str(life.table.id), "content_hash": review.content_hash, "reviewer": "secrecy", "reviewer_name": "secrecy同志"},
    )  # fmt: skip
    check_table(life.table, life.journal.history(life.table.id))


def test_the_review_of_the_evaluation_stands_beside_that_of_the_goals_and_survives_writing_down():
    life = closed().reviewed("internal", reason=WHY)
    assert (life.table.secrecy.outcome, life.table.disclosure) == ("public", "公开")
    assert life.table.secrecy.of_evaluation.outcome == "internal"
    assert from_json(to_json(life.table)) == life.table == replay(life.table.id, life.journal.history(life.table.id))
    assert "evaluated" not in to_json(in_force().table)["secrecy"]


def test_nothing_is_released_before_the_accounts_are_approved():
    with pytest.raises(NotAllowed, match="决算尚未批复"):
        closed().reviewed().released()


def test_nothing_is_released_before_its_review_nor_by_whoever_reviewed_it():
    life = closed()
    life.accounts()
    with pytest.raises(NotAllowed, match="还有1张表没有经过保密审查"):
        life.released()
    both = roster.person("secrecy", *((post.role, post.organ) for one in (roster.SECRECY_REVIEWER, roster.DEPARTMENT_FINANCE) for post in one.posts))
    with pytest.raises(NotAllowed, match="须由两人分别办理"):
        life.reviewed().released(by=both)


def test_one_that_is_not_closed_is_counted_as_unfinished_and_cannot_be_reviewed():
    life = in_force().evaluation_opened().filed()
    assert (life.now().unfinished, life.now().fit, life.now().waiting) == (1, (), ())
    with pytest.raises(NotAllowed, match="尚未办结"):
        life.reviewed()


def test_internal_goals_keep_their_evaluation_inside():
    life = closed().reviewed("internal", what="goals", reason=WHY)
    assert life.now().internal == 1
    with pytest.raises(NotAllowed, match="自评结果也不公开"):
        life.reviewed()


def test_what_is_found_internal_later_is_inside_though_its_goals_are_public():
    life = closed().reviewed("internal", reason=WHY)
    assert (life.now().internal, life.now().fit) == (1, ())
    with pytest.raises(ReasonMissing):
        closed().reviewed("internal")


def test_whoever_filed_the_evaluation_does_not_review_it():
    life = closed()
    filer = roster.person("clerk", *((post.role, post.organ) for post in roster.SECRECY_REVIEWER.posts))
    with pytest.raises(NotAllowed):
        life.reviewed(by=filer)


def test_a_mark_of_a_secret_in_the_evaluation_is_never_found_fit():
    life = closed()
    figures = {**life.table.evaluation.figures, "summary": "见机密★附件"}
    marked = changed(life.table, evaluation=replace(life.table.evaluation, figures=figures))
    with pytest.raises(MarkedAsSecret):
        disclosing._evaluation_named(life.journal, marked, roster.SECRECY_REVIEWER, "public")


def test_what_is_disclosed_holds_the_points_that_count_and_none_of_the_evidence():
    life = in_force().evaluation_opened().filed().agreed(roster.UNIT_HEAD).rescored(roster.DEPARTMENT_FINANCE, row0={"points": "1", "reason": WHY})
    life.agreed(roster.DEPARTMENT_FINANCE).closed()
    content = disclosed_content(life.table)
    said = content["self_evaluation"]
    assert (said["total"], said["scores"][0]["points"]) == (life.table.rescores[-1].total, "1.00")
    assert "evidence" not in str(content)
    shown = as_disclosed(content, life.journal.content(life.table.in_force), unit="某单位", department="某部门")
    assert (shown.evaluation.total, shown.title, shown.rescores) == (said["total"], life.table.title, ())


@pytest.mark.parametrize(
    ("wrong", "refusal", "words"),
    [
        ({"by": roster.DEPARTMENT_FINANCE}, NotAllowed, "预算科"), ({"on": "2027-8-1"}, FieldsInvalid, "形式"),
        ({"on": "2027-12-01"}, FieldsInvalid, "不能晚于今天"), ({"on": "2025-08-10"}, FieldsInvalid, "须在2026年或2028年"),
        ({"departments": ()}, FieldsInvalid, "请选择"), ({"congress_on": "2027-08-15"}, FieldsInvalid, "不能早于"),
    ],
)  # fmt: skip
def test_an_approval_that_cannot_be_is_refused(wrong, refusal, words):
    with pytest.raises(refusal, match=words):
        Ended(memory()).accounts(**wrong)


def test_accounts_are_approved_once_for_each_department():
    life, command = Ended(memory()), uuid4()
    first = life.accounts(departments=("dept-1", "dept-2"), command=command)
    assert life.accounts(departments=("dept-1", "dept-2"), command=command) == first
    assert [fact.department for fact in first] == ["dept-1", "dept-2"]
    with pytest.raises(NotAllowed, match="不能重复登记"):
        life.accounts(on="2027-08-11")


def test_an_older_page_is_refused():
    life = closed()
    old = life.seen()
    life.reviewed()
    with pytest.raises(TableChangedMeanwhile):
        disclosing.review_disclosure(
            life.journal, life.table.id, seen=replace(old, version=old.version - 1), outcome="public", by=roster.SECRECY_REVIEWER,
            what="self_evaluation", command_id=uuid4(),
        )  # fmt: skip


def test_the_counts_are_said_in_words():
    assert in_words(1, 2, "self_evaluation", 3) == "尚未办结自评的项目3个，不予公开的内部项目绩效自评表1个，不予公开涉密项目绩效自评表2个。"
    assert in_words(0, 2) == "不予公开涉密项目绩效目标表2个。"


def test_packs_of_the_first_shape_held_goals():
    data = {"bureau": "b", "department": "d", "year": 2026, "tables": [], "undisclosed": 0, "internal": 0, "stubs": 0, "due": ""}
    fact = e.load("disclosure.released", 1, data)
    assert (fact.what, fact.unfinished) == ("goals", 0)


def test_an_evaluation_is_reviewed_anew_after_a_correction_of_what_is_in_force():
    life = closed().reviewed()
    content = life.journal.content(life.table.in_force)
    other = changed(life.table, in_force=life.journal.put_content({**content, "title": "更正后的名称"}))
    assert disclosing.evaluation_standing(life.journal, other) == ""
    assert life.table.secrecy.of_evaluation == Secrecy("public", life.table.secrecy.evaluated[1], "secrecy", "secrecy同志")
