"""Whom a task may be given to: people with a business post on the table, found by ID, fit by post and segregation."""

from workflows.commands.recipe import Work
from workflows.errors import FieldsInvalid, NotAllowed
from workflows.folds.replay import Desk, Table
from workflows.journal import Journal
from workflows.rights.holders import signing_posts
from workflows.rights.segregation import refusal_at
from workflows.state.standing import changed
from workflows.vocabulary import BUREAU_ROLES, DEPARTMENT_ROLES, UNIT_ROLES, Actor, Post, Role


def colleagues(journal: Journal, table: Table) -> tuple[Actor, ...]:
    """Return everybody who holds a business post of the table's unit, department or bureau, by ID."""
    posts = [
        *((role, table.unit) for role in UNIT_ROLES), *((role, table.department) for role in DEPARTMENT_ROLES),
        *((role, table.bureau) for role in BUREAU_ROLES),
    ]  # fmt: skip
    found = {person.id: person for role, organ in posts for person in journal.holders(role, organ)}
    return tuple(found[key] for key in sorted(found))


def colleague(work: Work, person: str) -> Actor:
    """Return the colleague of that ID; FieldsInvalid for a stranger or oneself."""
    if person == work.by.id:
        raise FieldsInvalid("请选择另一位同事。", field="person")
    found = next((each for each in colleagues(work.journal, work.table) if each.id == person), None)
    if found is None:
        raise FieldsInvalid("此人没有办理本表的岗位。", field="person")
    return found


def successor(work: Work, desk: Desk, person: str) -> Actor:
    """Return who may take a task over: holds its post, passes segregation, signs nowhere else at the node (C1)."""
    found = colleague(work, person)
    if Post(Role(desk.role), desk.organ) not in found.posts:
        raise NotAllowed(f"接办人须担任“{Role(desk.role).chinese}”岗位。", rule="R-POST")
    _refuse_unfit(work, desk, found)
    if any(each.person == person for each in work.table.desks if each.node == desk.node):
        raise NotAllowed(f"{found.name}已是本环节的办理人。", rule="G-SIGNER")
    return found


def delegate(work: Work, desk: Desk, person: str) -> Actor:
    """Return who may be asked to work on a task first: holds a post on the table and passes segregation (C2)."""
    found = colleague(work, person)
    if not signing_posts(found, work.table):
        raise NotAllowed(f"{found.name}没有可以签署本表的岗位。", rule="R-POST")
    _refuse_unfit(work, desk, found)
    return found


def further_signer(work: Work, desk: Desk, person: str) -> Actor:
    """Return who may be asked to sign beside a desk: has a post, passes segregation, is not at the node yet (A9)."""
    found = delegate(work, desk, person)
    if any(_signs_at(found, each) for each in work.table.desks if each.node == desk.node):
        raise NotAllowed(f"{found.name}已是本环节的办理人。", rule="G-SIGNER")
    return found


def _signs_at(person: Actor, desk: Desk) -> bool:
    """Whether somebody is named at a desk or could take it from the pool."""
    post = Post(Role(desk.role), desk.organ)
    return person.id in (desk.person, desk.claimed_by) or (desk.person is None and post in person.posts)


def _refuse_unfit(work: Work, desk: Desk, person: Actor) -> None:
    refusal = refusal_at(person, work.table, changed(desk, person=person.id))
    if refusal:
        said = refusal.sentence.replace("您", person.name)
        raise NotAllowed(said, rule=refusal.rule)
