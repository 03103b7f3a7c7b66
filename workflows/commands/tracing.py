"""The traces that those who run and read the system leave: verbs that put each fact on its own stream of the log.

Traces lie on streams of the subject `log`, one for each person (sign-ins, reads, password resets) and one for the
installation (owner's rights, schema, clocks, exports, backups). A person's stream of the subject `person` holds grants
only, so that a part of the log can be given away without the traces.
"""

from datetime import datetime
from uuid import UUID, uuid5

from workflows import events as e
from workflows.events import Event, Recorded
from workflows.journal import Command, Journal
from workflows.ledger.hashes import moment
from workflows.vocabulary import SYSTEM, Actor, Post, Role
from workflows.workdays import beijing_date

LOG = "log"
TRACES = UUID("9d1c6a52-7f0e-5b3a-8c44-2e6b7d90f1a5")
"""Namespace of the persons' trace streams, and of the commands whose fact is recorded once."""
INSTALLATION = UUID("3c0f9e71-58d2-5a66-9b1d-70c4a1e2d893")
"""The installation's own stream."""
AUDIT_ROLES = frozenset({Role.OBSERVER, Role.AUDIT_ADMIN})
"""Whose reading is recorded (features D11)."""
NO_POST = Post(Role.PUBLIC, "")
"""Under which a person is recorded who holds no post (any more)."""


def trace_stream(person: str) -> UUID:
    """Return the stream on which a person's traces lie."""
    return uuid5(TRACES, person)


def post_of(by: Actor) -> Post:
    """Return the post under which a trace names a person: the first one held, or none."""
    return by.posts[0] if by.posts else NO_POST


def once(*said: object) -> UUID:
    """Return the command id of a fact that is recorded once, however often it is told."""
    return uuid5(TRACES, "\n".join(map(str, said)))


def note_signed_in(journal: Journal, *, by: Actor, session_sha256: str, address: str) -> Recorded:
    """Record that a person came in: the session by its hash (hex), the address as words that can be erased."""
    fact = e.SignedIn(by.id, session_sha256, address)
    return _note(journal, trace_stream(by.id), fact, by, once("signed_in", session_sha256))


def note_sign_in_failed(
    journal: Journal, *, person: str, failures: int, address: str, command_id: UUID
) -> Recorded:
    """Record that wrong passwords for a known account earned a pause; nobody knows who typed them."""
    return _note(journal, trace_stream(person), e.SignInFailed(person, failures, address), SYSTEM, command_id)


def note_password_reset(journal: Journal, *, person: str, by: Actor, command_id: UUID) -> Recorded:
    """Record a new password, set by the person or by somebody who runs the system."""
    return _note(journal, trace_stream(person), e.PasswordReset(person, by.id == person), by, command_id)


def note_disabled(journal: Journal, *, person: str, reason: str, by: Actor, command_id: UUID) -> Recorded:
    """Record that an account was closed."""
    return _note(journal, trace_stream(person), e.AccountDisabled(person, reason), by, command_id)


def note_enabled(journal: Journal, *, person: str, reason: str, by: Actor, command_id: UUID) -> Recorded:
    """Record that a closed account was opened again."""
    return _note(journal, trace_stream(person), e.AccountEnabled(person, reason), by, command_id)


def note_token_issued(
    journal: Journal, *, token: str, purpose: str, scopes: tuple[str, ...], ends_at: str, by: Actor, command_id: UUID
) -> Recorded:
    """Record that a person made a token for a program: its ID, what it opens and until when (UTC ISO)."""
    fact = e.TokenIssued(by.id, token, purpose, scopes, ends_at)
    return _note(journal, trace_stream(by.id), fact, by, command_id)


def note_token_revoked(journal: Journal, *, token: str, by: Actor, command_id: UUID) -> Recorded:
    """Record that a person ended a token of his own."""
    return _note(journal, trace_stream(by.id), e.TokenRevoked(by.id, token), by, command_id)


def note_mobile_changed(journal: Journal, *, change: str, by: Actor, command_id: UUID) -> Recorded:
    """Record that a person gave, changed or took away (`set`, `changed`, `removed`) his mobile number, without it."""
    return _note(journal, trace_stream(by.id), e.MobileChanged(by.id, change), by, command_id)


def note_owner_used(
    journal: Journal, *, purpose: str, revision: str, fingerprint: str, by: Actor, command_id: UUID
) -> Recorded:
    """Record a use of the database owner's rights: how the ledger's schema stands from now on (hex fingerprint)."""
    return _note(journal, INSTALLATION, e.OwnerUsed(purpose, revision, fingerprint), by, command_id)


def note_catalog_changed(journal: Journal, *, expected: str, found: str, after: int) -> Recorded:
    """Record a schema found other than expected, once for each finding: `after` is the version it was held against."""
    command = once("catalog", after, found)
    return _note(journal, INSTALLATION, e.CatalogChanged(expected, found), SYSTEM, command)


def note_clock_jumped(journal: Journal, *, seconds: str, process: str, command_id: UUID) -> Recorded:
    """Record that the wall clock left the steady one, by seconds as a decimal text, backwards negative."""
    return _note(journal, INSTALLATION, e.ClockJumped(seconds, process), SYSTEM, command_id)


def note_clock_moved(journal: Journal, *, to: datetime) -> Recorded:
    """Record that a demo's or simulation's clock is about to be moved; before the move, in the same transaction."""
    return _note(journal, INSTALLATION, e.ClockMoved(moment(to)), SYSTEM, once("clock", moment(to)))


def note_audit_read(journal: Journal, *, by: Actor, what: str, table: UUID | None = None) -> Recorded:
    """Record that somebody read for an audit: once a day (Beijing) for each person, thing and table."""
    stream, day = trace_stream(by.id), beijing_date(journal.now()).isoformat()
    command = once("read", by.id, what, table, day)
    already = journal.recorded(stream, command)
    if already:
        return already[0]
    return _note(journal, stream, e.AuditRead(what, str(table) if table else None, day), by, command)


def note_exported(
    journal: Journal, *, scope: str, size: int, root: str, events: int, by: Actor, command_id: UUID
) -> Recorded:
    """Record that a bundle of the log left the system: the log's size and root (hex), how many events went along."""
    return _note(journal, INSTALLATION, e.AuditExported(scope, size, root, events), by, command_id)


def note_backup_taken(journal: Journal, *, size: int, root: str, by: Actor, command_id: UUID) -> Recorded:
    """Record that a backup was taken of the sealed log at this size and root (hex)."""
    return _note(journal, INSTALLATION, e.BackupTaken(size, root), by, command_id)


def note_backup_restored(
    journal: Journal, *, size: int, root: str, anchored: int | None, by: Actor, command_id: UUID
) -> Recorded:
    """Record that a backup was restored; `anchored`: the size of the newest outside note, None where there is none."""
    return _note(journal, INSTALLATION, e.BackupRestored(size, root, anchored), by, command_id)


def _note(journal: Journal, stream: UUID, fact: Event, by: Actor, command_id: UUID) -> Recorded:
    (recorded,) = journal.append(stream, LOG, (fact,), Command(by, post_of(by), command_id))
    return recorded
