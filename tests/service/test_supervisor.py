"""`up` from outside: a real start with toy children, what it refuses, what it restarts, and what a kill -9 leaves."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from service.installation import PROJECT
from service.processes import arguments_of, procfile_lines
from tests.support.cluster import short_folder

TOY = PROJECT / "tests" / "support" / "Procfile.toy"


@pytest.fixture
def folder():
    with short_folder() as made:
        yield made


def free_port():
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return trial.getsockname()[1]


def command(data, port, *more):
    return [sys.executable, "-m", "service", "up", "--json", "--port", str(port), "--data-dir", str(data), *more]


def environment(**more):
    kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    return {**kept, "GOALTRAIL_ENVIRONMENT": sys.prefix, "GOALTRAIL_PROCFILE": str(TOY), "PYTHONPATH": str(PROJECT), **more}


def start(data, port, *more, **variables):
    return subprocess.Popen(command(data, port, "--no-demo", *more), env=environment(**variables), cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def refused(data, port, *more, **variables):
    done = subprocess.run(command(data, port, *more), env=environment(**variables), cwd=PROJECT, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stderr.strip()


def failure(process, data):
    log = data / "logs" / "postgres.log"
    return process.stderr.read() + (log.read_text()[-2000:] if log.exists() else "")


@contextmanager
def running(data, port, **variables):
    process = start(data, port, **variables)
    try:
        line = process.stdout.readline()
        yield process, json.loads(line) if line else pytest.fail(failure(process, data))
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)


def running_numbers(data):
    return {name: row[0] for name, row in json.loads((data / "run" / "processes.json").read_text()).items()}


def wait_for(question, seconds=30):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if answer := question():
            return answer
        time.sleep(0.05)
    return pytest.fail("waited in vain")


def alive(number):
    try:
        return Path(f"/proc/{number}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def application_url(data):
    return (data / "run" / "app.url").read_text().replace("postgresql+psycopg", "postgresql")


def application_writes(data, rows):
    """Contents put into the log by the application's own role, acknowledged by the commit."""
    with psycopg.connect(application_url(data)) as connection:
        for row in rows:
            connection.execute("SELECT log.put_content(%s)", (row,))


def test_start_tells_where_everything_lies_and_sigterm_ends_all_with_zero(folder):
    data, port = folder / "d", free_port()
    with running(data, port) as (process, told):
        assert (told["address"], told["mode"], told["data"], told["pid"]) == (f"http://127.0.0.1:{port}/", "production", str(data), process.pid)
        numbers = running_numbers(data)
        assert list(numbers) == ["postgres", "broker", "web", "worker", "sealer", "witness", "checkpoints"]
        assert (data / "run" / "app.url").stat().st_mode & 0o777 == 0o600
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    assert [name for name, number in numbers.items() if alive(number)] == []
    assert not (data / "run" / "app.url").exists()


def test_children_hold_their_own_role_and_never_the_owners(folder):
    data = folder / "d"
    with running(data, free_port()):
        names = ("web", "worker", "sealer", "checkpoints")
        seen = {name: (data / "run" / f"{name}.seen").read_text().splitlines() for name in (*names, "witness")}
        roles = {name: seen[name][0].split("//")[1].split(":")[0] for name in names}
        assert roles == {"web": "gt_app", "worker": "gt_app", "sealer": "gt_sealer", "checkpoints": "gt_sealer"}
        assert [len(seen[name]) for name in names] == [1] * 4
        assert seen["witness"] == ["no database"]
        password = application_url(data).split(":")[2].split("@")[0]
        for role in ("gt_owner", "postgres"):
            with pytest.raises(psycopg.OperationalError):
                psycopg.connect(f"postgresql://{role}:{password}@/goaltrail?host={data}/run/sockets")
        with psycopg.connect(application_url(data)) as connection:
            assert connection.execute("SELECT rolcanlogin FROM pg_roles WHERE rolname = 'gt_owner'").fetchone() == (False,)


def test_no_secret_of_the_owner_is_on_disk(folder):
    data = folder / "d"
    with running(data, free_port()):
        texts = [p.read_bytes() for p in data.rglob("*") if p.is_file() and "postgres" not in p.relative_to(data).parts]
        assert [text for text in texts if b"gt_owner:" in text or b"SCRAM-SHA-256$" in text] == []


