"""Signing keys as files that only their owner reads."""

from collections.abc import Callable
from pathlib import Path

from workflows.anchors.disk import SECRET, Disk, ensure_folder, put_whole
from workflows.errors import NotANote
from workflows.ledger.keys import KeyKind, SigningKey


def read_key(file: Path) -> SigningKey | None:
    """Return the key in a file, None where there is no file; NotANote where it holds no key."""
    try:
        return SigningKey.from_text(file.read_text(encoding="utf-8").strip())
    except FileNotFoundError:
        return None
    except UnicodeDecodeError as damaged:
        raise NotANote(f"{file} 不是密钥文件。") from damaged


def make_key(disk: Disk, file: Path, name: str, kind: KeyKind, random: Callable[[int], bytes]) -> SigningKey:
    """Make a new key and keep it durably (0600) before it is used; OSError."""
    key = SigningKey.generate(name, kind, random)
    ensure_folder(disk, file.parent)
    put_whole(disk, file, f"{key.to_text()}\n".encode(), unfinished=file.parent, mode=SECRET)
    return key
