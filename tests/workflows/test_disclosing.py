"""N9, M8: secrecy review first, release by a second person after it, and what a pack counts but does not name."""

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from tests.support import roster
from tests.support.invariants import check_table
from tests.support.life import Life, memory
from workflows import events as e
from workflows.commands import attaching, disclosing, drafting
from workflows.commands.stubs import register_stubs
from workflows.errors import FieldsInvalid, MarkedAsSecret, NotAllowed, NotFound, NotOpenNow, ReasonMissing
from workflows.folds.replay import Table, apply
from workflows.rights.permissions import may_read
from workflows.state.disclosures import STUBS_NAME, Secrecy, due_day, mark_of_classification
from workflows.state.standing import changed
from workflows.vocabulary import Role
from workflows.words.notices import told_of

WHY = "涉及内部工作安排，不宜公开"
SECOND = roster.person("two_hats", (Role.SECRECY_REVIEWER, roster.UNIT), (Role.DEPARTMENT_FINANCE, roster.DEPARTMENT))
CLERK_TOO = roster.person("clerk", (Role.CLERK, roster.UNIT), (Role.SECRECY_REVIEWER, roster.DEPARTMENT))


class Shown(Life):
    """A replied table on its way to the public."""

    def reviewed(self, outcome, by=roster.SECRECY_REVIEWER, reason=""):
        self.table = disclosing.review_disclosure(
            self.journal, self.table.id, seen=self.seen(), outcome=outcome, reason=reason, by=by, command_id=uuid4()
        )
        return self

    def released(self, by=roster.DEPARTMENT_FINANCE, *, stubs=1, year=2026, command=None, pack=None):
        return disclosing.release_pack(
            self.journal, pack or uuid4(), bureau=roster.BUREAU, department=roster.DEPARTMENT, year=year,
            tables=[self.table.id], stubs=stubs, days=20, by=by, command_id=command or uuid4(),
        )  # fmt: skip


def replied() -> Shown:
    return Shown(memory()).in_monitoring()


def test_a_fit_table_is_released_with_its_hash_its_reviewer_and_the_count_of_what_stays_inside():
    life = replied().reviewed("public")
    assert life.released(stubs=2) == e.DisclosureReleased(
        roster.BUREAU, roster.DEPARTMENT, 2026,
        ({"table": str(life.table.id), "content_hash": life.table.in_force, "reviewer": "secrecy", "reviewer_name": "secrecy同志"},),
        2, 0, 2, "2026-01-25", "goals", 0,
    )  # fmt: skip
    check_table(life.table, life.journal.history(life.table.id))


def test_twenty_calendar_days_from_the_first_reply():
    assert due_day(date(2026, 2, 10), 20) == date(2026, 3, 2)


def test_nothing_is_released_before_its_review():
    life = replied()
    with pytest.raises(NotAllowed, match="还有1张表没有经过保密审查"):
        life.released()


def test_a_review_of_another_version_does_not_count():
    life = replied().reviewed("public")
    older = changed(life.table, secrecy=Secrecy("public", "0" * 64, "secrecy", "secrecy同志"))
    assert [disclosing.goals_standing(life.journal, each) for each in (life.table, older)] == ["public", ""]


def test_what_was_found_internal_is_counted_and_not_named_any_more():
    life = replied().reviewed("internal", reason=WHY)
    assert life.table.disclosure == "内部"
    pack = disclosing.pack_now(life.journal, [life.table.id], days=20)
    assert (pack.fit, pack.waiting, pack.internal) == ((), (), 1)
    with pytest.raises(FieldsInvalid, match="须为1至250张"):
        life.released()


def test_the_notice_of_an_internal_table_says_neither_its_title_nor_the_reason():
    life = replied().reviewed("internal", reason=WHY)
    *_, last = life.journal.history(life.table.id)
    said = [notice.subject + notice.text for notice in told_of(last, life.table, life.table)]
    assert len(said) == 2
    assert [word for word in said if life.table.title in word or WHY in word] == []


def test_an_internal_verdict_needs_a_reason_and_a_verdict_is_one_of_two():
    with pytest.raises(ReasonMissing):
        replied().reviewed("internal")
    with pytest.raises(FieldsInvalid, match="审查结论"):
        replied().reviewed("maybe")


def test_a_later_review_replaces_the_first():
    life = replied().reviewed("internal", reason=WHY).reviewed("public")
    assert (life.table.disclosure, len(life.released().tables)) == ("公开", 1)


@pytest.mark.parametrize("by", [roster.UNIT_HEAD, roster.DEPARTMENT_FINANCE, roster.FINANCE_PERFORMANCE], ids=lambda a: a.id)
def test_only_a_secrecy_reviewer_of_the_unit_or_department_reviews(by):
    with pytest.raises(NotAllowed, match="保密审查员"):
        replied().reviewed("public", by=by)


