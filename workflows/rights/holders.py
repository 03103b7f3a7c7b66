"""Who may do what with a single task or beside the decisions: claim, hand over, ask, urge, extend, suspend, recall."""

from collections.abc import Callable

from workflows.folds.replay import Desk, Table, Vote
from workflows.rights import permissions as may
from workflows.rights.segregation import Refusal, refusal_at, refusal_beside
from workflows.state.inquiries import EXTENSION, OPINION, Copy, Inquiry
from workflows.state.standing import changed
from workflows.vocabulary import BUSINESS_ROLES, REVIEW_STAGES, SYSTEM, Actor, Cover, Post, Role

DeskNeed = Callable[[Actor, Table, Desk], Refusal | None]
DEEPEST = 2
"""How many added signers may hang on one another (features A9)."""


def not_a_filing_desk(_actor: Actor, _table: Table, desk: Desk) -> Refusal | None:
    """审核环节的任务"""
    if desk.level == "filing":
        return Refusal("G-FILING", "编制和填报任务由经办人本人办理；更换经办人请办理移交。")
    return None


def free_to_claim(_actor: Actor, _table: Table, desk: Desk) -> Refusal | None:
    """可由多人办理的任务"""
    if desk.person is not None:
        return Refusal("G-NAMED", "此任务已指定办理人，无须认领。")
    if desk.claimed_by and not desk.claimed_until:
        return Refusal("G-CLAIMED", "此任务已由您（或您代理的人）办理，无须认领。")
    return None


def not_delegated(_actor: Actor, _table: Table, desk: Desk) -> Refusal | None:
    """没有委派出去的任务"""
    return Refusal("R-DELEGATED", "此任务已委派他人先行办理，请待其反馈，或先收回委派。") if desk.delegated_to else None


def delegated(_actor: Actor, _table: Table, desk: Desk) -> Refusal | None:
    """已委派出去的任务"""
    return None if desk.delegated_to else Refusal("G-NOT-DELEGATED", "此任务没有委派给他人。")


def takes_another_signer(_actor: Actor, _table: Table, desk: Desk) -> Refusal | None:
    """还可以加签的任务"""
    if desk.node == "reply":
        return Refusal("G-REPLY", "批复环节不能加签。")
    if desk.depth >= DEEPEST:
        return Refusal("G-DEPTH", f"加签不得超过{DEEPEST}层，请由前一层的签署人另行加签。")
    return None


def not_opened_yet(actor: Actor, _table: Table, desk: Desk) -> Refusal | None:
    """本人尚未打开过的任务"""
    return Refusal("G-OPENED", "您已打开过此任务。") if actor.id in desk.opened_by else None


def no_extension_waits(_actor: Actor, table: Table, desk: Desk) -> Refusal | None:
    """没有待答复的延期申请"""
    if desk.due_at is None:
        return Refusal("G-NO-DUE", "此任务没有办理期限。")
    waits = any(each.task == desk.task for each in open_inquiries(table, EXTENSION))
    return Refusal("G-EXTENSION", "此任务已有一项延期申请，请待答复。") if waits else None


def taken_by_another(actor: Actor, table: Table) -> Refusal | None:
    """Return that a task which the person could do was claimed by somebody else."""
    free = (changed(desk, claimed_by="") for desk in table.desks if desk.claimed_by not in ("", actor.id))
    if any(may.seat_at(actor, table, desk) for desk in free):
        return Refusal("R-CLAIMED", "此任务已由他人认领，认领期间只能由其办理。")
    return None


def unopened_seats(actor: Actor, table: Table) -> tuple[may.Seat, ...]:
    """Return the reviewing tasks that the person may act on and has not looked at yet."""
    return tuple(
        seat for seat in may.seats_of(actor, table)
        if seat.desk.level != "filing" and actor.id not in seat.desk.opened_by
        and refusal_at(actor, table, seat.desk, seat.cover) is None
    )  # fmt: skip


