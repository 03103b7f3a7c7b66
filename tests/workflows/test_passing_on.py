"""N4: clocks of 20 and 15 calendar days, and a reply that a department passes on to its units once, all or nothing."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from tests.support import roster
from tests.support.life import Life, memory
from tests.workflows.test_adjusting import changed, more_money, opened, through_the_chain
from tests.workflows.test_adjusting import replied as reply_to_revision
from workflows import events as e
from workflows.calendars.deadlines import ladder
from workflows.clocks.timers import timers_of
from workflows.commands import approving_budget, passing_on
from workflows.commands.recipe import Seen
from workflows.errors import FieldsInvalid, GoaltrailError, NotAllowed
from workflows.folds.replay import Table, from_json, replay, to_json
from workflows.packs import load_pack
from workflows.state.reply_terms import Replied, Tally, Term, last_day, tally, term
from workflows.vocabulary import Actor, Cover, Post, Role
from workflows.words.reply_sentences import pass_on_reminder
from workflows.workdays import Due

NUMBER = "清教财〔2026〕3号"
DEPUTY = roster.person("stand_in", (Role.DEPARTMENT_BUSINESS, roster.DEPARTMENT))
OTHER_DEPARTMENT = roster.person("stranger", (Role.DEPARTMENT_FINANCE, "dept-2"))


def covering(**narrow) -> Actor:
    post = Post(Role.DEPARTMENT_FINANCE, roster.DEPARTMENT)
    return replace(DEPUTY, covers=(Cover("g1", "planner", "规划同志", (post,), **narrow),))


def seen(table: Table) -> Seen:
    return Seen(table.version, table.content_hash)


class Passed(Life):
    """A replied table whose department owes its unit the reply."""

    def passed(self, by=roster.DEPARTMENT_FINANCE, *, doc_no=NUMBER, command=None, document=None):
        (self.table,) = passing_on.pass_on_reply(
            self.journal, document or uuid4(), tables={self.table.id: self.seen()}, doc_no=doc_no, by=by,
            command_id=command or uuid4(),
        )  # fmt: skip
        return self


def replied() -> Passed:
    return Passed(memory()).in_monitoring()


def refused(act) -> str:
    with pytest.raises(GoaltrailError) as refusal:
        act()
    return str(getattr(refusal.value, "rule", "") or type(refusal.value).__name__)


@pytest.mark.parametrize(("start", "days", "moves", "wanted"), [
    (date(2026, 1, 20), 20, False, date(2026, 2, 9)), (date(2026, 2, 10), 15, False, date(2026, 2, 25)),
    (date(2026, 1, 16), 15, False, date(2026, 1, 31)), (date(2026, 1, 16), 15, True, date(2026, 2, 2)),
    (date(2027, 2, 10), 20, False, date(2027, 3, 2)),
])  # fmt: skip
def test_a_term_counts_calendar_days_and_ends_on_a_rest_day_unless_the_pack_moves_it(start, days, moves, wanted):
    assert last_day(start, days, next_workday=moves) == wanted


@pytest.mark.parametrize(("due", "done", "today", "wanted"), [
    ("2026-02-25", "", "2026-02-25", Term.RUNNING), ("2026-02-25", "", "2026-02-26", Term.OVERDUE),
    ("2026-02-25", "2026-02-25", "2026-03-01", Term.IN_TIME), ("2026-02-25", "2026-02-26", "2026-03-01", Term.LATE),
    ("", "2026-02-26", "2026-03-01", Term.NONE),
])  # fmt: skip
def test_how_a_term_stands(due, done, today, wanted):
    assert term(due, done, today) == wanted


def test_replied_in_time_n_of_m():
    found = tally([Term.IN_TIME, Term.IN_TIME, Term.LATE, Term.OVERDUE, Term.NONE, Term.RUNNING])
    assert (found, found.total) == (Tally(2, 1, 1, 1), 5)


def test_the_numbers_come_from_the_rule_pack_with_their_source():
    pack = load_pack("national-2021")
    assert (pack.reply.finance_days, pack.reply.pass_on_days, pack.reply.next_workday) == (20, 15, False)
    assert "第五十二条" in pack.sources["reply"]


def test_the_reply_starts_the_departments_term():
    life = replied()
    (fact,) = (each.fact for each in life.journal.history(life.table.id) if isinstance(each.fact, e.TableReplied))
    day = date.fromisoformat(life.table.replied.on)
    assert life.table.replied == Replied(fact.reply, day.isoformat(), fact.pass_on_due, fact.disclose_due)
    assert (date.fromisoformat(fact.pass_on_due) - day).days == 15
    assert (date.fromisoformat(fact.disclose_due) - day).days == 20


def test_its_reminders_come_by_the_ladder_until_it_is_passed_on():
    life = replied()
    due = Due(date.fromisoformat(life.table.replied.pass_on_due), provisional=False, calendar_version="")
    wanted = [(rung.code, rung.fires_at) for rung in ladder(due)]
    assert [(each.kind, each.due_at) for each in timers_of(life.table) if each.task == "pass_on"] == wanted
    assert [each for each in timers_of(life.passed().table) if each.task == "pass_on"] == []


def test_one_document_and_each_table_name_number_hash_and_frozen_amount():
    life, document = replied(), uuid4()
    before = life.table
    life.passed(document=document)
    row = {"table": str(before.id), "unit": roster.UNIT, "content_hash": before.in_force, "amount": "49.500000"}
    (listed,) = life.journal.history(document)
    amount = listed.fact.tables[0]["amount"]
    assert listed.fact == e.ReplyPassedOn(NUMBER, roster.BUREAU, roster.DEPARTMENT, ({**row, "amount": amount},), "")
    assert life.journal.history(before.id)[-1].fact == e.TablePassedOn(NUMBER, str(document), before.in_force, amount)
    done = life.table.replied
    assert (done.doc_no, done.document, done.waits, bool(done.passed_on)) == (NUMBER, str(document), False, True)
    assert life.table.aside == 1
    assert replay(life.table.id, life.journal.history(life.table.id)) == life.table == from_json(to_json(life.table))


def test_a_repeat_of_the_command_changes_nothing():
    life, command, document = replied(), uuid4(), uuid4()
    first = life.passed(command=command, document=document).table
    assert life.passed(command=command, document=document).table == first
    assert len(life.journal.history(document)) == 1


def test_once_only():
    life = replied().passed()
    assert refused(life.passed) == "G-PASSED-ON"


@pytest.mark.parametrize(("by", "rule"), [
    (roster.UNIT_HEAD, "R-ROLE"), (roster.FINANCE_BUDGET, "R-ROLE"), (roster.DEPARTMENT_BUSINESS, "R-ROLE"),
    (OTHER_DEPARTMENT, "NotFound"),
])  # fmt: skip
def test_only_the_departments_own_finance_office(by, rule):
    life = replied()
    assert refused(lambda: life.passed(by)) == rule


def test_not_before_the_reply():
    life = Passed(memory()).in_unit_review()
    assert refused(life.passed) == "R-STAGE"


def test_who_filed_the_table_does_not_pass_its_reply_on():
    both = roster.person("clerk", (Role.CLERK, roster.UNIT), (Role.DEPARTMENT_FINANCE, roster.DEPARTMENT))
    life = replied()
    assert refused(lambda: life.passed(both)) == "S1"


def test_a_deputy_passes_on_in_the_name_of_the_absent_person():
    life = replied().passed(covering())
    (last,) = life.journal.history(life.table.id)[-1:]
    (listed,) = life.journal.history(UUID(life.table.replied.document))
    assert last.signer == listed.signer == "stand_in同志 代 规划同志"


@pytest.mark.parametrize("narrow", [{"nodes": ("unit_head",)}, {"units": ("unit-9",)}, {"most": "0.01"}])
def test_a_cover_goes_no_further_than_it_says(narrow):
    life = replied()
    assert refused(lambda: life.passed(covering(**narrow))) in ("R-ROLE", "R-COVER", "NotFound")


def test_one_table_that_may_not_go_keeps_all_back():
    journal = memory()
    first, second = Passed(journal).in_monitoring(), Passed(journal).in_unit_review()
    both = {each.table.id: each.seen() for each in (first, second)}
    said = passing_on.refused_in_passing(journal, tables=both, by=roster.DEPARTMENT_FINANCE, command_id=uuid4())
    assert {table: refusal.rule for table, refusal in said.items()} == {second.table.id: "R-STAGE"}
    document = uuid4()
    with pytest.raises(GoaltrailError):
        passing_on.pass_on_reply(
            journal, document, tables=both, doc_no=NUMBER, by=roster.DEPARTMENT_FINANCE, command_id=uuid4()
        )
    assert journal.history(document) == ()


@pytest.mark.parametrize("doc_no", ["", "  ", "号" * 101])
def test_a_document_needs_its_number(doc_no):
    life = replied()
    with pytest.raises(FieldsInvalid):
        life.passed(doc_no=doc_no)


def test_nothing_to_pass_on_is_no_document():
    with pytest.raises(FieldsInvalid):
        passing_on.pass_on_reply(
            memory(), uuid4(), tables={}, doc_no=NUMBER, by=roster.DEPARTMENT_FINANCE, command_id=uuid4()
        )


def approved(journal, *, by=roster.FINANCE_BUDGET, on="2026-01-02", year=2026, command=None):
    return approving_budget.approve_budget(
        journal, bureau=roster.BUREAU, year=year, approved_on=on, by=by, command_id=command or uuid4()
    )


def test_the_congress_starts_finances_term_once_for_a_bureau_and_a_year():
    journal, command = memory(), uuid4()
    fact = approved(journal, command=command)
    assert (fact.approved_on, fact.days, fact.due) == ("2026-01-02", 20, "2026-01-22")
    assert approved(journal, command=command) == fact
    with pytest.raises(NotAllowed) as again:
        approved(journal, on="2026-01-03")
    assert again.value.rule == "G-ONCE"
    assert approving_budget.budget_of(journal, roster.BUREAU, 2026) == fact
    assert approving_budget.budget_of(journal, roster.BUREAU, 2027) is None


@pytest.mark.parametrize("on", ["", "2026-13-01", "2030-01-01", "2024-12-31"])
def test_a_day_that_cannot_be_is_refused(on):
    with pytest.raises(FieldsInvalid):
        approved(memory(), on=on)


@pytest.mark.parametrize("by", [roster.FINANCE_PERFORMANCE, roster.DEPARTMENT_FINANCE, DEPUTY])
def test_only_the_budget_section_says_when_the_congress_approved(by):
    with pytest.raises(NotAllowed):
        approved(memory(), by=by)


def revised(life: Passed | None = None) -> Passed:
    """A table whose revision was replied to: the department owes its unit that reply too."""
    life = life or replied().passed()
    two = opened(life=life)
    changed(two.second, budget=more_money(two.second))
    through_the_chain(two.second)
    life.journal.at += timedelta(days=40)
    reply_to_revision(two)
    return life


def test_the_reply_to_a_revision_is_passed_on_within_the_same_days_and_once():
    life = replied().passed()
    first = life.table.replied
    revised(life)
    owed, today = life.table.replied, life.journal.at.date()
    assert (owed.reply, owed.revision, owed.on, owed.first_on) == (life.table.versions[-1].table, 1, today.isoformat(), first.on)
    assert (owed.waits, owed.disclose_due) == (True, first.disclose_due)
    assert (date.fromisoformat(owed.pass_on_due) - today).days == 15
    life.passed(doc_no="清教财〔2026〕9号")
    (told,) = [each.fact for each in life.journal.history(life.table.id) if getattr(each.fact, "doc_no", "") == "清教财〔2026〕9号"]
    assert (told.content_hash, life.table.replied.waits, life.table.replied.doc_no) == (life.table.in_force, False, "清教财〔2026〕9号")
    assert refused(life.passed) == "G-PASSED-ON"
    assert replay(life.table.id, life.journal.history(life.table.id)) == life.table == from_json(to_json(life.table))


def test_its_reminders_are_another_ladder_and_name_the_revisions_number():
    life = revised()
    due = Due(date.fromisoformat(life.table.replied.pass_on_due), provisional=False, calendar_version="")
    wanted = [(rung.code, rung.fires_at) for rung in ladder(due)]
    assert [(each.kind, each.due_at) for each in timers_of(life.table) if each.task == "pass_on#r1"] == wanted
    assert [each for each in timers_of(life.table) if each.task == "pass_on"] == []
    told = pass_on_reminder(life.table, life.table.replied, "T-1")
    assert told.text.startswith(f"批复清财预调〔2026〕1号的下达期限为{life.table.replied.pass_on_due}")
    assert [each for each in timers_of(life.passed().table) if each.task.startswith("pass_on")] == []


def test_a_first_reply_that_was_not_passed_on_is_overtaken_by_the_revisions():
    life = revised(replied())
    assert [each.task for each in timers_of(life.table) if each.task.startswith("pass_on")] == ["pass_on#r1"] * 4
    assert life.passed().table.replied.waits is False


def test_what_was_written_before_revisions_were_passed_on_asks_for_nothing():
    life = replied()
    fact = e.load("revision.approved", 1, {
        "revision": str(uuid4()), "table": str(life.table.id), "number": 1, "doc_no": "旧", "base": "b", "content_hash": "c",
        "effective_from": "2026-05-01", "title": "题", "windows": [],
    })  # fmt: skip
    assert fact.pass_on_due == ""
