"""G2: one validator for every way a table can be handed in; what it blocks is blocked on each of them, and never an import."""

import ast
import csv
from pathlib import Path
from uuid import uuid4

import pytest

from service.app import Web
from service.cli import acting
from service.demo.city import shipped_city
from tests.api.asking import Case, Program
from tests.support.contents import completed, document, printed_table
from tests.support.web_city import visitor
from workflows.commands import drafting, importing, prereview, reviewing
from workflows.commands.bulk import all_or_none, for_all, for_each
from workflows.commands.recipe import Seen
from workflows.errors import BlockedByFindings, GoaltrailError, WarningsUnexplained
from workflows.state.standing import DIRECT, STEP_BY_STEP
from workflows.store.journal import PostgresJournal
from workflows.store.transaction import begin
from workflows.vocabulary import Action, Post, Role, Stage

ROOT = Path(__file__).parents[2]
CLERK, UNIT = "jingban", "qj-jw-bj"
LISTED = ("维护道路里程", "验收合格率", "完工时间", "别处没有的指标")
DEPARTMENT = {
    "name": None, "overall_goals": [], "responsibilities": [], "long_term_goals": [], "safeguards": [],
    "itemised_goals": [{"title": "养好农村路", "goal": None, "indicators": list(LISTED)}],
}  # fmt: skip
FAULTS = {
    "a blocking finding": (BlockedByFindings, lambda content: {**content, "disclosure": None}),
    "a warning without its reason": (
        WarningsUnexplained,
        lambda content: {**content, "explanations": {key: why for key, why in content["explanations"].items() if "V-R2" not in key}},
    ),
}  # fmt: skip


@pytest.fixture(params=FAULTS)
def faulty(request, city: Web):
    """A draft with one fault: in itself, or one that only its document's department part shows; and what it is refused with."""
    refusal, spoil = FAULTS[request.param]
    return faulty_draft(city, spoil), refusal


def faulty_draft(city: Web, spoil=lambda content: content) -> Case:
    case = Case(city, f"农村道路维护经费{uuid4().hex[:6]}")
    city_people, taken_in = shipped_city(), {**document(printed_table(case.title)), "department": DEPARTMENT}
    home = city_people.home(UNIT, CLERK)

    def take_in(journal):
        (table,) = importing.import_document(
            journal, uuid4(), filing=importing.Filing("申报.txt", uuid4().bytes, taken_in, ()), homes=(home,), year=2026,
            by=city_people.person(CLERK), post=Post(Role.CLERK, UNIT), command_id=uuid4(),
        )  # fmt: skip
        return table

    case.table_id = case.with_journal(take_in).id
    keep(case, spoil)
    return case


def keep(case: Case, spoil) -> None:
    """Keep a complete draft with every warning explained, but for what is spoiled."""

    def save(journal):
        table = journal.lock_table(case.id)
        draft = drafting.content_in_work(journal, table)
        content = completed(draft.content)
        found = prereview.findings_of(journal, table, content)
        assert ("V-R2", "/indicators") in [(each.rule, each.pointer) for each in found]
        content["explanations"] = {prereview.finding_key(each): "已核实，情况属实" for each in found if each.severity == "W"}
        drafting.save_draft(
            journal, table.id, seen=Seen(table.version), draft_version=draft.version, content=spoil(content), reasons={"": "核对"},
            by=shipped_city().person(CLERK), command_id=uuid4(),
        )  # fmt: skip

    case.with_journal(save)


def sentence(refusal: type[GoaltrailError]) -> str:
    return refusal().sentence


def stays(case: Case) -> bool:
    return (case.table.stage, [each.kind for each in case.history].count("table.submitted")) == (Stage.DRAFT, 0)


def submit(journal, table_id, seen, command_id):
    return drafting.submit_table(journal, table_id, seen=seen, by=shipped_city().person(CLERK), command_id=command_id)


def test_g2_by_the_verb(faulty):
    case, refusal = faulty
    with pytest.raises(refusal):
        case.with_journal(lambda journal: submit(journal, case.id, Seen(case.table.version), uuid4()))
    assert stays(case)


def test_g2_on_the_page(city, faulty):
    case, refusal = faulty
    answer = visitor(city, CLERK).sends(f"/tables/{case.id}", f"/tables/{case.id}/submit")
    assert (answer.status_code, sentence(refusal) in answer.text, stays(case)) == (422, True, True)


def test_g2_over_the_interface_in_earnest_and_as_a_rehearsal(city, faulty):
    case, refusal = faulty
    clerk = Program(city, CLERK)
    for query in ("", "?dry_run=1"):
        answer = clerk.acts(case.id, "submit", query=query)
        assert (answer.status_code, answer.json["detail"], len(answer.json["errors"])) == (422, sentence(refusal), 1)
    assert stays(case)


def test_g2_in_bulk_over_the_interface(city, faulty):
    case, refusal = faulty
    clerk = Program(city, CLERK)
    items = [{"table": str(case.id), "etag": clerk.etag(case.id)}]
    answer = clerk.post("/bulk/submit", {"items": items, "details": {}})
    (told,) = answer.json["items"]
    assert (told["done"], told["problem"]["detail"], stays(case)) == (False, sentence(refusal), True)


