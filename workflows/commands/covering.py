"""Absence: who may let whom act for him, for how long and how far; who ends it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from uuid import UUID, uuid5

from workflows import events as e
from workflows.commands.administering import PEOPLE
from workflows.commands.recipe import reason_given
from workflows.errors import FieldsInvalid, NotAllowed, NotFound
from workflows.journal import Command, Journal
from workflows.ledger.hashes import moment
from workflows.vocabulary import ADMINISTRATOR_ROLES, BUSINESS_ROLES, UNIT_ROLES, Actor, Post, Role

LONGEST = timedelta(days=366)
COVERED_ROLES = BUSINESS_ROLES - {Role.CLERK}
"""Posts for which somebody else may act: a clerk's tables are handed over instead (table.handed_over)."""
NEVER_DEPUTIES = frozenset({Role.OBSERVER, Role.EXPERT})


@dataclass(frozen=True)
class Terms:
    """How far a cover goes: period (the end does not belong to it), nodes and units (empty: everywhere), 万元.

    Without `posts` it goes for all the posts at which the principal decides.
    """

    from_at: datetime
    to_at: datetime
    reason: str
    nodes: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    most: str | None = None
    posts: tuple[Post, ...] = ()


def give_cover(
    journal: Journal, *, principal: Actor, deputy: Actor, terms: Terms, by: Actor, command_id: UUID
) -> e.Recorded:
    """Let somebody act for an absent person: by the person himself, or by a security administrator for him.

    NotAllowed where the rules of domain.md 17.3 (S7, S8, S12) forbid it, FieldsInvalid for a period, amount or post
    that cannot be. What the deputy may do is asked anew at every step: here only what could never be is refused.
    """
    stream, own = uuid5(PEOPLE, principal.id), uuid5(command_id, f"{by.id}:give_cover")
    first = journal.recorded(stream, own)
    if first:
        return first[0]
    post = _giving_post(principal, deputy, by)
    posts = _posts_covered(principal, terms)
    _refuse_deputy(journal, principal, deputy, posts)
    from_at, to_at = _period(terms, journal.now())
    _refuse_chain(journal, principal, deputy, from_at, to_at)
    fact = e.CoverGiven(
        cover=str(uuid5(own, "cover")), principal=principal.id, name=principal.name, deputy=deputy.id,
        deputy_name=deputy.name, posts=tuple({"role": str(each.role), "organ": each.organ} for each in posts),
        nodes=terms.nodes, units=terms.units, most=_amount(terms.most), from_at=moment(from_at), to_at=moment(to_at),
        reason=reason_given(terms.reason),
    )  # fmt: skip
    return journal.append(stream, "person", (fact,), Command(by, post or posts[0], own))[0]


def end_cover(
    journal: Journal, *, principal: str, cover: str, reason: str, by: Actor, command_id: UUID
) -> e.Recorded:
    """End a cover early: by the principal, the deputy, or a security administrator; NotFound if it is over."""
    stream, own = uuid5(PEOPLE, principal), uuid5(command_id, f"{by.id}:end_cover")
    first = journal.recorded(stream, own)
    if first:
        return first[0]
    given = next((each for each in standing_covers(journal, principal) if each.cover == cover), None)
    if given is None or datetime.fromisoformat(given.to_at) <= journal.now():
        raise NotFound("没有这项代理授权，或者它已经结束。")
    if by.id not in (principal, given.deputy) and not by.holds(Role.SECURITY_ADMIN):
        raise NotAllowed("代理授权只能由被代理人、代理人本人或安全管理员结束。", rule="R-COVER")
    fact = e.CoverEnded(cover, reason_given(reason))
    return journal.append(stream, "person", (fact,), Command(by, _signing_post(by), own))[0]


def standing_covers(journal: Journal, principal: str) -> tuple[e.CoverGiven, ...]:
    """Return the covers that a person gave and nobody ended; some of their periods may be over."""
    given: dict[str, e.CoverGiven] = {}
    for fact in (recorded.fact for recorded in journal.history(uuid5(PEOPLE, principal))):
        if isinstance(fact, e.CoverGiven):
            given[fact.cover] = fact
        elif isinstance(fact, e.CoverEnded):
            given.pop(fact.cover, None)
    return tuple(given.values())


