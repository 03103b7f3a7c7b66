"""Facts of the other subjects: replies, filing documents, grants, published definitions and packs."""

from dataclasses import dataclass

from workflows.events.fact import Event


@dataclass(frozen=True)
class ReplyIssued(Event):
    """One reply document covers these tables, each bound by its content hash."""

    kind = "reply.issued"
    shape = 2
    erasable = ("opinion",)
    doc_no: str
    tables: tuple[str, ...]
    content_hashes: tuple[str, ...]
    opinion: str


@dataclass(frozen=True)
class DocumentFiled(Event):
    """A filing document was taken in: its bytes by hash, its organ and year, its department part and its tables."""

    kind = "document.filed"
    name: str
    bytes_sha256: str
    size: int
    family: str
    bureau: str
    department: str
    unit: str
    year: int
    department_part: str | None
    tables: tuple[str, ...]
    undisclosed_tables: int
    findings: str


@dataclass(frozen=True)
class GrantGiven(Event):
    """A person received a post."""

    kind = "grant.given"
    person: str
    name: str
    role: str
    organ: str


@dataclass(frozen=True)
class GrantRevoked(Event):
    """A person lost a post."""

    kind = "grant.revoked"
    shape = 2
    erasable = ("reason",)
    person: str
    role: str
    organ: str
    reason: str


@dataclass(frozen=True)
class DefinitionProposed(Event):
    """A process administrator laid a version of a chain before the others; it is not in force (features M6)."""

    kind = "definition.proposed"
    name: str
    content_hash: str
    by: str


@dataclass(frozen=True)
class DefinitionPublished(Event):
    """A chain definition was published under its hash; the content lies in the content store."""

    kind = "definition.published"
    name: str
    content_hash: str


@dataclass(frozen=True)
class RulePackProposed(Event):
    """A process administrator laid a version of a rule pack before the others; it is not in force."""

    kind = "rule_pack.proposed"
    name: str
    content_hash: str
    by: str


@dataclass(frozen=True)
class RulePackPublished(Event):
    """A rule pack was published under its hash; the content lies in the content store."""

    kind = "rule_pack.published"
    name: str
    content_hash: str


@dataclass(frozen=True)
class CalendarProposed(Event):
    """A process administrator laid a calendar of working days before the others; it is not in force."""

    kind = "calendar.proposed"
    name: str
    content_hash: str
    by: str


@dataclass(frozen=True)
class CalendarPublished(Event):
    """A calendar of working days was published; its version is its content's hash."""

    kind = "calendar.published"
    name: str
    content_hash: str
