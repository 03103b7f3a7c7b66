"""会签 with a deputy: three sign for one unit, one of them through a deputy; the page says who has signed and who has not."""

from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest

from tests.end_to_end.walking import Person, Town
from tests.support.chains import signed_by_three
from tests.support.contents import document, printed_table
from tests.support.web_story import Story
from workflows.commands.importing import Filing, Home, import_document
from workflows.store.journal import PostgresJournal
from workflows.store.transaction import begin, make_engine
from workflows.vocabulary import Actor, Post, Role, Stage
from workflows.workdays import beijing_date

pytestmark = pytest.mark.browser
UNIT = "qj-jw-bj"


def countersigned(town: Town, title: str) -> Story:
    """A table whose unit review three people sign, submitted by its clerk."""
    engine = make_engine(town.database.app_url, connections=1)
    clerk = Actor("jingban", "林晓雯", (Post(Role.CLERK, UNIT),))
    with begin(engine) as tx:
        import_document(
            PostgresJournal(tx), uuid4(), filing=Filing("会签.txt", title.encode(), document(printed_table(title)), ()),
            homes=(Home("qj-czj", "qj-jw", UNIT, "jingban"),), year=2026, by=clerk, post=clerk.posts[0], command_id=uuid4(),
            definition=signed_by_three(),
        )  # fmt: skip
    return Story(SimpleNamespace(extensions={"engine": engine}), title).drafted().submitted()


def signatures(person: Person) -> list[str]:
    """What the page says of the signers of the node that holds the table."""
    lines = person.page.locator("#way .node .signatures > li").all_inner_texts()
    return [" ".join(line.split("\n")[0].split()) for line in lines]


def lets_act(town: Town, chromium: object, principal: str, deputy: str) -> None:
    """Give a cover for the coming days on the page."""
    with begin(make_engine(town.database.app_url)) as tx:
        today = beijing_date(tx.now())
    with Person(town, chromium, principal) as absent:
        absent.page.goto(f"{town.address}/covers")
        absent.page.select_option("#deputy", deputy)
        absent.page.fill("#from_day", today.isoformat())
        absent.page.fill("#to_day", (today + timedelta(days=5)).isoformat())
        absent.page.fill("#reason", "赴省厅参加业务培训")
        absent.click("form[action$='/covers'] .btn-primary")
        assert absent.page.locator(".notice.good").count() == 1, absent.page.locator("main").inner_text()[:800]


def test_a4_c4_three_sign_one_of_them_through_a_deputy(town: Town, chromium: object) -> None:
    story = countersigned(town, "会签试点经费")
    lets_act(town, chromium, "caiwu", "jingban2")
    with Person(town, chromium, "yewu") as lead:
        lead.opens(story.table)
        said = signatures(lead)
        assert [line.partition("：")[0] for line in said] == ["单位业务负责人", "单位财务", "单位负责人"]
        assert [line.rpartition(" ")[2] for line in said] == ["待签署"] * 3
        assert lead.page.locator("#way .node-title .tag.blue").first.inner_text() == "会签"
        lead.pictures("countersign")
        lead.presses("approve", "同意")
        lead.page.goto(f"{town.address}/work")
        assert lead.page.locator(f"a[href*='{story.id}']").count() == 0
    with Person(town, chromium, "jingban2") as deputy:
        deputy.page.goto(f"{town.address}/work")
        row = deputy.page.locator("tr", has=deputy.page.locator(f"a[href*='{story.id}']"))
        assert ["代 何静怡" in row.inner_text(), "已签1人，待签2人" in row.inner_text()] == [True, True]
        deputy.pictures("worklist-deputy")
        deputy.opens(story.table)
        assert "由您代 何静怡 办理" in deputy.page.locator("form[action$='/approve']").inner_text()
        deputy.pictures("countersign-deputy")
        deputy.presses("approve", "同意")
        assert "周子昂 代 何静怡（单位财务）：审核结论：通过" in deputy.page.locator(".timeline").inner_text()
    with Person(town, chromium, "fuzeren") as head:
        head.opens(story.table)
        names = [line.partition(" 通过")[0] for line in signatures(head)]
        assert names == ["单位业务负责人：郭立群", "单位财务：周子昂 代 何静怡", "单位负责人：孙国平 待签署"]
        head.pictures("countersign-last")
        head.presses("approve", "同意")
        assert (head.others(), head.complaints) == ([], [])
    assert (story.table.stage, [(vote.person, vote.behalf) for vote in story.table.votes]) == (
        Stage.DEPARTMENT_REVIEW, [("yewu", ""), ("jingban2", "caiwu"), ("fuzeren", "")]
    )
