"""The auditor's handbook, docs/audit.md, done word for word: by a reader beside a running demonstration and a year."""

import json
import re
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from datetime import datetime
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, ProxyHandler, build_opener

import pytest

from tests.support.cluster import short_folder
from tests.support.handbook import NOBODY, Running, Said, command, commands, numbered, run, up
from workflows.ledger.assembly import assembled
from workflows.ledger.keys import VerifyingKey
from workflows.ledger.notes import parse_checkpoint, parse_note
from workflows.workdays import BEIJING

CLEAN = ["核对完毕：所列各项没有发现改动（0）", "done: the checks listed found nothing changed (0)"]
NO_NOTE_GIVEN = "! 没有给出外部检查点（--anchor）：若有人换了密钥并重写了全部台账，仅凭本包看不出来！"


@pytest.fixture
def folder() -> Iterator[Path]:
    with short_folder() as made:
        yield made


def empty(folder: Path, *files: Path) -> Path:
    """A new folder that holds verify.py as the source gives it, and these files."""
    made = folder / f"desk{len(list(folder.glob('desk*')))}"
    made.mkdir()
    (made / "verify.py").write_bytes(assembled())
    for file in files:
        shutil.copy(file, made)
    return made


def member(bundle: Path, name: str) -> bytes:
    with zipfile.ZipFile(bundle) as opened:
        return opened.read(name)


def manifest(bundle: Path) -> dict:
    return json.loads(member(bundle, "manifest.json"))


def events(bundle: Path) -> list[dict]:
    return [json.loads(line) for line in member(bundle, "events.jsonl").splitlines()]


def words(said: Said) -> list[str]:
    """The lines by which the verifier ends: the verdict in two languages."""
    return said.out.splitlines()[-2:]


def size_of(note: str) -> int:
    return parse_checkpoint(parse_note(note).body).size


def taken(house: Running, folder: Path, name: str = "checkpoint.txt") -> Path:
    """A note copied out of the anchor directory's notes, as somebody did at that time."""
    newest = max((house.anchors / "notes").iterdir())
    return Path(shutil.copy(newest, folder / name))


def exported(house: Running, folder: Path) -> Path:
    said = run(command("python3 -m service export-log"), folder, "--data-dir", str(house.data))
    bundle = folder / "evidence.zip"
    assert (said.code, said.error) == (0, "")
    told = manifest(bundle)
    size, root, count = told["size"], told["root"], told["counts"]["events"]
    assert re.sub(r"（[\d.]+ MB）", "", said.out).splitlines()[:2] == [f"已导出 evidence.zip：{count} 条记录，台账共 {size} 条。", f"树根 {root}"]
    return bundle


def altered(bundle: Path, into: Path, change: Mapping[bytes, bytes]) -> Path:
    """A copy of the bundle in which bytes of the events are others, as if the log had been like that."""
    with zipfile.ZipFile(bundle) as old, zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "events.jsonl":
                for before, after in change.items():
                    assert data.count(before) > 0
                    data = data.replace(before, after, 1)
            new.writestr(name, data)
    return into


def receipt(house: Running, login: str, table: str, version: int, into: Path) -> Path:
    """The receipt that the person of an event takes home from the pages."""
    password = next(each["password"] for each in house.accounts)
    browser = build_opener(ProxyHandler({}), HTTPCookieProcessor(CookieJar()))
    door = browser.open(f"{house.address}login").read().decode()
    token = re.search(r'name="csrf_token" value="([^"]+)"', door)[1]
    browser.open(f"{house.address}login", urlencode({"csrf_token": token, "login": login, "password": password}).encode()).close()
    into.write_bytes(browser.open(f"{house.address}tables/{table}/receipts/{version}").read())
    return into


