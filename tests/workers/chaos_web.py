"""The web as it is started by hand, asked over HTTP by one who asks again with the same key until he is answered."""

import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import UUID, uuid4

import requests

from service.tokens import TokenScope, issue_token
from tests.workers.processes import ROOT, Hands, wait_until
from workflows.store.transaction import Transaction
from workflows.vocabulary import Actor

GUNICORN = (
    "gunicorn", "--worker-class", "gthread", "--workers", "2", "--threads", "4", "--graceful-timeout", "20",
    "--no-control-socket", "service.web:ready_app()",
)  # fmt: skip


@dataclass
class RunningWeb:
    """A web server that may be killed and started again on the same port."""

    hands: Hands
    port: int
    process: subprocess.Popen | None = None

    def start(self) -> None:
        with (self.hands.folder / "web.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *GUNICORN, "--bind", f"127.0.0.1:{self.port}"], cwd=ROOT,
                env=self.hands.environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True,
            )  # fmt: skip
        self.hands.running.append(self.process)

    def kill(self) -> None:
        if self.process is not None:
            self.hands.kill(self.process)

    def approves(self, secret: str, table: UUID, key: UUID, seconds: float = 120) -> int:
        """Approve a table as a program does: look, decide, and say it again under the same key until it is answered."""
        address = f"http://127.0.0.1:{self.port}/api/v1/tables/{table}"
        headers = {"Authorization": f"Bearer {secret}", "Idempotency-Key": str(key)}
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                seen = requests.get(address, headers=headers, timeout=20)
                if seen.status_code < 500:
                    etag = headers.setdefault("If-Match", seen.headers.get("ETag", ""))
                    answer = requests.post(
                        f"{address}/actions/approve", json={"opinion": "同意"}, timeout=20, headers={**headers, "If-Match": etag}
                    )
                    if answer.status_code < 500:
                        return answer.status_code
            except requests.RequestException:
                pass
            time.sleep(0.3)
        raise AssertionError(f"the web did not answer within {seconds} s")

    def alive(self) -> bool:
        try:
            return requests.get(f"http://127.0.0.1:{self.port}/healthz", timeout=5).status_code == 200
        except requests.RequestException:
            return False


def token_of(tx: Transaction, person: Actor) -> str:
    """A token with which the person's program may decide."""
    secret = f"gtl_{uuid4().hex}{uuid4().hex}"
    scopes = tuple(each.value for each in TokenScope)
    issue_token(
        tx, uuid4(), secret, by=person, name="年度演练", scopes=scopes, days=365, command_id=uuid4(), may_decide=True
    )
    return secret


@contextmanager
def running_web(hands: Hands, redis_url: str) -> Iterator[RunningWeb]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    key = hands.folder / "web.key"
    key.write_text(secrets.token_hex(32), encoding="ascii")
    hands.environment |= {
        "GOALTRAIL_SECRET_KEY": str(key), "GOALTRAIL_MODE": "simulation", "GOALTRAIL_REDIS_URL": redis_url,
        "GOALTRAIL_TOKENS_MAY_DECIDE": "1",
    }  # fmt: skip
    web = RunningWeb(hands, port)
    web.start()
    wait_until(web.alive, 60)
    yield web
    web.kill()
