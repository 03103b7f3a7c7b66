"""Facts about those who run and read the system: who came in, who used the owner's rights, who read, what was taken."""

from dataclasses import dataclass

from workflows.events.fact import Event


@dataclass(frozen=True)
class SignedIn(Event):
    """A person came in; the session by its hash, the address as far as the server saw it."""

    kind = "account.signed_in"
    erasable = ("address",)
    person: str
    session_sha256: str
    address: str


@dataclass(frozen=True)
class SignInFailed(Event):
    """Wrong passwords earned a pause; written once for each pause, not for each attempt."""

    kind = "account.sign_in_failed"
    erasable = ("address",)
    person: str
    failures: int
    address: str


@dataclass(frozen=True)
class PasswordReset(Event):
    """A password was set anew, by the person or by an administrator; all sessions ended with it."""

    kind = "account.password_reset"
    person: str
    by_self: bool


@dataclass(frozen=True)
class AccountDisabled(Event):
    """An account was closed."""

    kind = "account.disabled"
    erasable = ("reason",)
    person: str
    reason: str


@dataclass(frozen=True)
class AccountEnabled(Event):
    """A closed account was opened again."""

    kind = "account.enabled"
    erasable = ("reason",)
    person: str
    reason: str


@dataclass(frozen=True)
class TokenIssued(Event):
    """A person made a token for a program: what it is for, what it opens, until when (UTC ISO); never the secret."""

    kind = "account.token_issued"
    erasable = ("purpose",)
    person: str
    token: str
    purpose: str
    scopes: tuple[str, ...]
    ends_at: str


@dataclass(frozen=True)
class TokenRevoked(Event):
    """A person ended a token before its time."""

    kind = "account.token_revoked"
    person: str
    token: str


@dataclass(frozen=True)
class MobileChanged(Event):
    """A person gave, changed or took away the mobile number for text messages; never the number itself."""

    kind = "account.mobile_changed"
    person: str
    change: str


@dataclass(frozen=True)
class OwnerUsed(Event):
    """The database owner's rights were used; the schema stood at this revision and fingerprint afterwards."""

    kind = "owner.used"
    purpose: str
    revision: str
    fingerprint: str


@dataclass(frozen=True)
class CatalogChanged(Event):
    """The ledger's schema was found other than the last use of the owner's rights had left it."""

    kind = "catalog.changed"
    expected: str
    found: str


@dataclass(frozen=True)
class ClockJumped(Event):
    """A process saw the wall clock leave the steady clock; seconds as a decimal string, backwards negative."""

    kind = "clock.jumped"
    seconds: str
    process: str


@dataclass(frozen=True)
class ClockMoved(Event):
    """The virtual clock of a demo or simulation was moved forwards."""

    kind = "clock.moved"
    to: str


@dataclass(frozen=True)
class AuditRead(Event):
    """Somebody with an audit post read; written once a day for each person and thing read."""

    kind = "audit.read"
    what: str
    table: str | None
    day: str


@dataclass(frozen=True)
class AuditExported(Event):
    """A bundle of the log left the system."""

    kind = "audit.exported"
    scope: str
    size: int
    root: str
    events: int


@dataclass(frozen=True)
class BackupTaken(Event):
    """A backup was taken when the sealed log had this size and root."""

    kind = "backup.taken"
    size: int
    root: str


@dataclass(frozen=True)
class BackupRestored(Event):
    """A backup was restored; `anchored` is the size of the newest outside note that it was held against."""

    kind = "backup.restored"
    size: int
    root: str
    anchored: int | None
