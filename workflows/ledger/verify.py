"""绩效目标审批台账的独立核对程序: checks a bundle of the Goaltrail ledger without trusting anybody who made it.

    python3 -I verify.py BUNDLE.zip [--anchor NOTE]... [--vkey VKEY]... [--mode production] [--table ID] [--json]
                      [--processes 1|2]

One file, Python 3.9 or later, standard library only; it shares no code with the product whose work it judges. It
writes the rules down anew: how a fact becomes bytes, how bytes become a tree, and which step was allowed to whom.

Exit code: 0 nothing was found changed · 1 tampered · 2 incomplete · 3 wrong usage. What was not checked is listed, and
nothing is concluded about it.

How to read this file: 1 names the checks and the sentences. 2 to 4 are mathematics: signatures, notes, the tree. 5 opens
the zip, 6 follows bytes, links and times of events, 7 holds the notes against them. 8 says which kinds of events there
are, 9 looks up what they name, 10 keeps the posts. 11 is the law of the house as tables, 12 the steps of a table's life
under it, 13 the comparison with what the product shows. 14 and 15 put it together and print.
"""

from __future__ import annotations

import argparse
import base64
import binascii
import concurrent.futures
import datetime as dt
import decimal
import gc
import hashlib
import itertools
import json
import re
import sys
import unicodedata
import zipfile
import zlib
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any, Callable, Dict, FrozenSet, Iterator, List, NamedTuple, Optional, Sequence, Set, Tuple

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

ORDER = {check: number for number, check in enumerate(CHECKS)}

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
    "mode": (TAMPERED, "清单自称 {seen}，要求的是 {wanted}", "the manifest calls this log {seen}, {wanted} was asked for"),
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
    "bad_anchor": (INCOMPLETE, "您给的检查点（大小 {seen}）自身的签名不成立：抄错了，或不是原件；没有用它核对",
                   "the note you gave (size {seen}) does not bear its own signature: miscopied, or not the original; it was not used"),
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
    "S3": (TAMPERED, "{seen} 补正过此表，又单独核准它，或在另一环节核准（S3）", "{seen} completed this table and alone passes it, or decides elsewhere (S3)"),
    "S4": (TAMPERED, "{seen} 办理了同级的两个环节（S4）", "{seen} acts at two desks of one level (S4)"),
    "S5": (TAMPERED, "{seen} 填报自评又审核它（S5）", "{seen} filed the self-evaluation and checks it (S5)"),
    "S6": (TAMPERED, "{seen} 填报监控数据又审核它（S6）", "{seen} filed the figures and checks them (S6)"),
    "S8": (TAMPERED, "{seen} 兼任系统管理与业务岗位（S8）", "{seen} holds an administrator's and a business post (S8)"),
    "S9": (TAMPERED, "{seen} 自己提出又发布了审批链或规则包（S9）", "{seen} published a chain or a pack that he had proposed himself (S9)"),
    "S10": (TAMPERED, "{seen} 一人办理了须两人的一步（S10）", "{seen} alone did what needs two persons (S10)"),
    "S11": (TAMPERED, "{seen} 与此表有关联，或不是受请评审它的专家（S11）", "{seen} is related to this table, or no expert who was asked to review it (S11)"),
    "S12": (TAMPERED, "职责分离豁免不成立：{seen}（{wanted}）", "the waiver of segregation does not hold: {seen} ({wanted})"),
    "cover": (TAMPERED, "{seen} 当时没有可用的代理授权（{wanted}）", "{seen} had no leave to act for somebody absent then ({wanted})"),
    "reply": (TAMPERED, "批复文件与表的批复不符：{seen}", "the reply document and the tables' replies differ: {seen}"),
    "no_state": (INCOMPLETE, "系统没有显示此表的状态，无从比对", "the product shows no state of this table to compare with"),
    "shown": (TAMPERED, "系统所示为 {seen}，重放得到 {wanted}", "the product shows {seen}, the replay gives {wanted}"),
    "malformed": (TAMPERED, "{seen} 无法读取", "{seen} cannot be read"),
}

NOT_CHECKED = (
    ("最后一个检查点之后的记录，以及是否还有没有导出的更晚记录", "events after the newest note, and whether later ones exist that were not exported"),
    ("实际坐在键盘前的人是谁", "who really sat at the keyboard"),
    ("填报的事实是否真实", "whether the facts that people typed are true"),
    ("运行方式（正式、演示、模拟）：清单自己写的，没有签名约束", "the mode (production, demo, simulation): the manifest's own word, bound by no signature"),
    ("没有见证签名的时间", "moments that no witness signed"),
    ("各指标得分和监控理由的计算（只核对合计、等级、执行率、偏差、目标实现程度、颜色；预计完成值写法特殊的行，该行可为任何颜色）",
     "how row points and the reasons of colours were computed (sums, grade, rate, deviation, realisation and colour are; a row "
     "whose forecast is written in an unusual way may have any colour)"),
    ("办理期限的工作日推算", "the counting of working days for due moments"),
    ("哪个单位属于哪个部门，显示的姓名是否本人（机构和账号不在台账内）", "which unit belongs to which department, names shown beside ids (organs and accounts are not in the log)"),
    ("认领时限和延期后期限的工作时间推算，任务是否确实无人可办，批注所指的位置是否存在",
     "the working hours of claims and of later due moments, whether truly nobody could take a task, whether the place of a comment exists"),
    ("抄送和征求意见的对象是否有权查看", "whether those who were sent copies or asked for opinions may read the table"),
    ("机审结果与修改理由", "the machine pre-review and the reasons given for changes"),
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

    def sort_key(self) -> Tuple[int, int, int]:
        """First what has a place in the log, by index, then shown states, then the rest; at one place by the checks."""
        rank = 2 if self.place.event is None else int(self.check == "state")
        return (rank, self.place.event or 0, ORDER[self.check])


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


def note_broken(report: Report, wrong: BaseException) -> None:
    """Make a finding of what stopped a pass: the machine's fault leaves the check incomplete, anything else is the bundle's."""
    what = "unreadable" if isinstance(wrong, (OSError, MemoryError)) else "malformed"
    report.add("members", what, seen=f"{type(wrong).__name__}: {wrong}")


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
MEMBER_LIMIT, MOST_RATIO = 1 << 40, 300
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
            said = json.loads(self.small(MANIFEST).decode("utf-8"), object_pairs_hook=no_key_twice)
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
                row = json.loads(line.decode("utf-8"), object_pairs_hook=no_key_twice)
            except (ValueError, RecursionError):
                row = None
            if not isinstance(row, dict):
                raise Flaw("members", "malformed", seen=f"{name}:{number + 1}")
            yield row

    def indexes(self) -> Iterator[int]:
        """Yield the log index of each line of events."""
        if self.whole:
            yield from itertools.count()
        for row in self.rows(PLACES):
            index = row.get("index")
            yield index if type(index) is int else -1

    def check_digests(self, report: Report) -> None:
        """Hold what was read to its end against the manifest."""
        for name, digest in sorted(self.digests.items()):
            if name != MANIFEST and self.manifest["files"].get(name) != digest:
                report.add("members", "digest", field=name, seen=name)


def no_key_twice(pairs: List[Tuple[str, Any]]) -> Dict[str, Any]:
    """Return a JSON object; ValueError where a key stands in it twice, of which each reader may take another."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


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
    seen: Set[str] = set()
    for info in bundle.zip.infolist():
        name, sort = info.filename, info.compress_type
        odd = name in seen or info.flag_bits & 1 or sort not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
        if odd or is_too_large(info):
            report.add("members", "member", field=name, seen=name)
        elif name != MANIFEST and (name not in bundle.manifest["files"] or not is_known(name)):
            report.add("members", "unknown_member", field=name, seen=name)
        seen.add(name)
    wanted = set(bundle.manifest["files"]) | set(ALWAYS) | (set() if bundle.whole else set(PARTIAL))
    for name in sorted(wanted - seen):
        report.add("members", "missing", field=name, seen=name)
    report.done.add("members")


def is_too_large(info: zipfile.ZipInfo) -> bool:
    """Whether a member is larger than its sort may be, or unpacks to hundreds of times what it takes in the zip."""
    if not info.filename.endswith(".jsonl"):
        return info.file_size > SMALL_LIMIT
    return info.file_size > MEMBER_LIMIT or info.file_size > max(READ, MOST_RATIO * info.compress_size)


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


class Links(NamedTuple):
    """What pass 1 found out: how many events, the root, and the roots asked for on the way."""

    report: Report
    events: int
    root: bytes
    roots: Dict[int, bytes]


class Witnessed:
    """What witnesses' times say about an event by its index: not after the signature over it, not long before others.

    `limits` holds (size of the note, time of the witness's signature), in any order. A larger note that was signed at an
    earlier time shows that the clock was ahead at the smaller one: the earlier time counts.
    """

    def __init__(self, limits: Sequence[Tuple[int, str]]) -> None:
        ordered = sorted(limits)
        self.sizes = [size for size, _ in ordered]
        self.next = 0
        self.times = [time for _, time in ordered]
        self.not_after = list(self.times)
        for number in range(len(ordered) - 2, -1, -1):
            self.not_after[number] = min(self.not_after[number], self.not_after[number + 1])
        self.latest = [later(time, CLOCKS_APART) for time in self.not_after]
        self.earliest, self.seen = "", ""

    def check(self, link: Link, index: int, report: Report) -> None:
        """Judge an event's time; indexes must not go back from call to call."""
        while self.next < len(self.sizes) and self.sizes[self.next] <= index:
            self.seen = max(self.seen, self.not_after[self.next])
            self.earliest = later(self.seen, -SLOWEST_TRANSACTION)
            self.next += 1
        place = Place(index, link.stream, link.version, link.subject)
        if link.at < self.earliest:
            report.add("time", "back_dated", place, "at", link.at, self.seen)
        elif self.next < len(self.sizes) and link.at > self.latest[self.next]:
            report.add("time", "after_witness", place, "at", link.at, self.not_after[self.next])


SLOWEST_TRANSACTION = 900
"""Seconds between an event's moment and its being sealed that are still believed."""
CLOCKS_APART = 120
"""Seconds by which the clocks of log and witness may differ."""


def read_links(path: str, sizes: Sequence[int], limits: Sequence[Tuple[int, str]]) -> Links:
    """Pass 1: every event's leaf hash, place, link and time; the tree over all of them."""
    report, bundle = Report(), Bundle(path)
    reading = LinkReading(bundle, report, sizes, limits)
    try:
        bundle.read_manifest()
        reading.run()
        bundle.check_digests(report)
    except Flaw as flaw:
        report.take(flaw.finding)
    except MALFORMED as wrong:
        note_broken(report, wrong)
    return Links(report, reading.count, reading.tree.root(), reading.roots)


class LinkReading:
    """The state of pass 1."""

    def __init__(self, bundle: Bundle, report: Report, sizes: Sequence[int], limits: Sequence[Tuple[int, str]]) -> None:
        self.bundle, self.report, self.sizes = bundle, report, set(sizes)
        self.witnessed = Witnessed(limits) if limits else None
        self.tree, self.count = Tree(), 0
        self.roots: Dict[int, bytes] = {}
        self.chains: Dict[str, Chain] = {}
        self.latest, self.behind, self.first_behind = "", 0, -1

    def run(self) -> None:
        whole, size = self.bundle.whole, self.bundle.manifest["counts"]["events"]
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
        if self.behind:
            self.report.remark(
                f"{self.behind} 条记录的时间比在它之前封存的记录早 15 分钟以上（最早为第 {self.first_behind} 条）：时钟回拨过，或是倒签",
                f"{self.behind} events bear a moment over 15 minutes before one sealed ahead of them (first: {self.first_behind}): a clock set back, or back-dated",
            )
        for stream, chain in self.chains.items():
            if chain.doubt is not None:
                place = Place(chain.doubt.event, stream, chain.doubt.version, chain.subject)
                self.report.add("chains", "edited_or_next", place)
        self.report.done |= {"tree" if whole else "places"} | (set() if self.bundle.receipt else {"chains", "time"})

    def read_whole(self, size: int) -> None:
        """Line i is event i, and the leaves make the tree."""
        for line in self.bundle.lines(EVENTS):
            leaf = sha256(b"\x00" + line)
            self.event(line, leaf.hexdigest(), self.count)
            self.count += 1
            if self.count <= size:
                self.tree.append(leaf.digest())
                if self.count in self.sizes:
                    self.roots[self.count] = self.tree.root()

    def read_partial(self) -> None:
        """Each event has its place and its proof."""
        places = Places(self.bundle)
        for line in self.bundle.lines(EVENTS):
            leaf = sha256(b"\x00" + line)
            self.event(line, leaf.hexdigest(), places.next(leaf.digest(), self.report))
            self.count += 1
        places.end()

    def event(self, line: bytes, leaf: str, index: int) -> None:
        link = link_in(line)
        if link is None:
            self.report.add("columns", "column", Place(index), "stream", "?", "at, prev, stream, subject, version")
            return
        if self.witnessed is not None:
            self.witnessed.check(link, index, self.report)
        if link.at[:16] < self.latest[:16] and MOMENT.fullmatch(link.at) and is_moment(link.at):
            self.late_in_order(link.at, index)
        elif MOMENT.fullmatch(link.at) and is_moment(link.at):
            self.latest = max(self.latest, link.at)
        if self.bundle.receipt:
            return
        chain = self.chains.get(link.stream)
        if chain is None:
            chain = self.chains[link.stream] = Chain(link.subject)
        follow(chain, link, index, leaf, self.report)


    def late_in_order(self, at: str, index: int) -> None:
        """Count an event whose moment lies far before that of an event sealed ahead of it."""
        if later(at, SLOWEST_TRANSACTION) < self.latest:
            self.first_behind = index if self.behind == 0 else self.first_behind
            self.behind += 1


def read_forms(path: str) -> Report:
    """Pass 2: every event's bytes are the one canonical way to write what they say."""
    report, bundle, profile = Report(), Bundle(path), Profile(KEY)
    try:
        bundle.read_manifest()
        indexes = bundle.indexes()
        for line in bundle.lines(EVENTS):
            index = next(indexes, None)
            try:
                if len(line) > BODY_LIMIT:
                    raise ValueError("too long")
                profile.read(line)
            except (ValueError, RecursionError) as wrong:
                report.add("canonical", "not_canonical", Place(index, *stream_in(line)), seen=str(wrong))
        report.done.add("canonical")
    except Flaw as flaw:
        report.take(flaw.finding)
    except MALFORMED as wrong:
        note_broken(report, wrong)
    return report


def stream_in(line: bytes) -> Tuple[str, Optional[int]]:
    """Return what can still be read of a broken body: its stream and version."""
    stream = re.search(rb'"stream":"([0-9a-f-]{36})"', line)
    version = re.search(rb'"version":([0-9]{1,9})\}$', line)
    return (stream[1].decode() if stream else "", int(version[1]) if version else None)


def later(moment: str, seconds: int) -> str:
    """Return a moment so many seconds later, written as in the log."""
    return (datetime_of(moment) + dt.timedelta(seconds=seconds)).isoformat(timespec="microseconds") + "Z"


def datetime_of(moment: str) -> dt.datetime:
    """Read a moment as the log writes it; ValueError where it is written another way."""
    if not MOMENT.fullmatch(moment):
        raise ValueError(f"no moment: {moment:.40}")
    return dt.datetime.fromisoformat(moment[:-1])


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

MOST_SIGNATURES = 20_000
"""What is verified in about fifteen seconds; outside notes and the newest come first."""


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
        self.witnesses: Set[str] = set()
        self.signers: Set[bytes] = set()
        self.unsound: Set[Held] = set()

    def read(self) -> None:
        """Read the keys and every note; each must be of this log."""
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
            if time is None and held.outside and key.type == LOG_KEY:
                self.report.add(check, "bad_anchor", field=held.name, seen=held.note.size)
                self.unsound.add(held)
            elif time is None:
                self.report.add(check, "signature", field=held.name, seen=held.note.size)
            elif key.type == LOG_KEY:
                by_log = True
                self.signers.add(key.id)
            else:
                self.witnesses.add(name)
                self.add_time(held, time)
        if not by_log and held not in self.unsound:
            demanded = any(key.type == LOG_KEY for key in self.given)
            self.report.add(check, "signature" if demanded else "no_key", field=held.name, seen=held.note.size)
        return known

    def add_time(self, held: Held, time: int) -> None:
        """Take a witness's time down; the clock of a demo or simulation has nothing to do with it."""
        if self.bundle.manifest["mode"] != "production":
            return
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

    def compare(self, read: Links) -> None:
        """Hold every note against the log that was read; the first that differs bounds the place from above."""
        good = 0
        roots: Dict[int, bytes] = {}
        for held in sorted((held for held in self.held if held not in self.unsound), key=lambda held: held.note.size):
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
        self.report.done |= {"notes"} | ({"anchors"} if any(held.outside for held in self.held) else set())
        self.tell_the_rest()

    def compare_root(self, held: Held, check: str, read: Links, good: int) -> int:
        found, size = read.roots.get(held.note.size), held.note.size
        if found == held.note.root:
            return size
        if found is not None:
            self.report.add(check, "root", Place(max(size - 1, 0)), held.name, f"{good}–{size - 1}", size)
        return good

    def compare_manifest(self, read: Links) -> None:
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
        for held in (held for held in self.held if held not in self.unsound):
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
                self.report.add(check, "consistency", field=held.name, seen=size)
        if not bound:
            self.report.add("notes", "unbound_root", wanted=manifest["size"])

    def tell_the_rest(self) -> None:
        newest = max((held.note.size for held in self.held), default=0)
        size = self.bundle.manifest["size"]
        if newest < size:
            self.report.remark(f"最后 {size - newest} 条记录（第 {newest} 条起）还没有检查点覆盖",
                               f"the last {size - newest} events (from index {newest}) are covered by no note yet")
        if not self.times:
            mode = self.bundle.manifest["mode"]
            self.report.remark(
                f"没有任何时间与见证签名的时间核对过（清单自称 {mode}；正式环境应为 production）：倒签在这里看不出来",
                f"no moment was held against a witness's time (the manifest calls this {mode}; the real one is production): back-dating does not show here",
            )
        if len(self.signers) > 1:
            self.report.remark(
                f"检查点由 {len(self.signers)} 把不同的台账密钥签发：密钥更换须有书面依据",
                f"the notes were signed with {len(self.signers)} different keys of the log: ask on what ground the key was changed",
            )
        names = clean(", ".join(sorted(self.witnesses)), 200)
        self.report.remark(f"见证人的签名：{names or '没有'}", f"witnesses who signed: {names or 'none'}")
        if not any(held.outside for held in self.held):
            self.report.remark(
                "没有给出外部检查点（--anchor）：若有人换了密钥并重写了全部台账，仅凭本包看不出来！",
                "no outside note was given (--anchor): a rewritten log with new keys would look the same!",
            )


# ---------------------------------------------------------------------------------------------------------------------
# 8. The words of events: which kinds there are, on which subject's stream, with which fields
# ---------------------------------------------------------------------------------------------------------------------

# kind: (subject, newest shape, fields). `words` can be erased: the body holds "" or {"committed": hash}; in a shape
# older than the newest they stood open. `bytes` is the commitment of a file.
KINDS: Dict[str, Tuple[str, int, str]] = {
    "table.imported": ("table", 1, "document:uuid ordinal:int bureau:text department:text unit:text owner:text year:int "
                       "title:text family:text scope:text definition:text definition_hash:hash pack:text pack_hash:hash content_hash:hash"),
    "table.created": ("table", 1, "origin:text source:text number:int document:text ordinal:int bureau:text department:text unit:text owner:text "
                      "year:int title:text family:text scope:text definition:text definition_hash:hash pack:text pack_hash:hash content_hash:hash"),
    "revision.asked": ("table", 1, "request:uuid number:int trigger:text base:hash"),
    "revision.opened": ("table", 1, "revision:uuid number:int trigger:text base:hash reason:words"),
    "revision.approved": ("table", 2, "revision:uuid table:uuid number:int doc_no:text base:hash content_hash:hash effective_from:text "
                          "title:text windows:objects pass_on_due:text"),
    "revision.refused": ("table", 1, "revision:uuid number:int reason:words"),
    "revision.abandoned": ("table", 1, "revision:uuid number:int reason:words"),
    "table.submitted": ("table", 2, "node:text task:uuid round:int content_hash:hash changes:hash changed:int title:text "
                        "editors:texts disclosure:text note:words"),
    "table.withdrawn": ("table", 2, "round:int reason:words"),
    "table.returned": ("table", 3, "node:text round:int to:text mode:text reason:words to_node:maybe fields:texts overtaken:texts"),
    "table.replied": ("table", 2, "doc_no:text reply:uuid content_hash:hash windows:objects self_evaluation_opens:text self_evaluation_due:text "
                      "pass_on_due:text disclose_due:text"),
    "table.passed_on": ("table", 1, "doc_no:text document:uuid content_hash:hash amount:maybe"),
    "reply.passed_on": ("reply", 1, "doc_no:text bureau:text department:text tables:objects opinion:words"),
    "budget.approved": ("campaign", 1, "bureau:text year:int approved_on:text doc_no:text days:int due:text source:text"),
    "budget.correction_asked": ("campaign", 1, "bureau:text year:int approved_on:text doc_no:text instead_of:text instead_of_no:text reason:words"),
    "budget.corrected": ("campaign", 1, "bureau:text year:int approved_on:text doc_no:text days:int due:text source:text asked:uuid instead_of:text"),
    "referral.made": ("referral", 1, "table:uuid bureau:text to:text receiver:text receiver_name:text doc_no:words words:words"),
    "referral.answered": ("referral", 1, "outcome:text doc_no:words words:words"),
    "campaign.opened": ("campaign", 1, "bureau:text year:int purpose:text window:text number:int title:text opens:text closes:text enforcing:bool "
                        "departments:texts content_hash:hash size:int least:int basis:text"),
    "campaign.extended": ("campaign", 1, "units:texts closes:text reason:text"),
    "campaign.closed": ("campaign", 1, "reason:text"),
    "campaign.urged": ("campaign", 1, "units:texts"),
    "campaign.declared": ("campaign", 1, "unit:text tables:int note:text"),
    "table.refused": ("table", 2, "request:uuid reason:words"),
    "table.voided": ("table", 2, "request:uuid reason:words"),
    "table.terminated": ("table", 2, "request:uuid reason:words"),
    "table.closed": ("table", 2, "node:text task:uuid opinion:words"),
    "node.entered": ("table", 1, "node:text stage:text round:int task:uuid role:text organ:text person:maybe level:text "
                     "due_at:maybe provisional:bool calendar:maybe"),
    "node.completed": ("table", 1, "node:text round:int"),
    "node.superseded": ("table", 1, "node:text round:int task:uuid reason:text"),
    "task.decided": ("table", 2, "node:text task:uuid round:int level:text outcome:text opinion:words content_hash:hash"),
    "task.overdue": ("table", 1, "node:text task:uuid round:int due_at:text rule:text"),
    "node.shared": ("table", 1, "node:text stage:text round:int level:text tasks:objects due_at:maybe provisional:bool calendar:maybe"),
    "task.superseded": ("table", 1, "node:text task:uuid round:int reason:text"),
    "task.opened": ("table", 1, "node:text task:uuid round:int ends_withdrawing:bool"),
    "task.recalled": ("table", 1, "node:text task:uuid recalled:uuid round:int stage:text level:text reopened:objects unrouted:texts reason:words"),
    "task.claimed": ("table", 1, "node:text task:uuid round:int until:text"),
    "task.released": ("table", 1, "node:text task:uuid round:int by_time:bool reason:words"),
    "task.transferred": ("table", 1, "node:text task:uuid round:int giver:text receiver:text receiver_name:text by_lead:bool reason:words"),
    "task.delegated": ("table", 1, "node:text task:uuid round:int delegate:text delegate_name:text reason:words"),
    "task.delegation_returned": ("table", 1, "node:text task:uuid round:int taken_back:bool opinion:words"),
    "task.signer_added": ("table", 1, "node:text task:uuid round:int anchor:uuid how:text depth:int role:text organ:text person:text "
                          "name:text due_at:maybe provisional:bool calendar:maybe reason:words"),
    "task.due_set": ("table", 1, "node:text task:uuid round:int due_at:text provisional:bool calendar:text rule:text"),
    "task.unassignable": ("table", 1, "node:text task:uuid round:int role:text organ:text person:maybe rule:text"),
    "task.urged": ("table", 1, "node:text task:uuid round:int note:words"),
    "opinion.asked": ("table", 1, "request:uuid node:text task:uuid person:text name:text question:words answer_by:maybe"),
    "opinion.given": ("table", 1, "request:uuid opinion:words"),
    "copy.sent": ("table", 1, "copy:uuid people:objects note:words"),
    "copy.read": ("table", 1, "copy:uuid"),
    "copy.term_set": ("table", 1, "copy:uuid read_at:text provisional:bool calendar:text rule:text"),
    "copy.deemed_read": ("table", 1, "copy:uuid person:text name:text rule:text"),
    "task.escalated": ("table", 1, "node:text task:uuid round:int rung:text do:text role:text organ:text people:objects due_at:text rule:text"),
    "extension.asked": ("table", 1, "request:uuid node:text task:uuid until:text reason:words"),
    "extension.granted": ("table", 1, "request:uuid task:uuid opinion:words"),
    "extension.refused": ("table", 1, "request:uuid task:uuid reason:words"),
    "project.paused": ("table", 1, "reason:words"),
    "project.resumed": ("table", 1, "reason:words"),
    "table.suspended": ("table", 1, "until:text reason:words"),
    "table.resumed": ("table", 1, "days:int reason:words"),
    "table.handed_over": ("table", 1, "owner:text owner_name:text successor:text successor_name:text reason:words"),
    "thread.opened": ("table", 1, "thread:uuid node:text round:int level:text pointer:text row:text criterion:text content_hash:hash words:words"),
    "thread.answered": ("table", 1, "thread:uuid words:words"),
    "thread.resolved": ("table", 1, "thread:uuid opinion:words"),
    "review.scored": ("table", 2, "node:text task:uuid round:int mode:text items:object total:text grade:text opinion:words "
                      "pack:text pack_hash:hash content_hash:hash"),
    "amendment.proposed": ("table", 1, "amendment:uuid node:text task:uuid round:int base:hash content_hash:hash changes:hash changed:int "
                           "due_at:text provisional:bool calendar:text opinion:words"),
    "amendment.confirmed": ("table", 1, "amendment:uuid node:text round:int base:hash content_hash:hash changes:hash changed:int opinion:words"),
    "amendment.rejected": ("table", 1, "amendment:uuid taken_back:bool reason:words"),
    "correction.opened": ("table", 1, "request:uuid base:hash content_hash:hash changes:hash changed:int fields:texts"),
    "correction.applied": ("table", 1, "request:uuid base:hash content_hash:hash changes:hash changed:int title:text"),
    "admin.proposed": ("table", 1, "request:uuid measure:text node:text to_node:maybe"),
    "admin.intervened": ("table", 1, "request:uuid measure:text node:text to_node:maybe reason:words asked_by:text overtaken:texts"),
    "paper.entered": ("table", 1, "request:uuid node:text task:uuid round:int attachment:uuid leader:text leader_name:text outcome:text "
                      "to:maybe signed_on:text opinion:words"),
    "definition.proposed": ("definition", 1, "name:text content_hash:hash by:text"),
    "rule_pack.proposed": ("rule_pack", 1, "name:text content_hash:hash by:text"),
    "calendar.proposed": ("calendar", 1, "name:text content_hash:hash by:text"),
    "calendar.published": ("calendar", 1, "name:text content_hash:hash"),
    "template.proposed": ("template", 1, "name:text content_hash:hash by:text"),
    "template.published": ("template", 1, "name:text content_hash:hash"),
    "notice.resent": ("notice", 1, "notice:uuid again:uuid channel:text receiver:text template:text reason:words"),
    "cover.given": ("person", 1, "cover:uuid principal:text name:text deputy:text deputy_name:text posts:objects nodes:texts units:texts "
                    "most:maybe from_at:text to_at:text reason:words"),
    "cover.ended": ("person", 1, "cover:uuid reason:words"),
    "waiver.signed": ("waiver", 1, "waiver:uuid rule:text unit:text person:text person_name:text reason:words until:text"),
    "route.chosen": ("table", 1, "round:int stage:text inputs:objects passed_over:texts"),
    "route.shortened": ("table", 1, "round:int to:text passed_over:texts"),
    "confirmation.requested": ("table", 2, "request:uuid action:text reason:words"),
    "confirmation.given": ("table", 2, "request:uuid opinion:words"),
    "confirmation.refused": ("table", 2, "request:uuid reason:words"),
    "monitoring.opened": ("table", 1, "window:text name:text date:text planned_percent:maybe source:text rule:text"),
    "monitoring.filed": ("table", 3, "node:text task:uuid window:text figures:object execution_rate:maybe planned:maybe deviation:maybe "
                         "realisation:maybe colour:text reasons:texts cause:words measure:words person:words deadline:text "
                         "pack:text pack_hash:hash content_hash:hash"),
    "monitoring.accepted": ("table", 2, "node:text task:uuid window:text opinion:words"),
    "monitoring.returned": ("table", 2, "node:text task:uuid window:text reason:words"),
    "selfeval.opened": ("table", 1, "rule:text"),
    "selfeval.filed": ("table", 1, "node:text task:uuid figures:object scores:objects execution_points:text total:text grade:text "
                       "pack:text pack_hash:hash content_hash:hash"),
    "selfeval.accepted": ("table", 2, "node:text task:uuid level:text opinion:words"),
    "selfeval.returned": ("table", 2, "node:text task:uuid level:text reason:words"),
    "selfeval.rescored": ("table", 2, "node:text task:uuid level:text rows:objects total:text grade:text pack:text pack_hash:hash"),
    "selfeval.drawn": ("table", 1, "sampling:uuid why:text"),
    "sampling.drawn": ("campaign", 1, "year:int department:text seed:text percent:text rules:object candidates:objects drawn:objects"),
    "execution.recorded": ("table", 1, "batch:uuid row:int executed:text budget:maybe date:text"),
    "disclosure.reviewed": ("table", 1, "outcome:text content_hash:hash reason:words"),
    "expert.assigned": ("table", 1, "assignment:uuid node:text task:uuid round:int person:text name:text until:text"),
    "expert.declared": ("table", 1, "assignment:uuid related:bool reason:words"),
    "expert.scored": ("table", 1, "assignment:uuid items:object total:text grade:text opinion:words pack:text pack_hash:hash content_hash:hash"),
    "appraisal.filed": ("table", 1, "appraisal:uuid items:object total:text result:text amount:text attachment:uuid opinion:words "
                        "pack:text pack_hash:hash"),
    "appraisal.checked": ("table", 1, "appraisal:uuid outcome:text opinion:words"),
    "appraisal.waived": ("table", 1, "appraisal:uuid doc_no:text reason:words"),
    "library.entry_added": ("campaign", 1, "entry:uuid bureau:text level1:text level2:text level3:text description:text target:text basis:text industry:text"),
    "library.entry_retired": ("campaign", 1, "entry:uuid bureau:text level1:text level2:text level3:text reason:text"),
    "disclosure.released": ("campaign", 2, "bureau:text department:text year:int tables:objects undisclosed:int internal:int stubs:int due:text "
                            "what:text unfinished:int"),
    "accounts.approved": ("campaign", 1, "bureau:text department:text year:int approved_on:text doc_no:text congress_on:text finance_due:text "
                          "pass_on_due:text disclose_due:text source:text"),
    "accounts.correction_asked": ("campaign", 1, "bureau:text department:text year:int approved_on:text doc_no:text congress_on:text "
                                  "instead_of:text instead_of_no:text instead_of_congress:text reason:words"),
    "accounts.corrected": ("campaign", 1, "bureau:text department:text year:int approved_on:text doc_no:text congress_on:text finance_due:text "
                           "pass_on_due:text disclose_due:text source:text asked:uuid instead_of:text"),
    "execution.imported": ("campaign", 1, "name:text bytes_sha256:hash size:int year:int date:text amount_unit:text tables:texts "
                           "total:text matched:text rest:text content_hash:hash"),
    "evaluation.opened": ("table", 1, "evaluation:text sort:text deadline:text reason:words"),
    "evaluation.reported": ("table", 1, "evaluation:text attachment:uuid score:text grade:text opinion:words"),
    "recommendation.made": ("table", 1, "recommendation:text evaluation:text to:text words:words deadline:text"),
    "recommendation.accepted": ("table", 1, "recommendation:text opinion:words"),
    "recommendation.rejected": ("table", 1, "recommendation:text reason:words"),
    "recommendation.implemented": ("table", 1, "recommendation:text attachment:text report:words"),
    "component.recorded": ("table", 1, "indicator:text numerator:text denominator:text counted_in:text attachment:uuid note:words"),
    "rectification.ordered": ("table", 1, "rectification:text cause:text window:text measures:texts cut:maybe problem:words deadline:text"),
    "rectification.done": ("table", 1, "rectification:text node:text task:uuid report:words"),
    "rectification.verified": ("table", 1, "rectification:text node:text task:uuid outcome:text deadline:maybe opinion:words"),
    "attachment.added": ("table", 1, "attachment:uuid name:words media_type:text size:int commitment:bytes for_step:text"),
    "attachment.withdrawn": ("table", 1, "attachment:uuid"),
    "attachment.redacted": ("table", 1, "attachment:uuid request:uuid"),
    "payload.erased": ("table", 1, "request:uuid targets:texts ground:text asked_by:text confirmed_by:text"),
    "erasure.requested": ("log", 1, "table:uuid targets:objects ground:text"),
    "erasure.confirmed": ("log", 1, "table:uuid"),
    "erasure.declined": ("log", 1, "table:uuid reason:words"),
    "hold.placed": ("table", 1, "reason:words"),
    "hold.lifted": ("table", 1, "reason:words"),
    "reply.issued": ("reply", 2, "doc_no:text tables:texts content_hashes:texts opinion:words"),
    "document.filed": ("document", 1, "name:text bytes_sha256:hash size:int family:text bureau:text department:text unit:text year:int "
                       "department_part:maybe tables:texts undisclosed_tables:int findings:hash"),
    "document.amended": ("document", 1, "number:int base:maybe content_hash:hash reason:words"),
    "document.reviewed": ("document", 1, "content_hash:hash opinion:words"),
    "document.returned": ("document", 1, "content_hash:hash reason:words"),
    "document.due_set": ("document", 1, "number:int role:text organ:text since:text due_at:text provisional:bool calendar:text rule:text"),
    "document.overdue": ("document", 1, "number:int role:text organ:text due_at:text rule:text"),
    "organ.founded": ("organ", 1, "organ:text name:text sort:text parent:text code:text doc_no:text day:text"),
    "organ.renamed": ("organ", 1, "organ:text was:text name:text code_was:text code:text doc_no:text day:text"),
    "organ.moved": ("organ", 1, "organ:text name:text was:text was_name:text parent:text parent_name:text doc_no:text day:text"),
    "organ.merged": ("organ", 1, "organs:texts names:texts successor:text successor_name:text doc_no:text day:text"),
    "organ.closed": ("organ", 1, "organ:text name:text doc_no:text day:text"),
    "grant.given": ("person", 1, "person:text name:text role:text organ:text"),
    "grant.revoked": ("person", 2, "person:text role:text organ:text reason:words"),
    "definition.published": ("definition", 1, "name:text content_hash:hash"),
    "rule_pack.published": ("rule_pack", 1, "name:text content_hash:hash"),
    "account.signed_in": ("log", 1, "person:text session_sha256:text address:words"),
    "account.sign_in_failed": ("log", 1, "person:text failures:int address:words"),
    "account.password_reset": ("log", 1, "person:text by_self:bool"),
    "account.disabled": ("log", 1, "person:text reason:words"),
    "account.enabled": ("log", 1, "person:text reason:words"),
    "account.token_issued": ("log", 1, "person:text token:uuid purpose:words scopes:texts ends_at:text"),
    "account.token_revoked": ("log", 1, "person:text token:uuid"),
    "account.mobile_changed": ("log", 1, "person:text change:text"),
    "owner.used": ("log", 1, "purpose:text revision:text fingerprint:text"),
    "catalog.changed": ("log", 1, "expected:text found:text"),
    "clock.jumped": ("log", 1, "seconds:text process:text"),
    "clock.moved": ("log", 1, "to:text"),
    "audit.read": ("log", 1, "what:text table:maybe day:text"),
    "audit.exported": ("log", 1, "scope:text size:int root:text events:int"),
    "backup.taken": ("log", 1, "size:int root:text"),
    "backup.restored": ("log", 1, "size:int root:text anchored:number"),
}
# (kind, older shape): the fields that it had, where they were others than the newest shape's.
OLDER: Dict[Tuple[str, int], str] = dict.fromkeys(
    (("table.returned", 1), ("table.returned", 2)), "node:text round:int to:text mode:text reason:words",
)  # fmt: skip
OLDER["revision.approved", 1] = KINDS["revision.approved"][2].replace(" pass_on_due:text", "")
OLDER["table.replied", 1] = KINDS["table.replied"][2].replace(" pass_on_due:text disclose_due:text", "")
OLDER["disclosure.released", 1] = KINDS["disclosure.released"][2].replace(" what:text unfinished:int", "")
# kind: the shape since which a score names the rule pack by which it was found.
SINCE_NAMING = {"review.scored": 2, "selfeval.rescored": 2, "monitoring.filed": 3}
OLDER.update(
    ((kind, shape), KINDS[kind][2].replace("pack:text pack_hash:hash", "").strip())
    for kind, newest in SINCE_NAMING.items() for shape in range(1, newest)
)
BOUND_AT_ONCE = frozenset({"review.scored"})
"""Kinds whose words never stood open, though they have several shapes."""
BODY = frozenset({"actor", "at", "command_id", "content_hash", "data", "format", "kind", "prev", "shape", "step", "stream", "subject", "version"})
ACTOR = frozenset({"id", "name", "on_behalf_of", "organ", "role"})
BEHALF = frozenset({"grant", "id", "name"})
ROLES_AT_HOME = {
    "unit": frozenset({"clerk", "unit_business", "unit_finance", "unit_head"}),
    "department": frozenset({"department_business", "department_finance"}),
    "bureau": frozenset({"finance_business", "finance_performance", "finance_budget", "finance_leader"}),
}
BUSINESS = frozenset().union(*ROLES_AT_HOME.values())
OFFICERS = frozenset({"system_admin", "security_admin", "audit_admin"})
ADMINISTRATORS = OFFICERS | {"process_admin", "system"}
ROLES = BUSINESS | ADMINISTRATORS | {"expert", "observer", "public", "secrecy_reviewer"}


def is_text(value: Any) -> bool:
    """A text of any length."""
    return type(value) is str


def is_hash(value: Any) -> bool:
    """64 hex digits."""
    return type(value) is str and HEX64.fullmatch(value) is not None


def is_uuid(value: Any) -> bool:
    """A UUID in lower case."""
    return type(value) is str and UUID.fullmatch(value) is not None


def is_committed(value: Any) -> bool:
    """The commitment of words that can be erased."""
    return type(value) is dict and len(value) == 1 and is_hash(value.get("committed"))


def are_texts(value: Any) -> bool:
    """A list of texts."""
    return type(value) is list and all(type(item) is str for item in value)


FORMS: Dict[str, Callable[[Any], bool]] = {
    "text": is_text,
    "uuid": is_uuid,
    "hash": is_hash,
    "bytes": is_hash,
    "int": lambda value: type(value) is int and value >= 0,
    "number": lambda value: value is None or (type(value) is int and value >= 0),
    "bool": lambda value: type(value) is bool,
    "maybe": lambda value: value is None or type(value) is str,
    "texts": are_texts,
    "object": lambda value: type(value) is dict,
    "objects": lambda value: type(value) is list and all(type(item) is dict for item in value),
    "words": lambda value: value == "" or is_committed(value),
}


Fields = Tuple[Tuple[str, str], ...]


class Layout(NamedTuple):
    """A kind's fields as they are checked: (name, form) pairs, which are bound by commitments, and every shape's fields."""

    subject: str
    shape: int
    fields: Fields
    names: FrozenSet[str]
    bound: Tuple[str, ...]
    shapes: Tuple[Tuple[Fields, FrozenSet[str]], ...]


def fields_of(spec: str) -> Fields:
    """Read the fields of a row as (name, form) pairs."""
    return tuple((name, form) for name, _, form in (each.partition(":") for each in spec.split()))


def layout_of(kind: str) -> Layout:
    """Read one row of KINDS, with what its older shapes held: words stood open in the first of several shapes."""
    subject, newest, spec = KINDS[kind]
    shapes = []
    for shape in range(1, newest + 1):
        fields = fields_of(OLDER.get((kind, shape), spec))
        if shape == 1 and newest > 1 and kind not in BOUND_AT_ONCE:
            fields = tuple((name, "text" if form == "words" else form) for name, form in fields)
        shapes.append((fields, frozenset(name for name, _ in fields)))
    fields, names = shapes[-1]
    bound = tuple(name for name, form in fields if form in ("words", "bytes"))
    return Layout(subject, newest, fields, names, bound, tuple(shapes))


LAYOUTS = {kind: layout_of(kind) for kind in KINDS}


def wrong_column(body: Dict[str, Any]) -> Optional[Tuple[str, Any, str]]:
    """Return the first field of a body whose form is wrong: (field, what stands there, what belongs there)."""
    if body.keys() != BODY:
        return "", ", ".join(sorted(body)), ", ".join(sorted(BODY))
    layout, shape, actor, data = LAYOUTS.get(body["kind"]), body["shape"], body["actor"], body["data"]
    if layout is None or type(shape) is not int or not 1 <= shape <= layout.shape:
        return "shape", shape, "a known shape"
    if layout.subject != body["subject"]:
        return "subject", body["subject"], layout.subject
    if type(actor) is not dict or actor.keys() != ACTOR:
        return "actor", actor, ", ".join(sorted(ACTOR))
    if actor["on_behalf_of"] is not None and not is_behalf(actor["on_behalf_of"]):
        return "actor.on_behalf_of", actor["on_behalf_of"], ", ".join(sorted(BEHALF))
    if not actor["id"] or not type(actor["id"]) is type(actor["name"]) is type(actor["organ"]) is str:
        return "actor", actor, "id, name, organ"
    if type(actor["role"]) is not str or actor["role"] not in ROLES:
        return "actor.role", actor["role"], "a role"
    return wrong_envelope(body) or wrong_data(layout, shape, data) or wrong_content_hash(body, data)


def is_behalf(value: Any) -> bool:
    """For whom a deputy acted: the absent person, the name of that time, and the cover that allows it."""
    return type(value) is dict and value.keys() == BEHALF and all(type(word) is str and word for word in value.values())


def wrong_envelope(body: Dict[str, Any]) -> Optional[Tuple[str, Any, str]]:
    """Check what surrounds the data."""
    step, at = body["step"], body["at"]
    if body["format"] != 1 or type(body["format"]) is not int:
        return "format", body["format"], "1"
    if type(step) is not int or step < 0:
        return "step", step, "0, 1, 2 …"
    if not (type(at) is str and MOMENT.fullmatch(at) and is_moment(at)):
        return "at", at, "YYYY-MM-DDThh:mm:ss.ffffffZ"
    for name in ("stream", "command_id"):
        if not is_uuid(body[name]):
            return name, body[name], "uuid"
    version = body["version"]
    if type(version) is not int or version < 1:
        return "version", version, "1, 2, 3 …"
    return None if is_hash(body["prev"]) else ("prev", body["prev"], "64 hex")


def is_time(value: Any) -> bool:
    """A moment as events write it."""
    return type(value) is str and MOMENT.fullmatch(value) is not None and is_moment(value)


KNOWN_HOURS: Set[str] = set()


def is_moment(at: str) -> bool:
    """Whether a text in the form of a moment is one of the calendar; each hour is looked up once."""
    if at[:13] in KNOWN_HOURS:
        return True
    try:
        dt.datetime.strptime(at[:13], "%Y-%m-%dT%H")
    except ValueError:
        return False
    if len(KNOWN_HOURS) < 100_000:
        KNOWN_HOURS.add(at[:13])
    return True


def wrong_data(layout: Layout, shape: int, data: Any) -> Optional[Tuple[str, Any, str]]:
    """Check the fields of the kind."""
    fields, names = layout.shapes[shape - 1]
    if type(data) is not dict or data.keys() != names:
        return "data", ", ".join(sorted(map(str, data))) if type(data) is dict else data, ", ".join(sorted(names))
    for name, form in fields:
        if not FORMS[form](data[name]):
            return f"data.{name}", data[name], form
    return None


def wrong_content_hash(body: Dict[str, Any], data: Dict[str, Any]) -> Optional[Tuple[str, Any, str]]:
    """The content hash of the envelope is that of the data."""
    wanted = data.get("content_hash") or None
    return None if body["content_hash"] == wanted else ("content_hash", body["content_hash"], str(wanted))


class Event:
    """One event as pass 2 reads it."""

    __slots__ = ("at", "behalf", "command", "cover", "data", "kind", "name", "organ", "person", "place", "role", "shape", "step", "stream")

    def __init__(self, body: Dict[str, Any], index: int) -> None:
        actor = body["actor"]
        self.stream, self.kind, self.data, self.at = body["stream"], body["kind"], body["data"], body["at"]
        self.person, self.name = sys.intern(actor["id"]), sys.intern(actor["name"])
        self.role, self.organ = sys.intern(actor["role"]), sys.intern(actor["organ"])
        behalf = actor["on_behalf_of"]
        self.behalf: str = sys.intern(behalf["id"]) if behalf else ""
        self.cover: str = behalf["grant"] if behalf else ""
        self.command, self.step, self.shape = body["command_id"], body["step"], body["shape"]
        self.place = Place(index, self.stream, body["version"], body["subject"])


# ---------------------------------------------------------------------------------------------------------------------
# 9. What events name: contents, erasable payloads, files
# ---------------------------------------------------------------------------------------------------------------------

NAMED = ("content_hash", "base", "changes", "definition_hash", "pack_hash", "department_part", "findings")


class Sheet(NamedTuple):
    """What is kept of a table's content: what events repeat of it, what conditions ask for, and the sum of its fields."""

    title: Any
    disclosure: Any
    plan: Tuple[Tuple[Any, Any], ...]
    budget: Any
    sum: int
    unit: Any
    attribute: Any
    key: bool
    rows: Tuple[str, ...] = ()
    origins: Tuple[Tuple[str, str], ...] = ()
    aims: Tuple[str, ...] = ()


class Changes(NamedTuple):
    """What is kept of a list of changes: how many, the sum of their new fields less that of their old ones, their places."""

    number: int
    sum: int
    places: Tuple[str, ...]


MODULUS = 1 << 256
ORDERS: Dict[Tuple[str, ...], Tuple[str, ...]] = {}
"""The orders of rows, and what rows aim at, that were met: most tables share one."""


def weigh(pointer: Any, text: Any) -> int:
    """Return a field's weight: the hash of its place and text as a number.

    The weights of a content's fields add up to its sum, in any order. So old sum + changes = new sum shows that a list of
    changes leaves nothing out, without keeping any content in memory.
    """
    return int.from_bytes(sha256(f"{pointer}\0{text}".encode("utf-8", "surrogatepass")).digest(), "big")


def sum_of(value: Any, pointer: str = "") -> int:
    """Return the sum of every field that is not empty; rows with an `id` are addressed by it."""
    if isinstance(value, dict):
        return sum(sum_of(item, f"{pointer}/{key}") for key, item in value.items())
    if isinstance(value, list):
        keys = (item.get("id", number) if isinstance(item, dict) else number for number, item in enumerate(value))
        return sum(sum_of(item, f"{pointer}/{key}") for key, item in zip(keys, value))
    return 0 if value is None else weigh(pointer, value)


def sum_of_changes(changes: Sequence[Any]) -> int:
    """Return the sum of the new fields less that of the old ones."""
    added = sum(weigh(each["pointer"], each["new"]) for each in changes if each["new"] is not None)
    return added - sum(weigh(each["pointer"], each["old"]) for each in changes if each["old"] is not None)


def origin_of(row: Dict[str, Any]) -> Tuple[str, str]:
    """Return from which table and row an indicator row says that it was taken; empty texts where from the library."""
    origin = row["origin"] if isinstance(row["origin"], dict) else {}
    return shared(str(origin.get("table", ""))), shared(str(origin.get("row", "")))


def aims_of(rows: Sequence[Any]) -> Tuple[str, ...]:
    """Return what the colour of a monitoring window asks of each indicator row, one JSON text for each, shared where it was met."""
    found = tuple(json.dumps(aim_of(row)) for row in rows if isinstance(row, dict) and isinstance(row.get("target"), dict))
    return ORDERS.setdefault(found, found)


def aim_of(row: Dict[str, Any]) -> List[Any]:
    """Return a row's id, classes and name, operator, number and unit of its target, chosen direction and scoring, weight.

    Last: whether a target without unit is a percentage, by its print or its name.
    """
    target = row["target"]
    percent = re.search(r"\d\s*[%％]", str(target.get("raw") or "")) or RATE_NAME.search(str(row.get("level3") or ""))
    return [row.get("id"), row.get("level2"), row.get("level3"), target.get("op"), target.get("value"), target.get("unit"),
            row.get("direction"), row.get("scoring"), row.get("weight"), bool(percent)]  # fmt: skip


RATE_NAME = re.compile(r"率$|率[（(]|满意度|百分比|比重|占比")


class Contents:
    """The contents of the bundle by their hash: only what later checks need is kept of each."""

    def __init__(self) -> None:
        self.kept: Dict[bytes, Any] = {}
        self.named: Dict[bytes, Any] = {}

    def read(self, bundle: Bundle, report: Report) -> None:
        """Read every content: its bytes must be canonical, its hash is its name."""
        profile, lines = Profile(CONTENT_KEY), 0
        for lines, line in enumerate(bundle.lines(CONTENTS), 1):
            try:
                value = profile.read(line) if len(line) <= CONTENT_LIMIT else None
            except (ValueError, RecursionError) as wrong:
                report.add("contents", "not_canonical", field=f"{CONTENTS}:{lines}", seen=str(wrong))
                continue
            try:
                self.kept[sha256(line).digest()] = self.extract(value)
            except (KeyError, TypeError, AttributeError, RecursionError) as wrong:
                report.add("contents", "malformed", field=f"{CONTENTS}:{lines}", seen=f"{CONTENTS}:{lines} {wrong}")
        count_is_right(bundle, report, "contents", lines)

    @staticmethod
    def extract(value: Any) -> Any:
        """Keep the number of changes, a definition's nodes, a pack's numbers or a table's few facts."""
        if set(value) == {"changes"} and isinstance(value["changes"], list):
            places = tuple(sys.intern(str(each["pointer"])) for each in value["changes"])
            return Changes(len(value["changes"]), sum_of_changes(value["changes"]) % MODULUS, places)
        if "nodes" in value or "selfeval" in value or set(value) in ({"lines", "rest"}, {"units"}) or {"years", "local"} <= set(value):
            return value
        if {"format", "name"} <= set(value) and ("shipped" in value or "text" in value):
            return value
        if "indicators" not in value:
            return value if "self_evaluation" in value else None
        budget = value.get("budget")
        plan = value.get("spending_plan")
        steps = tuple((step.get("checkpoint"), step.get("cumulative_percent")) for step in plan or () if isinstance(step, dict))
        total = budget.get("total") if isinstance(budget, dict) else None
        rows = tuple(sys.intern(str(row.get("id", n) if isinstance(row, dict) else n)) for n, row in enumerate(value["indicators"] or ()))
        rows = ORDERS.setdefault(rows, rows)
        origins = tuple(origin_of(row) for row in value["indicators"] or () if isinstance(row, dict) and "origin" in row)
        return Sheet(
            shared(value.get("title")), shared(value.get("disclosure")), steps, shared(total), sum_of(value) % MODULUS,
            shared(value.get("amount_unit")), shared(value.get("attribute")), bool(value.get("key_project")), rows, origins,
            aims_of(value["indicators"] or ()),
        )  # fmt: skip

    def of(self, hex_hash: str) -> Any:
        """Return what is kept of a content that was found."""
        digest = bytes.fromhex(hex_hash)
        return self.named[digest] if digest in self.named else self.kept.get(digest)

    def check(self, event: Event, report: Report) -> None:
        """Every content that an event names is there."""
        for field in NAMED:
            value = event.data.get(field)
            if value is None or value == "":
                continue
            digest = bytes.fromhex(value) if is_hash(value) else b""
            if digest in self.kept:
                self.named[digest] = self.kept.pop(digest)
            elif digest not in self.named:
                report.add("contents", "no_content", event.place, f"data.{field}", value)

    def end(self, report: Report) -> None:
        """Nothing lies in the bundle that no event names."""
        for digest in sorted(self.kept)[:MOST_FINDINGS]:
            report.add("contents", "unnamed", field=CONTENTS, seen=digest.hex())


def count_is_right(bundle: Bundle, report: Report, name: str, found: int) -> None:
    """Hold a number of lines against the manifest's; too few mean that something is missing."""
    wanted = bundle.manifest["counts"][name]
    if found != wanted:
        report.add("members", "count", field=f"counts.{name}", seen=found, wanted=wanted)


class Payloads:
    """Erasable words and files: read beside the events, each event's own lines in the order of its place in the log.

    What does not come at its turn is looked for until the end: late, erased by two persons, or gone.
    """

    def __init__(self, bundle: Bundle, report: Report) -> None:
        self.bundle, self.report = bundle, report
        self.rows, self.lines = bundle.rows(PAYLOADS), 0
        self.head: Optional[Dict[str, Any]] = None
        self.missing: Dict[str, Tuple[Place, str, str, int]] = {}
        self.erased: Dict[str, bool] = {}
        self.late: Dict[str, str] = {}
        self.surplus: List[Dict[str, Any]] = []
        self.files: Set[str] = set()
        self.step()

    def step(self) -> None:
        """Read the next line."""
        self.head = next(self.rows, None)
        self.lines += self.head is not None

    def of(self, event: Event, layout: Layout) -> Dict[str, str]:
        """Return an event's words by their commitment, and check every payload that it binds."""
        bound: Dict[str, Tuple[str, str, int]] = {}
        for name in layout.bound:
            value = event.data[name]
            if type(value) is dict:
                bound[value["committed"]] = (name, "text", 0)
            elif name == "commitment":
                bound[value] = (name, "file", event.data["size"])
        words: Dict[str, str] = {}
        while bound and self.head is not None and self.head.get("commitment") in bound:
            commitment = self.head["commitment"]
            field, kind, size = bound.pop(commitment)
            words[commitment] = self.check(self.head, kind, size, event.place, field)
            self.step()
        for commitment, (field, kind, size) in bound.items():
            self.missing[commitment] = (event.place, field, kind, size)
        return words

    def check(self, row: Dict[str, Any], kind: str, size: int, place: Place, field: str) -> str:
        """Hold a payload against its commitment and return its words."""
        salt, text = row.get("salt"), row.get("text", "")
        right = row.get("kind") == kind and is_hash(salt) and type(text) is str
        if right and type(salt) is str:
            digest = sha256(b"\x02" + bytes.fromhex(salt))
            length = self.add_file(digest, row) if kind == "file" else 0
            if kind == "text":
                digest.update(text.encode("utf-8", "surrogatepass"))
            right = digest.hexdigest() == row["commitment"] and length == size
        if not right:
            self.report.add("payloads", "payload", place, f"data.{field}")
        return str(text)

    def add_file(self, digest: Any, row: Dict[str, Any]) -> int:
        """Hash the bytes of a file payload and return their number."""
        name, length = f"files/{row['commitment']}", 0
        if row.get("file") != name or name not in self.bundle.names:
            return -1
        self.files.add(name)
        for piece in self.bundle.chunks(name):
            digest.update(piece)
            length += len(piece)
        return length

    def erase(self, event: Event, held: bool) -> None:
        """Take an erasure down; it must be by two persons, of this stream's words, and not under a hold."""
        data = event.data
        if data["asked_by"] == data["confirmed_by"] or data["confirmed_by"] != event.person:
            self.report.add("segregation", "S10", event.place, "data.confirmed_by", data["confirmed_by"])
        if held:
            self.report.add("payloads", "erasure", event.place, "", "hold")
        for commitment in data["targets"]:
            if not is_hash(commitment):
                self.report.add("payloads", "erasure", event.place, "data.targets", commitment)
                continue
            self.erased[commitment] = True
            found = self.missing.get(commitment)
            if found is not None and found[0].stream != event.stream:
                self.report.add("payloads", "erasure", event.place, "data.targets", commitment)
            elif found is not None:
                del self.missing[commitment]

    def end(self) -> None:
        """Look through the lines that are left; whatever is missing then was not erased by two persons."""
        while self.head is not None:
            commitment = self.head.get("commitment")
            found = self.missing.pop(commitment, None) if type(commitment) is str else None
            if found is None:
                self.report.add("payloads", "unnamed", field=PAYLOADS, seen=commitment)
            else:
                place, field, kind, size = found
                self.late[str(commitment)] = self.check(self.head, kind, size, place, field)
            self.step()
        for place, field, _, _ in self.missing.values():
            self.report.add("payloads", "no_payload", place, f"data.{field}")
        count_is_right(self.bundle, self.report, "payloads", self.lines)


class Files:
    """The bytes of filed documents, each under its SHA-256."""

    def __init__(self, bundle: Bundle, report: Report) -> None:
        self.bundle, self.report = bundle, report
        self.wanted: Dict[str, Tuple[Place, int]] = {}

    def end(self, attached: Set[str]) -> None:
        """Hash every file that a document names; no other file lies in the bundle."""
        for digest, (place, size) in sorted(self.wanted.items()):
            name, length = f"files/{digest}", 0
            if name not in self.bundle.names:
                self.report.add("files", "no_file", place, "data.bytes_sha256", digest)
                continue
            for piece in self.bundle.chunks(name):
                length += len(piece)
            if self.bundle.digests[name] != digest or length != size:
                self.report.add("files", "file", place, "data.bytes_sha256", digest)
        present = {name for name in self.bundle.names if name.startswith("files/")}
        known = attached | {f"files/{digest}" for digest in self.wanted}
        for name in sorted(present - known):
            self.report.add("files", "unnamed", field=name, seen=name)
        count_is_right(self.bundle, self.report, "files", len(present))


# ---------------------------------------------------------------------------------------------------------------------
# 10. Who held which post: the grants of the person streams, in the sealed order
# ---------------------------------------------------------------------------------------------------------------------

PEOPLE = "6f0d5c1e-0d5b-5d0e-9a3e-4c1f5f3a7b10"
IN_FLIGHT = 10
"""Seconds for which an act may still stand on a post that was taken away while it was under way."""
LONGEST_LEAVE = 367 * 86400
"""Seconds for which a cover or a waiver may be given."""
FOUNDERS = frozenset({"system", "system_admin", "security_admin"})
"""Who may give posts as long as there never was a security administrator."""


def derived(space: str, name: str) -> str:
    """Return the UUID of version 5 of a name."""
    digest = hashlib.sha1(bytes.fromhex(space.replace("-", "")) + name.encode(), usedforsecurity=False).digest()
    raw = bytearray(digest[:16])
    raw[6], raw[8] = raw[6] & 0x0F | 0x50, raw[8] & 0x3F | 0x80
    text = raw.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


ORGAN_SORTS = {"bureau": "", "department": "bureau", "unit": "department", "outside": ""}
"""What an organ can be, and under what it then lies."""
DECREE_DAYS = 366
"""How many days back the day of a decree on organs may lie when it is entered."""


class OrganSaid(NamedTuple):
    """What the log has said of an organ so far; what it never said is None."""

    name: Optional[str] = None
    parent: Optional[str] = None
    code: Optional[str] = None
    sort: Optional[str] = None


class Posts:
    """Who holds which post now; of a post taken away the moment is kept."""

    def __init__(self, report: Report, whole: bool) -> None:
        self.report, self.whole = report, whole
        self.held: Dict[str, Dict[Tuple[str, str], str]] = {}
        self.since: Dict[Tuple[str, str, str], str] = {}
        self.covers: Dict[str, Tuple[Dict[str, Any], str, str]] = {}
        self.waivers: Dict[Tuple[str, str], List[Tuple[str, str, str]]] = {}
        self.founded = False
        self.latest = ""
        self.organs: Dict[str, OrganSaid] = {}
        self.heirs: Dict[str, str] = {}
        self.by_heritage: Dict[Tuple[str, str, str], str] = {}

    def holds(self, person: str, role: str, organ: str, at: str) -> bool:
        """Whether the person held the post when the act was begun; the system holds its own."""
        if person == "system":
            return (role, organ) == ("system", "system")
        lost = self.held.get(person, {}).get((role, organ))
        return lost is not None and (lost == "" or (at <= later(lost, IN_FLIGHT) and self.latest <= later(lost, SLOWEST_TRANSACTION)))

    def lacks(self, person: str, role: str, organ: str, at: str) -> bool:
        """Whether somebody who is only named is known not to hold the post: a part of the log knows those alone who acted."""
        return (self.whole or person in self.held) and not self.holds(person, role, organ, at)

    def give_cover(self, event: Event) -> None:
        """Somebody lets another act for him, for a time, at posts that he holds himself; or a security administrator does."""
        data, by_himself = event.data, event.person == event.data["principal"]
        wrong = [
            field for field, right in (
                ("stream", event.stream == derived(PEOPLE, data["principal"])),
                ("data.deputy", data["deputy"] != data["principal"]),
                ("data.cover", data["cover"] not in self.covers),
                ("actor.role", by_himself or event.role == "security_admin"),
                ("actor", self.holds(event.person, event.role, event.organ, event.at)),
                ("actor.on_behalf_of", not event.behalf),
                ("data.posts", bool(data["posts"]) and all(self.may_be_covered(event, post) for post in data["posts"])),
                ("data.from_at", is_time(data["from_at"]) and data["from_at"] >= later(event.at, -CLOCKS_APART)),
                ("data.to_at", is_time(data["to_at"]) and data["from_at"] < data["to_at"] <= later(event.at, 2 * LONGEST_LEAVE)),
                ("data.most", data["most"] is None or amount(data["most"]) is not None),
            ) if not right
        ]  # fmt: skip
        if wrong:
            self.report.add("posts", "cover", event.place, wrong[0], data["deputy"], data["principal"])
        if self.roles(data["deputy"]) & (ADMINISTRATORS | {"observer", "expert"}):
            self.report.add("segregation", "S8", event.place, "data.deputy", data["deputy"])
        for given, ended, _ in self.covers.values():
            if given["principal"] == data["deputy"] and not ended and given["from_at"] < data["to_at"] and data["from_at"] < given["to_at"]:
                self.report.add("posts", "cover", event.place, "data.deputy", data["deputy"], f"{given['principal']} -> {given['deputy']}")
        self.covers[data["cover"]] = (data, "", event.at)

    def may_be_covered(self, event: Event, post: Dict[str, Any]) -> bool:
        """A post that decides, held by the principal himself: nobody passes on what he has from another."""
        role, organ = post.get("role"), post.get("organ")
        return post.keys() == {"role", "organ"} and role in BUSINESS - {"clerk"} and self.holds(event.data["principal"], str(role), str(organ), event.at)

    def end_cover(self, event: Event) -> None:
        """A cover ends early by the principal, the deputy or a security administrator."""
        given, ended, _ = self.covers.get(event.data["cover"], ({"principal": "", "deputy": ""}, "?", ""))
        officer = event.role == "security_admin" and self.holds(event.person, event.role, event.organ, event.at)
        if ended or event.stream != derived(PEOPLE, given["principal"]):
            self.report.add("posts", "cover", event.place, "data.cover", event.data["cover"], "cover.given")
        elif not officer and event.person not in (given["principal"], given["deputy"]):
            self.report.add("posts", "person", event.place, "actor.id", event.person, f"{given['principal']}, {given['deputy']}")
        if not ended:
            self.covers[event.data["cover"]] = (given, event.at, "")

    def covered(self, event: Event, node: str, unit: str, total: Callable[[], Optional[Decimal]]) -> str:
        """Return in which respect the cover named by an event does not reach so far; "" where it does."""
        given, ended, _ = self.covers.get(event.cover, ({}, "?", ""))
        if not given or given["deputy"] != event.person or given["principal"] != event.behalf:
            return "cover.given"
        if not given["from_at"] <= event.at < given["to_at"] or (ended and event.at >= ended):
            return f"{given['from_at']} – {min(ended or given['to_at'], given['to_at'])}"
        if not any({"role": event.role, "organ": organ} in given["posts"] for organ in self.heirs_of(event.organ)):
            return f"{event.role} {event.organ}"
        if (given["nodes"] and node not in given["nodes"]) or (given["units"] and unit not in given["units"]):
            return " ".join((*given["nodes"], *given["units"]))
        found = total() if given["most"] is not None else None
        return str(given["most"]) if given["most"] is not None and (found is None or found > Decimal(given["most"])) else ""

    def sign_waiver(self, event: Event) -> None:
        """The department's finance office lets one person sign at several desks of a small unit, for at most a year."""
        data = event.data
        wrong = [
            field for field, right in (
                ("stream", event.stream == derived(PEOPLE, f"waiver:{data['unit']}")), ("data.rule", data["rule"] == "S2"),
                ("actor.role", event.role == "department_finance" and self.holds(event.person, event.role, event.organ, event.at)),
                ("actor.id", event.person != data["person"]),
                ("data.until", is_time(data["until"]) and event.at < data["until"] <= later(event.at, LONGEST_LEAVE)),
            ) if not right
        ]  # fmt: skip
        if wrong:
            self.report.add("segregation", "S12", event.place, wrong[0], data["person"], data["unit"])
        self.waivers.setdefault((data["person"], data["unit"]), []).append((event.at, data["until"], event.organ))

    def waived(self, person: str, unit: str, department: str, at: str) -> bool:
        """Whether a waiver of the unit's own department was in force for the person."""
        return any(since <= at < until and organ in self.heirs_of(department) for since, until, organ in self.waivers.get((person, unit), ()))

    def still(self, person: str, role: str, organ: str) -> FrozenSet[Optional[str]]:
        """Return whom a task may name that is meant for this person if he still holds the post: him, nobody, or either."""
        lost = self.held.get(person, {}).get((role, organ))
        if not self.whole or lost:
            return frozenset({person, None})
        return frozenset({person if lost == "" else None})

    def firmly(self, role: str, organ: str, at: str) -> List[str]:
        """Return who held the post for a while already and still does, ordered by id: nobody can have overlooked them."""
        long_ago = later(at, -IN_FLIGHT)
        return sorted(who for who, posts in self.held.items() if posts.get((role, organ)) == "" and self.since[who, role, organ] <= long_ago)

    def pass_by(self, event: Event) -> None:
        """Take down how far the log's time went on: no act is under way for long behind others that were sealed."""
        self.latest = max(self.latest, event.at)

    def roles(self, person: str) -> Set[str]:
        """Return the roles that the person holds now, anywhere."""
        return {role for (role, _), lost in self.held.get(person, {}).items() if lost == ""}

    def change(self, event: Event) -> None:
        """Take a grant or its withdrawal down, given by whom it may be given."""
        person, post = event.data["person"], (event.data["role"], event.data["organ"])
        if event.stream != derived(PEOPLE, person):
            self.report.add("steps", "value", event.place, "stream", event.stream, derived(PEOPLE, person))
        self.check_giver(event, person)
        if event.kind == "grant.revoked":
            self.lose(person, post, event.at)
            return
        if post[1] in self.heirs:
            self.report.add("posts", "post", event.place, "data.organ", post[1], self.heirs[post[1]])
        if post[0] not in ROLES - {"system"}:
            self.report.add("posts", "post", event.place, "data.role", person, post[0])
        self.held.setdefault(person, {})[post] = ""
        self.since[(person, *post)] = event.at
        self.inherit(person, post, event.at)
        roles = self.roles(person)
        if (roles & ADMINISTRATORS and roles & BUSINESS) or len(roles & OFFICERS) > 1:
            self.report.add("segregation", "S8", event.place, "data.role", person)
        self.founded = self.founded or post[0] == "security_admin"

    def lose(self, person: str, post: Tuple[str, str], at: str) -> None:
        """A post ends, and with it what it counted for at organs that went into this one."""
        if post[1] not in self.heirs or self.held.get(person, {}).get(post) == "":
            self.held.setdefault(person, {})[post] = at
        for who, role, organ in [key for key, via in self.by_heritage.items() if key[:2] == (person, post[0]) and via == post[1]]:
            self.held[who][role, organ] = at
            del self.by_heritage[who, role, organ]

    def inherit(self, person: str, post: Tuple[str, str], at: str) -> None:
        """A post counts also at the organs that went into its own."""
        for organ in self.heirs:
            if post[1] in self.heirs_of(organ)[1:] and self.held[person].get((post[0], organ)) != "":
                self.held[person][post[0], organ] = ""
                self.since[person, post[0], organ] = at
                self.by_heritage[person, post[0], organ] = post[1]

    def heirs_of(self, organ: str) -> List[str]:
        """Return an organ and those into which it went, one after the other."""
        line = [organ]
        while self.heirs.get(line[-1]) and len(line) <= len(self.heirs):
            line.append(self.heirs[line[-1]])
        return line

    def reorganise(self, event: Event) -> None:
        """Organs are founded, renamed, moved, merged or closed: by an officer, as of a day, and each fact says truly what was before."""
        data, kind = event.data, event.kind
        founding = kind == "organ.founded" and not self.founded and event.role in FOUNDERS
        wrong = [
            field for field, right in (
                ("stream", event.stream == derived(PEOPLE, "organs")),
                ("actor.role", founding or event.role == "security_admin"),
                ("actor", founding or self.holds(event.person, event.role, event.organ, event.at)),
                ("actor.on_behalf_of", not event.behalf),
                ("data.doc_no", len(data["doc_no"].strip()) > 1),
                ("data.day", is_day(data["day"]) and days_on(beijing_day(event.at), -DECREE_DAYS) <= data["day"] <= beijing_day(event.at)),
            ) if not right
        ]  # fmt: skip
        if wrong:
            self.report.add("posts", "person", event.place, wrong[0], event.person, "security_admin")
        for field, organ in self.organs_of(data):
            if organ in self.heirs:
                self.report.add("steps", "value", event.place, f"data.{field}", organ, "an organ that lives")
        REORGANISED[kind](self, event)

    def organs_of(self, data: Dict[str, Any]) -> List[Tuple[str, str]]:
        """Return the organs that a fact names and that have to live, each with its field; what was above before may be gone."""
        named = [(field, data[field]) for field in ("organ", "parent", "successor") if data.get(field)]
        return [*named, *(("organs", organ) for organ in data.get("organs", ()))]

    def told_before(self, event: Event, organ: str, **said: str) -> OrganSaid:
        """Return what is known of an organ, held against what a fact says that it was; what nobody said before is believed."""
        known = self.organs.get(organ, OrganSaid())
        for field, value in said.items():
            before = getattr(known, field)
            if before is not None and before != value:
                self.report.add("steps", "value", event.place, f"data.{field}", value, before)
        self.organs[organ] = known._replace(**said)
        return self.organs[organ]

    def organ_founded(self, event: Event) -> None:
        """Under an ID that nobody had, under an organ of the right sort."""
        data = event.data
        if data["organ"] in self.organs or data["sort"] not in ORGAN_SORTS:
            self.report.add("steps", "value", event.place, "data.organ", data["organ"], "a new organ")
        above = self.organs.get(data["parent"], OrganSaid()).sort
        wanted = ORGAN_SORTS.get(data["sort"], "")
        if bool(data["parent"]) != bool(wanted) or above not in (None, wanted):
            self.report.add("steps", "value", event.place, "data.parent", data["parent"], wanted)
        self.organs[data["organ"]] = OrganSaid(data["name"], data["parent"], data["code"], data["sort"])

    def organ_renamed(self, event: Event) -> None:
        data = event.data
        known = self.told_before(event, data["organ"], name=data["was"], code=data["code_was"])
        if (data["was"], data["code_was"]) == (data["name"], data["code"]):
            self.report.add("steps", "value", event.place, "data.name", data["name"], "another name")
        self.organs[data["organ"]] = known._replace(name=data["name"], code=data["code"])

    def organ_moved(self, event: Event) -> None:
        data = event.data
        known = self.told_before(event, data["organ"], name=data["name"], parent=data["was"])
        if data["was"] == data["parent"] or not data["parent"]:
            self.report.add("steps", "value", event.place, "data.parent", data["parent"], "another organ")
        for organ, name in ((data["was"], data["was_name"]), (data["parent"], data["parent_name"])):
            self.told_before(event, organ, name=name)
        self.organs[data["organ"]] = known._replace(name=data["name"], parent=data["parent"])

    def organ_merged(self, event: Event) -> None:
        """Posts at the merged organs end; posts at the successor count for them. Nobody signs whose own organ it is."""
        data, successor = event.data, event.data["successor"]
        if not data["organs"] or len(data["organs"]) != len(data["names"]) or successor in data["organs"] or len({*data["organs"]}) != len(data["organs"]):
            self.report.add("steps", "value", event.place, "data.organs", len(data["organs"]), "organs and their names")
        if event.organ in (*data["organs"], successor):
            self.report.add("segregation", "S8", event.place, "actor.organ", event.organ)
        sort = self.told_before(event, successor, name=data["successor_name"]).sort
        for organ, name in zip(data["organs"], data["names"]):
            mine = self.told_before(event, organ, name=name).sort
            if None not in (sort, mine) and sort != mine:
                self.report.add("steps", "value", event.place, "data.organs", organ, str(sort))
            sort = sort or mine
            self.organ_ends(event, organ, successor)
        self.organs[successor] = self.organs[successor]._replace(sort=sort)
        for person, posts in self.held.items():
            for role, organ in [post for post, lost in posts.items() if lost == "" and post[1] == successor]:
                self.inherit(person, (role, organ), event.at)

    def organ_closed(self, event: Event) -> None:
        self.told_before(event, event.data["organ"], name=event.data["name"])
        self.organ_ends(event, event.data["organ"], "")

    def organ_ends(self, event: Event, organ: str, successor: str) -> None:
        """All posts at an organ end with it; nothing is left under it."""
        under = sorted(each for each, known in self.organs.items() if known.parent == organ and each not in self.heirs)
        if under:
            self.report.add("steps", "value", event.place, "data.organs", organ, under[0])
        for person, posts in self.held.items():
            for post in [post for post, lost in posts.items() if lost == "" and post[1] == organ]:
                self.lose(person, post, event.at)
        self.heirs[organ] = successor
        self.organs.setdefault(organ, OrganSaid())

    def check_giver(self, event: Event, person: str) -> None:
        """Only a security administrator gives posts, to others; before there was one, whoever set the system up."""
        if not self.founded:
            if event.role not in FOUNDERS:
                self.report.add("posts", "person", event.place, "actor.role", event.person, "security_admin")
        elif self.whole:
            officer = any(self.holds(event.person, *post, event.at) for post in self.held.get(event.person, {}) if post[0] == "security_admin")
            if not officer or not self.holds(event.person, event.role, event.organ, event.at):
                self.report.add("posts", "post", event.place, "actor", event.person, "security_admin")
            elif event.person == person:
                self.report.add("segregation", "S8", event.place, "actor", event.person)


# ---------------------------------------------------------------------------------------------------------------------
# 11. The rules of a table's life, as tables
# ---------------------------------------------------------------------------------------------------------------------

LINE = ("draft", "unit_review", "department_review", "finance_approval", "monitoring", "self_evaluation", "closed")
STAGES = (*LINE, "refused", "voided", "terminated")
REVIEWS = LINE[1:4]
ALIVE = LINE[:6]
ENDINGS = {"refuse": "table.refused", "void": "table.voided", "terminate": "table.terminated"}
ENDED_AS = {"table.refused": "refused", "table.voided": "voided", "table.terminated": "terminated", "table.closed": "closed"}

# The event that opens a step: in which stages, at which desks (by node; () = no desk needed), and whether a request for
# a second person must be waiting ("yes"), must not ("no") or may ("any").
STEPS: Dict[str, Tuple[Tuple[str, ...], Tuple[str, ...], str]] = {
    "table.submitted": (("draft",), ("drafting",), "no"),
    "table.withdrawn": (("unit_review",), (), "no"),
    "task.decided": (REVIEWS, ("*",), "no"),
    "confirmation.requested": (ALIVE, (), "no"),
    "confirmation.given": ((*ALIVE, "closed", "terminated"), (), "yes"),
    "confirmation.refused": ((*ALIVE, "closed", "terminated"), (), "yes"),
    "task.overdue": (ALIVE, (), "any"),
    "monitoring.opened": (("monitoring",), (), "no"),
    "monitoring.filed": (("monitoring",), ("monitoring_filing",), "no"),
    "monitoring.accepted": (("monitoring",), ("monitoring_check",), "no"),
    "monitoring.returned": (("monitoring",), ("monitoring_check",), "no"),
    "node.superseded": (("monitoring", *REVIEWS), (), "no"),
    "selfeval.opened": (("monitoring",), (), "no"),
    "selfeval.filed": (("self_evaluation",), ("evaluation_filing",), "no"),
    "selfeval.accepted": (("self_evaluation",), ("evaluation_unit", "evaluation_department", "evaluation_sampling"), "no"),
    "selfeval.returned": (("self_evaluation",), ("evaluation_unit", "evaluation_department", "evaluation_sampling"), "no"),
    "selfeval.rescored": (("self_evaluation",), ("evaluation_department", "evaluation_sampling"), "no"),
    "selfeval.drawn": (("self_evaluation",), (), "no"),
    "execution.recorded": (("monitoring", "self_evaluation"), (), "any"),
    "disclosure.reviewed": (("monitoring", "self_evaluation", "closed"), (), "no"),
    "expert.assigned": (REVIEWS[1:], ("*",), "no"),
    "expert.declared": (REVIEWS[1:], (), "any"),
    "expert.scored": (REVIEWS[1:], (), "any"),
    **dict.fromkeys(("appraisal.filed", "appraisal.checked", "appraisal.waived"), (("draft",), (), "no")),
    **dict.fromkeys(("evaluation.opened", "recommendation.made", "recommendation.accepted", "recommendation.rejected",
                     "recommendation.implemented"), (("monitoring", "self_evaluation", "closed"), (), "no")),
    "rectification.ordered": (("monitoring", "self_evaluation"), (), "no"),
    "rectification.done": (("monitoring", "self_evaluation"), ("rectification",), "no"),
    "rectification.verified": (("monitoring", "self_evaluation"), ("rectification_check",), "no"),
    "node.completed": (("self_evaluation",), ("archiving",), "no"),
    "attachment.added": ((*ALIVE, "closed"), (), "no"),
    "attachment.withdrawn": (("draft", "monitoring", "self_evaluation"), (), "no"),
    "task.opened": (LINE[1:6], ("*",), "any"),
    "task.claimed": (LINE[1:6], ("*",), "no"),
    "task.released": (LINE[1:6], (), "any"),
    "task.transferred": (LINE[1:6], (), "no"),
    "task.delegated": (REVIEWS, ("*",), "no"),
    "task.delegation_returned": (REVIEWS, (), "no"),
    "task.signer_added": (REVIEWS, (), "no"),
    "task.superseded": (REVIEWS, (), "no"),
    "task.recalled": (REVIEWS, (), "no"),
    "task.unassignable": (ALIVE, (), "any"),
    "task.due_set": (ALIVE, (), "any"),
    "task.urged": (LINE[1:6], (), "any"),
    "opinion.asked": (LINE[1:6], ("*",), "any"),
    "opinion.given": (LINE[1:6], (), "any"),
    "copy.sent": (LINE[1:6], (), "any"),
    "copy.read": (LINE[1:6], (), "any"),
    "copy.deemed_read": (ALIVE, (), "any"),
    "task.escalated": (ALIVE, (), "any"),
    "extension.asked": (LINE[1:6], ("*",), "any"),
    "extension.granted": (LINE[1:6], (), "any"),
    "extension.refused": (LINE[1:6], (), "any"),
    "review.scored": (REVIEWS[1:], ("*",), "no"),
    "amendment.proposed": (REVIEWS[1:], ("*",), "no"),
    "amendment.confirmed": (REVIEWS[1:], (), "no"),
    "amendment.rejected": (REVIEWS[1:], (), "any"),
    "correction.opened": ((*LINE[4:], "terminated"), (), "no"),
    "revision.asked": (("monitoring",), (), "no"),
    "table.passed_on": (("monitoring", "self_evaluation", "closed"), (), "any"),
    "revision.opened": (("monitoring",), (), "no"),
    "revision.approved": (("monitoring",), (), "any"),
    "revision.refused": (("monitoring",), (), "any"),
    "revision.abandoned": (("monitoring",), (), "any"),
    "admin.proposed": (LINE[1:6], (), "no"),
    "project.paused": (("monitoring",), (), "no"),
    "project.resumed": (("monitoring", "self_evaluation"), (), "no"),
    "table.suspended": (LINE[1:6], (), "no"),
    "table.resumed": (LINE[1:6], (), "any"),
    "table.handed_over": (ALIVE, (), "any"),
    "thread.opened": (REVIEWS, (), "any"),
    "thread.answered": (LINE[:4], (), "any"),
    "thread.resolved": (REVIEWS, (), "any"),
    "payload.erased": (STAGES, (), "any"),
    "hold.placed": (STAGES, (), "any"),
    "hold.lifted": (STAGES, (), "any"),
}
FILING_DESKS = ("drafting", "monitoring_filing", "evaluation_filing", "rectification")
ORDERS_RECTIFICATION = (("department_finance", "department"), ("finance_performance", "bureau"), ("finance_business", "bureau"))
ADDRESSED = {"unit": (("unit_head", "unit"), ("unit_business", "unit"), ("unit_finance", "unit")), "department": (("department_finance", "department"),)}
ENTERS_COMPONENTS = (("unit_finance", "unit"), ("unit_head", "unit"), ("department_finance", "department"))
PROVED = {"evaluation": ("evaluation.reported", "evaluation"), "recommendation": ("recommendation.implemented", "recommendation"), "component": ("component.recorded", "indicator")}
"""What a file is put to a table for, beside evidence at a desk: kind of the event that must follow it, and the field that names what it proves."""
MEASURES = ("整改", "核减预算", "暂停拨付")
IMPORTS_EXECUTIONS = (("finance_performance", "bureau"), ("finance_business", "bureau"), ("department_finance", "department"), ("unit_finance", "unit"))
REVIEWS_SECRECY = ("unit", "department")
SUPPORT = ("supported", "partly", "rejected")
WAIVES_APPRAISALS = ("finance_performance", "finance_business")
FIT, UNFIT, PUBLIC_MARK, INTERNAL_MARK = "public", "internal", "公开", "内部"
DISCLOSED = ("table", "content_hash", "reviewer", "reviewer_name")
CAUSES = {"monitoring": "monitoring", "self_evaluation": "selfeval"}
RESCORING_DESKS = ("evaluation_department", "evaluation_sampling")

# Who may ask for an end without sitting at a desk: action -> (stages, organ, roles); a clerk must be the table's own.
ASKERS = {
    "void": (LINE[:4], "unit", ("clerk", "unit_head")),
    "terminate": (LINE[1:6], "bureau", ("finance_business", "finance_performance")),
    "pause_project": (("monitoring",), "department", ("department_finance",)),
}
PAUSES = ("finance_business", "finance_performance")
"""Who may pause a project and let it go on, or confirm the department's request for it."""
# Who may confirm or decline: action (or, for a refusal, the stage) -> (organ, roles).
NO_CLERK = ROLES_AT_HOME["unit"] - {"clerk"}
CONFIRMERS = {
    "pause_project": ("bureau", frozenset(PAUSES)),
    "adjust_late": ("bureau", frozenset({"finance_leader"})),
    "correct": ("bureau", ROLES_AT_HOME["bureau"]), "intervene": ("bureau", frozenset({"process_admin", "finance_performance"})),
    "void": ("unit", NO_CLERK), "terminate": ("bureau", ROLES_AT_HOME["bureau"]), "unit_review": ("unit", NO_CLERK),
    "department_review": ("department", ROLES_AT_HOME["department"]), "finance_approval": ("bureau", ROLES_AT_HOME["bureau"]),
}
# Who may have words erased (ask, confirm) and lay a hold, in the table's bureau or department.
GUARDIANS = {
    "erasure.requested": frozenset({"security_admin", "secrecy_reviewer"}),
    **dict.fromkeys(("payload.erased", "erasure.confirmed", "erasure.declined"),
                    frozenset({"security_admin", "secrecy_reviewer", "finance_leader"})),
    "hold.placed": frozenset({"security_admin", "audit_admin"}), "hold.lifted": frozenset({"security_admin", "audit_admin"}),
}
REASONS = {
    "appraisal.waived": "reason",
    **dict.fromkeys(("task.recalled", "task.transferred", "task.delegated", "task.signer_added", "extension.asked", "extension.refused",
                     "table.suspended", "table.handed_over", "project.paused", "project.resumed"), "reason"),
    "amendment.rejected": "reason",
    "revision.opened": "reason", "table.withdrawn": "reason", "table.returned": "reason", "confirmation.requested": "reason", "confirmation.refused": "reason",
    "monitoring.returned": "reason", "selfeval.returned": "reason", "rectification.ordered": "problem", "rectification.done": "report",
    "evaluation.opened": "reason", "evaluation.reported": "opinion", "recommendation.made": "words", "recommendation.rejected": "reason", "recommendation.implemented": "report",
}
SHORTEST_REASON = 5
STEP_BY_STEP, DIRECT = "逐级", "直达"
EXPLANATIONS = "/explanations"
"""Where a content holds the explanations to the machine's findings."""
NOT_CARRIED = "多数意见未获通过，退回编制"
"""The reason of a return for which no single signer asked."""
ASIDE = frozenset({
    "expert.assigned", "expert.declared", "expert.scored",
    "appraisal.filed", "appraisal.checked", "appraisal.waived",
    "task.opened", "task.claimed", "task.released", "task.due_set", "task.unassignable", "task.urged", "opinion.asked", "copy.sent",
    "copy.term_set", "copy.deemed_read", "task.escalated", "copy.read", "table.passed_on", "extension.asked", "extension.granted", "extension.refused", "thread.opened", "thread.answered", "thread.resolved",
    "review.scored", "execution.recorded",
    "evaluation.opened", "evaluation.reported", "recommendation.made", "recommendation.accepted", "recommendation.rejected", "recommendation.implemented",
    "component.recorded",
})  # fmt: skip
"""Kinds that leave open everything one decides on: the state counts how many of them stand last."""
WHILE_SUSPENDED = frozenset({"table.resumed", "thread.opened", "thread.answered", "thread.resolved", "copy.read", "payload.erased",
                             "hold.placed", "hold.lifted", "execution.recorded", "revision.approved", "revision.refused", "revision.abandoned"})  # fmt: skip
"""Kinds that may open a step while the table is suspended."""
REPEATED = frozenset({"expert.assigned", "task.opened", "copy.read", "task.due_set"})
"""Kinds that one command may record several times, each a small step of its own."""
HARMLESS = frozenset({"task.escalated", "task.overdue", "task.due_set", "task.urged", "task.unassignable"})
"""What may have happened to a task without anybody having looked at it."""
DONE_AT_A_HANDED_TASK = frozenset({
    "task.decided", "review.scored", "thread.opened", "thread.resolved", "opinion.asked", "monitoring.accepted", "monitoring.returned",
    "selfeval.accepted", "selfeval.returned", "node.completed",
})  # fmt: skip
"""What a superior may do at a late task that the ladder handed to him."""
CORRECTABLE = frozenset({"/title", "/number", "/project_code", "/supervising_department", "/implementing_unit", "/unit_code"})
"""What a correction may touch: words that name a table and say no goal."""
TRIGGERS = ("budget", "policy", "scope")
"""Why an approved table may be revised."""
REFERRED_TO = ("finance_supervision", "discipline")
REFERRAL_ENDS = {"accepted": False, "declined": True, "concluded": True}
"""What may become of a referral, and whether that is the last word."""
REFERS = ("finance_performance", "finance_leader", "finance_business")
ANSWERS_REFERRALS = ("finance_performance", "finance_leader")
RECEIVES = ("finance_business", "finance_performance", "finance_budget", "finance_leader", "observer")
ACCOUNTS = "7f2c4f0a-93a1-5a0e-8e0b-51d9f6d2c377"
GOALS, SELF_EVALUATION = "goals", "self_evaluation"
BUDGETS = "5d1c9a0e-7c1b-5a0e-9b3f-2f4f6f0a8c11"
"""The space of the streams on which approvals of a budget stand."""
CAMPAIGNS = "1f6d3c52-0b7e-5f0c-9a64-8f4f0f4d7b21"
"""The space of the streams on which campaigns stand."""
PURPOSES = ("goal_filing", "monitoring", "self_evaluation")
URGED_AT_MOST_EVERY = dt.timedelta(hours=4)
JUST_NOW = dt.timedelta(minutes=1)
FILING_TURNS = {"table.imported": False, "table.created": False, "table.withdrawn": False, "table.submitted": True}
"""What makes a table one that its unit has filed, and what makes it one that is still to be filed."""
STUBS_NAME = "涉密项目绩效目标表（仅登记张数）"
"""How the register of classified projects is called, in which nothing but their number stands."""
PASSED_ON = ("amount", "content_hash", "table", "unit")
REST_DAYS = 12
"""Days by which a term may end later where a pack moves its end to the next working day."""
URGES_APART = 4 * 3600
"""Seconds for which a task is left in peace after it was urged."""
GRADES = ("excellent", "good", "fair", "poor")
LOW = ("fair", "poor")
"""With these grades of the review form a table never comes to the next node."""
GRADE_ALLOWS = {"pass": ("excellent", "good"), "return": ("good", "fair"), "refuse": ("poor",), "amend": ("good",)}
"""What may be done at a node whose review form says so (art. 25)."""
POINTS = re.compile(r"(?:0|[1-9][0-9]{0,2})(?:\.[0-9]{1,4})?")
MOST_ADDED = 2
"""How many added signers may hang on one another."""

# Who may, by role and organ: give somebody's task to another, by the organ that holds it; grant more time; suspend.
LEADS = {"unit": ("unit_head",), "department": ("department_finance",), "bureau": ()}
LEADS_ALL = ("finance_performance", "finance_leader")
GRANTS = {"unit": ("department_finance", "department"), "department": ("finance_business", "bureau"), "bureau": ("finance_leader", "bureau")}
SUSPENDS = {"department_finance": "department", "finance_business": "bureau", "finance_performance": "bureau"}

# What every definition must hold for the steps above to make sense: node -> (stage, role, whose organ).
DESKS_NEEDED = {
    "drafting": ("draft", "clerk", "unit"), "reply": ("finance_approval", "finance_budget", "bureau"),
    "monitoring_filing": ("monitoring", "clerk", "unit"), "monitoring_check": ("monitoring", "department_finance", "department"),
    "evaluation_filing": ("self_evaluation", "clerk", "unit"), "evaluation_unit": ("self_evaluation", "unit_head", "unit"),
    "evaluation_department": ("self_evaluation", "department_finance", "department"),
    "archiving": ("self_evaluation", "finance_performance", "bureau"),
}
FINANCE_DESKS = frozenset({"finance_business", "finance_performance"})


class Group(NamedTuple):
    """One group of signers at a node: `each` of its holders by name, or one task for anybody of the post."""

    name: str
    role: str
    of: str
    each: bool


class Rung(NamedTuple):
    """One escalation of a node's ladder: when (T+3, as working days after the due day), what it does, to whose post."""

    at: str
    days: int
    do: str
    role: str
    of: str


class Node(NamedTuple):
    """One desk of a definition; `rule` is how many have to pass, the number for it, and what a vote against does."""

    name: str
    stage: str
    role: str
    of: str
    level: str
    after: Tuple[str, ...]
    when: Optional[Condition]
    groups: Tuple[Group, ...]
    rule: Tuple[str, int, str]
    ordered: bool
    review: bool
    clock: Tuple[str, Any]
    ladder: Tuple[Rung, ...] = ()
    on_return: str = "restart"
    on_suspend: str = "pause"

    @property
    def shared(self) -> bool:
        """Whether others sign here than anybody who holds the node's own post, or several of them."""
        counted = self.rule[0] in ("count", "per_group") and self.rule[1] > 1
        return counted or self.groups != (Group(self.role, self.role, self.of, each=False),)


class Right(NamedTuple):
    """What a role may write in a stage; with `once` all that is left to it after a direct completion, or while a return is answered."""

    stage: str
    role: str
    once: str
    write: FrozenSet[str]


class Definition(NamedTuple):
    """A definition: its nodes in reading order, whether any has a condition, and until when a table may be taken back."""

    nodes: Tuple[Node, ...]
    conditional: bool
    withdraw_until: str
    copies_read_after: int = 0
    rights: Tuple[Right, ...] = ()

    @property
    def goes_on(self) -> bool:
        """Whether any node's clock does not begin anew when a returned table comes back."""
        return any(node.on_return != "restart" for node in self.nodes)

    def named(self, name: str) -> Node:
        found = next((node for node in self.nodes if node.name == name), None)
        if found is None:
            raise Broken("step", "data.node", name, "a node of the definition")
        return found

    def first(self, stage: str) -> List[Node]:
        return [node for node in self.nodes if node.stage == stage and not node.after]

    def of(self, stage: str) -> List[Node]:
        return [node for node in self.nodes if node.stage == stage]

    def of_office(self, role: str) -> Optional[Node]:
        """Return the reviewing node whose clock counts for an office: its own, one of its organ, else the outermost."""
        nodes, home = [node for node in self.nodes if node.stage in REVIEWS], "department" if role == "department_finance" else "bureau"
        own = [node for node in nodes if (node.role, node.of) == (role, home)] or [node for node in nodes if node.of == home]
        return next(iter(own or (nodes if home == "department" else nodes[::-1])), None)

    def opening(self, stage: str, done: Set[str], inputs: Dict[str, Any]) -> Tuple[List[Node], List[Node]]:
        """Return the nodes of a stage that open once `done` are left behind, and those passed over on the way there."""
        opened: Set[str] = set()
        passed: Set[str] = set()
        grown = True
        while grown:
            grown = False
            for node in self.of(stage):
                if node.name in done or node.name in opened or node.name in passed:
                    continue
                if all(name in done or name in passed for name in node.after):
                    (opened if node.when is None or node.when.holds(inputs) else passed).add(node.name)
                    grown = True
        return [node for node in self.nodes if node.name in opened], [node for node in self.nodes if node.name in passed]

    def before(self, name: str) -> Set[str]:
        """Return the nodes of the same stage that come before a node, directly or not."""
        earlier: Set[str] = set()
        for _ in self.nodes:
            earlier |= {after for node in self.nodes if node.name == name or node.name in earlier for after in node.after}
        return earlier

    def overtaken_from(self, stage: str, node: Optional[str], open_now: Set[str]) -> List[str]:
        """Return the nodes whose decisions a return takes away: the target, what waits for it, later stages, what is open."""
        gone = {each.name for each in self.nodes if each.stage in REVIEWS and LINE.index(each.stage) > LINE.index(stage)}
        gone |= {each.name for each in self.of(stage)} if node is None else {node, *open_now}
        for _ in self.nodes:
            gone |= {each.name for each in self.of(stage) if gone.intersection(each.after)}
        return [each.name for each in self.nodes if each.stage in REVIEWS and each.name in gone]


NUMBERS, TEXTS, TRUTHS = ("金额", "年度"), ("属性", "文种", "类别", "公开"), ("重点",)
"""What a condition may ask of a table."""
MEANT = {"且": "and", "或": "or", "非": "not", "（": "(", "）": ")", "［": "[", "］": "]", "，": ",", "、": ",",
         "≤": "<=", "≥": ">=", "≠": "!=", "＜": "<", "＞": ">"}  # fmt: skip
PIECE = re.compile(
    r"""\s*(?:(?P<number>[0-9]+(?:\.[0-9]+)?)(?![\w.])|"(?P<one>[^"\x00-\x1f]*)"|'(?P<two>[^'\x00-\x1f]*)'|“(?P<three>[^”\x00-\x1f]*)”"""
    r"""|(?P<name>金额|年度|属性|文种|类别|公开|重点)|(?P<sign>(?:and|or|not|in)(?!\w)|[且或非]|[<>=!]=|[<>()\[\],（），、［］≤≥≠＜＞]))""",
)


class Condition:
    """A condition of a definition, read once; `holds` asks it of a table's values. Whatever is unknown makes a question false."""

    def __init__(self, text: str) -> None:
        self.pieces, self.at = list(self.read(text)), 0
        if len(text) > 500:
            raise ValueError("condition too long")
        self.holds: Callable[[Dict[str, Any]], bool] = self.any_of(0)
        if self.at != len(self.pieces):
            raise ValueError(f"condition {text!r:.40}")

    @staticmethod
    def read(text: str) -> Iterator[Tuple[str, Any]]:
        """Cut a text into numbers, texts, names and signs."""
        place, end = 0, len(text.rstrip())
        while place < end:
            found = PIECE.match(text, place)
            if found is None:
                raise ValueError(f"condition {text[place:]!r:.40}")
            kind, word = str(found.lastgroup), found[str(found.lastgroup)]
            if kind == "number":
                yield kind, Decimal(word)
            else:
                yield (kind, MEANT.get(word, word)) if kind in ("name", "sign") else ("text", word)
            place = found.end()

    def took(self, *signs: str) -> str:
        """Go on over one of these signs, if it stands here."""
        kind, word = self.pieces[self.at] if self.at < len(self.pieces) else ("end", "")
        if kind == "sign" and word in signs:
            self.at += 1
            return str(word)
        return ""

    def needs(self, sign: str) -> None:
        if not self.took(sign):
            raise ValueError(f"condition: {sign} is missing")

    def any_of(self, depth: int) -> Callable[[Dict[str, Any]], bool]:
        terms = [self.all_of(depth)]
        while self.took("or"):
            terms.append(self.all_of(depth))
        return terms[0] if len(terms) == 1 else lambda inputs: any(term(inputs) for term in terms)

    def all_of(self, depth: int) -> Callable[[Dict[str, Any]], bool]:
        terms = [self.one(depth)]
        while self.took("and"):
            terms.append(self.one(depth))
        return terms[0] if len(terms) == 1 else lambda inputs: all(term(inputs) for term in terms)

    def one(self, depth: int) -> Callable[[Dict[str, Any]], bool]:
        if depth > 40:
            raise ValueError("condition too deep")
        if self.took("not"):
            term = self.one(depth + 1)
            return lambda inputs: not term(inputs)
        if self.took("("):
            inside = self.any_of(depth + 1)
            self.needs(")")
            return inside
        return self.question()

    def question(self) -> Callable[[Dict[str, Any]], bool]:
        left, sort = self.value()
        if sort == "truth":
            return lambda inputs: left(inputs) is True
        if self.took("not"):
            self.needs("in")
            return self.among(left, sort, inside=False)
        if self.took("in"):
            return self.among(left, sort, inside=True)
        sign = self.took("==", "!=") or (self.took("<", "<=", ">", ">=") if sort == "number" else "")
        right, other = self.value()
        if not sign or other != sort:
            raise ValueError("condition: no comparison")
        return lambda inputs: compared(left(inputs), sign, right(inputs))

    def among(self, left: Callable[[Dict[str, Any]], Any], sort: str, *, inside: bool) -> Callable[[Dict[str, Any]], bool]:
        self.needs("[")
        items = set()
        while True:
            kind, word = self.pieces[self.at] if self.at < len(self.pieces) else ("end", "")
            if kind != sort:
                raise ValueError("condition: no list")
            items.add(word)
            self.at += 1
            if not self.took(","):
                break
        self.needs("]")
        return lambda inputs: left(inputs) is not None and (left(inputs) in items) is inside

    def value(self) -> Tuple[Callable[[Dict[str, Any]], Any], str]:
        """Read a name or a literal: how to get its value, and of which sort it is."""
        kind, word = self.pieces[self.at] if self.at < len(self.pieces) else ("end", "")
        self.at += 1
        if kind == "name":
            return (lambda inputs: inputs[word]), "number" if word in NUMBERS else "truth" if word in TRUTHS else "text"
        if kind not in ("number", "text"):
            raise ValueError("condition: a value is missing")
        return (lambda _: word), kind


def compared(left: Any, sign: str, right: Any) -> bool:
    """Compare two values; false where one is unknown."""
    if left is None or right is None:
        return False
    smaller, same = left < right, left == right
    return bool({"==": same, "!=": not same, "<": smaller, "<=": smaller or same, ">": not smaller and not same, ">=": not smaller}[sign])


COUNTED = ("any", "all", "count", "percent", "per_group")
PLAIN_RULE = ("any", 1, "veto")


def definition_from(content: Any) -> Definition:
    """Read a definition of format 1 or 2; ValueError where it would let a table pass without the desks the rules demand."""
    nodes = tuple(node_from(each) for each in content["nodes"])
    by_name = {node.name: node for node in nodes}
    wrong = [name for name, wanted in DESKS_NEEDED.items() if name not in by_name or by_name[name][1:4] != wanted]
    wrong += [node.name for node in nodes if node.stage not in ALIVE or node.role not in ROLES_AT_HOME.get(node.of, ())]
    wrong += [node.name for node in nodes if any(name not in by_name or by_name[name].stage != node.stage for name in node.after)]
    wrong += [stage for stage in ALIVE if not any(node.stage == stage and not node.after for node in nodes)]
    wrong += [node.name for node in nodes if node.stage in REVIEWS and node.name != "reply" and node.level == "filing"]
    wrong += [node.name for node in nodes for group in node.groups if group.role not in ROLES_AT_HOME.get(group.of, ())]
    wrong += [node.name for node in nodes if node.stage in REVIEWS and "clerk" in {node.role, *(group.role for group in node.groups)}]
    wrong += [node.name for node in nodes if (node.stage not in REVIEWS or node.name == "reply") and not is_plain(node)]
    wrong += [node.name for node in nodes if node.review and (node.stage not in REVIEWS[1:] or node.name == "reply")]
    finance = {node.name for node in nodes if node.stage == "finance_approval"} - {"reply"}
    wrong += sorted(finance - set(by_name["reply"].after)) if "reply" in by_name else []
    wrong += sorted(FINANCE_DESKS - {group.role for name in finance for group in by_name[name].groups})
    until = content.get("withdraw_until", "decided" if content["format"] == 1 else "opened")
    wrong += [node.name for node in nodes if {node.on_return, node.on_suspend} - {"restart", "continue", "pause"}]
    wrong += [node.name for node in nodes if len({(rung.at, rung.do) for rung in node.ladder}) != len(node.ladder)]
    wrong += [] if content["format"] in (1, 2) and until in ("opened", "decided", *(("never",) if content["format"] == 2 else ())) else ["format"]
    if wrong or len(by_name) != len(nodes):
        raise ValueError(f"definition: {', '.join(wrong[:3])}")
    return Definition(nodes, any(node.when is not None for node in nodes), until, content.get("copies_read_after", 0), rights_from(content.get("fields", [])))


FIELD_GROUPS = ("basics", "money", "goals", "rows", "weights", "marks", "explanations", "attachments", "comments", "answers", "review_form",
                "doc_no", "monitoring", "executed", "rectification", "self_evaluation", "rescoring", "returned")
FIELDS_AT = (("indicators/*/weight", "weights"), ("indicators/*/disclosure", "marks"), ("indicators/*/explanations", "explanations"),
             ("indicators", "rows"), ("mid_term_indicators", "rows"), ("disclosure", "marks"), ("explanations", "explanations"),
             ("allocated/goals", "goals"), ("allocated", "money"), ("budget", "money"), ("budget_detail", "money"), ("mid_term_budget", "money"),
             ("amount_unit", "money"), ("spending_plan", "money"), ("goals", "goals"), ("mid_term_goals", "goals"), ("purpose", "goals"), ("tasks", "goals"))
"""Which group of fields lies where in a table's content, the first that fits; everything else is basic facts."""
FORM_FIELDS = {"review.scored": "review_form", "thread.opened": "comments", "thread.answered": "answers", "monitoring.filed": "monitoring",
               "selfeval.filed": "self_evaluation", "selfeval.rescored": "rescoring", "rectification.done": "rectification", "table.replied": "doc_no",
               "revision.approved": "doc_no", "execution.recorded": "executed", "attachment.added": "attachments", "attachment.withdrawn": "attachments"}
"""Which group of fields an event writes as a whole."""
FIELDS_CHANGED = ("table.submitted", "amendment.proposed", "correction.opened")
"""Events whose list of changes says place by place what was written."""


def rights_from(entries: Sequence[Dict[str, Any]]) -> Tuple[Right, ...]:
    """Read a definition's matrix of field rights; ValueError for one that nobody could follow."""
    rights = tuple(Right(each["stage"], each["role"], each.get("once", ""), frozenset(each["write"])) for each in entries)
    strange = [each.stage for each in rights if each.write - {*FIELD_GROUPS} or each.once not in ("", "returned", "completed")]
    strange += [each.stage for each in rights if "returned" in each.write and each.once != "returned"]
    if strange or len({each[:3] for each in rights}) != len(rights):
        raise ValueError(f"fields: {', '.join(strange[:3]) or 'twice'}")
    return rights


def field_group(pointer: str) -> str:
    """Return the group of fields in which a place of a content lies."""
    steps = pointer.split("/")[1:]
    for pattern, group in FIELDS_AT:
        wanted = pattern.split("/")
        if len(steps) >= len(wanted) and all(one in ("*", two) for one, two in zip(wanted, steps)):
            return group
    return "basics"


def may_write(table: Table, rights: Sequence[Right], role: str, group: str, pointer: str = "") -> bool:
    """Whether the matrix lets a role write a place, or a whole form, of a table as it stands."""
    mine = [each for each in rights if (each.stage, each.role) == (table.stage, role)]
    listed = any(pointer == each or pointer.startswith(f"{each}/") for each in table.listed) if pointer else bool(table.listed)
    for each in mine:
        holds = {"": False, "returned": bool(table.listed), "completed": table.completed}[each.once]
        if holds and group not in each.write and not (listed and "returned" in each.write):
            return False
    return any(group in each.write for each in mine if not each.once)


def node_from(each: Dict[str, Any]) -> Node:
    """Read a node; without signers its own post signs, one for all."""
    named, rule = each.get("signers"), {"kind": "any", "need": 1, "against": "veto", **each.get("rule", {})}
    if rule["kind"] not in COUNTED or rule["against"] not in ("veto", "majority", "wait") or type(rule["need"]) is not int or rule["need"] < 1:
        raise ValueError(f"rule {rule!r:.60}")
    groups = [Group(each["role"], each["role"], each["of"], each=False)]
    if named:
        groups = [Group(group["group"], group["role"], group["of"], {"each": True, "pool": False}[group["take"]]) for group in named]
    return Node(
        each["node"], each["stage"], each["role"], each["of"], each["level"], tuple(each["after"]),
        Condition(each["when"]) if "when" in each else None, tuple(groups), (rule["kind"], rule["need"], rule["against"]),
        each.get("ordered", False) is True, each.get("review", "") == "form",
        next(((name, each[name]) for name in ("fixed_date", "calendar_days") if each.get(name)), ("working_days", each.get("working_days", 0))),
        tuple(rung_from(each, rung) for rung in each.get("ladder", []) if rung["do"] != "remind"),
        each.get("on_return", "restart"), each.get("on_suspend", "pause"),
    )  # fmt: skip


RUNG = re.compile(r"T([+-](?:[1-9]|[12][0-9]|30))?")
UPWARDS = ("unit", "department", "bureau")


def rung_from(node: Dict[str, Any], rung: Dict[str, Any]) -> Rung:
    """Read an escalation: it goes to another post than the node's own, there or above; filing and the reply are never handed over."""
    at, to, do = RUNG.fullmatch(rung["at"]), rung["to"], rung["do"]
    own = {(each["role"], each["of"]) for each in node.get("signers") or [node]}
    home = UPWARDS.index(to["of"]) >= UPWARDS.index(node["of"]) and to["role"] in ROLES_AT_HOME[to["of"]] - {"clerk"}
    home = home and (node["stage"] != "draft" or to["of"] == "unit")  # before it is submitted nobody else may read it
    handed = do == "hand" and (node["level"] == "filing" or node["node"] in (*FILING_DESKS, "reply"))
    if at is None or not home or handed or (to["role"], to["of"]) in own or do not in ("inform", "hand"):
        raise ValueError(f"rung {rung!r:.80}")
    return Rung(rung["at"], int(at[1] or 0), do, to["role"], to["of"])


def is_plain(node: Node) -> bool:
    """Whether anybody of the node's own post decides alone, whatever the table's values."""
    return node.when is None and not node.shared


class Signer(NamedTuple):
    """One who signs at a node: for which group, pass or against or not yet, and whether he was added beside the rule."""

    group: str
    vote: str
    added: bool


def fate(rule: Tuple[str, int, str], signers: Sequence[Signer]) -> str:
    """Say where a node stands: passed, rejected, or "" while votes that are still out can turn it either way.

    Of the node's own signers enough have to pass: one, all, a number, a share, a number in every group. Added signers have
    to pass beside it, and any of them rejects. A vote against rejects at once (veto), as soon as the others are too few to
    reach the number (majority), or not before everybody has voted (wait). People who are not there are votes still out.
    """
    kind, number, against = rule
    own = [signer for signer in signers if not signer.added]
    if against == "wait" and not all(signer.vote for signer in signers):
        return ""
    rejecting = signers if against == "veto" else [signer for signer in signers if signer.added]
    if any(signer.vote == "against" for signer in rejecting):
        return "rejected"
    reached = bool(own) and all(signer.vote == "pass" for signer in signers if signer.added)
    for group in sorted({signer.group for signer in own}) if kind == "per_group" else [None]:
        members = [signer for signer in own if group is None or signer.group == group]
        share = -(-len(members) * number // 100)
        needed = max(1, {"any": 1, "all": len(members), "percent": share}.get(kind, number))
        votes = [signer.vote for signer in members]
        if own and max(len(votes), needed) - votes.count("against") < needed:
            return "rejected"
        reached = reached and votes.count("pass") >= needed
    return "passed" if reached else ""


def vacancies(node: Node, people: Dict[str, int]) -> Dict[str, int]:
    """Return how many seats of each group stay open beside its people, so that the node's rule can be fulfilled at all."""
    kind, number, _ = node.rule
    if kind == "per_group":
        return {name: max(0, number - count) for name, count in people.items()}
    growing = ([group.name for group in node.groups if group.each] or list(people))[-1]
    return {growing: max(0, number - sum(people.values()))} if kind == "count" else {}


CENT = Decimal("0.01")
MONTHS = {"一": 3, "二": 6, "三": 9, "四": 12, "1": 3, "2": 6, "3": 9, "4": 12}


def rounded(value: Decimal) -> Decimal:
    """Round to two places, half up."""
    return value.quantize(CENT, ROUND_HALF_UP)


def month_end(year: int, month: int) -> str:
    """Return the last day of a month."""
    following = dt.date(year + month // 12, month % 12 + 1, 1)
    return (following - dt.timedelta(days=1)).isoformat()


def month_of(text: str) -> int:
    """Return the month in which a printed checkpoint ends; ValueError where nobody can tell."""
    month, quarter = re.search(r"(\d{1,2})\s*月", text), re.search(r"第?\s*([一二三四1-4])\s*季度", text)
    if month and 1 <= int(month[1]) <= 12:
        return int(month[1])
    if quarter:
        return MONTHS[quarter[1]]
    raise ValueError(f"checkpoint {text!r:.20}")


def plan_of(sheet: Sheet, pack: Dict[str, Any], year: int) -> List[Tuple[str, str, Optional[Decimal]]]:
    """Return the monitoring windows (name, date, planned percent): the table's own plan, else the pack's window.

    Blanks of a printed plan are linear between the printed points, from 0 at the year's beginning (domain.md 8.2).
    """
    known = [(month_of(name or ""), printed_percent(printed)) for name, printed in sheet.plan if printed is not None]
    if not known:
        months = int(pack["window"]["months"])
        return [(pack["window"]["name"], month_end(year, months), rounded(Decimal(100 * months) / 12))]
    found = []
    for name, printed in sheet.plan:
        month = month_of(name or "")
        percent = printed_percent(printed) if printed is not None else between([(0, Decimal(0)), *known], month)
        found.append((name, month_end(year, month), percent))
    return found


def printed_percent(text: str) -> Decimal:
    """Read a printed percentage."""
    return Decimal(text.strip().rstrip("%％"))


def between(points: Sequence[Tuple[int, Decimal]], month: int) -> Optional[Decimal]:
    """Return the linear value at a month, None behind the last point."""
    for (left, low), (right, high) in zip(points, points[1:]):
        if left <= month <= right and left < right:
            return rounded(low + (high - low) * (month - left) / (right - left))
    return None


def amount(text: Any) -> Optional[Decimal]:
    """Read an amount as typed; None where it is no finite number."""
    try:
        value = Decimal(str(text).replace(",", "").replace("，", "").strip())
    except decimal.DecimalException:
        return None
    return value if value.is_finite() else None


def ratio(figures: Dict[str, Any], sheet: Sheet) -> Optional[Decimal]:
    """Return executed ÷ (adjusted) budget; None where there is no budget to divide by."""
    executed = amount(figures.get("executed") or "")
    budget = amount(figures.get("adjusted_budget") or sheet.budget or "")
    return executed / budget if executed is not None and budget else None


SEVERITY = ("green", "yellow", "purple", "red")
"""The colours of a monitoring window, from calm to grave: the gravest sign gives the colour (domain.md 8.3)."""
YUAN = {"元": Decimal(1), "千元": Decimal(1000), "万元": Decimal(10000), "亿元": Decimal(100000000)}
ONE_UNIT = {"人次": "人", "名": "人", "位": "人", "月": "个月", "日": "天", "％": "%", "百分比": "%", "公里": "千米"}
YEARLY = re.compile(r"(每年|/年|／年|一年|年度)$")
CHANCES = {"确定能": "certain", "有可能": "possible", "完全不可能": "impossible"}
WAYS = ("正向", "反向", "区间", "定性", "日期")
LESS_IS_GOOD = ("成本", "超支", "投诉", "事故", "调整率", "结余率", "三公")
"""Words in an indicator's name by which a bare number is a ceiling."""
ONE_NUMBER = re.compile(r"=?\s*(-?\d{1,15}(?:,\d{3})*(?:\.\d{1,12})?)\s*([^\W\d]{0,8}|[%‰])")
ONE_DAY = re.compile(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?")
BEHIND_A_NUMBER = re.compile(r"以上|以下|以内|之内|内$|为[优良中差]|达到|完成|第")
HUNDRED, ENDLESS = Decimal(100), Decimal(10) ** 30
Span = Tuple[Decimal, Decimal]
"""The least and the most that a value may be; both the same where it was read exactly."""


def expected(aim: Sequence[Any], filed: Dict[str, Any], chance: Decimal, ladder: bool) -> Span:
    """Return in percent how far a row is expected to come: by the forecast where its target is a number or a day, else by chance.

    A forecast written in a way that is not read here leaves the row open.
    """
    _, level2, level3, op, value, unit, way, scoring, _, percent = aim
    text = " ".join(unicodedata.normalize("NFKC", str(filed.get("forecast") or "")).split())
    if not text or op is None or way in ("定性", "区间"):
        return chance, chance
    backward = way == "反向" if way in WAYS else op in ("<=", "<") or (op == "=" and less_is_good(level2, level3))
    satisfied = ladder and not backward and way != "日期" and "满意度" in (level2 or "") and unit == "%"
    by_hand = {"by_hand"} if backward or unit == "date" else {"by_hand", "ratio_pass"} if satisfied else {"by_hand", "ratio_pass", "qualitative"}
    if scoring in by_hand:
        return chance, chance
    if unit == "date":
        return by_day(text, str(value))
    reached, target = number_in(text, "%" if unit is None and percent else unit), Decimal(value or "0")
    share = None if reached is None else share_reached(reached, target, backward)
    return (Decimal(0), ENDLESS) if share is None else (share, share)


def less_is_good(level2: Any, level3: Any) -> bool:
    """Whether a bare number is a ceiling: of a class of costs, or by the indicator's name."""
    return "成本" in (level2 or "") or any(word in (level3 or "") for word in LESS_IS_GOOD)


def share_reached(reached: Decimal, target: Decimal, backward: bool) -> Decimal:
    """Return forecast ÷ target, or where less is good target ÷ forecast once it is above, in percent."""
    if not backward:
        return rounded(reached / target * HUNDRED) if target > 0 else HUNDRED
    if reached <= target:
        return HUNDRED
    return rounded(target / reached * HUNDRED) if target > 0 else Decimal(0)


def by_day(text: str, target: str) -> Span:
    """A day not behind the target's is the whole, a later one nothing."""
    found = ONE_DAY.fullmatch(text.replace(" ", ""))
    if found is None:
        return Decimal(0), HUNDRED
    year, month, day = map(int, found.groups())
    share = HUNDRED if dt.date(year, month, day) <= dt.date.fromisoformat(target) else Decimal(0)
    return share, share


def number_in(text: str, wanted: Optional[str]) -> Optional[Decimal]:
    """Return a typed number in the target's unit; None where it is written in a way that is not read here."""
    found = ONE_NUMBER.fullmatch(text)
    if found is None or BEHIND_A_NUMBER.search(found[2]):
        return None
    number, given = Decimal(found[1].replace(",", "")), found[2]
    if not given:
        return number
    one, other = (YEARLY.sub("", unit) or unit for unit in (given, (wanted or "").strip()))
    if one in YUAN and other in YUAN:
        return number * YUAN[one] / YUAN[other]
    return number if wanted and ONE_UNIT.get(one, one) == ONE_UNIT.get(other, other) else None


def goals_of(sheet: Sheet, figures: Dict[str, Any], pack: Dict[str, Any]) -> List[Tuple[Decimal, str, Span]]:
    """Return of every row that is not counted elsewhere: its weight, what was ticked, how far it is expected to come."""
    rows, aims, ladder = figures.get("rows") or {}, [json.loads(each) for each in sheet.aims], bool(pack["satisfaction"]["ladder"])
    weighed = any(Decimal(aim[8] or 0) for aim in aims)
    found = []
    for aim in aims:
        if aim[2] not in pack["execution"]["counted_rows"]:
            ticked = str(rows[aim[0]].get("possibility")).strip()
            chance = Decimal(pack["colours"]["possibility"][CHANCES.get(ticked, ticked)])
            weight = Decimal(aim[8] or 0) if weighed else Decimal(1)
            found.append((weight, CHANCES.get(ticked, ticked), expected(aim, rows[aim[0]], chance, ladder)))
    return found


def realised(goals: Sequence[Tuple[Decimal, str, Span]]) -> Optional[Span]:
    """Return Σ w·min(1, expected) ÷ Σ w in percent, at the least and at the most; None without weight."""
    total = sum((weight for weight, _, _ in goals), Decimal(0))
    if not total:
        return None
    least, most = (sum((weight * min(HUNDRED, span[side]) for weight, _, span in goals), Decimal(0)) / total for side in (0, 1))
    return rounded(least), rounded(most)


def money_colour(sheet: Sheet, rules: Dict[str, Any], date: str, rate: Optional[Decimal], deviation: Optional[Decimal]) -> str:
    """Return the colour of the money: behind the plan, or a large sum that late in the year is hardly spent."""
    factor, total = YUAN.get(YEARLY.sub("", (sheet.unit or "").strip())), amount(sheet.budget or "")
    large = factor is not None and total is not None and total * factor >= Decimal(rules["large_amount_yuan"])
    if large and rate is not None and date[5:] >= rules["large_month_day"] and rate < Decimal(rules["large_rate_below"]):
        return "red"
    if deviation is None or deviation >= Decimal(rules["yellow_below"]):
        return "green"
    return "red" if deviation < Decimal(rules["red_below"]) else "yellow"


def goal_colour(ticked: str, rate: Decimal, rules: Dict[str, Any]) -> str:
    """Return the colour of one row by what was ticked and how far it is expected to come."""
    if ticked == "impossible" or rate < Decimal(rules["red_forecast_below"]):
        return "red"
    return "yellow" if ticked == "possible" or rate < Decimal(rules["yellow_forecast_below"]) else "green"


def ahead_colour(rate: Optional[Decimal], realisation: Optional[Decimal], rules: Dict[str, Any]) -> str:
    """Return purple where more was spent than there is, or the money runs ahead of the goals."""
    if rate is None or (rate <= HUNDRED and (realisation is None or rate - realisation <= Decimal(rules["purple_above"]))):
        return "green"
    return "purple"


def colours_of(
    sheet: Sheet, pack: Dict[str, Any], date: str, figures: Dict[str, Any], rate: Optional[Decimal],
    deviation: Optional[Decimal], realisation: Optional[Decimal],
) -> Tuple[str, str]:  # fmt: skip
    """Return the calmest and the gravest colour that a window's figures can have; mostly both are one."""
    rules, goals = pack["colours"], goals_of(sheet, figures, pack)
    money = [money_colour(sheet, rules, date, rate, deviation), ahead_colour(rate, realisation, rules)]
    calm, grave = (
        max([*money, *(goal_colour(ticked, span[side], rules) for _, ticked, span in goals)], key=SEVERITY.index) for side in (1, 0)
    )  # fmt: skip
    return calm, grave


# ---------------------------------------------------------------------------------------------------------------------
# 12. The steps of a table: what opens one, what must follow, what each event does
# ---------------------------------------------------------------------------------------------------------------------

Word = Any
"""A text, or the commitment (hex, in a tuple) of words that were not at hand when the event passed by."""
Todo = List[Tuple[str, Dict[str, Any]]]
"""The events that must follow within a step: kind and the values of its data."""


class Broken(Exception):
    """A step that cannot be followed any further."""

    def __init__(self, what: str, field: str = "", seen: object = "", wanted: object = "", check: str = "steps") -> None:
        super().__init__(what)
        self.what, self.field, self.seen, self.wanted, self.check = what, field, seen, wanted, check


def shared(value: Any) -> Any:
    """Return a text as the one object that all equal texts share: a million events fit into little memory."""
    return sys.intern(value) if type(value) is str else value


NO_ANSWERS: Dict[str, bool] = {}
"""What all tables share of which no condition was weighed; it is never changed, only replaced."""
NOBODY: List[Any] = []
"""The list that all desks and tables share that have nothing of a kind; it is never changed, only replaced."""


class Desk:
    """An active node."""

    __slots__ = (
        "added_by", "anchor", "base", "calendar", "claimed_by", "claimed_until", "clock", "delegated_to", "depth", "due_at", "due_set_at", "entered_at", "escalated", "group", "level", "must", "node", "opened_by",
        "organ", "overdue", "person", "provisional", "role", "round", "stage", "task", "unassignable", "urged_at", "waits_for",
    )

    node: str
    stage: str
    round: int
    task: str
    role: str
    organ: str
    person: Optional[str]
    level: str
    due_at: Optional[str]
    provisional: bool
    waits_for: List[str]
    opened_by: List[str]
    escalated: List[List[str]]

    def __init__(self, data: Dict[str, Any], at: str) -> None:
        for name in ("node", "stage", "round", "task", "role", "organ", "person", "level", "due_at", "provisional"):
            setattr(self, name, shared(data[name]))
        self.entered_at, self.overdue, self.must = at, False, False
        self.group = self.anchor = self.added_by = self.claimed_by = self.delegated_to = self.claimed_until = self.urged_at = self.due_set_at = ""
        self.calendar = published_calendar(data.get("calendar"))
        self.base = ("entered", beijing_day(at)) if "calendar" in data else ("", "")
        self.depth = self.clock = 0
        self.unassignable = False
        self.waits_for = self.opened_by = self.escalated = NOBODY

    def handed(self, role: str, organ: str) -> bool:
        """Whether the ladder let whoever holds this post decide here beside the task's own holder."""
        return any(rung[1:] == ["hand", role, organ] for rung in self.escalated)


class Window:
    """A monitoring checkpoint; of the figures their hash and the erasable words are kept."""

    __slots__ = ("colour", "date", "deviation", "execution_rate", "figures", "filed_by", "name", "planned_percent", "returned_reason",
                 "source", "state", "window", "words")

    window: str
    name: str
    date: str
    planned_percent: Optional[str]
    source: str
    colour: Any
    execution_rate: Any
    deviation: Any
    filed_by: Any
    returned_reason: Any

    def __init__(self, data: Dict[str, Any]) -> None:
        for name in ("window", "name", "date", "planned_percent", "source"):
            setattr(self, name, shared(data[name]))
        self.state = "planned"
        self.words: Tuple[Tuple[str, Word], ...] = ()
        self.figures: Optional[bytes] = None
        self.colour = self.execution_rate = self.deviation = self.filed_by = self.returned_reason = None


class Vote(NamedTuple):
    """A decision of this round that still counts."""

    node: str
    stage: str
    level: str
    person: str
    outcome: str
    content_hash: str
    round: int
    group: str = ""
    must: bool = False
    behalf: str = ""


class Decider(NamedTuple):
    """Who decided where in this round, and for whom."""

    person: str
    level: str
    node: str
    behalf: str = ""


class Trail:
    """What a decision left behind, as long as its maker may take it back: what it closed, opened and passed over."""

    __slots__ = ("behalf", "closed", "command", "desk", "opened", "paper", "passed", "touched")

    def __init__(self, desk: Desk, command: str, closed: List[Desk], opened: Set[str], behalf: str, paper: bool) -> None:
        self.desk, self.command, self.closed, self.opened, self.behalf, self.paper = desk, command, closed, opened, behalf, paper
        self.passed: List[str] = []
        self.touched = False


BORN = ("document", "ordinal", "bureau", "department", "unit", "owner", "year", "title", "family", "scope", "definition",
        "definition_hash", "pack", "pack_hash", "content_hash")


class Table:
    """A table while its events pass by: as little as the rules and the final comparison need."""

    __slots__ = (
        "experts", "appraisal", "assessments", "recommendations", "components", "listed", "completed",
        *BORN, "answers", "counted", "drawn", "excused", "most", "owed", "own", "points", "rectifications", "rescores", "amended", "amendment", "answered", "key_by", "reviews", "attachments", "authors", "broken", "chain", "deciders", "copies", "desks", "disclosure", "doc_no", "ended_reason",
        "executions", "secrecy", "replied", "late_revisions", "pauses", "origin", "revision", "revision_number", "revisions", "source", "versions",
        "inquiries", "intervened", "paper", "proposal", "received", "resumptions", "run", "suspended", "threads", "trails", "aside", "evaluation", "group", "head", "held", "id", "index", "in_force", "last_at", "passed_over", "request", "returned", "running", "stopped",
        "returned_from", "returned_reason",
        "round", "self_evaluation_due", "self_evaluation_opens", "stage", "submitter", "todo", "version", "votes", "windows",
    )

    document: str
    ordinal: int
    bureau: str
    department: str
    unit: str
    owner: str
    year: int
    title: str
    family: str
    scope: str
    pack: str
    pack_hash: str
    content_hash: str
    submitter: Any
    disclosure: Any
    in_force: Any
    returned_reason: Any
    returned_from: Any
    request: Any
    doc_no: Any
    self_evaluation_opens: Any
    self_evaluation_due: Any
    evaluation: Any
    ended_reason: Any
    drawn: Optional[Dict[str, Any]]
    appraisal: Optional[Dict[str, Any]]
    experts: List[Dict[str, Any]]
    assessments: List[Dict[str, Any]]
    recommendations: List[Dict[str, Any]]
    components: List[Dict[str, Any]]
    running: Dict[str, str]
    stopped: Dict[str, Tuple[str, str]]

    def __init__(self, stream: str) -> None:
        self.index: Optional[int] = None
        self.id, self.version, self.head, self.last_at, self.stage, self.round = stream, 0, b"", "", "", 0
        self.desks: List[Desk] = []
        self.votes: List[Vote] = []
        self.deciders: List[Decider] = []
        self.authors: Set[str] = set()
        self.windows: List[Window] = []
        self.attachments: List[Dict[str, Any]] = []
        self.todo: Todo = []
        self.chain: Optional[Definition] = None
        self.broken = self.held = False
        self.group: Optional[Tuple[Any, ...]] = None
        self.returned: Optional[Dict[str, Any]] = None
        self.answered: Optional[Dict[str, Any]] = None
        self.answers = NO_ANSWERS
        self.passed_over: List[str] = NOBODY
        self.threads: List[Dict[str, Any]] = NOBODY
        self.inquiries: List[Dict[str, Any]] = NOBODY
        self.copies: List[Dict[str, Any]] = NOBODY
        self.reviews: List[Dict[str, Any]] = NOBODY
        self.amended: List[Dict[str, Any]] = NOBODY
        self.drawn = self.appraisal = None
        self.rescores: List[Dict[str, Any]] = NOBODY
        self.rectifications: List[Dict[str, Any]] = NOBODY
        self.executions: List[Dict[str, Any]] = NOBODY
        self.experts = self.assessments = self.recommendations = self.components = NOBODY
        self.secrecy: Optional[Dict[str, Any]] = None
        self.replied: Optional[Dict[str, Any]] = None
        self.late_revisions: List[int] = NOBODY
        self.pauses: List[Dict[str, Any]] = NOBODY
        self.points: Dict[str, Decimal] = {}
        self.own, self.most = self.points, self.points
        self.owed: Set[str] = set()
        self.excused: Set[str] = set()
        self.counted: Tuple[str, str] = ("", "")
        self.amendment: Optional[Dict[str, Any]] = None
        self.key_by = ""
        self.suspended: Optional[Dict[str, Any]] = None
        self.run: Tuple[str, str, int] = ("", "", 0)
        self.trails: Dict[Tuple[str, str], Trail] = {}
        self.proposal: Dict[str, Any] = {}
        self.paper: Dict[str, Any] = {}
        self.origin = self.source = self.revision = ""
        self.revision_number = self.revisions = 0
        self.versions: List[Dict[str, Any]] = NOBODY
        self.aside, self.resumptions, self.received, self.intervened, self.running, self.stopped = 0, 0, False, False, {}, {}
        self.listed: Tuple[str, ...] = ()
        self.completed = False
        self.submitter = self.disclosure = self.in_force = self.returned_reason = self.returned_from = self.request = None
        self.doc_no = self.self_evaluation_opens = self.self_evaluation_due = self.evaluation = self.ended_reason = None

    def desk(self, node: str) -> Optional[Desk]:
        return next((desk for desk in self.desks if desk.node == node), None)

    def task(self, task: Any) -> Optional[Desk]:
        return next((desk for desk in self.desks if desk.task == task), None)

    def done(self, stage: str) -> Set[str]:
        """Return the nodes that need no visit any more in this round: decided in this stage, or passed over."""
        decided = {vote.node for vote in self.votes if vote.stage == stage}
        return decided.union(self.passed_over).difference(desk.node for desk in self.desks)

    def window(self, key: str) -> Optional[Window]:
        return next((window for window in self.windows if window.window == key), None)

    def in_force_on(self, day: str) -> Any:
        """Return the hash of the content that was in force on a Beijing day."""
        begun = [each["content_hash"] for each in self.versions if each["effective_from"] <= day]
        return begun[-1] if begun else self.in_force

    def grade(self, node: str) -> str:
        """Return the worst grade of a node's review forms for the content as it stands, "" where there is none."""
        forms = (each for each in self.reviews if each["node"] == node and each["round"] == self.round and speaks_of(each, self.content_hash))
        return max((each["grade"] for each in forms), key=GRADES.index, default="")

    def forms_gone(self, nodes: Sequence[str]) -> None:
        """Forms of these nodes are void, and nothing waits for the unit any more."""
        self.reviews = [{**each, "void": True} if each["node"] in nodes else each for each in self.reviews]
        self.amendment = None


def speaks_of(form: Dict[str, Any], content_hash: str) -> bool:
    """Whether a review form was filled in for this content, or for the one that it was completed from."""
    return not form.get("void") and content_hash in (form["content_hash"], form.get("completed"))


REORGANISED: Dict[str, Callable[[Posts, Event], None]] = {
    "organ.founded": Posts.organ_founded, "organ.renamed": Posts.organ_renamed, "organ.moved": Posts.organ_moved,
    "organ.merged": Posts.organ_merged, "organ.closed": Posts.organ_closed,
}  # fmt: skip
POSTED: Dict[str, Callable[[Posts, Event], None]] = {
    **dict.fromkeys(REORGANISED, Posts.reorganise),
    "grant.given": Posts.change, "grant.revoked": Posts.change, "cover.given": Posts.give_cover, "cover.ended": Posts.end_cover,
    "waiver.signed": Posts.sign_waiver,
}
"""What is said about people beside the tables."""


class Campaign:
    """A campaign while its events pass by: its terms, the units asked, until when each may file, and what they said."""

    __slots__ = ("closes", "declared", "ended", "terms", "units", "urged")

    def __init__(self, terms: Dict[str, Any], units: List[str]) -> None:
        self.terms, self.units, self.ended = terms, frozenset(units), False
        self.closes: Dict[str, str] = dict.fromkeys(units, moment_of(terms["closes"]))
        self.declared: Set[str] = set()
        self.urged: Dict[str, str] = {}

    def over(self, unit: str, at: str) -> bool:
        """Whether the time of a unit is over: it was ended, or the moment has come."""
        return self.ended or at >= self.closes[unit]


class FiledGoals(NamedTuple):
    """What a unit had filed of its goals: at least and at most so many tables, and so many begun and surely not filed."""

    least: int
    most: int
    unfiled: int


class FiledPart(NamedTuple):
    """A document's department part as it stands: its organs, its tables' number, the version, who wrote it, whose turn it is.

    `passed` names who found this very version good; `since` is when the turn came, `due` until when by which calendar.
    """

    organs: Tuple[str, ...]
    tables: int
    number: int
    content_hash: Optional[str]
    author: str
    turn: str
    passed: Tuple[str, ...] = ()
    since: str = ""
    due: str = ""
    calendar: str = ""
    late: bool = False


class ReferredOn(NamedTuple):
    """A referral as it stands: the table (None where it is not in the bundle), its bureau, who made it, who receives it, whether it is open."""

    table: Optional[Table]
    bureau: str
    by: str
    receiver: str
    open: bool = True


class Judge:
    """Follows every table through its steps; knows the posts, contents, payloads, documents and replies beside it."""

    def __init__(self, bundle: Bundle, report: Report, contents: Contents, posts: Posts) -> None:
        self.bundle, self.report, self.contents, self.posts = bundle, report, contents, posts
        self.tables: Dict[str, Table] = {}
        self.documents: Dict[str, Tuple[Place, str, int, int, str, Tuple[str, ...]]] = {}
        self.parts: Dict[str, FiledPart] = {}
        self.definitions: Dict[str, Definition] = {}
        self.published: Set[str] = set()
        self.calendars: Dict[str, WorkCalendar] = {}
        self.calendar_now = ""
        self.campaigns: Dict[str, Campaign] = {}
        self.budgets: Dict[str, Dict[str, Any]] = {}
        self.founded: Set[str] = set()
        self.proposers: Dict[str, Set[str]] = {}
        self.replies: Dict[str, Dict[str, Tuple[str, str, Place, str]]] = {}
        self.batches: Dict[str, Dict[str, Tuple[Dict[str, Any], Place, str]]] = {}
        self.passings: Dict[str, Dict[str, Tuple[Dict[str, Any], str, Place, Tuple[str, ...]]]] = {}
        self.draws: Dict[str, Dict[str, Tuple[str, Tuple[str, str], Place, str]]] = {}
        self.erasures: Dict[str, Tuple[str, Tuple[Any, ...], str, str]] = {}
        self.words: Dict[str, str] = {}
        self.begun: Dict[str, str] = {}
        self.referrals: Dict[str, ReferredOn] = {}
        self.accounts: Dict[Tuple[str, int], str] = {}
        self.settled: Dict[str, Dict[str, Any]] = {}
        self.turns: Dict[str, Tuple[bool, str]] = {}
        self.firsts: Dict[str, str] = {}
        self.stubs: Dict[Tuple[str, int], List[Tuple[int, str]]] = {}
        self.sources: Dict[Tuple[str, int], Dict[str, int]] = {}
        self.over: Dict[str, Tuple[str, Tuple[Any, ...], Any, Place]] = {}

    # -- what comes in ------------------------------------------------------------------------------------------------

    def take(self, event: Event, words: Dict[str, str]) -> None:
        """Judge one event of a table, with its words by commitment."""
        table = self.tables.get(event.stream)
        if table is None:
            table = self.tables[event.stream] = Table(event.stream)
        self.words = words
        if event.kind in FILING_TURNS:
            self.turns[event.stream] = (FILING_TURNS[event.kind], event.at)
        if event.kind == "table.submitted":
            self.firsts.setdefault(event.stream, event.at)
        if not table.broken:
            try:
                self.step(table, event)
            except Broken as broken:
                self.report.add(broken.check, broken.what, event.place, broken.field, broken.seen, broken.wanted)
                table.broken = True

    def step(self, table: Table, event: Event) -> None:
        """Let an event open a step, or follow within one; then do what it does."""
        if table.todo:
            self.follow(table, event)
        else:
            table.group = None
            if event.step != 0 and (event.kind, event.command, event.step) != table.run:
                raise Broken("sequence", "step", event.step, 0)
            if event.kind in REPEATED:
                table.run = (event.kind, event.command, event.step + 1)
            table.todo = self.open(table, event)
            table.group = (event.command, event.person, event.name, event.role, event.organ, event.at, event.behalf, event.cover, event.step)
        if table.trails:
            follow_trails(table, event)
        if table.chain is not None and table.chain.rights:
            self.by_rights(table, event, table.chain.rights)
        EFFECTS.get(event.kind, nothing)(self, table, event)
        self.follow_clocks(table, event)
        if event.kind == "table.returned":
            table.todo += self.after_return(table, event)
            table.listed = tuple(event.data.get("fields") or ()) if event.data["to"] == "draft" else ()
        elif event.kind in ("table.submitted", "table.withdrawn", "admin.intervened"):
            table.listed = ()
        table.completed = table.completed or event.kind == "amendment.confirmed"
        table.version, table.last_at, table.index = event.place.version or 0, event.at, event.place.event
        table.aside = table.aside + 1 if event.kind in ASIDE else 0
        if not table.todo:
            table.group = None
        if event.kind in REASONS:
            self.check_reason(table, event)

    def by_rights(self, table: Table, event: Event, rights: Sequence[Right]) -> None:
        """What an event writes lies in fields that the definition gives to the role under which it is signed, at this time."""
        if event.kind in FIELDS_CHANGED:
            changes = self.contents.of(event.data["changes"])
            for place in changes.places if isinstance(changes, Changes) else ():
                if not may_write(table, rights, event.role, field_group(place), place):
                    self.blame("steps", "value", event, "data.changes", place, f"fields of {event.role} in {table.stage}")
                    return
        group = FORM_FIELDS.get(event.kind)
        if event.kind == "attachment.added" and event.data["for_step"].partition(":")[0] not in FILING_DESKS:
            return
        if group is not None and not may_write(table, rights, event.role, group):
            self.blame("steps", "value", event, "actor.role", group, f"fields of {event.role} in {table.stage}")
        if event.kind in ("monitoring.filed", "selfeval.filed") and not may_write(table, rights, event.role, "executed"):
            window = table.window(event.data["window"]) if event.kind == "monitoring.filed" else None
            day = window.date if window is not None else f"{table.year}-12-31"
            said, known = amount(event.data["figures"].get("executed")), [each for each in table.executions if each["date"] <= day]
            newest = [each for each in known if each["date"] == max(every["date"] for every in known)][-1:]
            if said is not None and [said] != [amount(each["executed"]) for each in newest]:
                self.blame("steps", "value", event, "data.figures", said, "execution.recorded")

    def follow(self, table: Table, event: Event) -> None:
        """Hold an event against what must follow: same command, same person and moment, the values of the rules."""
        kind, wanted = table.todo.pop(0)
        at = event.at if table.group is None or table.group[5] else ""
        group = (event.command, event.person, event.name, event.role, event.organ, at, event.behalf, event.cover, event.step - 1)
        if event.kind != kind or event.command != (table.group or group)[0]:
            raise Broken("sequence", "kind", event.kind, kind)
        if group != table.group:
            names = ("command_id", "actor.id", "actor.name", "actor.role", "actor.organ", "at", "actor.on_behalf_of", "actor.on_behalf_of", "step")
            field = next(name for name, one, two in zip(names, group, table.group or ()) if one != two)
            raise Broken("sequence", field, group[names.index(field)], (table.group or group)[names.index(field)])
        table.group = (*group[:-1], event.step)
        expect(event, wanted)

    def open(self, table: Table, event: Event) -> Todo:
        """Check that this event may open a step here and now, and return what must follow."""
        if table.stage == "":
            return self.open_first(table, event)
        rule = STEPS.get(event.kind)
        if rule is None:
            raise Broken("sequence", "kind", event.kind, "an opening event")
        stages, nodes, request = rule
        if table.stage not in stages:
            raise Broken("step", "kind", event.kind, table.stage)
        if (request == "yes" and table.request is None) or (request == "no" and table.request is not None):
            raise Broken("step", "kind", event.kind, "request")
        if table.paper and (event.kind, event.cover) != ("task.decided", table.paper["request"]):
            raise Broken("sequence", "kind", event.kind, "task.decided")
        if table.suspended is not None and event.kind not in WHILE_SUSPENDED:
            raise Broken("step", "kind", event.kind, "table.resumed")
        desk = self.desk_of(table, event, nodes) if nodes else None
        return OPENERS[event.kind](self, table, event, desk)

    def open_first(self, table: Table, event: Event) -> Todo:
        """A table begins with its import, and the import is followed by the drafting desk."""
        if table.version == 0:
            if event.kind not in ("table.imported", "table.created"):
                raise Broken("sequence", "kind", event.kind, "table.imported")
            return []
        raise Broken("sequence", "kind", event.kind, "node.entered")

    # -- who ----------------------------------------------------------------------------------------------------------

    def desk_of(self, table: Table, event: Event, nodes: Sequence[str]) -> Desk:
        """Return the active desk that the event names, after checking who sits there."""
        name = event.data["node"]
        desk = table.task(event.data.get("task"))
        if desk is None or desk.node != name:
            desk = table.desk(name)
        if desk is None or (nodes != ("*",) and name.partition(":")[0] not in nodes):
            raise Broken("step", "data.node", name, " ".join(each.node for each in table.desks))
        self.sits_at(table, event, desk)
        return desk

    def sits_at(self, table: Table, event: Event, desk: Desk) -> None:
        """The person acts under the desk's post, is the one named if one is named, and breaks no segregation.

        A superior to whom a late task was handed acts under his own post, whoever holds it meanwhile; so does his deputy for him.
        """
        if desk.handed(event.role, event.organ) and event.kind in DONE_AT_A_HANDED_TASK:
            self.held(event)
            if event.behalf:
                self.stands_in(table, event, desk.node)
            self.segregated(table, event, desk)
            if {event.person, event.behalf} & {each.person for each in table.desks if each.node == desk.node and each is not desk} - {None}:
                self.blame("segregation", "S4", event, "actor.id", event.person, "his own task at the node")
            return
        if (event.role, event.organ) != (desk.role, desk.organ):
            self.blame("posts", "person", event, "actor.role", event.person, f"{desk.role} {desk.organ}")
        if desk.person not in (None, event.behalf or event.person):
            self.blame("posts", "person", event, "actor.id", event.person, desk.person)
        if desk.claimed_by not in ("", event.behalf or event.person):
            self.blame("posts", "person", event, "actor.id", event.person, desk.claimed_by)
        self.held(event)
        if event.behalf:
            self.stands_in(table, event, desk.node)
        if desk.level != "filing":
            self.segregated(table, event, desk)
        others = {each.person for each in table.desks if each.node == desk.node and each is not desk}
        if desk.person is None and others & {event.person, event.behalf}:
            self.blame("segregation", "S4", event, "actor.id", event.person, "his own task at the node")

    def stands_in(self, table: Table, event: Event, node: str) -> None:
        """Whoever acts for somebody absent has leave to, now, here, and up to this amount; or enters what he decided on paper."""
        if table.paper:
            paper = table.paper
            wanted = (paper["leader"], paper["task"], paper["outcome"], paper["by"], derived(paper["command"], "paper"))
            if (event.behalf, event.data.get("task"), event.data.get("outcome"), event.person, event.command) != wanted:
                self.blame("posts", "cover", event, "actor.on_behalf_of", event.person, "paper.entered")
            return
        short = self.posts.covered(event, node.partition(":")[0], table.unit, lambda: self.inputs(table, table.content_hash, event)["金额"])
        if short:
            self.blame("posts", "cover", event, "actor.on_behalf_of", event.person, short)

    def held(self, event: Event) -> None:
        """The person, or the one for whom he acts, held the post under which the event is signed."""
        holder = event.behalf or event.person
        if not self.posts.holds(holder, event.role, event.organ, event.at):
            self.blame("posts", "post", event, "actor", holder, f"{event.role} {event.organ}")
        roles = self.posts.roles(event.person)
        if roles & ADMINISTRATORS and roles & BUSINESS:
            self.blame("segregation", "S8", event, "actor.id", event.person)

    def segregated(self, table: Table, event: Event, desk: Desk) -> None:
        """S1, S2, S4, S5, S6 of domain.md 17.3, for whoever decides at a desk; for the absent person too (S7)."""
        self.segregated_as(table, event, desk, event.person, "actor.id")
        if event.behalf:
            self.segregated_as(table, event, desk, event.behalf, "actor.on_behalf_of")

    def segregated_as(self, table: Table, event: Event, desk: Desk, person: str, field: str) -> None:
        if desk.node.startswith("rectification_check:"):
            self.segregated_in_mending(table, event, desk, person, field)
            return
        if desk.node in RESCORING_DESKS and any(each["node"] != desk.node and person in (each["by"], each.get("behalf")) for each in table.rescores):
            self.blame("segregation", "S5", event, field, person)
        if desk.stage in REVIEWS and (person in table.authors or person in (table.owner, table.submitter)):
            self.blame("segregation", "S1", event, field, person)
        if desk.stage == "self_evaluation" and table.evaluation is not None and table.evaluation["filed_by"] == person:
            self.blame("segregation", "S5", event, field, person)
        window = table.window(desk.node.partition(":")[2])
        if desk.stage == "monitoring" and window is not None and window.filed_by == person:
            self.blame("segregation", "S6", event, field, person)
        mine = self.decided_by(table, event, desk, person)
        if any(each.level != desk.level for each in mine):
            self.blame("segregation", "S2", event, field, person)
        if any(each.level == desk.level and each.node != desk.node for each in mine):
            self.blame("segregation", "S4", event, field, person)
        if any(vote.node == desk.node and person in (vote.person, vote.behalf) for vote in table.votes):
            self.blame("segregation", "S4", event, field, person)

    def decided_by(self, table: Table, event: Event, desk: Desk, person: str) -> List[Decider]:
        """Return what a person decided in this round, nothing where a waiver lets him sit at two desks of a small unit (S12)."""
        mine = [each for each in table.deciders if person in (each.person, each.behalf)]
        if mine and person == event.person and desk.stage == "unit_review" and all(each.level.partition("_")[0] == "unit" for each in mine):
            return [] if self.posts.waived(person, table.unit, table.department, event.at) else mine
        return mine

    def vouches(self, table: Table, event: Event, desk: Desk) -> str:
        """Return what keeps a person from vouching for what others decide at a desk: S1 where he filed, S2 where he decided elsewhere."""
        if event.person in table.authors or event.person in (table.owner, table.submitter):
            return "S1"
        return "S2" if any(each.level != desk.level for each in self.decided_by(table, event, desk, event.person)) else ""

    def segregated_in_mending(self, table: Table, event: Event, desk: Desk, person: str, field: str) -> None:
        """Who filed the self-evaluation or reported the rectification does not look at it; levels do not count there."""
        filed = table.evaluation["filed_by"] if table.evaluation is not None and desk.stage == "self_evaluation" else None
        found = self.mending(table, desk.node.partition(":")[2])
        if filed == person:
            self.blame("segregation", "S5", event, field, person)
        if found["done_by"] == person:
            self.blame("segregation", "S6", event, field, person)

    def blame(self, check: str, what: str, event: Event, field: str, seen: object = "", wanted: object = "") -> None:
        """Note a finding that does not stop the replay."""
        self.report.add(check, what, event.place, field, seen, wanted)

    def check_reason(self, table: Table, event: Event) -> None:
        """A reason that can be read has at least five characters."""
        word = self.word(event.data[REASONS[event.kind]])
        if type(word) is str and len(word.strip()) < SHORTEST_REASON:
            self.blame("steps", "value", event, f"data.{REASONS[event.kind]}", word, f">= {SHORTEST_REASON}")

    def word(self, value: Any) -> Word:
        """Return a text as folded: the words themselves, or the commitment where they are not at hand."""
        if type(value) is not dict:
            return value
        return self.words.get(value["committed"], (value["committed"],))

    # -- desks --------------------------------------------------------------------------------------------------------

    def definition(self, table: Table) -> Definition:
        """Return the definition that the table is pinned to."""
        if table.chain is None:
            raise Broken("step", "definition", "?", "a sound definition")
        return table.chain

    def entering(self, table: Table, event: Event, node: Node, round_: int, window: str = "", person: Any = None) -> Tuple[str, Dict[str, Any]]:
        """Return the fact that a node receives the table; several signers' tasks are checked as they are opened."""
        key = f"{node.name}:{window}" if window else node.name
        if node.shared:
            return "node.shared", {"node": key, "stage": node.stage, "round": round_, "level": node.level}
        return "node.entered", {
            "node": key, "stage": node.stage, "round": round_, "task": derived(table.id, f"{key}#{event.command}"), "role": node.role,
            "organ": getattr(table, node.of), "level": node.level, "person": table.owner if node.role == "clerk" else person,
        }  # fmt: skip

    def onwards(self, table: Table, event: Event, node: str) -> Todo:
        """What a pass leads to: straight back after a return with 直达, else the next nodes of this stage or of a later one."""
        done = table.done(table.stage) | {node}
        if table.returned is not None and self.keeps_the_promise(table, event, node):
            return self.straight_back(table, event, done, table.round, table.content_hash)
        others = {desk.node for desk in table.desks if desk.node != node}
        return self.way_on(table, event, table.stage, done, others, table.round, table.content_hash)

    def keeps_the_promise(self, table: Table, event: Event, node: str) -> bool:
        """Whether a node that was returned to with 直达 lets the table go straight back: the same content, conditions as before."""
        returned = table.returned or {}
        passed = set(returned["done"]) - {node} - {name for each in REVIEWS for name in table.done(each)}
        return (returned["to"], returned["content_hash"]) == (node, table.content_hash) and self.answers_hold(table, event, passed, table.content_hash)

    def answers_hold(self, table: Table, event: Event, passed: Set[str], content_hash: str) -> bool:
        """Whether every node that a straight way passes over would open, or not, as when the table came there last."""
        weighed = [(node.name, node.when) for node in self.definition(table).nodes if node.when is not None and node.name in passed]
        now = self.inputs(table, content_hash, event) if weighed else {}
        return all(when.holds(now) == table.answers.get(name) for name, when in weighed)

    def way_on(self, table: Table, event: Event, stage: str, done: Set[str], others: Set[str], round_: int, content_hash: str) -> Todo:
        """What follows where `done` need no visit: the nodes that open, through passed-over ones and stages; conditions are told."""
        chain, passed, entered = self.definition(table), [], []  # type: Definition, List[str], List[Node]
        inputs = self.inputs(table, content_hash, event) if chain.conditional else {}
        while stage in REVIEWS:
            entered, skipped = chain.opening(stage, done, inputs)
            passed += [each.name for each in skipped]
            done = done | set(passed)
            if entered or any(each.name not in done for each in chain.of(stage)):
                break
            stage = LINE[LINE.index(stage) + 1]
        entered = [each for each in entered if each.name not in others]
        todo = [self.entering(table, event, each, round_) for each in entered]
        if passed or any(each.when is not None for each in entered):
            todo.insert(0, ("route.chosen", {"round": round_, "stage": stage, "inputs": as_recorded(inputs), "passed_over": passed}))
        return todo

    def inputs(self, table: Table, content_hash: str, event: Event) -> Dict[str, Any]:
        """Return what conditions are asked of: the table's values and those of its content."""
        sheet = self.sheet(content_hash, event)
        total = None if "，" in str(sheet.budget) else amount(sheet.budget or "")
        return {
            "金额": total / 10_000 if total is not None and sheet.unit == "元" else total, "属性": str(sheet.attribute or ""),
            "年度": table.year, "文种": table.family, "类别": table.scope, "重点": sheet.key or bool(table.key_by), "公开": sheet.disclosure or "",
        }  # fmt: skip

    def straight_back(self, table: Table, event: Event, done: Set[str], round_: int, content_hash: str) -> Todo:
        """What the answer to a return with 直达 leads to: whoever returned it, and what waited beside, over what was complete."""
        chain, returned = self.definition(table), table.returned or {}
        back = chain.named(returned["node"])
        inputs = self.inputs(table, content_hash, event) if chain.conditional else {}
        beside, _ = chain.opening(back.stage, done.union(returned["done"]), inputs)
        by = self.posts.still(returned["by"], back.role, getattr(table, back.of))
        standing = {name for each in REVIEWS for name in table.done(each)} if done else set()
        return [
            ("route.shortened", {"round": round_, "to": back.name, "passed_over": sorted(set(returned["done"]) - done - standing)}),
            self.entering(table, event, back, round_, person=by),
            *(self.entering(table, event, each, round_) for each in beside if each != back),
        ]  # fmt: skip

    def after_return(self, table: Table, event: Event) -> Todo:
        """What a return leads to: all desks are left, and the stage or node that it went to begins again."""
        to, node, aim = event.data["to"], event.data["node"], event.data.get("to_node")
        others = [("task.superseded", {"node": each.node, "task": each.task, "round": each.round}) for each in table.desks if each.node == node]
        if aim is not None:
            entered = [self.entering(table, event, self.definition(table).named(aim), table.round)]
        elif to in REVIEWS:
            entered = self.way_on(table, event, to, set(), set(), table.round, table.content_hash)
        else:
            entered = [self.entering(table, event, each, table.round) for each in self.definition(table).first(to)]
        return [*others, ("node.completed", {"node": node, "round": table.round}), *overtaken(table, but=node), *entered]

    def check_aim(self, table: Table, event: Event) -> None:
        """A return goes to an earlier stage, or to a node that was complete in this round; it says whose decisions are gone."""
        to, node, aim = event.data["to"], event.data["node"], event.data.get("to_node")
        here = LINE.index(table.stage)
        if to not in LINE or LINE.index(to) > here or (aim is None and LINE.index(to) == here):
            raise Broken("step", "data.to", to, table.stage)
        if event.data["mode"] not in (STEP_BY_STEP, DIRECT) or (event.data["mode"] == DIRECT and aim is None and to != "draft"):
            raise Broken("step", "data.mode", event.data["mode"], STEP_BY_STEP)
        open_now = {desk.node for desk in table.desks} | {node}
        complete = {vote.node for vote in table.votes} - open_now
        if aim is not None and (aim not in complete or self.definition(table).named(aim).stage != to):
            raise Broken("step", "data.to_node", aim, " ".join(sorted(complete)))
        if event.shape >= 3:
            self.check_places(table, event)
            expect(event, {"overtaken": self.definition(table).overtaken_from(to, aim, open_now)})

    def check_places(self, table: Table, event: Event) -> None:
        """A return is about every place with an open comment; one that came of counting has the sentence that says so."""
        counted = bool(table.votes) and table.votes[-1].outcome == "pass"
        missing = [each["pointer"] for each in table.threads if not each["resolved"] and each["pointer"] not in event.data["fields"]]
        if missing and not counted:
            self.blame("steps", "value", event, "data.fields", " ".join(event.data["fields"]), missing[0])

    # -- what opens a step --------------------------------------------------------------------------------------------

    def open_entered(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        raise Broken("sequence", "kind", event.kind, "an opening event")

    def open_submitted(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        self.is_owner(table, event)
        owed = next((thread for thread in table.threads if not thread["resolved"] and not thread["answered_by"]), None)
        if owed is not None:
            self.blame("steps", "step", event, "kind", event.kind, f"thread.answered {owed['thread']}")
        round_ = table.round + 1
        expect(event, {"round": round_, "node": "drafting", "task": desk.task if desk else ""})
        sheet = self.sheet(event.data["content_hash"], event)
        for field, wanted in (("title", sheet.title), ("disclosure", sheet.disclosure)):
            if event.data[field] != wanted:
                self.blame("contents", "content", event, f"data.{field}", event.data[field], wanted)
        self.check_changes(table, event, sheet)
        self.let_in(table, event)
        if table.origin != "revision" and not (table.round and table.returned_reason is not None):
            self.in_its_time((table.bureau, table.unit), table.year, event, "goal_filing", "")
        if table.returned is not None and self.comes_straight(table, event, sheet):
            following = self.straight_back(table, event, set(), round_, event.data["content_hash"])
        else:
            following = self.way_on(table, event, "unit_review", set(), set(), round_, event.data["content_hash"])
        return [("node.completed", {"node": "drafting", "round": table.round}), *following]

    def comes_straight(self, table: Table, event: Event, sheet: Sheet) -> bool:
        """Whether an answer to a return with 直达 goes straight back: as asked, over nodes that would open as before, with the same files."""
        returned, before = table.returned or {}, self.sheet(table.content_hash, event)
        if not self.answers_hold(table, event, set(returned["done"]), event.data["content_hash"]):
            return False
        places = self.contents.of(event.data["changes"]).places
        return bool(returned["files"] == files_hash(table)) and mends_what_was_asked(returned["fields"], places, before.rows, sheet.rows)

    def check_changes(self, table: Table, event: Event, sheet: Sheet) -> None:
        """The list of changes leads from the content before to this one and leaves nothing out."""
        changes, before = self.contents.of(event.data["changes"]), self.sheet(table.content_hash, event)
        if not isinstance(changes, Changes):
            raise Broken("content", "data.changes", event.data["changes"], "a list of changes", check="contents")
        if changes.number != event.data["changed"]:
            self.blame("contents", "content", event, "data.changed", event.data["changed"], changes.number)
        if (before.sum + changes.sum - sheet.sum) % MODULUS:
            self.blame("contents", "content", event, "data.changes", "the list of changes", "every change")

    def is_owner(self, table: Table, event: Event) -> None:
        if event.person != table.owner:
            self.blame("posts", "person", event, "actor.id", event.person, table.owner)

    def sheet(self, content_hash: str, event: Event) -> Sheet:
        """Return what is kept of a table's content."""
        found = self.contents.of(content_hash)
        if not isinstance(found, Sheet):
            raise Broken("content", "data.content_hash", content_hash, "a table", check="contents")
        return found

    def open_withdrawn(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        self.under(event, "clerk", table.unit)
        if event.person != table.submitter:
            self.blame("posts", "person", event, "actor.id", event.person, table.submitter)
        if table.deciders or table.received or self.definition(table).withdraw_until == "never":
            raise Broken("step", "kind", event.kind, "nobody decided or opened it yet, and the definition lets it be taken back")
        expect(event, {"round": table.round})
        first = self.definition(table).first("draft")
        return [*overtaken(table), *(self.entering(table, event, each, table.round) for each in first)]

    def under(self, event: Event, role: str, organ: str) -> None:
        """The act is signed under this very post, and the person held it."""
        if (event.role, event.organ) != (role, organ):
            self.blame("posts", "person", event, "actor.role", event.role, f"{role} {organ}")
        self.held(event)

    def open_decided(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        data = event.data
        if desk is None:
            raise Broken("step", "data.node", data["node"])
        expect(event, {"task": desk.task, "round": table.round, "level": desk.level, "content_hash": table.content_hash})
        if data["outcome"] not in ("pass", "return"):
            raise Broken("step", "data.outcome", data["outcome"], "pass, return")
        self.in_turn(table, event, desk)
        if desk.node != "reply":
            self.by_form(table, event, desk, data["outcome"])
        self.by_amender(table, event, desk, data["outcome"], {event.person, event.behalf})
        decided = fate(self.definition(table).named(desk.node).rule, signers_of(table, desk, data["outcome"]))
        if decided == "passed" and table.grade(desk.node) in LOW:
            decided = "rejected"
        to = table.paper.get("to")
        table.paper = {}
        if decided == "rejected":
            aim = {"node": desk.node, "round": table.round}
            if data["outcome"] == "pass" or to is not None:
                aim.update(to="draft" if data["outcome"] == "pass" else to, mode=STEP_BY_STEP)
            return [("table.returned", aim)]
        left = ("node.completed", {"node": desk.node, "round": table.round})
        if desk.node == "reply" and table.source:
            return [("revision.approved", self.revised_by(table, event)), left]
        if desk.node == "reply":
            return [("table.replied", {"content_hash": table.content_hash}), left]
        others = [each for each in table.desks if each.node == desk.node and each.task != desk.task]
        closed = [("task.superseded", {"node": each.node, "task": each.task, "round": each.round}) for each in others]
        return [*closed, left, *self.onwards(table, event, desk.node)] if decided else []

    def in_turn(self, table: Table, event: Event, desk: Desk) -> None:
        """Nobody decides before those whom his task waits for (顺签, 前加签)."""
        before = next((each for each in table.desks if each.task in desk.waits_for), None)
        if before is not None or desk.delegated_to:
            self.blame("steps", "step", event, "data.task", desk.task, f"after {before.task if before else desk.delegated_to}")

    def open_requested(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        action = event.data["action"]
        expect(event, {"request": event.command})
        if action == "refuse":
            self.ask_to_refuse(table, event)
        elif action in ASKERS:
            stages, organ, roles = ASKERS[action]
            if table.stage not in stages or (action == "void" and table.in_force is not None):
                raise Broken("step", "data.action", action, table.stage)
            if event.role not in roles or event.organ != getattr(table, organ):
                self.blame("posts", "person", event, "actor.role", event.role, " ".join(roles))
            if event.role == "clerk":
                self.is_owner(table, event)
            if action == "terminate":
                self.none_open(table, event)
            if action == "pause_project":
                self.goes_on(table, event)
            self.held(event)
        elif action == "withdraw":
            self.ask_to_withdraw(table, event)
        else:
            raise Broken("step", "data.action", action, ", ".join((*ENDINGS, "withdraw")))
        return []

    def carried_out(self, table: Table, event: Event, request: Dict[str, Any]) -> Todo:
        """What a second person's word brings about beside the ends: a correction, an intervention, a decision on paper."""
        asked = table.proposal
        if asked.get("request") != request["id"] or asked.get("action") != request["action"]:
            raise Broken("step", "data.request", request["id"], PROPOSALS[request["action"]])
        if request["action"] == "correct":
            told = {name: asked[name] for name in ("request", "base", "content_hash", "changes", "changed")}
            if asked["base"] != table.in_force:
                raise Broken("step", "data.request", asked["base"], table.in_force)
            return [("correction.applied", {**told, "title": self.sheet(asked["content_hash"], event).title})]
        if request["action"] == "adjust_late":
            if (asked["base"], asked["number"]) != (table.in_force, table.revisions + 1):
                raise Broken("step", "data.request", asked["base"], table.in_force)
            same = {name: asked[name] for name in ("number", "trigger", "base")}
            return [("revision.opened", {**same, "revision": derived(table.id, f"revision#{asked['number']}")})]
        if request["action"] == "enter_paper":
            desk = table.task(asked["task"])
            if desk is None or event.person == asked["leader"]:
                raise Broken("step", "data.request", asked["leader"], "an open task, another person")
            table.paper = {**asked, "by": event.person, "command": event.command}
            return []
        chain, (node, _, window), back = self.definition(table), asked["node"].partition(":"), asked["to_node"]
        self.check_measure(table, asked)
        if back is None:
            gone, leaving, entered = [asked["node"]], [each for each in overtaken(table) if each[1]["node"] == asked["node"]], chain.named(node)
        else:
            entered, window = chain.named(back), ""
            gone, leaving = chain.overtaken_from(entered.stage, back, {desk.node for desk in table.desks}), overtaken(table)
        told = {name: asked[name] for name in ("request", "measure", "node", "to_node")}
        return [
            ("admin.intervened", {**told, "asked_by": request["by"], "overtaken": gone}), *leaving,
            self.entering(table, event, entered, table.round, window), *(self.mending_again(table, event, table.stage) if back else ()),
        ]  # fmt: skip

    def check_measure(self, table: Table, asked: Dict[str, Any]) -> None:
        """An intervention enters a node anew where the table stands, or goes back to one that was complete; never forward."""
        complete = {vote.node for vote in table.votes} - {desk.node for desk in table.desks}
        right = asked["to_node"] is None if asked["measure"] == "reenter" else asked["measure"] == "move_back" and asked["to_node"] in complete
        if not right or table.desk(asked["node"]) is None:
            raise Broken("step", "data.to_node", asked["to_node"], " ".join(sorted(complete)))

    def open_correction(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        """A correction touches words that say no goal, names every change, and waits for a second person."""
        data = event.data
        self.under(event, "finance_performance", table.bureau)
        self.none_open(table, event)
        expect(event, {"request": event.command, "base": table.in_force})
        changes, before, after = self.contents.of(data["changes"]), self.sheet(data["base"], event), self.sheet(data["content_hash"], event)
        if not isinstance(changes, Changes) or changes.number != data["changed"] or not changes.number:
            raise Broken("content", "data.changes", data["changes"], "a list of changes", check="contents")
        if (before.sum + changes.sum - after.sum) % MODULUS:
            self.blame("contents", "content", event, "data.changes", "the list of changes", "every change")
        if not CORRECTABLE.intersection(data["fields"]).issuperset(changes.places):
            self.blame("steps", "value", event, "data.fields", " ".join(changes.places), " ".join(sorted(CORRECTABLE)))
        return [("confirmation.requested", {"request": event.command, "action": "correct"})]

    def open_revision(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        """The clerk in charge opens one revision at a time of the version in force, not after the pack's cut-off."""
        data, number = event.data, table.revisions + 1
        self.under(event, "clerk", table.unit)
        self.is_owner(table, event)
        self.none_open(table, event)
        expect(event, {"revision": derived(table.id, f"revision#{number}"), "number": number, "base": table.in_force})
        if table.in_force != table.content_hash or data["trigger"] not in TRIGGERS:
            raise Broken("step", "data.trigger", data["trigger"], " ".join(TRIGGERS))
        last = self.pack(table, event).get("adjustment")
        if last is not None and beijing_day(event.at) > f"{table.year}-{last['cut_off']}":
            self.blame("steps", "value", event, "at", event.at, f"<= {table.year}-{last['cut_off']}")
        return []

    def open_late_revision(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        """After the cut-off the performance section asks for a revision of the version in force; the leader has to confirm."""
        data = event.data
        self.under(event, "finance_performance", table.bureau)
        self.none_open(table, event)
        expect(event, {"request": event.command, "number": table.revisions + 1, "base": table.in_force})
        if table.in_force != table.content_hash or data["trigger"] not in TRIGGERS:
            raise Broken("step", "data.trigger", data["trigger"], " ".join(TRIGGERS))
        last = self.pack(table, event).get("adjustment")
        if last is None or beijing_day(event.at) <= f"{table.year}-{last['cut_off']}":
            self.blame("steps", "value", event, "at", event.at, f"> {table.year}-{last['cut_off']}" if last else "a cut-off")
        return [("confirmation.requested", {"request": event.command, "action": "adjust_late"})]

    def none_open(self, table: Table, event: Event) -> None:
        """Some steps wait until the open revision is over."""
        if table.revision:
            raise Broken("step", "kind", event.kind, f"revision {table.revision}")

    def revision_opened(self, table: Table, event: Event) -> None:
        table.revision, table.revisions = shared(event.data["revision"]), event.data["number"]
        if event.role == "finance_leader":
            table.late_revisions = [*table.late_revisions, event.data["number"]]
        self.begun[table.revision] = event.command

    def revised_by(self, table: Table, event: Event) -> Dict[str, Any]:
        """Return what the reply to a revision says: it rests on what is in force, and counts from the same day."""
        revised = self.tables.get(table.source)
        if revised is None or revised.revision != table.id:
            raise Broken("step", "data.node", table.source, "revision.opened")
        return {
            "revision": table.id, "table": table.source, "number": table.revision_number, "base": revised.in_force,
            "content_hash": table.content_hash, "effective_from": beijing_day(event.at), "title": self.sheet(table.content_hash, event).title,
        }  # fmt: skip

    def open_approved(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        """On the revised table stands the very fact that its revision's reply recorded."""
        self.answers(table, event, event.data)
        return []

    def open_unrevised(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        """A revision ended without a reply: refused or ended by the bureau, or given up by the unit."""
        expect(event, {"revision": table.revision, "number": table.revisions})
        self.answers(table, event, event.kind)
        return []

    def answers(self, table: Table, event: Event, said: Any) -> None:
        """The same person says on the revised table, in the same command, how its revision ended."""
        who = (event.command, event.person, event.role, event.organ, event.behalf, event.cover)
        revision, by, told, _ = self.over.pop(table.id, ("", (), None, event.place))
        if revision != table.revision or not revision or (by, told) != (who, said):
            raise Broken("step", "data.revision", table.revision, f"the end of {revision or 'a revision'}")

    def revision_over(self, table: Table, event: Event, said: Any) -> None:
        """Remember on which table the end of this revision has to be told."""
        if table.source:
            who = (event.command, event.person, event.role, event.organ, event.behalf, event.cover)
            self.over[table.source] = (table.id, who, said, event.place)

    def revision_approved(self, table: Table, event: Event) -> None:
        data = event.data
        if table.source:
            table.stage, table.doc_no, table.votes, table.deciders, table.passed_over = "closed", data["doc_no"], [], [], []
            table.trails = {}
            self.check_later_plan(table, event)
            if event.shape > 1:
                terms = self.pack(table, event).get("reply") if table.unit != table.department else None
                self.check_pass_on(event, terms)
            self.revision_over(table, event, data)
            return
        first = {"number": 0, "content_hash": data["base"], "effective_from": "", "doc_no": table.doc_no or "", "table": ""}
        new = {"number": data["number"], "content_hash": data["content_hash"], "effective_from": data["effective_from"],
               "doc_no": data["doc_no"], "table": data["revision"]}  # fmt: skip
        table.versions = [*(table.versions or [first]), new]
        table.content_hash = table.in_force = data["content_hash"]
        table.title, table.revision = shared(data["title"]), ""
        if data.get("pass_on_due"):
            before = table.replied or {}
            began = str(before.get("first_on") or before.get("on") or "")
            table.replied = {
                "reply": data["revision"], "on": data["effective_from"], "pass_on_due": data["pass_on_due"],
                "disclose_due": before.get("disclose_due", ""), "passed_on": "", "doc_no": "", "document": "",
                "revision": data["number"], **({"first_on": began} if began else {}),
            }  # fmt: skip
        table.windows = [*(each for each in table.windows if each.state != "planned"), *(Window(each) for each in data["windows"])]

    def check_later_plan(self, table: Table, event: Event) -> None:
        """The new plan holds the new content's checkpoints after every window that was opened, numbered onwards."""
        begun = [each for each in self.tables[table.source].windows if each.state != "planned"]
        last = max((each.date for each in begun), default="")
        plan = [each for each in plan_of(self.sheet(table.content_hash, event), self.pack(table, event), table.year) if each[1] > last]
        wanted = [(f"w{number}", *each) for number, each in enumerate(plan, len(begun) + 1)]
        found = [
            (each["window"], each["name"], each["date"], None if each["planned_percent"] is None else Decimal(each["planned_percent"]))
            for each in event.data["windows"]
        ]  # fmt: skip
        if found != wanted:
            self.blame("steps", "value", event, "data.windows", len(found), len(wanted))

    def revision_ended(self, table: Table, event: Event) -> None:
        table.revision = ""

    def open_intervention(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        self.under(event, "process_admin", table.bureau)
        expect(event, {"request": event.command})
        self.check_measure(table, event.data)
        return [("confirmation.requested", {"request": event.command, "action": "intervene"})]

    def proposed(self, table: Table, event: Event) -> None:
        table.proposal = {**event.data, "action": next(action for action, kind in PROPOSALS.items() if kind == event.kind)}
        if event.kind == "paper.entered":
            self.check_paper(table, event)

    def check_paper(self, table: Table, event: Event) -> None:
        """What a leader decided on paper is entered by another of the office, for an open task that the leader could decide."""
        data, desk = event.data, table.task(event.data["task"])
        if desk is None or desk.node == "reply" or any(each.task in desk.waits_for for each in table.desks):
            raise Broken("step", "data.task", data["task"], "an open task whose turn it is")
        expect(event, {"node": desk.node, "round": desk.round})
        if data["leader"] == event.person:
            self.blame("segregation", "S10", event, "data.leader", event.person)
        if event.organ != desk.organ or event.role not in BUSINESS:
            self.blame("posts", "person", event, "actor.organ", event.organ, desk.organ)
        wrong = self.vouches(table, event, desk)
        if wrong:
            self.blame("segregation", wrong, event, "actor.id", event.person)
        if desk.delegated_to or desk.claimed_by not in ("", data["leader"]):
            raise Broken("step", "data.task", data["task"], f"{desk.delegated_to or desk.claimed_by} acts first")
        if desk.person not in (None, data["leader"]) or self.posts.lacks(data["leader"], desk.role, desk.organ, event.at):
            self.blame("posts", "post", event, "data.leader", data["leader"], f"{desk.role} {desk.organ}")
        self.segregated_as(table, event, desk, data["leader"], "data.leader")
        self.by_form(table, event, desk, data["outcome"])
        self.by_amender(table, event, desk, data["outcome"], {data["leader"]})
        returns = data["outcome"] == "return" and data["to"] in LINE and LINE.index(data["to"]) < LINE.index(table.stage)
        if not returns and (data["outcome"], data["to"]) != ("pass", None):
            raise Broken("step", "data.outcome", data["outcome"], "pass, return")
        if not data["signed_on"] <= beijing_day(event.at):
            self.blame("steps", "value", event, "data.signed_on", data["signed_on"], f"<= {beijing_day(event.at)}")

    def corrected(self, table: Table, event: Event) -> None:
        table.content_hash = table.in_force = event.data["content_hash"]
        table.title = shared(event.data["title"])
        if table.versions:
            table.versions = [*table.versions[:-1], {**table.versions[-1], "content_hash": event.data["content_hash"]}]

    def intervened(self, table: Table, event: Event) -> None:
        gone = set(event.data["overtaken"])
        table.forms_gone([*gone])
        table.votes = [vote for vote in table.votes if vote.node not in gone]
        table.passed_over = [node for node in table.passed_over if node not in gone]
        table.intervened, table.trails = True, {key: trail for key, trail in table.trails.items() if key[0] not in gone}
        if event.data["to_node"] is not None:
            table.returned = None

    def ask_to_withdraw(self, table: Table, event: Event) -> None:
        """The submitter asks for the table back where he cannot take it back himself any more."""
        self.under(event, "clerk", table.unit)
        if event.person != table.submitter:
            self.blame("posts", "person", event, "actor.id", event.person, table.submitter)
        direct = table.stage == "unit_review" and not table.deciders and not table.received
        if table.stage not in REVIEWS or (direct and self.definition(table).withdraw_until != "never"):
            raise Broken("step", "data.action", "withdraw", table.stage)

    def ask_to_refuse(self, table: Table, event: Event) -> None:
        """A refusal is asked for from a reviewing desk of department or bureau."""
        desks = [desk for desk in table.desks if (desk.role, desk.organ) == (event.role, event.organ) and desk.node != "reply"]
        if table.stage not in REVIEWS[1:] or not desks:
            raise Broken("step", "data.action", "refuse", table.stage)
        open_tasks = {desk.task for desk in table.desks}
        mine = [desk for desk in desks if desk.person in (None, event.person, event.behalf) and not open_tasks.intersection(desk.waits_for)]
        mine = sorted(mine or desks, key=lambda desk: table.grade(desk.node) != "poor")
        self.sits_at(table, event, mine[0])
        self.by_form(table, event, mine[0], "refuse")
        self.by_amender(table, event, mine[0], "refuse", {event.person, event.behalf})

    def open_given(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        request = table.request
        expect(event, {"request": request["id"]})
        if event.person in (request["by"], request.get("behalf")):
            self.blame("segregation", "S10", event, "actor.id", event.person)
        self.second_person(table, event)
        if request["action"] == "withdraw":
            again = [self.entering(table, event, each, table.round) for each in self.definition(table).first("draft")]
            return [("table.withdrawn", {"round": table.round}), *overtaken(table), *again]
        if request["action"] == "pause_project":
            return [("project.paused", {})]
        if request["action"] in PROPOSALS:
            return self.carried_out(table, event, request)
        if request["action"] == "refuse":
            levels = {each.level for each in table.desks}
            if any(event.person in (each.person, each.behalf) and each.level not in levels for each in table.deciders):
                self.blame("segregation", "S2", event, "actor.id", event.person)
        return [*overtaken(table), (ENDINGS[request["action"]], {"request": request["id"]})]

    def second_person(self, table: Table, event: Event) -> None:
        """Who confirms or declines holds a post that may, and did not write the table."""
        action = table.request["action"]
        if event.person in table.authors:
            self.blame("segregation", "S1", event, "actor.id", event.person)
        self.held(event)
        if action == "withdraw":
            seats = [desk for desk in table.desks if self.could_sit(event, desk)]
            if not seats:
                self.blame("posts", "person", event, "actor.role", event.person, " ".join(f"{desk.role} {desk.organ}" for desk in table.desks))
            wrong = [self.vouches(table, event, desk) for desk in seats] if event.kind == "confirmation.given" else []
            if wrong and all(wrong) and event.person not in table.authors:
                self.blame("segregation", wrong[0], event, "actor.id", event.person)
            return
        organ, roles = CONFIRMERS[table.stage if action in ("refuse", "enter_paper") else action]
        if event.role not in roles or event.organ != getattr(table, organ):
            self.blame("posts", "person", event, "actor.role", event.role, " ".join(sorted(roles)))

    @staticmethod
    def could_sit(event: Event, desk: Desk) -> bool:
        """Whether the desk is one at which the event's person, under the event's post, may act."""
        right = (desk.role, desk.organ) == (event.role, event.organ) and desk.claimed_by in ("", event.person)
        return right and desk.person in (None, event.behalf or event.person)

    def open_declined(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        request = table.request
        expect(event, {"request": request["id"]})
        if event.person == request["by"] and request.get("behalf"):
            expect_post(event, request["role"], request["organ"], self)
        elif event.person == request["by"]:
            self.under(event, request["role"], request["organ"])
        else:
            self.second_person(table, event)
        return []

    def open_overdue(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        late = next((each for each in table.desks if each.task == event.data["task"]), None)
        self.by_the_system(event)
        if late is None or late.overdue or late.due_at is None:
            raise Broken("step", "data.task", event.data["task"], "an open task")
        expect(event, {"node": late.node, "round": late.round, "due_at": late.due_at, "rule": "deadline.passed"})
        if event.at < later(moment_of(late.due_at), -CLOCKS_APART):
            self.blame("steps", "value", event, "at", event.at, late.due_at)
        return []

    def by_the_system(self, event: Event) -> None:
        if (event.person, event.role, event.organ) != ("system", "system", "system"):
            self.blame("posts", "person", event, "actor.id", event.person, "system")

    def issued(self, table: Table, event: Event) -> None:
        """A task of the year is issued by the system or by the performance section."""
        if event.person == "system":
            self.by_the_system(event)
        else:
            self.under(event, "finance_performance", table.bureau)

    def open_window(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        self.goes_on(table, event)
        window = self.window(table, event, "planned")
        self.issued(table, event)
        expect(event, {"name": window.name, "date": window.date, "planned_percent": window.planned_percent,
                       "source": window.source, "rule": "monitoring.checkpoint"})  # fmt: skip
        if beijing_day(event.at) < window.date:
            self.blame("steps", "value", event, "at", event.at, f">= {window.date}")
        return [self.entering(table, event, self.definition(table).named("monitoring_filing"), table.round, window.window)]

    def window(self, table: Table, event: Event, *states: str) -> Window:
        """Return the table's own window that the event names, if it is in one of these states."""
        window = table.window(event.data["window"])
        if window is None or window.state not in states:
            raise Broken("step", "data.window", event.data["window"], window.state if window else "?")
        return window

    def open_filed(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        window, data = self.window(table, event, "open"), event.data
        self.at_its_desk(table, event, desk, f"monitoring_filing:{window.window}")
        read = table.in_force_on(window.date)
        expect(event, {"content_hash": read, "planned": window.planned_percent})
        self.by_its_pack(table, event)
        if window.returned_reason is None:
            self.in_its_time((table.bureau, table.unit), table.year, event, "monitoring", window.date[:7])
        rate, planned = ratio(data["figures"], self.sheet(read, event)), window.planned_percent
        wanted = None if rate is None else rounded(rate * 100)
        self.same_number(event, "execution_rate", wanted)
        self.same_number(event, "deviation", None if wanted is None or planned is None else wanted - Decimal(planned))
        self.check_colour(table, event, window.date, wanted)
        check = self.definition(table).named("monitoring_check")
        return [left(desk), self.entering(table, event, check, table.round, window.window)]

    def check_colour(self, table: Table, event: Event, date: str, rate: Optional[Decimal]) -> None:
        """The goals' realisation and the colour are those that the pinned pack gives the figures (domain.md 8.2, 8.3)."""
        data, sheet, pack = event.data, self.sheet(event.data["content_hash"], event), self.pack(table, event)
        if not isinstance(pack.get("colours"), dict):
            return
        said = None if data["realisation"] is None else Decimal(data["realisation"])
        span = realised(goals_of(sheet, data["figures"], pack))
        if (said is None) != (span is None) or (said is not None and span is not None and not span[0] <= said <= span[1]):
            self.blame("steps", "value", event, "data.realisation", said, "–".join(map(str, span or ())))
        deviation = None if data["deviation"] is None else Decimal(data["deviation"])
        calm, grave = colours_of(sheet, pack, date, data["figures"], rate, deviation, said)
        if data["colour"] not in SEVERITY[SEVERITY.index(calm) : SEVERITY.index(grave) + 1]:
            self.blame("steps", "value", event, "data.colour", data["colour"], calm if calm == grave else f"{calm}–{grave}")

    def same_number(self, event: Event, field: str, wanted: Optional[Decimal]) -> None:
        found = event.data[field]
        if (found is None) != (wanted is None) or (found is not None and Decimal(found) != wanted):
            self.blame("steps", "value", event, f"data.{field}", found, str(wanted))

    def at_its_desk(self, table: Table, event: Event, desk: Optional[Desk], node: str) -> None:
        """The event names this desk and its task."""
        if desk is None or desk.node != node:
            raise Broken("step", "data.node", event.data["node"], node)
        expect(event, {"task": desk.task})

    def open_accepted(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        window = self.window(table, event, "filed")
        self.at_its_desk(table, event, desk, f"monitoring_check:{window.window}")
        return [left(desk)]

    def open_window_returned(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        self.goes_on(table, event)
        window = self.window(table, event, "filed")
        self.at_its_desk(table, event, desk, f"monitoring_check:{window.window}")
        filing = self.definition(table).named("monitoring_filing")
        return [left(desk), self.entering(table, event, filing, table.round, window.window)]

    def open_overtaken(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        """Monitoring work still open when the self-evaluation begins is overtaken; only the system does that."""
        if table.stage in REVIEWS:
            return self.open_recalled(table, event, desk)
        first, *others = overtaken(table) or [("selfeval.opened", {})]
        if first[0] != "node.superseded":
            raise Broken("sequence", "kind", event.kind, "selfeval.opened")
        expect(event, first[1])
        return [*others, ("selfeval.opened", {"rule": "self_evaluation.year_end"}), *self.evaluation_begins(table, event)]

    def open_evaluation(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        if table.desks:
            raise Broken("sequence", "kind", event.kind, "node.superseded")
        expect(event, {"rule": "self_evaluation.year_end"})
        return self.evaluation_begins(table, event)

    def evaluation_begins(self, table: Table, event: Event) -> Todo:
        self.issued(table, event)
        self.none_open(table, event)
        if beijing_day(event.at) < str(table.self_evaluation_opens):
            self.blame("steps", "value", event, "at", event.at, f">= {table.self_evaluation_opens}")
        if event.person != "system" and any(window.state != "accepted" for window in table.windows):
            self.blame("steps", "step", event, "kind", event.kind, "monitoring")
        first = self.definition(table).first("self_evaluation")
        return [*(self.entering(table, event, each, table.round) for each in first), *self.mending_again(table, event, "self_evaluation")]

    def open_evaluated(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        self.at_its_desk(table, event, desk, "evaluation_filing")
        expect(event, {"content_hash": table.in_force_on(f"{table.year}-12-31")})
        self.by_its_pack(table, event)
        if table.evaluation is None or table.evaluation["returned_reason"] is None:
            self.in_its_time((table.bureau, table.unit), table.year, event, "self_evaluation", "")
        self.check_sums(table, event)
        return [left(desk), self.entering(table, event, self.definition(table).named("evaluation_unit"), table.round)]

    def check_sums(self, table: Table, event: Event) -> None:
        """The total is the sum of the rows and the execution points; the grade is the pack's band (domain.md 9)."""
        data, pack = event.data, self.pack(table, event)
        rows = [(Decimal(row["points"]), Decimal(row["weight"])) for row in data["scores"]]
        rate = ratio(data["figures"], self.sheet(table.in_force_on(f"{table.year}-12-31"), event))
        weight = Decimal(pack["execution"]["weight"])
        self.same_number(event, "execution_points", rounded(min(weight, weight * rate)) if rate is not None else Decimal(0))
        self.same_number(event, "total", sum((points for points, _ in rows), Decimal(data["execution_points"])))
        for number, (points, of) in enumerate(rows):
            if not 0 <= points <= of:
                self.blame("steps", "value", event, f"data.scores[{number}].points", points, f"0–{of}")
        whole = sum((of for _, of in rows), weight if rate is not None else Decimal(0))
        if whole > 100:
            self.blame("steps", "value", event, "data.scores", whole, "100")
        self.check_grade(table, event)

    @staticmethod
    def by_its_pack(table: Table, event: Event) -> None:
        """A score names the rule pack that the table is pinned to; older shapes named none."""
        if "pack" in event.data:
            expect(event, {"pack": table.pack, "pack_hash": table.pack_hash})

    def pack(self, table: Table, event: Event) -> Dict[str, Any]:
        """Return the rule pack that the table is pinned to."""
        found = self.contents.of(table.pack_hash)
        if not isinstance(found, dict) or "selfeval" not in found:
            raise Broken("content", "pack_hash", table.pack_hash, "a rule pack", check="contents")
        return found

    def open_agreed(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        self.at_its_desk(table, event, desk, event.data["node"])
        expect(event, {"level": desk.level if desk else ""})
        node = event.data["node"]
        if node == "evaluation_department" and table.owed:
            self.blame("steps", "step", event, "kind", event.kind, f"selfeval.rescored {min(table.owed)}")
        if node == "evaluation_department" and table.drawn is not None and not table.drawn["done"]:
            return [left(desk), self.beside(table, event, "evaluation_sampling", "self_evaluation", ("finance_performance", table.bureau, "finance"))]
        before = "evaluation_department" if node == "evaluation_sampling" else node
        following = next((each for each in self.definition(table).nodes if before in each.after), None)
        if following is None:
            raise Broken("step", "data.node", event.data["node"], "a next desk")
        return [left(desk), self.entering(table, event, following, table.round)]

    @staticmethod
    def beside(table: Table, event: Event, node: str, stage: str, who: Tuple[str, str, str], person: Any = None) -> Tuple[str, Dict[str, Any]]:
        """Return the fact that a desk that stands beside every definition receives the table."""
        role, organ, level = who
        return "node.entered", {
            "node": node, "stage": stage, "round": table.round, "task": derived(table.id, f"{node}#{event.command}"), "role": role,
            "organ": organ, "level": level, "person": person,
        }  # fmt: skip

    def open_rescored(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        """Points given anew lie within the row's own, stand beside what counted before, have a reason; the total is their sum."""
        data = event.data
        self.at_its_desk(table, event, desk, data["node"])
        expect(event, {"level": desk.level if desk else ""})
        self.by_its_pack(table, event)
        most = {**table.most, "execution": Decimal(self.pack(table, event)["execution"]["weight"])}
        rows = {row["row"]: row for row in data["rows"]}
        if len(rows) != len(data["rows"]) or not rows or not set(rows) <= set(table.points):
            raise Broken("value", "data.rows", " ".join(sorted(map(str, rows))), " ".join(sorted(table.points)))
        for number, row in enumerate(data["rows"]):
            self.check_row(event, number, row, (table.own[row["row"]], table.points[row["row"]], most[row["row"]], row["row"] in table.excused))
        points = {**table.points, **{name: Decimal(row["points"]) for name, row in rows.items()}}
        self.same_number(event, "total", sum(points.values(), Decimal(0)))
        self.check_grade(table, event)
        return []

    def check_row(self, event: Event, number: int, row: Dict[str, Any], known: Tuple[Decimal, Decimal, Decimal, bool]) -> None:
        own, before, most, excused = known
        points = Decimal(row["points"])
        said = "rescored" if points != before else "consented" if excused else "kept"
        for field, seen, right, wanted in (
            ("points", points, 0 <= points <= most and points == rounded(points), f"0–{most}"), ("self", row["self"], Decimal(row["self"]) == own, own),
            ("before", row["before"], Decimal(row["before"]) == before, before), ("decision", row["decision"], row["decision"] == said, said),
            ("reason", row["reason"], len(str(row["reason"]).strip()) >= SHORTEST_REASON, f">= {SHORTEST_REASON}"),
        ):  # fmt: skip
            if not right:
                self.blame("steps", "value", event, f"data.rows[{number}].{field}", seen, wanted)

    def check_grade(self, table: Table, event: Event) -> None:
        """The grade is the pack's band of the total."""
        bands, total = self.pack(table, event)["bands"]["grades"], Decimal(event.data["total"])
        grade = next((band["grade"] for band in bands if total >= Decimal(band["from"])), None)
        if event.data["grade"] != grade:
            self.blame("steps", "value", event, "data.grade", event.data["grade"], grade)

    def rescored(self, table: Table, event: Event) -> None:
        data = event.data
        table.points = {**table.points, **{row["row"]: Decimal(row["points"]) for row in data["rows"]}}
        table.owed = table.owed - {row["row"] for row in data["rows"]}
        table.counted = (data["total"], data["grade"])
        told = {"node": data["node"], "level": data["level"], "by": event.person, "rows": digest_of(data["rows"]),
                "total": data["total"], "grade": data["grade"], "behalf": event.behalf}  # fmt: skip
        table.rescores = [*table.rescores, spoken(told)]

    def open_drawn(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        """A table that waits to be closed is drawn for the bureau's check, once."""
        self.under(event, "finance_performance", table.bureau)
        waiting = table.desk("archiving")
        if waiting is None or table.drawn is not None:
            raise Broken("step", "data.sampling", event.data["sampling"], "archiving")
        self.draws.setdefault(event.data["sampling"], {})[table.id] = (event.data["why"], table.counted, event.place, event.command)
        return [
            ("node.superseded", {"node": "archiving", "round": waiting.round, "task": waiting.task}),
            self.beside(table, event, "evaluation_sampling", "self_evaluation", ("finance_performance", table.bureau, "finance")),
        ]  # fmt: skip

    def drawn(self, table: Table, event: Event) -> None:
        table.drawn = {"sampling": event.data["sampling"], "why": event.data["why"], "done": False}

    def sampling(self, event: Event) -> None:
        """A draw names exactly the tables that were drawn, and its seed draws exactly these among its candidates."""
        data, told = event.data, self.draws.pop(event.stream, {})
        self.held(event)
        if event.role != "finance_performance":
            self.blame("posts", "person", event, "actor.role", event.role, "finance_performance")
        wanted = drawn_by(data)
        if [(each["table"], each["why"]) for each in data["drawn"]] != wanted:
            self.blame("steps", "value", event, "data.drawn", " ".join(each["table"] for each in data["drawn"]), " ".join(table for table, _ in wanted))
        totals = {each["table"]: (each["total"], each["grade"]) for each in data["candidates"]}
        for table, (why, counted, _, command) in told.items():
            if command != event.command or (table, why) not in wanted or totals.get(table) != counted:
                self.blame("steps", "value", event, "data.candidates", table, str(counted))
        missing = sorted({table for table, _ in wanted} - set(told))
        if missing and (self.bundle.whole or set(missing) & set(self.tables)):
            self.blame("steps", "value", event, "data.drawn", missing[0], "selfeval.drawn")

    def no_draw_without_its_event(self) -> None:
        """Every table that says it was drawn is named by the draw itself."""
        for sampling, drawn in self.draws.items():
            place = min((place for _, _, place, _ in drawn.values()), key=lambda place: place.event or 0)
            self.report.add("steps", "value", place, "data.sampling", sampling, "sampling.drawn")

    def open_secrecy(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        """A secrecy reviewer of the unit or department, who did not file it, looked at the version in force; 内部 is never found fit."""
        data = event.data
        if event.role != "secrecy_reviewer" or event.organ not in [getattr(table, of) for of in REVIEWS_SECRECY]:
            self.blame("posts", "person", event, "actor.role", event.role, "secrecy_reviewer")
        self.held(event)
        if event.person in table.authors:
            self.blame("segregation", "S1", event, "actor.id", event.person)
        if data["outcome"] not in (FIT, UNFIT):
            raise Broken("step", "data.outcome", data["outcome"], f"{FIT}, {UNFIT}")
        disclosed = self.contents.of(data["content_hash"])
        if isinstance(disclosed, dict) and SELF_EVALUATION in disclosed:
            self.check_disclosed(table, event, disclosed)
        elif not table.in_force or data["content_hash"] != table.in_force:
            raise Broken("content", "data.content_hash", data["content_hash"], str(table.in_force))
        elif data["outcome"] == FIT and self.sheet(table.in_force, event).disclosure != PUBLIC_MARK:
            self.blame("steps", "value", event, "data.outcome", FIT, UNFIT)
        word = self.word(data["reason"])
        if data["outcome"] == UNFIT and type(word) is str and len(word.strip()) < SHORTEST_REASON:
            self.blame("steps", "value", event, "data.reason", word, f">= {SHORTEST_REASON}")
        return []

    def check_disclosed(self, table: Table, event: Event, disclosed: Dict[str, Any]) -> None:
        """A self-evaluation is reviewed once it is over, its goals being fit, with the points that count, and not by whoever filed it."""
        said, goals = disclosed[SELF_EVALUATION], table.secrecy or {}
        if table.stage != "closed" or not table.evaluation or (goals.get("outcome"), goals.get("content_hash")) != (FIT, table.in_force):
            raise Broken("step", "data.content_hash", SELF_EVALUATION, "closed, public goals")
        if event.person == table.evaluation["filed_by"]:
            self.blame("segregation", "S1", event, "actor.id", event.person)
        points = {**{row["row"]: Decimal(row["points"]) for row in said["scores"]}, "execution": Decimal(said["execution_points"])}
        seen = (disclosed.get("table"), disclosed.get("in_force"), (said["total"], said["grade"]), points)
        if seen != (table.id, table.in_force, tuple(table.counted), table.points):
            raise Broken("content", "data.content_hash", event.data["content_hash"], "the points that count")

    def secrecy(self, table: Table, event: Event) -> None:
        data = event.data
        if data["content_hash"] != table.in_force and table.secrecy:
            table.secrecy = {**table.secrecy, "evaluated": [data["outcome"], data["content_hash"], event.person, event.name]}
            return
        table.disclosure = PUBLIC_MARK if data["outcome"] == FIT else INTERNAL_MARK
        evaluated = {name: value for name, value in (table.secrecy or {}).items() if name == "evaluated"}
        table.secrecy = {"outcome": data["outcome"], "content_hash": data["content_hash"], "by": event.person, "name": event.name, **evaluated}

    def sheet_of_appraisals(self, table: Table, event: Event) -> Dict[str, Any]:
        """Return the appraisal sheet of the pack that the table is pinned to; an event about appraisals needs one."""
        found = self.pack(table, event).get("appraisal")
        if not isinstance(found, dict):
            raise Broken("step", "kind", event.kind, "a pack with an appraisal sheet")
        return found

    def open_appraised(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        """The clerk files an appraisal of a new project: every item graded, a result no better than the total, a report that is there."""
        data, sheet = event.data, self.sheet_of_appraisals(table, event)
        self.is_owner(table, event)
        self.under(event, "clerk", table.unit)
        expect(event, {"appraisal": event.command})
        self.by_its_pack(table, event)
        points = {item["code"]: Decimal(item["points"]) for aspect in sheet["aspects"] for item in aspect["items"]}
        if data["items"].keys() != points.keys() or not set(data["items"].values()) <= set(GRADES):
            raise Broken("value", "data.items", " ".join(sorted(data["items"])), " ".join(sorted(points)))
        total = sum((points[code] * Decimal(sheet["shares"][grade]) / 100 for code, grade in data["items"].items()), Decimal(0))
        self.same_number(event, "total", rounded(total))
        allowed = [band["result"] for band in sheet["bands"] if total >= Decimal(band["from"])]
        if data["result"] not in allowed:
            self.blame("steps", "value", event, "data.result", data["result"], f"<= {total}")
        if data["attachment"] not in {each["attachment"] for each in table.attachments}:
            raise Broken("step", "data.attachment", data["attachment"], "an attachment of the table")
        if table.source and table.origin == "revision":
            self.blame("steps", "step", event, "kind", event.kind, "a new project")
        return []

    def appraised(self, table: Table, event: Event) -> None:
        data = event.data
        told = {name: data[name] for name in ("appraisal", "result", "total", "items", "amount", "attachment")}
        table.appraisal = {
            **told, "opinion": self.word(data["opinion"]), "by": event.person, "name": event.name, "at": shown_moment(event.at),
            "state": "filed", "checked_by": "", "answer": "", "doc_no": "", "waived_by": "",
        }  # fmt: skip

    def appraisal_named(self, table: Table, event: Event) -> Dict[str, Any]:
        if table.appraisal is None or table.appraisal["appraisal"] != event.data["appraisal"]:
            raise Broken("step", "data.appraisal", event.data["appraisal"], "appraisal.filed")
        return table.appraisal

    def open_appraisal_checked(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        """The department's finance office says once whether it agrees, never somebody who filed the table."""
        found, outcome = self.appraisal_named(table, event), event.data["outcome"]
        self.under(event, "department_finance", table.department)
        if found["state"] != "filed":
            raise Broken("step", "data.appraisal", found["state"], "filed")
        if event.person in table.authors:
            self.blame("segregation", "S1", event, "actor.id", event.person)
        if outcome not in ("pass", "return"):
            raise Broken("value", "data.outcome", outcome, "pass, return")
        word = self.word(event.data["opinion"])
        if outcome == "return" and type(word) is str and len(word.strip()) < SHORTEST_REASON:
            self.blame("steps", "value", event, "data.opinion", word, f">= {SHORTEST_REASON}")
        return []

    def appraisal_checked(self, table: Table, event: Event) -> None:
        state = "confirmed" if event.data["outcome"] == "pass" else "returned"
        table.appraisal = {**(table.appraisal or {}), "state": state, "checked_by": event.person, "answer": self.word(event.data["opinion"])}

    def open_appraisal_waived(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        """The bureau lets a project in by a document with a number, where its appraisal does not."""
        found = self.appraisal_named(table, event)
        self.held(event)
        if event.role not in WAIVES_APPRAISALS or event.organ != table.bureau:
            self.blame("posts", "person", event, "actor.role", event.role, " ".join(WAIVES_APPRAISALS))
        if found["doc_no"] or (found["state"], found["result"]) == ("confirmed", SUPPORT[0]):
            self.blame("steps", "step", event, "kind", event.kind, "an appraisal that falls short")
        if not event.data["doc_no"].strip():
            self.blame("steps", "value", event, "data.doc_no", "", "a number")
        return []

    def appraisal_waived(self, table: Table, event: Event) -> None:
        table.appraisal = {**(table.appraisal or {}), "doc_no": event.data["doc_no"], "waived_by": event.person}

    def let_in(self, table: Table, event: Event) -> None:
        """A new project of the pack's amount is handed in with a confirmed, positive appraisal of that amount, or by document."""
        rules = self.pack(table, event).get("appraisal")
        if not isinstance(rules, dict) or table.origin == "revision":
            return
        said, found = self.inputs(table, event.data["content_hash"], event), table.appraisal or {}
        new, total = any(word in said["属性"] for word in rules["new_words"]), said["金额"]
        if not new or total is None or total < Decimal(rules["threshold"]) or found.get("doc_no"):
            return
        filed = {each["attachment"] for each in table.attachments}
        positive = (found.get("state"), found.get("result")) == ("confirmed", SUPPORT[0]) and found["attachment"] in filed
        if not positive or not found["amount"] or total > Decimal(found["amount"]):
            self.blame("steps", "step", event, "kind", event.kind, "appraisal.checked")

    def open_expert(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        """A reviewer gives the table that lies at his desk to an expert of the pool: no insider, nobody related, never 内部."""
        data = event.data
        if desk is None or desk.node == "reply":
            raise Broken("step", "data.node", data["node"], "a reviewing desk")
        self.form(table, event)
        who = data["person"]
        expect(event, {"task": desk.task, "round": table.round, "assignment": derived(table.id, f"expert#{who}#{event.command}")})
        if table.amendment is not None:
            self.blame("steps", "step", event, "kind", event.kind, "amendment.confirmed, amendment.rejected")
        before = [each for each in table.experts if each["person"] == who]
        roles = self.posts.roles(who)
        if who in table.authors or roles & (BUSINESS | ADMINISTRATORS) or any(each["state"] == "excluded" for each in before):
            self.blame("segregation", "S11", event, "data.person", who)
        if self.bundle.whole and "expert" not in roles:
            self.blame("posts", "post", event, "data.person", who, "expert")
        if any(each["round"] == table.round and table.desk(each["node"]) for each in before):
            self.blame("steps", "step", event, "data.person", who, "an expert who was not asked yet")
        if self.sheet(table.content_hash, event).disclosure == INTERNAL_MARK:
            self.blame("steps", "step", event, "kind", event.kind, PUBLIC_MARK)
        if data["until"] < beijing_day(event.at):
            self.blame("steps", "value", event, "data.until", data["until"], f">= {beijing_day(event.at)}")
        return []

    def expert(self, table: Table, event: Event) -> None:
        data = event.data
        told = {name: data[name] for name in ("assignment", "node", "round", "person", "name", "until")}
        table.experts = [*table.experts, {
            **told, "by": event.person, "state": "assigned", "items": {}, "total": "", "grade": "", "opinion": "", "content_hash": "",
        }]  # fmt: skip
        table.key_by = table.key_by or data["node"]

    def assignment(self, table: Table, event: Event, *states: str) -> Dict[str, Any]:
        """Return the assignment that the event names: the expert's own, of this round, its node open, its day not over."""
        found = next((each for each in table.experts if each["assignment"] == event.data["assignment"]), None)
        if found is None:
            raise Broken("step", "data.assignment", event.data["assignment"], "expert.assigned")
        if event.person != found["person"] or event.role != "expert" or found["state"] not in states:
            self.blame("segregation", "S11", event, "actor.id", event.person)
        self.held(event)
        if found["round"] != table.round or table.desk(found["node"]) is None:
            raise Broken("step", "data.assignment", event.data["assignment"], "an open node")
        if beijing_day(event.at) > found["until"]:
            self.blame("steps", "value", event, "at", event.at, f"<= {found['until']}")
        return found

    def open_relation(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        """An expert declares once, before anything, whether he is related; a relation has its reason."""
        self.assignment(table, event, "assigned")
        word = self.word(event.data["reason"])
        if event.data["related"] and type(word) is str and len(word.strip()) < SHORTEST_REASON:
            self.blame("steps", "value", event, "data.reason", word, f">= {SHORTEST_REASON}")
        return []

    def relation(self, table: Table, event: Event) -> None:
        self.of_expert(table, event, {"state": "excluded" if event.data["related"] else "unrelated"})

    def of_expert(self, table: Table, event: Event, news: Dict[str, Any]) -> None:
        key = event.data["assignment"]
        table.experts = [{**each, **news} if each["assignment"] == key else each for each in table.experts]

    def open_expertise(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        """An unrelated expert scores every item of the form inside its points, for the content as it stands."""
        data, form = event.data, self.form(table, event)
        self.assignment(table, event, "unrelated", "scored")
        expect(event, {"content_hash": table.content_hash})
        self.by_its_pack(table, event)
        points = {item["code"]: Decimal(item["points"]) for group in form["criteria"] for item in group["items"]}
        right = data["items"].keys() == points.keys() and all(
            type(item) is dict and item.keys() == {"points", "comment"} and is_points(item["points"], points[code])
            for code, item in data["items"].items()
        )  # fmt: skip
        if not right:
            raise Broken("value", "data.items", " ".join(sorted(data["items"])), " ".join(sorted(points)))
        total = sum((Decimal(item["points"]) for item in data["items"].values()), Decimal(0))
        grade = next((band["grade"] for band in form["bands"] if total >= Decimal(band["from"])), "")
        wanted = str(total.quantize(Decimal(1).scaleb(-form["places"]), ROUND_HALF_UP))
        for field, seen, is_so in (("total", data["total"], wanted), ("grade", data["grade"], grade)):
            if seen != is_so:
                self.blame("steps", "value", event, f"data.{field}", seen, is_so)
        return []

    def expertise(self, table: Table, event: Event) -> None:
        data = event.data
        told = {name: data[name] for name in ("items", "total", "grade", "content_hash")}
        self.of_expert(table, event, {**told, "state": "scored", "opinion": self.word(data["opinion"])})

    def release(self, event: Event) -> None:
        """A pack is released by the department's finance office and holds versions in force that somebody else found fit; its counts add up."""
        data = event.data
        self.under(event, "department_finance", data["department"])
        if data["undisclosed"] != data["internal"] + data["stubs"] or min(data["internal"], data["stubs"]) < 0:
            self.blame("steps", "value", event, "data.undisclosed", data["undisclosed"], str(data["internal"] + data["stubs"]))
        named = [row.get("table") for row in data["tables"]]
        if not named or len(set(map(str, named))) != len(named):
            self.blame("steps", "value", event, "data.tables", len(named), "each once")
        what, unfinished = data.get("what", GOALS), data.get("unfinished", 0)
        if what not in (GOALS, SELF_EVALUATION) or unfinished < 0 or (what == GOALS and unfinished):
            self.blame("steps", "value", event, "data.what", what, f"{GOALS}, {SELF_EVALUATION}")
        due = self.accounts.get((data["department"], data["year"]), "")
        if what == SELF_EVALUATION and data["due"] != due:
            self.blame("steps", "value", event, "data.due", data["due"], due or "accounts.approved")
        for row in data["tables"]:
            self.disclosed(event, row)

    def accounts_approved(self, event: Event) -> None:
        """The budget section says once for a department and a year when its final accounts were approved; terms run from that day."""
        data = event.data
        self.under(event, "finance_budget", data["bureau"])
        if event.stream != derived(ACCOUNTS, f"{data['department']}#{data['year']}") or event.place.version != 1:
            self.blame("steps", "value", event, "stream", event.stream, "once")
        self.accounts_terms(event)

    def accounts_amiss(self, event: Event) -> None:
        """The budget section asks that an approval of final accounts read otherwise than it does now."""
        data, kept = event.data, self.settled.get(event.stream)
        self.under(event, "finance_budget", data["bureau"])
        if kept is None or kept["now"] != (data["instead_of"], data["instead_of_no"], data["instead_of_congress"]):
            self.blame("steps", "value", event, "data.instead_of", data["instead_of"], kept["now"][0] if kept else "accounts.approved")
            return
        wanted = tuple(data[name] for name in ("approved_on", "doc_no", "congress_on"))
        kept["asked"] = (event.command, wanted, {event.person, event.behalf} - {""})

    def accounts_corrected(self, event: Event) -> None:
        """Another of the budget section, or the bureau's leader, agrees to exactly what was asked for last; the terms follow."""
        data, kept = event.data, self.settled.get(event.stream)
        if event.role not in ("finance_budget", "finance_leader") or event.organ != data["bureau"]:
            self.blame("posts", "person", event, "actor.role", event.role, f"finance_budget finance_leader {data['bureau']}")
        self.held(event)
        command, wanted, people = (kept or {}).get("asked", ("", None, set()))
        seen = tuple(data[name] for name in ("approved_on", "doc_no", "congress_on"))
        if kept is None or (data["asked"], seen, data["instead_of"]) != (command, wanted, kept["now"][0]):
            self.blame("steps", "value", event, "data.asked", data["asked"], command or "accounts.correction_asked")
            return
        if people & {event.person, event.behalf}:
            self.blame("segregation", "S10", event, "actor.id", event.person)
        self.accounts_terms(event)

    def accounts_terms(self, event: Event) -> None:
        """The days of an approval of final accounts can be, and disclosure is due by the last one recorded."""
        data = event.data
        self.settled[event.stream] = {"now": tuple(data[name] for name in ("approved_on", "doc_no", "congress_on"))}
        days = [data[name] for name in ("approved_on", "pass_on_due", "disclose_due")]
        asked = [data[name] for name in ("congress_on", "finance_due") if data[name]]
        if not all(map(is_day, days + asked)) or len(asked) == 1:
            self.blame("steps", "value", event, "data.approved_on", " ".join(days + asked), "days")
        elif not (asked[:1] or days[:1])[0] <= days[0] <= beijing_day(event.at) or min(days[1:]) <= days[0]:
            self.blame("steps", "value", event, "data.approved_on", days[0], f"<= {beijing_day(event.at)}")
        self.accounts[data["department"], data["year"]] = data["disclose_due"]

    def disclosed(self, event: Event, row: Dict[str, Any]) -> None:
        """One table of a released pack, against its own state at that moment."""
        table = self.tables.get(str(row.get("table")))
        if sorted(row) != sorted(DISCLOSED):
            self.blame("steps", "value", event, "data.tables", " ".join(sorted(row)), " ".join(DISCLOSED))
        elif row["reviewer"] == event.person:
            self.blame("segregation", "S1", event, "data.tables", row["reviewer"])
        elif table is None or not table.stage:
            if self.bundle.whole:
                self.blame("steps", "value", event, "data.tables", row["table"], "a table")
        else:
            found = table.secrecy or {}
            goals = tuple(found.get(name) for name in ("outcome", "content_hash", "by", "name"))
            said = goals if event.data.get("what", GOALS) == GOALS else tuple(found.get("evaluated", ()))
            own = event.data["department"] in self.posts.heirs_of(table.department)
            seen = (*said, event.data["department"] if own else table.department, table.year)
            wanted = (FIT, row["content_hash"], row["reviewer"], row["reviewer_name"], event.data["department"], event.data["year"])
            if seen != wanted or table.in_force != goals[1] or goals[0] != FIT:
                self.blame("steps", "value", event, "data.tables", row["table"], "disclosure.reviewed")

    def open_execution(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        """An executed amount comes by a file that an office of the table's own unit, department or bureau took in."""
        data = event.data
        if not any((event.role, event.organ) == (role, getattr(table, of)) for role, of in IMPORTS_EXECUTIONS):
            self.blame("posts", "person", event, "actor.role", event.role, " ".join(role for role, _ in IMPORTS_EXECUTIONS))
        self.held(event)
        executed = amount(data["executed"])
        if executed is None or executed < 0:
            self.blame("steps", "value", event, "data.executed", data["executed"], ">= 0")
        if str(data["date"]) > beijing_day(event.at):
            self.blame("steps", "value", event, "data.date", data["date"], f"<= {beijing_day(event.at)}")
        self.batches.setdefault(data["batch"], {})[table.id] = (data, event.place, event.command)
        return []

    def executes(self, table: Table, event: Event) -> None:
        told = {name: event.data[name] for name in ("batch", "row", "executed", "budget", "date")}
        table.executions = [*table.executions, {**told, "by": event.person, "at": shown_moment(event.at)}]

    def batch(self, event: Event, files: Files) -> None:
        """A file of executed amounts names exactly the tables that it was recorded on, each with its row's amount; its sums agree."""
        data, told = event.data, self.batches.pop(event.stream, {})
        self.held(event)
        files.wanted.setdefault(data["bytes_sha256"], (event.place, data["size"]))
        content = self.contents.of(data["content_hash"])
        lines, rest = executed_lines(content, "lines"), executed_lines(content, "rest")
        by_table = {each.get("table"): each for each in lines}
        if sorted(map(str, by_table)) != list(data["tables"]) or len(by_table) != len(lines):
            self.blame("steps", "value", event, "data.tables", " ".join(data["tables"]), " ".join(sorted(map(str, by_table))))
        matched, left = executed_sum(lines), executed_sum(rest)
        for field, wanted in (("matched", matched), ("rest", left), ("total", matched + left)):
            if amount(data[field]) != wanted:
                self.blame("steps", "value", event, f"data.{field}", data[field], str(wanted))
        for table, (said, _, command) in told.items():
            line = by_table.get(table, {})
            wanted_line = (line.get("row"), line.get("amount"), line.get("budget"), data["date"], event.command)
            if (said["row"], said["executed"], said["budget"], said["date"], command) != wanted_line:
                self.blame("steps", "value", event, "data.content_hash", table, str(said["executed"]))
        missing = sorted(set(data["tables"]) - set(told))
        if missing and (self.bundle.whole or set(missing) & set(self.tables)):
            self.blame("steps", "value", event, "data.tables", missing[0], "execution.recorded")

    def no_amount_without_its_file(self) -> None:
        """Every table that says an amount came by a file is named by that file's own event."""
        for batch, told in self.batches.items():
            place = min((place for _, place, _ in told.values()), key=lambda place: place.event or 0)
            self.report.add("steps", "value", place, "data.batch", batch, "execution.imported")

    def by_whom(self, table: Table, event: Event, posts: Sequence[Tuple[str, str]]) -> None:
        """The event is signed with one of these posts of the table's own organs, which the person held."""
        if not any((event.role, event.organ) == (role, getattr(table, of)) for role, of in posts):
            self.blame("posts", "person", event, "actor.role", event.role, " ".join(role for role, _ in posts))
        self.held(event)

    def open_assessment(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        """An evaluation is opened, or something recommended, by an office that filed nothing here; for a day to come."""
        self.by_whom(table, event, ORDERS_RECTIFICATION)
        if event.person in table.authors or event.person == table.owner:
            self.blame("segregation", "S1", event, "actor.id", event.person)
        if not table.in_force or table.revision_number:
            raise Broken("step", "kind", event.kind, "table.replied")
        self.day_to_come(event)
        if event.kind == "recommendation.made":
            expect(event, {"recommendation": f"s{len(table.recommendations) + 1}"})
            told = [each["evaluation"] for each in table.assessments] + [""]
            if event.data["to"] not in ADDRESSED or event.data["evaluation"] not in told:
                self.blame("steps", "value", event, "data.to", event.data["to"], " ".join(ADDRESSED))
            return []
        sort = "department" if event.role == "department_finance" else "finance"
        expect(event, {"evaluation": f"e{len(table.assessments) + 1}", "sort": sort})
        if any(not each["reported_by"] and each["organ"] == event.organ for each in table.assessments):
            self.blame("steps", "step", event, "kind", event.kind, "evaluation.reported")
        return []

    def assessment(self, table: Table, event: Event) -> None:
        data = event.data
        table.assessments = [*table.assessments, {
            "evaluation": data["evaluation"], "sort": data["sort"], "deadline": data["deadline"], "reason": self.word(data["reason"]),
            "by": event.person, "role": event.role, "organ": event.organ, "score": "", "grade": "", "attachment": "", "opinion": "",
            "reported_by": "",
        }]  # fmt: skip

    def recommended(self, table: Table, event: Event) -> None:
        told = {name: event.data[name] for name in ("recommendation", "evaluation", "to", "deadline")}
        table.recommendations = [*table.recommendations, {
            **told, "words": self.word(event.data["words"]), "by": event.person, "state": "made", "answer": "", "answered_by": "",
            "report": "", "attachment": "",
        }]  # fmt: skip

    def assessed(self, table: Table, event: Event) -> None:
        """A report comes from the office that opened the evaluation, with a score and the grade that the pack gives it."""
        data = event.data
        found = next((each for each in table.assessments if each["evaluation"] == data["evaluation"] and not each["reported_by"]), None)
        if found is None:
            raise Broken("step", "data.evaluation", data["evaluation"], "an evaluation that is not reported")
        if (event.role, event.organ) != (found["role"], found["organ"]):
            self.blame("posts", "person", event, "actor.role", event.role, found["role"])
        self.held(event)
        if event.person in table.authors or event.person == table.owner:
            self.blame("segregation", "S1", event, "actor.id", event.person)
        score = amount(data["score"])
        if score is None or not 0 <= score <= 100:
            raise Broken("step", "data.score", data["score"], "0 to 100")
        bands = self.pack(table, event)["bands"]["grades"]
        grade = next((band["grade"] for band in bands if score >= Decimal(band["from"])), None)
        if data["grade"] != grade:
            self.blame("steps", "value", event, "data.grade", data["grade"], str(grade))
        found.update({name: data[name] for name in ("score", "grade", "attachment")}, opinion=self.word(data["opinion"]), reported_by=event.person)

    def recommendation(self, table: Table, event: Event, state: str) -> Dict[str, Any]:
        """Return the recommendation that an event answers, in the state that it has to be in."""
        key = event.data["recommendation"]
        found = next((each for each in table.recommendations if each["recommendation"] == key and each["state"] == state), None)
        if found is None:
            raise Broken("step", "data.recommendation", key, state)
        return found

    def open_recommendation_answered(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        """Whom it was made to answers it, and not the person who made it."""
        found = self.recommendation(table, event, "made")
        self.by_whom(table, event, ADDRESSED[found["to"]])
        if event.person == found["by"]:
            self.blame("segregation", "S1", event, "actor.id", event.person)
        return []

    def recommendation_answered(self, table: Table, event: Event) -> None:
        adopted = event.kind == "recommendation.accepted"
        word = self.word(event.data["opinion" if adopted else "reason"])
        self.recommendation(table, event, "made").update(state="accepted" if adopted else "rejected", answer=word, answered_by=event.person)

    def open_implemented(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        return []

    def implemented(self, table: Table, event: Event) -> None:
        """An adopted recommendation was carried out by whom it was made to; the clerk in charge may say so too."""
        found = self.recommendation(table, event, "accepted")
        clerk = (("clerk", "unit"),) if found["to"] == "unit" and event.person == table.owner else ()
        self.by_whom(table, event, (*ADDRESSED[found["to"]], *clerk))
        self.proves(table, event, allow_none=True)
        found.update(state="implemented", report=self.word(event.data["report"]), attachment=event.data["attachment"])

    def proves(self, table: Table, event: Event, *, allow_none: bool = False) -> None:
        """The file that an event names came in the same command."""
        wanted = derived(table.id, f"attachment:{event.command}")
        if event.data["attachment"] != wanted and not (allow_none and event.data["attachment"] == ""):
            self.blame("steps", "value", event, "data.attachment", event.data["attachment"], wanted)

    def component(self, table: Table, event: Event) -> None:
        """Components stand on a table of overall spending, are entered by its finance, and the pack knows their ratio."""
        data = event.data
        self.by_whom(table, event, ENTERS_COMPONENTS)
        if table.scope not in ("unit", "department") or not table.in_force:
            raise Broken("step", "kind", event.kind, "a table of overall spending in force")
        names = [each["name"] for each in self.pack(table, event).get("unit_loop", {}).get("imported", ())]
        if data["indicator"] not in names:
            self.blame("steps", "value", event, "data.indicator", data["indicator"], " ".join(names))
        above, below = amount(data["numerator"]), amount(data["denominator"])
        if above is None or below is None or above < 0 or below <= 0:
            self.blame("steps", "value", event, "data.numerator", data["numerator"], f"over {data['denominator']}")
        told = {name: data[name] for name in ("indicator", "numerator", "denominator", "counted_in", "attachment")}
        table.components = [*table.components, {**told, "note": self.word(data["note"]), "by": event.person, "at": shown_moment(event.at)}]

    def mending(self, table: Table, key: Any) -> Dict[str, Any]:
        """Return the rectification of that key."""
        found = next((each for each in table.rectifications if each["rectification"] == key), None)
        if found is None:
            raise Broken("step", "data.rectification", key, " ".join(each["rectification"] for each in table.rectifications))
        return found

    def mending_again(self, table: Table, event: Event, stage: str) -> Todo:
        """After all desks were left, what is still to be mended or looked at gets its desk again."""
        return [
            self.to_mend(table, event, each["rectification"], stage) if each["state"] == "ordered" else self.to_look(table, event, each, stage)
            for each in table.rectifications if each["state"] != "verified"
        ]  # fmt: skip

    def to_mend(self, table: Table, event: Event, key: str, stage: str) -> Tuple[str, Dict[str, Any]]:
        return self.beside(table, event, f"rectification:{key}", stage, ("clerk", table.unit, "filing"), table.owner)

    def to_look(self, table: Table, event: Event, found: Dict[str, Any], stage: str) -> Tuple[str, Dict[str, Any]]:
        level = "department" if found["role"] == "department_finance" else "finance"
        return self.beside(table, event, f"rectification_check:{found['rectification']}", stage, (found["role"], found["organ"], level))

    def open_ordered(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        """A rectification is ordered by the department's finance office or the bureau, for a day to come."""
        data = event.data
        if not any((event.role, event.organ) == (role, getattr(table, of)) for role, of in ORDERS_RECTIFICATION):
            self.blame("posts", "person", event, "actor.role", event.role, " ".join(role for role, _ in ORDERS_RECTIFICATION))
        self.held(event)
        key = f"r{len(table.rectifications) + 1}"
        expect(event, {"rectification": key, "cause": CAUSES[table.stage]})
        if not data["measures"] or [each for each in MEASURES if each in data["measures"]] != list(data["measures"]):
            self.blame("steps", "value", event, "data.measures", " ".join(data["measures"]), " ".join(MEASURES))
        if data["window"] and table.window(data["window"]) is None:
            self.blame("steps", "value", event, "data.window", data["window"], "a window")
        if data["cut"] is not None and (amount(data["cut"]) is None or MEASURES[1] not in data["measures"]):
            self.blame("steps", "value", event, "data.cut", data["cut"], MEASURES[1])
        self.day_to_come(event)
        return [self.to_mend(table, event, key, table.stage)]

    def day_to_come(self, event: Event) -> None:
        if not beijing_day(event.at) < str(event.data["deadline"]):
            self.blame("steps", "value", event, "data.deadline", event.data["deadline"], f"> {beijing_day(event.at)}")

    def open_mended(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        found = self.mending(table, event.data["rectification"])
        self.at_its_desk(table, event, desk, f"rectification:{found['rectification']}")
        return [left(desk), self.to_look(table, event, found, table.stage)]

    def open_looked_at(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        found, data = self.mending(table, event.data["rectification"]), event.data
        self.at_its_desk(table, event, desk, f"rectification_check:{found['rectification']}")
        if data["outcome"] not in ("pass", "return") or (data["outcome"] == "pass") != (data["deadline"] is None):
            raise Broken("step", "data.outcome", data["outcome"], "pass, return")
        if data["outcome"] == "pass":
            return [left(desk)]
        self.day_to_come(event)
        return [left(desk), self.to_mend(table, event, found["rectification"], table.stage)]

    def ordered(self, table: Table, event: Event) -> None:
        data = event.data
        told = {name: data[name] for name in ("rectification", "cause", "window", "measures", "cut", "deadline")}
        table.rectifications = [*table.rectifications, {
            **told, "problem": self.word(data["problem"]), "state": "ordered", "ordered_by": event.person, "role": event.role,
            "organ": event.organ, "report": "", "done_by": "", "opinion": "", "verified_by": "",
        }]  # fmt: skip

    def mended(self, table: Table, event: Event) -> None:
        self.mending(table, event.data["rectification"]).update(state="done", report=self.word(event.data["report"]), done_by=event.person)

    def looked_at(self, table: Table, event: Event) -> None:
        data, found = event.data, self.mending(table, event.data["rectification"])
        found.update(opinion=self.word(data["opinion"]), verified_by=event.person)
        found.update({"state": "verified"} if data["outcome"] == "pass" else {"state": "ordered", "deadline": data["deadline"]})

    def open_evaluation_returned(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        self.at_its_desk(table, event, desk, event.data["node"])
        expect(event, {"level": desk.level if desk else ""})
        return [left(desk), self.entering(table, event, self.definition(table).named("evaluation_filing"), table.round)]

    def open_closing(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        expect(event, {"round": table.round})
        left_open = [each["rectification"] for each in table.rectifications if each["state"] != "verified"]
        if left_open:
            self.blame("steps", "step", event, "kind", event.kind, f"rectification.verified {left_open[0]}")
        uses = self.pack(table, event).get("result_use", {}).get("grades", {})
        if uses.get(table.counted[1], {}).get("rectify") and not any(each["cause"] == "selfeval" for each in table.rectifications):
            self.blame("steps", "step", event, "kind", event.kind, "rectification.ordered")
        return [("table.closed", {"node": "archiving", "task": desk.task if desk else ""})]

    def open_attached(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        expect(event, {"attachment": derived(table.id, f"attachment:{event.command}")})
        purpose, _, key = event.data["for_step"].partition(":")
        if purpose in PROVED and table.stage not in REVIEWS:
            kind, field = PROVED[purpose]
            return [(kind, {"attachment": event.data["attachment"], field: key})]
        if table.stage in REVIEWS:
            self.held(event)
            paper = {"request": event.command, "attachment": event.data["attachment"], "node": event.data["for_step"]}
            return [("paper.entered", paper), ("confirmation.requested", {"request": event.command, "action": "enter_paper"})]
        self.at_filing_desk(table, event, table.desk(event.data["for_step"]))
        return []

    def at_filing_desk(self, table: Table, event: Event, desk: Optional[Desk]) -> None:
        if desk is None or desk.node.partition(":")[0] not in FILING_DESKS:
            raise Broken("step", "data.for_step", desk.node if desk else "?", " ".join(FILING_DESKS))
        self.sits_at(table, event, desk)

    def open_taken_back(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        present = self.attachment(table, event)
        self.at_filing_desk(table, event, table.desk(present["for_step"]))
        return []

    def attachment(self, table: Table, event: Event) -> Dict[str, Any]:
        found = next((each for each in table.attachments if each["attachment"] == event.data["attachment"]), None)
        if found is None:
            raise Broken("step", "data.attachment", event.data["attachment"], "an attachment of the table")
        return found

    def open_erased(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        """An erasure carries out a request of another person; the files among its targets are marked with it."""
        data = event.data
        self.guardian(table, event)
        if event.person == table.owner or event.person in table.authors:
            self.blame("segregation", "S1", event, "actor.id", event.person)
        asked = self.erasures.get(data["request"])
        if self.bundle.whole and asked != (table.id, tuple(data["targets"]), data["ground"], data["asked_by"]):
            self.blame("segregation", "S10", event, "data.request", event.person)
        return [
            ("attachment.redacted", {"attachment": each["attachment"], "request": data["request"]})
            for each in table.attachments if each["commitment"] in data["targets"] and not each["erased"]
        ]  # fmt: skip

    def guardian(self, table: Table, event: Event) -> None:
        """The person guards words or evidence in the table's bureau or department."""
        if event.role not in GUARDIANS[event.kind] or event.organ not in (table.bureau, table.department):
            self.blame("posts", "person", event, "actor.role", event.role, " ".join(sorted(GUARDIANS[event.kind])))
        self.held(event)

    def open_hold(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        self.guardian(table, event)
        if table.held == (event.kind == "hold.placed"):
            raise Broken("step", "kind", event.kind, "held" if table.held else "not held")
        return []

    # -- what an event does -------------------------------------------------------------------------------------------

    def born(self, table: Table, event: Event) -> None:
        """A table is born of a filed document, pinned to a published definition and pack, and goes to its clerk."""
        data = event.data
        for name in BORN:
            setattr(table, name, shared(data[name]))
        self.held(event)
        document = self.documents.get(data["document"])
        if document is None:
            self.blame("steps", "value", event, "data.document", data["document"], "document.filed")
        else:
            self.born_of(table, event, *document[1:])
        self.begins(table, event)

    def created(self, table: Table, event: Event) -> None:
        """A revision is born of the table that it revises, in the same command, with its content in force and its pack."""
        data = event.data
        for name in BORN:
            setattr(table, name, shared(data[name]))
        table.origin, table.source, table.revision_number = shared(data["origin"]), shared(data["source"]), data["number"]
        self.held(event)
        if data["origin"] in ("new", "copied"):
            self.begun_here(table, event)
            return
        revised = self.tables.get(data["source"])
        if data["origin"] != "revision" or revised is None or revised.revision != table.id:
            raise Broken("step", "data.source", data["source"], "revision.opened")
        same = [name for name in BORN if name not in ("definition", "definition_hash", "content_hash", "title")]
        expect(event, {**{name: getattr(revised, name) for name in same}, "number": revised.revisions, "content_hash": revised.in_force})
        if event.command != self.begun.pop(table.id, ""):
            self.blame("steps", "value", event, "command_id", event.command, "the command of revision.opened")
        self.begins(table, event, "finance_leader" if data["number"] in revised.late_revisions else "clerk")
        table.authors = {data["owner"]}

    def begun_here(self, table: Table, event: Event) -> None:
        """A table on a blank form, or on an earlier year's: its clerk's own, of his unit, under an ID that nobody chose."""
        data = event.data
        expect(event, {"number": 0, "ordinal": 0, "document": "", "owner": event.person})
        if table.id != derived(event.command, "table"):
            raise Broken("value", "stream", table.id, derived(event.command, "table"))
        expect_post(event, "clerk", data["unit"], self)
        if data["origin"] == "new":
            expect(event, {"source": ""})
        elif not is_uuid(data["source"]):
            raise Broken("value", "data.source", data["source"], "a table")
        else:
            self.taken_over(event, self.tables.get(data["source"]))
        self.begins(table, event)

    def taken_over(self, event: Event, earlier: Optional[Table]) -> None:
        """The earlier table is there, of the same unit, replied to, and every row that was taken from it is one of its rows."""
        data = event.data
        origins = self.sheet(data["content_hash"], event).origins
        if any(table != data["source"] for table, _ in origins):
            self.blame("contents", "content", event, "data.content_hash", data["content_hash"], f"rows of {data['source']}")
        if earlier is None:
            if self.bundle.whole:
                raise Broken("value", "data.source", data["source"], "a table")
            return
        expect(event, {name: getattr(earlier, name) for name in ("family", "scope")})
        if event.data["unit"] not in self.posts.heirs_of(earlier.unit):
            self.blame("steps", "value", event, "data.unit", event.data["unit"], earlier.unit)
        if earlier.stage not in ("monitoring", "self_evaluation", "closed") or earlier.in_force is None or earlier.origin == "revision":
            raise Broken("step", "data.source", data["source"], "a table in force")
        if data["year"] <= earlier.year:
            raise Broken("value", "data.year", data["year"], f"> {earlier.year}")
        if tuple(row for _, row in origins) != self.sheet(earlier.in_force, event).rows:
            self.blame("contents", "content", event, "data.content_hash", data["content_hash"], "the rows of the earlier table")

    def begins(self, table: Table, event: Event, role: str = "clerk") -> None:
        """What every new table must hold: a published definition and pack, its title, and the clerk's desk next."""
        data = event.data
        if event.role != role:
            self.blame("posts", "person", event, "actor.role", event.role, role)
        for field in ("definition_hash", "pack_hash"):
            if data[field] not in self.published:
                self.blame("steps", "value", event, f"data.{field}", data[field], "published")
        table.chain = self.pinned(event, data["definition_hash"])
        if self.contents.of(data["definition_hash"]).get("name") != data["definition"]:
            self.blame("contents", "content", event, "data.definition", data["definition"], "the definition's name")
        if self.pack(table, event).get("name") != data["pack"]:
            self.blame("contents", "content", event, "data.pack", data["pack"], "the pack's name")
        if self.sheet(data["content_hash"], event).title != (data["title"] or None) and data["title"]:
            self.blame("contents", "content", event, "data.title", data["title"], "the content's title")
        table.stage, table.authors = "", {event.person}
        (drafting,) = self.definition(table).first("draft")[:1]
        enter = derived(event.command, "enter")
        kind, wanted = self.entering(table, event, drafting, 0)
        table.todo = [(kind, {**wanted, "task": derived(table.id, f"drafting#{enter}")})]
        table.group = (enter, event.person, event.name, event.role, event.organ, "", "", "", -1)

    def born_of(self, table: Table, event: Event, command: str, tables: int, year: int, family: str, organs: Tuple[str, ...]) -> None:
        """The document came in the same step, names this table at this ordinal, and shares year and family with it."""
        if event.command != command:
            self.blame("steps", "value", event, "command_id", event.command, command)
        if event.data["unit"] == organs[0] and (event.data["department"], event.data["bureau"]) != organs[1:]:
            self.blame("steps", "value", event, "data.department", event.data["department"], organs[1])
        if self.bundle.whole and not self.posts.holds(event.data["owner"], "clerk", event.data["unit"], event.at):
            self.blame("posts", "post", event, "data.owner", event.data["owner"], f"clerk {event.data['unit']}")
        for field, value in (("year", year), ("family", family)):
            if event.data[field] != value:
                self.blame("steps", "value", event, f"data.{field}", event.data[field], value)
        ordinal = event.data["ordinal"]
        if not 0 < ordinal <= tables or table.id != derived(event.data["document"], str(ordinal - 1)):
            self.blame("steps", "value", event, "data.ordinal", ordinal, "the document's own number")

    def pinned(self, event: Event, definition_hash: str) -> Optional[Definition]:
        """Return a definition read and linted once; None where it is unsound, which is a finding."""
        if definition_hash not in self.definitions:
            content = self.contents.of(definition_hash)
            try:
                self.definitions[definition_hash] = definition_from(content)
            except (ValueError, KeyError, TypeError, AttributeError) as wrong:
                raise Broken("content", "data.definition_hash", str(wrong), "a sound definition", check="contents") from None
        return self.definitions[definition_hash]

    def entered(self, table: Table, event: Event) -> None:
        name, _, key = event.data["node"].partition(":")
        mended = next((each for each in table.rectifications if each["rectification"] == key), None) if name == "rectification" else None
        cut = self.cut_off(table, event.data["node"])
        self.check_due(event, mended["deadline"] if mended is not None else beijing_day(moment_of(cut[1])) if cut is not None else None)
        table.desks.append(Desk(event.data, event.at))
        table.stage = shared(event.data["stage"])
        self.note_answers(table, [event.data["node"]], entered=True)

    @staticmethod
    def note_answers(table: Table, nodes: Sequence[str], *, entered: bool) -> None:
        """Keep of a chain with conditions which nodes were entered last time, and which passed over."""
        if table.chain is not None and table.chain.conditional:
            table.answers = {**table.answers, **dict.fromkeys(nodes, entered)}

    def shared_out(self, table: Table, event: Event) -> None:
        """A node opens for several signers: one task for each post, or for each holder, in order, none left out."""
        data = event.data
        node, tasks = self.definition(table).named(data["node"]), list(data["tasks"])
        cut = self.cut_off(table, data["node"])
        self.check_due(event, beijing_day(moment_of(cut[1])) if cut is not None else None)
        opened: List[Desk] = []
        named = {
            group.name: [task["person"] for task in tasks if group.each and task.get("group") == group.name and task.get("person") is not None] or [None]
            for group in node.groups
        }  # fmt: skip
        vacant = vacancies(node, {name: len(people) for name, people in named.items()})
        if len(tasks) != sum(map(len, named.values())) + sum(vacant.values()):
            raise Broken("value", "data.tasks", f"{len(tasks)} tasks", f"{sum(map(len, named.values()))} + {sum(vacant.values())}")
        for group in node.groups:
            organ = getattr(table, group.of)
            like = {"role": group.role, "organ": organ, "group": group.name}
            people = named[group.name]
            mine = tasks[: len(people) + vacant.get(group.name, 0)]
            del tasks[: len(mine)]
            self.check_holders(table, event, group, organ, people)
            for number, task in enumerate(mine):
                before = [opened[-1].task] if node.ordered and opened else []
                wanted = {**like, "task": derived(table.id, f"{node.name}#{len(opened)}#{event.command}"), "person": (*people, *[None] * len(mine))[number], "waits_for": before}
                if task != wanted:
                    raise Broken("value", f"data.tasks[{len(opened)}]", WRITTEN.encode(task), WRITTEN.encode(wanted))
                opened.append(Desk({**data, **task}, event.at))
                opened[-1].group, opened[-1].waits_for = shared(task["group"]), before
        table.desks += opened
        table.stage = shared(data["stage"])
        self.note_answers(table, [data["node"]], entered=True)

    def check_holders(self, table: Table, event: Event, group: Group, organ: str, named: List[Any]) -> None:
        """A post has one task for anybody; `each` names every holder who did not write the table, by id, or nobody."""
        if not group.each or named == [None]:
            wanted: List[Any] = [None]
            if group.each and self.bundle.whole:
                wanted = [who for who in self.posts.firmly(group.role, organ, event.at) if who not in table.authors] or [None]
            if named != wanted:
                raise Broken("value", "data.tasks", " ".join(map(str, named)), " ".join(map(str, wanted)))
            return
        if not named or not all(type(who) is str for who in named) or named != sorted(set(named)):
            raise Broken("value", "data.tasks", " ".join(map(str, named)), "each holder once, by id")
        for who in named:
            if who in table.authors:
                self.blame("segregation", "S1", event, "data.tasks", who)
            if self.posts.lacks(who, group.role, organ, event.at):
                self.blame("posts", "post", event, "data.tasks", who, f"{group.role} {organ}")
        forgotten = set(self.posts.firmly(group.role, organ, event.at) if self.bundle.whole else ()) - set(named) - table.authors
        if forgotten:
            self.blame("steps", "value", event, "data.tasks", " ".join(named), " ".join(sorted({*named, *forgotten})))

    def check_due(self, event: Event, began: Optional[str] = None) -> None:
        """A task is due on its day or later, by a calendar that was published where it names one by hash.

        What a day was ordered for (`began`) and is only opened again keeps that day, though it may be over.
        """
        due, calendar = event.data["due_at"], published_calendar(event.data["calendar"])
        first = beijing_day(event.at) if began is None else min(began, beijing_day(event.at))
        if due is not None and (not MOMENT.fullmatch(moment_of(due)) or beijing_day(moment_of(due)) < first):
            self.blame("steps", "value", event, "data.due_at", due, f">= {event.at}")
        if calendar and calendar not in self.calendars:
            self.blame("steps", "value", event, "data.calendar", calendar, "a published calendar")

    def open_recounted(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        """The system counts a clock anew by a calendar that came into force: from where it began, to the same day as anybody would."""
        found, data = self.task_named(table, event), event.data
        self.by_the_system(event)
        rule, _, _ = data["rule"].partition(":")
        if rule != "calendar.published":
            raise Broken("step", "data.rule", data["rule"], "calendar.published")
        self.check_due(event)
        calendar = self.calendars.get(data["calendar"])
        if calendar is None or data["calendar"] == found.calendar:
            self.blame("steps", "value", event, "data.calendar", data["calendar"], "another published calendar")
            return []
        if found.calendar and data["rule"] != f"{rule}:{found.calendar}":
            self.blame("steps", "value", event, "data.rule", data["rule"], f"{rule}:{found.calendar}")
        if not moment_of(data["due_at"]) > event.at:
            self.blame("steps", "value", event, "data.due_at", data["due_at"], f"> {event.at}")
        wanted = self.counted(table, found, calendar)
        day = beijing_day(moment_of(data["due_at"]))
        if wanted is None and not calendar.works(day, table.bureau):
            self.blame("steps", "value", event, "data.due_at", data["due_at"], "a working day")
        if wanted is not None and (data["due_at"], data["provisional"]) != (f"{wanted[0]}T10:00:00+00:00", wanted[1]):
            self.blame("steps", "value", event, "data.due_at", data["due_at"], f"{wanted[0]}T10:00:00+00:00 {wanted[1]}")
        return []

    def counted(self, table: Table, desk: Desk, calendar: WorkCalendar) -> Optional[Tuple[str, bool]]:
        """Return the day to which a clock counts and whether it is provisional; None where its beginning does not say."""
        what, day = desk.base
        if what == "until":
            return calendar.counted(day, 0, table.bureau)
        name, _, key = desk.node.partition(":")
        if what == "entered" and name == "rectification":
            found = next((each for each in table.rectifications if each.get("rectification") == key), None)
            return calendar.counted(found["deadline"], 0, table.bureau) if found else None
        node = next((each for each in table.chain.nodes if each.name == name), None) if table.chain and what == "entered" else None
        if node is None:
            return None
        clock, value = node.clock
        if clock == "working_days":
            return calendar.counted(day, value, table.bureau)
        return (days_on(day, value), False) if clock == "calendar_days" else (next_day(day, value), False)

    def left_behind(self, table: Table, event: Event) -> None:
        table.desks = [desk for desk in table.desks if desk.node != event.data["node"]]

    def task_over(self, table: Table, event: Event) -> None:
        table.desks = [desk for desk in table.desks if desk.task != event.data["task"]]

    def passed_by(self, table: Table, event: Event) -> None:
        table.passed_over = [*table.passed_over, *event.data["passed_over"]]
        if event.kind == "route.shortened":
            table.returned, table.answered = None, table.returned
        else:
            self.note_answers(table, event.data["passed_over"], entered=False)

    def submitted(self, table: Table, event: Event) -> None:
        data = event.data
        table.deciders = table.deciders if table.returned else []
        table.passed_over, table.returned, table.received, table.inquiries, table.trails = NOBODY, None, False, NOBODY, {}
        table.round, table.content_hash, table.submitter = data["round"], data["content_hash"], event.person
        table.reviews = [{**each, "void": True} for each in table.reviews if each["round"] == table.round - 1]
        table.amendment, table.amended = None, NOBODY
        table.votes, table.title, table.disclosure = [], data["title"], data["disclosure"]
        table.authors = table.authors | {event.person, *data["editors"]}
        table.returned_reason = table.returned_from = None

    def decided(self, table: Table, event: Event) -> None:
        data = event.data
        node, level, outcome = shared(data["node"]), shared(data["level"]), shared(data["outcome"])
        desk = table.task(data["task"])
        signed = (desk.group, desk.must) if desk else ("", False)
        table.votes = [*table.votes, Vote(node, table.stage, level, event.person, outcome, table.content_hash, data["round"], *signed, event.behalf)]
        table.deciders = [*table.deciders, Decider(event.person, level, node, event.behalf)]
        table.desks, table.answered = [each for each in table.desks if each is not desk], None
        if desk is not None and desk.node != "reply":
            open_now = {each.node for each in table.desks}
            closed = [each for each in table.desks if each.node == desk.node] if table.todo else []
            waiting = {each.task for each in table.desks if desk.task in each.waits_for}
            table.trails = {key: trail for key, trail in table.trails.items() if key[0] in open_now}
            on_paper = event.behalf != "" and event.cover not in self.posts.covers
            table.trails[node, event.person] = Trail(desk, event.command, closed, waiting, event.behalf, on_paper)

    def withdrawn(self, table: Table, event: Event) -> None:
        table.stage, table.received, table.returned, table.answered = "draft", False, None, None
        table.forms_gone([each["node"] for each in table.reviews])

    def returned(self, table: Table, event: Event) -> None:
        """A return takes the votes away that it overtakes; one with 直达 remembers what was complete, to come straight back."""
        data = event.data
        self.check_aim(table, event)
        gone = data.get("overtaken")
        if gone is None:
            gone = [vote.node for vote in table.votes if LINE.index(vote.stage) >= LINE.index(data["to"])]
        complete = {name for stage in REVIEWS for name in table.done(stage)} - {data["node"]}
        table.forms_gone([*gone, data["node"]])
        table.votes = [vote for vote in table.votes if vote.node not in gone]
        table.passed_over = [node for node in table.passed_over if node not in gone]
        table.returned_reason, table.returned_from, table.returned = self.word(data["reason"]), data["node"], None
        if data["mode"] == DIRECT:
            table.returned = {"node": data["node"], "by": event.person, "mode": DIRECT, "fields": data.get("fields", []),
                              "done": sorted(complete), "files": files_hash(table), "to": data.get("to_node") or "",
                              "content_hash": table.content_hash}  # fmt: skip

    def replied(self, table: Table, event: Event) -> None:
        """The version in force and the year's plan are fixed; the plan is the table's own, by its pack."""
        data = event.data
        table.stage, table.doc_no, table.in_force, table.votes, table.deciders = "monitoring", data["doc_no"], table.content_hash, [], []
        table.passed_over, table.trails = [], {}
        self.check_plan(table, event)
        table.windows = [Window(each) for each in data["windows"]]
        table.self_evaluation_opens, table.self_evaluation_due = shared(data["self_evaluation_opens"]), shared(data["self_evaluation_due"])
        self.check_terms(table, event)
        self.replies.setdefault(data["reply"], {})[table.id] = (data["content_hash"], data["doc_no"], event.place, event.command)

    def check_terms(self, table: Table, event: Event) -> None:
        """What is due after the reply is counted by the pinned pack, in calendar days from the day of the reply."""
        pack, data, day = self.pack(table, event), event.data, beijing_day(event.at)
        pass_on, disclose = data.get("pass_on_due", ""), data.get("disclose_due", "")
        terms = pack.get("reply") if table.unit != table.department else None
        if event.shape > 1:
            self.check_pass_on(event, terms)
            self.check_term(event, "data.disclose_due", day, pack["disclosure"]["days"] if "disclosure" in pack else None, moves=False)
        if pass_on or disclose:
            table.replied = {"reply": data["reply"], "on": day, "pass_on_due": pass_on, "disclose_due": disclose, "passed_on": "", "doc_no": "", "document": ""}

    def check_pass_on(self, event: Event, terms: Optional[Dict[str, Any]]) -> None:
        """A reply is passed on within the pack's calendar days from its day; a department's own table has no such term."""
        moves = terms is not None and terms["rest_day"] != "stays"
        self.check_term(event, "data.pass_on_due", beijing_day(event.at), terms["pass_on_days"] if terms else None, moves=moves)

    def check_term(self, event: Event, field: str, day: str, days: Optional[int], moves: bool) -> None:
        """A term ends so many calendar days later, at most at the next working day where the pack moves its end; none: no day."""
        due = event.data[field.partition(".")[2]]
        wanted = "" if days is None else days_on(day, days)
        if due != wanted and not (moves and wanted <= due <= days_on(wanted, REST_DAYS)):
            self.blame("steps", "value", event, field, due, wanted)

    def open_passed_on(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        """The department's finance office passes a reply on once, of what is in force, to a unit below it; who filed it does not."""
        data = event.data
        self.under(event, "department_finance", table.department)
        if event.behalf:
            self.stands_in(table, event, "pass_on")
        if {event.person, event.behalf} & {*table.authors, table.owner}:
            self.blame("segregation", "S1", event, "actor.id", event.person)
        if not table.in_force or data["content_hash"] != table.in_force:
            raise Broken("content", "data.content_hash", data["content_hash"], str(table.in_force))
        if table.origin == "revision" or table.unit == table.department or (table.replied or {}).get("passed_on"):
            raise Broken("step", "kind", event.kind, "a reply not passed on yet")
        if not str(data["doc_no"]).strip():
            self.blame("steps", "value", event, "data.doc_no", data["doc_no"], "a number")
        found = self.inputs(table, table.in_force, event)["金额"]
        if (None if data["amount"] is None else amount(data["amount"])) != found:
            self.blame("steps", "value", event, "data.amount", data["amount"], found)
        return []

    def passed_on(self, table: Table, event: Event) -> None:
        data = event.data
        before = table.replied or dict.fromkeys(("reply", "on", "pass_on_due", "disclose_due"), "")
        table.replied = {**before, "passed_on": beijing_day(event.at), "doc_no": data["doc_no"], "document": data["document"]}
        row = {"table": table.id, "unit": table.unit, "content_hash": data["content_hash"], "amount": data["amount"]}
        said = (data["doc_no"], table.bureau, table.department, event.command, event.person, event.role, event.organ, event.behalf)
        self.passings.setdefault(data["document"], {})[table.id] = (row, event.command, event.place, said)

    def passing(self, event: Event) -> None:
        """A document names exactly the tables that were passed on under it, each with its hash and frozen amount."""
        data, told = event.data, self.passings.pop(event.stream, {})
        self.under(event, "department_finance", data["department"])
        said = (data["doc_no"], data["bureau"], data["department"], event.command, event.person, event.role, event.organ, event.behalf)
        named = {str(row.get("table")): row for row in data["tables"]}
        if not named or len(named) != len(data["tables"]) or (event.place.version or 0) != 1:
            self.blame("steps", "reply", event, "data.tables", len(data["tables"]))
        for table, (row, _, _, there) in told.items():
            if named.get(table) != row or there != said:
                self.blame("steps", "reply", event, "data.tables", table)
        missing = sorted(set(named) - set(told))
        if missing and (self.bundle.whole or set(missing) & set(self.tables)):
            self.blame("steps", "reply", event, "data.tables", missing[0])

    def budget(self, event: Event) -> None:
        """The budget section says once for its bureau and a year when the congress approved; the term is counted from that day."""
        data = event.data
        self.under(event, "finance_budget", data["bureau"])
        if event.stream != derived(BUDGETS, f"{data['bureau']}#{data['year']}") or event.place.version != 1:
            self.blame("steps", "value", event, "stream", event.stream, "once")
        self.budgets[event.stream] = {"now": (data["approved_on"], data["doc_no"])}
        self.finance_has_its_days(event)

    def budget_amiss(self, event: Event) -> None:
        """The budget section asks that the congress's day or number read otherwise than it does now."""
        data, kept = event.data, self.budgets.get(event.stream)
        self.under(event, "finance_budget", data["bureau"])
        stands = kept is not None and event.stream == derived(BUDGETS, f"{data['bureau']}#{data['year']}")
        if kept is None or not stands or kept["now"] != (data["instead_of"], data["instead_of_no"]):
            self.blame("steps", "value", event, "data.instead_of", data["instead_of"], kept["now"][0] if kept else "budget.approved")
            return
        kept["asked"] = (event.command, (data["approved_on"], data["doc_no"]), {event.person, event.behalf} - {""})

    def budget_corrected(self, event: Event) -> None:
        """Another of the budget section, or the bureau's leader, agrees to exactly what was asked for last."""
        data, kept = event.data, self.budgets.get(event.stream)
        if event.role not in ("finance_budget", "finance_leader") or event.organ != data["bureau"]:
            self.blame("posts", "person", event, "actor.role", event.role, f"finance_budget finance_leader {data['bureau']}")
        self.held(event)
        command, wanted, people = (kept or {}).get("asked", ("", None, set()))
        if kept is None or (data["asked"], (data["approved_on"], data["doc_no"]), data["instead_of"]) != (command, wanted, kept["now"][0]):
            self.blame("steps", "value", event, "data.asked", data["asked"], command or "budget.correction_asked")
            return
        if people & {event.person, event.behalf}:
            self.blame("segregation", "S10", event, "actor.id", event.person)
        self.budgets[event.stream] = {"now": wanted}
        self.finance_has_its_days(event)

    def finance_has_its_days(self, event: Event) -> None:
        """The congress's day is past, and finance's last day follows from it."""
        data = event.data
        try:
            wanted = days_on(data["approved_on"], data["days"])
        except ValueError:
            self.blame("steps", "value", event, "data.approved_on", data["approved_on"], "a day")
            return
        if data["approved_on"] > beijing_day(event.at):
            self.blame("steps", "value", event, "data.approved_on", data["approved_on"], f"<= {beijing_day(event.at)}")
        if not wanted <= data["due"] <= days_on(wanted, REST_DAYS):
            self.blame("steps", "value", event, "data.due", data["due"], wanted)

    # -- campaigns: who was asked to file until when ------------------------------------------------------------------

    def in_its_time(self, organs: Tuple[str, str], year: int, event: Event, purpose: str, month: str) -> None:
        """What an enforced campaign asks for is filed between its opening and its closing, as they stood then in the log.

        Of several campaigns that name the unit the newest counts. What was sent back was filed in time before.
        """
        bureau, unit = organs
        asked = [
            each for each in self.campaigns.values()
            if (each.terms["bureau"], each.terms["year"], each.terms["purpose"], each.terms["window"]) == (bureau, year, purpose, month)
            and unit in each.units
        ]
        newest = max(asked, key=lambda each: int(each.terms["number"]), default=None)
        if newest is None or not newest.terms["enforcing"]:
            return
        if newest.over(unit, event.at):
            self.blame("steps", "step", event, "at", event.at, f"< {newest.closes[unit]}")
        elif event.at < moment_of(newest.terms["opens"]):
            self.blame("steps", "step", event, "at", event.at, f">= {newest.terms['opens']}")

    def campaign(self, event: Event) -> None:
        """A campaign's own stream: the performance section opens, extends, ends and urges, a unit says that it is done."""
        if event.kind == "campaign.opened":
            self.campaign_opens(event)
            return
        campaign = self.campaigns.get(event.stream)
        if campaign is None:
            self.blame("steps", "step", event, "kind", event.kind, "campaign.opened")
        elif event.kind == "campaign.declared":
            self.unit_is_done(event, campaign)
        else:
            self.by_the_section(event, campaign.terms["bureau"])
            CAMPAIGN_STEPS[event.kind](self, event, campaign)

    def by_the_section(self, event: Event, bureau: str) -> None:
        self.under(event, "finance_performance", bureau)
        if event.behalf and self.posts.covers.get(event.cover, ({"deputy": ""}, "", ""))[0]["deputy"] != event.person:
            self.blame("posts", "cover", event, "actor.on_behalf_of", event.person, event.behalf)

    def campaign_opens(self, event: Event) -> None:
        """Its stream, number and list of units are what they must be; no unit is asked twice for the same at a time."""
        data, content = event.data, self.contents.of(event.data["content_hash"])
        self.by_the_section(event, data["bureau"])
        if event.stream != derived(CAMPAIGNS, f"{data['bureau']}#{data['year']}#{data['purpose']}#{data['number']}") or event.place.version != 1:
            self.blame("steps", "value", event, "stream", event.stream, "its own stream")
        if data["purpose"] not in PURPOSES or (data["purpose"] == "monitoring") != bool(re.fullmatch(r"\d{4}-\d\d", data["window"])):
            self.blame("steps", "value", event, "data.purpose", f"{data['purpose']} {data['window']}", " ".join(PURPOSES))
        if not max(moment_of(data["opens"]), event.at) < moment_of(data["closes"]):
            self.blame("steps", "value", event, "data.closes", data["closes"], f"> {max(data['opens'], event.at)}")
        rows = content.get("units") if isinstance(content, dict) else None
        units = [row.get("unit") for row in rows or () if isinstance(row, dict)]
        if not units or len(units) != data["size"] or units != sorted(set(map(str, units))):
            self.blame("contents", "content", event, "data.content_hash", len(units), f"{data['size']}, each once")
            return
        same = [each for each in self.campaigns.values() if all(each.terms[name] == data[name] for name in ("bureau", "year", "purpose"))]
        if data["number"] != len(same) + 1:
            self.blame("steps", "value", event, "data.number", data["number"], str(len(same) + 1))
        twice = [unit for unit in units for each in same if each.terms["window"] == data["window"] and unit in each.units and not each.over(unit, event.at)]
        if twice:
            self.blame("steps", "value", event, "data.content_hash", twice[0], "asked once at a time")
        self.campaigns[event.stream] = Campaign(data, units)

    def campaign_grows(self, event: Event, campaign: Campaign) -> None:
        """More time, for all or for units of the campaign, and for each of them really more; never after an early end."""
        data, closes = event.data, moment_of(event.data["closes"])
        self.campaign_reason(event)
        units = data["units"] or sorted(campaign.units)
        if campaign.ended or not campaign.units >= set(units) or data["units"] != sorted(set(data["units"])):
            self.blame("steps", "step", event, "data.units", " ".join(data["units"]), "units of a campaign that was not ended")
            return
        if not closes > max(event.at, *(campaign.closes[unit] for unit in units)):
            self.blame("steps", "value", event, "data.closes", data["closes"], "later than before")
        campaign.closes.update(dict.fromkeys(units, closes))

    def campaign_ends(self, event: Event, campaign: Campaign) -> None:
        self.campaign_reason(event)
        if all(campaign.over(unit, event.at) for unit in campaign.units):
            self.blame("steps", "step", event, "kind", event.kind, "a campaign that is not over")
        campaign.ended = True

    def campaign_urges(self, event: Event, campaign: Campaign) -> None:
        """Units of the campaign, each once, none within four hours of the time before."""
        units = event.data["units"]
        if not units or units != sorted(set(units)) or not campaign.units >= set(units) or event.at < moment_of(campaign.terms["opens"]):
            self.blame("steps", "value", event, "data.units", " ".join(units), "units asked, once it opened")
        soon = [unit for unit in units if unit in campaign.urged and apart(campaign.urged[unit], event.at) < URGED_AT_MOST_EVERY]
        if soon:
            self.blame("steps", "value", event, "data.units", soon[0], "once in 4 hours")
        for unit in units if campaign.terms["purpose"] == "goal_filing" and self.bundle.whole else ():
            filed = self.filed_by(campaign, unit, event.at)
            if unit in campaign.declared or (not filed.unfiled and filed.most == filed.least >= max(campaign.terms["least"], 1)):
                self.blame("steps", "value", event, "data.units", unit, "a unit that has not filed")
        campaign.urged.update(dict.fromkeys(units, event.at))

    def unit_is_done(self, event: Event, campaign: Campaign) -> None:
        """A unit's clerk or head says once, in its time, that nothing more comes; with nothing filed there is a reason."""
        data = event.data
        if event.role not in ("clerk", "unit_head") or event.organ != data["unit"]:
            self.blame("posts", "person", event, "actor.role", f"{event.role} {event.organ}", f"clerk / unit_head {data['unit']}")
        self.held(event)
        early = event.at < moment_of(campaign.terms["opens"])
        if campaign.terms["purpose"] != "goal_filing" or data["unit"] not in campaign.units or data["unit"] in campaign.declared:
            self.blame("steps", "step", event, "data.unit", data["unit"], "a unit that was asked for its goals, once")
        elif early or (campaign.terms["enforcing"] and campaign.over(data["unit"], event.at)):
            self.blame("steps", "step", event, "at", event.at, f"< {campaign.closes[data['unit']]}")
        if data["tables"] < 0 or (data["tables"] == 0 and len(data["note"].strip()) < SHORTEST_REASON):
            self.blame("steps", "value", event, "data.note", data["note"], f">= {SHORTEST_REASON}")
        if self.bundle.whole:
            filed = self.filed_by(campaign, data["unit"], event.at)
            if not filed.least <= data["tables"] <= filed.most:
                self.blame("steps", "value", event, "data.tables", data["tables"], f"{filed.least}–{filed.most}")
            if filed.unfiled:
                self.blame("steps", "step", event, "data.unit", data["unit"], f"{filed.unfiled} table.submitted")
        campaign.declared.add(data["unit"])

    def filed_by(self, campaign: Campaign, unit: str, at: str) -> FiledGoals:
        """Count what a unit had filed of its goals before a moment, and what it had begun and not filed.

        What changed within the minute before may have been counted either way: who says how much looked before he said it.
        """
        least = most = unfiled = 0
        for stream, (filed, turned) in self.turns.items():
            table = self.tables[stream]
            if (table.unit, table.year, table.bureau) != (unit, campaign.terms["year"], campaign.terms["bureau"]) or table.origin == "revision":
                continue
            gone, open_still = table.stage == "voided", table.stage not in ("voided", "refused", "terminated")
            lately = apart(max(turned, table.last_at if not open_still else ""), at) < JUST_NOW
            least += filed and not gone and not lately
            most += (filed and not gone) or lately
            unfiled += not filed and open_still and not lately
        known = self.stubs.get((unit, campaign.terms["year"]), [])
        sums = [total for index, (total, _) in enumerate(known) if index + 1 == len(known) or apart(known[index + 1][1], at) < JUST_NOW]
        early = 0 if known and apart(known[0][1], at) < JUST_NOW else min(sums, default=0)
        return FiledGoals(least + early, most + max(sums, default=0), unfiled)

    def campaign_reason(self, event: Event) -> None:
        if len(event.data["reason"].strip()) < SHORTEST_REASON:
            self.blame("steps", "value", event, "data.reason", event.data["reason"], f">= {SHORTEST_REASON}")

    def no_table_passed_on_without_its_document(self) -> None:
        """Every table that says its reply was passed on is named by that document's own event."""
        for document, told in self.passings.items():
            place = min((place for _, _, place, _ in told.values()), key=lambda place: place.event or 0)
            self.report.add("steps", "reply", place, "data.document", document)

    def check_plan(self, table: Table, event: Event) -> None:
        pack, windows = self.pack(table, event), event.data["windows"]
        wanted = plan_of(self.sheet(table.content_hash, event), pack, table.year)
        found = [(each["name"], each["date"], each["planned_percent"]) for each in windows]
        if len(found) != len(wanted) or [each["window"] for each in windows] != [f"w{n}" for n in range(1, len(wanted) + 1)]:
            raise Broken("value", "data.windows", len(found), len(wanted))
        for number, (one, two) in enumerate(zip(found, wanted)):
            percent = None if one[2] is None else Decimal(one[2])
            if (one[0], one[1], percent) != two:
                self.blame("steps", "value", event, f"data.windows[{number}]", one, two)
        for field, key in (("self_evaluation_opens", "opens"), ("self_evaluation_due", "due")):
            if event.data[field] != year_day(table.year + 1, pack["selfeval"][key]):
                self.blame("steps", "value", event, f"data.{field}", event.data[field], pack["selfeval"][key])

    def ended(self, table: Table, event: Event) -> None:
        reason = event.data.get("reason")
        table.stage, table.ended_reason = ENDED_AS[event.kind], None if reason is None else self.word(reason)
        table.amendment = None
        table.request = None
        if event.kind != "table.closed":
            self.revision_over(table, event, "revision.abandoned" if event.kind == "table.voided" else "revision.refused")

    def requested(self, table: Table, event: Event) -> None:
        table.request = {
            "id": event.data["request"], "action": event.data["action"], "reason": self.word(event.data["reason"]),
            "by": event.person, "role": event.role, "organ": event.organ, **({"behalf": event.behalf} if event.behalf else {}),
        }  # fmt: skip

    def request_over(self, table: Table, event: Event) -> None:
        table.request = None

    def overdue(self, table: Table, event: Event) -> None:
        for desk in table.desks:
            desk.overdue = desk.overdue or desk.task == event.data["task"]

    def window_opened(self, table: Table, event: Event) -> None:
        self.window(table, event, "planned").state = "open"

    def window_filed(self, table: Table, event: Event) -> None:
        window, data = self.window(table, event, "open"), event.data
        words = tuple((name, self.word(data[name])) for name in ("cause", "measure", "person") if data[name])
        rest = {name: value for name, value in data["figures"].items() if name not in dict(words)}
        window.state, window.colour, window.filed_by, window.returned_reason = "filed", data["colour"], event.person, None
        window.execution_rate, window.deviation = data["execution_rate"], data["deviation"]
        window.figures, window.words = digest_of(rest), words

    def window_accepted(self, table: Table, event: Event) -> None:
        self.window(table, event, "filed").state = "accepted"

    def window_returned(self, table: Table, event: Event) -> None:
        window = self.window(table, event, "filed")
        window.state, window.returned_reason = "open", self.word(event.data["reason"])

    def evaluation_opened(self, table: Table, event: Event) -> None:
        table.stage, table.votes, table.deciders = "self_evaluation", [], []

    def evaluated(self, table: Table, event: Event) -> None:
        data = event.data
        table.evaluation = {
            "total": data["total"], "grade": data["grade"], "figures": digest_of(data["figures"]), "scores": digest_of(data["scores"]),
            "execution_points": data["execution_points"], "filed_by": event.person, "returned_reason": None,
        }  # fmt: skip
        table.votes, table.deciders, table.rescores, table.counted = [], [], NOBODY, (data["total"], data["grade"])
        table.points = {**{row["row"]: Decimal(row["points"]) for row in data["scores"]}, "execution": Decimal(data["execution_points"])}
        table.own, table.most = table.points, {row["row"]: Decimal(row["weight"]) for row in data["scores"]}
        table.excused = {row["row"] for row in data["scores"] if row["kind"] == "not_applicable"}
        table.owed = {row["row"] for row in data["scores"] if row["kind"] == "not_applicable" or row.get("proposed")}

    def agreed(self, table: Table, event: Event) -> None:
        if event.data["node"] == "evaluation_sampling":
            table.drawn = {**table.drawn, "done": True} if table.drawn else None
            return
        node, level = shared(event.data["node"]), shared(event.data["level"])
        vote = Vote(node, "self_evaluation", level, event.person, "pass", table.in_force or "", table.round, behalf=event.behalf)
        table.votes, table.deciders = [*table.votes, vote], [*table.deciders, Decider(event.person, level, node, event.behalf)]

    def evaluation_returned(self, table: Table, event: Event) -> None:
        table.evaluation["returned_reason"] = self.word(event.data["reason"])
        table.votes = []

    def attached(self, table: Table, event: Event) -> None:
        data = event.data
        table.attachments = [*table.attachments, {**data, "name": self.word(data["name"]), "by": event.person, "erased": False}]

    def taken_back(self, table: Table, event: Event) -> None:
        table.attachments = [each for each in table.attachments if each["attachment"] != event.data["attachment"]]

    def redacted(self, table: Table, event: Event) -> None:
        for each in table.attachments:
            if each["attachment"] == event.data["attachment"]:
                each.update(name=ERASED, erased=True)

    def hold(self, table: Table, event: Event) -> None:
        table.held = event.kind == "hold.placed"

    # -- single tasks, and what people ask of each other ---------------------------------------------------------------

    def task_named(self, table: Table, event: Event) -> Desk:
        """Return the open task that an event names, with its node and round."""
        desk = table.task(event.data["task"])
        if desk is None:
            raise Broken("step", "data.task", event.data["task"], "an open task")
        expect(event, {"node": desk.node, **({"round": desk.round} if "round" in event.data else {})})
        return desk

    def reviewing(self, event: Event, desk: Desk) -> None:
        """Filing is done by the clerk in charge alone: such a task is not passed on."""
        if desk.level == "filing":
            raise Broken("step", "data.task", desk.task, "a reviewing task")

    def part_in(self, table: Table, event: Event) -> None:
        """Whoever acts beside the desks holds a business post of the table's unit, department or bureau."""
        organs = (table.unit, table.department, table.bureau)
        if event.role not in BUSINESS or event.organ not in organs or (event.role == "clerk" and event.person != table.owner):
            self.blame("posts", "person", event, "actor.role", event.role, " ".join(organs))
        self.held(event)

    def open_opened(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        """Somebody who may decide at a task looked at the table, once; one post signs for all his tasks."""
        found = self.task_named(table, event)
        holder = event.behalf or event.person
        self.reviewing(event, found)
        self.held(event)
        own = found.person in (None, holder) and found.claimed_by in ("", holder) and self.posts.holds(holder, found.role, found.organ, event.at)
        if not own and not any(self.posts.holds(holder, rung[2], rung[3], event.at) for rung in found.escalated if rung[1] == "hand"):
            self.blame("posts", "person", event, "actor.id", event.person, f"{found.role} {found.organ}")
        if event.person in found.opened_by:
            raise Broken("step", "kind", event.kind, "once")
        expect(event, {"ends_withdrawing": self.definition(table).withdraw_until == "opened"})
        return []

    def opened(self, table: Table, event: Event) -> None:
        desk = self.task_named(table, event)
        desk.opened_by = [*desk.opened_by, event.person]
        table.received = table.received or event.data["ends_withdrawing"]

    def open_claimed(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        found = self.task_named(table, event)
        self.reviewing(event, found)
        if found.person is not None or (found.claimed_by and not found.claimed_until):
            raise Broken("step", "data.task", found.task, "a task for anybody of the post")
        if not moment_of(event.data["until"]) > event.at:
            self.blame("steps", "value", event, "data.until", event.data["until"], f"> {event.at}")
        return []

    def claimed(self, table: Table, event: Event) -> None:
        desk = self.task_named(table, event)
        desk.claimed_by, desk.claimed_until = event.behalf or event.person, event.data["until"]

    def open_released(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        found = self.task_named(table, event)
        if not found.claimed_by or found.delegated_to or (event.data["by_time"] and not found.claimed_until):
            raise Broken("step", "data.task", found.task, "a claimed task")
        if event.data["by_time"]:
            self.by_the_system(event)
            if event.at < later(moment_of(found.claimed_until), -CLOCKS_APART):
                self.blame("steps", "value", event, "at", event.at, found.claimed_until)
        elif (event.behalf or event.person) != found.claimed_by:
            self.blame("posts", "person", event, "actor.id", event.person, found.claimed_by)
        self.for_another(table, event, found.node)
        return []

    def for_another(self, table: Table, event: Event, node: str) -> None:
        """Whoever takes back what was done in somebody's name has leave to act for him now, under a post that he holds."""
        if event.behalf:
            self.held(event)
            self.stands_in(table, event, node)

    def released(self, table: Table, event: Event) -> None:
        desk = self.task_named(table, event)
        desk.claimed_by = desk.claimed_until = ""

    def open_transferred(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        """A task goes to somebody who may decide there, from its holder or by who leads its level."""
        found, data = self.task_named(table, event), event.data
        self.reviewing(event, found)
        if data["by_lead"]:
            level = next((of for of in LEADS if getattr(table, of) == found.organ), "bureau")
            leads = {(role, found.organ) for role in LEADS[level]} | {(role, table.bureau) for role in LEADS_ALL}
            if (event.role, event.organ) not in leads:
                self.blame("posts", "person", event, "actor.role", event.role, " ".join(sorted(role for role, _ in leads)))
            self.held(event)
            expect(event, {"giver": found.person or found.claimed_by})
        else:
            self.sits_at(table, event, found)
            expect(event, {"giver": event.person})
        receiver = data["receiver"]
        self.fit(table, event, found, receiver, "data.receiver")
        if any(each.person == receiver for each in table.desks if each.node == found.node):
            raise Broken("step", "data.receiver", receiver, "somebody who does not sign here yet")
        if self.bundle.whole and not self.posts.holds(receiver, found.role, found.organ, event.at):
            self.blame("posts", "post", event, "data.receiver", receiver, f"{found.role} {found.organ}")
        return []

    def fit(self, table: Table, event: Event, desk: Desk, person: str, field: str) -> None:
        """Nobody is given a task whom segregation keeps from deciding it."""
        if person == event.person:
            raise Broken("step", field, person, "somebody else")
        self.segregated_as(table, event, desk, person, field)

    def transferred(self, table: Table, event: Event) -> None:
        desk = self.task_named(table, event)
        desk.person, desk.claimed_by, desk.claimed_until = shared(event.data["receiver"]), "", ""
        desk.delegated_to, desk.unassignable = "", False

    def open_delegated(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        found = self.task_named(table, event)
        self.reviewing(event, found)
        if found.delegated_to:
            raise Broken("step", "data.task", found.task, "a task that is not delegated")
        self.fit(table, event, found, event.data["delegate"], "data.delegate")
        return []

    def delegated(self, table: Table, event: Event) -> None:
        desk = self.task_named(table, event)
        desk.delegated_to, desk.claimed_by, desk.claimed_until = event.data["delegate"], event.behalf or event.person, ""

    def open_undelegated(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        found = self.task_named(table, event)
        if not found.delegated_to:
            raise Broken("step", "data.task", found.task, "a delegated task")
        if event.data["taken_back"]:
            self.sits_at(table, event, found)
        elif event.person != found.delegated_to:
            self.blame("posts", "person", event, "actor.id", event.person, found.delegated_to)
        return []

    def undelegated(self, table: Table, event: Event) -> None:
        desk = self.task_named(table, event)
        desk.delegated_to, desk.claimed_by = "", "" if desk.person else desk.claimed_by

    def open_added(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        """A signer asks one more to sign, who has to pass beside the node's rule; two may hang on one another."""
        data, anchor = event.data, table.task(event.data["anchor"])
        if anchor is None or anchor.node == "reply":
            raise Broken("step", "data.anchor", data["anchor"], "an open task")
        self.reviewing(event, anchor)
        self.sits_at(table, event, anchor)
        task = derived(table.id, f"{anchor.node}#added#{data['person']}#{event.command}")
        expect(event, {"node": anchor.node, "round": anchor.round, "depth": anchor.depth + 1, "task": task})
        if data["depth"] > MOST_ADDED or data["how"] not in ("before", "after", "parallel"):
            raise Broken("step", "data.depth", data["depth"], f"<= {MOST_ADDED}")
        self.fit(table, event, anchor, data["person"], "data.person")
        if data["role"] not in BUSINESS - {"clerk"} or data["organ"] not in (table.unit, table.department, table.bureau):
            self.blame("posts", "person", event, "data.role", data["role"], "a business post of the table")
        if any(data["person"] in (each.person, each.claimed_by) for each in table.desks if each.node == anchor.node):
            raise Broken("step", "data.person", data["person"], "somebody who does not sign here yet")
        if self.bundle.whole and not self.posts.holds(data["person"], data["role"], data["organ"], event.at):
            self.blame("posts", "post", event, "data.person", data["person"], f"{data['role']} {data['organ']}")
        return []

    def added(self, table: Table, event: Event) -> None:
        data, anchor = event.data, table.task(event.data["anchor"])
        if anchor is None:
            return
        self.check_due(event)
        new = Desk({**data, "stage": anchor.stage, "level": anchor.level}, event.at)
        new.group, new.must, new.anchor, new.added_by, new.depth = anchor.group, True, anchor.task, event.behalf or event.person, data["depth"]
        new.waits_for = [anchor.task] if data["how"] == "after" else []
        if data["how"] == "before":
            anchor.waits_for = [*anchor.waits_for, new.task]
        table.desks.append(new)

    def open_superseded(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        """A signer is taken away by whom he was added; or a decision is taken back, with the tasks that followed from it."""
        found = table.task(event.data["task"])
        if found is None or not found.added_by or found.added_by != (event.behalf or event.person):
            return self.open_recalled(table, event, desk)
        self.for_another(table, event, found.node)
        expect(event, {"node": found.node, "round": found.round})
        left = [signer for signer, task in tasked_signers(table, found.node) if task != found.task]
        decided = fate(self.definition(table).named(found.node).rule, left)
        if not left:
            raise Broken("step", "data.task", found.task, "more than one signer")
        if table.amendment is not None or (decided == "passed" and table.grade(found.node) in LOW):
            self.blame("steps", "step", event, "kind", event.kind, f"review.scored {table.grade(found.node)}")
        if decided == "rejected":
            return [("table.returned", {"node": found.node, "round": table.round, "to": "draft", "mode": STEP_BY_STEP})]
        others = [each for each in table.desks if each.node == found.node and each is not found]
        closed = [("task.superseded", {"node": each.node, "task": each.task, "round": each.round}) for each in others]
        return [*closed, ("node.completed", {"node": found.node, "round": table.round}), *self.onwards(table, event, found.node)] if decided else []

    def open_recalled(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        """A signer takes his own vote back while nobody looked at what followed; that is closed, and his task opens anew."""
        trail = self.recallable(table, event)
        if (event.role, event.organ) != (trail.desk.role, trail.desk.organ) and not trail.desk.handed(event.role, event.organ):
            self.blame("posts", "person", event, "actor.role", event.role, f"{trail.desk.role} {trail.desk.organ}")
        if trail.behalf != event.behalf:
            self.blame("posts", "person", event, "actor.on_behalf_of", event.behalf or event.person, trail.behalf)
        if trail.paper:
            self.blame("segregation", "S10", event, "actor.id", event.person, "paper.entered")
        self.for_another(table, event, trail.desk.node)
        if trail.touched:
            raise Broken("step", "kind", event.kind, "nobody opened or decided what followed")
        node, stage = trail.desk.node, trail.desk.stage
        gone = [each for each in overtaken(table) if each[1]["task"] in trail.opened and each[1]["node"] != node]
        closed = [trail.desk, *trail.closed]
        instead = {each.task: derived(table.id, f"{node}#{each.task}#{event.command}") for each in closed}
        reopened = [{
            "task": instead[each.task], "instead_of": each.task, "role": each.role, "organ": each.organ, "person": each.person,
            "group": each.group, "must": each.must, "anchor": each.anchor, "waits_for": [instead.get(task, task) for task in each.waits_for],
            "added_by": each.added_by, "depth": each.depth, "due_at": each.due_at, "provisional": each.provisional,
        } for each in closed]  # fmt: skip
        todo = [*gone, ("task.recalled", {
            "node": node, "task": instead[trail.desk.task], "recalled": trail.desk.task, "round": table.round, "stage": stage,
            "level": trail.desk.level, "reopened": reopened, "unrouted": trail.passed,
        })]  # fmt: skip
        if todo[0][0] != event.kind:
            raise Broken("sequence", "kind", event.kind, todo[0][0])
        expect(event, todo[0][1])
        return todo[1:]

    def recallable(self, table: Table, event: Event) -> Trail:
        """Return the trail of the person's own vote: at a node still open, or of the round's last decision."""
        mine = [vote for vote in table.votes if vote.person == event.person and vote.stage in REVIEWS]
        open_now = {desk.node for desk in table.desks}
        pending = [vote for vote in mine if vote.node in open_now]
        last = table.deciders[-1] if table.deciders else None
        if not pending and mine and last is not None and (last.person, last.node) == (event.person, mine[-1].node):
            pending = mine[-1:]
        trail = table.trails.get((pending[-1].node, event.person)) if pending else None
        if trail is None:
            raise Broken("step", "kind", event.kind, "one's own last vote")
        if table.amendment is not None:
            self.blame("steps", "step", event, "kind", event.kind, "amendment.confirmed, amendment.rejected")
        return trail

    def recalled(self, table: Table, event: Event) -> None:
        data = event.data
        instead = {each["instead_of"]: each["task"] for each in data["reopened"]}
        for desk in table.desks:
            desk.waits_for = [instead.get(task, task) for task in desk.waits_for]
        for each in data["reopened"]:
            desk = Desk({**each, "node": data["node"], "stage": data["stage"], "round": data["round"], "level": data["level"]}, event.at)
            desk.group, desk.must, desk.anchor, desk.added_by, desk.depth = each["group"], each["must"], each["anchor"], each["added_by"], each["depth"]
            desk.waits_for = each["waits_for"]
            table.desks.append(desk)
        table.votes = [vote for vote in table.votes if (vote.node, vote.person) != (data["node"], event.person)]
        table.passed_over = [node for node in table.passed_over if node not in data["unrouted"]]
        last = table.deciders[-1]
        if table.answered is not None and (last.person, last.node) == (event.person, data["node"]):
            table.returned = table.answered
        table.stage, table.answered = shared(data["stage"]), None
        table.trails.pop((data["node"], event.person), None)

    def open_unassignable(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        found = self.task_named(table, event)
        self.by_the_system(event)
        if event.data["rule"].startswith("ladder:"):
            self.check_rung(table, event, found, [rung for rung in self.ladder(table, found) if f"ladder:{rung.at}" == event.data["rule"]])
            expect(event, {"person": None})
            return []
        expect(event, {"role": found.role, "organ": found.organ, "person": found.person})
        return []

    def ladder(self, table: Table, desk: Desk) -> Tuple[Rung, ...]:
        """Return the escalations that the table's chain has for a desk."""
        return next((node.ladder for node in self.definition(table).nodes if node.name == desk.node.partition(":")[0]), ())

    def check_rung(self, table: Table, event: Event, desk: Desk, rungs: Sequence[Rung]) -> None:
        """The system acts by a rung of the pinned chain, towards the rung's post, and not before its moment."""
        posts = [(rung.role, getattr(table, rung.of)) for rung in rungs]
        if (event.data["role"], event.data["organ"]) not in posts or desk.due_at is None:
            raise Broken("step", "data.rule", event.data["rule"], " ".join(rung.at for rung in self.ladder(table, desk)) or "no ladder")
        rung = rungs[posts.index((event.data["role"], event.data["organ"]))]
        node = next((each for each in self.definition(table).nodes if each.name == desk.node.partition(":")[0]), None)
        day, calendar = beijing_day(moment_of(desk.due_at)), self.calendars.get(desk.calendar)
        if calendar is not None:
            earliest = calendar.beside(day, rung.days, table.bureau)
        else:  # by the calendar that ships, which is not in the bundle: not before as many days, were they all worked
            known = rung.days > 0 and node is not None and node.clock[0] == "working_days"
            earliest = days_on(day, rung.days if known else rung.days - REST_DAYS - abs(rung.days))
        if event.at < later(f"{earliest}T01:00:00.000000Z", -CLOCKS_APART):
            self.blame("steps", "value", event, "at", event.at, f">= {earliest} 09:00")

    def open_escalated(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        """A superior is told of a late task, or let in beside its holder: by the system, by a rung of the chain, when its moment has come."""
        found, data = self.task_named(table, event), event.data
        self.by_the_system(event)
        self.check_rung(table, event, found, [rung for rung in self.ladder(table, found) if (rung.at, rung.do) == (data["rung"], data["do"])])
        expect(event, {"due_at": found.due_at, "rule": f"ladder:{data['rung']}"})
        people = [each.get("person") for each in data["people"]]
        if not people or any(each.keys() != {"person", "name"} for each in data["people"]) or people != sorted({str(who) for who in people}):
            raise Broken("value", "data.people", " ".join(map(str, people)), "each receiver once, by id")
        for who in map(str, people):
            if self.posts.lacks(who, data["role"], data["organ"], event.at):
                self.blame("posts", "post", event, "data.people", who, f"{data['role']} {data['organ']}")
            if data["do"] == "hand":
                self.segregated_as(table, event, found, who, "data.people")
        forgotten = set(self.posts.firmly(data["role"], data["organ"], event.at) if self.bundle.whole and data["do"] == "inform" else ()) - set(people)
        if forgotten:
            self.blame("steps", "value", event, "data.people", " ".join(map(str, people)), " ".join(sorted(forgotten)))
        return []

    def escalated(self, table: Table, event: Event) -> None:
        desk, rung = self.task_named(table, event), [event.data[name] for name in ("rung", "do", "role", "organ")]
        desk.escalated = desk.escalated if rung in desk.escalated else [*desk.escalated, rung]

    def follow_clocks(self, table: Table, event: Event) -> None:
        """Keep the clocks of a chain's nodes that go on after a return, and hold a node's entry against its own."""
        data, kind = event.data, event.kind
        if table.chain is None or not table.chain.goes_on:
            return
        if kind == "table.returned":
            table.stopped.update({node: (due, beijing_day(event.at)) for node, due in table.running.items()})
        elif kind in ("monitoring.returned", "selfeval.returned") and data["node"] in table.running:
            table.stopped[data["node"]] = (table.running[data["node"]], beijing_day(event.at))
        elif kind in ("node.entered", "node.shared"):
            self.clock_went_on(table, event)
            table.stopped.pop(data["node"], None)
            if data["due_at"] is not None:
                table.running[data["node"]] = data["due_at"]
        elif kind == "task.due_set":
            table.running[data["node"]] = data["due_at"]
        elif kind == "task.recalled":
            table.running[data["node"]] = data["reopened"][0]["due_at"]
        elif kind in ("node.completed", "node.superseded"):
            table.running.pop(data["node"], None)

    def cut_off(self, table: Table, key: str) -> Optional[Tuple[Node, str, str]]:
        """Return the node, due moment and day of the return that cut its clock off, where the clock goes on from there."""
        node = next((each for each in self.definition(table).nodes if each.name == key.partition(":")[0]), None)
        if node is None or key not in table.stopped or node.on_return == "restart" or node.clock[0] == "fixed_date":
            return None
        return (node, *table.stopped[key])

    def clock_went_on(self, table: Table, event: Event) -> None:
        """A clock that ran on is due when it was; one that stood still has as many days left as the return left it."""
        cut = self.cut_off(table, event.data["node"])
        if cut is None:
            return
        node, due, stopped = cut
        for desk in table.desks:
            if desk.node == event.data["node"]:
                desk.base = ("", "")
        day, last = beijing_day(event.at), beijing_day(moment_of(due))
        calendar = self.calendars.get(published_calendar(event.data["calendar"]))
        wanted = event.data["due_at"]
        if node.on_return == "continue":
            wanted = due
        elif node.clock[0] == "calendar_days":
            wanted = f"{days_on(day, max(0, (dt.date.fromisoformat(last) - dt.date.fromisoformat(stopped)).days))}T10:00:00+00:00"
        elif calendar is not None:
            wanted = f"{calendar.counted(day, calendar.within(stopped, last, table.bureau), table.bureau)[0]}T10:00:00+00:00"
        if event.data["due_at"] != wanted:
            self.blame("steps", "value", event, "data.due_at", event.data["due_at"], wanted)

    def unassignable(self, table: Table, event: Event) -> None:
        self.task_named(table, event).unassignable = True

    def due_set(self, table: Table, event: Event) -> None:
        desk, due = self.task_named(table, event), event.data["due_at"]
        if not MOMENT.fullmatch(moment_of(due)):
            raise Broken("value", "data.due_at", due, "a moment")
        was, desk.due_at, desk.provisional, desk.clock = desk.due_at, due, event.data["provisional"], desk.clock + 1
        desk.due_set_at, desk.calendar = shown_moment(event.at), published_calendar(event.data["calendar"])
        rule = event.data["rule"]
        if not rule.startswith("calendar.published"):
            granted = [each["until"] for each in table.inquiries if (each["kind"], each["task"], each["state"]) == ("extension", desk.task, "granted")]
            desk.base = ("until", granted[-1]) if rule == "extension.granted" and granted else ("", "")
            node = next((each for each in self.definition(table).nodes if each.name == desk.node.partition(":")[0]), None)
            if rule == "table.resumed" and node is not None and node.on_suspend == "continue" and due != was:
                self.blame("steps", "value", event, "data.due_at", due, was)
            if rule != "table.resumed" or was is None or moment_of(due) < moment_of(was):
                self.check_due(event)  # what was overdue before a pause stays so after it
        desk.overdue = desk.overdue and not moment_of(due) > event.at

    def open_urged(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        found = self.task_named(table, event)
        self.part_in(table, event)
        if found.urged_at and event.at < later(moment_of(found.urged_at), URGES_APART):
            self.blame("steps", "step", event, "at", event.at, f"{found.urged_at} + {URGES_APART} s")
        return []

    def urged(self, table: Table, event: Event) -> None:
        self.task_named(table, event).urged_at = shown_moment(event.at)

    def open_asked(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        found, data = self.task_named(table, event), event.data
        expect(event, {"request": event.command})
        if event.kind == "opinion.asked":
            twice = any((each["kind"], each["task"], each["to"], each["state"]) == ("opinion", found.task, data["person"], "open") for each in table.inquiries)
            if twice or data["person"] == event.person:
                raise Broken("step", "data.person", data["person"], "somebody who was not asked yet")
        elif found.due_at is None or data["until"] <= beijing_day(moment_of(found.due_at)):
            raise Broken("step", "data.until", data["until"], f"> {found.due_at}")
        elif any((each["kind"], each["task"], each["state"]) == ("extension", found.task, "open") for each in table.inquiries):
            raise Broken("step", "data.task", found.task, "no other request")
        return []

    def asked(self, table: Table, event: Event) -> None:
        data, opinion = event.data, event.kind == "opinion.asked"
        table.inquiries = [*table.inquiries, {
            "id": data["request"], "kind": "opinion" if opinion else "extension", "task": data["task"], "by": event.person,
            "to": data["person"] if opinion else "", "words": self.word(data["question" if opinion else "reason"]),
            "until": (data["answer_by"] or "") if opinion else data["until"], "state": "open", "answer": "",
        }]  # fmt: skip

    def open_answered(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        """An opinion comes from whoever was asked; more time from the level above, or the performance section, not from oneself."""
        kind = "opinion" if event.kind == "opinion.given" else "extension"
        asked = next((each for each in table.inquiries if (each["id"], each["kind"], each["state"]) == (event.data["request"], kind, "open")), None)
        found = table.task(asked["task"]) if asked else None
        if asked is None or found is None:
            raise Broken("step", "data.request", event.data["request"], "an open request")
        self.held(event)
        if kind == "opinion":
            if event.person != asked["to"]:
                self.blame("posts", "person", event, "actor.id", event.person, asked["to"])
            return []
        expect(event, {"task": found.task})
        if event.person == asked["by"]:
            self.blame("segregation", "S10", event, "actor.id", event.person)
        level = next((of for of in GRANTS if getattr(table, of) == found.organ), "bureau")
        role, of = GRANTS[level]
        if (event.role, event.organ) not in {(role, getattr(table, of)), ("finance_performance", table.bureau)}:
            self.blame("posts", "person", event, "actor.role", event.role, role)
        if event.kind == "extension.refused":
            return []
        return [("task.due_set", {"node": found.node, "task": found.task, "round": found.round, "rule": "extension.granted"})]

    def answered(self, table: Table, event: Event) -> None:
        state, field = {"opinion.given": ("given", "opinion"), "extension.granted": ("granted", "opinion"), "extension.refused": ("refused", "reason")}[event.kind]
        news = {"state": state, "answer": self.word(event.data[field])}
        table.inquiries = [{**each, **news} if each["id"] == event.data["request"] else each for each in table.inquiries]

    def open_copied(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        self.part_in(table, event)
        expect(event, {"copy": event.command})
        people = [each.get("person") for each in event.data["people"]]
        if not people or len(set(map(str, people))) < len(people) or any(each.keys() != {"person", "name"} for each in event.data["people"]):
            raise Broken("value", "data.people", " ".join(map(str, people)), "each once")
        days = self.definition(table).copies_read_after
        return [("copy.term_set", {"copy": event.command, "rule": f"copies_read_after:{days}"})] if days else []

    def term_set(self, table: Table, event: Event) -> None:
        """A copy counts as read so many working days after it was sent, as the chain says."""
        data, day = event.data, beijing_day(event.at)
        days, calendar = self.definition(table).copies_read_after, self.calendars.get(published_calendar(data["calendar"]))
        due = beijing_day(moment_of(data["read_at"]))
        wanted = calendar.counted(day, days, table.bureau)[0] if calendar is not None else max(due, days_on(day, days))
        if data["read_at"] != f"{wanted}T10:00:00+00:00":
            self.blame("steps", "value", event, "data.read_at", data["read_at"], f"{wanted}T10:00:00+00:00")
        table.copies = [{**each, "read_due": data["read_at"]} if each["copy"] == data["copy"] else each for each in table.copies]

    def open_deemed(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        """A copy that nobody opened counts as read: by the system, by the chain's rule, when its term is over."""
        self.by_the_system(event)
        mine = [each for each in table.copies if (each["copy"], each["person"], each["read_at"]) == (event.data["copy"], event.data["person"], "")]
        if not mine or not mine[0].get("read_due"):
            raise Broken("step", "data.copy", event.data["copy"], "an unread copy with a term")
        expect(event, {"rule": f"copies_read_after:{self.definition(table).copies_read_after}"})
        if event.at < later(moment_of(mine[0]["read_due"]), -CLOCKS_APART):
            self.blame("steps", "value", event, "at", event.at, mine[0]["read_due"])
        return []

    def deemed_read(self, table: Table, event: Event) -> None:
        mine, read = (event.data["copy"], event.data["person"]), {"read_at": shown_moment(event.at), "read_by_rule": event.data["rule"]}
        table.copies = [{**each, **read} if (each["copy"], each["person"]) == mine else each for each in table.copies]

    def copied(self, table: Table, event: Event) -> None:
        copies = [{"copy": event.data["copy"], "person": each["person"], "by": event.person, "read_at": ""} for each in event.data["people"]]
        table.copies = [*table.copies, *copies]

    def open_read(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        self.held(event)
        mine = (event.data["copy"], event.person, "")
        if not any((each["copy"], each["person"], each["read_at"]) == mine for each in table.copies):
            raise Broken("step", "data.copy", event.data["copy"], "an unread copy")
        return []

    def copy_read(self, table: Table, event: Event) -> None:
        mine, at = (event.data["copy"], event.person), shown_moment(event.at)
        table.copies = [{**each, "read_at": at} if (each["copy"], each["person"]) == mine else each for each in table.copies]

    def open_suspended(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        self.suspends(table, event)
        if not beijing_day(event.at) < event.data["until"]:
            self.blame("steps", "value", event, "data.until", event.data["until"], f"> {beijing_day(event.at)}")
        return []

    def suspends(self, table: Table, event: Event) -> None:
        """The department's finance office, or the bureau's sections."""
        if event.role not in SUSPENDS or event.organ != getattr(table, SUSPENDS[event.role]):
            self.blame("posts", "person", event, "actor.role", event.role, " ".join(SUSPENDS))
        self.held(event)

    def suspended(self, table: Table, event: Event) -> None:
        data = event.data
        table.suspended = {"since": shown_moment(event.at), "until": data["until"], "by": event.person, "why": self.word(data["reason"])}

    def open_resumed(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        """A table goes on: by those who may suspend it, or by the system on its day; every clock is set anew."""
        if table.suspended is None:
            raise Broken("step", "kind", event.kind, "table.suspended")
        if event.person != "system":
            self.suspends(table, event)
        elif beijing_day(event.at) < table.suspended["until"]:
            self.blame("steps", "value", event, "at", event.at, f">= {table.suspended['until']}")
        timed = [each for each in table.desks if each.due_at is not None]
        return [("task.due_set", {"node": each.node, "task": each.task, "round": each.round, "rule": "table.resumed"}) for each in timed]

    def resumed(self, table: Table, event: Event) -> None:
        table.suspended, table.resumptions = None, table.resumptions + 1

    @staticmethod
    def goes_on(table: Table, event: Event) -> None:
        """While a project is paused nothing more is asked of its monitoring, and it is not paused again."""
        if table.pauses and not table.pauses[-1]["until"]:
            raise Broken("step", "kind", event.kind, "project.resumed")

    def pauses(self, table: Table, event: Event) -> None:
        """The bureau's sections pause a project and let it go on, nobody else."""
        if event.role not in PAUSES or event.organ != table.bureau:
            self.blame("posts", "person", event, "actor.role", event.role, " ".join(PAUSES))
        self.held(event)

    def open_paused(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        self.pauses(table, event)
        self.goes_on(table, event)
        return []

    def paused(self, table: Table, event: Event) -> None:
        """The clocks of monitoring filings stop."""
        pause = {"since": shown_moment(event.at), "by": event.person, "why": self.word(event.data["reason"]), "until": "", "ended_by": "", "ended_why": ""}
        table.pauses = [*table.pauses, pause]
        for desk in table.desks:
            if desk.node.partition(":")[0] == "monitoring_filing":
                desk.due_at, desk.provisional, desk.overdue = None, False, False

    def open_unpaused(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        """A project goes on: every clock that the pause stopped is set anew."""
        self.pauses(table, event)
        if not table.pauses or table.pauses[-1]["until"]:
            raise Broken("step", "kind", event.kind, "project.paused")
        stopped = [each for each in table.desks if each.due_at is None and each.node.partition(":")[0] == "monitoring_filing"]
        return [("task.due_set", {"node": each.node, "task": each.task, "round": each.round, "rule": "project.resumed"}) for each in stopped]

    def unpaused(self, table: Table, event: Event) -> None:
        end = {"until": shown_moment(event.at), "ended_by": event.person, "ended_why": self.word(event.data["reason"])}
        table.pauses = [*table.pauses[:-1], {**table.pauses[-1], **end}]

    def open_handed_over(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        """A security administrator of the table's own house gives it to another clerk of the unit, who decided nothing on it in this round."""
        self.held(event)
        if event.role != "security_admin" or event.organ not in (table.bureau, table.department):
            self.blame("posts", "person", event, "actor.role", event.role, f"security_admin {table.bureau}")
        expect(event, {"owner": table.owner})
        successor = event.data["successor"]
        if successor == table.owner:
            raise Broken("step", "data.successor", successor, "another clerk")
        if self.bundle.whole and not self.posts.holds(successor, "clerk", table.unit, event.at):
            self.blame("posts", "post", event, "data.successor", successor, f"clerk {table.unit}")
        if any(successor in (each.person, each.behalf) for each in table.deciders):
            self.blame("segregation", "S1", event, "data.successor", successor)
        return []

    def handed_over(self, table: Table, event: Event) -> None:
        for desk in table.desks:
            if desk.person == table.owner and desk.level == "filing":
                desk.person = shared(event.data["successor"])
        if table.submitter == table.owner:
            table.submitter = shared(event.data["successor"])
        table.owner = shared(event.data["successor"])

    def open_commented(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        """A reviewer comments on a place of the content that lies before him."""
        data = event.data
        here = [each for each in table.desks if each.node == data["node"]]
        mine = next((each for each in here if self.could_sit(event, each) or each.handed(event.role, event.organ)), here[0] if here else None)
        if mine is None or mine.level == "filing":
            raise Broken("step", "data.node", data["node"], "an open reviewing desk")
        self.sits_at(table, event, mine)
        parts = data["pointer"].split("/")
        row = parts[2] if len(parts) > 2 and parts[1] == "indicators" else ""
        expect(event, {"level": mine.level, "round": table.round, "content_hash": table.content_hash, "row": row,
                       "thread": derived(table.id, f"thread:{event.command}")})  # fmt: skip
        return []

    def commented(self, table: Table, event: Event) -> None:
        data = event.data
        told = {name: data[name] for name in ("thread", "node", "level", "round", "pointer", "row", "criterion")}
        table.threads = [*table.threads, {
            **told, "words": self.word(data["words"]), "by": event.person, "at": shown_moment(event.at), "answer": "",
            "answered_by": "", "resolved": False,
        }]  # fmt: skip

    def comment(self, table: Table, event: Event) -> Dict[str, Any]:
        found = next((each for each in table.threads if each["thread"] == event.data["thread"] and not each["resolved"]), None)
        if found is None:
            raise Broken("step", "data.thread", event.data["thread"], "an open comment")
        return found

    def open_comment_answered(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        self.held(event)
        if event.role not in ROLES_AT_HOME["unit"] or event.organ != table.unit or (event.role == "clerk" and event.person != table.owner):
            self.blame("posts", "person", event, "actor.role", event.role, f"clerk {table.unit}")
        if self.comment(table, event)["by"] == event.person:
            self.blame("segregation", "S10", event, "actor.id", event.person)
        return []

    def comment_answered(self, table: Table, event: Event) -> None:
        news = {"answer": self.word(event.data["words"]), "answered_by": event.person}
        table.threads = [{**each, **news} if each["thread"] == event.data["thread"] else each for each in table.threads]

    def open_comment_resolved(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        level = self.comment(table, event)["level"]
        here = [each for each in table.desks if each.level == level]
        mine = next((each for each in here if self.could_sit(event, each) or each.handed(event.role, event.organ)), here[0] if here else None)
        if mine is None:
            raise Broken("step", "data.thread", event.data["thread"], level)
        self.sits_at(table, event, mine)
        return []

    def comment_resolved(self, table: Table, event: Event) -> None:
        table.threads = [{**each, "resolved": True} if each["thread"] == event.data["thread"] else each for each in table.threads]

    # -- the review form and what a reviewer completes himself (R88 art. 24, 25) ------------------------------------------

    def by_form(self, table: Table, event: Event, desk: Desk, outcome: str) -> None:
        """The node's review form allows this; the definition may demand one; nobody decides while the unit is asked."""
        grade = table.grade(desk.node)
        demanded = outcome != "return" and self.definition(table).named(desk.node).review
        if (grade and grade not in GRADE_ALLOWS[outcome]) or (not grade and (demanded or outcome == "amend")):
            self.blame("steps", "step", event, "data.node", f"{desk.node} {grade or 'no review.scored'}", " ".join(GRADE_ALLOWS[outcome]))
        if table.amendment is not None and outcome != "return":
            self.blame("steps", "step", event, "kind", event.kind, "amendment.confirmed, amendment.rejected")

    def by_amender(self, table: Table, event: Event, desk: Desk, outcome: str, people: Set[str]) -> None:
        """S3: who completed a content does not pass that node alone, and decides at no other one of the round."""
        people = people - {""}
        for each in table.amended:
            if each["round"] != table.round or not people & {each["person"], each.get("behalf")}:
                continue
            others = any(vote.node == desk.node and vote.outcome == "pass" and vote.content_hash == table.content_hash
                         and not people & {vote.person, vote.behalf} for vote in table.votes)  # fmt: skip
            if each["node"] != desk.node or (outcome == "pass" and not others):
                self.blame("segregation", "S3", event, "actor.id", event.person, f"another than {each['person']}")

    def form(self, table: Table, event: Event) -> Dict[str, Any]:
        """Return the review form of the pack that the table is pinned to."""
        found = self.pack(table, event).get("review_form")
        if not isinstance(found, dict):
            raise Broken("step", "kind", event.kind, "a pack with a review form")
        return found

    def open_scored(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        """A reviewer fills the form in at his desk: every item, inside its points; total and grade follow from them."""
        data, form = event.data, self.form(table, event)
        if desk is None or desk.node == "reply":
            raise Broken("step", "data.node", data["node"], "a reviewing desk")
        expect(event, {"task": desk.task, "round": table.round, "content_hash": table.content_hash})
        self.by_its_pack(table, event)
        self.by_amender(table, event, desk, "review", {event.person, event.behalf})
        if table.amendment is not None:
            self.blame("steps", "step", event, "kind", event.kind, "amendment.confirmed, amendment.rejected")
        points = {item["code"]: Decimal(item["points"]) for group in form["criteria"] for item in group["items"]}
        said = {"scored": "points", "qualitative": "grade"}.get(data["mode"])
        right = data["items"].keys() == points.keys() and all(
            type(item) is dict and item.keys() == {said, "comment"} and type(item["comment"]) is str for item in data["items"].values()
        )  # fmt: skip
        if not right:
            raise Broken("value", "data.items", " ".join(sorted(data["items"])), " ".join(sorted(points)))
        self.check_form(table, event, form, points)
        return []

    def check_form(self, table: Table, event: Event, form: Dict[str, Any], points: Dict[str, Decimal]) -> None:
        """The total is the sum of the items, the grade its band; in the qualitative mode it lies between worst and best."""
        data = event.data
        if data["mode"] == "scored":
            given = {code: item["points"] for code, item in data["items"].items()}
            wrong = next((code for code, text in given.items() if not is_points(text, points[code])), None)
            if wrong is not None:
                raise Broken("value", f"data.items.{wrong}", given[wrong], f"0–{points[wrong]}")
            total = sum((Decimal(text) for text in given.values()), Decimal(0))
            grades = [next((band["grade"] for band in form["bands"] if total >= Decimal(band["from"])), "")]
        else:
            graded = {code: item["grade"] for code, item in data["items"].items()}
            if not set(graded.values()) <= set(GRADES):
                raise Broken("value", "data.items", " ".join(map(str, graded.values())), " ".join(GRADES))
            total = sum((points[code] * Decimal(form["shares"][grade]) / 100 for code, grade in graded.items()), Decimal(0))
            order = sorted(map(GRADES.index, graded.values()))
            grades = list(GRADES[order[0]:order[-1] + 1])
            if self.sheet(table.content_hash, event).key or table.key_by not in ("", data["node"]):
                self.blame("steps", "value", event, "data.mode", data["mode"], "scored")
        wanted = str(total.quantize(Decimal(1).scaleb(-form["places"]), ROUND_HALF_UP))
        for field, seen, right in (("total", data["total"], [wanted]), ("grade", data["grade"], grades)):
            if seen not in right:
                self.blame("steps", "value", event, f"data.{field}", seen, " ".join(right))

    def scored(self, table: Table, event: Event) -> None:
        data, desk = event.data, table.task(event.data["task"])
        told = {name: data[name] for name in ("node", "round", "mode", "items", "total", "grade", "content_hash")}
        mine = (data["node"], event.person, data["round"])
        table.reviews = [each for each in table.reviews if (each["node"], each["person"], each["round"]) != mine] + [{
            **told, "level": desk.level if desk else "", "person": event.person, "name": event.name, "opinion": self.word(data["opinion"]),
            "at": shown_moment(event.at), **({"behalf": event.behalf} if event.behalf else {}),
        }]  # fmt: skip
        if data["mode"] == "scored":
            table.key_by = table.key_by or data["node"]
        elif table.key_by == data["node"]:
            table.key_by = ""

    def open_proposed(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        """At grade 良 a reviewer asks the unit to agree to changes of goals and rows, before anybody of the stage signed."""
        data, rules, chain = event.data, self.form(table, event)["amendment"], self.definition(table)
        if desk is None or desk.node == "reply":
            raise Broken("step", "data.node", data["node"], "a reviewing desk")
        expect(event, {"amendment": event.command, "task": desk.task, "round": table.round, "base": table.content_hash})
        self.by_form(table, event, desk, "amend")
        self.by_amender(table, event, desk, "amend", {event.person, event.behalf})
        before = chain.before(desk.node)
        late = next((vote.node for vote in table.votes if vote.stage == desk.stage and vote.node not in before), None)
        if late is not None:
            self.blame("steps", "step", event, "kind", event.kind, f"before task.decided at {late}")
        changes, was, now = self.contents.of(data["changes"]), self.sheet(data["base"], event), self.sheet(data["content_hash"], event)
        if not isinstance(changes, Changes) or changes.number != data["changed"] or not changes.number:
            raise Broken("content", "data.changes", data["changes"], "a list of changes", check="contents")
        if (was.sum + changes.sum - now.sum) % MODULUS or was.rows != now.rows:
            self.blame("contents", "content", event, "data.changes", "the list of changes", "every change")
        beyond = next((place for place in changes.places if not may_be_completed(place, rules)), None)
        if beyond is not None:
            self.blame("steps", "value", event, "data.changes", beyond, " ".join(rules["fields"]))
        self.check_due(event)
        return []

    def proposes(self, table: Table, event: Event) -> None:
        data, desk = event.data, table.task(event.data["task"])
        told = {name: data[name] for name in ("amendment", "node", "base", "content_hash", "changes", "changed", "due_at", "provisional")}
        table.amendment = {
            **told, "level": desk.level if desk else "", "person": event.person, "name": event.name, "role": event.role, "organ": event.organ,
            "opinion": self.word(data["opinion"]), "proposed_at": shown_moment(event.at), **({"behalf": event.behalf} if event.behalf else {}),
        }  # fmt: skip

    def open_amended(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        """The unit agrees to exactly what waits for it; never whoever proposed it."""
        asked = self.waits_for_unit(table, event)
        self.of_the_unit(table, event)
        if event.person in (asked["person"], asked.get("behalf")):
            self.blame("segregation", "S3", event, "actor.id", event.person)
        expect(event, {**{name: asked[name] for name in ("amendment", "node", "base", "content_hash", "changes", "changed")}, "round": table.round})
        return []

    def waits_for_unit(self, table: Table, event: Event) -> Dict[str, Any]:
        asked = table.amendment
        if asked is None or asked["amendment"] != event.data["amendment"]:
            raise Broken("step", "data.amendment", event.data["amendment"], "amendment.proposed")
        return asked

    def of_the_unit(self, table: Table, event: Event) -> None:
        """The act is the clerk's in charge, or that of another post of the unit."""
        self.held(event)
        if event.role not in ROLES_AT_HOME["unit"] or event.organ != table.unit or (event.role == "clerk" and event.person != table.owner):
            self.blame("posts", "person", event, "actor.role", event.role, f"clerk {table.unit}")

    def amends(self, table: Table, event: Event) -> None:
        asked, new = table.amendment or {}, event.data["content_hash"]
        table.reviews = [
            {**each, "completed": new} if each["node"] == asked["node"] and speaks_of(each, asked["base"]) else each for each in table.reviews
        ]
        who = {"person": asked["person"], "node": asked["node"], "round": table.round}
        table.amended = [*table.amended, {**who, **({"behalf": asked["behalf"]} if asked.get("behalf") else {})}]
        table.content_hash, table.amendment = new, None

    def open_unamended(self, table: Table, event: Event, desk: Optional[Desk]) -> Todo:
        """The unit does not agree, or whoever proposed it takes it back."""
        asked = self.waits_for_unit(table, event)
        expect(event, {"taken_back": event.person == asked["person"]})
        if event.person != asked["person"]:
            self.of_the_unit(table, event)
        elif asked.get("behalf"):
            expect_post(event, asked["role"], asked["organ"], self)
        else:
            self.under(event, asked["role"], asked["organ"])
        return []

    def unamended(self, table: Table, event: Event) -> None:
        table.amendment = None

    def library(self, event: Event) -> None:
        """The bureau's performance office says it, on the bureau's own library, of the entry that class and name make."""
        data = event.data
        stream = derived(LIBRARIES, data["bureau"])
        if event.stream != stream:
            self.blame("steps", "value", event, "stream", event.stream, stream)
        name = "|".join(plain_name(data[level]) for level in ("level1", "level2", "level3"))
        if not data["level2"] or not data["level3"] or data["entry"] != derived(stream, name):
            self.blame("steps", "value", event, "data.entry", data["entry"], derived(stream, name))
        if event.kind == "library.entry_retired" and len(data["reason"]) < 5:
            self.blame("steps", "value", event, "data.reason", data["reason"], "a reason")
        expect_post(event, "finance_performance", data["bureau"], self)
        self.held(event)

    def referred(self, event: Event) -> None:
        """Somebody of the table's bureau, and not of its unit or department, refers a table that came in; once on a stream of its own."""
        data, table = event.data, self.tables.get(str(event.data["table"]))
        self.held(event)
        if event.place.version != 1:
            self.blame("steps", "step", event, "kind", event.kind, "once")
        if event.role not in REFERS or event.organ != data["bureau"] or event.behalf:
            self.blame("posts", "person", event, "actor.role", event.role, " ".join(REFERS))
        if data["to"] not in REFERRED_TO or not data["words"]:
            self.blame("steps", "value", event, "data.to" if data["words"] else "data.words", data["to"], " ".join(REFERRED_TO))
        if table is None or not table.stage:
            if self.bundle.whole:
                self.blame("steps", "value", event, "data.table", data["table"], "a table")
            table = None
        elif table.bureau != data["bureau"]:
            self.blame("steps", "value", event, "data.bureau", data["bureau"], table.bureau)
        for person, field in ((event.person, "actor.id"), (data["receiver"], "data.receiver")):
            if table and self.is_concerned(table, person, event.at):
                self.blame("segregation", "S1", event, field, person)
        if data["receiver"] and all(self.posts.lacks(data["receiver"], role, data["bureau"], event.at) for role in RECEIVES):
            self.blame("posts", "post", event, "data.receiver", data["receiver"], data["bureau"])
        self.referrals[event.stream] = ReferredOn(table, data["bureau"], event.person, data["receiver"])

    def is_concerned(self, table: Table, person: str, at: str) -> bool:
        """Whether a person filed the table or holds a post in its unit or department."""
        home = ROLES_AT_HOME["unit"] | ROLES_AT_HOME["department"] | {"secrecy_reviewer"}
        inside = any(self.posts.holds(person, role, organ, at) for role in home for organ in (table.unit, table.department))
        return inside or person in table.authors or person == table.owner

    def referral_answered(self, event: Event) -> None:
        """What became of a referral is recorded by those who may read it, while nothing final was said; never by an observer."""
        found = self.referrals.get(event.stream)
        self.held(event)
        if found is None or not found.open:
            self.blame("steps", "step", event, "kind", event.kind, "referral.made")
            return
        own = event.person in (found.by, found.receiver)
        if event.role not in (ROLES_AT_HOME["bureau"] if own else ANSWERS_REFERRALS) or event.organ != found.bureau or event.behalf:
            self.blame("posts", "person", event, "actor.role", event.role, " ".join(ANSWERS_REFERRALS))
        if found.table and self.is_concerned(found.table, event.person, event.at):
            self.blame("segregation", "S1", event, "actor.id", event.person)
        if event.data["outcome"] not in REFERRAL_ENDS or not event.data["words"]:
            self.blame("steps", "value", event, "data.outcome", event.data["outcome"], " ".join(REFERRAL_ENDS))
        self.referrals[event.stream] = found._replace(open=not REFERRAL_ENDS.get(event.data["outcome"], True))

    # -- other subjects -----------------------------------------------------------------------------------------------

    def document(self, event: Event, files: Files) -> None:
        """A filing document: its tables' ids are its own, its filer a clerk of the unit."""
        data = event.data
        self.under(event, "clerk", data["unit"])
        if data["tables"] != [derived(event.stream, str(number)) for number in range(len(data["tables"]))]:
            self.blame("steps", "value", event, "data.tables", len(data["tables"]), "derived ids")
        if event.stream in self.documents:
            self.blame("steps", "step", event, "kind", event.kind, "once")
        organs = (data["unit"], data["department"], data["bureau"])
        self.documents[event.stream] = (event.place, event.command, len(data["tables"]), data["year"], shared(data["family"]), organs)
        files.wanted.setdefault(data["bytes_sha256"], (event.place, data["size"]))
        self.count_stubs(event)
        part = data["department_part"]
        turn = "department_finance" if part else ""
        self.parts[event.stream] = FiledPart(organs, len(data["tables"]), 1 if part else 0, part, event.person, turn, since=event.at)

    def count_stubs(self, event: Event) -> None:
        """Classified tables registered by number alone: the newest number of a source counts, more is filed in its campaign's time."""
        data, own = event.data, event.data["name"] == STUBS_NAME
        number, unit = data["undisclosed_tables"], (data["unit"], data["year"])
        sources = self.sources.setdefault(unit, {})
        source = data["unit"] if own else data["bytes_sha256"]
        if own and number > sources.get(source, 0):
            self.in_its_time((data["bureau"], data["unit"]), data["year"], event, "goal_filing", "")
        if own or number:
            sources[source] = number
            self.stubs.setdefault(unit, []).append((sum(sources.values()), event.at))

    def part_event(self, event: Event, words: Dict[str, str]) -> None:
        """A document's department part is amended, reviewed or sent back: by whom, in which version, in whose turn."""
        part = self.parts.get(event.stream)
        if part is None:
            self.blame("steps", "step", event, "kind", event.kind, "document.filed")
            return
        self.words = words
        if event.kind in ("document.due_set", "document.overdue"):
            self.part_clock(event, part)
            return
        tables = [self.tables.get(derived(event.stream, str(number))) for number in range(part.tables)]
        known = [table for table in tables if table is not None and table.stage]
        replied = any(table.in_force for table in known)
        self.held(event)
        if event.kind == "document.amended":
            if event.behalf:
                self.blame("posts", "cover", event, "actor.on_behalf_of", event.person, "document.reviewed")
            self.part_amended(event, part, replied)
        else:
            self.part_reviewed(event, part)
        office = event.role != "clerk"
        if office and len(known) == part.tables and not any(table.round for table in known):
            self.blame("steps", "step", event, "kind", event.kind, "table.submitted")

    def part_amended(self, event: Event, part: FiledPart, replied: bool) -> None:
        """Versions follow one another; the clerk writes until a table is replied, then the department's finance office with a reason."""
        data, (unit, department, _) = event.data, part.organs
        wanted = [f"department_finance {department}"] if replied else [f"clerk {unit}", f"department_finance {department}"]
        if f"{event.role} {event.organ}" not in wanted:
            self.blame("posts", "person", event, "actor.role", f"{event.role} {event.organ}", " / ".join(wanted))
        if data["number"] != part.number + 1:
            self.blame("steps", "value", event, "data.number", data["number"], str(part.number + 1))
        if data["base"] != part.content_hash:
            self.blame("contents", "content", event, "data.base", data["base"], str(part.content_hash))
        if data["content_hash"] == part.content_hash:
            self.blame("steps", "value", event, "data.content_hash", data["content_hash"], "another content")
        if replied:
            self.part_reason(event, data["reason"])
        turn = "finance_performance" if event.role == "department_finance" else "department_finance"
        self.parts[event.stream] = FiledPart(part.organs, part.tables, data["number"], data["content_hash"], event.person, turn, since=event.at)

    def part_reviewed(self, event: Event, part: FiledPart) -> None:
        """The office whose turn it is speaks of the version in force; not who wrote it, and nobody in two offices."""
        data, (_, department, bureau) = event.data, part.organs
        organ = department if part.turn == "department_finance" else bureau
        if not part.turn:
            self.blame("steps", "step", event, "kind", event.kind, "document.amended")
        elif (event.role, event.organ) != (part.turn, organ):
            self.blame("posts", "person", event, "actor.role", f"{event.role} {event.organ}", f"{part.turn} {organ}")
        if data["content_hash"] != part.content_hash:
            self.blame("contents", "content", event, "data.content_hash", data["content_hash"], str(part.content_hash))
        short = self.posts.covered(event, "document", part.organs[0], lambda: None) if event.behalf else ""
        if short:
            self.blame("posts", "cover", event, "actor.on_behalf_of", event.person, short)
        people = {event.person, *((event.behalf,) if event.behalf else ())}
        if part.author in people:
            self.blame("segregation", "S1", event, "actor.id", event.person)
        if people & {*part.passed}:
            self.blame("segregation", "S2", event, "actor.id", event.person)
        passed = event.kind == "document.reviewed"
        if not passed:
            self.part_reason(event, data["reason"])
        turn = "finance_performance" if passed and event.role == "department_finance" else ""
        told = (*part.passed, *(people if passed else ()))
        self.parts[event.stream] = part._replace(turn=turn, passed=told, since=event.at, due="", calendar="", late=False)

    def part_clock(self, event: Event, part: FiledPart) -> None:
        """The system says until when the office whose turn it is owes its review, or that this moment is over."""
        data, (_, department, bureau) = event.data, part.organs
        self.by_the_system(event)
        organ = department if part.turn == "department_finance" else bureau
        for field, wanted in (("number", part.number), ("role", part.turn or "nobody's turn"), ("organ", organ)):
            if data[field] != wanted:
                self.blame("steps", "value", event, f"data.{field}", data[field], str(wanted))
        if event.kind == "document.due_set":
            self.part_due(event, part)
            self.parts[event.stream] = part._replace(due=data["due_at"], calendar=data["calendar"], late=False)
            return
        if data["due_at"] != part.due or part.late or data["rule"] != "deadline.passed":
            self.blame("steps", "value", event, "data.due_at", data["due_at"], part.due or "document.due_set")
        elif event.at < later(moment_of(part.due), -CLOCKS_APART):
            self.blame("steps", "value", event, "at", event.at, part.due)
        self.parts[event.stream] = part._replace(late=True)

    def part_due(self, event: Event, part: FiledPart) -> None:
        """A review is due by the clock of the office's node, from its turn on, not before a first table was submitted."""
        data, tables = event.data, [derived(event.stream, str(number)) for number in range(part.tables)]
        self.check_due(event, began=data["since"][:10])
        if part.due and (part.calendar == data["calendar"] or moment_of(part.due) <= event.at):
            self.blame("steps", "value", event, "data.due_at", data["due_at"], part.due)
        known = [self.firsts[table] for table in tables if table in self.firsts]
        complete = all(table in self.tables for table in tables)
        since = max(part.since, min(known)) if known else ""
        if complete and moment_of(data["since"]) != since:
            self.blame("steps", "value", event, "data.since", data["since"], since or "table.submitted")
        first = self.tables.get(tables[0])
        node = first.chain.of_office(part.turn) if first is not None and first.chain is not None else None
        if node is None:
            return
        if data["rule"] != f"node:{node.name}":
            self.blame("steps", "value", event, "data.rule", data["rule"], f"node:{node.name}")
        self.part_counted(event, node, part.organs[2])

    def part_counted(self, event: Event, node: Node, bureau: str) -> None:
        """The due day is the node's, counted by the calendar named; by the one that ships, not before as many days."""
        data, (clock, value) = event.data, node.clock
        day, calendar = beijing_day(moment_of(data["since"])), self.calendars.get(data["calendar"])
        if clock == "working_days" and calendar is None:
            earliest = days_on(day, value)
            if beijing_day(moment_of(data["due_at"])) < earliest:
                self.blame("steps", "value", event, "data.due_at", data["due_at"], f">= {earliest}")
            return
        if clock == "working_days" and calendar is not None:
            wanted, provisional = calendar.counted(day, value, bureau)
            if data["provisional"] != provisional:
                self.blame("steps", "value", event, "data.provisional", data["provisional"], str(provisional))
        else:
            wanted = days_on(day, value) if clock == "calendar_days" else next_day(day, value)
        if data["due_at"] != f"{wanted}T10:00:00+00:00":
            self.blame("steps", "value", event, "data.due_at", data["due_at"], f"{wanted}T10:00:00+00:00")

    def part_reason(self, event: Event, said: Any) -> None:
        word = self.word(said)
        if type(word) is str and len(word.strip()) < SHORTEST_REASON:
            self.blame("steps", "value", event, "data.reason", word, f">= {SHORTEST_REASON}")

    def publication(self, event: Event) -> None:
        """A definition or a rule pack is published on the stream of its name, under four eyes (S9).

        Unproposed it is only where a table's beginning records what ships: a chain as the first under its name.
        """
        subject, name = event.place.subject, event.data["name"]
        if event.stream != derived(PEOPLE, f"{subject}:{name}"):
            self.blame("steps", "value", event, "stream", event.stream, "the stream of its name")
        content = self.contents.of(event.data["content_hash"])
        if not isinstance(content, dict) or content.get("name") != name:
            self.blame("contents", "content", event, "data.name", name, "the content's name")
        if event.person != "system":
            self.held(event)
        if event.kind in ("definition.proposed", "rule_pack.proposed", "calendar.proposed", "template.proposed"):
            if event.role != "process_admin" or event.data["by"] != event.person:
                self.blame("posts", "person", event, "actor.role", event.role, "process_admin")
            self.proposers.setdefault(event.data["content_hash"], set()).add(event.person)
            return
        authors = self.proposers.pop(event.data["content_hash"], set())
        founding = event.role != "process_admin" and (subject != "definition" or name not in self.founded) and subject != "template"
        if event.person in authors or not (authors or founding or not self.bundle.whole):
            self.blame("segregation", "S9", event, "actor.id", event.person)
        self.founded.add(name if subject == "definition" else "")
        self.published.add(event.data["content_hash"])
        if event.kind == "calendar.published":
            self.calendar_comes(event, content)
        if event.kind == "template.published":
            self.words_come(event, content)

    def words_come(self, event: Event, content: Any) -> None:
        """A notice's own words come into force: a subject and a text, or that the shipped ones come back."""
        if not isinstance(content, dict):
            return
        own = set(content) == {"format", "name", "subject", "text"} and all(isinstance(content[each], str) and content[each].strip() for each in ("subject", "text"))
        if not own and not (set(content) == {"format", "name", "shipped"} and content["shipped"] is True):
            self.blame("contents", "content", event, "data.content_hash", event.data["content_hash"], "words")

    def resent(self, event: Event) -> None:
        """A notice goes out again on its own stream, by a system administrator or by the person whom it is for."""
        data = event.data
        self.held(event)
        if event.stream != data["notice"] or data["again"] == data["notice"]:
            self.blame("steps", "value", event, "data.notice", data["notice"], event.stream)
        if event.role != "system_admin" and event.person != data["receiver"]:
            self.blame("posts", "person", event, "actor.role", event.role, "system_admin")

    def mobile_changed(self, event: Event) -> None:
        """Whoever gives, changes or takes away a mobile number does so for himself; the number itself is nowhere."""
        data = event.data
        if event.person != data["person"]:
            self.blame("posts", "person", event, "data.person", data["person"], event.person)
        if data["change"] not in ("set", "changed", "removed"):
            self.blame("steps", "value", event, "data.change", data["change"], "set")

    def calendar_comes(self, event: Event, content: Any) -> None:
        """A calendar comes into force: each day lies in its year, none is off and worked, who makes up does so at a weekend."""
        version = event.data["content_hash"]
        if event.role != "process_admin":
            self.blame("posts", "person", event, "actor.role", event.role, "process_admin")
        try:
            for each in (*content["years"], *content["local"]):
                off, made_up = set(each["days_off"]), set(each["make_up_days"])
                wrong = [day for day in sorted(off | made_up) if dt.date.fromisoformat(day).year != each["year"]]
                wrong += [day for day in sorted(made_up) if dt.date.fromisoformat(day).weekday() < 5 or day in off]
                if wrong:
                    self.blame("contents", "content", event, "data.content_hash", wrong[0], "a sound calendar")
            self.calendars[version] = WorkCalendar(content)
        except (KeyError, TypeError, ValueError, AttributeError) as wrong_form:
            self.blame("contents", "content", event, "data.content_hash", str(wrong_form), "a calendar")
        self.calendar_now = version

    def reply(self, event: Event) -> None:
        """A reply document names exactly the tables that came into force under it, each with that content's hash."""
        data, told = event.data, self.replies.pop(event.stream, {})
        self.held(event)
        if event.behalf and self.posts.covers.get(event.cover, ({"deputy": ""}, "", ""))[0]["deputy"] != event.person:
            self.blame("posts", "cover", event, "actor.on_behalf_of", event.person, event.behalf)
        named = dict(zip(data["tables"], data["content_hashes"]))
        if len(named) != len(data["tables"]) or len(data["tables"]) != len(data["content_hashes"]):
            self.blame("steps", "reply", event, "data.tables", "number")
        for table, (content_hash, doc_no, _, command) in told.items():
            if command != event.command:
                self.blame("steps", "reply", event, "command_id", table)
            if named.get(table) != content_hash or doc_no != data["doc_no"]:
                self.blame("steps", "reply", event, "data.content_hashes", table)
        missing = sorted(set(named) - set(told))
        if missing and (self.bundle.whole or set(missing) & set(self.tables)):
            self.blame("steps", "reply", event, "data.tables", missing[0])
        if event.role != "finance_budget":
            self.blame("posts", "person", event, "actor.role", event.role, "finance_budget")

    def erasure(self, event: Event) -> None:
        """A request for an erasure waits for its second person until it is confirmed or declined."""
        data, table = event.data, self.tables.get(event.data["table"])
        if table is not None and table.stage:
            self.guardian(table, event)
        elif self.bundle.whole:
            self.blame("steps", "value", event, "data.table", data["table"], "a table")
        if event.kind == "erasure.requested":
            targets = tuple(target.get("commitment") for target in data["targets"])
            self.erasures[event.stream] = (data["table"], targets, data["ground"], event.person)
        elif self.erasures.pop(event.stream, ("",))[0] != data["table"]:
            self.blame("steps", "step", event, "kind", event.kind, "erasure.requested")

    # -- the end ------------------------------------------------------------------------------------------------------

    def end(self) -> None:
        """No step is left half recorded, no reply without its document, no named table without its events."""
        for table in self.tables.values():
            if table.paper and not table.broken:
                table.todo = table.todo or [("task.decided", {})]
            if table.todo and not table.broken:
                self.report.add("steps", "unfinished", last_place(table), "kind", wanted=table.todo[0][0])
                table.broken = True
        self.no_draw_without_its_event()
        self.no_amount_without_its_file()
        self.no_table_passed_on_without_its_document()
        self.no_revision_without_its_end()
        for reply, told in self.replies.items():
            place = min((place for _, _, place, _ in told.values()), key=lambda place: place.event or 0)
            self.report.add("steps", "reply", place, "data.reply", reply)
        if self.bundle.manifest["scope"]["kind"] in ("all", "year"):
            for document, (place, _, tables, *_) in self.documents.items():
                lost = [number for number in range(tables) if derived(document, str(number)) not in self.tables]
                if lost:
                    self.report.add("steps", "value", place, "data.tables", lost[0] + 1, "table.imported")

    def no_revision_without_its_end(self) -> None:
        """What a revision became is told on the table that it revises, and an open one has its own table."""
        for revised, (revision, _, _, place) in self.over.items():
            self.report.add("steps", "unfinished", place, "data.table", revised, f"the end of {revision}")
        for table in self.tables.values():
            if table.revision and table.revision not in self.tables:
                self.report.add("steps", "unfinished", last_place(table), "data.revision", table.revision, "table.created")


def nothing(_judge: Judge, _table: Table, _event: Event) -> None:
    """Some events change no state."""


OPENERS: Dict[str, Callable[[Judge, Table, Event, Optional[Desk]], Todo]] = {
    "table.submitted": Judge.open_submitted, "table.withdrawn": Judge.open_withdrawn, "task.decided": Judge.open_decided,
    "confirmation.requested": Judge.open_requested, "confirmation.given": Judge.open_given, "confirmation.refused": Judge.open_declined,
    "task.overdue": Judge.open_overdue, "monitoring.opened": Judge.open_window, "monitoring.filed": Judge.open_filed,
    "monitoring.accepted": Judge.open_accepted, "monitoring.returned": Judge.open_window_returned,
    "node.superseded": Judge.open_overtaken, "selfeval.opened": Judge.open_evaluation, "selfeval.filed": Judge.open_evaluated,
    "selfeval.rescored": Judge.open_rescored, "selfeval.drawn": Judge.open_drawn, "rectification.ordered": Judge.open_ordered,
    "evaluation.opened": Judge.open_assessment, "recommendation.made": Judge.open_assessment, "recommendation.accepted": Judge.open_recommendation_answered,
    "recommendation.rejected": Judge.open_recommendation_answered, "recommendation.implemented": Judge.open_implemented,
    "expert.assigned": Judge.open_expert, "expert.declared": Judge.open_relation, "expert.scored": Judge.open_expertise,
    "appraisal.filed": Judge.open_appraised, "appraisal.checked": Judge.open_appraisal_checked, "appraisal.waived": Judge.open_appraisal_waived,
    "disclosure.reviewed": Judge.open_secrecy, "execution.recorded": Judge.open_execution, "rectification.done": Judge.open_mended, "rectification.verified": Judge.open_looked_at,
    "selfeval.accepted": Judge.open_agreed, "selfeval.returned": Judge.open_evaluation_returned, "node.completed": Judge.open_closing,
    "attachment.added": Judge.open_attached, "attachment.withdrawn": Judge.open_taken_back,
    "payload.erased": Judge.open_erased, "hold.placed": Judge.open_hold, "hold.lifted": Judge.open_hold,
    "task.opened": Judge.open_opened, "task.claimed": Judge.open_claimed, "task.released": Judge.open_released,
    "task.transferred": Judge.open_transferred, "task.delegated": Judge.open_delegated, "task.delegation_returned": Judge.open_undelegated,
    "task.signer_added": Judge.open_added, "task.unassignable": Judge.open_unassignable, "task.due_set": Judge.open_recounted, "task.urged": Judge.open_urged,
    "opinion.asked": Judge.open_asked, "extension.asked": Judge.open_asked, "opinion.given": Judge.open_answered,
    "extension.granted": Judge.open_answered, "extension.refused": Judge.open_answered, "copy.sent": Judge.open_copied,
    "project.paused": Judge.open_paused, "project.resumed": Judge.open_unpaused,
    "copy.read": Judge.open_read, "copy.deemed_read": Judge.open_deemed, "task.escalated": Judge.open_escalated, "table.suspended": Judge.open_suspended, "table.resumed": Judge.open_resumed,
    "table.handed_over": Judge.open_handed_over, "thread.opened": Judge.open_commented, "thread.answered": Judge.open_comment_answered,
    "review.scored": Judge.open_scored, "amendment.proposed": Judge.open_proposed, "amendment.confirmed": Judge.open_amended,
    "amendment.rejected": Judge.open_unamended,
    "revision.asked": Judge.open_late_revision, "table.passed_on": Judge.open_passed_on,
    "revision.opened": Judge.open_revision, "revision.approved": Judge.open_approved, "revision.refused": Judge.open_unrevised,
    "revision.abandoned": Judge.open_unrevised,
    "thread.resolved": Judge.open_comment_resolved, "task.superseded": Judge.open_superseded, "task.recalled": Judge.open_recalled,
    "correction.opened": Judge.open_correction, "admin.proposed": Judge.open_intervention,
}
EFFECTS: Dict[str, Callable[[Judge, Table, Event], None]] = {
    "table.created": Judge.created, "revision.opened": Judge.revision_opened, "revision.approved": Judge.revision_approved,
    "revision.refused": Judge.revision_ended, "revision.abandoned": Judge.revision_ended,
    "table.imported": Judge.born, "table.submitted": Judge.submitted, "table.withdrawn": Judge.withdrawn,
    "table.returned": Judge.returned, "table.replied": Judge.replied, "table.refused": Judge.ended, "table.voided": Judge.ended,
    "table.terminated": Judge.ended, "table.closed": Judge.ended, "node.entered": Judge.entered, "node.completed": Judge.left_behind,
    "node.shared": Judge.shared_out, "task.superseded": Judge.task_over, "route.chosen": Judge.passed_by, "route.shortened": Judge.passed_by,
    "node.superseded": Judge.left_behind, "task.decided": Judge.decided, "task.overdue": Judge.overdue,
    "confirmation.requested": Judge.requested, "confirmation.given": Judge.request_over, "confirmation.refused": Judge.request_over,
    "monitoring.opened": Judge.window_opened, "monitoring.filed": Judge.window_filed, "monitoring.accepted": Judge.window_accepted,
    "monitoring.returned": Judge.window_returned, "selfeval.opened": Judge.evaluation_opened, "selfeval.filed": Judge.evaluated,
    "selfeval.rescored": Judge.rescored, "selfeval.drawn": Judge.drawn, "rectification.ordered": Judge.ordered,
    "evaluation.opened": Judge.assessment, "evaluation.reported": Judge.assessed, "recommendation.made": Judge.recommended,
    "recommendation.accepted": Judge.recommendation_answered, "recommendation.rejected": Judge.recommendation_answered,
    "recommendation.implemented": Judge.implemented, "component.recorded": Judge.component,
    "expert.assigned": Judge.expert, "expert.declared": Judge.relation, "expert.scored": Judge.expertise,
    "appraisal.filed": Judge.appraised, "appraisal.checked": Judge.appraisal_checked, "appraisal.waived": Judge.appraisal_waived,
    "disclosure.reviewed": Judge.secrecy, "execution.recorded": Judge.executes, "rectification.done": Judge.mended, "rectification.verified": Judge.looked_at,
    "selfeval.accepted": Judge.agreed, "selfeval.returned": Judge.evaluation_returned, "attachment.added": Judge.attached,
    "attachment.withdrawn": Judge.taken_back, "attachment.redacted": Judge.redacted, "hold.placed": Judge.hold, "hold.lifted": Judge.hold,
    "task.opened": Judge.opened, "task.claimed": Judge.claimed, "task.released": Judge.released, "task.transferred": Judge.transferred,
    "task.delegated": Judge.delegated, "task.delegation_returned": Judge.undelegated, "task.signer_added": Judge.added,
    "task.unassignable": Judge.unassignable, "task.due_set": Judge.due_set, "task.urged": Judge.urged, "opinion.asked": Judge.asked,
    "extension.asked": Judge.asked, "opinion.given": Judge.answered, "extension.granted": Judge.answered, "extension.refused": Judge.answered,
    "project.paused": Judge.paused, "project.resumed": Judge.unpaused,
    "copy.sent": Judge.copied, "copy.read": Judge.copy_read, "copy.term_set": Judge.term_set, "copy.deemed_read": Judge.deemed_read, "task.escalated": Judge.escalated, "table.suspended": Judge.suspended, "table.resumed": Judge.resumed,
    "table.handed_over": Judge.handed_over, "thread.opened": Judge.commented, "thread.answered": Judge.comment_answered,
    "review.scored": Judge.scored, "amendment.proposed": Judge.proposes, "amendment.confirmed": Judge.amends,
    "amendment.rejected": Judge.unamended,
    "thread.resolved": Judge.comment_resolved, "task.recalled": Judge.recalled, "correction.opened": Judge.proposed,
    "revision.asked": Judge.proposed, "table.passed_on": Judge.passed_on,
    "correction.applied": Judge.corrected, "admin.proposed": Judge.proposed, "admin.intervened": Judge.intervened, "paper.entered": Judge.proposed,
}
CAMPAIGN_STEPS: Dict[str, Callable[[Judge, Event, Campaign], None]] = {
    "campaign.extended": Judge.campaign_grows, "campaign.closed": Judge.campaign_ends, "campaign.urged": Judge.campaign_urges,
}
BESIDE_TABLES: Dict[str, Callable[[Judge, Event], None]] = {
    **dict.fromkeys(
        ("definition.proposed", "definition.published", "rule_pack.proposed", "rule_pack.published",
         "calendar.proposed", "calendar.published", "template.proposed", "template.published"), Judge.publication),
    "notice.resent": Judge.resent,
    "account.mobile_changed": Judge.mobile_changed,
    "library.entry_added": Judge.library, "library.entry_retired": Judge.library,
    "referral.made": Judge.referred, "referral.answered": Judge.referral_answered,
    **dict.fromkeys(
        ("campaign.opened", "campaign.extended", "campaign.closed", "campaign.urged", "campaign.declared"), Judge.campaign),
    "reply.passed_on": Judge.passing, "budget.approved": Judge.budget, "budget.correction_asked": Judge.budget_amiss, "budget.corrected": Judge.budget_corrected, "reply.issued": Judge.reply, "sampling.drawn": Judge.sampling, "disclosure.released": Judge.release,
    "accounts.approved": Judge.accounts_approved, "accounts.correction_asked": Judge.accounts_amiss, "accounts.corrected": Judge.accounts_corrected,
}
"""What is said on other subjects and judged by what the tables say."""
PROPOSALS = {"correct": "correction.opened", "intervene": "admin.proposed", "enter_paper": "paper.entered", "adjust_late": "revision.asked"}
"""What waits for a second person beside the ends of a table, and the event that says what exactly."""
ERASED = "（内容已依法删除）"
"""What the product shows in place of erased words."""


def files_hash(table: Table) -> str:
    """Return the fingerprint of the files that lie with a table: over their commitments, one a line, the erased ones left out."""
    return sha256("\n".join(each["commitment"] for each in table.attachments if not each["erased"]).encode()).hexdigest()


def mends_what_was_asked(fields: Sequence[str], places: Sequence[str], was: Sequence[str], now: Sequence[str]) -> bool:
    """Whether nothing was changed but what a return is about: places, explanations to findings there, rows where they stand."""
    asked, rows = [each for each in fields if each != EXPLANATIONS], (*now, *was[len(now):])
    for number in range(len(rows)):
        one, two = was[number:number + 1], now[number:number + 1]
        if one != two and not all(lies_in(f"/indicators/{row}", asked) for row in (*one, *two)):
            return False
    return all(
        lies_in(place, asked) or (lies_in(place, (EXPLANATIONS,)) and lies_in(explained_place(place, rows), asked)) for place in places
    )


def is_points(text: Any, most: Decimal) -> bool:
    """Whether a text is a number of points from nothing up to these."""
    return type(text) is str and POINTS.fullmatch(text) is not None and Decimal(text) <= most


def may_be_completed(place: str, rules: Dict[str, Any]) -> bool:
    """Whether the pack lets a reviewer complete this place: a goal, or a named field of a row."""
    parts = place.split("/")[1:]
    if parts[0] == "goals":
        return bool(rules["goals"]) and len(parts) == 2
    return parts[0] == "indicators" and len(parts) > 2 and parts[2] in rules["fields"]


def lies_in(place: str, asked: Sequence[str]) -> bool:
    """Whether a place is one of those asked, or inside one."""
    return any(place == each or place.startswith(f"{each}/") for each in asked)


def explained_place(place: str, rows: Sequence[str]) -> str:
    """Return what an explanation under its rule and place is about, a row by its id instead of by its number."""
    parts = place[len(EXPLANATIONS) + 1:].partition("@")[2].split("/")
    if len(parts) > 2 and parts[1] == "indicators":
        parts[2] = {str(number): row for number, row in enumerate(rows)}.get(parts[2], "")
    return "/".join(parts)


def expect(event: Event, wanted: Dict[str, Any]) -> None:
    """The event's data hold these values; a frozenset holds the values of which one must stand there."""
    data = event.data
    for field, value in wanted.items():
        found = data[field]
        if type(value) is frozenset:
            if found not in value:
                raise Broken("value", f"data.{field}", found, " / ".join(sorted(map(str, value))))
        elif found != value or type(found) is not type(value) or (type(value) is list and WRITTEN.encode(found) != WRITTEN.encode(value)):
            raise Broken("value", f"data.{field}", found, value)


LIBRARIES = "5b0e8f0c-6a53-5a0e-9c55-0d2f6b7a4e11"
"""Namespace of the bureaus' libraries of indicators."""
YEAR_SAID = re.compile(r"20\d\d年(?:度)?")
SIGNS_SAID = re.compile("[\\s,，、。．.;；:：!！?？()（）《》<>〈〉“”\"'‘’\\[\\]【】/／—－-]+")


def plain_name(text: str) -> str:
    """Return a name without blanks, signs of writing and years."""
    return SIGNS_SAID.sub("", YEAR_SAID.sub("", text))


def expect_post(event: Event, role: str, organ: str, judge: Judge) -> None:
    """The event is signed under this very post."""
    if (event.role, event.organ) != (role, organ):
        judge.blame("posts", "person", event, "actor.role", event.role, f"{role} {organ}")


def as_recorded(inputs: Dict[str, Any]) -> List[Dict[str, Any]]:
    """Return the values of conditions as an event names them: by name, amounts as text."""
    return [{"name": name, "value": str(value) if isinstance(value, Decimal) else value} for name, value in sorted(inputs.items())]


def signers_of(table: Table, desk: Desk, outcome: str) -> List[Signer]:
    """Return a node's signers as they stand once the one at this desk has voted."""
    now = "pass" if outcome == "pass" else "against"
    return [Signer(signer.group, now, signer.added) if task == desk.task else signer for signer, task in tasked_signers(table, desk.node)]


def tasked_signers(table: Table, node: str) -> List[Tuple[Signer, str]]:
    """Return a node's signers as they stand, each with the task that is open for him."""
    cast = [(Signer(vote.group, "pass" if vote.outcome == "pass" else "against", vote.must), "") for vote in table.votes if vote.node == node]
    return cast + [(Signer(desk.group, "", desk.must), desk.task) for desk in table.desks if desk.node == node]


def follow_trails(table: Table, event: Event) -> None:
    """Take down what follows from a decision in its own step, and whether others then laid hands on it."""
    data = event.data
    for trail in table.trails.values():
        if trail.command == event.command:
            if event.kind == "node.entered":
                trail.opened.add(data["task"])
            elif event.kind == "node.shared":
                trail.opened.update(str(task.get("task")) for task in data["tasks"])
            elif event.kind in ("route.chosen", "route.shortened"):
                trail.passed += data["passed_over"]
        elif event.kind not in HARMLESS and (data.get("task") in trail.opened or data.get("anchor") in trail.opened):
            trail.touched = True


def left(desk: Optional[Desk]) -> Tuple[str, Dict[str, Any]]:
    """Return the fact that a desk finished its work."""
    return "node.completed", {"node": desk.node, "round": desk.round} if desk else {}


def overtaken(table: Table, but: str = "") -> Todo:
    """Return the facts that every active node (but one) is overtaken: each task is closed, the node with its last."""
    desks = [desk for desk in table.desks if desk.node != but]
    last = {desk.node: desk for desk in desks}
    return [
        ("node.superseded" if last[desk.node] is desk else "task.superseded", {"node": desk.node, "round": desk.round, "task": desk.task})
        for desk in desks
    ]  # fmt: skip


def drawn_by(data: Dict[str, Any]) -> List[Tuple[str, str]]:
    """Draw again: whatever stands out, then by lot from the seed a share of the rest, rounded up (domain.md 9.6)."""
    rules, named, rest = data["rules"], [], []  # type: Dict[str, Any], List[Tuple[str, str]], List[str]
    totals = {Decimal(each) for each in rules["totals"]}
    for each in data["candidates"]:
        total, last = Decimal(each["total"]), each["last"]
        jumped = last is not None and abs(total - Decimal(last)) > Decimal(rules["jump"])
        why = "grade" if each["grade"] in rules["grades"] else "total" if total in totals else "jump" if jumped else ""
        if why:
            named.append((each["table"], why))
        else:
            rest.append(each["table"])
    rest.sort(key=lambda table: sha256(f"{data['seed']}\n{table}".encode()).hexdigest())
    whole, more = divmod(Decimal(data["percent"]) * len(rest), 100)
    share = int(whole) + (1 if more else 0)
    return [*sorted(named), *((table, "lot") for table in rest[:share])]


def digest_of(value: Any) -> bytes:
    """Return the hash of a value's canonical bytes."""
    return sha256(WRITTEN.encode(value).encode("utf-8")).digest()


def beijing_day(at: str) -> str:
    """Return the date in Beijing of a moment."""
    return later(at, 8 * 3600)[:10]


def is_day(text: str) -> bool:
    """Whether a text is a date, YYYY-MM-DD."""
    try:
        return dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def days_on(day: str, count: int) -> str:
    """Return the day so many calendar days later; ValueError for no day."""
    return (dt.date.fromisoformat(day) + dt.timedelta(days=count)).isoformat()


def executed_lines(content: Any, part: str) -> List[Dict[str, Any]]:
    """Return the lines of a file of executed amounts: those that found a table, or the rest."""
    lines = content.get(part) if isinstance(content, dict) else None
    return [each for each in lines if isinstance(each, dict)] if isinstance(lines, list) else []


def executed_sum(lines: List[Dict[str, Any]]) -> Decimal:
    """Return what lines of a file say was executed, in the file's unit; what is no number counts nothing."""
    return sum((amount(str(each.get("executed"))) or Decimal(0) for each in lines), Decimal(0))


def year_day(year: int, month_day: str) -> str:
    """Return a day of a pack (MM-DD) in a year; the 29th of February may be the 28th."""
    month, day = (int(part) for part in month_day.split("-"))
    return min(f"{year:04d}-{month:02d}-{day:02d}", month_end(year, month))


class WorkCalendar:
    """A published calendar: which days are off or worked, in the country and at each bureau's place."""

    def __init__(self, content: Dict[str, Any]) -> None:
        self.years = {each["year"] for each in content["years"]}
        self.days: Dict[str, Dict[str, bool]] = {"": {}}
        for each in (*content["years"], *content["local"]):
            days = self.days.setdefault(each.get("organ", ""), {})
            days.update(dict.fromkeys(each["days_off"], False))
        for each in (*content["years"], *content["local"]):
            self.days[each.get("organ", "")].update(dict.fromkeys(each["make_up_days"], True))

    def works(self, day: str, organ: str) -> bool:
        """Whether people work that day at a bureau's place: who makes up works, a holiday is off, else Monday to Friday."""
        said = [self.days[place][day] for place in {"", organ} if day in self.days.get(place, {})]
        if any(said):
            return True
        guessed = int(day[:4]) not in self.years and day[5:] in GUESSED_HOLIDAYS
        return not said and not guessed and dt.date.fromisoformat(day).weekday() < 5

    def beside(self, day: str, count: int, organ: str) -> str:
        """Return the working day so many before or after a day, which counts as the last worked one where it is off."""
        while not self.works(day, organ):
            day = days_on(day, -1)
        while count:
            day = days_on(day, 1 if count > 0 else -1)
            count -= (1 if count > 0 else -1) if self.works(day, organ) else 0
        return day

    def within(self, first: str, last: str, organ: str) -> int:
        """Count the working days after a day up to and with another."""
        length = (dt.date.fromisoformat(last) - dt.date.fromisoformat(first)).days
        return sum(self.works(days_on(first, number), organ) for number in range(1, length + 1))

    def counted(self, day: str, count: int, organ: str) -> Tuple[str, bool]:
        """Return the count-th working day after a day, the day itself or the next for 0; and whether that is provisional."""
        official, left = int(day[:4]) in self.years, count
        while left or not self.works(day, organ):
            day = days_on(day, 1)
            official = official and int(day[:4]) in self.years
            left -= 1 if left and self.works(day, organ) else 0
        return day, not official


GUESSED_HOLIDAYS = frozenset({"01-01", "05-01", "05-02", "05-03", "10-01", "10-02", "10-03"})
"""Days off in years without a notice."""


def next_day(day: str, month_day: str) -> str:
    """Return the first MM-DD on or after a day; the 29th of February may be the 28th."""
    years = (int(day[:4]), int(day[:4]) + 1)
    return next(found for found in (year_day(year, month_day) for year in years) if found >= day)


def published_calendar(version: Any) -> str:
    """Return the version of a calendar that was published under its hash; nothing for the one that ships."""
    return version if type(version) is str and len(version) == 64 and not set(version) - set("0123456789abcdef") else ""


def moment_of(text: str) -> str:
    """Return a stored due moment (ISO, +00:00) as events write moments."""
    seconds, _, rest = text.replace("+00:00", "").partition(".")
    return f"{seconds}.{rest:0<6}Z"


def apart(earlier: str, later: str) -> dt.timedelta:
    """Return how far two moments of events lie apart."""
    return datetime_of(later) - datetime_of(earlier)


def shown_moment(at: str) -> str:
    """Return a moment of an event as the product's state shows it."""
    return at.replace(".000000Z", "+00:00").replace("Z", "+00:00")


# ---------------------------------------------------------------------------------------------------------------------
# 13. The state: what the replay found, against what the product shows
# ---------------------------------------------------------------------------------------------------------------------

SHOWN = (*BORN, "id", "version", "stage", "round", "submitter", "disclosure", "in_force", "returned_from", "doc_no",
         "self_evaluation_opens", "self_evaluation_due", "held")
DESK_SHOWN = ("node", "stage", "round", "task", "role", "organ", "person", "level", "due_at", "provisional", "overdue", "group", "waits_for",
              "must", "anchor", "added_by", "claimed_by", "delegated_to", "opened_by", "claimed_until", "depth", "urged_at", "clock", "due_set_at", "calendar",
              "unassignable", "escalated")
QUIET = frozenset({"experts", "appraisal", "assessments", "recommendations", "components", "group", "waits_for", "must", "anchor", "added_by", "claimed_by", "delegated_to", "opened_by", "behalf",
                   "returned", "answered", "passed_over", "aside", "threads", "claimed_until", "depth", "urged_at", "clock", "due_set_at", "calendar", "unassignable", "received",
                   "inquiries", "copies", "suspended", "resumptions", "intervened", "files", "rescores", "drawn", "rectifications", "reviews", "amendment", "amended", "key_by", "completed", "void",
                   "origin", "source", "revision_number", "revision", "revisions", "versions", "executions", "secrecy",
                   "replied", "late_revisions", "pauses", "escalated", "read_due", "read_by_rule", "evaluated"})  # fmt: skip
"""Fields that a state leaves out while they are empty."""
WINDOW_SHOWN = ("window", "name", "date", "planned_percent", "source", "state", "colour", "execution_rate", "deviation", "filed_by",
                "returned_reason")


def replayed(table: Table) -> Dict[str, Any]:
    """Return the table's state as the product writes it, without figures and scores (compared by their hashes)."""
    return spoken({name: getattr(table, name) for name in SHOWN} | {
        "head": table.head.hex(), "last_at": shown_moment(table.last_at), "authors": sorted(table.authors), "returned_reason": table.returned_reason,
        "desks": [spoken({name: getattr(desk, name) for name in DESK_SHOWN} | {"entered_at": shown_moment(desk.entered_at)}) for desk in table.desks],
        "votes": [spoken(vote._asdict()) for vote in table.votes],
        "deciders": [spoken(decider._asdict()) for decider in table.deciders],
        "request": table.request, "ended_reason": table.ended_reason, "attachments": table.attachments,
        "windows": [{name: getattr(window, name) for name in WINDOW_SHOWN} | {"figures": figures_of(window)} for window in table.windows],
        "evaluation": table.evaluation, "returned": table.returned, "answered": table.answered, "passed_over": table.passed_over, "aside": table.aside,
        "threads": table.threads, "received": table.received, "inquiries": table.inquiries, "copies": table.copies,
        "suspended": table.suspended, "resumptions": table.resumptions, "intervened": table.intervened,
        "experts": table.experts, "appraisal": table.appraisal, "assessments": table.assessments, "recommendations": table.recommendations, "components": table.components,
        "rescores": table.rescores, "drawn": table.drawn, "rectifications": table.rectifications,
        "reviews": table.reviews, "amendment": table.amendment, "amended": table.amended, "key_by": table.key_by,
        "origin": table.origin, "source": table.source, "revision_number": table.revision_number, "revision": table.revision,
        "revisions": table.revisions, "versions": table.versions, "executions": table.executions, "secrecy": table.secrecy,
        "replied": table.replied, "late_revisions": table.late_revisions, "pauses": table.pauses,
    })  # fmt: skip


def spoken(state: Dict[str, Any]) -> Dict[str, Any]:
    """Leave the quiet fields out that are empty."""
    return {name: value for name, value in state.items() if value or name not in QUIET}


class Figures(NamedTuple):
    """A window's figures: the hash of what cannot be erased, and the words beside it."""

    digest: bytes
    words: Tuple[Tuple[str, Word], ...]


def figures_of(window: Window) -> Optional[Figures]:
    """Return the figures of a window for the comparison."""
    return None if window.figures is None else Figures(window.figures, window.words)


class Comparison:
    """Holds shown states against replayed ones and names the first field that differs."""

    def __init__(self, payloads: Payloads) -> None:
        self.late, self.erased = payloads.late, payloads.erased

    def differs(self, shown: Any, wanted: Any, path: str) -> Optional[Tuple[str, Any, Any]]:
        """Return the first difference as (field, shown, wanted)."""
        if isinstance(wanted, Figures):
            return self.figures_differ(shown, wanted, path)
        if isinstance(wanted, bytes):
            return None if digest_of(shown) == wanted else (path, shown, "figures as recorded")
        if isinstance(wanted, tuple):
            return self.words_differ(shown, wanted[0], path)
        if isinstance(wanted, dict) and isinstance(shown, dict):
            return self.first((shown.get(key), wanted.get(key), f"{path}.{key}") for key in sorted({*wanted, *map(str, shown)}))
        if isinstance(wanted, list) and isinstance(shown, list) and len(wanted) == len(shown):
            return self.first((one, two, f"{path}[{number}]") for number, (one, two) in enumerate(zip(shown, wanted)))
        if isinstance(wanted, str) and shown == ERASED and wanted != ERASED:
            return path, shown, wanted
        return None if shown == wanted and type(shown) is type(wanted) else (path, shown, wanted)

    def first(self, pairs: Any) -> Optional[Tuple[str, Any, Any]]:
        """Return the first difference among pairs."""
        return next((found for one, two, path in pairs for found in [self.differs(one, two, path.lstrip("."))] if found), None)

    def words_differ(self, shown: Any, commitment: str, path: str) -> Optional[Tuple[str, Any, Any]]:
        """Words that were not at hand came late, or were erased."""
        wanted = self.late.get(commitment, ERASED if commitment in self.erased else None)
        return None if wanted is None or shown == wanted else (path, shown, wanted)

    def figures_differ(self, shown: Any, wanted: Figures, path: str) -> Optional[Tuple[str, Any, Any]]:
        """Compare figures: the words one by one, the rest by its hash."""
        if not isinstance(shown, dict):
            return path, shown, "figures"
        rest = {name: value for name, value in shown.items() if name not in dict(wanted.words)}
        if digest_of(rest) != wanted.digest:
            return path, WRITTEN.encode(rest), "figures as recorded"
        return self.first((shown.get(name), word, f"{path}.{name}") for name, word in wanted.words)


def last_place(table: Table) -> Place:
    """Return the place of a table's last event."""
    return Place(table.index, table.id, table.version, "table")


def compare_states(bundle: Bundle, judge: Judge, comparison: Comparison, report: Report) -> None:
    """Compare each shown state with the replayed one, field by field; a table whose steps broke is not judged again."""
    seen: Set[str] = set()
    for number, shown in enumerate(bundle.rows(STATE), 1):
        table = judge.tables.get(str(shown.get("id")))
        if table is None or table.id in seen:
            report.add("state", "unnamed", field=f"{STATE}:{number}", seen=shown.get("id"))
            continue
        seen.add(table.id)
        found = None if table.broken else comparison.differs(shown, replayed(table), "")
        if found:
            report.add("state", "shown", last_place(table), *found)
    for missing in sorted(set(judge.tables) - seen):
        report.add("state", "no_state", last_place(judge.tables[missing]), "state")
    count_is_right(bundle, report, "tables", len(seen))
    report.done.add("state")


# ---------------------------------------------------------------------------------------------------------------------
# 14. Pass 3: the meaning of the events
# ---------------------------------------------------------------------------------------------------------------------


def read_meaning(path: str) -> Report:
    """Pass 3: fields, contents, payloads, posts, steps and states."""
    report, bundle = Report(), Bundle(path)
    try:
        bundle.read_manifest()
        Meaning(bundle, report).run()
        bundle.check_digests(report)
    except Flaw as flaw:
        report.take(flaw.finding)
    except MALFORMED as wrong:
        note_broken(report, wrong)
    return report


class Commands:
    """Within a stream a command's events stand together, numbered from 0, and never come again."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.few: Dict[str, bytes] = {}
        self.many: Dict[str, Set[bytes]] = {}
        self.last: Dict[str, Tuple[bytes, int]] = {}

    def check(self, event: Event) -> None:
        """Take an event's command down; one that came before is a finding."""
        command = bytes.fromhex(event.command.replace("-", ""))
        last, step = self.last.get(event.stream, (b"", -1))
        if command == last:
            right = event.step == step + 1
            command = last
        else:
            right = event.step == 0 and self.is_new(event.stream, command)
        if not right:
            self.report.add("commands", "repeated", event.place, "command_id", event.command)
        self.last[event.stream] = (command, event.step)

    def is_new(self, stream: str, command: bytes) -> bool:
        """Whether the stream has not seen this command; a few are kept as one text of bytes, many as a set."""
        many = self.many.get(stream)
        if many is not None:
            new = command not in many
            many.add(command)
            return new
        few = self.few.get(stream, b"")
        known = [few[start : start + 16] for start in range(0, len(few), 16)]
        if len(known) < 64:
            self.few[stream] = few + command
        else:
            self.many[stream] = {*known, command}
            del self.few[stream]
        return command not in known


REVOCATION_LEFT_OUT = (
    "部分包可能略去某人最后一次免岗的记录（它若是此人岗位链上的最后一条）：免岗之后的办理只有全包才看得出来",
    "a partial bundle may leave out a revocation that is a person's last grant event: acts after it show in the full bundle only",
)


class Meaning:
    """The state of pass 3."""

    def __init__(self, bundle: Bundle, report: Report) -> None:
        self.bundle, self.report = bundle, report
        self.contents = Contents()
        self.posts = Posts(report, bundle.whole)
        self.judge = Judge(bundle, report, self.contents, self.posts)
        self.payloads, self.files = Payloads(bundle, report), Files(bundle, report)
        self.commands = Commands(report)
        self.only: Tuple[str, Optional[int]] = ("", None)

    def run(self) -> None:
        receipt = self.bundle.receipt
        self.contents.read(self.bundle, self.report)
        indexes, decode, count = self.bundle.indexes(), json.JSONDecoder().decode, 0
        for line in self.bundle.lines(EVENTS):
            count += 1
            index = next(indexes, -1)
            try:
                self.event(decode(line.decode("utf-8")), index, line)
            except Flaw:
                raise
            except MALFORMED as wrong:
                self.report.add("columns", "malformed", Place(index, *stream_in(line)), seen=f"{type(wrong).__name__} {wrong}")
        if count < self.bundle.manifest["counts"]["events"]:
            self.report.done.add("columns")
            self.report.remark("记录不全：没有核对结尾、引用与状态", "events are missing: ends, references and states were not checked")
            return
        self.payloads.end()
        self.files.end(self.payloads.files)
        self.contents.end(self.report)
        self.report.done |= {"columns", "contents", "payloads", "files"}
        if receipt:
            self.receipt_is_right(count)
            self.report.remark("存证只含一条记录：没有重放，没有核对流程与职责分离", "a receipt holds one event: no replay, no steps, no segregation")
            return
        self.judge.end()
        self.report.done |= {"commands", "steps", "posts", "segregation"}
        self.scope_is_right()
        if not self.bundle.whole:
            self.report.remark(*REVOCATION_LEFT_OUT)
        compare_states(self.bundle, self.judge, Comparison(self.payloads), self.report)

    def scope_is_right(self) -> None:
        """A partial bundle holds what its manifest says that it is about."""
        scope, tables = self.bundle.manifest["scope"], self.judge.tables
        asked = tables.get(scope.get("table", "")) if scope["kind"] == "table" else None
        family = (asked.source or asked.id) if asked else ""
        strangers = [table.id for table in tables.values() if family not in (table.id, table.source)]
        if scope["kind"] == "table" and (strangers or asked is None):
            self.report.add("members", "manifest", field="scope", seen=f"scope: {scope['table']}")
        if scope["kind"] == "year" and any(table.year != scope["year"] for table in tables.values() if not table.broken):
            self.report.add("members", "manifest", field="scope", seen=f"scope: {scope['year']}")

    def receipt_is_right(self, count: int) -> None:
        """A receipt holds the one event that its manifest names."""
        scope = self.bundle.manifest["scope"]
        if count != 1 or self.only != (scope["stream"], scope["version"]):
            self.report.add("members", "manifest", field="scope", seen=f"scope: {scope['stream']} {scope['version']}")

    def event(self, body: Any, index: int, line: bytes) -> None:
        """Check one event's fields and what it names, then let its subject's rules judge it."""
        if type(body) is not dict or type(body.get("kind")) is not str or body["kind"] not in LAYOUTS:
            kind = body.get("kind") if type(body) is dict else body
            self.spoil(Place(index, *stream_in(line)), "unknown_kind", "kind", kind)
            return
        wrong = wrong_column(body)
        if wrong:
            self.spoil(Place(index, *stream_in(line), str(body.get("subject"))), "column", *wrong)
            return
        event = Event(body, index)
        self.only = (event.stream, event.place.version)
        self.contents.check(event, self.report)
        words = self.payloads.of(event, LAYOUTS[event.kind])
        if not self.bundle.receipt:
            self.commands.check(event)
            self.subject(event, words)
            self.posts.pass_by(event)
            if event.place.subject == "table":
                self.judge.tables[event.stream].head = sha256(b"\x00" + line).digest()

    def spoil(self, place: Place, what: str, field: str, seen: object = "", wanted: object = "") -> None:
        """Note an event that cannot be read; its table is not judged any further."""
        self.report.add("columns", what, place, field, seen, wanted)
        table = self.judge.tables.get(place.stream)
        if table is not None:
            table.broken = True

    def subject(self, event: Event, words: Dict[str, str]) -> None:
        """Let the rules of the event's subject judge it."""
        subject, judge = event.place.subject, self.judge
        if event.kind == "payload.erased":
            table = judge.tables.get(event.stream)
            self.payloads.erase(event, table is not None and table.held)
        if subject == "table":
            judge.take(event, words)
        elif event.kind in POSTED:
            POSTED[event.kind](self.posts, event)
        elif event.kind == "document.filed":
            judge.document(event, self.files)
        elif subject == "document":
            judge.part_event(event, words)
        elif event.kind == "execution.imported":
            judge.batch(event, self.files)
        elif event.kind in BESIDE_TABLES:
            BESIDE_TABLES[event.kind](judge, event)
        elif event.kind.startswith("erasure."):
            judge.erasure(event)


# ---------------------------------------------------------------------------------------------------------------------
# 15. Putting it together, and the command line
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


def verify(path: str, anchors: Sequence[Tuple[str, Note]] = (), keys: Sequence[Key] = (), processes: int = 2,
           mode: str = "") -> Verdict:
    """Check a bundle; whatever it is made of, this returns a verdict. `mode` is what its manifest has to say, if given."""
    report = Report()
    manifest: Dict[str, Any] = {}
    try:
        bundle = Bundle(path)
    except MALFORMED as wrong:
        report.add("members", "unreadable", seen=f"{type(wrong).__name__}: {wrong}")
        return Verdict(report.findings, report, manifest)
    try:
        bundle.read_manifest()
        manifest = bundle.manifest
        if mode and manifest["mode"] != mode:
            report.add("members", "mode", field="mode", seen=manifest["mode"], wanted=mode)
        check_members(bundle, report)
        if any(finding.what == "member" for finding in report.findings):
            raise Flaw("members", "malformed", seen=Path(path).name)
        run_passes(bundle, path, report, Notes(bundle, report, keys, anchors), processes)
    except Flaw as flaw:
        report.take(flaw.finding)
    except MALFORMED as wrong:
        note_broken(report, wrong)
    return Verdict(sorted(report.findings, key=Finding.sort_key), report, manifest)


def run_passes(bundle: Bundle, path: str, report: Report, notes: Notes, processes: int) -> None:
    """Read the notes, then the log in three passes: links, meaning, form; two at a time where two cores are."""
    read_small_members(bundle)
    notes.read()
    notes.verify_signatures()
    jobs: Tuple[Tuple[Callable[..., Any], Tuple[Any, ...]], ...] = (
        (read_links, (path, notes.sizes(), notes.times)), (read_meaning, (path,)), (read_forms, (path,)),
    )
    read, meaning, forms = in_two_processes(jobs) if processes > 1 else [job(*given) for job, given in jobs]
    for found in (read.report, forms, meaning):
        report.join(found)
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
        with concurrent.futures.ProcessPoolExecutor(2, initializer=collect_seldom) as pool:
            return [future.result() for future in [pool.submit(job, *given) for job, given in jobs]]
    except (OSError, ImportError, NotImplementedError, concurrent.futures.process.BrokenProcessPool):
        return [job(*given) for job, given in jobs]


def collect_seldom() -> None:
    """What a pass keeps, it keeps to its end, and nothing goes round in circles: Python need not look for garbage so often."""
    gc.set_threshold(50_000, 50, 100)


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
    parser.add_argument("--mode", choices=MODES, default="", help="台账须是这种方式 / the mode that the log must be of")
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
    verdict = verify(options.bundle, anchors, keys, options.processes, options.mode)
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
    lines = [*mode_of(verdict.manifest), f"台账 / log: {clean(verdict.manifest.get('origin', '?'))}  记录 / events: {verdict.manifest.get('size', '?')}  "
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


def mode_of(manifest: Dict[str, Any]) -> List[str]:
    """Return the line that warns of a log whose clock people move."""
    mode = manifest.get("mode", "production")
    return [] if mode == "production" else [f"!! 演示/模拟台账（{mode}）：时钟可拨动 / NOT A PRODUCTION LOG ({mode}): its clock can be moved"]


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
        "exit": verdict.code, "origin": verdict.manifest.get("origin"), "mode": verdict.manifest.get("mode"), "size": verdict.manifest.get("size"), "checks": results,
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
        indexes = bundle.indexes()
        for body in bundle.rows(EVENTS):
            index = next(indexes, -1)
            if body.get("stream") == table:
                told = (index, body.get("version"), body.get("at"), name_and_role(body.get("actor")), body.get("kind"))
                lines.append("  " + "  ".join(clean(str(word)) for word in told))
    except Flaw as flaw:
        lines.append(flaw.finding.said(1))
    if len(lines) == 1:
        lines.append("  本包中没有这张表 / this table is not in this bundle")
    return "\n".join(lines)


def name_and_role(actor: Any) -> str:
    """Return who acted, as a history shows it."""
    return f"{actor.get('name')} ({actor.get('role')})" if isinstance(actor, dict) else "?"


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
