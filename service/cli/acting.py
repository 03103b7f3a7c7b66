"""`act`: a signed-in person's decision on one or many tables from the command line, by the same rules as the pages."""

import argparse
import getpass
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID, uuid4

from service.cli.importing import running_address
from service.passwords import matches
from workflows.commands import drafting, reviewing
from workflows.commands.bulk import Verb, for_all
from workflows.commands.recipe import Seen
from workflows.commands.tracing import note_sign_in_failed, note_signed_in
from workflows.errors import FieldsInvalid, NotAllowed
from workflows.journal import Journal
from workflows.replay import Table
from workflows.store.accounts import account_of_login, note_failure
from workflows.store.journal import PostgresJournal
from workflows.store.posts import actor_of
from workflows.store.queries import table_seen_by
from workflows.store.transaction import Transaction, begin, make_engine
from workflows.vocabulary import Action, Actor, Stage

ACTIONS = ("submit", "withdraw", "approve", "return")
REFUSED = 1
COMMAND_LINE = "命令行"
"""Where a person comes from who gives a command at the host; his session lasts as long as the command."""


def main(arguments: list[str]) -> int:
    """Take `ACTION TABLE… --login NAME`; print what became of each table; 1 if one of them was refused."""
    options = _options(arguments)
    engine = make_engine(running_address(options.data_dir, os.environ), connections=1, name="goaltrail-act")
    password = os.environ.get("GOALTRAIL_PASSWORD") or getpass.getpass("密码：")
    with begin(engine) as tx:
        actor = signed_in(tx, options.login, password)
    if actor is None:
        raise NotAllowed("账号或密码不正确，或因多次输错须稍候再试。")
    with begin(engine) as tx:
        items = [(table, Seen(table_seen_by(tx, actor, table).version)) for table in options.tables]

    @contextmanager
    def open_journal() -> Iterator[Journal]:
        with begin(engine) as tx:
            yield PostgresJournal(tx)

    results = for_all(
        open_journal, items, verb_of(options, actor), by=actor, action=Action(options.action),
        command_id=options.command or uuid4(),
    )  # fmt: skip
    for result in results:
        said = result.table.stage.chinese if result.table else result.refusal and result.refusal.sentence
        print(f"{result.table_id}  {'已办理，现处于' if result.table else '未办理：'}{said}")
    engine.dispose()
    return REFUSED if any(result.refusal for result in results) else 0


def signed_in(tx: Transaction, login: str, password: str) -> Actor | None:
    """Return the person of a login and password, who leaves a trace; None, with the failure counted, otherwise."""
    account, journal = account_of_login(tx, login), PostgresJournal(tx)
    if account is None or account["disabled"] or account["must_wait"]:
        return None
    if not matches(account["password_hash"], password):
        failures = note_failure(tx, account["person"])
        if failures:
            note_sign_in_failed(
                journal, person=account["person"], failures=failures, address=COMMAND_LINE, command_id=uuid4()
            )
        return None
    by = actor_of(tx, account["person"], account["name"])
    note_signed_in(journal, by=by, session_sha256=secrets.token_hex(32), address=COMMAND_LINE)
    return by


def verb_of(options: argparse.Namespace, actor: Actor) -> Verb:
    """Return the verb of the chosen action with its details filled in."""

    def act(journal: Journal, table_id: UUID, seen: Seen, command_id: UUID) -> Table:
        if options.action == "approve":
            return reviewing.approve_table(
                journal, table_id, seen=seen, by=actor, command_id=command_id, opinion=options.opinion
            )
        if options.action == "return":
            return reviewing.return_table(
                journal, table_id, seen=seen, by=actor, command_id=command_id, to=Stage(options.to),
                reason=options.reason,
            )  # fmt: skip
        if options.action == "withdraw":
            return drafting.withdraw_table(
                journal, table_id, seen=seen, by=actor, command_id=command_id, reason=options.reason
            )
        return drafting.submit_table(journal, table_id, seen=seen, by=actor, command_id=command_id)

    return act


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 -m service act", description=__doc__)
    parser.add_argument("action", choices=ACTIONS)
    parser.add_argument("tables", nargs="+", type=UUID, metavar="TABLE")
    parser.add_argument("--login", required=True)
    parser.add_argument("--opinion", default="")
    parser.add_argument("--reason", default="")
    parser.add_argument("--to", choices=[stage.value for stage in Stage], default=Stage.DRAFT.value)
    parser.add_argument("--command", type=UUID, help="操作编号，重复执行时用同一个")
    parser.add_argument("--data-dir")
    options = parser.parse_args(arguments)
    if options.action in ("return", "withdraw") and not options.reason:
        raise FieldsInvalid("退回和撤回须用 --reason 写明理由。")
    return options
