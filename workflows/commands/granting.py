"""Who may give posts and take them: the security administrator alone, never to himself, and the very first one."""

from collections.abc import Collection
from uuid import UUID

from workflows.commands.administering import give_grant, revoke_grant
from workflows.errors import NotAllowed, ReasonMissing
from workflows.events import Recorded
from workflows.journal import Journal
from workflows.vocabulary import Actor, Post, Role

SHORTEST_REASON = 5
BY_SECURITY = "岗位只能由安全管理员授予和收回，系统管理员和其他人员都不能办理。"
NOT_TO_ONESELF = "不能给自己授予或收回岗位，须由另一名安全管理员办理。"
NOT_THE_FIRST = "已有安全管理员，岗位须由安全管理员本人登录后授予。"


def grant_post(
    journal: Journal, *, person: str, name: str, post: Post, by: Actor, command_id: UUID
) -> tuple[Recorded, ...]:
    """Give a person a post. NotAllowed unless a security administrator gives it to somebody else, S8 permitting."""
    _refuse_giver(person, by)
    return give_grant(journal, person=person, name=name, post=post, by=by, command_id=command_id)


def withdraw_post(
    journal: Journal, *, person: str, post: Post, reason: str, by: Actor, command_id: UUID
) -> tuple[Recorded, ...]:
    """Take a post from a person, for a reason; NotAllowed and ReasonMissing otherwise."""
    _refuse_giver(person, by)
    if len(reason.strip()) < SHORTEST_REASON:
        raise ReasonMissing
    return revoke_grant(journal, person=person, post=post, reason=reason.strip(), by=by, command_id=command_id)


def found_security(
    journal: Journal, *, person: str, name: str, organ: str, officers: Collection[str], by: Actor, command_id: UUID
) -> tuple[Recorded, ...]:
    """Make the first security administrator, while nobody (`officers`) holds that post; by the operator of the host."""
    if officers:
        raise NotAllowed(NOT_THE_FIRST, rule="R-GRANT")
    post = Post(Role.SECURITY_ADMIN, organ)
    return give_grant(journal, person=person, name=name, post=post, by=by, command_id=command_id)


def _refuse_giver(person: str, by: Actor) -> None:
    if not by.holds(Role.SECURITY_ADMIN):
        raise NotAllowed(BY_SECURITY, rule="R-GRANT")
    if by.id == person:
        raise NotAllowed(NOT_TO_ONESELF, rule="S8")