def test_a_killed_child_and_a_killed_database_come_back(folder):
    data = folder / "d"
    with running(data, free_port()) as (process, _):
        for name in ("worker", "broker", "postgres"):
            before = running_numbers(data)[name]
            os.kill(before, signal.SIGKILL)
            wait_for(lambda name=name, before=before: running_numbers(data)[name] != before)
        wait_for(lambda: "1" in str(_answer(data)))
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 0


def _answer(data):
    try:
        with psycopg.connect(application_url(data)) as connection:
            return connection.execute("SELECT 1").fetchone()
    except psycopg.OperationalError:
        return None


def test_kill_minus_nine_of_the_supervisor_or_of_everything_loses_nothing(folder):
    data, port = folder / "d", free_port()
    rows = [b'{"row":%d}' % number for number in range(200)]
    with running(data, port) as (process, _):
        application_writes(data, rows[:100])
        orphans = running_numbers(data)
        process.kill()
        process.wait()
    assert [name for name, number in orphans.items() if not alive(number)] == []
    with running(data, port) as (process, _):
        assert [name for name, number in orphans.items() if alive(number)] == []
        application_writes(data, rows[100:])
        everything = running_numbers(data)
        for number in (process.pid, *everything.values()):
            os.kill(number, signal.SIGKILL)
        process.wait()
    with running(data, port), psycopg.connect(application_url(data)) as connection:
        kept = connection.execute("SELECT body FROM log.content").fetchall()
        assert sorted(bytes(body) for (body,) in kept) == sorted(rows)


def test_a_taken_port_is_refused_before_anything_is_touched(folder):
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        assert refused(folder / "d", port) == (1, f"端口 {port} 不可用或已被占用，请用 --port 另选端口。")
    assert not (folder / "d").exists()


def test_a_second_start_is_refused(folder):
    data = folder / "d"
    with running(data, free_port()):
        before = running_numbers(data)
        assert refused(data, free_port()) == (1, f"数据目录 {data} 上已有一个实例正在运行，请先停止它，或用 --data-dir 另选目录。")
        assert running_numbers(data) == before
        assert all(alive(number) for number in before.values())


def test_a_foreign_directory_is_left_alone(folder):
    (folder / "d").mkdir()
    (folder / "d" / "letter.txt").write_text("private")
    assert refused(folder / "d", free_port()) == (1, f"{folder}/d 不是空的，也不是本系统的数据目录，未作任何改动。请另选目录。")
    assert [p.name for p in (folder / "d").iterdir()] == ["letter.txt"]


def test_a_directory_that_cannot_be_made_is_refused():
    code, said = refused("/proc/goaltrail", free_port())
    assert (code, said.startswith("数据目录 /proc/goaltrail 不可写（"), said.endswith("）。请另选目录。")) == (1, True, True)


def test_the_mode_of_a_directory_never_changes(folder):
    data = folder / "d"
    data.mkdir()
    (data / "goaltrail.json").write_text('{"format": 1, "mode": "simulation", "created": "2026-01-01T00:00:00+00:00"}')
    assert refused(data, free_port(), "--no-demo") == (1, f"数据目录 {data} 建立时的用途是 simulation，不能改作 production。请另选目录。")
    assert [p.name for p in data.iterdir()] == ["goaltrail.json"]


def test_another_major_version_is_refused(folder):
    data = folder / "d"
    (data / "postgres").mkdir(parents=True)
    (data / "postgres" / "PG_VERSION").write_text("14\n")
    (data / "goaltrail.json").write_text('{"format": 1, "mode": "production", "created": "2026-01-01T00:00:00+00:00"}')
    code, said = refused(data, free_port(), "--no-demo")
    assert (code, said.split("，")[0]) == (1, "数据目录中的数据库属于 PostgreSQL 14")
    assert [p.name for p in (data / "postgres").iterdir()] == ["PG_VERSION"]


def test_a_long_path_still_starts_with_its_sockets_elsewhere(folder):
    data = folder / ("a" * 60) / ("b" * 60)
    with running(data, free_port()):
        host = application_url(data).split("host=")[1]
        assert len(host) < 60
        assert _answer(data) == (1,)
    assert not Path(host).exists()


def test_procfile_is_read_line_by_line():
    lines = procfile_lines((PROJECT / "Procfile").read_text())
    assert list(lines) == ["release", "web", "worker", "dispatch", "beat", "sealer", "witness", "checkpoints"]
    assert arguments_of("nothing-such --bind 127.0.0.1:$PORT $PORT_B", {"PORT": "1", "PORT_B": "2"}, Path("/nowhere")) == ["nothing-such", "--bind", "127.0.0.1:1", "2"]
