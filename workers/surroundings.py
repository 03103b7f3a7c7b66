"""What a worker process finds around it: the environment's settings, read when first asked for, and its engine."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from sqlalchemy import Engine

from workers.channels.doors import doors_of
from workers.channels.letter import Outgoing
from workers.channels.mail import MailFolder, SmtpServer
from workflows.anchors.places import anchor_directory
from workflows.delivery.endpoints import Endpoint, endpoints_in
from workflows.delivery.quiet import SHIPPED, Quiet, bureau_quiet
from workflows.errors import GoaltrailError
from workflows.retention import Retention, read_retention
from workflows.store.transaction import make_engine


class SettingMissing(GoaltrailError):
    """缺少运行所需的设置。"""


@dataclass(frozen=True)
class Settings:
    """The settings of one worker process; a lease is how long (real seconds) a piece of work is its own."""

    database_url: str
    data_directory: Path
    smtp_url: str | None = None
    sender: str = "goaltrail@localhost"
    lease_seconds: float = 30.0
    look_seconds: float = 0.2
    ready_file: Path | None = None
    retention: Retention = field(default_factory=Retention)
    anchor_directory: Path | None = None
    endpoints: tuple[Endpoint, ...] = ()
    quiet: Quiet | None = SHIPPED
    public_url: str = ""
    mail_authorities: Path | None = None

    @property
    def anchors(self) -> Path:
        """Where the signed notes lie outside the database."""
        return self.anchor_directory or self.data_directory / "anchors"

    @property
    def snapshot_folder(self) -> Path:
        """Where the dated snapshots of all tables lie."""
        return self.data_directory / "snapshots"

    @property
    def outgoing(self) -> Outgoing:
        """The door to the mail server, or the folder of .eml files where none is set; it gives up before a lease."""
        if self.smtp_url:
            timeout = min(20.0, self.lease_seconds * 2 / 3)
            return SmtpServer(self.smtp_url, timeout, self.mail_authorities)
        return MailFolder(self.data_directory / "mail")

    @property
    def others(self) -> Mapping[str, Outgoing]:
        """The doors of the channels that the operator set up."""
        return doors_of(self.endpoints, self.lease_seconds)


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Return the settings of an environment; SettingMissing names what is not there, RetentionTooShort the rule."""
    for name in ("GOALTRAIL_DATABASE_URL", "GOALTRAIL_DATA_DIR"):
        if not environment.get(name):
            raise SettingMissing(f"请设置 {name}。", name=name)
    ready, authorities = environment.get("GOALTRAIL_READY_FILE"), environment.get("GOALTRAIL_MAIL_AUTHORITIES")
    return Settings(
        database_url=environment["GOALTRAIL_DATABASE_URL"],
        data_directory=Path(environment["GOALTRAIL_DATA_DIR"]),
        smtp_url=environment.get("GOALTRAIL_SMTP_URL") or None,
        sender=environment.get("GOALTRAIL_MAIL_FROM") or Settings.sender,
        lease_seconds=float(environment.get("GOALTRAIL_LEASE_SECONDS") or Settings.lease_seconds),
        look_seconds=float(environment.get("GOALTRAIL_LOOK_SECONDS") or Settings.look_seconds),
        ready_file=Path(ready) if ready else None,
        retention=read_retention(environment),
        anchor_directory=anchor_directory(environment, Path(environment["GOALTRAIL_DATA_DIR"])),
        endpoints=endpoints_in(environment),
        quiet=bureau_quiet(environment.get("GOALTRAIL_QUIET_HOURS"), environment.get("GOALTRAIL_MODE", "simulation")),
        public_url=environment.get("GOALTRAIL_PUBLIC_URL", "").rstrip("/"),
        mail_authorities=Path(authorities) if authorities else None,
    )


@cache
def settings() -> Settings:
    """Return this process's settings."""
    return read_settings(os.environ)


@cache
def engine() -> Engine:
    """Return this process's engine; made when first asked for, so after a fork each child has its own."""
    return make_engine(settings().database_url, connections=2, name="goaltrail-worker")


def show_life() -> None:
    """Touch the ready file that the starter waits for, where one is named."""
    ready = os.environ.get("GOALTRAIL_READY_FILE")
    if ready:
        Path(ready).touch()
