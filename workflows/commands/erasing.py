"""Having personal words erased: asked for by one person, confirmed by another; a legal hold forbids it."""

from collections.abc import Collection
from uuid import UUID, uuid5

from workflows import events as e
from workflows.commands.recipe import SHORTEST_REASON, reason_given
from workflows.errors import ConfirmationMissing, FieldsInvalid, HeldByLaw, NotAllowed, NotFound
from workflows.folds.replay import Table
from workflows.journal import Command, Erasable, Journal
from workflows.rights.permissions import ASKS_TO_ERASE, CONFIRMS_ERASURE, HOLDS, guarding_posts
from workflows.rights.segregation import refusal_of_administrator
from workflows.vocabulary import Actor, Post, Role

LOG = "log"
FILE = "commitment"
"""The field of attachment.added that binds the bytes."""
MOST = 200
"""Pieces that one request may name: they must fit into one event."""


def request_erasure(
    journal: Journal, erasure_id: UUID, *, table_id: UUID, commitments: Collection[str], ground: str, by: Actor,
    command_id: UUID,
) -> e.ErasureRequested:  # fmt: skip
    """Ask that the words or files with these commitments (hex) be erased; the same words elsewhere in the table go too.

    Nothing is erased before another person confirms (features D12). `ground` names the law; it stays in the log.
    """
    table = journal.lock_table(table_id)
    post, own = _post(by, table, ASKS_TO_ERASE), uuid5(command_id, f"{by.id}:ask-erase")
    _refuse_while_held(table)
    before = [r.fact for r in journal.recorded(erasure_id, own) if isinstance(r.fact, e.ErasureRequested)]
    if before:
        return before[0]
    targets = _with_their_like(journal.erasable(table_id), frozenset(commitments))
    asked = e.ErasureRequested(
        str(table_id),
        tuple({"version": each.version, "field": each.field, "commitment": each.commitment} for each in targets),
        reason_given(ground),
    )
    journal.append(erasure_id, LOG, (asked,), Command(by, post, own))
    return asked


def _with_their_like(present: tuple[Erasable, ...], chosen: frozenset[str]) -> tuple[Erasable, ...]:
    """Return the chosen pieces, the same words in other events, and for a file its name too (and the reverse)."""
    named = [each for each in present if each.commitment in chosen]
    if not chosen or len(named) != len(chosen):
        raise FieldsInvalid("请勾选要删除的内容；所选内容须仍在台账中。")
    words = {each.words for each in named if each.words is not None and len(each.words) >= SHORTEST_REASON}
    files = {each.version for each in named if each.kind == e.AttachmentAdded.kind}
    found = tuple(each for each in present if each in named or each.words in words or each.version in files)
    if len(found) > MOST:
        raise FieldsInvalid(f"一次最多申请删除{MOST}处内容，请分次申请。")
    return found


def waiting_request(journal: Journal, erasure_id: UUID) -> e.Recorded:
    """Return the request of that ID; NotFound where there is none, ConfirmationMissing where it is over."""
    history = journal.history(erasure_id)
    if not history or not isinstance(history[0].fact, e.ErasureRequested):
        raise NotFound(erasure=str(erasure_id))
    if len(history) > 1:
        raise ConfirmationMissing("这项申请已经办结。")
    return history[0]


def confirm_erasure(journal: Journal, erasure_id: UUID, *, by: Actor, command_id: UUID) -> Table:
    """Agree as the second person: the words and bytes go, the events that bound them stay, and every proof holds."""
    table, own = _table_of(journal, erasure_id), uuid5(command_id, f"{by.id}:erase")
    if journal.recorded(table.id, own):
        return table
    post = _post(by, table, CONFIRMS_ERASURE)
    asked = waiting_request(journal, erasure_id)
    _refuse_while_held(table)
    if by.id == asked.actor_id:
        raise NotAllowed("申请人本人不能作为第二人确认删除。", rule="S10")
    if by.id == table.owner or by.id in table.authors:
        raise NotAllowed("此表的填报人不能作为第二人确认删除（职责分离）。", rule="S1")
    command = Command(by, post, own)
    erased = journal.append_to_table(table, _what_goes(table, asked, by), command)
    journal.append(erasure_id, LOG, (e.ErasureConfirmed(str(erased.id)),), command)
    journal.erase(erased.id)
    return journal.lock_table(erased.id)


