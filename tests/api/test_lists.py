"""J1: what the lists say of a row: a revision is marked and left out unless asked for; a node's clock is shown as it is."""

from uuid import uuid4

from service.api.answers import ChainNode
from service.api.chain_shown import _shown
from service.app import Web
from tests.api.asking import Program, fresh_cases
from workflows.commands import adjusting, replying
from workflows.commands.recipe import Seen
from workflows.definitions import chain_from, shipped
from workflows.folds.replay import Table
from workflows.vocabulary import Role

REVIEWERS = (Role.UNIT_HEAD, Role.DEPARTMENT_FINANCE, Role.FINANCE_BUSINESS, Role.FINANCE_PERFORMANCE)
OWN_YEAR = 2031


def revised(city: Web) -> tuple[str, str]:
    """A table in force of a year of its own, and its revision."""
    (story,) = fresh_cases(city, year=OWN_YEAR)
    story.drafted().submitted()
    for role in REVIEWERS:
        story.approved(role)

    def act(journal) -> Table:
        table = journal.lock_table(story.id)
        seen, by = {table.id: Seen(table.version, table.content_hash)}, story.who(Role.FINANCE_BUDGET)
        (table,) = replying.issue_reply(journal, uuid4(), tables=seen, doc_no="清财预〔2031〕8号", by=by, command_id=uuid4())
        return adjusting.open_revision(
            journal, table.id, seen=Seen(table.version, table.content_hash), by=story.who(Role.CLERK), command_id=uuid4(),
            trigger="scope", reason="实施地点改在县城",
        )  # fmt: skip

    story.with_journal(act)
    (revision,) = (row["table"] for row in listed(city, "only"))
    return str(story.id), revision


def listed(city: Web, revisions: str = "") -> list[dict[str, str | None]]:
    query = f"&revisions={revisions}" if revisions else ""
    answer = Program(city, "jingban").get(f"/tables?year={OWN_YEAR}{query}")
    assert answer.status_code == 200, answer.text
    return answer.json["items"]


def test_a_revision_is_no_table_of_its_own_in_the_list_and_is_marked_where_it_is_asked_for(city: Web) -> None:
    table, revision = revised(city)
    shown = {how: {(row["table"], row["revises"]) for row in listed(city, how)} for how in ("", "without", "with", "only")}
    assert shown["only"] == {(revision, table)}
    assert ({(table, None)} <= shown["without"], (revision, table) in shown["without"]) == (True, False)
    assert (shown[""], shown["with"]) == (shown["without"], shown["without"] | shown["only"])
    assert Program(city, "jingban").get("/tables?revisions=all").status_code == 422


def clock_of(**clock: object) -> tuple[object, ...]:
    content = shipped("full")
    head = {name: value for name, value in content["nodes"][1].items() if name != "working_days"}
    node = chain_from({**content, "nodes": [{**head, **clock}]}).nodes[0]
    shown: ChainNode = _shown(node, "coming", [])
    return shown.clock, shown.working_days, shown.calendar_days, shown.fixed_date


def test_a_nodes_clock_is_shown_as_it_is() -> None:
    assert clock_of(working_days=3) == ("3个工作日", 3, None, None)
    assert clock_of(calendar_days=20) == ("20日（自然日）", None, 20, None)
    assert clock_of(fixed_date="08-31") == ("8月31日前", None, None, "08-31")
