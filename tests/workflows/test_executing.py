"""N6: executed amounts come in by file: read by their headings, matched, reconciled, kept, and there for the form."""

import io
import zipfile
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from openpyxl import Workbook

from tests.support import roster
from tests.support.invariants import check_table
from tests.support.life import Life, memory
from workflows.commands.executing import import_executions
from workflows.errors import FieldsInvalid, GoaltrailError, NotAllowed
from workflows.forms.execution_file import read_executions
from workflows.measures.execution_matching import Known, matching
from workflows.state.executions import Execution, executed_on
from workflows.vocabulary import Post, Role

POST = Post(Role.DEPARTMENT_FINANCE, roster.DEPARTMENT)
HEAD = "项目编码,单位,项目名称,年度,截止日期,执行数（万元）"


def file_of(*rows: str, head: str = HEAD) -> bytes:
    return "\n".join([head, *rows]).encode("utf-8-sig")


def known(number: int, title: str, *, code: str = "", unit: str = "县农业局", amount_unit: str = "万元") -> Known:
    return Known(UUID(int=number), title, code, (unit, "unit-1"), "unit-1", amount_unit)


def test_columns_are_found_by_their_headings_and_the_sum_row_is_no_project():
    read = read_executions(file_of('P1,县农业局,道路维护,2026,2026-07-31,"1,024.50"', ",合计,,,,1024.5"))
    assert (read.year, read.date, read.amount_unit, read.printed_total) == (2026, "2026-07-31", "万元", Decimal("1024.5"))
    assert [(line.row, line.code, line.title, line.executed) for line in read.lines] == [(2, "P1", "道路维护", Decimal("1024.50"))]


def test_a_workbook_with_a_title_above_states_unit_and_day():
    book = Workbook()
    for row in (["2026年项目支出执行情况表"], ["截至2026年7月31日", None, "单位：元"], ["项目编码", "项目名称", "累计执行数"], ["P1", "道路", 12.5]):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    read = read_executions(out.getvalue())
    assert (read.date, read.amount_unit, read.lines[0].row, read.lines[0].executed) == ("2026-07-31", "元", 4, Decimal("12.5"))


def workbook(*sheets: tuple[str, list[list[object]]]) -> bytes:
    """A workbook of sheets; a name that begins with # is a hidden one."""
    book, out = Workbook(), io.BytesIO()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name.removeprefix("#"))
        sheet.sheet_state = "hidden" if name.startswith("#") else "visible"
        for row in rows:
            sheet.append(row)
    book.save(out)
    return out.getvalue()


def test_no_sheet_with_amounts_is_left_out_unseen():
    """The sheet with the heading is read wherever it stands; a second one is asked about, a hidden one is not shown."""
    amounts = [["项目编码", "执行数（万元）"], ["P1", 3]]
    read = read_executions(workbook(("说明", [["本表由国库处提供"]]), ("执行", amounts), ("#旧", amounts)), day="2026-07-31")
    assert [(line.code, line.executed) for line in read.lines] == [("P1", Decimal(3))]
    with pytest.raises(FieldsInvalid, match="2张工作表"):
        read_executions(workbook(("一", amounts), ("二", amounts)), day="2026-07-31")


@pytest.mark.parametrize(("data", "field"), [
    (file_of("P1,x,y,2026,2026-07-31,1", head=HEAD.replace("（万元）", "")), "amount_unit"),
    (file_of("P1,x,y,2026,,1"), "date"),
    (file_of("P1,x,y,2026,2026-07-31,1", "P2,x,y,2026,2026-06-30,1"), "date"),
    (file_of("P1,x,y,2026,2026-07-31,1", head="甲,乙,丙,丁,戊,己"), "file"),
])  # fmt: skip
def test_a_file_that_leaves_something_open_is_refused_by_name(data, field):
    with pytest.raises(FieldsInvalid) as refused:
        read_executions(data)
    assert refused.value.facts["field"] == field