@pytest.mark.parametrize("together", [for_all, all_or_none])
def test_g2_in_bulk_by_the_verb(faulty, city, together):
    case, refusal = faulty
    good = faulty_draft(city)
    items = [(each.id, Seen(each.table.version)) for each in (case, good)]

    results = together(
        lambda: _journal(city), items, submit, by=shipped_city().person(CLERK), action=Action.SUBMIT, command_id=uuid4()
    )
    refused = {each.table_id: type(each.refusal) for each in results}
    assert (refused[case.id], stays(case)) == (refusal, True)
    assert stays(good) == (together is all_or_none)


def test_g2_one_by_one_in_bulk(faulty, city):
    case, refusal = faulty
    (result,) = for_each(lambda: _journal(city), [(case.id, Seen(case.table.version))], submit, command_id=uuid4())
    assert (type(result.refusal), stays(case)) == (refusal, True)


@pytest.fixture
def terminal(city, monkeypatch):
    monkeypatch.setenv("GOALTRAIL_DATABASE_URL", city.settings.database_url)
    monkeypatch.setenv("GOALTRAIL_PASSWORD", shipped_city().password)


@pytest.mark.usefixtures("terminal")
@pytest.mark.parametrize("how", ["alone", "as a list", "rehearsed"])
def test_g2_on_the_command_line(faulty, how, tmp_path, capsys):
    case, refusal = faulty
    path = tmp_path / "ids.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["table"], [str(case.id)]])
    which = ["--file", str(path)] if how == "as a list" else [str(case.id)]
    assert acting.main(["submit", "--as", CLERK, *which, *(["--dry-run"] if how == "rehearsed" else [])]) == 1
    assert (sentence(refusal) in capsys.readouterr().out, stays(case)) == (True, True)


@pytest.mark.parametrize("mode", [STEP_BY_STEP, DIRECT])
def test_g2_again_after_a_return(city, mode):
    """A table that was once let pass and came back is judged again, also where it would go straight back."""
    for refusal, spoil in FAULTS.values():
        case = faulty_draft(city)
        case.submitted().approved(Role.UNIT_HEAD)
        case._does(
            Role.DEPARTMENT_FINANCE, reviewing.return_table, to=Stage.DRAFT, reason="数量指标与资金不匹配", mode=mode,
            fields=("/disclosure",) if mode == DIRECT else (),
        )  # fmt: skip
        keep(case, spoil)
        with pytest.raises(refusal):
            case.submitted()
        assert case.table.stage == Stage.DRAFT


def test_g2_again_after_taking_it_back(city):
    case = faulty_draft(city)
    case.submitted()
    Program(city, CLERK).acts(case.id, "withdraw", {"reason": "补充一份材料"})
    keep(case, FAULTS["a blocking finding"][1])
    with pytest.raises(BlockedByFindings):
        case.submitted()


def test_g2_importing_and_saving_are_never_blocked_and_a_mended_table_passes(faulty):
    case, _refusal = faulty
    assert case.history[0].kind == "table.imported"
    keep(case, lambda content: content)
    case.submitted()
    assert case.table.stage == Stage.UNIT_REVIEW


def test_g2_whatever_writes_a_submission_asks_the_one_validator():
    """Read from the code: a new way of handing a table in cannot leave the validator out."""
    writing = {}
    for path in (ROOT / "workflows").rglob("*.py"):
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(function, ast.FunctionDef) and "TableSubmitted" in called_in(function):
                writing[f"{path.stem}.{function.name}"] = "refuse_unfit" in called_in(function)
    assert writing == {"drafting.submit_table": True}


def test_g2_the_rules_are_asked_in_one_place():
    """Beside the validator only the simulated clerk, to know what to mend, and the replay of a year under two packs."""
    asking = {
        str(path.relative_to(ROOT)) for part in ("workflows", "service", "workers") for path in (ROOT / part).rglob("*.py")
        if any(isinstance(node, ast.ImportFrom) and node.module == "workflows.findings" and "review" in [each.name for each in node.names]
               for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    }  # fmt: skip
    assert asking == {"workflows/commands/prereview.py", "service/year/corrections.py", "workflows/pack_replay.py"}


def called_in(function: ast.FunctionDef) -> set[str]:
    calls = (node.func for node in ast.walk(function) if isinstance(node, ast.Call))
    return {call.attr if isinstance(call, ast.Attribute) else getattr(call, "id", "") for call in calls}


def _journal(city: Web):
    return _Open(city)


class _Open:
    """A journal in a transaction of its own."""

    def __init__(self, city: Web) -> None:
        self.transaction = begin(city.extensions["engine"])

    def __enter__(self) -> PostgresJournal:
        return PostgresJournal(self.transaction.__enter__())

    def __exit__(self, *what) -> None:
        self.transaction.__exit__(*what)
