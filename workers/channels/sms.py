"""Text messages: handed to the bureau's own gateway as a signed webhook, whatever carrier it speaks to."""

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from workers.channels.letter import ChannelUnreachable, Letter, LetterRefused
from workers.channels.posting import Answer, post, refuse_unless_taken
from workers.channels.webhook import signed
from workflows.delivery.endpoints import Endpoint
from workflows.delivery.mobile import masked
from workflows.delivery.short import LONGEST

JSON = "application/json; charset=utf-8"


@dataclass(frozen=True)
class SmsGateway:
    """The bureau's gateway; `timeout` in seconds. The same letter has the same `message_id` and body for ever."""

    endpoint: Endpoint
    timeout: float = 10.0

    @property
    def longest(self) -> float:
        """Connecting and answering together."""
        return self.timeout * 1.5

    def send(self, letter: Letter) -> str:
        """POST the message to the letter's recipient, a mobile number, and return the gateway's answer.

        No answer that is kept, and no refusal, shows a whole number.
        """
        if len(letter.text) > LONGEST:
            raise LetterRefused(f"短信超过{LONGEST}字，没有发出。")
        body = sms_body(letter)
        headers = signed(self.endpoint.secret, letter, body, datetime.now(UTC)) | {"content-type": JSON}
        answer = post(self.endpoint.url, body, headers, timeout=self.timeout, private=self.endpoint.private)
        told = replace(answer, text=masked(answer.text))
        _refuse_unless_taken(told)
        return told.told


def sms_body(letter: Letter) -> bytes:
    """Return the body: the id by which the gateway knows a repetition, the number and the text."""
    told = {"message_id": str(letter.id), "phone": letter.recipient, "text": letter.text}
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


def _refuse_unless_taken(answer: Answer) -> None:
    try:
        refuse_unless_taken(answer)
    except ChannelUnreachable as away:
        raise ChannelUnreachable(f"短信网关暂不能接收：{answer.told}") from away
    except LetterRefused as refused:
        raise LetterRefused(f"短信网关拒绝：{answer.told}") from refused