def recallable_vote(actor: Actor, table: Table) -> Vote | None:
    """Return the own vote that the person may take back: at a node still open, or the round's last decision (A15)."""
    mine = [vote for vote in table.votes if vote.person == actor.id and vote.stage in REVIEW_STAGES]
    open_now = {desk.node for desk in table.desks}
    pending = [vote for vote in mine if vote.node in open_now]
    if pending:
        return pending[-1]
    last = table.deciders[-1] if table.deciders else None
    if mine and last and (last.person, last.node) == (actor.id, mine[-1].node):
        return mine[-1]
    return None


def who_decided_last(actor: Actor, table: Table) -> bool:
    """本轮最后作出决定的人，或者已在尚未办结的环节签署意见的人"""
    return recallable_vote(actor, table) is not None


def still_in_his_name(actor: Actor, table: Table) -> Refusal | None:
    """代他人作出的决定，授权仍然有效"""
    vote = recallable_vote(actor, table)
    if vote is None or not vote.behalf or any(cover.principal == vote.behalf for cover in actor.covers):
        return None
    sentence = "此决定是代他人作出的（代理，或线下批示补录），您现在没有其授权，不能一人拿回；可以请后续办理人退回。"
    return Refusal("R-COVER", sentence)


def a_delegate(actor: Actor, table: Table) -> bool:
    """受委派先行办理的人"""
    return any(desk.delegated_to == actor.id for desk in table.desks)


def who_added_a_signer(actor: Actor, table: Table) -> bool:
    """加签的人本人或其代理人（被加签人签署之前）"""
    return any(adder_at(actor, table, desk) for desk in table.desks)


def adder_at(actor: Actor, table: Table, desk: Desk) -> tuple[Post, Cover | None] | None:
    """Return under which post, and whose cover, somebody takes an added signer away: as who added him, or for him."""
    anchor = table.task(desk.anchor)
    post = Post(Role(anchor.role), anchor.organ) if anchor else None
    if desk.added_by == actor.id:
        return post or (*signing_posts(actor, table), *actor.posts)[0], None
    organs = (table.unit, table.department, table.bureau)
    for cover in actor.covers:
        here = post or next((each for each in cover.posts if each.organ in organs), None)
        seat = may.seat_as(actor, table, desk, desk.added_by, here)
        if here and seat and seat.cover == cover:
            return here, cover
    return None


def the_claimer_or_the_system(actor: Actor, table: Table) -> bool:
    """认领人本人或其代理人（或到期由系统释放）"""
    return may.the_system(actor, table) or any(claimer_at(actor, table, desk) for desk in table.desks)


def claimer_at(actor: Actor, table: Table, desk: Desk) -> may.Seat | None:
    """Return the seat at which somebody holds a claimed task: his own claim, or that of a person whom he covers."""
    return may.seat_as(actor, table, desk, desk.claimed_by) if desk.claimed_by else None


def open_inquiries(table: Table, kind: str) -> tuple[Inquiry, ...]:
    """Return the requests of a kind that wait for an answer and whose task is still open."""
    return tuple(
        each for each in table.inquiries if (each.kind, each.state) == (kind, "open") and table.task(each.task)
    )


def whose_opinion_is_asked(actor: Actor, table: Table) -> bool:
    """被征求意见的人"""
    return any(each.to == actor.id for each in open_inquiries(table, OPINION))


def unread_copies(actor: Actor, table: Table) -> tuple[Copy, ...]:
    """Return the copies sent to the person and not read yet."""
    return tuple(each for each in table.copies if each.person == actor.id and not each.read_at)


def who_has_an_unread_copy(actor: Actor, table: Table) -> bool:
    """收到抄送而尚未阅知的人"""
    return bool(unread_copies(actor, table))


def holds(actor: Actor, table: Table, desk: Desk) -> bool:
    """Whether a task is in the person's own hands: by name or claim, or as the one who was asked to act first."""
    return actor.id in (desk.person, desk.claimed_by, desk.delegated_to) or may.seat_at(actor, table, desk) is not None


