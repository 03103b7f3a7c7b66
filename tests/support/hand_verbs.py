"""Every act with a task, chosen by the command's number: any person, any task, any colleague, sensible or not."""

from datetime import timedelta

from tests.support.hands import REASON
from workflows.commands import asking, holding, pausing, recalling, signers
from workflows.commands.alarming import mark_unassignable
from workflows.commands.colleagues import colleagues
from workflows.rights.lifecycle import decide
from workflows.state.inquiries import EXTENSION, OPINION
from workflows.vocabulary import Action
from workflows.workdays import beijing_date


def chosen(things, number):
    """One of some things by a number, or a name that nobody has."""
    things = list(things)
    return things[number % len(things)] if things else "none"


def _task(journal, table_id, number):
    return chosen((desk.task for desk in journal.lock_table(table_id).desks), number)


def _person(journal, table_id, number):
    return chosen((each.id for each in colleagues(journal, journal.lock_table(table_id))), number // 7)


def _request(journal, table_id, kind):
    waiting = [each.id for each in journal.lock_table(table_id).inquiries if (each.kind, each.state) == (kind, "open")]
    return waiting[-1] if waiting else "none"


def at_task(verb, *, person=False, **fixed):
    """Make an act at one of the open tasks, with a colleague where it needs one."""

    def act(journal, table_id, *, command_id, **words):
        number = command_id.int
        more = {"person": _person(journal, table_id, number)} if person else {}
        task = _task(journal, table_id, number)
        return verb(journal, table_id, task=task, command_id=command_id, **more, **fixed, **words)

    return act


def plain(verb, **fixed):
    def act(journal, table_id, **words):
        return verb(journal, table_id, **fixed, **words)

    return act


def unseen(verb):
    """Make an act that needs no look before it: opening, reading."""

    def act(journal, table_id, *, seen, **words):
        return verb(journal, table_id, **words)

    return act


def answering(verb, kind, **fixed):
    def act(journal, table_id, **words):
        return verb(journal, table_id, request=_request(journal, table_id, kind), **fixed, **words)

    return act


def add_signer(journal, table_id, *, command_id, **words):
    how = chosen(("before", "after", "parallel"), command_id.int // 11)
    return at_task(signers.add_signer, person=True, how=how, reason=REASON)(
        journal, table_id, command_id=command_id, **words
    )


def copy(journal, table_id, *, command_id, **words):
    person = _person(journal, table_id, command_id.int)
    return asking.send_copies(journal, table_id, people=(person,), command_id=command_id, **words)


def suspend(journal, table_id, **words):
    until = beijing_date(journal.at) + timedelta(days=20)
    return pausing.suspend_table(journal, table_id, until=until, reason=REASON, **words)


def ask_extension(journal, table_id, **words):
    until = beijing_date(journal.at) + timedelta(days=60)
    return at_task(pausing.ask_extension, until=until, reason=REASON)(journal, table_id, **words)


def system(verb, *, at_a_task=True):
    """Make the system's act, whoever asks."""

    def act(journal, table_id, *, command_id, seen, by):
        more = {"task": _task(journal, table_id, command_id.int)} if at_a_task else {}
        return verb(journal, table_id, command_id=command_id, **more)

    return act


HANDS = {
    "open": (Action.OPEN_TASK, unseen(holding.open_task)),
    "claim": (Action.CLAIM, at_task(holding.claim_task)),
    "release": (Action.RELEASE, at_task(holding.release_task)),
    "transfer": (Action.TRANSFER, at_task(holding.transfer_task, person=True, reason=REASON)),
    "reassign": (Action.REASSIGN, at_task(holding.reassign_task, person=True, reason=REASON)),
    "delegate": (Action.DELEGATE, at_task(holding.delegate_task, person=True, reason=REASON)),
    "answer_delegation": (Action.ANSWER_DELEGATION, at_task(holding.answer_delegation, opinion=REASON)),
    "end_delegation": (Action.END_DELEGATION, at_task(holding.end_delegation)),
    "add_signer": (Action.ADD_SIGNER, add_signer),
    "remove_signer": (Action.REMOVE_SIGNER, at_task(signers.remove_signer, reason=REASON)),
    "recall": (Action.RECALL, plain(recalling.recall_decision, reason=REASON)),
    "ask_withdrawal": (Action.ASK_WITHDRAWAL, plain(recalling.ask_to_withdraw, reason=REASON)),
    "ask_opinion": (Action.ASK_OPINION, at_task(asking.ask_opinion, person=True, question=REASON)),
    "give_opinion": (Action.GIVE_OPINION, answering(asking.give_opinion, OPINION, opinion=REASON)),
    "copy": (Action.COPY, copy),
    "read_copy": (Action.READ_COPY, unseen(asking.read_copies)),
    "urge": (Action.URGE, at_task(pausing.urge_task)),
    "ask_extension": (Action.ASK_EXTENSION, ask_extension),
    "grant_extension": (Action.GRANT_EXTENSION, answering(pausing.grant_extension, EXTENSION)),
    "refuse_extension": (Action.REFUSE_EXTENSION, answering(pausing.refuse_extension, EXTENSION, reason=REASON)),
    "suspend": (Action.SUSPEND, suspend),
    "resume": (Action.RESUME, plain(pausing.resume_table)),
    "release_expired": (None, system(holding.release_expired)),
    "resume_expired": (None, system(pausing.resume_expired, at_a_task=False)),
    "mark_unassignable": (None, system(mark_unassignable, at_a_task=False)),
}
"""Name -> the action that the lifecycle is asked about (None: the system's own), and the act."""
HAND_VERBS = {name: verb for name, (_, verb) in HANDS.items()}


def open_hands(people, table):
    """Return the acts with tasks that the lifecycle says are open, each with who may."""
    return [
        (name, person) for name, (action, _) in HANDS.items() for person in people
        if action and decide(person, table, action).allowed
    ]  # fmt: skip
