"""Around a campaign's units: the section urges those that are missing, a unit says that it has nothing more to file."""

from collections.abc import Collection
from datetime import timedelta
from uuid import UUID, uuid5

from workflows import events as e
from workflows.campaigns import DECLARABLE, Campaign, Phase
from workflows.campaigns.coverage import Standing, UnitStands
from workflows.commands.campaigns import CAMPAIGN, LONGEST_REASON, locked, signed
from workflows.commands.recipe import reason_given
from workflows.errors import FieldsInvalid, MarkedAsSecret, NotAllowed, NotOpenNow
from workflows.journal import Command, Journal
from workflows.state.disclosures import mark_of_classification
from workflows.vocabulary import Actor, Post, Role

URGED_AT_MOST_EVERY = timedelta(hours=4)
"""A unit is urged once in this time (features B8)."""


def urge_missing(
    journal: Journal, campaign: Campaign, *, units: Collection[UnitStands], by: Actor, command_id: UUID,
    only: Collection[str] = (),
) -> tuple[str, ...]:  # fmt: skip
    """Urge the units that have not filed (`units` is the coverage just read), or those of them named in `only`.

    Returns who was urged: whoever was urged within four hours is left out. NotOpenNow before the campaign opens and
    where nobody is left to urge.
    """
    command = signed(by, campaign.bureau, command_id, e.CampaignUrged.kind)
    held, now = locked(journal, campaign), journal.now()
    before = [each.fact for each in journal.recorded(held.id, command.id)]
    if before:
        return tuple(unit for fact in before if isinstance(fact, e.CampaignUrged) for unit in fact.units)
    if held.phase(now) == Phase.AHEAD:
        raise NotOpenNow("任务尚未开始，不能催办。", rule="G-NOT-OPEN")
    missing = {each.unit for each in units if each.standing == Standing.MISSING and each.unit in held.scope}
    wanted = missing & set(only) if only else missing
    if not wanted:
        raise NotOpenNow("没有未报的单位，不必催办。", rule="G-NOTHING")
    lately = {unit for unit, at in held.urged.items() if now - at < URGED_AT_MOST_EVERY}
    urged = tuple(sorted(wanted - lately))
    if not urged:
        raise NotOpenNow("未报单位在4小时内都已催办过，请稍后再催。", rule="G-URGE")
    journal.append(held.id, CAMPAIGN, (e.CampaignUrged(urged),), command)
    return urged


def declare_complete(
    journal: Journal, campaign: Campaign, *, stands: UnitStands, by: Actor, command_id: UUID, note: str = ""
) -> Campaign:
    """Say for a unit that it has nothing more to file; with no table filed that is 零申报, which needs a reason.

    `stands` is the unit's coverage just read. NotAllowed for anybody but its clerk or head; NotOpenNow where a draft
    is still to be submitted, outside the campaign's time where it is enforced, and where the unit has said so before.
    """
    post = next((each for each in by.posts if each in _posts(stands.unit)), None)
    if post is None:
        raise NotAllowed("须由本单位的项目经办人或单位负责人申报完毕。", rule="R-ROLE")
    own = uuid5(command_id, f"{by.id}:{e.CampaignDeclared.kind}")
    held = locked(journal, campaign)
    if journal.recorded(held.id, own):
        return held
    _refuse(journal, held, stands)
    tables = stands.filed + stands.late
    fact = e.CampaignDeclared(stands.unit, tables, _note(note, tables))
    journal.append(held.id, CAMPAIGN, (fact,), Command(by, post, own))
    return locked(journal, held)


def _posts(unit: str) -> tuple[Post, Post]:
    return Post(Role.CLERK, unit), Post(Role.UNIT_HEAD, unit)


def _refuse(journal: Journal, campaign: Campaign, stands: UnitStands) -> None:
    if campaign.purpose != DECLARABLE or stands.unit not in campaign.scope:
        raise NotOpenNow("此任务不需要单位申报完毕。", rule="G-NOTHING")
    if stands.unit in campaign.declared:
        raise NotOpenNow("本单位已经申报完毕。", rule="G-ONCE")
    if stands.missing:
        raise NotOpenNow(f"还有{stands.missing}张表没有提交，请先提交或作废。", rule="G-DRAFTS")
    if campaign.enforcing and campaign.over_for(stands.unit, journal.now()):
        raise NotOpenNow("任务已经截止，不能再申报完毕。", rule="G-CUTOFF")
    if campaign.phase(journal.now()) == Phase.AHEAD:
        raise NotOpenNow("任务尚未开始，不能申报完毕。", rule="G-NOT-OPEN")


def _note(note: str, tables: int) -> str:
    said = note.strip() if tables else reason_given(note)
    if len(said) > LONGEST_REASON:
        raise FieldsInvalid(f"说明至多{LONGEST_REASON}个字。", field="note")
    if mark_of_classification((said,)):
        raise MarkedAsSecret(field="note")
    return said
