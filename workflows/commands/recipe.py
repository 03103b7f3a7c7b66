"""The steps that every verb shares: lock and replay, ask the one decision function, enter and leave desks, record."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from workflows import events as e
from workflows.campaigns.cut_off import FILES, refusal_of
from workflows.clocks.return_clocks import due_on_entry
from workflows.commands.field_situations import bar_of_form
from workflows.content.goal_table import amount_in_wan
from workflows.definitions import Chain, Node, Signers, pinned_chain
from workflows.definitions.ladders import RESTART
from workflows.errors import (
    AttachmentChanged,
    ContentDiffers,
    NotAllowed,
    NotFound,
    NotOpenNow,
    ReasonMissing,
    TableChangedMeanwhile,
)
from workflows.folds.replay import Desk, Table
from workflows.journal import Command, Journal
from workflows.packs import pack_from
from workflows.rights.grading import Demands
from workflows.rights.lifecycle import Answer, decide_within
from workflows.rights.permissions import within
from workflows.rights.segregation import Refusal
from workflows.vocabulary import SYSTEM, Action, Actor, Cover, Grade, Post, Role, Stage
from workflows.workdays import Calendar, beijing_date

SHORTEST_REASON = 5
"""Characters that a reason needs (features A11)."""


DECIDES_ON_FILES = frozenset({
    Action.SUBMIT, Action.APPROVE, Action.REFUSE, Action.REPLY, Action.REPLY_REVISION, Action.ACCEPT_MONITORING,
    Action.ACCEPT_SELF_EVALUATION, Action.CLOSE,
})  # fmt: skip
"""Acts that vouch for the files shown; a return, a void or a termination stays open as the way out."""


NOT_YET = frozenset({"R-STAGE", "G-DATE", "G-USE", "G-WINDOW", "G-CUTOFF", "G-NOT-OPEN"})
"""Rules that say: not now, whoever asks."""


@dataclass(frozen=True)
class Seen:
    """What the person had before the eyes: the table's version; where content is decided its hash and its files'."""

    version: int
    content_hash: str | None = None
    attachments: str | None = None


@dataclass(frozen=True)
class Work:
    """A table opened for one command: locked and replayed; `done` if the command was carried out before."""

    journal: Journal
    table: Table
    by: Actor
    command_id: UUID
    done: bool

    @property
    def chain(self) -> Chain:
        """Return the chain definition that the table is pinned to."""
        return chain_of(self.journal, self.table)

    @property
    def demands(self) -> Demands:
        """Return what the table's chain and pack ask for today."""
        return demands_of(self.journal, self.table, self.journal.now())

    @property
    def calendar(self) -> Calendar:
        """Return the calendar in force at this moment where the table's bureau sits."""
        return self.journal.calendar().of(self.table.bureau)

    def ask(self, action: Action, seen: Seen, *, to: Stage | None = None, node: str | None = None) -> Answer:
        """Return the open step, or raise why not: NotFound, TableChangedMeanwhile, NotOpenNow, NotAllowed."""
        answer = decide_within(
            self.by, self.table, action, self.amount, to=to, node=node, demands=self.demands
        )
        if answer.rule == "R-READ":
            raise NotFound
        if not self.table.version - self.table.aside <= seen.version <= self.table.version:
            raise self._changed_since(seen)
        if seen.content_hash not in (None, self.table.content_hash):
            raise ContentDiffers(content_hash=self.table.content_hash)
        if seen.attachments not in (None, self.table.attachments_hash):
            raise ContentDiffers(attachments=self.table.attachments_hash)
        if not answer.allowed:
            refusal = NotOpenNow if answer.rule in NOT_YET else NotAllowed
            raise refusal(answer.sentence, rule=answer.rule)
        if action in DECIDES_ON_FILES:
            self.refuse_changed_files()
        return answer

    def _changed_since(self, seen: Seen) -> TableChangedMeanwhile:
        """Return the refusal of an act on an old page: somebody else acted since, or the person in another window."""
        acted = {each.actor_id for each in self.journal.history(self.table.id)[max(seen.version, 0):]} - {SYSTEM.id}
        sentence = TableChangedMeanwhile.BY_ONESELF if acted == {self.by.id} else None
        return TableChangedMeanwhile(sentence, version=self.table.version)

    def amount(self) -> Decimal | None:
        """Return the table's amount in 万元 as it was recorded last, None where it names none."""
        return amount_in_wan(self.journal.content(self.table.content_hash))

    def deputed(self) -> Actor:
        """Return the person with those covers alone that reach to the table's amount: for acts beside the desks."""
        limited = any(cover.most is not None for cover in self.by.covers)
        return within(self.by, self.amount()) if limited else self.by

    def refuse_changed_files(self) -> None:
        """Raise AttachmentChanged unless every file's stored bytes are those that its event bound.

        The database checks this too; but whoever owns the database can drop its check and swap a file.
        """
        for each in self.table.attachments:
            stored = None if each.erased else self.journal.bound(each.commitment)
            if not each.erased and (stored is None or stored.commitment != each.commitment):
                raise AttachmentChanged(attachment=each.attachment)

    def record(self, facts: Iterable[e.Event], post: Post, cover: Cover | None = None) -> Table:
        """Append the facts under this command, signed with the post under which, and for whom, the person acted."""
        behalf = e.Behalf(cover.principal, cover.name, cover.grant) if cover else None
        return self.journal.append_to_table(self.table, tuple(facts), Command(self.by, post, self.command_id, behalf))

    def entering(
        self, node: Node, *, round: int, window: str | None = None, person: str | None = None  # noqa: A002
    ) -> e.NodeEntered | e.NodeShared:
        """Return the fact that a node receives the table, its tasks due by the node's clock.

        `person` names the one who shall act; otherwise the post does, or the clerk in charge.
        """
        key = f"{node.node}:{window}" if window else node.node
        past = () if node.on_return == RESTART else self.journal.history(self.table.id)
        due = due_on_entry(node, key, beijing_date(self.journal.now()), self.calendar, past)
        due_at, calendar = due.moment.isoformat(), due.calendar_version
        if node.shared:
            return e.NodeShared(
                node=key, stage=node.stage, round=round, level=node.level, tasks=self._tasks_at(node, key),
                due_at=due_at, provisional=due.provisional, calendar=calendar,
            )  # fmt: skip
        return e.NodeEntered(
            node=key, stage=node.stage, round=round, task=self.task_at(key), role=node.role,
            organ=getattr(self.table, node.of), level=node.level,
            person=self.table.owner if node.role == Role.CLERK else person,
            due_at=due_at, provisional=due.provisional, calendar=calendar,
        )  # fmt: skip

    def task_at(self, *key: object) -> str:
        """Return the ID of a task that this command opens."""
        return str(uuid5(self.table.id, "#".join(map(str, (*key, self.command_id)))))

    def _tasks_at(self, node: Node, key: str) -> tuple[dict[str, Any], ...]:
        """Return a task for each signer of a node: one for a post, or one for everybody who holds it and may sign."""
        tasks: list[dict[str, Any]] = []
        for signers, person in node.seats(self._signing):
            before = (tasks[-1]["task"],) if node.rule.ordered and tasks else ()
            tasks.append({
                "task": self.task_at(key, len(tasks)), "role": signers.role, "organ": getattr(self.table, signers.of),
                "person": person, "group": signers.group, "waits_for": before,
            })  # fmt: skip
        return tuple(tasks)

    def _signing(self, signers: Signers) -> tuple[str | None, ...]:
        """Return who signs for a group: nobody by name for a post; else its holders who did not file the table (S1)."""
        holders = self.journal.holders(signers.role, getattr(self.table, signers.of)) if signers.each else ()
        return tuple(holder.id for holder in holders if holder.id not in self.table.authors) or (None,)

    def leaving_all(self, reason: str, *, but: str | None = None) -> tuple[e.TaskSuperseded | e.NodeSuperseded, ...]:
        """Return the facts that every active desk (but a node's) is overtaken: each task is closed, then its node."""
        desks = [desk for desk in self.table.desks if desk.node != but]
        last = {desk.node: desk.task for desk in desks}
        return tuple(
            e.NodeSuperseded(desk.node, desk.round, desk.task, reason) if last[desk.node] == desk.task
            else e.TaskSuperseded(desk.node, desk.task, desk.round, reason)
            for desk in desks
        )  # fmt: skip

    def closing_others(self, desk: Desk, reason: str) -> tuple[e.TaskSuperseded, ...]:
        """Return the facts that a node's other open tasks are overtaken."""
        others = (each for each in self.table.desks if each.node == desk.node and each.task != desk.task)
        return tuple(e.TaskSuperseded(each.node, each.task, each.round, reason) for each in others)


