"""N7 over the interface: the performance section draws from a seed, others may not; a repeat draws nothing anew."""

from uuid import uuid4

from service.cli.sampling import _tried
from service.demo.city import shipped_city
from service.drawing_samples import Draw
from service.year.dice import Dice
from service.year.figures import Fate, at_the_years_end
from tests.api.asking import QUICKLY_READ, Case, Program, fresh_cases
from workflows.commands import evaluating, replying
from workflows.commands.recipe import Seen
from workflows.packs import pack_from
from workflows.store.transaction import begin
from workflows.vocabulary import SYSTEM, Role

YEAR = 2024
"""A year of which no other test makes tables."""


def waiting_to_be_closed(app, document: str = QUICKLY_READ) -> Case:
    """A table that its department has agreed to, told through the verbs."""
    (case,) = fresh_cases(app, year=YEAR, document=document)
    case.drafted().submitted()
    for role in (Role.UNIT_HEAD, Role.DEPARTMENT_FINANCE, Role.FINANCE_BUSINESS, Role.FINANCE_PERFORMANCE):
        case.approved(role)
    case.with_journal(lambda journal: replied(journal, case))
    case.with_journal(lambda journal: evaluating.open_self_evaluation(
        journal, case.id, seen=Seen(journal.lock_table(case.id).version), by=SYSTEM, command_id=uuid4()
    ))
    case.with_journal(lambda journal: filed(journal, case))
    case._does(Role.UNIT_HEAD, evaluating.accept_self_evaluation)
    case._does(Role.DEPARTMENT_FINANCE, evaluating.accept_self_evaluation)
    return case


def replied(journal, case: Case) -> None:
    table = journal.lock_table(case.id)
    replying.issue_reply(
        journal, uuid4(), tables={table.id: Seen(table.version, table.content_hash)}, doc_no="清财绩〔2024〕3号",
        by=case.who(Role.FINANCE_BUDGET), command_id=uuid4(),
    )  # fmt: skip


def filed(journal, case: Case) -> None:
    table = journal.lock_table(case.id)
    content, pack = journal.content(table.in_force), pack_from(journal.content(table.pack_hash))
    figures = at_the_years_end(content, pack, Fate(0, 100, 96), Dice(7), table.id)
    evaluating.file_self_evaluation(
        journal, case.id, seen=Seen(table.version), figures=figures, by=case.who(Role.CLERK), command_id=uuid4()
    )


def test_the_section_draws_once_and_the_drawn_table_is_checked_over_the_interface(city):
    case, section = waiting_to_be_closed(city), Program(city, "jixiaoke")
    wanted = {"year": YEAR, "seed": "开奖号码 07 12 33", "department": case.table.department}
    for other in ("jingban", "fuzeren", "guicai"):
        assert Program(city, other).post("/samplings", wanted).status_code == 403
    with begin(city.extensions["engine"]) as tx:
        (line,) = _tried(tx, Draw(YEAR, wanted["department"], wanted["seed"]), shipped_city().person("jixiaoke"))
    assert line == f"{case.id}  预演：随机抽取"
    tried = section.post("/samplings?dry_run=true", wanted)
    assert (tried.status_code, tried.json["dry_run"]) == (200, True)
    assert case.table.drawn is None
    key = str(uuid4())
    first, again = (section.post("/samplings", wanted, key=key) for _ in range(2))
    assert (first.status_code, [each["table"] for each in first.json["tables"]]) == (201, [str(case.id)])
    assert again.json == first.json
    assert case.table.drawn.sampling == first.json["sampling"]
    row = case.table.evaluation.scores[0]["row"]
    given = section.acts(case.id, "rescore", {"rows": {row: {"points": "0.50", "reason": "佐证材料只能证明部分完成"}}})
    assert given.status_code == 200, given.text
    shown = section.get(f"/tables/{case.id}").json
    assert shown["total"] == case.table.rescores[-1].total != case.table.evaluation.total
    order = {"problem": "产出未达标，须补建台账", "deadline": "2000-01-01", "measures": ["整改"]}
    refused = section.acts(case.id, "order_rectification", order)
    assert (refused.status_code, "整改期限须在今天之后" in refused.text) == (422, True)


def test_nothing_waits_nothing_is_drawn(city):
    answer = Program(city, "jixiaoke").post("/samplings", {"year": 2011, "seed": "1"})
    assert answer.status_code == 422
