"""One table held against everything the log says of it: bytes, chain, tree, outside note, contents, words, state.

It is the product's own word about itself. The verifier of the bundle checks the same, and the steps besides, without
the product.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import pairwise
from typing import Any
from uuid import UUID

from sqlalchemy import RowMapping

from workflows.errors import GoaltrailError, LedgerRefused, NotFound, NotInTheTree
from workflows.folds.replay import replay, to_json
from workflows.ledger.canonical import canonical, canonical_body, read
from workflows.ledger.hashes import NO_PREVIOUS, commitment, leaf
from workflows.ledger.notes import Checkpoint
from workflows.ledger.tree import inclusion_proof, inclusion_spans, verify_inclusion
from workflows.store.event_rows import COMMITTED
from workflows.store.exported_rows import contents
from workflows.store.folding import code_version
from workflows.store.log_head import root_if_whole
from workflows.store.sealing import log_size
from workflows.store.standing import read_state
from workflows.store.streams import history_of
from workflows.store.transaction import Transaction
from workflows.store.tree import Subtrees

EVENTS = """
SELECT e.version, e.body, e.leaf_hash, l.log_index, l.leaf_hash AS sealed_hash
FROM log.event e LEFT JOIN log.leaf l USING (event_id) WHERE e.stream_id = :table ORDER BY e.version"""
PAYLOADS = "SELECT commitment, version, salt, body FROM log.payload WHERE stream_id = :table"
STANDING = "SELECT t.code, t.state FROM desk.table_standing t WHERE t.table_id = :table"
HEAD = "SELECT s.version, s.head FROM log.stream s WHERE s.stream_id = :table"
NEEDED = {"stream", "subject", "version", "prev", "kind", "at", "data"}
NAMES_OF_CHECKS = BYTES, CHAIN, TIMES, PLACES, ROOT, INSIDE, CONTENTS, WORDS, STATE = (
    "每条记录的字节与其指纹", "记录之间的链", "时间先后", "全台账中的编号", "台账与外部检查点",
    "每条记录在外部检查点之内", "表的内容", "意见、理由与附件", "页面显示的状态",
)  # fmt: skip
NAMES = ("content_hash", "changes", "definition_hash", "pack_hash")
OPEN, GOOD, BAD = "open", "good", "bad"


@dataclass(frozen=True)
class Check:
    """One question to the log with its answer: good, bad, or open where it cannot be answered (yet)."""

    name: str
    state: str
    said: str


@dataclass(frozen=True)
class Event:
    """An event as the database holds it, with what its bytes say."""

    version: int
    body: bytes
    kept_hash: bytes
    index: int | None
    sealed_hash: bytes | None
    said: dict[str, Any]

    @property
    def words(self) -> list[str]:
        """The commitments (hex) of the words and files that the event names."""
        data = self.said["data"]
        named = [value[COMMITTED] for value in data.values() if isinstance(value, dict) and set(value) == {COMMITTED}]
        return named + ([data["commitment"]] if self.said["kind"] == "attachment.added" else [])


def check_table(tx: Transaction, table_id: UUID, anchored: Checkpoint | None) -> list[Check]:
    """Return every check of one table; `anchored` is the newest note outside, whose signatures the caller judges.

    `tx` has to see the database as of one moment (store.one_view). NotFound where the log has no such table.
    """
    events = [_event(row) for row in tx.rows(EVENTS, table=table_id)]
    if not events or (events[0].said or {}).get("subject", "table") != "table":
        raise NotFound(table=str(table_id))
    if not all(each.said for each in events):
        unread = "有记录的字节无法读懂，这一项无从核对。"
        return [_bytes(events), *(Check(name, OPEN, unread) for name in NAMES_OF_CHECKS[1:])]
    return [
        _bytes(events), _chain(table_id, events, tx.row(HEAD, table=table_id)), _times(events), _sealed(events),
        *_anchored(tx, events, anchored), _contents(tx, events), _words(events, tx.rows(PAYLOADS, table=table_id)),
        _state(tx, table_id),
    ]  # fmt: skip


def _event(row: RowMapping) -> Event:
    sealed = None if row["sealed_hash"] is None else bytes(row["sealed_hash"])
    body = bytes(row["body"])
    return Event(row["version"], body, bytes(row["leaf_hash"]), row["log_index"], sealed, _said(body))


def _said(body: bytes) -> dict[str, Any]:
    """Return what the bytes say, nothing where they cannot be an event: only a stranger's hand wrote those."""
    try:
        said = read(body)
        return said if said.keys() >= NEEDED and isinstance(said["data"], dict) else {}
    except (ValueError, AttributeError):
        return {}


