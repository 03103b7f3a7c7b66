"""补录: a decision that a leader took on paper is entered with its scan; it counts once a second person confirms it."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID, uuid5

from workflows import events as e
from workflows.attachments import clean_name, media_type_of
from workflows.commands.attaching import refuse_one_too_many
from workflows.commands.commenting import places_to_mend
from workflows.commands.proposals import proposed
from workflows.commands.recipe import Seen, Work, begin, post_at, reason_given
from workflows.commands.reviewing import NOT_CARRIED, after_vote, decided_at
from workflows.commands.secrecy_marks import refuse_marked_file
from workflows.errors import FieldsInvalid, NotAllowed
from workflows.journal import Journal
from workflows.rights.grading import refusal_by_form, refusal_of_amender
from workflows.rights.permissions import confirming_posts
from workflows.rights.segregation import Refusal, refusal_at, refusal_beside
from workflows.state.standing import Desk, Request, Table
from workflows.vocabulary import MAIN_LINE, Action, Actor, Cover, Outcome, Role, Stage
from workflows.workdays import beijing_date

ON_PAPER = "线下批示补录"


@dataclass(frozen=True)
class Sheet:
    """What the paper says: who signed, on which day, with which outcome (and to which stage it returns), the scan."""

    leader: str
    signed_on: date
    outcome: Outcome
    scan_name: str
    scan: bytes
    opinion: str = ""
    to: Stage | None = None


def enter_paper(
    journal: Journal, table_id: UUID, *, seen: Seen, by: Actor, command_id: UUID, task: str, sheet: Sheet
) -> Table:
    """Enter a decision taken on paper at an open review task, for the leader who holds its post (features C9, S10)."""
    work = begin(journal, table_id, by, command_id, Action.ENTER_PAPER)
    if work.done:
        return work.table
    work.ask(Action.ENTER_PAPER, seen)
    work.refuse_changed_files()
    desk = _desk(work, task)
    _refuse(refusal_beside(by, work.table, desk))
    leader = _leader(work, desk, sheet.leader)
    _refuse(_by_form(work, desk, sheet.outcome, leader))
    if by.id == leader.id:
        raise NotAllowed("批示人本人应直接办理，不能补录自己的批示。", rule="S10")
    if not any(post.organ == desk.organ for post in by.posts):
        raise NotAllowed("线下批示须由该环节所在机构的人员补录。")
    request, attachment = str(work.command_id), str(uuid5(table_id, f"attachment:{work.command_id}"))
    entered = e.PaperEntered(
        request=request, node=desk.node, task=desk.task, round=desk.round, attachment=attachment, leader=leader.id,
        leader_name=leader.name, outcome=sheet.outcome, to=_target(work, sheet), signed_on=_day(work, sheet.signed_on),
        opinion=reason_given(sheet.opinion) if sheet.outcome == Outcome.RETURN else sheet.opinion.strip(),
    )  # fmt: skip
    asked = e.ConfirmationRequested(request=request, action=Action.ENTER_PAPER, reason=f"{ON_PAPER}：{leader.name}")
    post = next(post for post in by.posts if post.organ == desk.organ)
    return work.record((_scan(work, sheet, attachment, desk), entered, asked), post)


def apply_paper(work: Work, request: Request, opinion: str) -> Table:
    """Agree as the second person: the task is decided for the leader, by whoever confirms, and shown as 补录.

    The decision follows in a command of its own, for it alone is done on the leader's behalf.
    """
    entered = proposed(work, request, e.PaperEntered)
    work.refuse_changed_files()
    desk = _desk(work, entered.task)
    leader = _leader(work, desk, entered.leader)
    _refuse(_by_form(work, desk, entered.outcome, leader) or _by_form(work, desk, entered.outcome, work.by))
    if work.by.id == leader.id:
        raise NotAllowed("批示人本人应直接办理，不能确认自己的批示。", rule="S10")
    refuse_by_segregation(work.by, work.table, desk)
    given = work.record((e.ConfirmationGiven(request.id, opinion),), confirming_posts(work.by, work.table)[0])
    later = replace(work, table=given, command_id=uuid5(work.command_id, "paper"))
    said = f"{ON_PAPER}：{entered.opinion}" if entered.opinion else ON_PAPER
    decided = decided_at(later, desk, Outcome(entered.outcome), said)
    facts = after_vote(
        later, desk, decided, Stage(entered.to or Stage.DRAFT), entered.opinion or NOT_CARRIED,
        fields=places_to_mend(given, ()),
    )  # fmt: skip
    cover = Cover(request.id, leader.id, leader.name, (post_at(desk),))
    return later.record((decided, *facts), post_at(desk), cover)


def refuse_by_segregation(actor: Actor, table: Table, desk: Desk) -> None:
    """Raise NotAllowed where segregation of duties keeps a person from this desk."""
    _refuse(refusal_at(actor, table, desk))


def _refuse(against: Refusal | None) -> None:
    if against:
        raise NotAllowed(against.sentence, rule=against.rule)


def _by_form(work: Work, desk: Desk, outcome: str, person: Actor) -> Refusal | None:
    """Return what the review form, or having completed the table himself, keeps a person from deciding on paper."""
    action = Action.APPROVE if outcome == Outcome.PASS else Action.RETURN
    return refusal_by_form(work.table, action, desk, work.demands) or refusal_of_amender(
        person, work.table, action, desk
    )


def _desk(work: Work, task: str) -> Desk:
    """Return the open review task; FieldsInvalid for another one, or while others sign before it."""
    desk = work.table.task(task)
    if desk is None or desk.node == "reply":
        raise FieldsInvalid("请选择正在等待审核的任务。", field="task")
    if any(work.table.task(each) for each in desk.waits_for):
        raise FieldsInvalid("须待前面的签署人先签署。", field="task")
    return desk


def _leader(work: Work, desk: Desk, person: str) -> Actor:
    """Return who signed on paper: somebody who could have decided here himself, by post and by segregation."""
    holders = work.journal.holders(Role(desk.role), desk.organ)
    found = next((each for each in holders if each.id == person and desk.person in (None, person)), None)
    if found is None:
        raise FieldsInvalid("批示人须为该环节现任的办理人。", field="leader")
    refuse_by_segregation(found, work.table, desk)
    _refuse(_in_other_hands(desk, person))
    return found


def _in_other_hands(desk: Desk, leader: str) -> Refusal | None:
    """Return that a task was claimed by somebody else, or given to somebody first: no paper goes over his head."""
    if desk.delegated_to:
        return Refusal("R-DELEGATED", "此任务已委派他人先行办理，须待其反馈或先收回委派，再补录线下批示。")
    if desk.claimed_by not in ("", leader):
        return Refusal("R-CLAIMED", "此任务已由他人认领，须由其办理或先释放，不能以线下批示越过。")
    return None


def _target(work: Work, sheet: Sheet) -> Stage | None:
    if sheet.outcome == Outcome.PASS and sheet.to is None:
        return None
    earlier = MAIN_LINE[: MAIN_LINE.index(work.table.stage)]
    if sheet.outcome != Outcome.RETURN or sheet.to not in earlier:
        raise FieldsInvalid("补录的结论须为通过，或退回到较早的阶段。", field="outcome")
    return sheet.to


def _day(work: Work, day: date) -> str:
    if day > beijing_date(work.journal.now()):
        raise FieldsInvalid("批示日期不能晚于今天。", field="signed_on")
    return day.isoformat()


def _scan(work: Work, sheet: Sheet, attachment: str, desk: Desk) -> e.AttachmentAdded:
    name = clean_name(sheet.scan_name)
    media_type = media_type_of(name, sheet.scan)
    refuse_marked_file(name, media_type, sheet.scan)
    refuse_one_too_many(work.journal, work.table.attachments, sheet.scan)
    return e.AttachmentAdded(
        attachment=attachment, name=name, media_type=media_type, size=len(sheet.scan),
        commitment=work.journal.bind(sheet.scan), for_step=desk.node,
    )  # fmt: skip
