"""The chain of a stream: every event carries the hash of the one before it."""

from __future__ import annotations

import json
import re
from typing import NamedTuple, Optional, Tuple

from workflows.ledger.verifier.evidence.findings import Place, Report

NO_PREVIOUS = "00" * 32


class Chain:
    """The end of a stream while its events pass by."""

    __slots__ = ("at", "doubt", "index", "leaf", "subject", "version")

    def __init__(self, subject: str) -> None:
        self.version, self.leaf, self.at, self.index, self.subject = 0, NO_PREVIOUS, "", -1, subject
        self.doubt: Optional[Place] = None


class Link(NamedTuple):
    """What an event says of its place in its stream."""

    at: str
    prev: str
    stream: str
    subject: str
    version: int


FRONT = re.compile(rb'\{"actor":\{[^{}]*\},"at":"([^"\\]{27})"')
BACK = re.compile(
    rb',"format":[0-9]+,"kind":"[a-z_.]+","prev":"([0-9a-f]{64})","shape":[0-9]+,"step":[0-9]+,'
    rb'"stream":"([0-9a-f-]{36})","subject":"([a-z_]+)","version":([1-9][0-9]{0,14})\}'
)


def link_in(line: bytes) -> Optional[Link]:
    """Read a body's link: by its canonical form, which pass 2 checks, or else as any JSON; None where there is none."""
    front, back = FRONT.match(line), BACK.fullmatch(line, max(line.rfind(b',"format":'), 0))
    if front and back:
        prev, stream, subject, version = back.groups()
        return Link(front[1].decode("utf-8", "replace"), prev.decode(), stream.decode(), subject.decode(), int(version))
    try:
        body = json.loads(line.decode("utf-8"))
        link = Link(*(body[name] for name in Link._fields))
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return link if all(type(each) is str for each in link[:4]) and type(link.version) is int else None


def follow(chain: Chain, link: Link, index: int, leaf: str, report: Report) -> None:
    """Add one event to its stream's chain. Where a link breaks, the next link tells which side was changed."""
    if link.version != chain.version + 1:
        report.add("chains", "gap", Place(index, link.stream, link.version, link.subject), "version", link.version, chain.version + 1)
        chain.doubt = None
    elif chain.doubt is not None or link.prev != chain.leaf:
        doubt_link(chain, link, index, report)
    if link.at < chain.at:
        report.add("time", "backwards", Place(index, link.stream, link.version, link.subject), "at", link.at, chain.at)
    if link.subject != chain.subject:
        report.add("columns", "column", Place(index, link.stream, link.version, chain.subject), "subject", link.subject, chain.subject)
    chain.version, chain.leaf, chain.index = link.version, leaf, index
    chain.at = max(chain.at, link.at)


def doubt_link(chain: Chain, link: Link, index: int, report: Report) -> None:
    """A link does not fit: either the event before was changed, or this one; the link after this one tells."""
    last = Place(chain.index, link.stream, chain.version, chain.subject)
    if chain.doubt is not None:
        own_fault = link.prev != chain.leaf
        report.add("chains", "prev" if own_fault else "edited", last if own_fault else chain.doubt, "prev" if own_fault else "")
        chain.doubt = None
    elif chain.version == 0:
        report.add("chains", "prev", Place(index, link.stream, link.version, link.subject), "prev", link.prev, NO_PREVIOUS)
    else:
        chain.doubt = last


def stream_in(line: bytes) -> Tuple[str, Optional[int]]:
    """Return what can still be read of a broken body: its stream and version."""
    stream = re.search(rb'"stream":"([0-9a-f-]{36})"', line)
    version = re.search(rb'"version":([0-9]{1,9})\}$', line)
    return (stream[1].decode() if stream else "", int(version[1]) if version else None)
