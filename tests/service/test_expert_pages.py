"""专家评审 at the pages, on PostgreSQL: one expert sees his own table alone, without marks, after he declared (R11, S11)."""

import pytest

from tests.support.web_city import planted, visitor
from tests.support.web_story import Story, with_purpose
from workflows.packs import pack_content
from workflows.packs.review_form import review_form_of
from workflows.state.criteria import Criterion
from workflows.store.queries import all_standings, table_in
from workflows.store.transaction import begin
from workflows.vocabulary import Role

EXPERT, MARK = "zhuanjia", "此处所写只有评审人才能看到的用途"
MOST = {item.code: item.points for item in review_form_of(pack_content("ningxia-county")).items}


@pytest.fixture
def app(database, tmp_path):
    app = planted(database, tmp_path)
    yield app
    app.extensions["engine"].dispose()


def stories(app):
    """Two public tables that lie before their department's finance office."""
    with begin(app.extensions["engine"]) as tx:
        tables = [table_in(tx, row) for row in all_standings(tx)]
    titles = sorted(table.title for table in tables if table.family == "ningxia-county-project")[:2]
    return [Story(app, title).drafted(with_purpose(MARK)).submitted().approved(Role.UNIT_HEAD) for title in titles]


def test_r11_an_expert_sees_his_table_after_declaring_and_scores_it(app):
    first, second = stories(app)
    scores_it(app, first)
    declares_a_relation(app, second)


def scores_it(app, story):
    page, own = f"/tables/{story.id}", f"/expert/{story.id}"
    expert, reviewer = visitor(app, EXPERT), visitor(app, story.who(Role.DEPARTMENT_FINANCE).id)
    assert expert.client.get(own).status_code == 404
    assert reviewer.sends(page, f"{page}/experts", people=EXPERT, until="2020-01-01").status_code == 422
    until = reviewer.sees(page).split('id="expert-until"')[1].split('min="')[1][:10]
    assert reviewer.sends(page, f"{page}/experts", people=EXPERT, until=until).status_code == 303
    listed = expert.sees("/expert")
    assert (story.title in listed, MARK in listed) == (True, False)
    before = expert.sees(own)
    assert ("声明回避情况" in before, MARK in before) == (True, False)
    points = {f"points-{code}": str(MOST[code]) for code in Criterion}
    assert expert.sends(own, f"{own}/score", **points).status_code == 403
    assert expert.sends(own, f"{own}/declaration", related="no").status_code == 303
    after = expert.sees(own)
    assert MARK in after
    assert [word for word in ("公开属性", "机审", "已核实，情况属实", "流转历程") if word in after] == []
    assert expert.sends(own, f"{own}/score", **{**points, "points-form": "11"}).status_code == 422
    assert expert.sends(own, f"{own}/score", **points, opinion="目标清楚").status_code == 303
    assert expert.client.get(page).status_code == 404, "the table's page stays closed to him"
    shown = reviewer.sees(page)
    assert ("1名专家平均100.00分" in shown, "目标清楚" in shown) == (True, True)


def declares_a_relation(app, story):
    page, own = f"/tables/{story.id}", f"/expert/{story.id}"
    expert, reviewer = visitor(app, EXPERT), visitor(app, story.who(Role.DEPARTMENT_FINANCE).id)
    until = reviewer.sees(page).split('id="expert-until"')[1].split('min="')[1][:10]
    reviewer.sends(page, f"{page}/experts", people=EXPERT, until=until)
    for stranger in (reviewer, visitor(app, story.who(Role.CLERK).id)):
        assert stranger.client.get(own).status_code == 404
        assert stranger.client.get("/expert").status_code == 403
    assert expert.sends(own, f"{own}/declaration", related="yes").status_code == 422
    assert expert.sends(own, f"{own}/declaration", related="yes", reason="本人曾在该单位任职").status_code == 303
    assert MARK not in expert.sees(own)
    assert "已回避" in reviewer.sees(page)
