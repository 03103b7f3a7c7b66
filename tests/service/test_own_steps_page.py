"""What concerns me on a table's page and in my worklist: my steps, what keeps them closed, whose turn, what I am asked."""

import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from uuid import uuid4

import pytest

from service.app import Web
from service.demo.city import shipped_city
from tests.support.chains import signed_by_three
from tests.support.cluster import TEMPLATE, TestCluster
from tests.support.contents import document, printed_table
from tests.support.web_city import Visitor, planted, visitor
from tests.support.web_story import Story
from workflows.commands import asking, commenting, holding, pausing, signers
from workflows.commands.importing import Filing, Home, import_document
from workflows.commands.recipe import Seen
from workflows.definitions import shipped
from workflows.errors import NotAllowed
from workflows.rights.permissions import seat_at
from workflows.vocabulary import Actor, Post, Role

UNIT = "qj-jw-bj"
CLERK = Actor("jingban", "林晓雯", (Post(Role.CLERK, UNIT),))


@pytest.fixture(scope="module")
def web(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    database = cluster.new_database(TEMPLATE)
    app = planted(database, tmp_path_factory.mktemp("data"))
    yield app
    app.extensions["engine"].dispose()
    cluster.drop(database)


def waiting(web: Web, title: str, definition: dict | None = None) -> Story:
    """A table of its own of one unit, submitted by its clerk."""
    story = Story(web, title)
    filing = Filing("申报.txt", title.encode(), document(printed_table(title)), ())
    story.with_journal(lambda journal: import_document(
        journal, uuid4(), filing=filing, homes=(Home("qj-czj", "qj-jw", UNIT, CLERK.id),), year=2026, by=CLERK,
        post=CLERK.posts[0], command_id=uuid4(), definition=definition,
    ))  # fmt: skip
    return story.drafted().submitted()


def does(story: Story, by: Role, verb, **details: object):
    def act(journal):
        table = journal.lock_table(story.id)
        seen = Seen(table.version, table.content_hash)
        return verb(journal, table.id, seen=seen, by=story.who(by), command_id=uuid4(), **details)

    return story.with_journal(act)


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def steps_of(page: str) -> str:
    """The section of the page about what may be done."""
    return page[page.index('id="steps"'):page.index('id="way"')]


def barred(page: str) -> list[str]:
    return [words(each) for each in re.findall(r'<div class="barred".*?</div>', page, re.DOTALL)]


def row_of(page: str, title: str) -> str:
    """The one line of a list that names a table."""
    (row,) = [row for row in re.findall(r"<tr.*?</tr>", page, re.DOTALL) if f">{title}</a>" in row]
    return words(row)


def badge(somebody: Visitor) -> int:
    """The count at 待办 above every page."""
    return int(re.search(r'待办 <span class="count[^"]*">(\d+)</span>', somebody.sees("/work"))[1])


def who(person: str) -> Actor:
    return next(each for each in shipped_city().people if each.id == person)


def asked(web: Web, person: str) -> str:
    """The part of the worklist that lists what the person is asked."""
    page = visitor(web, person).sees("/work")
    return page[page.index("等您确认或答复"):page.index("</section>")] if "等您确认或答复</th>" in page else ""


def test_g9_why_the_table_cannot_be_handed_in_stands_where_the_button_would_be(web: Web) -> None:
    story = waiting(web, "批注待答复的项目")
    row = story.with_journal(lambda journal: journal.content(story.table.content_hash))["indicators"][1]
    does(story, Role.UNIT_HEAD, commenting.open_thread, pointer=f"/indicators/{row['id']}/target",
         criterion="indicators", words="指标值偏低，请核定")  # fmt: skip
    story.returned(Role.UNIT_HEAD)
    clerk = visitor(web, CLERK.id)
    page = clerk.sees(f"/tables/{story.id}")
    assert barred(page) == ["提交 暂不能办理 还有1条批注没有答复，请先逐条答复：“指标值偏低，请核定”（指标科学性）。 去答复"]
    assert f'action="/tables/{story.id}/submit"' not in page
    assert "提交" not in words(re.search(r'<details class="closed-steps">.*?</details>', page, re.DOTALL)[0]).split("：")[0]
    assert f'href="#comment-{story.table.threads[0].thread[:8]}"' in steps_of(page)
    (comment,) = re.findall(r'<div class="comment".*?</p>', page, re.DOTALL)
    assert f"指标“{row['level3']}” · 指标值" in words(comment)
    assert f"批注指标“{row['level3']}” · 指标值（指标科学性）" in words(page[page.index('class="timeline"'):])
    assert f">{row['id']}<" not in page


def test_a3_a_signer_whose_turn_has_not_come_reads_who_signs_first(web: Web) -> None:
    story = waiting(web, "顺签的项目", signed_by_three(ordered=True))
    head = visitor(web, "fuzeren")
    assert "须待单位财务先签" in row_of(head.sees("/work"), "顺签的项目")
    page = head.sees(f"/tables/{story.id}")
    assert barred(page) == ["通过、退回 暂不能办理 须待单位财务先签署（按顺序签署）。"]
    assert "单位负责人：孙国平 须待单位财务先签" in words(page[page.index('id="way"'):])
    first = visitor(web, "yewu")
    assert "须待" not in row_of(first.sees("/work"), "顺签的项目")
    assert barred(first.sees(f"/tables/{story.id}")) == []


def test_b12_an_extension_asked_for_waits_with_whoever_may_grant_it_until_it_is_answered(web: Web) -> None:
    title = "申请延期的项目"
    story = waiting(web, title)
    task, until = story.table.desks[0].task, date.fromisoformat(story.table.desks[0].due_at[:10]).replace(year=2099)
    granting, other, asker = (visitor(web, each) for each in ("guicai", "yewuke", "fuzeren"))
    counted = [badge(each) for each in (granting, other, asker)]
    does(story, Role.UNIT_HEAD, pausing.ask_extension, task=task, until=until, reason="负责人外出学习")
    said = f"{title} 2026年 申请延期 孙国平 清江市纪委监委（机关本级） 负责人外出学习 至 {until}"
    assert row_of(granting.sees("/work"), title) == said
    assert [badge(each) - before for each, before in zip((granting, other, asker), counted, strict=True)] == [1, 0, 0]
    assert [title in each.sees("/work").partition("待办事项")[0] for each in (other, asker)] == [False, False]
    page = granting.sees(f"/tables/{story.id}")
    (request,) = [each.id for each in story.table.inquiries]
    sent = granting.sends(f"/tables/{story.id}", f"/tables/{story.id}/others/grant_extension", request=request, opinion="")
    assert (sent.status_code, "同意延期" in words(steps_of(page))) == (303, True)
    assert (title in granting.sees("/work"), badge(granting)) == (False, counted[0])


def test_b12_every_extension_is_counted_for_those_who_may_grant_it(web: Web) -> None:
    """The count above every page is told by the database, the list by the rules: they agree at every level."""
    people = ("guicai", "yewuke", "jixiaoke", "fenguan", "yusuanke", "fuzeren", "jingban")
    counted = {each: badge(visitor(web, each)) for each in people}
    for title, role in (("单位延期", Role.UNIT_HEAD), ("部门延期", Role.DEPARTMENT_FINANCE), ("财政延期", Role.FINANCE_BUSINESS)):
        story = waiting(web, title)
        for before in (Role.UNIT_HEAD, Role.DEPARTMENT_FINANCE, Role.FINANCE_BUSINESS):
            if before == role:
                break
            story.approved(before)
        desk = next(each for each in story.table.desks if each.role == role)
        does(story, role, pausing.ask_extension, task=desk.task, until=date(2099, 1, 5), reason="需要补充核实资料")
        tasks = {each: len([desk for desk in story.table.desks if seat_at(who(each), story.table, desk)]) for each in people}
        counted = {each: number + tasks[each] for each, number in counted.items()}
    found = {each: badge(visitor(web, each)) - counted[each] for each in people}
    listed = {each: len([title for title in ("单位延期", "部门延期", "财政延期") if f">{title}</a>" in asked(web, each)]) for each in people}
    assert found == listed == {
        "guicai": 1, "yewuke": 1, "jixiaoke": 3, "fenguan": 1, "yusuanke": 0, "fuzeren": 0, "jingban": 0,
    }  # fmt: skip


def test_a19_an_opinion_asked_for_waits_with_the_colleague(web: Web) -> None:
    title = "征求意见的项目"
    story = waiting(web, title)
    does(story, Role.UNIT_HEAD, asking.ask_opinion, task=story.table.desks[0].task, person="caiwu", question="资金测算是否合理")
    colleague = visitor(web, "caiwu")
    assert row_of(colleague.sees("/work"), title).startswith(f"{title} 2026年 征求意见 孙国平")
    (request,) = [each.id for each in story.table.inquiries]
    colleague.sends(f"/tables/{story.id}", f"/tables/{story.id}/others/give_opinion", request=request, opinion="测算合理可行")
    assert title not in colleague.sees("/work")


def test_a_question_about_a_task_that_is_over_waits_no_more(web: Web) -> None:
    title = "已过环节的项目"
    story = waiting(web, title)
    does(story, Role.UNIT_HEAD, asking.ask_opinion, task=story.table.desks[0].task, person="caiwu", question="资金测算是否合理")
    story.approved(Role.UNIT_HEAD)
    assert title not in visitor(web, "caiwu").sees("/work")


def test_b8_nobody_is_offered_to_urge_himself_nor_may_he(web: Web) -> None:
    story = waiting(web, "催办的项目")
    offered = f'action="/tables/{story.id}/others/urge"'
    seen = {each: offered in visitor(web, each).sees(f"/tables/{story.id}") for each in ("fuzeren", CLERK.id)}
    assert seen == {"fuzeren": False, CLERK.id: True}
    with pytest.raises(NotAllowed, match="无须催办自己"):
        does(story, Role.UNIT_HEAD, pausing.urge_task, task=story.table.desks[0].task)


def test_c2_whoever_was_asked_to_act_first_is_named_not_his_account(web: Web) -> None:
    story = waiting(web, "委派的项目")
    does(story, Role.UNIT_HEAD, holding.delegate_task, task=story.table.desks[0].task, person="yewu", reason="请先行核对资金明细")
    page = visitor(web, CLERK.id).sees(f"/tables/{story.id}")
    assert "已委派郭立群先行办理" in words(page[page.index('id="way"'):])


def test_a9_an_added_signer_makes_no_vote_of_a_node_that_one_signs(web: Web) -> None:
    story = waiting(web, "前加签的项目")
    does(story, Role.UNIT_HEAD, signers.add_signer, task=story.table.desks[0].task, person="caiwu", how="before",
         reason="请财务先行核对")  # fmt: skip
    page = visitor(web, "fuzeren").sees(f"/tables/{story.id}")
    way = page[page.index('id="way"'):page.index("接下来")]
    assert ("或签" in way, "何静怡（加签）" in words(way)) == (False, True)
    assert barred(page) == ["通过、退回 暂不能办理 须待单位财务先签署（按顺序签署）。"]


def test_c9_a_paper_decision_stands_among_the_possible_steps(web: Web) -> None:
    story = waiting(web, "纸质批示的项目")
    steps = steps_of(visitor(web, "yewu").sees(f"/tables/{story.id}"))
    assert 0 < steps.index("线下批示补录") < steps.index("不能办理的操作及原因")


def test_what_may_be_done_stands_before_the_form(web: Web) -> None:
    story = waiting(web, "手机上的项目")
    page = visitor(web, "fuzeren").sees(f"/tables/{story.id}")
    places = [page.index(each) for each in ('id="steps"', 'id="way"', 'class="official-title"', 'id="found"')]
    assert places == sorted(places)


def test_an_act_on_an_old_page_says_whether_it_was_oneself_or_somebody_else(web: Web) -> None:
    story = waiting(web, "两个窗口的项目")
    table, clerk, head = story.table, visitor(web, CLERK.id), visitor(web, "fuzeren")
    page, second = f"/tables/{table.id}", "您在另一窗口已经办理过此表"
    asked = {"reason": "项目取消不再实施", "version": str(table.version), "content_hash": table.content_hash}
    assert clerk.sends(page, f"{page}/void", **asked).status_code == 303
    again = clerk.sends(page, f"{page}/void", **asked)
    assert (again.status_code, second in again.text, "被他人办理过" in again.text) == (409, True, False)
    other = head.sends(page, f"{page}/confirm", opinion="同意", version=asked["version"], content_hash=asked["content_hash"])
    assert (other.status_code, second in other.text, "被他人办理过" in other.text) == (409, False, True)


def test_a_draft_saved_in_another_window_says_so(web: Web) -> None:
    story = waiting(web, "两个窗口的草稿")
    story.returned(Role.UNIT_HEAD)
    clerk, form = visitor(web, CLERK.id), f"/tables/{story.id}/draft"
    typed = {"row": [], "goals": "维护道路", "reason": "按退回意见修改", "draft_version": "0"}
    assert clerk.sends(form, form, **typed).status_code == 303
    again = clerk.sends(form, form, **typed)
    assert (again.status_code, "您在另一窗口已经保存过此草稿" in again.text) == (409, True)


def test_j1_the_guide_to_the_interface_shows_its_introduction_as_a_list_with_code_set_apart(web: Web) -> None:
    page = visitor(web, CLERK.id).sees("/api/v1/docs")
    introduction = page[page.index("<section"):page.index("</section>")]
    assert ("`" in introduction, words(introduction).count("- ")) == (False, 0)
    assert (introduction.count("<li>"), "<code>Idempotency-Key</code>" in introduction) == (5, True)


def test_e1_a_chain_that_ships_names_no_clerk_as_its_publisher(web: Web) -> None:
    page = visitor(web, "guancha").sees("/definitions")
    (row,) = [row for row in re.findall(r"<tr>.*?</tr>", page, re.DOTALL) if f'<span class="sub">{shipped()["name"]}</span>' in row]
    assert ("随产品提供" in row, "经办" in row, CLERK.name in row) == (True, False, False)


def test_c9_what_waits_for_a_second_person_is_counted_above_his_pages_until_he_has_answered(web: Web) -> None:
    title = "申请作废的项目"
    story = waiting(web, title)
    head, colleague, asker = (visitor(web, each) for each in ("fuzeren", "caiwu", CLERK.id))
    counted = [badge(each) for each in (head, colleague, asker)]
    page = f"/tables/{story.id}"
    assert asker.sends(page, f"{page}/void", reason="项目取消不再实施").status_code == 303
    assert row_of(colleague.sees("/work"), title).startswith(f"{title} 2026年 作废 林晓雯")
    assert [badge(each) - before for each, before in zip((head, colleague, asker), counted, strict=True)] == [1, 1, 0]
    assert colleague.sends(page, f"{page}/decline", reason="项目仍须实施").status_code == 303
    assert [badge(each) - before for each, before in zip((head, colleague, asker), counted, strict=True)] == [0, 0, 0]