def test_every_row_is_matched_ambiguous_or_unmatched_and_the_sums_agree():
    tables = [known(1, "道路", code="P1", amount_unit="元"), known(2, "水渠"), known(3, "桥梁"), known(4, "桥梁")]
    found = matching(read_executions(file_of(
        "P1,县农业局,随便,2026,2026-07-31,3", ",县农业局,水 渠,2026,2026-07-31,4", ",县农业局,桥梁,2026,2026-07-31,5",
        "P9,县农业局,没有,2026,2026-07-31,6", "P1,县农业局,x,2026,2026-07-31,约七",
    )), tables)  # fmt: skip
    assert [(row.line.row, row.table and row.table.table.int, row.sort) for row in found.rows] == [
        (2, 1, ""), (3, 2, ""), (4, None, "ambiguous"), (5, None, "unmatched"), (6, None, "unmatched")]  # fmt: skip
    assert found.rows[0].executed == 30000
    assert (found.totals.all, found.totals.matched, found.totals.rest) == (18, 7, 11)
    assert {unit: sums.all for unit, sums in found.by_unit.items()} == {"县农业局": 18}


def test_a_table_that_two_rows_name_is_given_to_neither():
    found = matching(read_executions(file_of("P1,a,b,2026,2026-07-31,3", "P1,a,b,2026,2026-07-31,4")), [known(1, "b", code="P1")])
    assert [row.why for row in found.rows] == ["与第3行对应同一张表", "与第2行对应同一张表"]


def test_the_newest_date_counts_and_of_the_same_date_what_came_last():
    def one(number, day):
        return Execution("b", number, str(number), None, day, "x", "")

    kept = (one(1, "2026-06-30"), one(2, "2026-07-31"), one(3, "2026-07-31"), one(4, "2026-09-30"))
    assert [found and found.row for found in (executed_on(kept, day) for day in ("2026-05-01", "2026-06-30", "2026-08-31"))] == [None, 1, 3]


def in_force() -> Life:
    life = Life(memory()).in_monitoring()
    life.journal.at = datetime(2026, 8, 5, 1, 0, tzinfo=UTC)
    return life


def imported(life: Life, amount: str, *, by=roster.DEPARTMENT_FINANCE, post: Post = POST, day: str = "2026-07-31"):
    data = file_of(f",县农业局,{life.table.title},2026,{day},{amount}", ",县农业局,无此项目,2026,,2")
    tables = [Known(life.table.id, life.table.title, "", ("县农业局",), roster.UNIT, "万元")]
    batch, _ = import_executions(
        life.journal, name="七月.csv", data=data, found=matching(read_executions(data), tables), post=post, by=by,
        command_id=uuid4(),
    )  # fmt: skip
    life.table = life.journal.lock_table(life.table.id)
    return batch


def test_a_file_is_kept_with_its_hash_and_its_amounts_and_its_repeat_changes_nothing():
    life = in_force()
    batch = imported(life, "36.5")
    (event,) = life.journal.history(batch)
    kept = life.journal.content(event.fact.content_hash)
    assert (event.fact.total, event.fact.matched, event.fact.rest) == ("38.5", "36.5", "2")
    assert [each["amount"] for each in kept["lines"]] == ["36.5"]
    assert [each["why"] for each in kept["rest"]] == ["没有已批复的同一项目（或不属您的范围）"]
    version = life.table.version
    assert imported(life, "36.5") == batch
    assert life.table.version == version
    assert life.table.executed_on("2026-07-31").executed == "36.5"
    check_table(life.table, life.journal.history(life.table.id))


def test_the_same_file_again_takes_in_what_found_its_table_only_meanwhile():
    """A table replied after the first import is not lost to it: its row comes in alone, the sums stay the file's."""
    journal = in_force().journal
    first, later = Life(journal).in_monitoring(), Life(journal).in_monitoring()
    data = file_of("P1,县农业局,甲,2026,2026-01-05,3", "P2,县农业局,乙,2026,2026-01-05,4")
    known_then = [known(first.table.id.int, "甲", code="P1")]
    known_now = [*known_then, known(later.table.id.int, "乙", code="P2")]

    def brought(tables):
        return import_executions(
            journal, name="一月.csv", data=data, found=matching(read_executions(data), tables), post=POST,
            by=roster.DEPARTMENT_FINANCE, command_id=uuid4(),
        )  # fmt: skip

    batch, tables = brought(known_then)
    assert tables == (first.table.id,)
    assert brought(known_then) == (batch, ())
    again, tables = brought(known_now)
    assert tables == (later.table.id,)
    (event,) = journal.history(again)
    assert (event.fact.total, event.fact.matched, event.fact.rest) == ("7", "4", "3")
    assert brought(known_now) == (batch, ())
    assert [len(journal.lock_table(each.table.id).executions) for each in (first, later)] == [1, 1]


