"""机构改革 in the domain (E8): who may, what is refused, what each fact leaves; the tree of any moment never changes later."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import roster
from tests.support.life import Life
from tests.support.memory_journal import MemoryJournal
from workflows.commands import reorganising
from workflows.commands.administering import give_grant, revoke_grant
from workflows.commands.printing import paper_of
from workflows.commands.reorganising import Decree
from workflows.errors import FieldsInvalid, NotAllowed, NotFound, OrgansChanged
from workflows.events import Recorded
from workflows.forms.form import Boxes
from workflows.organs import ORGANS_STREAM, Organ, OrganTree, organs_after, organs_before, tree_at
from workflows.printing import FormKind, approval_sheet
from workflows.vocabulary import Actor, Post, Role
from workflows.words.sentences import sentence

OFFICER = roster.SECURITY_ADMIN
BUREAU = Organ("bureau", "清河县财政局", "bureau")
CULTURE, TOURISM = Organ("dept-1", "文化局", "department", "bureau", "301"), Organ("dept-2", "旅游局", "department", "bureau", "302")
LIBRARY, MUSEUM, PARK = (
    Organ("unit-1", "图书馆", "unit", "dept-1"), Organ("unit-2", "博物馆", "unit", "dept-1"), Organ("unit-3", "公园处", "unit", "dept-2"),
)  # fmt: skip
ORGANS = (BUREAU, CULTURE, TOURISM, LIBRARY, MUSEUM, PARK)
DECREE = Decree("清编发〔2026〕3号", "2026-01-05")


def journal() -> MemoryJournal:
    return MemoryJournal(datetime(2026, 1, 5, 1, 0, tzinfo=UTC), roster.PEOPLE, roster=ORGANS)


def merged(log: MemoryJournal, *organs: str, into: str, **news) -> tuple[Recorded, ...]:
    return reorganising.merge_organs(
        log, organs=organs, successor=into, **({"decree": DECREE, "by": OFFICER, "command_id": uuid4()} | news)
    )


def renamed(log: MemoryJournal, organ: str, name: str, code: str | None = None, **news) -> tuple[Recorded, ...]:
    return reorganising.rename_organ(
        log, organ=organ, name=name, code=code, **({"decree": DECREE, "by": OFFICER, "command_id": uuid4()} | news)
    )


def moved(log: MemoryJournal, organ: str, parent: str) -> tuple[Recorded, ...]:
    return reorganising.move_organ(log, organ=organ, parent=parent, decree=DECREE, by=OFFICER, command_id=uuid4())


def closed(log: MemoryJournal, organ: str) -> tuple[Recorded, ...]:
    return reorganising.close_organ(log, organ=organ, decree=DECREE, by=OFFICER, command_id=uuid4())


def founded(log: MemoryJournal, organ: Organ, by: Actor = OFFICER) -> tuple[Recorded, ...]:
    return reorganising.found_organ(log, organ=organ, decree=DECREE, by=by, command_id=uuid4())


def test_e8_the_tree_of_a_moment_knows_names_parents_and_ends_of_that_moment() -> None:
    log = journal()
    (first,) = renamed(log, "dept-1", "文化和旅游局", "30001")
    *along, last = merged(log, "dept-2", into="dept-1")
    assert [each.kind for each in (*along, last)] == ["organ.moved", "organ.merged"]
    now, history = log.organs(), log.history(ORGANS_STREAM)
    before, between = tree_at(now.organs.values(), history, first.at - timedelta(seconds=1)), tree_at(now.organs.values(), history, first.at)
    assert before.organs == {each.id: each for each in ORGANS}
    assert (between.name("dept-1"), between.organ("dept-1").code, between.lives("dept-2")) == ("文化和旅游局", "30001", True)
    assert (now.spoken("dept-2"), now.heir("dept-2"), now.line("dept-1")) == ("文化和旅游局（原旅游局）", "dept-1", ("dept-1", "dept-2"))
    assert [each.id for each in now.children("dept-1")] == ["unit-3", "unit-2", "unit-1"]
    assert (now.lives("dept-2"), now.organ("dept-2").ended_at, now.spoken("nowhere")) == (False, last.at, "nowhere")


def test_e8_the_sentences_name_old_and_new_with_the_decree() -> None:
    log = journal()
    said = [
        *renamed(log, "dept-1", "文化和旅游局"), *renamed(log, "dept-1", "文化和旅游局", "30001"), *merged(log, "dept-2", into="dept-1"),
        *founded(log, Organ("unit-4", "美术馆", "unit", "dept-1", "301004")), *closed(log, "unit-4"),
    ]  # fmt: skip
    who, decree = "security同志（安全管理员）：", "（清编发〔2026〕3号，自2026-01-05起）。"
    assert [sentence(each).removeprefix(who).removesuffix(decree) for each in said] == [
        "“文化局”更名为“文化和旅游局”", "“文化和旅游局”的代码由301改为30001", "“公园处”由“旅游局”划转“文化和旅游局”",
        "“旅游局”并入“文化和旅游局”", "设立预算单位“美术馆”，代码301004", "撤销“美术馆”",
    ]  # fmt: skip


def test_e8_only_a_security_administrator_of_another_organ_signs() -> None:
    log = journal()
    for other in (roster.SYSTEM_ADMIN, roster.DEPARTMENT_FINANCE, roster.FINANCE_LEADER, roster.AUDIT_ADMIN):
        with pytest.raises(NotAllowed, match="安全管理员登记"):
            renamed(log, "dept-1", "文化和旅游局", by=other)
    with pytest.raises(NotAllowed, match="您的岗位在所涉机构"):
        merged(log, "dept-2", into="dept-1", by=roster.person("s2", (Role.SECURITY_ADMIN, "dept-1")))
    assert log.history(ORGANS_STREAM) == ()


def test_e8_the_first_organs_are_founded_by_the_host_while_there_is_no_security_administrator() -> None:
    host = roster.person("host:root", (Role.SYSTEM_ADMIN, "host"))
    empty = MemoryJournal(datetime(2026, 1, 5, 1, 0, tzinfo=UTC))
    founded(empty, BUREAU, host)
    founded(empty, CULTURE, host)
    assert [each.id for each in empty.organs().living] == ["bureau", "dept-1"]
    with pytest.raises(NotAllowed):
        founded(journal(), Organ("unit-4", "美术馆", "unit", "dept-1"), host)


@pytest.mark.parametrize(("act", "words"), [
    (lambda log: renamed(log, "dept-1", "文化局"), "名称和代码都没有变"),
    (lambda log: renamed(log, "dept-1", "旅游局"), "已有名为“旅游局”的机构"),
    (lambda log: renamed(log, "dept-1", " "), "请填写机构名称"),
    (lambda log: renamed(log, "dept-1", "文旅局", "三〇一"), "机构代码由字母和数字组成"),
    (lambda log: renamed(log, "dept-1", "文旅局", decree=replace(DECREE, doc_no=" ")), "请填写机构改革文件的文号"),
    (lambda log: renamed(log, "dept-1", "文旅局", decree=replace(DECREE, day="2026-01-06")), "将来生效的，请在生效当日登记"),
    (lambda log: renamed(log, "dept-1", "文旅局", decree=replace(DECREE, day="2025-01-03")), "此前366天之内"),
    (lambda log: renamed(log, "dept-1", "文旅局", decree=replace(DECREE, day="元旦")), "请填写生效日期"),
    (lambda log: moved(log, "unit-1", "dept-1"), "已经在此主管部门之下"),
    (lambda log: moved(log, "unit-1", "unit-2"), "请选择现有的主管部门"),
    (lambda log: moved(log, "bureau", "dept-1"), "没有上级机构"),
    (lambda log: merged(log, "dept-1", into="dept-1"), "请选择被并入的机构"),
    (lambda log: merged(log, into="dept-1"), "请选择被并入的机构"),
    (lambda log: merged(log, "unit-1", into="dept-1"), "只有同类"),
    (lambda log: merged(log, "bureau", into="bureau"), "请选择被并入的机构"),
    (lambda log: closed(log, "dept-1"), "之下还有机构"),
    (lambda log: closed(log, "bureau"), "财政部门不能"),
    (lambda log: founded(log, Organ("bureau2", "另一财政局", "bureau")), "只服务一个财政部门"),
    (lambda log: founded(log, Organ("dept-1", "某局", "department", "bureau")), "已经使用"),
    (lambda log: founded(log, Organ("机构", "某局", "department", "bureau")), "机构编号由字母"),
    (lambda log: founded(log, Organ("x", "某局", "office", "bureau")), "请选择机构类别"),
    (lambda log: founded(log, Organ("x", "某局", "unit", "bureau")), "请选择现有的主管部门"),
])  # fmt: skip
def test_e8_what_makes_no_sense_is_refused_in_a_sentence(act, words) -> None:
    log = journal()
    with pytest.raises(FieldsInvalid, match=words):
        act(log)
    assert log.history(ORGANS_STREAM) == ()


def test_e8_nothing_happens_to_an_organ_that_has_ended_or_never_was() -> None:
    log = journal()
    merged(log, "unit-2", into="unit-1")
    for act in (lambda: renamed(log, "unit-2", "新馆"), lambda: moved(log, "unit-2", "dept-2"), lambda: merged(log, "unit-1", into="unit-2")):
        with pytest.raises(FieldsInvalid, match="“博物馆”已经撤并或撤销"):
            act()
    with pytest.raises(FieldsInvalid, match="撤并的机构编号也不再使用"):
        founded(log, Organ("unit-2", "新馆", "unit", "dept-1"))
    with pytest.raises(NotFound):
        renamed(log, "unit-9", "新馆")


def test_e8_an_organ_with_an_open_table_is_not_closed_without_an_heir() -> None:
    log = journal()
    Life(log).in_unit_review()
    with pytest.raises(FieldsInvalid, match="还有1张未办结的表，须先办结，或改为并入另一机构"):
        closed(log, "unit-1")
    assert closed(log, "unit-2")[0].kind == "organ.closed"
    assert log.organs().spoken("unit-2") == "博物馆（已撤销）"


def test_e8_a_preview_that_others_overtook_and_a_repeated_command_change_nothing() -> None:
    log, again = journal(), uuid4()
    renamed(log, "dept-1", "文化和旅游局", seen=0, command_id=again)
    assert renamed(log, "dept-1", "文化和旅游局", seen=0, command_id=again) == log.history(ORGANS_STREAM)
    with pytest.raises(OrgansChanged):
        merged(log, "dept-2", into="dept-1", seen=0)
    assert len(log.history(ORGANS_STREAM)) == 1


def test_e8_posts_at_an_ended_organ_are_neither_given_nor_counted_against_a_new_duty() -> None:
    log, clerk = journal(), Actor("li", "李经办")
    give = {"person": clerk.id, "name": clerk.name, "by": OFFICER}
    give_grant(log, **give, post=Post(Role.CLERK, "unit-2"), command_id=uuid4())
    with pytest.raises(NotAllowed) as mixed:
        give_grant(log, **give, post=Post(Role.AUDIT_ADMIN, "bureau"), command_id=uuid4())
    assert mixed.value.rule == "S8"
    merged(log, "unit-2", into="unit-1")
    with pytest.raises(NotAllowed, match="岗位须在承接机构授予"):
        give_grant(log, **{**give, "person": "wu"}, post=Post(Role.CLERK, "unit-2"), command_id=uuid4())
    assert give_grant(log, **give, post=Post(Role.AUDIT_ADMIN, "bureau"), command_id=uuid4())[0].kind == "grant.given"
    revoke_grant(log, person=clerk.id, post=Post(Role.AUDIT_ADMIN, "bureau"), reason="调任其他岗位", by=OFFICER, command_id=uuid4())


UNITS, DEPARTMENTS = ("unit-1", "unit-2", "unit-3"), ("dept-1", "dept-2", "dept-3")
ACTS = st.one_of(
    st.tuples(st.just("rename"), st.sampled_from((*UNITS, *DEPARTMENTS)), st.sampled_from(("甲局", "乙局", "丙局", "丁局"))),
    st.tuples(st.just("move"), st.sampled_from(UNITS), st.sampled_from(DEPARTMENTS)),
    st.tuples(st.just("merge"), st.sampled_from((*UNITS, *DEPARTMENTS)), st.sampled_from((*UNITS, *DEPARTMENTS))),
    st.tuples(st.just("close"), st.sampled_from((*UNITS, *DEPARTMENTS)), st.just("")),
    st.tuples(st.just("found"), st.sampled_from(("unit-4", "unit-5")), st.sampled_from(DEPARTMENTS)),
)


def does(log: MemoryJournal, act: tuple[str, str, str]) -> None:
    verb, organ, other = act
    try:
        {
            "rename": lambda: renamed(log, organ, other), "move": lambda: moved(log, organ, other),
            "merge": lambda: merged(log, organ, into=other), "close": lambda: closed(log, organ),
            "found": lambda: founded(log, Organ(organ, f"{organ}单位", "unit", other)),
        }[verb]()  # fmt: skip
    except (FieldsInvalid, NotFound):
        return


def rights(tree: OrganTree) -> dict[str, tuple[str, ...]]:
    """At which organs' desks the posts of each living organ count."""
    return {each.id: tree.line(each.id) for each in tree.living}