def _giving_post(principal: Actor, deputy: Actor, by: Actor) -> Post | None:
    """Return the security administrator's post where he gives it for another; None for the principal himself."""
    if deputy.id == principal.id:
        raise NotAllowed("代理人不能是本人。", rule="R-COVER")
    if by.id == principal.id:
        return None
    if not by.holds(Role.SECURITY_ADMIN):
        raise NotAllowed("代理授权由本人办理；本人不在岗的，由安全管理员代为登记。", rule="R-COVER")
    return next(post for post in by.posts if post.role == Role.SECURITY_ADMIN)


def _posts_covered(principal: Actor, terms: Terms) -> tuple[Post, ...]:
    """Return the posts that the cover is for: held by the principal himself, so that nobody passes a cover on (C5)."""
    own = tuple(post for post in principal.posts if post.role in COVERED_ROLES and not post.via)
    if not own:
        raise FieldsInvalid("没有可以代理的审核岗位；经办人的填报工作不能代理，请由安全管理员办理移交。", field="posts")
    if not set(terms.posts) <= set(own):
        raise FieldsInvalid("只能授权本人持有的审核岗位；代他人办理的权限不能再转授。", field="posts")
    return terms.posts or own


def _refuse_deputy(journal: Journal, principal: Actor, deputy: Actor, posts: Sequence[Post]) -> None:
    """Refuse a deputy who could never act: officers (S8), strangers to the organ, its only clerk (S12)."""
    if deputy.holds_any(ADMINISTRATOR_ROLES):
        raise NotAllowed("系统、安全、审计和流程管理员不得办理业务，不能作为代理人（职责分离）。", rule="S8")
    if deputy.holds_any(NEVER_DEPUTIES):
        raise NotAllowed("审计观察员和专家不得办理业务，不能作为代理人。", rule="R-COVER")
    for post in posts:
        if not any(each.organ == post.organ and each.role in BUSINESS_ROLES for each in deputy.posts):
            sentence = f"{deputy.name}在{principal.name}的机构没有业务岗位，不能代其办理“{post.role.chinese}”。"
            raise NotAllowed(sentence, rule="R-COVER")
        if post.role in UNIT_ROLES and [each.id for each in journal.holders(Role.CLERK, post.organ)] == [deputy.id]:
            sentence = f"{deputy.name}是本单位唯一的经办人，本单位的表都由其填报，都不能代为审核（职责分离）。"
            raise NotAllowed(sentence, rule="S12")


def _refuse_chain(journal: Journal, principal: Actor, deputy: Actor, from_at: datetime, to_at: datetime) -> None:
    """Refuse a deputy who is away himself meanwhile: that would be a chain, or a circle (C5)."""
    for given in standing_covers(journal, deputy.id):
        if datetime.fromisoformat(given.from_at) < to_at and from_at < datetime.fromisoformat(given.to_at):
            if given.deputy == principal.id:
                raise NotAllowed(f"{deputy.name}同期已授权{principal.name}代理，不能互相代理。", rule="R-COVER")
            raise NotAllowed(f"{deputy.name}同期已授权他人代理，不能再作代理人（代理只能一级）。", rule="R-COVER")


def _period(terms: Terms, now: datetime) -> tuple[datetime, datetime]:
    """Return the period, beginning not before now; FieldsInvalid where it is over, upside down or too long."""
    if terms.to_at <= now or terms.from_at >= terms.to_at:
        raise FieldsInvalid("代理期间已经过去或起止颠倒，请重新填写。", field="to_at")
    if terms.from_at < now - timedelta(days=1):
        raise FieldsInvalid("代理期间不能从过去的日期开始。", field="from_at")
    if terms.to_at - terms.from_at > LONGEST:
        raise FieldsInvalid("代理期间不能超过一年；长期离岗请办理岗位变动。", field="to_at")
    return max(terms.from_at, now), terms.to_at


def _amount(typed: str | None) -> str | None:
    if not typed:
        return None
    try:
        amount = Decimal(typed.replace(",", "").replace("，", ""))
    except InvalidOperation as error:
        raise FieldsInvalid("金额上限须为数字（万元）。", field="most") from error
    if not amount.is_finite() or amount < 0:
        raise FieldsInvalid("金额上限须为不小于零的数字（万元）。", field="most")
    return format(amount, "f")


def _signing_post(by: Actor) -> Post:
    return by.posts[0] if by.posts else Post(Role.PUBLIC, "")