@pytest.mark.parametrize("line", ["合 计,,,,,3", "合　计：,,,,,3", ",,总计,,,3", ",本页小计,,,,3"])
def test_a_sum_row_is_none_of_the_projects_however_it_is_written(line):
    read = read_executions(file_of("P1,县农业局,道路,2026,2026-07-31,3", line))
    assert (len(read.lines), read.printed_total) == (1, Decimal(3))


def test_a_sum_row_that_names_its_sum_beside_the_known_columns():
    read = read_executions("序号,项目编码,项目名称,截止日期,执行数（万元）\n1,P1,x,2026-07-31,3\n合计,,,,3\n".encode())
    assert (len(read.lines), read.printed_total) == (1, Decimal(3))


def broken_sheet() -> bytes:
    """A workbook whose sheet is no XML."""
    book, out, cut = Workbook(), io.BytesIO(), io.BytesIO()
    book.active.append(["项目编码", "执行数"])
    book.save(out)
    with zipfile.ZipFile(out) as source, zipfile.ZipFile(cut, "w") as target:
        for entry in source.infolist():
            part = source.read(entry)
            target.writestr(entry.filename, part.replace(b"<sheetData", b"<<sheetData"))
    return cut.getvalue()


@pytest.mark.parametrize("data", [broken_sheet(), file_of(f"P1,x,{'y' * 200_000},2026,2026-07-31,1")])
def test_a_broken_file_is_refused_with_a_sentence(data):
    with pytest.raises(GoaltrailError):
        read_executions(data)


def test_a_later_file_counts_and_the_older_one_is_kept():
    life = in_force()
    imported(life, "36.5")
    imported(life, "40")
    assert [each.executed for each in life.table.executions] == ["36.5", "40"]
    assert life.table.executed_on("2026-07-31").executed == "40"


@pytest.mark.parametrize("post", [Post(Role.CLERK, roster.UNIT), Post(Role.UNIT_FINANCE, "unit-9")])
def test_nobody_imports_under_a_post_not_held(post):
    with pytest.raises(NotAllowed):
        imported(in_force(), "1", post=post)


def test_a_file_of_a_day_to_come_is_refused():
    with pytest.raises(FieldsInvalid):
        imported(in_force(), "1", day="2026-09-30")


def test_hidden_rows_count_and_are_named_and_a_merged_unit_holds_for_all_its_rows():
    """Rows hidden by a filter count as any other and are named; a unit merged over rows is each row's, an amount never is."""
    book, out = Workbook(), io.BytesIO()
    for row in (["单位", "项目名称", "执行数（万元）"], ["县农业局", "道路", 3], [None, "桥梁", 4], [None, "水库", None], [None, "学校", 1]):
        book.active.append(row)
    book.active.merge_cells("A2:A4")
    book.active.merge_cells("C3:C4")
    book.active.row_dimensions[3].hidden = True
    book.save(out)
    found = matching(read_executions(out.getvalue(), day="2026-07-31", year=2026), [known(1, "道路"), known(2, "桥梁")])
    assert [(row.line.row, row.line.unit, row.line.executed, row.line.unit_from) for row in found.rows] == [
        (2, "县农业局", Decimal(3), 0), (3, "县农业局", Decimal(4), 2), (4, "县农业局", None, 2), (5, "", Decimal(1), 0)
    ]  # fmt: skip
    assert ([row.row for row in found.hidden], [row.row for row in found.filled]) == ([3], [3, 4])
    assert found.rows[1].line.note == "此行在工作簿中是隐藏的，同样计入；单位取自第2行的合并单元格"
    assert (found.totals.all, [row.line.title for row in found.matched]) == (Decimal(8), ["道路", "桥梁"])


def test_a_workbook_filled_far_out_is_refused_with_a_sentence():
    book, out = Workbook(), io.BytesIO()
    book.active.append(["项目编码", "执行数（万元）"])
    book.active["A9000"] = "P1"
    book.save(out)
    with pytest.raises(FieldsInvalid, match="一次最多导入2000行"):
        read_executions(out.getvalue(), day="2026-07-31")
