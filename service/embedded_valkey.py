"""One private Redis-like server on a unix socket; it keeps nothing on disk: PostgreSQL decides, it only wakes."""

import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import redis

from service.database_choice import BrokerProgram
from service.startup_refusals import BrokerFailed

SECONDS_TO_START = 20.0
SECONDS_TO_STOP = 20.0


@dataclass(slots=True)
class EmbeddedValkey:
    """A broker whose socket is `sockets`/broker.sock and whose output goes to `log`."""

    broker: BrokerProgram
    sockets: Path
    log: Path
    process: subprocess.Popen[bytes] | None = None
    name: str = "broker"

    @property
    def socket(self) -> Path:
        """The unix socket."""
        return self.sockets / "broker.sock"

    @property
    def celery_url(self) -> str:
        """The address in Celery's spelling."""
        return f"redis+socket://{self.socket}"

    @property
    def redis_url(self) -> str:
        """The address in the spelling of the redis client."""
        return f"unix://{self.socket}"

    def start(self) -> None:
        """Start the server and wait until it answers.

        Raises BrokerFailed.
        """
        self.socket.unlink(missing_ok=True)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [self.broker.program, *self._arguments()],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                cwd=self.sockets,
            )
        deadline = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < deadline and self.process.poll() is None:
            if self.answers():
                return
            time.sleep(0.02)
        self.kill()
        raise BrokerFailed(f"消息服务未能启动，请查看日志 {self.log}。")

    def answers(self) -> bool:
        """Whether the server answers a ping."""
        try:
            with redis.Redis.from_url(self.redis_url) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def ready(self) -> bool:
        """Whether the server runs and answers."""
        return self.process is not None and self.process.poll() is None and self.answers()

    def empty(self) -> None:
        """Forget everything, as after the loss of the broker's machine."""
        with redis.Redis.from_url(self.redis_url) as client:
            client.flushall()

    def stop(self) -> int:
        """Stop the server and return its exit code."""
        if self.process is None:
            return 0
        self.process.terminate()
        code = self.process.wait(SECONDS_TO_STOP)
        self.process = None
        return code

    def kill(self) -> None:
        """End the server at once."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def _arguments(self) -> list[str]:
        return [
            *("--port", "0"),
            *("--unixsocket", str(self.socket)),
            *("--unixsocketperm", "700"),
            *("--save", ""),
            *("--appendonly", "no"),
            *("--maxmemory-policy", "noeviction"),
            *("--dir", str(self.sockets)),
            *("--daemonize", "no"),
        ]
