"""What codes are called in sentences: rows by what they measure, nodes by their titles, what ships by nobody's name."""

from tests.support import roster
from tests.support.life import Life, memory
from workflows.commands.calling import called_in
from workflows.content.naming import Called
from workflows.content.places import names_of_rows, place_name
from workflows.events import DefinitionPublished
from workflows.vocabulary import Role
from workflows.words.sentences import sentence


def content(*names):
    return {"indicators": [{"id": f"r{number}", "level3": name, "level2": None} for number, name in enumerate(names, 1)]}


def test_rows_of_one_name_are_told_apart_and_one_without_has_its_place():
    assert names_of_rows(content("里程", "里程", None)) == {"r1": "里程（第1行）", "r2": "里程（第2行）", "r3": "第3行"}


def test_a_row_that_later_contents_lack_keeps_the_name_it_had():
    assert names_of_rows(content("里程", "天数"), content("里程数")) == {"r1": "里程数", "r2": "天数"}


def test_a_row_whose_name_nobody_knows_is_called_by_its_id():
    assert place_name("/indicators/r9/weight") == "指标 r9 · 分值"


def test_the_nodes_of_a_table_are_called_by_the_titles_of_its_own_chain():
    life = Life(memory()).in_unit_review()
    called = called_in(life.journal, life.table, life.journal.history(life.table.id))
    assert (called.node("unit_head"), called.node("monitoring_check:q1"), called.node("nowhere")) == (
        "“单位负责人审核”", "“规划财务处审核监控”", "“nowhere”",
    )  # fmt: skip
    assert called.rows == {}


def test_a_chain_that_ships_is_not_said_to_be_published_by_the_clerk_who_first_used_it():
    life = Life(memory()).in_unit_review()
    published = [
        each for stream in life.journal.streams.values() for each in stream if isinstance(each.fact, DefinitionPublished)
    ]
    (first,) = published
    assert first.role == Role.CLERK
    assert sentence(first, Called()) == f"{roster.CLERK.name}（项目经办人）：首次使用，登记随产品提供的审批链“{first.fact.name}”。"