def _what_goes(table: Table, asked: e.Recorded, by: Actor) -> tuple[e.Event, ...]:
    fact = asked.fact
    if not isinstance(fact, e.ErasureRequested):
        raise NotFound
    request, targets = str(asked.stream), tuple(target["commitment"] for target in fact.targets)
    files = [each for each in table.attachments if each.commitment in targets and not each.erased]
    return (
        e.PayloadErased(request, targets, fact.ground, asked.actor_id, by.id),
        *(e.AttachmentRedacted(each.attachment, request) for each in files),
    )


def decline_erasure(journal: Journal, erasure_id: UUID, *, reason: str, by: Actor, command_id: UUID) -> None:
    """Decline as the second person, or take one's own request back; nothing goes."""
    table, own = _table_of(journal, erasure_id), uuid5(command_id, f"{by.id}:keep")
    if journal.recorded(erasure_id, own):
        return
    post = _post(by, table, CONFIRMS_ERASURE)
    waiting_request(journal, erasure_id)
    journal.append(erasure_id, LOG, (e.ErasureDeclined(str(table.id), reason_given(reason)),), Command(by, post, own))


def place_hold(journal: Journal, table_id: UUID, *, reason: str, by: Actor, command_id: UUID) -> Table:
    """Lay a legal hold on the table: nothing of it may be erased until it is lifted (features D15)."""
    return _hold(journal, table_id, e.HoldPlaced(reason_given(reason)), held=True, by=by, command_id=command_id)


def lift_hold(journal: Journal, table_id: UUID, *, reason: str, by: Actor, command_id: UUID) -> Table:
    """Lift the legal hold."""
    return _hold(journal, table_id, e.HoldLifted(reason_given(reason)), held=False, by=by, command_id=command_id)


def _hold(
    journal: Journal, table_id: UUID, fact: e.HoldPlaced | e.HoldLifted, *, held: bool, by: Actor, command_id: UUID
) -> Table:
    table, own = journal.lock_table(table_id), uuid5(command_id, f"{by.id}:{fact.kind}")
    if journal.recorded(table_id, own):
        return table
    post = _post(by, table, HOLDS)
    if table.held == held:
        raise NotAllowed("此表已经处于保全之中。" if held else "此表没有处于保全之中。", rule="G-HOLD")
    return journal.append_to_table(table, (fact,), Command(by, post, own))


def _table_of(journal: Journal, erasure_id: UUID) -> Table:
    """Lock and return the table that a request is about: whoever decides on the request waits for the table's lock."""
    history = journal.history(erasure_id)
    first = history[0].fact if history else None
    if not isinstance(first, e.ErasureRequested):
        raise NotFound(erasure=str(erasure_id))
    return journal.lock_table(UUID(first.table))


def _post(by: Actor, table: Table, roles: frozenset[Role]) -> Post:
    """Return the post under which a person acts here; NotFound where none is of the table's bureau or department."""
    posts = guarding_posts(by, table, roles)
    if not posts and not any(post.role in roles for post in by.posts):
        names = "、".join(role.chinese for role in Role if role in roles)
        raise NotAllowed(f"须由{names}办理。")
    if not posts:
        raise NotFound(table=str(table.id))
    against = refusal_of_administrator(by)
    if against:
        raise NotAllowed(against.sentence, rule=against.rule)
    return posts[0]


def _refuse_while_held(table: Table) -> None:
    if table.held:
        raise HeldByLaw
