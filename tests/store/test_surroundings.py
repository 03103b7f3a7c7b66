"""What stands around a table is the same in memory and on PostgreSQL: siblings, department part, blanks, last year."""

from contextlib import contextmanager
from copy import deepcopy
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from tests.store.acting import journal_on
from tests.support import roster
from tests.support.contents import document, printed_table
from tests.support.memory_journal import MemoryJournal
from workflows import events as e
from workflows.commands import importing
from workflows.commands.prereview import findings_of
from workflows.journal import Command
from workflows.surroundings import Surroundings
from workflows.vocabulary import Post, Role

CLERKS = Post(Role.CLERK, roster.UNIT)
PART = {
    "name": None, "overall_goals": ["总体目标"], "responsibilities": [], "long_term_goals": [], "safeguards": [],
    "itemised_goals": [{"title": "养好农村路", "goal": None, "indicators": ["维护道路里程", "别处没有的指标"]}],
}  # fmt: skip
READ = (
    {"line": 3, "text": "效益指标 经济效益指标（选填）", "guess": "预印的指标类别，未填写", "sort": "placeholder"},
    {"line": 9, "text": "<p>", "guess": None, "sort": "markup"},
)


@pytest.fixture(params=["memory", "postgres"])
def opened(request):
    if request.param == "postgres":
        app = request.getfixturevalue("app")
        return lambda: journal_on(app)
    memory = MemoryJournal(datetime(2026, 3, 1, tzinfo=UTC), people=roster.PEOPLE)

    @contextmanager
    def in_memory():
        yield memory

    return in_memory


def filed(journal, *tables, year=2026, part=None, read=()):
    taken_in = {**document(*map(deepcopy, tables)), "department": part}
    return importing.import_document(
        journal, uuid4(), filing=importing.Filing("申报.txt", uuid4().bytes, taken_in, read), homes=(roster.HOME,) * len(tables),
        year=year, by=roster.CLERK, post=CLERKS, command_id=uuid4(),
    )  # fmt: skip


def around(journal, table, **changes):
    return journal.surroundings(table, {**journal.content(table.content_hash), **changes})


def titles(surroundings):
    return [each["title"] for each in surroundings.siblings]


def test_the_documents_other_tables_its_part_and_what_was_left_blank(opened):
    with opened() as journal:
        one, two, three = filed(journal, *(printed_table(f"项目{name}") for name in "甲乙丙"), part=PART, read=READ)
        filed(journal, printed_table("别的文件"))
        found = around(journal, two)
    assert titles(found) == ["项目甲", "项目丙"]
    assert (found.department, found.placeholders) == (PART, ("效益指标 经济效益指标（选填）",))
    assert (found.last_year, found.actuals) == (None, {})
    assert one.document == three.document


def test_a_sibling_that_ended_stands_beside_nobody_any_more(opened):
    with opened() as journal:
        one, two = filed(journal, printed_table("项目甲"), printed_table("项目乙"))
        journal.append_to_table(one, (e.TableVoided("r", "项目取消不再实施"),), Command(roster.CLERK, CLERKS, uuid4()))
        assert titles(around(journal, two)) == []


def test_last_year_is_the_same_units_table_by_title_or_by_code_with_what_it_reached(opened):
    coded = {**printed_table("旧名称", 2025), "project_code": "105002B16DX0003"}
    with opened() as journal:
        old, _renamed = filed(journal, printed_table("道路经费", 2025), coded, year=2025)
        figures = {"executed": "64", "rows": {"r1": {"actual": "15公里"}, "r2": {"actual": "90%", "not_applicable": True}, "r3": {}}}
        evaluated = e.SelfEvaluationFiled(
            node="evaluation_filing", task="t", figures=figures, scores=(), execution_points="10", total="90", grade="excellent",
            pack="p", pack_hash=old.pack_hash, content_hash=old.content_hash,
        )  # fmt: skip
        journal.append_to_table(old, (evaluated,), Command(roster.CLERK, CLERKS, uuid4()))
        (new,) = filed(journal, printed_table("道路经费"))
        by_title, by_code = around(journal, new), around(journal, new, title="新名称", project_code="105002B16DX0003")
        assert (by_title.last_year["title"], by_title.actuals) == ("道路经费", {"r1": "15公里"})
        assert (by_code.last_year["title"], by_code.actuals) == ("旧名称", {})
        for unknown in ({"title": "新名称"}, {"title": "新名称", "project_code": "105002"}, {"title": "新名称", "project_code": '"'}):
            assert around(journal, new, **unknown) == Surroundings()
        rules = [each.rule for each in findings_of(journal, new, journal.content(new.content_hash)) if each.rule[:3] == "V-H"]
    assert rules == ["V-H2", "V-H1", "V-H1"]


def test_what_stood_around_is_not_read_where_the_caller_says_so(opened):
    with opened() as journal:
        (table,) = filed(journal, printed_table(), part=PART)
        content = journal.content(table.content_hash)
        rules = [[f.rule for f in findings_of(journal, table, content, *more)] for more in ((), (Surroundings(),))]
    assert ["V-R2" in each for each in rules] == [True, False]


def test_a_poor_grade_blocks_the_same_project_until_it_is_closed(opened):
    with opened() as journal:
        (old,) = filed(journal, printed_table(), year=2025)
        (new,) = filed(journal, printed_table(), year=2027)
        before = around(journal, new).unmended
        graded(journal, old, "poor")
        blocked, other = around(journal, new).unmended, around(journal, new, title="别的项目", project_code=None)
        rules = [each.rule for each in findings_of(journal, new, journal.content(new.content_hash)) if each.rule == "V-H3"]
        graded(journal, old, "fair")
        mended = around(journal, new).unmended
    assert (before, blocked, other.unmended, mended) == ((), (2025,), (), ())
    assert other.others_unmended == ((2025, old.title),)
    assert rules == ["V-H3"]


def graded(journal, table, grade):
    """Give the table a self-evaluation with this grade."""
    table = journal.lock_table(table.id)
    filing = e.SelfEvaluationFiled(
        "evaluation_filing", str(uuid4()), {"executed": "1"}, (), "0.00", "50.00", grade, table.pack, table.pack_hash, table.content_hash
    )
    facts = (e.SelfEvaluationOpened("self_evaluation.year_end"), filing)
    journal.append_to_table(table, facts, Command(roster.CLERK, CLERKS, uuid4()))