def chain_of(journal: Journal, table: Table) -> Chain:
    """Return the chain definition that a table is pinned to."""
    return pinned_chain(table.definition_hash, journal.content)


def demands_of(journal: Journal, table: Table, at: datetime) -> Demands:
    """Return what the chain and the pack that a table is pinned to ask for at a moment; the pack is read when asked."""

    def use(grade: Grade) -> str:
        uses = pack_from(journal.content(table.pack_hash)).result_use or {}
        return uses[grade].use if grade in uses and uses[grade].rectify else ""

    def campaign(action: Action, desk: Desk) -> Refusal | None:
        purpose = FILES.get(action)
        if purpose is None:
            return None
        against = refusal_of(journal.campaigns(table.bureau, table.year, purpose), table, action, desk.node, at)
        return Refusal(*against) if against else None

    chain = chain_of(journal, table)
    return Demands(chain.demands_form, use, beijing_date(at).isoformat(), chain.withdraw_until != "never", campaign,
                   bar_of_form(journal, table, chain))


def begin(journal: Journal, table_id: UUID, by: Actor, command_id: UUID, action: Action) -> Work:
    """Lock and replay a table; a command that was already recorded comes back as done, with its first result.

    The recorded command is derived from the client's token, the person and the action (own_command), so that nobody
    can use up a command of somebody else or of the system, and one token never stands for two acts.
    """
    own = own_command(command_id, by, action)
    table = journal.lock_table(table_id, own)
    return Work(journal, table, by, own, done=bool(journal.recorded(table_id, own)))


def own_command(command_id: UUID, by: Actor, action: Action) -> UUID:
    """Return the command under which a person's act with this client token is recorded."""
    return uuid5(command_id, f"{by.id}:{action}")


def post_at(desk: Desk | None) -> Post:
    """Return the post under which a person acts at a desk."""
    if desk is None:
        raise NotAllowed
    return Post(Role(desk.role), desk.organ)


def reason_given(reason: str) -> str:
    """Return the reason without outer blanks; ReasonMissing below five characters."""
    reason = reason.strip()
    if len(reason) < SHORTEST_REASON:
        raise ReasonMissing
    return reason
