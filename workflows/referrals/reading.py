"""Who may read a referral, make one and record what became of it: the one place that answers it (domain.md 8.4)."""

from workflows.folds.replay import Table
from workflows.referrals.referral import Referral
from workflows.rights.permissions import may_read
from workflows.vocabulary import BUREAU_ROLES, DEPARTMENT_ROLES, UNIT_ROLES, Actor, Post, Role

MAKES = (Role.FINANCE_PERFORMANCE, Role.FINANCE_LEADER, Role.FINANCE_BUSINESS)
READS = frozenset({Role.FINANCE_PERFORMANCE, Role.FINANCE_LEADER, Role.OBSERVER})
TAKES_PART = BUREAU_ROLES | {Role.OBSERVER}
"""Who may be the receiver by name, and whose own referral stays readable to him."""


def concerned(actor: Actor, table: Table) -> bool:
    """Whether the person belongs to the unit or department that the table is of, or ever filed it."""
    home = UNIT_ROLES | DEPARTMENT_ROLES | {Role.SECRECY_REVIEWER}
    inside = any(post.role in home and post.organ in (table.unit, table.department) for post in actor.posts)
    return inside or actor.id in table.authors or actor.id == table.owner


def may_read_referral(actor: Actor, referral: Referral, table: Table) -> bool:
    """绩效科、财政分管领导、审计观察员、移送人和接收人；与所涉单位和部门无关的"""
    if concerned(actor, table):
        return False
    held = {post.role for post in actor.posts if post.organ == referral.bureau}
    return bool(held & READS) or (actor.id in (referral.by, referral.receiver) and bool(held & TAKES_PART))


def referring_post(actor: Actor, table: Table) -> Post | None:
    """Return the post under which the person may refer the table; None for everybody else. Deputies may not."""
    if concerned(actor, table) or not may_read(actor, table):
        return None
    posts = (Post(role, table.bureau) for role in MAKES)
    return next((post for post in posts if post in actor.posts), None)


def answering_post(actor: Actor, referral: Referral, table: Table) -> Post | None:
    """Return the post under which the person may record what became of it; an observer reads and never writes."""
    if not may_read_referral(actor, referral, table):
        return None
    own = actor.id in (referral.by, referral.receiver)
    roles = (*MAKES, Role.FINANCE_BUDGET) if own else MAKES[:2]
    posts = (Post(role, referral.bureau) for role in roles)
    return next((post for post in posts if post in actor.posts), None)


def looks_for_referrals(actor: Actor) -> bool:
    """Whether the person holds a post that may read or make referrals at all; others find no such page."""
    return actor.holds_any(READS | frozenset(MAKES))


def may_receive(actor: Actor, table: Table) -> bool:
    """Whether the person may be named as the one who receives it."""
    held = any(post.role in TAKES_PART and post.organ == table.bureau for post in actor.posts)
    return held and not concerned(actor, table)
