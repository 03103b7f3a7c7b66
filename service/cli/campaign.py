"""`campaign`: what units are asked to file by when, who has filed, and what the section and units do about it."""

import argparse
import os
from uuid import UUID, uuid4

from service.campaigns import Typed, bureau_of_the_section, campaign_seen, campaigns_seen, terms_from, years_about
from service.cli.importing import running_address
from service.cli.operating import known
from workflows.campaigns import Campaign, Purpose
from workflows.campaigns.coverage import counted
from workflows.campaigns.moments import ending, said, said_beginning
from workflows.commands import campaigns as verbs
from workflows.commands.campaign_units import declare_complete, urge_missing
from workflows.errors import NotFound
from workflows.store.campaign_sums import standings_of
from workflows.store.journal import PostgresJournal
from workflows.store.organs import organ_names
from workflows.store.transaction import Transaction, begin, make_engine
from workflows.vocabulary import Actor


def main(arguments: list[str]) -> int:
    """Take `list|show|open|extend|close|urge|declare … --login NAME [--dry-run]`; print what stands after it."""
    options = options_of(arguments)
    engine = make_engine(running_address(options.data_dir, os.environ), connections=1, name="goaltrail-campaign")
    by = known(engine, options.login)
    with begin(engine) as tx:
        part = tx.savepoint() if options.dry_run else None
        print(done(tx, by, options))
        if part:
            part.rollback()
            print("以上只是预演，台账没有任何记录。")
    engine.dispose()
    return 0


def done(tx: Transaction, by: Actor, options: argparse.Namespace) -> str:
    """Do what was asked for and return what to print."""
    if options.what == "list":
        years = (options.year,) if options.year else years_about(tx.now())
        return "\n".join(map(line_of, campaigns_seen(tx, by, years))) or "没有布置任务。"
    journal, command = PostgresJournal(tx), uuid4()
    if options.what == "open":
        campaign = _open(tx, journal, by, options, command)
        return shown(tx, by, campaign.id)
    campaign, seen = campaign_seen(tx, by, options.campaign)
    units = standings_of(tx, campaign, seen)
    if options.what == "extend":
        verbs.extend_campaign(
            journal, campaign, closes=ending(options.closes), units=options.unit, reason=options.reason, by=by,
            command_id=command,
        )  # fmt: skip
    elif options.what == "close":
        verbs.close_campaign(journal, campaign, reason=options.reason, by=by, command_id=command)
    elif options.what == "urge":
        urge_missing(journal, campaign, units=units, only=options.unit, by=by, command_id=command)
    elif options.what == "declare":
        stands = next((each for each in units if [each.unit] == options.unit), None)
        if stands is None:
            raise NotFound
        declare_complete(journal, campaign, stands=stands, by=by, command_id=command, note=options.note)
    return shown(tx, by, campaign.id)


def _open(
    tx: Transaction, journal: PostgresJournal, by: Actor, options: argparse.Namespace, command: UUID
) -> Campaign:
    typed = Typed(
        options.year, options.purpose, options.title, options.opens, options.closes, not options.advisory,
        options.window, tuple(options.department), tuple(options.unit), options.least, options.basis,
    )  # fmt: skip
    bureau = bureau_of_the_section(by)
    return verbs.open_campaign(journal, bureau=bureau, terms=terms_from(tx, typed), by=by, command_id=command)


def line_of(campaign: Campaign) -> str:
    """Return a campaign on one line."""
    how = "硬性截止" if campaign.enforcing else "提示性期限"
    time = f"{said_beginning(campaign.opens)}至{said(campaign.last_closing)}"
    return f"{campaign.id}  {campaign.title}（{campaign.purpose.chinese}，{len(campaign.scope)}个单位）{time}，{how}"


def shown(tx: Transaction, by: Actor, campaign_id: UUID) -> str:
    """Return a campaign with the units that the person sees, one a line."""
    campaign, seen = campaign_seen(tx, by, campaign_id)
    units, names = standings_of(tx, campaign, seen), organ_names(tx)
    sums = counted(units)
    head = f"已报{sums.filed_units}，迟报{sums.late_units}，未报{sums.missing_units}，共{sums.units}个单位"
    return "\n".join([line_of(campaign), head, *(
        f"{each.standing.chinese}  {names.get(each.unit, each.unit)}（{each.unit}）"
        f"  按期{each.filed}张，迟报{each.late}张，未报{each.missing}张，截止{said(each.closes)}"
        for each in units
    )])  # fmt: skip


def options_of(arguments: list[str]) -> argparse.Namespace:
    """Return the typed options."""
    parser = argparse.ArgumentParser(prog="python3 -m service campaign", description=__doc__)
    parser.add_argument("what", choices=("list", "show", "open", "extend", "close", "urge", "declare"))
    parser.add_argument("campaign", nargs="?", type=UUID, default=UUID(int=0), help="任务编号（list、open 不用）")
    parser.add_argument("--login", required=True, help="办理人的账号；密码在终端输入")
    parser.add_argument("--year", type=int, default=0, help="预算年度")
    parser.add_argument("--purpose", choices=[str(each) for each in Purpose], default=str(Purpose.GOAL_FILING))
    parser.add_argument("--title", default="", help="任务名称")
    parser.add_argument("--opens", default="", metavar="TIME", help="开始（北京时间），如 2026-07-01")
    parser.add_argument("--closes", default="", metavar="TIME", help="截止，如 2026-09-30（至24时）或 2026-09-30T17:00")
    parser.add_argument("--advisory", action="store_true", help="提示性期限：截止之后仍可提交")
    parser.add_argument("--window", default="", metavar="MONTH", help="监控节点所在的月份，如 2026-07")
    parser.add_argument("--least", type=int, default=1, help="每个单位至少应报的张数")
    parser.add_argument("--basis", default="", help="布置依据（文号）")
    parser.add_argument("--department", action="append", default=[], help="部门（可重复）：它现在的全部单位")
    parser.add_argument("--unit", action="append", default=[], help="单位（可重复）；延期、催办不写即全部")
    parser.add_argument("--reason", default="", help="延期或提前结束的理由")
    parser.add_argument("--note", default="", help="申报完毕的说明；零申报的理由")
    parser.add_argument("--dry-run", action="store_true", help="预演：办理后打印结果，不记录")
    parser.add_argument("--data-dir")
    return parser.parse_args(arguments)
