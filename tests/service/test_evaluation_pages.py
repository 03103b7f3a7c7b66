"""N7, N8: the self-evaluation in its official columns, the department's points beside, rectifications, the bureau's draw."""

import re
from datetime import timedelta
from decimal import Decimal
from html import unescape
from uuid import uuid4

import pytest

from service.app import Web
from service.demo.city import shipped_city
from service.year.dice import Dice
from service.year.figures import Fate, at_the_years_end
from tests.support.web_city import Visitor, counts_no_requests, planted, visitor
from tests.support.web_story import Story
from workflows.commands import assessing, evaluating, replying
from workflows.commands.recipe import Seen
from workflows.packs import pack_from
from workflows.store.queries import all_standings
from workflows.store.transaction import begin
from workflows.vocabulary import SYSTEM, Role, Stage
from workflows.workdays import beijing_date

WHY = "佐证材料只能证明部分完成"
TITLE = "纪委大要案准备金"


@pytest.fixture
def app(database, tmp_path):
    made = planted(database, tmp_path)
    counts_no_requests(made)
    yield made
    made.extensions["engine"].dispose()


@pytest.fixture
def story(app) -> Story:
    """A table whose self-evaluation has just been opened."""
    return opened(app, TITLE)


def opened(app: Web, title: str) -> Story:
    told = Story(app, title).drafted().submitted()
    for role in (Role.UNIT_HEAD, Role.DEPARTMENT_FINANCE, Role.FINANCE_BUSINESS, Role.FINANCE_PERFORMANCE):
        told.approved(role)

    def reply(journal) -> None:
        table = journal.lock_table(told.id)
        replying.issue_reply(
            journal, uuid4(), tables={table.id: Seen(table.version, table.content_hash)}, doc_no="清财绩〔2026〕7号",
            by=told.who(Role.FINANCE_BUDGET), command_id=uuid4(),
        )  # fmt: skip

    told.with_journal(reply)
    told.with_journal(
        lambda journal: evaluating.open_self_evaluation(
            journal, told.id, seen=Seen(told.table.version), by=SYSTEM, command_id=uuid4()
        )
    )
    return told


def person_at(app: Web, story: Story, role: Role) -> Visitor:
    who = story.who(role)
    return visitor(app, next(each for each in shipped_city().people if each.id == who.id).id)


def typed(story: Story, fate: Fate) -> dict[str, str]:
    """What the clerk types, field by field."""

    def figures(journal):
        table = journal.lock_table(story.id)
        pack = pack_from(journal.content(table.pack_hash))
        return at_the_years_end(journal.content(table.in_force), pack, fate, Dice(7), table.id)

    filed = story.with_journal(figures)
    budget = story.with_journal(lambda journal: journal.content(story.table.in_force)["budget"]["total"])
    flat = {f"{row}-{name}": text for row, said in filed["rows"].items() for name, text in said.items()}
    return {"executed": filed["executed"], "adjusted_budget": budget, "summary": filed["summary"], **flat}


def address(story: Story, what: str) -> str:
    return f"/tables/{story.id}/{what}"


def files(app: Web, story: Story, fate: Fate) -> None:
    """The clerk files, the unit's head agrees: the department has it."""
    page = address(story, "evaluation")
    answer = person_at(app, story, Role.CLERK).sends(page, page, do="file", **typed(story, fate))
    assert answer.status_code == 303, answer.text[:3000]
    story._does(Role.UNIT_HEAD, evaluating.accept_self_evaluation)


def in_days(app: Web, days: int) -> str:
    with begin(app.extensions["engine"]) as tx:
        return (beijing_date(tx.now()) + timedelta(days=days)).isoformat()


GOOD, POOR = Fate(0, 100, 96), Fate(100, 30, 50)