def check_the_bundle(bundle: Path, note: Path, folder: Path) -> None:
    """Command 2, and every row of its table of exit codes."""
    line = command("python3 -I verify.py evidence.zip --anchor checkpoint.txt")
    desk = empty(folder, bundle, note)
    good = run(line, desk)
    assert (good.code, words(good), good.error) == (0, CLEAN, "")
    assert [each for each in good.out.splitlines() if each.endswith(("✗ 有问题 failed", "– 未核对 not checked"))] == [
        each for each in good.out.splitlines() if "[places]" in each]  # fmt: skip
    assert NO_NOTE_GIVEN not in good.out
    alone = run(line.partition(" --anchor")[0], desk)
    assert (alone.code, words(alone), NO_NOTE_GIVEN in alone.out.splitlines()) == (0, CLEAN, True)
    changed = empty(folder, note)
    altered(bundle, changed / "evidence.zip", {b'"subject":"table"': b'"subject":"tablf"'})
    bad = run(line, changed)
    assert (bad.code, words(bad)[1]) == (1, "TAMPERED: the log or this bundle was changed (1)")
    wrong = run(line.replace("checkpoint.txt", "nothing.txt"), desk)
    assert (wrong.code, wrong.out) == (3, "")


def check_an_old_bundle(bundle: Path, newer: Path, folder: Path) -> None:
    """A bundle that was exported before the checkpoint was signed is told to be incomplete, by how many events."""
    desk = empty(folder, bundle)
    shutil.copy(newer, desk / "checkpoint.txt")
    old = run(command("python3 -I verify.py evidence.zip --anchor checkpoint.txt"), desk)
    missing = size_of(newer.read_text()) - manifest(bundle)["size"]
    assert (old.code, words(old)[1]) == (2, "INCOMPLETE: this bundle does not hold all that is needed (2)")
    assert f"外部检查点比本包多 {missing} 条记录，须取得更新的包" in old.out


def check_a_table(bundle: Path, note: Path, folder: Path, table: str) -> None:
    """Command 3 with a real ID for the zeros: the events of the table, each in its place, and no other."""
    line = next(each for each in commands() if "--table" in each)
    said = run(line, empty(folder, bundle, note), **{NOBODY: table})
    told = said.out[said.out.index(f"{table}:") :].splitlines()
    of_it = [(index, event) for index, event in enumerate(events(bundle)) if event["stream"] == table]
    assert said.code == 0
    assert [line.split()[:2] for line in told[1:]] == [[str(index), str(event["version"])] for index, event in of_it]
    assert [line.split()[-1] for line in told[1:]] == [event["kind"] for _, event in of_it]


def check_the_posts(house: Running, bundle: Path, folder: Path) -> None:
    """Command 4 for its own day, and for today as the grants of the bundle give it."""
    line = command("python3 -m service access")
    day = line.split()[-1]
    said = run(line, folder, "--data-dir", str(house.data))
    assert (said.code, said.out.startswith(f"截至 {day} 23:59:59（北京时间），共 ")) == (0, True)
    today = datetime.now(BEIJING).date().isoformat()
    now = run(line.replace(day, "2100-01-01"), folder, "--data-dir", str(house.data))
    kinds = [event["kind"] for event in events(bundle)]
    held = kinds.count("grant.given") - kinds.count("grant.revoked")
    assert (now.code, f"共 {held} 个岗位：" in now.out.splitlines()[0], len(now.out.splitlines())) == (0, True, held + 1)
    assert run(line.replace(day, today), folder, "--data-dir", str(house.data), "--csv").code == 0


def restored(house: Running, folder: Path, note: Path, *more: str) -> Said:
    line = command("python3 -m service restore")
    assert line.split()[-3:] == ["restored", "--anchor", note.name]
    return run(line, folder, *more)


def backed_up(house: Running, folder: Path) -> None:
    said = run(command("python3 -m service backup"), folder, "--data-dir", str(house.data))
    assert (said.code, said.out.startswith("已备份到 backup.zip（")) == (0, True)


def goes_on(folder: Path, note: Path, newer: Path, key: Path) -> None:
    """The restored installation starts, is ready, and signs on under the log's own key.

    Its log begins with what the original's notes cover, also with the one over the backup's own trace.
    """
    before = note.read_text()
    with up(folder / "restored", folder) as again:
        assert {name: check["ok"] for name, check in again.ready().items()} == dict.fromkeys(
            ("database", "migrations", "sealer", "catalog", "checkpoints", "broker"), True)  # fmt: skip
        size = manifest_of_backup(folder)["size"]
        newest = again.note_over(size)
        log = VerifyingKey.from_vkey((again.anchors / "vkeys").read_text().split()[0])
        assert log.signature_on(parse_note(newest)) is not None
        assert log.signature_on(parse_note(before)) is not None
        assert (again.data / "keys" / "log.key").read_text() == key.read_text()
        assert not (again.anchors / "alarm.json").exists()
        (folder / "evidence.zip").unlink()
        bundle = exported(again, folder)
        line = command("python3 -I verify.py evidence.zip --anchor checkpoint.txt")
        said = run(line, empty(folder, bundle, note, newer), "--anchor", newer.name)
        assert (said.code, words(said)) == (0, CLEAN)
        assert [event["kind"] for event in events(bundle)[size:]][:2] == ["backup.taken", "backup.restored"]