def _first_bad(name: str, bad: list[int], good: str) -> Check:
    """Return a check that names the first event where it fails."""
    return Check(name, BAD, f"第{bad[0]}条记录不符，共{len(bad)}条。") if bad else Check(name, GOOD, good)


def _bytes(events: Sequence[Event]) -> Check:
    bad = [each.version for each in events if leaf(each.body) != each.kept_hash or not _is_canonical(each)]
    return _first_bad(BYTES, bad, f"{len(events)}条记录逐条重算SHA-256，全部相符，写法唯一。")


def _is_canonical(event: Event) -> bool:
    try:
        return canonical_body(event.said) == event.body
    except GoaltrailError:
        return False


def _chain(table_id: UUID, events: Sequence[Event], head: RowMapping | None) -> Check:
    previous, bad = NO_PREVIOUS, []
    for number, each in enumerate(events, 1):
        told = (each.said["stream"], each.said["version"], each.said["prev"])
        if each.version != number or told != (str(table_id), number, previous.hex()):
            bad.append(each.version)
        previous = leaf(each.body)
    if head is None or (head["version"], bytes(head["head"])) != (len(events), previous):
        bad.append(len(events))
    return _first_bad(CHAIN, bad, f"第1条至第{len(events)}条首尾相接，链头{previous.hex()[:16]}。")


def _times(events: Sequence[Event]) -> Check:
    bad = [later.version for earlier, later in pairwise(events) if later.said["at"] < earlier.said["at"]]
    return _first_bad(TIMES, bad, "记录的时间从不倒退。")


def _sealed(events: Sequence[Event]) -> Check:
    numbered = [each for each in events if each.index is not None]
    bad = [each.version for each in numbered if each.sealed_hash != leaf(each.body)]
    if bad:
        return _first_bad(PLACES, bad, "")
    waiting = len(events) - len(numbered)
    if waiting:
        return Check(PLACES, OPEN, f"{len(numbered)}条已编号，{waiting}条刚刚入账，尚未编号。")
    return Check(PLACES, GOOD, f"{len(numbered)}条都已编入全台账的序号。")


def _anchored(tx: Transaction, events: Sequence[Event], anchored: Checkpoint | None) -> Iterator[Check]:
    if anchored is None:
        yield Check(ROOT, OPEN, "没有可用的外部检查点，无法对照。")
        yield Check(INSIDE, OPEN, "没有可用的外部检查点，无法对照。")
        return
    if anchored.size > log_size(tx):
        yield Check(ROOT, BAD, f"外部检查点有{anchored.size:,}条记录，数据库中只有{log_size(tx):,}条：有记录被删去。")
        yield Check(INSIDE, BAD, "数据库中的台账比外部检查点短，无法证明。")
        return
    yield _same_root(tx, anchored)
    yield _included(tx, events, anchored)


