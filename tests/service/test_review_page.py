"""N3, G8, T8 on the pages: the review form is filled in and read, a table graded 良 completed and confirmed."""

import re
from collections.abc import Iterator

import pytest

from service.app import Web
from tests.support.cluster import TEMPLATE, TestCluster
from tests.support.forms import all_graded, all_scored
from tests.support.web_city import Visitor, planted, visitor
from tests.support.web_story import Story
from workflows.vocabulary import Grade, Role, Stage


@pytest.fixture(scope="module")
def web(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    database = cluster.new_database(TEMPLATE)
    app = planted(database, tmp_path_factory.mktemp("data"))
    yield app
    app.extensions["engine"].dispose()
    cluster.drop(database)


def in_department(web: Web, title: str) -> tuple[Story, Visitor, str]:
    story = Story(web, title).drafted().submitted().approved(Role.UNIT_HEAD)
    return story, visitor(web, story.who(Role.DEPARTMENT_FINANCE).id), f"/tables/{story.id}"


def typed(items: dict[str, dict[str, str]], name: str) -> dict[str, str]:
    return {f"{name}-{code}": item[name] for code, item in items.items()}


def graded(planner: Visitor, page: str, grade: Grade, **more: str) -> int:
    fields = {"mode": "qualitative", "grade": grade.value, "opinion": "总体可行", **typed(all_graded(grade), "grade"), **more}
    return planner.sends(page, f"{page}/review", **fields).status_code


def above(somebody: Visitor) -> int:
    """The count at 待办 above every page."""
    return int((re.findall(r'待办 <span class="count[^"]*">(\d+)</span>', somebody.sees("/work")) or ["0"])[0])


def section(page: str) -> str:
    start = page.index('id="review"')
    return page[start:page.index("</section>", start)]


def test_the_reviewer_fills_the_form_in_and_everybody_reads_it(web: Web) -> None:
    story, planner, page = in_department(web, "干部培训费")
    empty = section(planner.sees(page))
    assert (empty.count('<select class="form-select" name="grade-'), "目标是否明确、清晰" in empty.replace("绩效", "")) == (8, True)
    assert graded(planner, page, Grade.EXCELLENT, **{"comment-money": "资金与工作量<相符>"}) == 303
    clerk = section(visitor(web, story.table.owner).sees(page))
    assert ("资金与工作量&lt;相符&gt;" in clerk, "总体可行" in clerk, "100.00" in clerk, "登记审核表" in clerk) == (
        True, True, True, False)
    timeline = visitor(web, story.table.owner).sees(page)
    assert "填写审核表（一般性项目（定性）），综合评定“优”，总体意见：总体可行" in timeline


def test_a_grade_closes_the_other_decisions_with_a_sentence(web: Web) -> None:
    story, planner, page = in_department(web, "法律顾问咨询费")
    assert graded(planner, page, Grade.FAIR) == 303
    refused = planner.sends(page, f"{page}/approve")
    assert (refused.status_code, "本环节的审核表评定为“中”，只能办理“退回”" in refused.text) == (403, True)
    assert "审核：中" in planner.sees(f"/tables?text={story.title}")
    assert planner.sends(page, f"{page}/return", to="draft", reason="请按审核意见修改").status_code == 303
    assert "已随退回失效" in section(visitor(web, story.table.owner).sees(page))


def test_an_incomplete_form_comes_back_with_what_was_typed(web: Web) -> None:
    _story, planner, page = in_department(web, "运营经费")
    fields = {"mode": "qualitative", "grade": "good", "opinion": "写了一半的意见", **typed(all_graded(Grade.GOOD), "grade")}
    fields["grade-money"] = ""
    again = planner.sends(page, f"{page}/review", **fields)
    assert (again.status_code, "请评定“资金匹配性”" in again.text, "写了一半的意见" in section(again.text)) == (422, True, True)


def test_a_key_project_is_scored(web: Web) -> None:
    story, planner, page = in_department(web, "SHCE 专项经费")
    offered = section(planner.sees(f"{page}?mode=scored"))
    assert offered.count('inputmode="decimal"') == 8
    fields = {"mode": "scored", **typed(all_scored(82), "points")}
    assert planner.sends(f"{page}?mode=scored", f"{page}/review", **fields).status_code == 303
    assert (story.table.reviews[0].grade, story.table.reviews[0].total, story.table.key_by) == (
        "good", "82.00", "department_finance")


def test_a_completion_is_confirmed_side_by_side_and_passed_by_another(web: Web) -> None:
    story, planner, page = in_department(web, "特邀监察员经费")
    assert graded(planner, page, Grade.GOOD) == 303
    row = story.with_journal(lambda journal: journal.content(story.table.content_hash))["indicators"][0]
    place = f"/indicators/{row['id']}/level3"
    offered = section(planner.sees(page))
    assert place in offered
    sent = {"pointer": place, "new": "完善后的指标名称", "reason": "与目标文字一致"}
    clerk = visitor(web, story.table.owner)
    counted = above(clerk)
    assert planner.sends(page, f"{page}/amendment", **sent).status_code == 303
    assert ("直接完善" in clerk.sees("/work"), above(clerk) - counted) == (True, 1)
    asked = section(clerk.sees(page))
    assert (f"<del>{row['level3']}</del>" in asked, "<ins>完善后的指标名称</ins>" in asked) == (True, True)
    (address,) = re.findall(r'action="([^"]+/amendment/[^"]+/confirm)"', asked)
    assert clerk.sends(page, address).status_code == 303
    content = story.with_journal(lambda journal: journal.content(story.table.content_hash))
    assert content["indicators"][0]["level3"] == "完善后的指标名称"
    refused = planner.sends(page, f"{page}/approve")
    assert (refused.status_code, "您直接完善过此表，不能一人通过" in refused.text) == (403, True)
    assert story.table.stage == Stage.DEPARTMENT_REVIEW


def test_the_unit_may_disagree_and_strangers_find_nothing(web: Web) -> None:
    story, planner, page = in_department(web, "监督检查审查调查专项经费")
    assert graded(planner, page, Grade.GOOD) == 303
    row = story.with_journal(lambda journal: journal.content(story.table.content_hash))["indicators"][0]
    sent = {"pointer": f"/indicators/{row['id']}/level3", "new": "另一个名称", "reason": "与目标文字一致"}
    assert planner.sends(page, f"{page}/amendment", **sent).status_code == 303
    (address,) = re.findall(r'action="([^"]+/amendment/[^"]+/reject)"', section(visitor(web, story.table.owner).sees(page)))
    head = visitor(web, story.who(Role.UNIT_HEAD).id)
    assert head.sends(page, address, reason="原名称有文件依据").status_code == 303
    assert (story.table.amendment, "单位不同意直接完善" in head.sees(page)) == (None, True)


def test_the_page_as_it_was_offers_no_form(web: Web) -> None:
    story, planner, page = in_department(web, "纪检监察事务工作经费")
    was = planner.sees(f"{page}?as_of={story.table.version}")
    assert f"{page}/review" not in was
