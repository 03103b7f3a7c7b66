"""One POST to an address that the operator named: time-outs, no redirects, no way into networks that are not meant."""

import ipaddress
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

from workers.channels.letter import ChannelUnreachable, LetterRefused, LetterUncertain

LONGEST_ANSWER = 4_096
WORDS_KEPT = 200
BUSY = (408, 425, 429)


class PlaceForbidden(LetterRefused):
    """地址在内部网络，没有经运行人员许可。"""


@dataclass(frozen=True)
class Answer:
    """What the other side said: its status and the beginning of its body."""

    status: int
    text: str

    @property
    def told(self) -> str:
        """Return it in one line."""
        return f"{self.status} {' '.join(self.text.split())}"[:WORDS_KEPT].rstrip()


def post(
    url: str, body: bytes, headers: Mapping[str, str], *, timeout: float, private: bool,
    params: Mapping[str, str] | None = None,
) -> Answer:  # fmt: skip
    """Send a body and return the answer, 2xx or not.

    Raises PlaceForbidden for an address inside a network unless `private`, ChannelUnreachable where no connection came
    about, LetterUncertain where it broke after the body had gone. The name is resolved once, here: what was checked is
    what is spoken to.
    """
    until = time.monotonic() + timeout
    address = resolved(url, private=private)
    with requests.Session() as session:
        session.trust_env = False
        session.mount("https://", ToAddress(address))
        session.mount("http://", ToAddress(address))
        try:
            with session.post(
                url, data=body, headers=dict(headers), params=params, timeout=(timeout / 2, timeout),
                allow_redirects=False, stream=True,
            ) as response:  # fmt: skip
                return Answer(response.status_code, _beginning(response, until))
        except (requests.ConnectTimeout, requests.exceptions.SSLError) as error:
            raise ChannelUnreachable(f"无法连接：{type(error).__name__}") from error
        except requests.ConnectionError as error:
            if _never_connected(error):
                raise ChannelUnreachable("无法连接对方服务器") from error
            raise LetterUncertain(f"没有等到对方的答复：{type(error).__name__}") from error
        except (requests.RequestException, HTTPError, OSError) as error:
            raise LetterUncertain(f"没有等到对方的答复：{type(error).__name__}") from error


def refuse_unless_taken(answer: Answer) -> None:
    """Raise for an answer that is not 2xx: the server's own trouble and its "too many" let the channel rest."""
    if answer.status >= 500 or answer.status in BUSY:
        raise ChannelUnreachable(f"对方服务器暂不能接收：{answer.told}")
    if answer.status // 100 != 2:
        raise LetterRefused(f"对方拒绝：{answer.told}")


def resolved(url: str, *, private: bool) -> str:
    """Return one address of a URL's host; PlaceForbidden where one of them is inside a network and not meant."""
    host, port = urlsplit(url).hostname or "", urlsplit(url).port
    try:
        found = socket.getaddrinfo(host, port or 443, type=socket.SOCK_STREAM)
    except OSError as error:
        raise ChannelUnreachable("无法解析对方的域名") from error
    addresses = [str(each[4][0]) for each in found]
    if not private and not all(ipaddress.ip_address(each.partition("%")[0]).is_global for each in addresses):
        raise PlaceForbidden("地址在内部网络，没有经运行人员许可（private）。")
    return addresses[0]


class ToAddress(HTTPAdapter):
    """Connects to one address that was checked; certificate and Host stay those of the URL's name."""

    def __init__(self, address: str) -> None:
        """Remember the address."""
        self.address = address
        super().__init__()

    def get_connection_with_tls_context(
        self, request: requests.PreparedRequest, verify: Any, proxies: Any = None, cert: Any = None  # noqa: ARG002
    ) -> Any:
        """Return a pool to the address under the name of the URL; no proxy is asked for."""
        found, tls = self.build_connection_pool_key_attributes(request, verify, cert)
        host, arguments = dict[str, Any](found), dict[str, Any](tls)
        if host["scheme"] == "https":
            arguments |= {"server_hostname": host["host"], "assert_hostname": host["host"]}
        request.headers["Host"] = urlsplit(str(request.url)).netloc.rpartition("@")[2]
        return self.poolmanager.connection_from_host(**{**host, "host": self.address}, pool_kwargs=arguments)


def _beginning(response: requests.Response, until: float) -> str:
    """Read the beginning of the answer; a server that dribbles is cut off when the time is over."""
    read = b""
    for piece in response.iter_content(512):
        read += piece
        if len(read) >= LONGEST_ANSWER or time.monotonic() > until:
            break
    return read[:LONGEST_ANSWER].decode("utf-8", "replace")


def _never_connected(error: requests.ConnectionError) -> bool:
    """Whether not even a connection came about, so that surely nothing was taken."""
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return type(reason).__name__ in ("NewConnectionError", "ConnectTimeoutError", "NameResolutionError", "SSLError")