def _same_root(tx: Transaction, anchored: Checkpoint) -> Check:
    found = root_if_whole(tx, anchored.size, leaf_by_leaf=True)
    if found is None:
        return Check(ROOT, BAD, f"前{anchored.size:,}条记录中有缺失，算不出树根：有记录被删去。")
    if found != anchored.root:
        return Check(ROOT, BAD, f"前{anchored.size:,}条记录算出的树根与外部检查点不同：有记录被改动过。")
    root = anchored.root.hex()[:16]
    return Check(ROOT, GOOD, f"由前{anchored.size:,}条记录的指纹逐条重算的树根与外部检查点相同（{root}）。")


def _included(tx: Transaction, events: Sequence[Event], anchored: Checkpoint) -> Check:
    covered = [each for each in events if each.index is not None and each.index < anchored.size]
    read_subtree = Subtrees(tx, anchored.size)
    bad = [each.version for each in covered if not _proved(read_subtree, each, anchored)]
    if bad:
        return _first_bad(INSIDE, bad, "")
    younger = len(events) - len(covered)
    if younger:
        return Check(INSIDE, OPEN, f"{len(covered)}条已证明在内；{younger}条比检查点新，还没有外部凭据。")
    return Check(INSIDE, GOOD, f"{len(covered)}条都以包含证明推到外部检查点的树根。")


def _proved(read_subtree: Subtrees, event: Event, anchored: Checkpoint) -> bool:
    index = event.index or 0
    try:
        read_subtree.foresee(inclusion_spans(index, anchored.size))
        proof = inclusion_proof(index, anchored.size, read_subtree)
    except (NotInTheTree, LedgerRefused):
        return False
    return verify_inclusion(leaf(event.body), index, anchored.size, proof, anchored.root)


def _contents(tx: Transaction, events: Sequence[Event]) -> Check:
    pairs = ((each.said["data"].get(name), each.version) for each in events for name in NAMES)
    named = {digest: version for digest, version in pairs if digest}
    found = {sha256(body).hexdigest() for body in contents(tx, map(bytes.fromhex, named))}
    bad = sorted(version for digest, version in named.items() if digest not in found)
    return _first_bad(CONTENTS, bad, f"记录所指的{len(named)}份内容（含规则包、审批链）都在，字节与指纹相符。")


def _words(events: Sequence[Event], rows: Sequence[RowMapping]) -> Check:
    kept = {bytes(row["commitment"]).hex(): (bytes(row["salt"]), bytes(row["body"])) for row in rows}
    erasures = [each.said["data"] for each in events if each.said["kind"] == "payload.erased"]
    erased = {target for erasure in erasures for target in erasure["targets"]}
    named = [(each.version, word) for each in events for word in each.words]
    bad = [
        version for version, word in named
        if (commitment(*kept[word]).hex() != word if word in kept else word not in erased)
    ]  # fmt: skip
    gone = sum(word in erased for _version, word in named)
    also = f"，其中{gone}处已依法删除、留有删除记录" if gone else ""
    return _first_bad(WORDS, bad, f"{len(named)}处文字或附件与记录中的承诺值相符{also}。")


def _state(tx: Transaction, table_id: UUID) -> Check:
    shown = tx.row(STANDING, table=table_id)
    if shown is None:
        return Check(STATE, BAD, "没有找到此表的当前状态。")
    try:
        replayed = read(canonical(to_json(replay(table_id, history_of(tx, table_id)))))
    except (LookupError, ValueError, TypeError, StopIteration) as broken:
        return Check(STATE, BAD, f"由记录推演时出错（{type(broken).__name__}）：记录自相矛盾。")
    if shown["code"] != code_version():
        return Check(STATE, OPEN, "缓存的状态是其他版本的程序写的，页面不用它，而由记录推演；下次发布时重写。")
    kept = read_state(shown["state"])
    if kept == replayed:
        return Check(STATE, GOOD, f"由{replayed['version']}条记录从头推演，与页面显示的状态逐项相同。")
    wrong = sorted(key for key in {*kept, *replayed} if kept.get(key) != replayed.get(key))
    return Check(STATE, BAD, f"由记录推演的状态与页面显示的不同：{'、'.join(wrong[:5])}。")
