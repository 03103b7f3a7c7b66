"""`calendar`: process administrators bring a year's notice and publish it; anybody at the host shows and compares."""

import argparse
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

from service.cli.importing import running_address
from service.cli.operating import add_operator, known
from workflows.calendars import calendar_from, shipped_content
from workflows.calendars.comparing import calendar_differences
from workflows.calendars.form import check_form
from workflows.calendars.lint import lint
from workflows.calendars.notice import Notice, read_notice, with_entry
from workflows.commands.publishing_calendars import (
    calendar_content_in_force,
    propose_calendar,
    publish_calendar,
    waiting_calendars,
)
from workflows.definitions.lint import forbidding
from workflows.errors import FieldsInvalid, NotAllowed, UnknownCalendar
from workflows.journal import Journal
from workflows.ledger.hashes import content_hash
from workflows.store.journal import PostgresJournal
from workflows.store.transaction import Transaction, begin, make_engine
from workflows.vocabulary import Actor, Role
from workflows.words.sentences import sentence

HASH_LENGTH = 64
SHIPPED = "shipped"
Told = tuple[list[str], int]


def main(arguments: list[str]) -> int:
    """Carry out one of show, import, diff, propose, confirm; 1 where the lint finds errors."""
    options = _options(arguments)
    engine = make_engine(running_address(options.data_dir, os.environ), connections=1, name="goaltrail-calendar")
    by = None
    if options.verb in ("propose", "confirm") or (options.verb == "import" and options.login):
        if not options.login:
            raise FieldsInvalid("提出和发布工作日历须用 --login 写明办理人的账号。", field="login")
        by = known(engine, options.login, Role.PROCESS_ADMIN)
    with begin(engine) as tx:
        lines, code = carried_out(tx, options, by)
    print("\n".join(lines))
    engine.dispose()
    return code


def carried_out(tx: Transaction, options: argparse.Namespace, by: Actor | None) -> Told:
    """Carry out the verb inside a transaction and return what to print and the exit code."""
    journal = PostgresJournal(tx)
    if options.verb == "show":
        return list(_shown(journal, options)), 0
    if options.verb == "diff":
        base = _content(journal, options.other) if options.other else calendar_content_in_force(journal)
        return _differences(base, _content(journal, options.calendar)), 0
    if options.verb == "confirm":
        published = publish_calendar(journal, content_hash=_named(options), by=_signed(by), command_id=uuid4())
        return [f"已发布工作日历 {published.content_hash}，未到期的期限将由系统按此重算。"], 0
    if options.verb == "import":
        return _import(journal, options, by)
    return _propose(journal, _content(journal, options.calendar), by), 0


def _import(journal: Journal, options: argparse.Namespace, by: Actor | None) -> Told:
    """Lay a year's notice into the calendar in force: what differs, what is odd, and with a login the proposal."""
    if options.year is None:
        raise FieldsInvalid("请用 --year 写明年度。", field="year")
    notice = Notice(options.year, options.notice, options.dated, options.organ)
    base = calendar_content_in_force(journal)
    content = with_entry(base, read_notice(_bytes(_named(options)), notice))
    check_form(content)
    remarks = lint(content)
    told = _differences(base, content)
    told += [f"{each.rule}  {each.severity.chinese}  {each.sentence}" for each in remarks]
    if options.output:
        Path(options.output).write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
    if by is None or forbidding(remarks):
        return [*told, "尚未提出；用 --login 写明流程管理员的账号即可提出。"], int(bool(forbidding(remarks)))
    return [*told, *_propose(journal, content, by)], 0


def _propose(journal: Journal, content: Any, by: Actor | None) -> list[str]:
    proposed = propose_calendar(journal, content=content, by=_signed(by), command_id=uuid4())
    return [f"已提出工作日历，版本 {proposed.content_hash}，等待另一名流程管理员发布。"]


def _shown(journal: Journal, options: argparse.Namespace) -> Iterator[str]:
    """Yield the calendar's years with their notices, or one year's days; then what waits for confirmation."""
    content = _content(journal, options.calendar) if options.calendar else calendar_content_in_force(journal)
    yield f"工作日历  {content_hash(content)}"
    for each in (*content["years"], *content["local"]):
        if options.year in (None, each["year"]):
            off, made_up = len(each["days_off"]), len(each["make_up_days"])
            place = f"（{each['organ']}）" if "organ" in each else ""
            yield f"{each['year']}年{place}  {each['notice']} {each['dated']}  放假{off}天，调休上班{made_up}天"
            if options.year:
                yield f"  放假：{'、'.join(each['days_off'])}"
                yield f"  调休上班：{'、'.join(each['make_up_days']) or '无'}"
    if options.year and options.year not in calendar_from(content, "").years:
        yield f"{options.year}年没有正式通知，期限按暂定计算。"
    for waiting in waiting_calendars(journal):
        yield f"等待发布  {getattr(waiting.fact, 'content_hash', '')}  {sentence(waiting)}"


def _differences(old: Any, new: Any) -> list[str]:
    return [each.said for each in calendar_differences(old, new)] or ["两个版本没有差异。"]


def _signed(by: Actor | None) -> Actor:
    if by is None:
        raise NotAllowed("提出和发布工作日历须以本人账号办理。")
    return by


def _named(options: argparse.Namespace) -> str:
    if not options.calendar:
        raise FieldsInvalid("请写明文件或版本。", field="calendar")
    return str(options.calendar)


def _content(journal: Journal, named: str | None) -> Any:
    """Return a calendar by a JSON file's name, by its hash, or the one that ships (`shipped`)."""
    if named == SHIPPED:
        return shipped_content()
    if named and len(named) == HASH_LENGTH and not Path(named).is_file():
        content = journal.content(named)
        if not {"years", "local"} <= content.keys():
            raise UnknownCalendar
        return content
    try:
        content = json.loads(_bytes(named or ""))
    except ValueError as error:
        raise FieldsInvalid(f"无法读取“{named}”，须为一个 JSON 文件。", field="calendar") from error
    check_form(content)
    return content


def _bytes(name: str) -> bytes:
    try:
        return Path(name).read_bytes()
    except OSError as error:
        raise FieldsInvalid(f"无法读取“{name}”。", field="calendar") from error


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python3 -m service calendar",
        description="工作日历：查看、导入一年的放假通知、比较、提出、发布（须两名流程管理员）。",
    )
    parser.add_argument("verb", choices=("show", "import", "diff", "propose", "confirm"))
    parser.add_argument("calendar", nargs="?", help="import：CSV 或 JSON 文件；其余：JSON 文件、版本或 shipped")
    parser.add_argument("other", nargs="?", help="diff：与之比较的版本，缺省为现行版本")
    parser.add_argument("--year", type=int, help="年度")
    parser.add_argument("--notice", default="", help="通知文号")
    parser.add_argument("--dated", default="", help="通知日期（YYYY-MM-DD）")
    parser.add_argument("--organ", default="", help="地方放假：所在财政部门的代码")
    parser.add_argument("--output", help="import：把合并后的完整日历写到这个文件")
    add_operator(parser)
    return parser.parse_args(arguments)
