"""`cover`: lists covers, gives and ends them, and hands a leaver's work over, from the command line."""

import argparse
import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from uuid import uuid4

from service.cli.importing import running_address
from service.cli.operating import account_named, add_operator, known
from service.handing_over import hand_over_everything
from workflows.commands.covering import Terms, end_cover, give_cover
from workflows.errors import FieldsInvalid, NotAllowed, NotFound
from workflows.store.covers import cover_of, covers_about, covers_not_over
from workflows.store.journal import PostgresJournal
from workflows.store.leavers import in_hand_of
from workflows.store.posts import actor_of
from workflows.store.transaction import Transaction, begin, make_engine
from workflows.vocabulary import Actor, Role

BEIJING = timezone(timedelta(hours=8))


def main(arguments: list[str]) -> int:
    """Carry out one command as the person of `--login`; the event names who gave it."""
    options = _options(arguments)
    engine = make_engine(running_address(options.data_dir, os.environ), connections=1, name="goaltrail-cover")
    if not options.login:
        raise NotAllowed("请用 --login 写明办理人的账号。", rule="R-COVER")
    by = known(engine, options.login)
    with begin(engine) as tx:
        lines = VERBS[options.verb](tx, options, by)
    print("\n".join(lines))
    engine.dispose()
    return 0


def show(tx: Transaction, _options: argparse.Namespace, by: Actor) -> list[str]:
    """Name the covers that concern the person, or, for the security administrator, all that are not over."""
    rows = covers_not_over(tx, tx.now()) if by.holds(Role.SECURITY_ADMIN) else covers_about(tx, by.id)
    return [
        f"{row['cover']}  {row['deputy_name']} 代 {row['name']}  {_day(row['from_at'])}至{_day(row['to_at'])}"
        f"{'  已提前结束' if row['ended_at'] else ''}"
        for row in rows
    ] or ["没有代理授权。"]


def give(tx: Transaction, options: argparse.Namespace, by: Actor) -> list[str]:
    """Let somebody act for the person, or for the one of `--for` where a security administrator gives it."""
    principal = _person(tx, options.principal) if options.principal else replace(by, covers=())
    deputy = _person(tx, options.deputy or "")
    terms = Terms(
        _moment(options.first) if options.first else tx.now(), _moment(options.last) + timedelta(days=1),
        options.reason or "", tuple(options.node), tuple(options.unit), options.most,
    )  # fmt: skip
    given = give_cover(
        PostgresJournal(tx), principal=principal, deputy=deputy, terms=terms, by=by, command_id=uuid4()
    )
    return [f"已授权{deputy.name}代{principal.name}办理（{given.fact.data()['cover']}）。"]


def end(tx: Transaction, options: argparse.Namespace, by: Actor) -> list[str]:
    """End a cover early."""
    row = cover_of(tx, options.cover or "")
    if row is None:
        raise NotFound("没有这项代理授权。")
    end_cover(
        PostgresJournal(tx), principal=row["principal"], cover=row["cover"], reason=options.reason or "", by=by,
        command_id=uuid4(),
    )  # fmt: skip
    return [f"已结束{row['deputy_name']}代{row['name']}的代理授权。"]


def leave(tx: Transaction, options: argparse.Namespace, by: Actor) -> list[str]:
    """Name what a leaver (`--for`) has in hand; with `--to` hand all of it over."""
    if not by.holds(Role.SECURITY_ADMIN):
        raise NotAllowed("离岗移交由安全管理员办理。", rule="R-LEAVE")
    leaver = _person(tx, options.principal or "")
    if not options.deputy:
        held = in_hand_of(tx, leaver.id)
        rows = [f"经办  {row['table_id']}  {row['title']}" for row in held.tables]
        rows += [f"任务  {row['table_id']}  {row['title']}（{row['node']}）" for row in held.tasks]
        rows += [f"代理  {row['cover']}  {row['deputy_name']} 代 {row['name']}" for row in held.covers]
        return rows or [f"{leaver.name}没有在手事项。"]
    results = hand_over_everything(
        tx, leaver=leaver, successor=_person(tx, options.deputy), reason=options.reason or "", by=by,
        command_id=uuid4(),
    )  # fmt: skip
    return [f"{each.what}  {each.refused or '已移交'}" for each in results] or ["没有可移交的表。"]


VERBS: Mapping[str, Callable[[Transaction, argparse.Namespace, Actor], list[str]]] = {
    "list": show, "give": give, "end": end, "leave": leave,
}  # fmt: skip


def _person(tx: Transaction, login: str) -> Actor:
    account = account_named(tx, login)
    return replace(actor_of(tx, account["person"], account["name"]), covers=())


def _moment(day: str | None) -> datetime:
    try:
        return datetime.strptime(day or "", "%Y-%m-%d").replace(tzinfo=BEIJING)
    except ValueError as error:
        raise FieldsInvalid("请按 2026-02-01 的格式填写日期。", field="last") from error


def _day(at: datetime) -> str:
    return at.astimezone(UTC).astimezone(BEIJING).strftime("%Y-%m-%d %H:%M")


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 -m service cover", description="代理授权与离岗移交。")
    parser.add_argument("verb", choices=tuple(VERBS), help="列出、授权、结束、离岗移交")
    parser.add_argument("--for", dest="principal", help="被代理人或离岗人员的账号（默认本人）")
    parser.add_argument("--to", dest="deputy", help="代理人或接手人的账号")
    parser.add_argument("--from", dest="first", help="从哪一天起（默认此刻）")
    parser.add_argument("--until", dest="last", help="到哪一天止（含当日）")
    parser.add_argument("--node", action="append", default=[], help="只限的环节，可多次")
    parser.add_argument("--unit", action="append", default=[], help="只限的单位，可多次")
    parser.add_argument("--most", help="金额上限（万元）")
    parser.add_argument("--cover", help="要结束的代理授权编号")
    parser.add_argument("--reason", help="理由（不少于5个字）")
    add_operator(parser)
    return parser.parse_args(arguments)
