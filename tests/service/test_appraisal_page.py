"""事前绩效评估 at the pages, on PostgreSQL: filed by the clerk, waiting for the department, confirmed, then let in (N10)."""

import copy
import re
from io import BytesIO
from uuid import uuid4

import pytest

from tests.support import roster
from tests.support.web_city import planted, visitor
from tests.support.web_story import Story
from workflows.commands.drafting import content_in_work
from workflows.commands.prereview import findings_of
from workflows.commands.publishing_packs import propose_pack, publish_pack
from workflows.packs import pack_content
from workflows.packs.appraisal import appraisal_rules_of
from workflows.store.journal import PostgresJournal
from workflows.store.transaction import begin, make_engine
from workflows.vocabulary import Role

AUTHOR, SECOND = (roster.person(name, (Role.PROCESS_ADMIN, roster.BUREAU)) for name in ("process", "process_2"))
RULES = appraisal_rules_of(pack_content("hebei-project"))
REPORT = "事前评估报告.txt"


@pytest.fixture
def app(database, tmp_path):
    """The city, planted after its bureau lowered the amount to 1 万元 under four eyes."""
    owner, engine = (make_engine(url, connections=1) for url in (database.owner_url, database.app_url))
    with begin(owner) as tx:
        tx.scalar("SELECT log.mark_installation('demo')")
    low = copy.deepcopy(pack_content("hebei-project"))
    low["version"] += 1
    low["appraisal"]["threshold"] = "1"
    with begin(engine) as tx:
        proposed = propose_pack(PostgresJournal(tx), content=low, by=AUTHOR, command_id=uuid4())
        hashed = {"name": proposed.name, "content_hash": proposed.content_hash}
        publish_pack(PostgresJournal(tx), **hashed, by=SECOND, command_id=uuid4())
    owner.dispose()
    engine.dispose()
    app = planted(database, tmp_path)
    yield app
    app.extensions["engine"].dispose()


def story_of(app) -> Story:
    """A project of the department whose pack now asks for an appraisal from 1 万元."""
    with begin(app.extensions["engine"]) as tx:
        title = tx.scalar("SELECT title FROM desk.table_standing WHERE family = 'hebei-project' ORDER BY title LIMIT 1")
    return Story(app, title)


def gates(app, story):
    with begin(app.extensions["engine"]) as tx:
        journal = PostgresJournal(tx)
        table = journal.lock_table(story.id)
        found = findings_of(journal, table, content_in_work(journal, table).content)
    return [each.rule for each in found if each.rule == "V-A1"]


def test_n10_from_the_clerks_form_to_the_departments_word(app):
    story = story_of(app)
    story.drafted(lambda content: {**content, "attribute": "新增项目"})
    page = f"/tables/{story.id}"
    clerk, office = (visitor(app, story.who(role).id) for role in (Role.CLERK, Role.DEPARTMENT_FINANCE))
    shown = clerk.sees(page)
    assert "现在还不能提交：" in shown
    assert "请先在下面的“附件”中上传事前绩效评估报告" in shown
    assert office.client.get(page).status_code == 404, "a draft is the unit's own"
    clerk.sends(page, f"{page}/attachments", file=(BytesIO("评估报告正文".encode()), REPORT), for_step="drafting", no_secret="1")
    (file,) = story.table.attachments
    items = {f"item-{item.code}": "good" for item in RULES.items}
    refused = clerk.sends(page, f"{page}/appraisal", **items, result="", attachment=file.attachment)
    assert (refused.status_code, "请选择评估结论" in refused.text) == (422, True)
    answer = clerk.sends(page, f"{page}/appraisal", **items, result="supported", attachment=file.attachment)
    assert answer.status_code == 303
    assert gates(app, story) == ["V-A1"]
    assert "核实事前绩效评估" not in clerk.sees("/work")
    work = office.sees("/work")
    assert story.title in work
    assert "结论“予以支持”，得分80.00分" in work
    asked = re.search(r'name="appraisal" value="([^"]+)"', office.sees(page))[1]
    assert office.sends(page, f"{page}/appraisal/check", appraisal=asked, outcome="pass").status_code == 303
    assert (story.table.appraisal.state, gates(app, story)) == ("confirmed", [])
    assert story.submitted().table.round == 1
