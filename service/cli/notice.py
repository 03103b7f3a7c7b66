"""`notice`: what was given up and sending it again; the bureau's own words for notices, proposed and published."""

import argparse
import os
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID, uuid4

from service.cli.importing import running_address
from service.cli.operating import add_operator, known
from service.resending import resend
from workflows.commands.publishing_words import propose_words, publish_words, words_in_force
from workflows.delivery.catalogue import known_notice, known_notices
from workflows.delivery.wording import Words
from workflows.errors import FieldsInvalid
from workflows.store.journal import PostgresJournal
from workflows.store.letters import dead_letters, unsent_counts
from workflows.store.resting import troubled_channels
from workflows.store.transaction import Transaction, begin, make_engine
from workflows.vocabulary import Actor, Role

ROLES = {"resend": Role.SYSTEM_ADMIN, "propose": Role.PROCESS_ADMIN, "confirm": Role.PROCESS_ADMIN}
"""Which verbs are signed, and by whom."""


def main(arguments: list[str]) -> int:
    """Carry out one of dead, resend, words, preview, propose, confirm."""
    options = _options(arguments)
    engine = make_engine(running_address(options.data_dir, os.environ), connections=1, name="goaltrail-notice")
    by = None
    if options.verb in ROLES:
        if not options.login:
            raise FieldsInvalid("请用 --login 写明办理人的账号。", field="login")
        by = known(engine, options.login, ROLES[options.verb])
    with begin(engine) as tx:
        lines = list(carried_out(tx, options, by))
    print("\n".join(lines))
    engine.dispose()
    return 0


def carried_out(tx: Transaction, options: argparse.Namespace, by: Actor | None) -> Iterator[str]:
    """Carry out the verb inside a transaction and yield what to print."""
    journal = PostgresJournal(tx)
    if options.verb == "dead":
        yield from _dead(tx)
    elif options.verb == "resend" and by:
        again = resend(tx, _letter(options), reason=options.reason, by=by, command_id=uuid4())
        yield f"已重新发送，新的通知 {again}。"
    elif options.verb == "words":
        for each in known_notices().values():
            own = "  本单位用语" if words_in_force(journal, each.key) else ""
            yield f"{each.key:<28}{each.name}  {each.shipped.subject}{own}"
    elif options.verb == "preview":
        notice = known_notice(_named(options))
        said = notice.sample(_words(options) or words_in_force(journal, notice.key))
        yield from (said.subject, said.text)
    elif options.verb == "propose" and by:
        proposed = propose_words(journal, key=_named(options), words=_words(options), by=by, command_id=uuid4())
        yield f"已提出，版本 {proposed.content_hash}，等待另一名流程管理员发布。"
    elif by:
        publish_words(journal, key=_named(options), content_hash=options.version, by=by, command_id=uuid4())
        yield "已发布，对今后的通知生效。"


def _dead(tx: Transaction) -> Iterator[str]:
    """Yield the counts by channel and state, the channels in trouble, and every letter that was given up."""
    for row in unsent_counts(tx):
        yield f"{row['channel']:<14}{row['state']:<10}{row['n']:>7}"
    for row in troubled_channels(tx):
        yield f"{row['channel']:<14}连续失败 {row['failures']} 次：{row['last_error']}"
    found = dead_letters(tx)
    for row in found:
        said, error = row["rendered"]["subject"], row["last_error"] or ""
        yield f"{row['id']}  {row['channel']}  {row['receiver']}  {said}  {error}"
    if not found:
        yield "没有发送失败的通知。"


def _letter(options: argparse.Namespace) -> UUID:
    try:
        return UUID(_named(options))
    except ValueError as error:
        raise FieldsInvalid("请写明通知的编号。", field="what") from error


def _named(options: argparse.Namespace) -> str:
    if not options.what:
        raise FieldsInvalid("请写明通知的种类或编号。", field="what")
    return str(options.what)


def _words(options: argparse.Namespace) -> Words | None:
    """Return the words of a file: its first line is the subject, the rest the text; None without a file."""
    if not options.file:
        return None
    try:
        subject, _line, text = Path(options.file).read_text(encoding="utf-8").strip().partition("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise FieldsInvalid(f"无法读取“{options.file}”。", field="file") from error
    return Words(subject.strip(), text.strip())


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python3 -m service notice",
        description="通知：查看发送失败的、重发；查看、预览、提出、发布本单位的通知用语（发布须两名流程管理员）。",
    )
    parser.add_argument("verb", choices=("dead", "resend", "words", "preview", "propose", "confirm"))
    parser.add_argument("what", nargs="?", help="resend：通知编号；其余：通知种类，如 task.waiting")
    parser.add_argument("--reason", default="", help="resend：理由")
    parser.add_argument("--file", help="preview、propose：用语文件，首行为标题，其余为正文；propose 不写则恢复出厂用语")
    parser.add_argument("--version", default="", help="confirm：等待发布的版本")
    add_operator(parser)
    return parser.parse_args(arguments)
