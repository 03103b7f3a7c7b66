"""Under a chain that says "never" a table comes back by consent alone; the verifier finds one that was simply taken (A14)."""

from uuid import uuid4

from tests.ledger.test_verify import told, verdict_of
from tests.support import roster
from tests.support.forging import packed
from tests.support.hands import REASON, chain
from tests.support.life import Life
from tests.support.sealed_log import appointed
from workflows import events as e
from workflows.commands import ending, recalling
from workflows.commands.recipe import begin
from workflows.vocabulary import Action, Post, Role, Stage


def under(until: str) -> Life:
    return Life(appointed(), definition=chain(until)).in_unit_review()


def act(life: Life, verb, by, **words) -> None:
    life.table = verb(life.journal, life.table.id, seen=life.seen(), by=by, command_id=uuid4(), **words)


def test_a_table_that_came_back_by_consent_verifies(tmp_path):
    life = under("never")
    act(life, recalling.ask_to_withdraw, roster.CLERK, reason=REASON)
    act(life, ending.confirm_ending, roster.UNIT_HEAD)
    assert life.table.stage == Stage.DRAFT
    verdict = verdict_of(tmp_path, packed(life.journal, lambda body: body).zipped())
    assert (verdict.code, told(verdict)) == (0, [])


def taken_back(life: Life) -> None:
    """Take the table back behind the decision function, as somebody with the database in his hands would."""
    work = begin(life.journal, life.table.id, roster.CLERK, uuid4(), Action.WITHDRAW)
    facts = (
        e.TableWithdrawn(work.table.round, REASON), *work.leaving_all("撤回"),
        *(work.entering(node, round=work.table.round) for node in work.chain.first_of(Stage.DRAFT)),
    )  # fmt: skip
    work.record(facts, Post(Role.CLERK, roster.UNIT))


def test_a_table_that_was_simply_taken_is_found_under_never_alone(tmp_path):
    for until, found in (("opened", []), ("never", ["steps", "step", "kind"])):
        life = under(until)
        taken_back(life)
        verdict = verdict_of(tmp_path, packed(life.journal, lambda body: body).zipped())
        assert [part for each in verdict.findings[:1] for part in (each.check, each.what, each.field)] == found


def test_a_request_that_nobody_needed_is_found_under_opened_alone(tmp_path):
    for until, code in (("never", 0), ("opened", 1)):
        life = under(until)
        work = begin(life.journal, life.table.id, roster.CLERK, uuid4(), Action.ASK_WITHDRAWAL)
        work.record((e.ConfirmationRequested(str(work.command_id), Action.WITHDRAW, REASON),), Post(Role.CLERK, roster.UNIT))
        assert verdict_of(tmp_path, packed(life.journal, lambda body: body).zipped()).code == code
