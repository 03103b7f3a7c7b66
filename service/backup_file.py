"""The backup as one file: a ZIP of table rows, the notes that were outside, and a manifest that says what it holds."""

import hashlib
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from workflows.errors import GoaltrailError

FORMAT = 1
PRODUCT = "goaltrail-backup"
MANIFEST = "manifest.json"
BLOCK = 1 << 20


class BackupDamaged(GoaltrailError):
    """备份文件已损坏或不是本系统的备份，未作任何改动。"""


@dataclass
class Manifest:
    """What a backup holds: the schema's revision, the log's name, size and root (hex), and each member's SHA-256."""

    revision: str
    mode: str
    log_id: str
    origin: str
    size: int
    root: str
    made_at: str
    members: dict[str, str] = field(default_factory=dict)
    format: int = FORMAT
    product: str = PRODUCT


class BackupWriter:
    """Writes members one after the other and the manifest last; under a temporary name until it is whole."""

    def __init__(self, path: Path, manifest: Manifest) -> None:
        """Begin the file beside its final place."""
        self.path, self.manifest = path, manifest
        self.unfinished = path.with_name(f"{path.name}.new")
        self.archive = zipfile.ZipFile(self.unfinished, "w", zipfile.ZIP_DEFLATED, compresslevel=3)

    def put(self, name: str, blocks: Iterator[bytes]) -> None:
        """Write one member."""
        digest = hashlib.sha256()
        with self.archive.open(name, "w", force_zip64=True) as member:
            for block in blocks:
                digest.update(block)
                member.write(block)
        self.manifest.members[name] = digest.hexdigest()

    def finish(self) -> Path:
        """Write the manifest and give the file its name."""
        self.archive.writestr(MANIFEST, json.dumps(asdict(self.manifest), ensure_ascii=False, indent=1))
        self.archive.close()
        return self.unfinished.rename(self.path)

    def give_up(self) -> None:
        """Leave nothing behind."""
        self.archive.close()
        self.unfinished.unlink(missing_ok=True)


class BackupReader:
    """A backup whose manifest was read and whose every member was found whole."""

    def __init__(self, path: Path) -> None:
        """Open and check; raises BackupDamaged."""
        try:
            self.archive = zipfile.ZipFile(path)
            said = json.loads(self.archive.read(MANIFEST))
            if (said.get("product"), said.get("format")) != (PRODUCT, FORMAT):
                raise BackupDamaged(f"{path} 不是本系统的备份文件，未作任何改动。")
            self.manifest = Manifest(**said)
            for name, digest in self.manifest.members.items():
                self._check(name, digest)
        except FileNotFoundError as missing:
            raise BackupDamaged(f"没有找到备份文件 {path}。") from missing
        except (OSError, zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError) as broken:
            raise BackupDamaged(f"备份文件 {path} 已损坏或不是本系统的备份，未作任何改动。") from broken

    def blocks(self, name: str) -> Iterator[bytes]:
        """Yield a member's bytes."""
        with self.archive.open(name) as member:
            while block := member.read(BLOCK):
                yield block

    def members(self, prefix: str) -> Mapping[str, bytes]:
        """Return the small members below a folder, by their names in it."""
        names = (name for name in self.manifest.members if name.startswith(prefix))
        return {name.removeprefix(prefix): self.archive.read(name) for name in names}

    def _check(self, name: str, digest: str) -> None:
        found = hashlib.sha256()
        for block in self.blocks(name):
            found.update(block)
        if found.hexdigest() != digest:
            raise BackupDamaged(f"备份中的 {name} 与其校验值不符，未作任何改动。")
