"""`grant`: the security administrator gives posts and takes them; the first one is named by the host's operator."""

import argparse
import os
from uuid import uuid4

from service.cli.importing import running_address
from service.cli.operating import account_named, add_operator, known
from workflows.commands.granting import found_security, grant_post, withdraw_post
from workflows.errors import FieldsInvalid
from workflows.store.journal import PostgresJournal
from workflows.store.organs import all_organs
from workflows.store.posts import people_with_posts
from workflows.store.transaction import Transaction, begin, make_engine
from workflows.vocabulary import ADMINISTRATOR_ROLES, BUSINESS_ROLES, Actor, Post, Role

GIVEN = (*sorted(BUSINESS_ROLES | ADMINISTRATOR_ROLES - {Role.SYSTEM}), Role.OBSERVER)


def main(arguments: list[str]) -> int:
    """Give or revoke one post; the event names who did it."""
    options = _options(arguments)
    engine = make_engine(running_address(options.data_dir, os.environ), connections=1, name="goaltrail-grant")
    by = known(engine, options.login, Role.SECURITY_ADMIN)
    with begin(engine) as tx:
        print(changed(tx, options, by))
    engine.dispose()
    return 0


def changed(tx: Transaction, options: argparse.Namespace, by: Actor) -> str:
    """Carry out the command and say what became of it."""
    account, journal, post = account_named(tx, options.account), PostgresJournal(tx), _post(tx, options)
    held = post in {Post(role, organ) for who, _, role, organ in people_with_posts(tx) if who == account["person"]}
    said = f"{account['name']}（{account['login']}）{post.organ}“{post.role.chinese}”"
    if held == (options.verb == "give"):
        raise FieldsInvalid(f"{said}{'已经授予' if held else '并未授予'}，没有任何改动。")
    if options.verb == "revoke":
        withdraw_post(
            journal, person=account["person"], post=post, reason=options.reason or "", by=by, command_id=uuid4()
        )
        return f"已收回{said}。"
    if not options.login and post.role == Role.SECURITY_ADMIN:
        officers = [who for who, _, role, _ in people_with_posts(tx) if role == Role.SECURITY_ADMIN]
        found_security(
            journal, person=account["person"], name=account["name"], organ=post.organ, officers=officers, by=by,
            command_id=uuid4(),
        )  # fmt: skip
    else:
        grant_post(
            journal, person=account["person"], name=account["name"], post=post, by=by, command_id=uuid4()
        )
    return f"已授予{said}。"


def _post(tx: Transaction, options: argparse.Namespace) -> Post:
    organs = {organ["id"]: organ["name"] for organ in all_organs(tx)}
    if options.organ not in organs:
        known = "、".join(f"{organ}（{name}）" for organ, name in sorted(organs.items()))
        raise FieldsInvalid(f"没有机构“{options.organ}”。现有机构：{known or '无'}。")
    return Post(Role(options.role), options.organ)


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 -m service grant", description="授予、收回岗位（安全管理员）。")
    parser.add_argument("verb", choices=("give", "revoke"), help="授予、收回")
    parser.add_argument("account", help="账号")
    parser.add_argument("role", choices=[role.value for role in GIVEN], help="岗位")
    parser.add_argument("organ", help="机构编号")
    parser.add_argument("--reason", help="收回的理由")
    add_operator(parser)
    return parser.parse_args(arguments)
