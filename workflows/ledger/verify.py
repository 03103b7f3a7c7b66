"""绩效目标审批台账的独立核对程序: checks a bundle of the Goaltrail ledger without trusting anybody who made it.

    python3 -I verify.py BUNDLE.zip [--anchor NOTE]... [--vkey VKEY]... [--table ID] [--json] [--processes 1|2]

One file, Python 3.9 or later, standard library only; it shares no code with the product whose work it judges. It
writes the rules down anew: how a fact becomes bytes, how bytes become a tree, and which step was allowed to whom.

Exit code: 0 nothing was found changed · 1 tampered · 2 incomplete · 3 wrong usage. What was not checked is listed, and
nothing is concluded about it. How to read this file: section 1 names the checks and the sentences, sections 2-5 are
the mathematics (signatures, notes, tree), 6 the zip, 7 the bytes of events, 8 their words, 9 what they name, 10 to 13
the life of a table (10 posts, 11 the rules as tables, 12 the steps, 13 the state), 14 puts it together and prints.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import concurrent.futures
import datetime as dt
import decimal
import hashlib
import json
import re
import sys
import zipfile
import zlib
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, NamedTuple, Optional, Sequence, Set, Tuple

sha256 = hashlib.sha256

# ---------------------------------------------------------------------------------------------------------------------
# 1. The checks, and what is said when one fails
# ---------------------------------------------------------------------------------------------------------------------

TAMPERED, INCOMPLETE, USAGE = 1, 2, 3
Sentence = Tuple[int, str, str]
"""The exit code that a finding leads to, what is said in Chinese and in English."""

CHECKS = {
    "members": ("压缩包成员与清单", "members of the zip and the manifest"),
    "canonical": ("每条记录的规范字节", "canonical bytes of every event"),
    "columns": ("每条记录的字段与类型", "fields and types of every event"),
    "tree": ("全部记录的树根", "root of the tree over all events"),
    "places": ("部分包：每条记录的存在证明", "partial bundle: inclusion proof of every event"),
    "chains": ("每个对象的事件链", "chain of every stream"),
    "time": ("时间顺序（链内、与见证时间）", "order of time, in streams and against witnesses"),
    "commands": ("同一命令只记一次", "no command recorded twice"),
    "notes": ("检查点：签名、树根、前后一致", "notes: signatures, roots, consistency"),
    "anchors": ("外部检查点（--anchor）", "outside notes (--anchor)"),
    "contents": ("记录所引用的内容", "contents that events name"),
    "payloads": ("可删除的文字与附件的承诺", "commitments of erasable words and files"),
    "files": ("申报文件的字节", "bytes of filed documents"),
    "steps": ("每一步是否允许、是否完整", "every step allowed and complete"),
    "posts": ("办理人当时的岗位", "posts held at that moment"),
    "segregation": ("职责分离与双人办理", "segregation of duties, two persons"),
    "state": ("重放结果与系统所示状态", "replayed state equals the shown one"),
}

SENTENCES: Dict[str, Sentence] = {
    "unreadable": (INCOMPLETE, "不是完整的压缩包：{seen}", "not a complete zip file: {seen}"),
    "missing": (INCOMPLETE, "包内缺少 {seen}", "member {seen} is missing"),
    "cut": (INCOMPLETE, "{seen} 在一行中间断开", "{seen} ends in the middle of a line"),
    "short": (INCOMPLETE, "只有 {seen} 条记录，清单所载为 {wanted} 条",
              "only {seen} events where the manifest says {wanted}"),
    "no_note": (INCOMPLETE, "没有任何检查点，无从核对树根", "no note at all, so the root is bound by nothing"),
    "no_key": (INCOMPLETE, "没有可以验证检查点 {seen} 的公钥", "no key that could verify note {seen}"),
    "unbound_root": (INCOMPLETE, "没有大小恰为 {wanted} 的检查点或一致性证明，部分包的树根无从核对",
                     "no note of size {wanted}, nor a proof from one: the root of this partial bundle is not bound"),
    "newer_anchor": (INCOMPLETE, "外部检查点比本包多 {seen} 条记录，须取得更新的包",
                     "the outside note covers {seen} events more than this bundle: take a newer bundle"),
    "unlinked": (INCOMPLETE, "部分包中没有检查点 {seen} 的一致性证明，请取全包核对",
                 "this partial bundle has no consistency proof for the note of size {seen}: take the full bundle"),
    "member": (TAMPERED, "压缩包成员 {seen} 不允许（重名、路径、加密或过大）",
               "member {seen} is not allowed (twice, path, encrypted or too large)"),
    "unknown_member": (TAMPERED, "清单和格式都不认识的成员 {seen}", "member {seen} is known to neither manifest nor format"),
    "damaged": (TAMPERED, "{seen} 的数据已损坏", "the data of {seen} are damaged"),
    "digest": (TAMPERED, "{seen} 的 SHA-256 与清单不符", "SHA-256 of {seen} differs from the manifest"),
    "manifest": (TAMPERED, "清单的 {seen} 不对", "the manifest's {seen} is wrong"),
    "count": (TAMPERED, "清单所载数目 {wanted} 与实际 {seen} 不符", "the manifest counts {wanted}, there are {seen}"),
    "surplus": (TAMPERED, "记录比清单所载的 {wanted} 条多", "more events than the {wanted} of the manifest"),
    "not_canonical": (TAMPERED, "不是规范字节：{seen}", "not canonical bytes: {seen}"),
    "column": (TAMPERED, "字段形式不对（实为 {seen}，应为 {wanted}）", "wrong form ({seen}, expected {wanted})"),
    "unknown_kind": (TAMPERED, "不认识的事件种类 {seen}", "unknown kind of event {seen}"),
    "gap": (TAMPERED, "链上缺少事件：此处为第 {seen} 版，应为第 {wanted} 版",
            "events are missing from the chain: version {seen} stands where {wanted} belongs"),
    "edited": (TAMPERED, "入账之后被改动：下一条所记的散列与它不符",
               "changed after it was recorded: the hash in the next event does not fit it"),
    "edited_or_next": (TAMPERED, "此条或其后一条入账之后被改动", "this event or the one after it was changed after recording"),
    "prev": (TAMPERED, "与上一条的散列不符", "does not carry the hash of the event before it"),
    "backwards": (TAMPERED, "时间早于同一对象的上一条（{seen} < {wanted}）",
                  "earlier than the event before it ({seen} < {wanted})"),
    "after_witness": (TAMPERED, "时间 {seen} 晚于见证签名的时间 {wanted}",
                      "its time {seen} is later than the witness's signature {wanted}"),
    "back_dated": (TAMPERED, "时间 {seen} 早于此前见证的时间 {wanted}，疑为倒签",
                   "its time {seen} lies before a witness's earlier signature {wanted}: back-dated"),
    "repeated": (TAMPERED, "同一命令再次出现", "the same command appears again"),
    "place": (TAMPERED, "存在证明不成立（序号 {seen}）", "the inclusion proof does not hold (index {seen})"),
    "root": (TAMPERED, "到第 {seen} 条为止的记录与签名的检查点不符（大小 {wanted}）",
             "the events up to {seen} are not those of the signed note of size {wanted}"),
    "manifest_root": (TAMPERED, "全部记录的树根与清单不符", "the root of all events differs from the manifest"),
    "signature": (TAMPERED, "检查点 {seen} 的签名不成立", "a signature of note {seen} does not hold"),
    "malformed_note": (TAMPERED, "检查点 {seen} 的格式不对", "note {seen} is malformed"),
    "origin": (TAMPERED, "检查点属于另一本台账：{seen}", "the note is of another log: {seen}"),
    "forked": (TAMPERED, "同一大小 {seen} 有两个不同的树根", "two different roots for the same size {seen}"),
    "consistency": (TAMPERED, "检查点 {seen} 与本包的一致性证明不成立", "note {seen}: its consistency proof does not hold"),
    "no_content": (TAMPERED, "所引用的内容 {seen} 不在包内", "the content {seen} that it names is not there"),
    "content": (TAMPERED, "内容与记录不符（实为 {seen}，应为 {wanted}）",
                "the content does not fit the event ({seen}, expected {wanted})"),
    "unnamed": (TAMPERED, "没有任何记录引用 {seen}", "no event names {seen}"),
    "payload": (TAMPERED, "文字或附件与承诺不符", "words or file do not fit their commitment"),
    "no_payload": (TAMPERED, "承诺的文字或附件不见了，又无双人删除记录",
                   "the committed words or file are gone without an erasure by two persons"),
    "erasure": (TAMPERED, "删除记录不成立：{seen}", "the erasure does not hold: {seen}"),
    "no_file": (TAMPERED, "申报文件 {seen} 不在包内", "the filed document {seen} is not there"),
    "file": (TAMPERED, "文件 {seen} 的字节与名称不符", "the bytes of file {seen} do not fit its name"),
    "step": (TAMPERED, "这一步不允许：{seen}（{wanted}）", "this step was not allowed: {seen} ({wanted})"),
    "sequence": (TAMPERED, "这一步不完整或次序不对：此处为 {seen}，应为 {wanted}",
                 "the step is incomplete or out of order: {seen} stands where {wanted} belongs"),
    "unfinished": (TAMPERED, "这一步没有记完，还缺 {wanted}", "the step was not recorded to its end: {wanted} is missing"),
    "value": (TAMPERED, "与重放不符（实为 {seen}，应为 {wanted}）", "differs from the replay ({seen}, expected {wanted})"),
    "post": (TAMPERED, "{seen} 当时没有岗位 {wanted}", "{seen} did not hold the post {wanted} then"),
    "person": (TAMPERED, "{seen} 不能办理此步（须 {wanted}）", "{seen} may not do this ({wanted} is required)"),
    "S1": (TAMPERED, "{seen} 填报或修改过此表，又审核它（S1）", "{seen} filed or changed this table and decides on it (S1)"),
    "S2": (TAMPERED, "{seen} 在同一轮的两级审核此表（S2）", "{seen} decides on two levels of one round (S2)"),
    "S4": (TAMPERED, "{seen} 办理了同级的两个环节（S4）", "{seen} acts at two desks of one level (S4)"),
    "S5": (TAMPERED, "{seen} 填报自评又审核它（S5）", "{seen} filed the self-evaluation and checks it (S5)"),
    "S6": (TAMPERED, "{seen} 填报监控数据又审核它（S6）", "{seen} filed the figures and checks them (S6)"),
    "S8": (TAMPERED, "{seen} 兼任系统管理与业务岗位（S8）", "{seen} holds an administrator's and a business post (S8)"),
    "S10": (TAMPERED, "{seen} 一人办理了须两人的一步（S10）", "{seen} alone did what needs two persons (S10)"),
    "reply": (TAMPERED, "批复文件与表的批复不符：{seen}", "the reply document and the tables' replies differ: {seen}"),
    "no_state": (TAMPERED, "系统没有显示此表的状态", "the product shows no state of this table"),
    "shown": (TAMPERED, "系统所示为 {seen}，重放得到 {wanted}", "the product shows {seen}, the replay gives {wanted}"),
    "malformed": (TAMPERED, "{seen} 无法读取", "{seen} cannot be read"),
}

NOT_CHECKED = (
    ("最后一个检查点之后的记录，以及是否还有没有导出的更晚记录", "events after the newest note, and whether later ones exist that were not exported"),
    ("实际坐在键盘前的人是谁", "who really sat at the keyboard"),
    ("填报的事实是否真实", "whether the facts that people typed are true"),
    ("没有见证签名的时间", "moments that no witness signed"),
    ("各指标得分、监控颜色及理由的计算（只核对合计、等级、偏差）",
     "how row points, colours and reasons were computed (only sums, grade and deviation are)"),
    ("办理期限的工作日推算", "the counting of working days for due moments"),
    ("机审结果，以及修改清单是否列全", "the machine pre-review, and whether the list of changes is whole"),
    ("谁有权安置附件保留、查看和导出", "who was entitled to place holds, to read and to export"),
)

MOST_FINDINGS = 20
MOST_KEPT = 2000


def clean(value: object, most: int = 80) -> str:
    """Return a value as one harmless line: nothing that a terminal would obey."""
    text = value if isinstance(value, str) else repr(value)
    text = "".join(char if char.isprintable() else "?" for char in text[: most + 1])
    return text if len(text) <= most else text[:most] + "…"


class Place(NamedTuple):
    """Where something stands: log index, stream, version; whatever is unknown is None or empty."""

    event: Optional[int] = None
    stream: str = ""
    version: Optional[int] = None
    subject: str = ""


NOWHERE = Place()


class Finding(NamedTuple):
    """One thing that is not as it must be: which check, which sentence, where, which field."""

    check: str
    what: str
    place: Place
    field: str
    seen: str
    wanted: str

    @property
    def code(self) -> int:
        """The exit code that it leads to."""
        return SENTENCES[self.what][0]

    def said(self, language: int) -> str:
        """Say it: language 1 is Chinese, 2 English."""
        _, chinese, english = SENTENCES[self.what]
        return (chinese if language == 1 else english).format(seen=self.seen, wanted=self.wanted)

    def sort_key(self) -> Tuple[bool, int]:
        """First what has a place in the log, by index."""
        return (self.place.event is None, self.place.event or 0)


class Flaw(Exception):
    """Something that ends the check in hand; it carries its finding."""

    def __init__(self, check: str, what: str, place: Place = NOWHERE, field: str = "", seen: object = "", wanted: object = "") -> None:
        super().__init__(what)
        self.finding = Finding(check, what, place, field, clean(seen), clean(wanted))


class Report:
    """What one pass found, which checks it carried out, and remarks that are no findings."""

    def __init__(self) -> None:
        self.findings: List[Finding] = []
        self.more = 0
        self.done: Set[str] = set()
        self.remarks: List[Tuple[str, str]] = []

    def add(self, check: str, what: str, place: Place = NOWHERE, field: str = "", seen: object = "", wanted: object = "") -> None:
        self.take(Finding(check, what, place, field, clean(seen), clean(wanted)))

    def take(self, finding: Finding) -> None:
        if len(self.findings) < MOST_KEPT:
            self.findings.append(finding)
        else:
            self.more += 1

    def join(self, other: Report) -> None:
        for finding in other.findings:
            self.take(finding)
        self.more += other.more
        self.done |= other.done
        self.remarks += other.remarks

    def remark(self, chinese: str, english: str) -> None:
        if len(self.remarks) < MOST_FINDINGS:
            self.remarks.append((chinese, english))


MALFORMED = (
    OSError, EOFError, ValueError, KeyError, IndexError, TypeError, AttributeError, OverflowError, RuntimeError,
    MemoryError, zipfile.BadZipFile, zlib.error, decimal.DecimalException,
)
"""What reading somebody else's bytes may raise; each becomes a finding, none a crash."""