@settings(max_examples=60)
@given(st.lists(ACTS, max_size=12))
def test_e8_rights_as_of_an_earlier_moment_do_not_change_by_a_later_reorganisation(acts) -> None:
    log = MemoryJournal(datetime(2026, 1, 5, 1, 0, tzinfo=UTC), roster.PEOPLE, roster=(*ORGANS, Organ("dept-3", "体育局", "department", "bureau")))
    seen: list[tuple[datetime, OrganTree]] = []
    for act in acts:
        seen.append((log.now(), log.organs()))
        does(log, act)
    now, history = log.organs(), log.history(ORGANS_STREAM)
    for at, then in seen:
        found = tree_at(now.organs.values(), history, at)
        assert (found.organs, rights(found)) == (then.organs, rights(then))
    for organ in now.organs:
        assert sum(organ in line for line in rights(now).values()) == now.lives(now.heir(organ))
        parent = now.organs[organ].parent
        assert not parent or now.lives(parent) or not now.lives(organ)
    for recorded in reversed(history):
        was = organs_before(now.organs, recorded)
        assert organs_after(was, recorded) == now.organs
        now = OrganTree(was)


def test_e8_the_approval_sheet_prints_organs_as_they_were_called_then_and_tells_what_happened_to_them() -> None:
    log = journal()
    life = Life(log).in_unit_review().approved(roster.UNIT_HEAD)
    renamed(log, "unit-1", "清河县图书馆")
    merged(log, "dept-1", into="dept-2")
    heir = roster.person("heir", (Role.DEPARTMENT_FINANCE, "dept-1"))
    life.approved(heir)
    tree = log.organs()
    paper = paper_of(log, life.table, FormKind.SHEET, reader=roster.CLERK, organs={each: tree.spoken(each) for each in tree.organs})
    boxes = [[box.text for box in row] for part in approval_sheet(paper).parts if isinstance(part, Boxes) for row in part.rows]
    posts = {row[1]: row[2] for row in boxes if len(row) == 6}
    assert posts["unit_head同志"] == "图书馆（今清河县图书馆）\n单位负责人"
    assert posts["heir同志"] == "旅游局（原文化局）\n规划财务处"
    told = [row[2].partition("：")[2].partition("（")[0] for row in boxes if len(row) == 3 and row[0] == "—"]
    assert told == ["“图书馆”更名为“清河县图书馆”", "“清河县图书馆”由“文化局”划转“旅游局”", "“文化局”并入“旅游局”"]


def test_e8_a_sheet_without_reorganisations_is_printed_as_ever() -> None:
    life = Life(journal()).in_unit_review()
    paper = paper_of(life.journal, life.table, FormKind.SHEET, reader=roster.CLERK, organs={"unit-1": "图书馆"})
    assert (paper.told, paper.beside, paper.organ_then("unit-1", paper.history[0].at)) == ((), (), "图书馆")
