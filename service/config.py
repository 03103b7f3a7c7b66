"""The settings of the web, read from the environment once when the application is made."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from workflows.anchors.places import anchor_directory
from workflows.delivery.endpoints import Endpoint, endpoints_in
from workflows.delivery.quiet import SHIPPED, Quiet, bureau_quiet
from workflows.errors import GoaltrailError

MODES = ("demo", "simulation", "production")
LARGEST_UPLOAD = 20 * 1024 * 1024


class SettingMissing(GoaltrailError):
    """缺少运行所需的设置。"""


@dataclass(frozen=True)
class Settings:
    """What one web process needs to know; URLs as the brief of the starter spells them."""

    database_url: str
    secret_key: str
    data_directory: Path
    mode: str = "production"
    redis_url: str | None = None
    smtp_url: str | None = None
    https: bool = False
    anchor_directory: Path | None = None
    tokens_may_decide: bool = False
    chain: str = "standard"
    endpoints: tuple[Endpoint, ...] = ()
    quiet: Quiet | None = SHIPPED

    @property
    def anchors(self) -> Path:
        """Where the signed notes lie outside the database: as set, else in the data directory."""
        return self.anchor_directory or self.data_directory / "anchors"

    @property
    def demo(self) -> bool:
        """Whether this installation shows its demonstration accounts."""
        return self.mode == "demo"

    @property
    def mail_folder(self) -> Path:
        """Where messages are dropped as .eml while no mail server is set."""
        return self.data_directory / "mail"

    @property
    def limiter_storage(self) -> str:
        """The limiter's spelling of the broker's address, or its own memory where there is none."""
        if not self.redis_url:
            return "memory://"
        return self.redis_url.replace("unix://", "redis+unix://", 1)


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Settings of an environment; raises SettingMissing with the name of what is not there."""
    mode = environment.get("GOALTRAIL_MODE", "production")
    if mode not in MODES:
        raise SettingMissing(f"GOALTRAIL_MODE 只能是 {'、'.join(MODES)}。")
    return Settings(
        database_url=_needed(environment, "GOALTRAIL_DATABASE_URL"),
        secret_key=_secret(Path(_needed(environment, "GOALTRAIL_SECRET_KEY"))),
        data_directory=Path(_needed(environment, "GOALTRAIL_DATA_DIR")),
        mode=mode,
        redis_url=environment.get("GOALTRAIL_REDIS_URL"),
        smtp_url=environment.get("GOALTRAIL_SMTP_URL"),
        https=environment.get("GOALTRAIL_HTTPS") == "1",
        anchor_directory=anchor_directory(environment, Path(_needed(environment, "GOALTRAIL_DATA_DIR"))),
        tokens_may_decide=tokens_may_decide(environment),
        chain=environment.get("GOALTRAIL_CHAIN") or Settings.chain,
        endpoints=endpoints_in(environment),
        quiet=bureau_quiet(environment.get("GOALTRAIL_QUIET_HOURS"), mode),
    )


def tokens_may_decide(environment: Mapping[str, str]) -> bool:
    """Whether this installation lets programs decide with a token."""
    return environment.get("GOALTRAIL_TOKENS_MAY_DECIDE") == "1"


def _needed(environment: Mapping[str, str], name: str) -> str:
    value = environment.get(name, "")
    if not value:
        raise SettingMissing(f"缺少环境变量 {name}。")
    return value


def _secret(file: Path) -> str:
    try:
        secret = file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingMissing("无法读取 GOALTRAIL_SECRET_KEY 所指的密钥文件。") from error
    if len(secret) < 32:
        raise SettingMissing("密钥文件中的密钥不足 32 个字符。")
    return secret