# ---------------------------------------------------------------------------------------------------------------------
# 2. Ed25519 (RFC 8032), verified strictly: s < L, canonical points, no points of small order
# ---------------------------------------------------------------------------------------------------------------------

Point = Tuple[int, int, int, int]
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
SQRT_M1 = pow(2, (P - 1) // 4, P)
IDENTITY: Point = (0, 1, 1, 0)


def add_points(one: Point, two: Point) -> Point:
    """Add two points in extended coordinates (RFC 8032, 5.1.4)."""
    a, b = (one[1] - one[0]) * (two[1] - two[0]) % P, (one[1] + one[0]) * (two[1] + two[0]) % P
    c, d = 2 * one[3] * two[3] * D % P, 2 * one[2] * two[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def point_from(raw: bytes) -> Optional[Point]:
    """Return the point of 32 bytes; None where they are not the one canonical way to write a point."""
    number = int.from_bytes(raw, "little")
    sign, y = number >> 255, number & ((1 << 255) - 1)
    if len(raw) != 32 or y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * SQRT_M1 % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return (x, y, 1, x * y % P)


def bytes_of(point: Point) -> bytes:
    """Write a point as 32 bytes."""
    inverse = pow(point[2], P - 2, P)
    x, y = point[0] * inverse % P, point[1] * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little")


class Multiples:
    """A fixed point and its multiples by 16**i * digit, so that 64 additions multiply it by anything."""

    def __init__(self, point: Point) -> None:
        self.rows: List[List[Point]] = []
        for _ in range(64):
            row = [IDENTITY]
            for _ in range(15):
                row.append(add_points(row[-1], point))
            self.rows.append(row)
            point = add_points(row[-1], point)

    def times(self, number: int) -> Point:
        result = IDENTITY
        for row in self.rows:
            result = add_points(result, row[number & 15])
            number >>= 4
        return result


_BASE: List[Multiples] = []


def base() -> Multiples:
    """Return the multiples of the base point, made once."""
    if not _BASE:
        point = point_from((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))
        _BASE.append(Multiples(point or IDENTITY))
    return _BASE[0]


class PublicKey:
    """An Ed25519 verification key; ValueError where the 32 bytes are no point fit for it."""

    def __init__(self, raw: bytes) -> None:
        point = point_from(raw)
        if point is None:
            raise ValueError("not a point")
        eighth = point
        for _ in range(3):
            eighth = add_points(eighth, eighth)
        if bytes_of(eighth) == bytes_of(IDENTITY):
            raise ValueError("a point of small order")
        self.raw = raw
        self.negative = Multiples((P - point[0], point[1], point[2], P - point[3]))

    def verifies(self, message: bytes, signature: bytes) -> bool:
        """Whether s·B − k·A = R, with every number written in its one canonical way."""
        if len(signature) != 64:
            return False
        s = int.from_bytes(signature[32:], "little")
        if s >= L:
            return False
        k = int.from_bytes(hashlib.sha512(signature[:32] + self.raw + message).digest(), "little") % L
        return bytes_of(add_points(base().times(s), self.negative.times(k))) == signature[:32]


# ---------------------------------------------------------------------------------------------------------------------
# 3. Keys and signed notes (C2SP signed-note, tlog-checkpoint, tlog-cosignature)
# ---------------------------------------------------------------------------------------------------------------------

LOG_KEY, WITNESS_KEY = 1, 4
NAME = re.compile(r"[^\s+]{1,200}")
NUMBER = re.compile(r"0|[1-9][0-9]{0,18}")


def from_base64(text: str, length: Optional[int] = None) -> bytes:
    """Decode strict base64; ValueError where it is another text or another length."""
    raw = base64.b64decode(text.encode("ascii"), validate=True)
    if base64.b64encode(raw).decode("ascii") != text or (length is not None and len(raw) != length):
        raise ValueError("not base64 of that length")
    return raw


class Key(NamedTuple):
    """A verification key with its name: of the log (type 1) or of a witness (type 4)."""

    name: str
    id: bytes
    type: int
    public: PublicKey


def key_from(vkey: str) -> Key:
    """Read `name+hex+base64`; ValueError where it is malformed or its id is not its own."""
    name, _, rest = vkey.strip().partition("+")
    key_id, _, encoded = rest.partition("+")
    raw = from_base64(encoded, 33)
    if not NAME.fullmatch(name) or raw[0] not in (LOG_KEY, WITNESS_KEY):
        raise ValueError("unknown sort of key")
    if sha256(name.encode() + b"\n" + raw).digest()[:4].hex() != key_id:
        raise ValueError("the key id is not of this key")
    return Key(name, bytes.fromhex(key_id), raw[0], PublicKey(raw[1:]))


class Note(NamedTuple):
    """A signed checkpoint: what it says, its exact body, and its signature lines (name, key id, bytes)."""

    origin: str
    size: int
    root: bytes
    body: str
    signatures: Tuple[Tuple[str, bytes, bytes], ...]


def note_from(raw: bytes) -> Note:
    """Read a note; ValueError where anything is not as the format says."""
    text = raw.decode("utf-8")
    body, gap, signed = text.rpartition("\n\n")
    body += "\n"
    lines = body.split("\n")
    if not gap or not signed.endswith("\n") or len(lines) < 4 or not all(lines[:3]):
        raise ValueError("not a note")
    if any(ord(char) < 32 and char != "\n" for char in text) or not NUMBER.fullmatch(lines[1]):
        raise ValueError("not a checkpoint")
    signatures = tuple(signature_from(line) for line in signed[:-1].split("\n"))
    return Note(lines[0], int(lines[1]), from_base64(lines[2], 32), body, signatures)


def signature_from(line: str) -> Tuple[str, bytes, bytes]:
    """Read `— name base64`: the name, the key id and the signature's bytes."""
    dash, name, encoded = line.split(" ")
    raw = from_base64(encoded)
    if dash != "—" or not NAME.fullmatch(name) or len(raw) < 5:
        raise ValueError("not a signature line")
    return name, raw[:4], raw[4:]


def signed_at(note: Note, key: Key, raw: bytes) -> Optional[int]:
    """Return the unix time of a witness's signature (0 for the log's own), None where the signature does not hold."""
    if key.type == LOG_KEY:
        return 0 if key.public.verifies(note.body.encode(), raw) else None
    if len(raw) != 72:
        return None
    time = int.from_bytes(raw[:8], "big")
    message = f"cosignature/v1\ntime {time}\n{note.body}".encode()
    return time if key.public.verifies(message, raw[8:]) else None


# ---------------------------------------------------------------------------------------------------------------------
# 4. The tree (RFC 6962): leaf = SHA-256(00 ‖ body), node = SHA-256(01 ‖ left ‖ right)
# ---------------------------------------------------------------------------------------------------------------------


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of an inner node."""
    return sha256(b"\x01" + left + right).digest()


class Tree:
    """The compact range of a growing tree: one hash for every 1 in the binary size, biggest subtree first."""

    def __init__(self) -> None:
        self.size = 0
        self.hashes: List[bytes] = []

    def append(self, leaf: bytes) -> None:
        size = self.size
        while size & 1:
            leaf = sha256(b"\x01" + self.hashes.pop() + leaf).digest()
            size >>= 1
        self.hashes.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        if not self.hashes:
            return sha256(b"").digest()
        result = self.hashes[-1]
        for left in reversed(self.hashes[:-1]):
            result = node_hash(left, result)
        return result


def included(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> Optional[bytes]:
    """Return the root that an inclusion proof leads to (RFC 9162, 2.1.3.2), None where it has the wrong length."""
    if not 0 <= index < size:
        return None
    number, last, result = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return None
        if number & 1 or number == last:
            result = node_hash(sibling, result)
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            result = node_hash(result, sibling)
        number, last = number >> 1, last >> 1
    return result if last == 0 else None


def grew(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows that the tree of `new` leaves begins with that of `old` (RFC 9162, 2.1.4.2)."""
    if not 0 < old < new or not proof:
        return False
    path = list(proof) if old & (old - 1) else [old_root, *proof]
    number, last = old - 1, new - 1
    while number & 1:
        number, last = number >> 1, last >> 1
    before = after = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if number & 1 or number == last:
            before, after = node_hash(sibling, before), node_hash(sibling, after)
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            after = node_hash(after, sibling)
        number, last = number >> 1, last >> 1
    return last == 0 and before == old_root and after == new_root


# ---------------------------------------------------------------------------------------------------------------------
# 5. The zip: which members, how large, and the manifest over them
# ---------------------------------------------------------------------------------------------------------------------

MANIFEST, EVENTS, PLACES = "manifest.json", "events.jsonl", "places.jsonl"
CONSISTENCY, CONTENTS, PAYLOADS, STATE = "consistency.jsonl", "contents.jsonl", "payloads.jsonl", "state.jsonl"
ALWAYS = (EVENTS, CONTENTS, PAYLOADS, STATE, "vkeys", "README.txt", "verify.py")
PARTIAL = (PLACES, CONSISTENCY)
OPTIONAL = ("receipt.tlog-proof",)
BY_PATTERN = re.compile(r"notes/[0-9]{1,20}|files/[0-9a-f]{64}")
BODY_LIMIT, CONTENT_LIMIT, SMALL_LIMIT, LINE_LIMIT = 65_535, 4_194_304, 67_108_864, 134_217_728
MEMBER_LIMIT = 1 << 40
READ = 1 << 20
HEX64 = re.compile(r"[0-9a-f]{64}")
MOMENT = re.compile(r"[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]\.[0-9]{6}Z")
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
MODES = ("production", "demo", "simulation")
SCOPES: Dict[str, Tuple[Tuple[str, type], ...]] = {
    "all": (), "table": (("table", str),), "year": (("year", int),), "event": (("stream", str), ("version", int)),
}
COUNTS = ("events", "contents", "payloads", "files", "tables")


class Bundle:
    """An open bundle: its manifest, and its members read once from front to back."""

    def __init__(self, path: str) -> None:
        self.zip = zipfile.ZipFile(path)
        self.names = {info.filename for info in self.zip.infolist()}
        self.manifest: Dict[str, Any] = {}
        self.digests: Dict[str, str] = {}

    def read_manifest(self) -> None:
        """Read the manifest and refuse one whose form is wrong."""
        if MANIFEST not in self.names:
            raise Flaw("members", "missing", seen=MANIFEST)
        try:
            said = json.loads(self.small(MANIFEST).decode("utf-8"))
        except ValueError:
            raise Flaw("members", "manifest", field=MANIFEST, seen="JSON") from None
        wrong = wrong_in_manifest(said)
        if wrong:
            raise Flaw("members", "manifest", field=wrong, seen=wrong)
        self.manifest = said

    @property
    def whole(self) -> bool:
        return bool(self.manifest["scope"]["kind"] == "all")

    @property
    def receipt(self) -> bool:
        return bool(self.manifest["scope"]["kind"] == "event")

    def small(self, name: str) -> bytes:
        """Return a whole small member."""
        return b"".join(self.chunks(name, SMALL_LIMIT))

    def chunks(self, name: str, most: int = MEMBER_LIMIT) -> Iterator[bytes]:
        """Yield a member piece by piece, hashing it."""
        if name not in self.names:
            raise Flaw("members", "missing", seen=name)
        digest, size = sha256(), 0
        try:
            with self.zip.open(name) as member:
                while True:
                    piece = member.read(READ)
                    if not piece:
                        break
                    size += len(piece)
                    if size > most:
                        raise Flaw("members", "member", seen=name)
                    digest.update(piece)
                    yield piece
        except (OSError, EOFError, ValueError, RuntimeError, zipfile.BadZipFile, zlib.error):
            raise Flaw("members", "damaged", seen=name) from None
        self.digests[name] = digest.hexdigest()

    def lines(self, name: str) -> Iterator[bytes]:
        """Yield the lines of a member without their ends."""
        rest = b""
        for piece in self.chunks(name):
            parts = (rest + piece).split(b"\n")
            rest = parts.pop()
            if len(rest) > LINE_LIMIT:
                raise Flaw("members", "member", seen=name)
            yield from parts
        if rest:
            raise Flaw("members", "cut", seen=name)

    def rows(self, name: str) -> Iterator[Dict[str, Any]]:
        """Yield the JSON objects of a member; Flaw where a line is none."""
        for number, line in enumerate(self.lines(name)):
            try:
                row = json.loads(line.decode("utf-8"))
            except (ValueError, RecursionError):
                row = None
            if not isinstance(row, dict):
                raise Flaw("members", "malformed", seen=f"{name}:{number + 1}")
            yield row

    def check_digests(self, report: Report) -> None:
        """Hold what was read to its end against the manifest."""
        for name, digest in sorted(self.digests.items()):
            if name != MANIFEST and self.manifest["files"].get(name) != digest:
                report.add("members", "digest", field=name, seen=name)


def wrong_in_manifest(said: Any) -> str:
    """Return the first field of the manifest whose form is wrong, or nothing."""
    if not isinstance(said, dict):
        return "form"
    scope, counts, files = said.get("scope"), said.get("counts"), said.get("files")
    forms = (
        ("format", said.get("format") == 1),
        ("origin", isinstance(said.get("origin"), str) and bool(said["origin"])),
        ("log_id", isinstance(said.get("log_id"), str) and bool(UUID.fullmatch(said["log_id"]))),
        ("mode", said.get("mode") in MODES),
        ("size", type(said.get("size")) is int and 0 <= said["size"] < 2**53),
        ("root", isinstance(said.get("root"), str) and bool(HEX64.fullmatch(said["root"]))),
        ("scope", isinstance(scope, dict) and scope_is_known(scope)),
        ("counts", isinstance(counts, dict) and all(type(counts.get(name)) is int for name in COUNTS)),
        ("files", isinstance(files, dict) and all(isinstance(value, str) for value in files.values())),
    )
    return next((name for name, right in forms if not right), "") or wrong_origin(said)


def scope_is_known(scope: Dict[str, Any]) -> bool:
    """Whether a scope is one of the four, with its own fields."""
    fields = SCOPES.get(str(scope.get("kind")))
    return fields is not None and all(type(scope.get(name)) is kind for name, kind in fields)


def wrong_origin(said: Dict[str, Any]) -> str:
    """The origin names the log by its id."""
    wanted = f"goaltrail.local/{said['log_id'].replace('-', '')[:16]}/sha256"
    return "" if said["origin"] == wanted else "origin"


def check_members(bundle: Bundle, report: Report) -> None:
    """Hold the list of members against the format and the manifest, before any of them is read."""
    report.done.add("members")
    seen: Set[str] = set()
    for info in bundle.zip.infolist():
        name, sort = info.filename, info.compress_type
        odd = name in seen or info.flag_bits & 1 or sort not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
        if odd or info.file_size > MEMBER_LIMIT:
            report.add("members", "member", field=name, seen=name)
        elif name != MANIFEST and (name not in bundle.manifest["files"] or not is_known(name)):
            report.add("members", "unknown_member", field=name, seen=name)
        seen.add(name)
    wanted = set(bundle.manifest["files"]) | set(ALWAYS) | (set() if bundle.whole else set(PARTIAL))
    for name in sorted(wanted - seen):
        report.add("members", "missing", field=name, seen=name)


def is_known(name: str) -> bool:
    """Whether the format knows a member of this name."""
    return name in (*ALWAYS, *PARTIAL, *OPTIONAL) or bool(BY_PATTERN.fullmatch(name))


# ---------------------------------------------------------------------------------------------------------------------
# 6. The bytes of events: canonical form, leaf hashes, the tree, the chains
# ---------------------------------------------------------------------------------------------------------------------

LARGEST = 2**53 - 1
DEEPEST = 32
KEY = re.compile(r"[a-z][a-z0-9_]*")
CONTENT_KEY = re.compile("[^\U00010000-\U0010ffff\ud800-\udfff]*")
NO_PREVIOUS = "00" * 32
WRITTEN = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False, allow_nan=False)


class Profile:
    """Reads JSON and refuses what the canonical profile forbids: floats, large integers, odd keys."""

    def __init__(self, key: re.Pattern[str]) -> None:
        self.key = key
        self.known: Set[str] = set()
        self.decoder = json.JSONDecoder(
            object_hook=self.check_keys, parse_float=self.refuse, parse_constant=self.refuse, parse_int=self.check_number
        )

    def check_keys(self, found: Dict[str, Any]) -> Dict[str, Any]:
        if not found.keys() <= self.known:
            for key in found:
                if not self.key.fullmatch(key):
                    raise ValueError(f"key {key!r:.40}")
            if len(self.known) < 100_000:
                self.known.update(found)
        return found

    @staticmethod
    def refuse(text: str) -> None:
        raise ValueError(f"number {text:.40}")

    @staticmethod
    def check_number(text: str) -> int:
        if len(text) > 17 or abs(int(text)) > LARGEST:
            raise ValueError(f"number {text:.40}")
        return int(text)

    def read(self, line: bytes) -> Any:
        """Return the value of canonical bytes; ValueError where they are not canonical."""
        text = line.decode("utf-8")
        if line.count(b"{") + line.count(b"[") > DEEPEST and depth_of(text) > DEEPEST + 1:
            raise ValueError("nested too deep")
        value = self.decoder.decode(text)
        if WRITTEN.encode(value) != text:
            raise ValueError("written another way")
        return value


def depth_of(text: str) -> int:
    """Return how deep brackets nest outside of strings."""
    deepest = depth = 0
    for char in re.sub(r'"(?:[^"\\]|\\.)*"', "", text):
        if char in "{[":
            depth += 1
            deepest = max(deepest, depth)
        elif char in "}]":
            depth -= 1
    return deepest


class Chain:
    """The end of a stream while its events pass by."""

    __slots__ = ("at", "doubt", "index", "leaf", "subject", "version")

    def __init__(self, subject: str) -> None:
        self.version, self.leaf, self.at, self.index, self.subject = 0, NO_PREVIOUS, "", -1, subject
        self.doubt: Optional[Place] = None


def follow(chain: Chain, body: Dict[str, Any], place: Place, leaf: str, report: Report) -> None:
    """Add one event to its stream's chain. Where a link breaks, the next link tells which side was changed."""
    last = Place(chain.index, place.stream, chain.version, chain.subject)
    if body["version"] != chain.version + 1:
        report.add("chains", "gap", place, "version", body["version"], chain.version + 1)
        chain.doubt = None
    elif chain.doubt is not None:
        own_fault = body["prev"] != chain.leaf
        where = last if own_fault else chain.doubt
        report.add("chains", "prev" if own_fault else "edited", where, "prev" if own_fault else "")
        chain.doubt = None
    elif body["prev"] != chain.leaf:
        if chain.version == 0:
            report.add("chains", "prev", place, "prev", body["prev"], NO_PREVIOUS)
        else:
            chain.doubt = last
    if body["at"] < chain.at:
        report.add("time", "backwards", place, "at", body["at"], chain.at)
    if body["subject"] != chain.subject:
        report.add("columns", "column", place, "subject", body["subject"], chain.subject)
    chain.version, chain.leaf, chain.at, chain.index = body["version"], leaf, max(body["at"], chain.at), place.event or 0


class Bytes(NamedTuple):
    """What the pass over the bytes found out: how many events, the root, and the roots asked for on the way."""

    report: Report
    events: int
    root: bytes
    roots: Dict[int, bytes]


class Witnessed:
    """What witnesses' times say about an event by its index: not after the signature over it, not long before others.

    `limits` holds (size of the note, time of the witness's signature), in any order.
    """

    def __init__(self, limits: Sequence[Tuple[int, str]]) -> None:
        ordered = sorted(limits)
        self.sizes = [size for size, _ in ordered]
        self.next = 0
        self.times = [time for _, time in ordered]
        self.not_after = list(self.times)
        for number in range(len(ordered) - 2, -1, -1):
            self.not_after[number] = min(self.not_after[number], self.not_after[number + 1])
        self.earliest, self.seen = "", ""

    def check(self, at: str, place: Place, report: Report) -> None:
        """Judge an event's time; indexes must not go back from call to call."""
        while self.next < len(self.sizes) and self.sizes[self.next] <= (place.event or 0):
            self.seen = max(self.seen, self.times[self.next])
            self.earliest = later(self.seen, -SLOWEST_TRANSACTION)
            self.next += 1
        if at < self.earliest:
            report.add("time", "back_dated", place, "at", at, self.seen)
        elif self.next < len(self.sizes) and at > later(self.not_after[self.next], CLOCKS_APART):
            report.add("time", "after_witness", place, "at", at, self.not_after[self.next])


SLOWEST_TRANSACTION = 900
"""Seconds between an event's moment and its being sealed that are still believed."""
CLOCKS_APART = 120
"""Seconds by which the clocks of log and witness may differ."""


def read_bytes(path: str, sizes: Sequence[int], limits: Sequence[Tuple[int, str]]) -> Bytes:
    """Pass 1: every event's bytes, leaf hash, place, chain and time; needs nothing but the bodies."""
    report, bundle = Report(), Bundle(path)
    reading = ByteReading(bundle, report, sizes, limits)
    try:
        bundle.read_manifest()
        reading.run()
        bundle.check_digests(report)
    except Flaw as flaw:
        report.take(flaw.finding)
    return Bytes(report, reading.count, reading.tree.root(), reading.roots)


class ByteReading:
    """The state of pass 1."""

    def __init__(self, bundle: Bundle, report: Report, sizes: Sequence[int], limits: Sequence[Tuple[int, str]]) -> None:
        self.bundle, self.report = bundle, report
        self.sizes = set(sizes)
        self.witnessed = Witnessed(limits)
        self.tree, self.count = Tree(), 0
        self.roots: Dict[int, bytes] = {}
        self.chains: Dict[str, Chain] = {}
        self.profile = Profile(KEY)

    def run(self) -> None:
        whole, size = self.bundle.whole, self.bundle.manifest["counts"]["events"]
        self.report.done |= {"canonical", "tree" if whole else "places"}
        self.report.done |= set() if self.bundle.receipt else {"chains", "time"}
        if 0 in self.sizes:
            self.roots[0] = self.tree.root()
        if whole:
            self.read_whole(size)
        else:
            self.read_partial()
        if self.count < size:
            self.report.add("members", "short", field=EVENTS, seen=self.count, wanted=size)
        elif self.count > size:
            self.report.add("members", "surplus", field=EVENTS, wanted=size)
        for stream, chain in self.chains.items():
            if chain.doubt is not None:
                place = Place(chain.doubt.event, stream, chain.doubt.version, chain.subject)
                self.report.add("chains", "edited_or_next", place)

    def read_whole(self, size: int) -> None:
        """Line i is event i, and the leaves make the tree."""
        for line in self.bundle.lines(EVENTS):
            leaf = sha256(b"\x00" + line).digest()
            self.event(line, leaf.hex(), self.count)
            self.count += 1
            if self.count <= size:
                self.tree.append(leaf)
                if self.count in self.sizes:
                    self.roots[self.count] = self.tree.root()

    def read_partial(self) -> None:
        """Each event has its place and its proof."""
        places = Places(self.bundle)
        for line in self.bundle.lines(EVENTS):
            leaf = sha256(b"\x00" + line).digest()
            self.event(line, leaf.hex(), places.next(leaf, self.report))
            self.count += 1
        places.end()

    def event(self, line: bytes, leaf: str, index: int) -> None:
        try:
            if len(line) > BODY_LIMIT:
                raise ValueError("too long")
            body = self.profile.read(line)
        except (ValueError, RecursionError) as wrong:
            self.report.add("canonical", "not_canonical", Place(index, *stream_in(line)), seen=str(wrong))
            return
        if not isinstance(body, dict) or not links_are_readable(body):
            self.report.add("columns", "column", Place(index), "stream", "?", "stream, version, prev, at, subject")
            return
        stream = body["stream"]
        place = Place(index, stream, body["version"], body["subject"])
        if MOMENT.fullmatch(body["at"]):
            self.witnessed.check(body["at"], place, self.report)
        if self.bundle.receipt:
            return
        chain = self.chains.get(stream)
        if chain is None:
            chain = self.chains[stream] = Chain(body["subject"])
        follow(chain, body, place, leaf, self.report)


def stream_in(line: bytes) -> Tuple[str, Optional[int]]:
    """Return what can still be read of a broken body: its stream and version."""
    stream = re.search(rb'"stream":"([0-9a-f-]{36})"', line)
    version = re.search(rb'"version":([0-9]{1,9})\}$', line)
    return (stream[1].decode() if stream else "", int(version[1]) if version else None)


def links_are_readable(body: Dict[str, Any]) -> bool:
    """Whether the fields that the chains need have their types."""
    texts = all(isinstance(body.get(name), str) for name in ("stream", "prev", "at", "subject"))
    return texts and type(body.get("version")) is int


def later(moment: str, seconds: int) -> str:
    """Return a moment so many seconds later, written as in the log."""
    at = dt.datetime.strptime(moment, "%Y-%m-%dT%H:%M:%S.%fZ") + dt.timedelta(seconds=seconds)
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Places:
    """The inclusion proofs of a partial bundle, line by line beside the events."""

    def __init__(self, bundle: Bundle) -> None:
        self.rows = bundle.rows(PLACES)
        self.size, self.root = bundle.manifest["size"], bytes.fromhex(bundle.manifest["root"])
        self.last = -1

    def next(self, leaf: bytes, report: Report) -> int:
        """Return the log index of the next event; a proof that does not hold is a finding."""
        row = next(self.rows, None)
        if row is None:
            raise Flaw("places", "missing", seen=PLACES)
        index = row.get("index")
        if type(index) is not int or index <= self.last:
            raise Flaw("places", "place", Place(self.last), "index", index)
        self.last = index
        if included(leaf, index, self.size, proof_from(row)) != self.root:
            report.add("places", "place", Place(index), "proof", index)
        return index

    def end(self) -> None:
        """Read the rest, of which there must be none."""
        if next(self.rows, None) is not None:
            raise Flaw("places", "count", field=PLACES, seen="+", wanted="=")


def proof_from(row: Dict[str, Any]) -> List[bytes]:
    """Read the hashes of a proof; Flaw where they are none."""
    try:
        return [from_base64(text, 32) for text in row["proof"]]
    except (KeyError, TypeError, ValueError, AttributeError, binascii.Error):
        raise Flaw("places", "malformed", seen="proof") from None


# ---------------------------------------------------------------------------------------------------------------------
# 7. The notes of the bundle and from outside
# ---------------------------------------------------------------------------------------------------------------------

MOST_SIGNATURES = 6000


class Held(NamedTuple):
    """A note held against the log: what it is called here, the note, whether it came from outside."""

    name: str
    note: Note
    outside: bool


class Notes:
    """The notes of the bundle and from outside: their signatures first, their roots once the log was read."""

    def __init__(self, bundle: Bundle, report: Report, given: Sequence[Key], anchors: Sequence[Tuple[str, Note]]) -> None:
        self.bundle, self.report, self.given = bundle, report, given
        self.held: List[Held] = [Held(name, note, outside=True) for name, note in anchors]
        self.keys: Dict[Tuple[str, bytes], Key] = {}
        self.times: List[Tuple[int, str]] = []

    def read(self) -> None:
        """Read the keys and every note; each must be of this log."""
        self.report.done |= {"notes"} | ({"anchors"} if self.held else set())
        self.read_keys()
        names = (name for name in sorted(self.bundle.manifest["files"]) if name.startswith("notes/"))
        for name in names:
            if name in self.bundle.names:
                self.read_note(name)
        for held in self.held:
            if held.note.origin != self.bundle.manifest["origin"]:
                self.report.add("anchors" if held.outside else "notes", "origin", field=held.name, seen=held.note.origin)
        if not self.held and self.bundle.manifest["size"]:
            self.report.add("notes", "no_note")

    def read_keys(self) -> None:
        """Take the keys that were given; of a sort of which none was given, those of the bundle."""
        said = list(self.given)
        try:
            text = self.bundle.small("vkeys").decode("utf-8")
            shipped = [key_from(line) for line in text.splitlines() if line.strip()]
        except ValueError:
            raise Flaw("notes", "malformed", field="vkeys", seen="vkeys") from None
        sorts = {key.type for key in said}
        said += [key for key in shipped if key.type not in sorts]
        self.keys = {(key.name, key.id): key for key in said}
        if LOG_KEY not in sorts:
            self.report.remark(
                "台账公钥取自包内：换了密钥重写的台账看起来会一样；请用 --vkey 给出另行得到的公钥",
                "the log's key was taken from the bundle: a log rewritten under new keys would look the same (--vkey)",
            )

    def read_note(self, name: str) -> None:
        try:
            note = note_from(self.bundle.small(name))
        except ValueError:
            self.report.add("notes", "malformed_note", field=name, seen=name)
            return
        if note.size != int(name[6:]) or note.size > self.bundle.manifest["size"]:
            self.report.add("notes", "malformed_note", field=name, seen=name)
            return
        self.held.append(Held(name, note, outside=False))

    def verify_signatures(self) -> None:
        """Verify outside notes and the newest notes first; each needs the log's own signature."""
        spent = left = 0
        for held in sorted(self.held, key=lambda held: (not held.outside, -held.note.size)):
            if spent >= MOST_SIGNATURES:
                left += 1
                continue
            spent += self.verify_note(held)
        if left:
            self.report.remark(f"较早的 {left} 个检查点只核对了树根，没有核对签名",
                               f"of {left} older notes only the roots were checked, not the signatures")

    def verify_note(self, held: Held) -> int:
        """Verify the signatures of one note whose keys are known, and return how many these were."""
        check, known, by_log = "anchors" if held.outside else "notes", 0, False
        for name, key_id, raw in held.note.signatures:
            key = self.keys.get((name, key_id))
            if key is None or (key.type == LOG_KEY and key.name != held.note.origin):
                continue
            known += 1
            time = signed_at(held.note, key, raw)
            if time is None:
                self.report.add(check, "signature", field=held.name, seen=held.name)
            elif key.type == LOG_KEY:
                by_log = True
            elif self.bundle.manifest["mode"] == "production":
                self.add_time(held, time)
        if not by_log:
            demanded = any(key.type == LOG_KEY for key in self.given)
            self.report.add(check, "signature" if demanded else "no_key", field=held.name, seen=held.name)
        return known

    def add_time(self, held: Held, time: int) -> None:
        try:
            moment = dt.datetime.fromtimestamp(time, dt.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        except (ValueError, OverflowError, OSError):
            self.report.add("notes", "malformed_note", field=held.name, seen=held.name)
            return
        if held.note.size <= self.bundle.manifest["size"] and len(moment) == 27:
            self.times.append((held.note.size, moment))

    def sizes(self) -> List[int]:
        """Return the sizes at which the root of the log is wanted."""
        return sorted({held.note.size for held in self.held} | {self.bundle.manifest["size"]})

    def compare(self, read: Bytes) -> None:
        """Hold every note against the log that was read; the first that differs bounds the place from above."""
        good = 0
        roots: Dict[int, bytes] = {}
        for held in sorted(self.held, key=lambda held: held.note.size):
            check, size = "anchors" if held.outside else "notes", held.note.size
            if roots.setdefault(size, held.note.root) != held.note.root:
                self.report.add(check, "forked", field=held.name, seen=size)
            if size > self.bundle.manifest["size"]:
                missing = size - self.bundle.manifest["size"]
                self.report.add(check, "newer_anchor", field=held.name, seen=missing)
            elif self.bundle.whole:
                good = self.compare_root(held, check, read, good)
        if self.bundle.whole:
            self.compare_manifest(read)
        else:
            self.compare_partial()
        self.tell_the_rest()

    def compare_root(self, held: Held, check: str, read: Bytes, good: int) -> int:
        found, size = read.roots.get(held.note.size), held.note.size
        if found == held.note.root:
            return size
        if found is not None:
            self.report.add(check, "root", Place(max(size - 1, 0)), held.name, f"{good}–{size - 1}", size)
        return good

    def compare_manifest(self, read: Bytes) -> None:
        manifest = self.bundle.manifest
        if read.events == manifest["size"] and read.root.hex() != manifest["root"]:
            self.report.add("tree", "manifest_root", field="root")
        if manifest["counts"]["events"] != manifest["size"]:
            self.report.add("members", "count", field="counts", seen=manifest["size"], wanted=manifest["counts"]["events"])

    def compare_partial(self) -> None:
        """In a partial bundle a note is bound to the root by a consistency proof, or is of that very size."""
        manifest, bound = self.bundle.manifest, False
        root, proofs = bytes.fromhex(manifest["root"]), {}
        for row in self.bundle.rows(CONSISTENCY):
            proofs[row.get("size") if type(row.get("size")) is int else -1] = proof_from(row)
        for held in self.held:
            size, check = held.note.size, "anchors" if held.outside else "notes"
            if size > manifest["size"] or size == 0:
                continue
            if size == manifest["size"]:
                right = held.note.root == root
            elif size in proofs:
                right = grew(size, manifest["size"], held.note.root, root, proofs[size])
            else:
                self.report.add(check, "unlinked", field=held.name, seen=size)
                continue
            bound = bound or right
            if not right:
                self.report.add(check, "consistency", field=held.name, seen=held.name)
        if not bound:
            self.report.add("notes", "unbound_root", wanted=manifest["size"])

    def tell_the_rest(self) -> None:
        newest = max((held.note.size for held in self.held), default=0)
        size = self.bundle.manifest["size"]
        if newest < size:
            self.report.remark(f"最后 {size - newest} 条记录（第 {newest} 条起）还没有检查点覆盖",
                               f"the last {size - newest} events (from index {newest}) are covered by no note yet")
        if not any(held.outside for held in self.held):
            self.report.remark(
                "没有给出外部检查点（--anchor）：若有人换了密钥并重写了全部台账，仅凭本包看不出来！",
                "no outside note was given (--anchor): a rewritten log with new keys would look the same!",
            )


def read_meaning(path: str) -> Report:
    """Pass 2, still to come."""
    del path
    report = Report()
    report.remark("本版程序还不核对流程", "this version does not check the life of tables yet")
    return report


# ---------------------------------------------------------------------------------------------------------------------
# 13. Putting it together, and the command line
# ---------------------------------------------------------------------------------------------------------------------


class Verdict(NamedTuple):
    """The outcome: findings in order, the report they come from, the manifest as far as it was read."""

    findings: List[Finding]
    report: Report
    manifest: Dict[str, Any]

    @property
    def code(self) -> int:
        """1 where anything was tampered with, else 2 where anything is missing, else 0."""
        return min((finding.code for finding in self.findings), default=0)


def verify(path: str, anchors: Sequence[Tuple[str, Note]] = (), keys: Sequence[Key] = (), processes: int = 2) -> Verdict:
    """Check a bundle; whatever it is made of, this returns a verdict."""
    report, manifest = Report(), {}
    try:
        bundle = Bundle(path)
        bundle.read_manifest()
        manifest = bundle.manifest
        check_members(bundle, report)
        run_passes(bundle, path, report, Notes(bundle, report, keys, anchors), processes)
    except Flaw as flaw:
        report.take(flaw.finding)
    except MALFORMED as wrong:
        report.add("members", "unreadable", seen=f"{type(wrong).__name__}: {wrong}")
    return Verdict(sorted(report.findings, key=Finding.sort_key), report, manifest)


def run_passes(bundle: Bundle, path: str, report: Report, notes: Notes, processes: int) -> None:
    """Read the notes, then the log twice: once for its bytes, once for its meaning, side by side where two cores are."""
    read_small_members(bundle)
    notes.read()
    notes.verify_signatures()
    jobs: Tuple[Tuple[Callable[..., Any], Tuple[Any, ...]], ...] = (
        (read_bytes, (path, notes.sizes(), notes.times)), (read_meaning, (path,)),
    )
    read, meaning = in_two_processes(jobs) if processes > 1 else [job(*given) for job, given in jobs]
    report.join(read.report)
    report.join(meaning)
    notes.compare(read)
    bundle.check_digests(report)


def read_small_members(bundle: Bundle) -> None:
    """Hash the members that nobody else reads."""
    for name in ("README.txt", "verify.py", *OPTIONAL):
        if name in bundle.names:
            bundle.small(name)


def in_two_processes(jobs: Sequence[Tuple[Callable[..., Any], Tuple[Any, ...]]]) -> List[Any]:
    """Run the jobs side by side; one after the other where the system gives no second process."""
    try:
        with concurrent.futures.ProcessPoolExecutor(len(jobs)) as pool:
            return [future.result() for future in [pool.submit(job, *given) for job, given in jobs]]
    except (OSError, ImportError, NotImplementedError, concurrent.futures.process.BrokenProcessPool):
        return [job(*given) for job, given in jobs]


class Arguments(argparse.ArgumentParser):
    """The command line; wrong usage is exit code 3."""

    def error(self, message: str) -> Any:
        self.print_usage(sys.stderr)
        print(f"用法有误 / wrong usage: {clean(message, 200)}", file=sys.stderr)
        raise SystemExit(USAGE)


def arguments_of(given: Sequence[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = Arguments(prog="verify.py", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("bundle", help="审计包 / the bundle")
    parser.add_argument("--anchor", action="append", default=[], help="外部检查点文件 / a note kept outside")
    parser.add_argument("--vkey", action="append", default=[], help="另行得到的公钥 / a verification key got elsewhere")
    parser.add_argument("--table", default="", help="列出这张表的经过 / tell this table's history")
    parser.add_argument("--json", action="store_true", help="机器可读 / machine-readable")
    parser.add_argument("--processes", type=int, choices=(1, 2), default=2)
    return parser.parse_args(given)


def main(given: Sequence[str]) -> int:
    """Check the bundle that the command line names and print what was found; return the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    options = arguments_of(given)
    try:
        anchors = [(name, note_from(Path(name).read_bytes())) for name in options.anchor]
        keys = [key_from(text) for text in options.vkey]
        Path(options.bundle).open("rb").close()
    except (OSError, ValueError) as wrong:
        print(f"用法有误 / wrong usage: {clean(str(wrong), 200)}", file=sys.stderr)
        return USAGE
    verdict = verify(options.bundle, anchors, keys, options.processes)
    print(as_json(verdict) if options.json else as_text(verdict))
    if options.table and not options.json:
        print(history_of(options.bundle, options.table))
    return verdict.code


RESULTS = {
    0: ("核对完毕：所列各项没有发现改动", "done: the checks listed found nothing changed"),
    TAMPERED: ("台账或本包被改动过", "TAMPERED: the log or this bundle was changed"),
    INCOMPLETE: ("本包不完整", "INCOMPLETE: this bundle does not hold all that is needed"),
}


def as_text(verdict: Verdict) -> str:
    """Write the verdict for people: each check with its result, the findings, what was not checked."""
    lines = [f"台账 / log: {clean(verdict.manifest.get('origin', '?'))}  记录 / events: {verdict.manifest.get('size', '?')}  "
             f"范围 / scope: {clean(json.dumps(verdict.manifest.get('scope', '?')))}"]  # fmt: skip
    failed = {finding.check for finding in verdict.findings}
    for check, (chinese, english) in CHECKS.items():
        result = "✗ 有问题 failed" if check in failed else "✓ 已核对 checked" if check in verdict.report.done else "– 未核对 not checked"
        lines.append(f"  [{check}] {chinese} / {english}: {result}")
    for finding in verdict.findings[:MOST_FINDINGS]:
        lines += [f"✗ {where(finding, 0)}：{finding.said(1)}", f"  {where(finding, 1)}: {finding.said(2)} [{finding.check}]"]
    left = len(verdict.findings) + verdict.report.more - MOST_FINDINGS
    if left > 0:
        lines.append(f"  另有 {left} 处 / {left} more")
    lines += [f"! {chinese}\n  {english}" for chinese, english in verdict.report.remarks]
    lines.append("没有核对 / not checked:")
    lines += [f"  · {chinese} / {english}" for chinese, english in NOT_CHECKED]
    chinese, english = RESULTS[verdict.code]
    return "\n".join([*lines, f"{chinese}（{verdict.code}）", f"{english} ({verdict.code})"])


def where(finding: Finding, language: int) -> str:
    """Say where a finding stands: log index, table, version, field."""
    place = finding.place
    words = (("第 {} 条", "表 ", "对象 ", "第 {} 版", "字段 "), ("event {}", "table ", "stream ", "version {}", "field "))[language]
    parts = [words[0].format(place.event)] if place.event is not None else []
    if place.stream:
        parts.append((words[1] if place.subject == "table" else words[2]) + clean(place.stream))
    if place.version is not None:
        parts.append(words[3].format(place.version))
    if finding.field:
        parts.append(words[4] + clean(finding.field))
    return ("，", ", ")[language].join(parts) or ("本包", "the bundle")[language]


def as_json(verdict: Verdict) -> str:
    """Write the verdict for machines."""
    failed = {finding.check for finding in verdict.findings}
    results = {check: "failed" if check in failed else "checked" if check in verdict.report.done else "not_checked" for check in CHECKS}
    findings = [
        {
            "check": finding.check, "what": finding.what, "code": finding.code, "index": finding.place.event,
            "stream": finding.place.stream, "table": finding.place.stream if finding.place.subject == "table" else None,
            "version": finding.place.version, "field": finding.field, "seen": finding.seen, "wanted": finding.wanted,
            "zh": f"{where(finding, 0)}：{finding.said(1)}", "en": f"{where(finding, 1)}: {finding.said(2)}",
        }
        for finding in verdict.findings[:MOST_FINDINGS]
    ]  # fmt: skip
    told = {
        "exit": verdict.code, "origin": verdict.manifest.get("origin"), "size": verdict.manifest.get("size"), "checks": results,
        "first": findings[0] if findings else None, "findings": findings, "count": len(verdict.findings) + verdict.report.more,
        "remarks": [{"zh": chinese, "en": english} for chinese, english in verdict.report.remarks],
        "not_checked": [{"zh": chinese, "en": english} for chinese, english in NOT_CHECKED],
    }  # fmt: skip
    return json.dumps(told, ensure_ascii=False, indent=1)


def history_of(path: str, table: str) -> str:
    """Tell a table's events, one a line: index, version, time, person, kind."""
    lines, bundle = [f"{clean(table)}:"], Bundle(path)
    try:
        bundle.read_manifest()
        indexes = None if bundle.whole else (row.get("index") for row in bundle.rows(PLACES))
        for number, body in enumerate(bundle.rows(EVENTS)):
            index = number if indexes is None else next(indexes, "?")
            if body.get("stream") == table:
                told = (index, body.get("version"), body.get("at"), name_and_role(body.get("actor")), body.get("kind"))
                lines.append("  " + "  ".join(clean(str(word)) for word in told))
    except Flaw as flaw:
        lines.append(flaw.finding.said(1))
    return "\n".join(lines)


def name_and_role(actor: Any) -> str:
    """Return who acted, as a history shows it."""
    return f"{actor.get('name')} ({actor.get('role')})" if isinstance(actor, dict) else "?"


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
