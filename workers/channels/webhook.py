"""The signed webhook: Standard Webhooks around a CloudEvents body, one secret for each receiver."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from standardwebhooks import Webhook

from workers.channels.letter import Letter
from workers.channels.posting import post, refuse_unless_taken
from workflows.delivery.classes import NoticeClass
from workflows.delivery.endpoints import Endpoint

VERSION = "1.0"


@dataclass(frozen=True)
class SignedWebhook:
    """One receiver of webhooks; `timeout` in seconds. The same letter has the same `webhook-id` and body for ever."""

    endpoint: Endpoint
    timeout: float = 10.0

    @property
    def longest(self) -> float:
        """Connecting and answering together."""
        return self.timeout * 1.5

    def send(self, letter: Letter) -> str:
        """POST the letter and return the status and the beginning of the answer."""
        body = body_of(letter)
        headers = signed(self.endpoint.secret, letter, body, datetime.now(UTC))
        answer = post(self.endpoint.url, body, headers, timeout=self.timeout, private=self.endpoint.private)
        refuse_unless_taken(answer)
        return answer.told


def body_of(letter: Letter) -> bytes:
    """Return the body: CloudEvents 1.0 in JSON (structured mode), keys in order, nothing that the mail does not say."""
    told = {
        "specversion": VERSION,
        "id": str(letter.id),
        "source": "goaltrail",
        "type": f"goaltrail.notice.{letter.kind}",
        "time": letter.written_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
        "datacontenttype": "application/json",
        "data": {
            "receiver": {"login": letter.recipient, "name": letter.name},
            "class": NoticeClass(letter.of_class).chinese if letter.of_class else "",
            "subject": letter.subject,
            "text": letter.text,
            "link": letter.link,
        },
    }
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


def signed(secret: str, letter: Letter, body: bytes, at: datetime) -> dict[str, str]:
    """Return the headers of Standard Webhooks: id, time and signature over both and the body."""
    signature = Webhook(secret).sign(str(letter.id), at, body.decode())
    return {
        "content-type": "application/cloudevents+json; charset=utf-8",
        "user-agent": "goaltrail",
        "webhook-id": str(letter.id),
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": signature,
    }
