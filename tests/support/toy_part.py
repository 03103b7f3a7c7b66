"""A stand-in process for supervising: says that it is ready, as the real ones do, and ends with 0 on SIGTERM."""

import http.server
import os
import signal
import sys
import threading
from pathlib import Path

ended = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: ended.set())

FORBIDDEN = ("GOALTRAIL_OWNER_URL", "DATABASE_URL", "GOALTRAIL_SEALER_URL")
OF_THE_LOG = ("GOALTRAIL_SECRET_KEY", "GOALTRAIL_BROKER_URL", "GOALTRAIL_REDIS_URL", "GOALTRAIL_LOG_KEY")
forbidden = FORBIDDEN + (OF_THE_LOG if sys.argv[1] == "witness" else ())
Path(os.environ["GOALTRAIL_READY_FILE"]).with_suffix(".seen").write_text(
    "\n".join([os.environ.get("GOALTRAIL_DATABASE_URL", "no database"), *(name for name in forbidden if name in os.environ)])
)


class Ready(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/readyz" else 404)
        self.end_headers()


if sys.argv[1] == "web":
    server = http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[2])), Ready)
    threading.Thread(target=server.serve_forever, daemon=True).start()
else:
    Path(os.environ["GOALTRAIL_READY_FILE"]).touch()
ended.wait()