def manifest_of_backup(folder: Path) -> dict:
    return manifest(folder / "backup.zip")


def after_the_backup(house: Running, folder: Path) -> Path:
    """A note over the backup's own trace, which is the only event after what the backup covers."""
    house.note_over(manifest_of_backup(folder)["size"])
    return taken(house, folder, "newer.txt")


def told_of(bundle: Path) -> tuple[str, int, str]:
    """A table of the bundle, one of its versions, and who made that event."""
    event = next(each for each in events(bundle) if each["kind"] == "table.imported")
    return event["stream"], event["version"], event["actor"]["id"]


def test_the_page_has_five_commands_and_says_them_in_order():
    assert [line.split()[2:4] for line in numbered()] == [
        ["service", "export-log"], ["verify.py", "evidence.zip"], ["verify.py", "evidence.zip"], ["service", "access"],
        ["service", "restore"]]  # fmt: skip
    verbs = [line for line in commands() if line not in numbered()]
    assert verbs == ["python3 -m workflows.ledger.assembly > verify.py", "python3 -I verify.py receipt.zip", "python3 -m service backup backup.zip",
                     "python3 -m service up --data-dir restored"]  # fmt: skip


def test_the_handbook_beside_a_running_demonstration(folder: Path) -> None:
    with up(folder / "data", folder) as house:
        house.note_over(10)
        note = taken(house, folder)
        bundle = exported(house, folder)
        check_the_bundle(bundle, note, folder)
        table, version, person = told_of(bundle)
        check_a_table(bundle, note, folder, table)
        paper = receipt(house, person, table, version, folder / "receipt.zip")
        said = run(command("python3 -I verify.py receipt.zip"), empty(folder, paper))
        assert (said.code, words(said), manifest(paper)["scope"]) == (0, CLEAN, {"kind": "event", "stream": table, "version": version})
        check_the_posts(house, bundle, folder)
        backed_up(house, folder)
        newer = after_the_backup(house, folder)
        check_an_old_bundle(bundle, newer, folder)
        key = Path(shutil.copy(house.data / "keys" / "log.key", folder))
    said = restored(house, folder, note)
    assert (said.code, "已与 1 个外部检查点核对一致" in said.out) == (0, True)
    shutil.rmtree(folder / "restored")
    said = restored(house, folder, note, "--log-key", str(key))
    assert (said.code, said.last) == (0, f"启动：python3 -m service up --data-dir {folder / 'restored'}")
    goes_on(folder, note, newer, key)


@pytest.mark.long
@pytest.mark.timeout(1200)
def test_the_handbook_over_a_whole_year(folder: Path) -> None:
    """The same over the simulated year of all sample tables, whose folder `up` opens afterwards."""
    data = folder / "data"
    walked = run("python3 -m service year --json", folder, "--data-dir", str(data))
    assert (walked.code, json.loads(walked.out)["ok"]) == (0, True)
    with up(data, folder) as house:
        assert all(check["ok"] for check in house.ready().values())
        note = taken(house, folder)
        bundle = exported(house, folder)
        assert manifest(bundle)["mode"] == "simulation"
        check_the_bundle(bundle, note, folder)
        check_a_table(bundle, note, folder, told_of(bundle)[0])
        check_the_posts(house, bundle, folder)
        backed_up(house, folder)
        newer = after_the_backup(house, folder)
        key = Path(shutil.copy(house.data / "keys" / "log.key", folder))
    assert restored(house, folder, note, "--log-key", str(key)).code == 0
    goes_on(folder, note, newer, key)