def test_a_secrecy_reviewer_of_elsewhere_finds_no_such_table():
    with pytest.raises(NotFound):
        replied().reviewed("public", by=roster.person("far", (Role.SECRECY_REVIEWER, "dept-2")))


def test_who_filed_a_table_does_not_review_it():
    with pytest.raises(NotAllowed, match="填报过此表的人"):
        replied().reviewed("public", by=CLERK_TOO)


def test_who_reviewed_does_not_release():
    life = replied().reviewed("public", by=SECOND)
    with pytest.raises(NotAllowed, match="须由两人分别办理"):
        life.released(by=SECOND)
    assert len(life.released().tables) == 1


@pytest.mark.parametrize("by", [roster.UNIT_HEAD, roster.SECRECY_REVIEWER, roster.FINANCE_BUDGET], ids=lambda a: a.id)
def test_only_the_departments_finance_office_releases(by):
    with pytest.raises(NotAllowed, match="规划财务处"):
        replied().reviewed("public").released(by=by)


def test_a_table_of_another_year_is_refused():
    with pytest.raises(FieldsInvalid, match="本年度"):
        replied().reviewed("public").released(year=2025)


def test_the_same_command_releases_once():
    life, pack, command = replied().reviewed("public"), uuid4(), uuid4()
    first = life.released(pack=pack, command=command)
    assert life.released(pack=pack, command=command) == first
    assert len(life.journal.history(pack)) == 1


def test_nothing_is_reviewed_before_the_reply():
    life = Shown(memory()).in_finance_approval()
    with pytest.raises(NotOpenNow):
        life.reviewed("public")


def test_whoever_may_review_may_read():
    assert may_read(roster.SECRECY_REVIEWER, replied().table)


@pytest.mark.parametrize(
    ("text", "mark"),
    [("秘密★10年", "秘密★"), ("机密", "机密"), ("文件 绝密 级", "绝密"), ("密级：秘密", "密级：秘密"), ("密 级: 机密", "密 级: 机密"),
     ("★秘密", "★秘密"), ("秘　密★5年", "秘　密★"), ("密级：机 密", "密级：机 密"), ("防止泄露国家机密", None), ("保守商业机密", None), ("加强保密管理", None), ("秘密投票", None),
     ("不予公开涉密项目绩效目标表 2 个", None), ("密级：公开", None)],
)  # fmt: skip
def test_marks_of_state_secrets(text, mark):
    assert mark_of_classification(["甲", text]) == mark


def test_the_state_of_a_reviewed_table_is_the_fold_of_its_events():
    life = replied().reviewed("public")
    again = Table(life.table.id)
    for each in life.journal.history(life.table.id):
        again = apply(again, each)
    assert (again, again.secrecy.by, datetime.fromisoformat(again.last_at).tzinfo) == (life.table, "secrecy", UTC)


def test_a_draft_with_a_mark_of_classification_is_not_kept():
    life = Life(memory()).imported()
    with pytest.raises(MarkedAsSecret):
        drafting.save_draft(
            life.journal, life.table.id, seen=life.seen(), draft_version=0, reasons={"": "补充"}, by=roster.CLERK,
            content={**life.complete_content(), "purpose": "密级：机密"}, command_id=uuid4(),
        )  # fmt: skip
    assert life.journal.draft(life.table.id) is None


@pytest.mark.parametrize(("name", "words"), [("绝密.txt", "正文"), ("说明.txt", "机密★长期")])
def test_an_attachment_with_a_mark_of_classification_is_not_kept(name, words):
    life = Life(memory()).imported()
    with pytest.raises(MarkedAsSecret):
        attaching.attach_file(
            life.journal, life.table.id, seen=life.seen(), by=roster.CLERK, command_id=uuid4(), name=name, data=words.encode()
        )


def test_stubs_are_a_number_and_nothing_else():
    journal, stream, command = memory(), uuid4(), uuid4()
    first = register_stubs(journal, stream, home=roster.HOME, year=2026, count=2, by=roster.CLERK, command_id=command)
    again = register_stubs(journal, stream, home=roster.HOME, year=2026, count=2, by=roster.CLERK, command_id=command)
    assert (first, first.undisclosed_tables, first.tables, first.name) == (again, 2, (), STUBS_NAME)
    with pytest.raises(NotAllowed):
        register_stubs(journal, uuid4(), home=roster.HOME, year=2026, count=2, by=roster.UNIT_HEAD, command_id=uuid4())
    with pytest.raises(FieldsInvalid):
        register_stubs(journal, uuid4(), home=roster.HOME, year=2026, count=-1, by=roster.CLERK, command_id=uuid4())