def posts_on(actor: Actor, table: Table) -> tuple[Post, ...]:
    """Return the business posts that give the person a part in this table, clerks only in their own."""
    organs = (table.unit, table.department, table.bureau)
    return tuple(
        post for post in actor.posts
        if post.role in BUSINESS_ROLES and post.organ in organs
        and (post.role != Role.CLERK or actor.id == table.owner)
    )  # fmt: skip


def consenting_posts(actor: Actor, table: Table) -> tuple[Post, ...]:
    """Return the posts under which the person may consent to a withdrawal: seats of his own, no rule against him."""
    own = (seat.desk for seat in may.seats_of(actor, table) if not seat.cover and not seat.handed)
    return tuple(Post(Role(desk.role), desk.organ) for desk in own if refusal_beside(actor, table, desk) is None)


def takes_part(actor: Actor, table: Table) -> bool:
    """本表的经办、审核或审批人员"""
    return bool(posts_on(actor, table))


def signing_posts(actor: Actor, table: Table) -> tuple[Post, ...]:
    """Return the posts under which the person could be asked to sign: any on the table but a clerk's."""
    return tuple(post for post in posts_on(actor, table) if post.role != Role.CLERK)


def leading_posts(actor: Actor, table: Table, desk: Desk) -> tuple[Post, ...]:
    """Return the posts by which the person may give a desk's task into other hands: who leads its level, or all."""
    above = (Post(Role.FINANCE_PERFORMANCE, table.bureau), Post(Role.FINANCE_LEADER, table.bureau))
    of_level = {
        table.unit: (Post(Role.UNIT_HEAD, table.unit),),
        table.department: (Post(Role.DEPARTMENT_FINANCE, table.department),),
    }.get(desk.organ, ())
    return tuple(post for post in (*of_level, *above) if post in actor.posts)


def who_leads_a_level(actor: Actor, table: Table) -> bool:
    """任务所在单位负责人、主管部门规划财务处，或财政绩效科、分管领导"""
    return any(leading_posts(actor, table, desk) for desk in table.desks)


def granting_posts(actor: Actor, table: Table, asked: Inquiry) -> tuple[Post, ...]:
    """Return the posts by which the person may answer a request for more time: the next level up, or 绩效科 (B12)."""
    desk = table.task(asked.task)
    if desk is None or asked.by == actor.id:
        return ()
    next_up = {
        table.unit: (Post(Role.DEPARTMENT_FINANCE, table.department),),
        table.department: (Post(Role.FINANCE_BUSINESS, table.bureau),),
    }.get(desk.organ, (Post(Role.FINANCE_LEADER, table.bureau),))
    return tuple(post for post in (*next_up, Post(Role.FINANCE_PERFORMANCE, table.bureau)) if post in actor.posts)


def who_grants_extensions(actor: Actor, table: Table) -> bool:
    """申请延期的任务的上一级，或财政绩效科"""
    return any(granting_posts(actor, table, asked) for asked in open_inquiries(table, EXTENSION))


SUSPENDING = (Role.DEPARTMENT_FINANCE, Role.FINANCE_BUSINESS, Role.FINANCE_PERFORMANCE)


def suspending_posts(actor: Actor, table: Table) -> tuple[Post, ...]:
    """Return the posts by which the person may suspend the table and let it go on (T22: department or bureau)."""
    organs = {Role.DEPARTMENT_FINANCE: table.department}
    posts = (Post(role, organs.get(role, table.bureau)) for role in SUSPENDING)
    return tuple(post for post in posts if post in actor.posts)


def who_may_suspend(actor: Actor, table: Table) -> bool:
    """主管部门规划财务处，或财政业务科、绩效科"""
    return bool(suspending_posts(actor, table))


def who_may_resume(actor: Actor, table: Table) -> bool:
    """主管部门规划财务处，或财政业务科、绩效科（到期由系统恢复）"""
    return actor.id == SYSTEM.id or bool(suspending_posts(actor, table))
