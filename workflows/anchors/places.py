"""Where anchors, the log's key and a witness's own files lie: as the environment says, else in the data directory."""

from collections.abc import Mapping
from pathlib import Path

ANCHORS, LOG_KEY, WITNESS = "GOALTRAIL_ANCHOR_DIR", "GOALTRAIL_LOG_KEY", "GOALTRAIL_WITNESS_DIR"
WITNESS_URLS, WITNESS_LISTEN = "GOALTRAIL_WITNESS_URLS", "GOALTRAIL_WITNESS_LISTEN"


def anchor_directory(environment: Mapping[str, str], data_directory: Path) -> Path:
    """Return where notes lie outside of the database: better on another disk or host than the data directory."""
    return Path(environment.get(ANCHORS) or data_directory / "anchors")


def log_key_file(environment: Mapping[str, str], data_directory: Path) -> Path:
    """Return the file of the log's signing key."""
    return Path(environment.get(LOG_KEY) or data_directory / "keys" / "log.key")


def witness_directory(environment: Mapping[str, str], data_directory: Path) -> Path:
    """Return where a witness keeps its key and what it has seen."""
    return Path(environment.get(WITNESS) or data_directory / "witness")


def url_of(listen: str) -> str:
    """Return the address at which a witness that listens there (`unix:/path` or `host:port`) is asked."""
    return listen if listen.startswith("unix:") else f"http://{listen}"


def witness_urls(environment: Mapping[str, str]) -> list[str]:
    """Return the witnesses to be asked: `http://host:port`, `https://host` or `unix:/path`, parted by commas."""
    return [url.strip() for url in environment.get(WITNESS_URLS, "").split(",") if url.strip()]