def test_the_form_has_the_official_columns_and_computes_without_filing(app, story):
    clerk, page = person_at(app, story, Role.CLERK), address(story, "evaluation")
    shown = unescape(clerk.sees(page))
    words = ("年初预算数", "全年预算数（调整后）", "全年执行数", "其中：当年财政拨款", "上年结转资金", "其他资金", "预期目标",
             "实际完成情况", "一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "偏差原因分析及改进措施")  # fmt: skip
    assert [word for word in words if word not in shown] == []
    answer = clerk.sends(page, page, do="score", **typed(story, GOOD))
    assert answer.status_code == 200
    assert re.search(r"总分 \d+\.\d\d，等级 优", unescape(answer.text))
    assert story.table.evaluation is None


def test_a_missing_reason_is_asked_for_at_its_row(app, story):
    clerk, page = person_at(app, story, Role.CLERK), address(story, "evaluation")
    said = {name: text for name, text in typed(story, POOR).items() if not name.endswith("-reason")}
    shown = unescape(clerk.sends(page, page, do="file", **said).text)
    assert "未得满分，请说明偏差原因及改进措施。" in shown
    assert shown.count('aria-invalid="true"') >= 1
    assert story.table.evaluation is None


def test_the_department_gives_points_beside_the_units_own(app, story):
    files(app, story, GOOD)
    planner, page = person_at(app, story, Role.DEPARTMENT_FINANCE), address(story, "rescoring")
    row = story.table.evaluation.scores[0]
    refused = planner.sends(page, page, **{f"{row['row']}-points": "1000", f"{row['row']}-reason": WHY})
    assert "复核得分须在0至" in unescape(refused.text)
    given = planner.sends(page, page, **{f"{row['row']}-points": "1.50", f"{row['row']}-reason": WHY})
    assert given.status_code == 303
    shown = unescape(planner.sees(f"/tables/{story.id}"))
    assert "复核后：" in shown
    assert WHY in shown
    assert Decimal(story.table.result.total) == Decimal(story.table.evaluation.total) - Decimal(row["points"]) + Decimal("1.50")
    assert person_at(app, story, Role.CLERK).client.get(page).status_code in (403, 409)


def test_the_page_of_a_moment_shows_the_points_given_anew_and_the_rectifications_of_that_moment(app, story):
    """D6: what others made of the self-evaluation stands on the page of a later moment and on none before."""
    files(app, story, GOOD)
    planner, row, before = person_at(app, story, Role.DEPARTMENT_FINANCE), story.table.evaluation.scores[0]["row"], len(story.history)
    given = {f"{row}-points": "1.50", f"{row}-reason": WHY}
    assert planner.sends(address(story, "rescoring"), address(story, "rescoring"), **given).status_code == 303
    order = {"problem": "产出未达标，须补建台账", "deadline": in_days(app, 30), "measures": "整改"}
    assert planner.sends(f"/tables/{story.id}", address(story, "rectifications"), **order).status_code == 303
    then, after = (unescape(planner.sees(f"/tables/{story.id}?as_of={n}")) for n in (before, len(story.history)))
    words = ("复核后：", "复核后结果", "整改 · r1", "待整改")
    assert ([each in then for each in words], [each in after for each in words]) == ([False] * 4, [True] * 4)
    assert ("下达整改</button>" in after, "报告整改</button>" in after) == (False, False)


def test_who_may_not_close_yet_is_told_why_before_trying(app, story):
    """J2, N8: what the grade asks for stands where the button would stand, and the interface says the same."""
    files(app, story, POOR)
    story._does(Role.DEPARTMENT_FINANCE, evaluating.accept_self_evaluation)
    closer = person_at(app, story, Role.FINANCE_PERFORMANCE)
    shown = unescape(closer.sees(f"/tables/{story.id}"))
    assert "须先下达整改并核实销号，才能办结" in shown
    assert f'action="/tables/{story.id}/close"' not in shown


def test_a_poor_grade_is_rectified_and_then_closed(app, story):
    files(app, story, POOR)
    planner, clerk, page = person_at(app, story, Role.DEPARTMENT_FINANCE), person_at(app, story, Role.CLERK), f"/tables/{story.id}"
    order = {"problem": "产出未达标，须补建台账", "deadline": in_days(app, 30), "measures": "整改"}
    assert planner.sends(page, address(story, "rectifications"), **order).status_code == 303
    story._does(Role.DEPARTMENT_FINANCE, evaluating.accept_self_evaluation)
    assert "落实整改" in unescape(clerk.sees("/work"))
    assert "产出未达标，须补建台账" in unescape(clerk.sees(page))
    assert clerk.sends(page, address(story, "rectifications/r1/report"), report="台账已补建并复核").status_code == 303
    back = planner.sends(page, address(story, "rectifications/r1/verify"), passed="no", opinion="台账仍不完整", deadline=in_days(app, 60))
    assert back.status_code == 303
    assert clerk.sends(page, address(story, "rectifications/r1/report"), report="台账已补全").status_code == 303
    assert planner.sends(page, address(story, "rectifications/r1/verify"), passed="yes").status_code == 303
    assert "已销号" in unescape(planner.sees(page))
    story._does(Role.FINANCE_PERFORMANCE, evaluating.close_table)
    assert story.table.stage == Stage.CLOSED


def test_an_order_without_a_day_shows_the_table_and_what_was_typed(app, story):
    planner, page = person_at(app, story, Role.DEPARTMENT_FINANCE), f"/tables/{story.id}"
    answer = planner.sends(page, address(story, "rectifications"), problem="产出未达标，须补建台账", measures="整改")
    assert answer.status_code == 422
    assert "请填写完成期限" in unescape(answer.text)
    assert "产出未达标，须补建台账" in unescape(answer.text)


def test_the_bureau_draws_and_checks(app, story):
    files(app, story, GOOD)
    story._does(Role.DEPARTMENT_FINANCE, evaluating.accept_self_evaluation)
    section, year = person_at(app, story, Role.FINANCE_PERFORMANCE), story.table.year
    page = f"/sampling?year={year}"
    assert "1张" in unescape(section.sees(page))
    drawn = section.sends(page, page, seed="开奖号码 07 12 33")
    assert drawn.status_code == 303
    assert [desk.node for desk in story.table.desks] == ["evaluation_sampling"]
    shown = unescape(section.sees(page))
    assert ("待抽查" in shown, TITLE in shown) == (True, True)
    assert "财政抽查" in unescape(section.sees(f"/tables/{story.id}"))
    assert section.sends(page, page, seed="另一个").status_code in (400, 403, 404, 409, 422)


@pytest.mark.parametrize("role", [Role.CLERK, Role.UNIT_HEAD, Role.DEPARTMENT_FINANCE, Role.FINANCE_BUDGET])
def test_nobody_else_sees_the_draw(app, story, role):
    assert person_at(app, story, role).client.get("/sampling").status_code == 403


def test_the_form_of_a_whole_unit_offers_what_was_entered_with_its_source(app):
    """A ratio whose components finance entered stands in its box, with the source beside it and the request to verify; others stay empty."""
    told = opened(app, next(each["title"] for each in all_titles(app) if each["unit"] == "qj-kf-jg"))
    seen = Seen(told.table.version, told.table.content_hash)
    told.with_journal(lambda journal: assessing.record_component(
        journal, told.id, seen=seen, by=told.who(Role.UNIT_FINANCE), command_id=uuid4(), indicator="结转结余率", numerator="5",
        denominator="100", counted_in="万元", note="决算数", evidence=assessing.Proof("决算.pdf", b"%PDF-1.7 c"),
    ))  # fmt: skip
    page = unescape(person_at(app, told, Role.CLERK).sees(address(told, "evaluation")))
    content = told.with_journal(lambda journal: journal.content(told.table.in_force))
    assert re.findall(r"台账计算为([0-9.]+)%，请核实。登记的分子5万元", page) == ["5.00"]
    filled = {each["level3"]: re.search(rf'name="{each["id"]}-actual"[^>]*value="([^"]*)"', page) for each in content["indicators"]}
    assert {name: found[1] for name, found in filled.items() if found and found[1]} == {"结转结余率": "5.00"}


def all_titles(app: Web):
    with begin(app.extensions["engine"]) as tx:
        return list(all_standings(tx))
