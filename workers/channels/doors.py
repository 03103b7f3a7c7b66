"""Which door a channel goes out by: mail always, the others as the operator set them up."""

from collections.abc import Mapping, Sequence

from workers.channels.console import Console
from workers.channels.group_chat import GroupRobot
from workers.channels.letter import Outgoing
from workers.channels.sms import SmsGateway
from workers.channels.webhook import SignedWebhook
from workflows.delivery.endpoints import SMS, Endpoint

LONGEST_POST = 10.0


def doors_of(endpoints: Sequence[Endpoint], lease_seconds: float) -> Mapping[str, Outgoing]:
    """Return a door for each channel of the operator's; each gives up before a lease ends."""
    timeout = min(LONGEST_POST, lease_seconds / 3)
    return {each.channel: _door(each, timeout) for each in endpoints}


def _door(endpoint: Endpoint, timeout: float) -> Outgoing:
    if endpoint.kind == "webhook":
        return SignedWebhook(endpoint, timeout)
    if endpoint.kind == SMS:
        return SmsGateway(endpoint, timeout)
    if endpoint.kind == "console":
        return Console()
    return GroupRobot(endpoint, timeout)
