"""The committed list: each way of tampering, what the forger mends afterwards, and where the verifier must point.

`finds` is the exit code, the checks of which one must speak first, and how the place is known:
"index" (exactly the first entry touched), "table" (the stream touched), "range" (between two noted sizes), "named"
(the member or note that the attack touched), or "nothing" where nobody can know.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from tests.support import roster
from tests.tamper.forger import Entry, Forger

CLEAN, TAMPERED, INCOMPLETE = 0, 1, 2


@dataclass(frozen=True)
class Touched:
    """What an attack touched first: a place in the sealed order, a stream, a name."""

    index: int | None = None
    stream: str | None = None
    named: str | None = None


@dataclass(frozen=True)
class Attack:
    """One row of the list."""

    name: str
    chinese: str
    mends: str
    act: Callable[[Forger], Touched]
    exit: int
    place: str


ATTACKS: list[Attack] = []
Act = Callable[[Forger], Touched]


def attack(chinese: str, mends: str, *, exit: int = TAMPERED, place: str = "index") -> Callable[[Act], Act]:  # noqa: A002
    """Put an attack on the list under its function's name."""

    def listed(act: Act) -> Act:
        ATTACKS.append(Attack(act.__name__, chinese, mends, act, exit, place))
        return act

    return listed


def at(forger: Forger, entry: Entry) -> Touched:
    return Touched(forger.index(entry), entry.stream)


def decision(forger: Forger) -> Entry:
    """A decision well below the anchor."""
    return forger.of_kind("task.decided")[0]


# --- clumsy: one thing changed, nothing mended ---------------------------------------------------------------------


@attack("改事件的办理人列", "不修复任何散列", place="nothing", exit=CLEAN)
def column_only(forger: Forger) -> Touched:
    """The columns are only an index of the bytes: what leaves the database is the bytes."""
    entry = decision(forger)
    forger.run("UPDATE log.event SET actor_id = 'nobody' WHERE event_id = %s", forger.index(entry) + 1)
    return at(forger, entry)


@attack("改事件正文一个字节", "不修复任何散列")
def body_byte(forger: Forger) -> Touched:
    entry = decision(forger)
    entry.raw = entry.bytes.replace(b'"outcome":"pass"', b'"outcome":"poss"').replace(b'"return"', b'"ret5rn"')
    forger.write(reseal=False)
    return at(forger, entry)


@attack("改附言（办理意见）文字", "不修复承诺值")
def words(forger: Forger) -> Touched:
    entry = next(each for each in forger.of_kind("task.decided") if each.said["data"]["opinion"])
    bound = entry.said["data"]["opinion"]["committed"]
    forger.run("UPDATE log.payload SET body = %s WHERE commitment = decode(%s, 'hex')", "反对".encode(), bound)
    return at(forger, entry)


@attack("删附言文字而没有删除事件", "不修复")
def words_gone(forger: Forger) -> Touched:
    entry = next(each for each in forger.of_kind("task.decided") if each.said["data"]["opinion"])
    bound = entry.said["data"]["opinion"]["committed"]
    forger.run("DELETE FROM log.payload WHERE commitment = decode(%s, 'hex')", bound)
    return at(forger, entry)


@attack("对调两条意见的文字和盐", "连同盐一起对调")
def words_swapped(forger: Forger) -> Touched:
    texts = []
    for entry in forger.of_kind("task.decided", "table.returned", "confirmation.requested", "grant.revoked"):
        for value in entry.said["data"].values():
            if isinstance(value, dict) and "committed" in value:
                ((body,),) = forger.run(
                    "SELECT body FROM log.payload WHERE commitment = decode(%s, 'hex')", value["committed"]
                )
                texts.append((entry, value["committed"], bytes(body)))
    first = texts[0]
    second = next(each for each in texts if each[2] != first[2])
    for (_, bound, _), (_, other, _) in ((first, second), (second, first)):
        forger.run(
            "UPDATE log.payload p SET salt = o.salt, body = o.body FROM (SELECT * FROM log.payload) o "
            "WHERE p.commitment = decode(%s, 'hex') AND o.commitment = decode(%s, 'hex')", bound, other,
        )  # fmt: skip
    return Touched(min(forger.index(first[0]), forger.index(second[0])))


@attack("改表的内容（金额），散列列不改", "不修复")
def content_amount(forger: Forger) -> Touched:
    entry = forger.of_kind("table.submitted")[0]
    hashed = entry.said["content_hash"]
    forger.run(
        "UPDATE log.content SET body = convert_to(replace(convert_from(body, 'UTF8'), '\"total\":\"66\"', "
        "'\"total\":\"99\"'), 'UTF8') WHERE hash = decode(%s, 'hex')", hashed,
    )  # fmt: skip
    first = next(each for each in forger.entries if hashed in each.bytes.decode())
    return at(forger, first)


@attack("删去被批准的内容", "不修复")
def content_gone(forger: Forger) -> Touched:
    entry = forger.of_kind("table.submitted")[0]
    hashed = entry.said["content_hash"]
    forger.run("DELETE FROM log.content WHERE hash = decode(%s, 'hex')", hashed)
    return at(forger, next(each for each in forger.entries if hashed in each.bytes.decode()))


@attack("只改当前状态（显示为已批复）", "不改事件", place="table")
def state_only(forger: Forger) -> Touched:
    ((table,),) = forger.run("SELECT table_id FROM desk.table_standing WHERE stage <> 'closed' ORDER BY 1 LIMIT 1")
    forger.run(
        "UPDATE desk.table_standing SET state = jsonb_set(state, '{stage}', '\"closed\"') WHERE table_id = %s", table
    )
    return Touched(stream=str(table))


@attack("改当前状态中的批复文号", "不改事件", place="table")
def state_doc_no(forger: Forger) -> Touched:
    ((table,),) = forger.run("SELECT table_id FROM desk.table_standing ORDER BY table_id DESC LIMIT 1")
    forger.run(
        "UPDATE desk.table_standing SET state = jsonb_set(state, '{doc_no}', '\"清财预〔2020〕1号\"') WHERE table_id = %s",
        table,
    )
    return Touched(stream=str(table))


@attack("改申报文本原件的字节", "不修复", place="named")
def document_bytes(forger: Forger) -> Touched:
    entry = forger.of_kind("document.filed")[0]
    forger.run("UPDATE desk.file SET body = body || 'x'::bytea WHERE true")
    return Touched(named=entry.said["data"]["bytes_sha256"])


@attack("在封存顺序中对调两张表的事件", "不修复树")
def sealed_order_swapped(forger: Forger) -> Touched:
    first = decision(forger)
    other = next(each for each in reversed(forger.entries[: forger.anchored]) if each.stream != first.stream)
    one, two = forger.index(first), forger.index(other)
    forger.run("UPDATE log.leaf SET log_index = -1 WHERE log_index = %s", one)
    forger.run("UPDATE log.leaf SET log_index = %s WHERE log_index = %s", one, two)
    forger.run("UPDATE log.leaf SET log_index = %s WHERE log_index = -1", two)
    forger.run("TRUNCATE log.tile")
    return Touched()


@attack("从封存顺序中隐去一条事件", "不重排序号", place="nothing", exit=INCOMPLETE)
def sealed_hole(forger: Forger) -> Touched:
    entry = decision(forger)
    forger.run("DELETE FROM log.leaf WHERE log_index = %s", forger.index(entry))
    return at(forger, entry)


# --- one table mended: the chain of the table is right again, the tree is rebuilt ------------------------------------


def _rewritten(forger: Forger, entry: Entry, *, resign: bool = False) -> Touched:
    touched = at(forger, entry)
    forger.relink(entry.stream)
    forger.write(resign=forger.world.sizes if resign else ())
    return touched


@attack("改办理人", "重算该表的链", place="range")
def actor_rehashed(forger: Forger) -> Touched:
    entry = decision(forger)
    entry.said["actor"] |= {"id": roster.FINANCE_LEADER.id, "name": roster.FINANCE_LEADER.name}
    return _rewritten(forger, entry)


@attack("改办理时间（倒签）", "重算该表的链和树")
def back_dated(forger: Forger) -> Touched:
    entry = forger.of_kind("table.submitted")[0]
    entry.said["at"] = "2026-01-05T01:00:00.000001Z"
    return _rewritten(forger, entry)


@attack("退回改成通过", "重算该表的链和树", place="range")
def outcome_turned(forger: Forger) -> Touched:
    entry = decision(forger)
    entry.said["data"]["outcome"] = "return" if entry.said["data"]["outcome"] == "pass" else "pass"
    return _rewritten(forger, entry)


@attack("换掉被批准的内容，全程改指新内容", "重算链和树", place="range")
def content_replaced(forger: Forger) -> Touched:
    entry = forger.of_kind("table.submitted")[0]
    old = entry.said["content_hash"]
    content = forger.content_of(old)
    content["budget"]["total"] = "9999"
    new = forger.content(content)
    for each in forger.stream_of(entry):
        if each.said["content_hash"] == old:
            each.said["content_hash"] = each.said["data"]["content_hash"] = new
    return _rewritten(forger, entry)


@attack("全部重建并用偷来的日志密钥重签所有检查点", "链、树、检查点全部重做", place="range")
def everything_rebuilt(forger: Forger) -> Touched:
    entry = decision(forger)
    entry.said["actor"] |= {"name": "另一个人"}
    return _rewritten(forger, entry, resign=True)


@attack("换一把新密钥重建并重签，公钥一并换掉", "链、树、检查点、公钥", place="range")
def new_key(forger: Forger) -> Touched:
    entry = decision(forger)
    entry.said["actor"] |= {"name": "另一个人"}
    touched = at(forger, entry)
    forger.relink(entry.stream)
    forger.write()
    forger.sign_with_a_new_key()
    return touched


@attack("删中间一条事件", "重排版本号、重算链和树并重签", place="range")
def middle_deleted(forger: Forger) -> Touched:
    entry = next(each for each in forger.of_kind("node.entered") if each.said["version"] > 2)
    touched = at(forger, entry)
    forger.entries.remove(entry)
    forger.relink(entry.stream)
    forger.write(resign=forger.world.sizes)
    return touched


@attack("删一张表的最后一条事件（锚点之下）", "改表头、重建树", place="range")
def last_deleted(forger: Forger) -> Touched:
    below = forger.entries[: forger.anchored]
    entry = next(
        each for each in reversed(below) if each.said["subject"] == "table" and forger.stream_of(each)[-1] is each
    )
    touched = at(forger, entry)
    forger.entries.remove(entry)
    forger.write()
    return touched


@attack("删一张表的第一条事件", "重排、重算、重签", place="range")
def first_deleted(forger: Forger) -> Touched:
    entry = forger.of_kind("table.imported")[0]
    touched = at(forger, entry)
    forger.entries.remove(entry)
    forger.relink(entry.stream)
    forger.write(resign=forger.world.sizes)
    return touched


@attack("整张表删除", "重排序号、重建树并重签", place="range")
def table_deleted(forger: Forger) -> Touched:
    entry = forger.of_kind("table.imported")[0]
    touched = at(forger, entry)
    forger.entries = [each for each in forger.entries if each.stream != entry.stream]
    forger.run("DELETE FROM desk.table_standing WHERE table_id = %s", entry.stream)
    forger.write(resign=[size for size in forger.world.sizes if size <= len(forger.entries)])
    return touched


@attack("删去一次免职（收回岗位）", "重建树并重签", place="range")
def revocation_deleted(forger: Forger) -> Touched:
    entry = forger.of_kind("grant.revoked")[0]
    touched = at(forger, entry)
    forger.entries.remove(entry)
    forger.relink(entry.stream)
    forger.write(resign=forger.world.sizes)
    return touched


@attack("补插一次倒签的任职", "重算链和树并重签", place="range")
def grant_inserted(forger: Forger) -> Touched:
    like = forger.of_kind("grant.given")[0]
    entry = forger.forged(like, data={"role": "finance_budget", "organ": roster.BUREAU})
    place = forger.index(like) + 1
    forger.entries.insert(place, entry)
    forger.relink(entry.stream)
    forger.write(resign=forger.world.sizes)
    return Touched(place, entry.stream)


@attack("补插一张倒签的表", "链、树、检查点全部重做", place="range")
def table_inserted(forger: Forger) -> Touched:
    first = forger.of_kind("table.imported")[0]
    table = str(uuid4())
    copies = [forger.forged(each, stream=table) for each in forger.stream_of(first)[:2]]
    place = forger.index(first)
    forger.entries[place:place] = copies
    forger.relink(table)
    forger.write(resign=forger.world.sizes)
    return Touched(place, table)


@attack("改批复文号", "重算批复与表的链、树并重签", place="range")
def doc_no_changed(forger: Forger) -> Touched:
    entry = forger.of_kind("reply.issued", below=len(forger.entries))[0]
    for each in forger.of_kind("reply.issued", "table.replied", below=len(forger.entries)):
        if each.said["data"]["doc_no"] == entry.said["data"]["doc_no"] and each is not entry:
            each.said["data"]["doc_no"] = "清财预〔2026〕1000号"
            forger.relink(each.stream)
    entry.said["data"]["doc_no"] = "清财预〔2026〕1000号"
    return _rewritten(forger, entry, resign=True)


@attack("把审批链定义换成少一个环节的", "改指新定义、重算并重签", place="range")
def definition_replaced(forger: Forger) -> Touched:
    entry = forger.of_kind("table.imported")[0]
    definition = forger.content_of(entry.said["data"]["definition_hash"])
    definition["note"] = "改过"
    entry.said["data"]["definition_hash"] = forger.content(definition)
    return _rewritten(forger, entry, resign=True)


# --- the whole log set back, cut, forked ---------------------------------------------------------------------------


@attack("整库回退到较早的真实状态，出示较早的真检查点", "一切都是真的，只是旧", exit=INCOMPLETE, place="nothing")
def rolled_back(forger: Forger) -> Touched:
    size = forger.world.sizes[0]
    forger.entries = forger.entries[:size]
    forger.write()
    forger.drop_notes(size)
    return Touched(size)


@attack("截去锚点之下的尾部", "表头、树、检查点都改小并重签", exit=INCOMPLETE, place="nothing")
def cut_below(forger: Forger) -> Touched:
    size = forger.end_of_a_command(forger.anchored)
    forger.entries = forger.entries[:size]
    forger.write()
    forger.drop_notes(0)
    forger.sign([size])
    return Touched(size)


@attack("从较早处分叉，另写一段比原来更长的历史", "链、树、检查点全部重做", place="range")
def forked(forger: Forger) -> Touched:
    size = forger.world.sizes[0]
    kept = forger.entries[:size]
    like = forger.of_kind("grant.given", below=size)[0]
    missing = len(forger.entries) + 5 - size
    more = [
        forger.forged(like, data={"role": "clerk", "organ": f"unit-{n}", "person": f"p{n}"}) for n in range(missing)
    ]
    stream = str(uuid4())
    for entry in more:
        entry.said["stream"] = stream
    forger.entries = kept + more
    forger.relink(stream)
    forger.write(resign=forger.world.sizes)
    return Touched(size)


@attack("清空全部台账表", "什么也不留", exit=INCOMPLETE, place="nothing")
def truncated(forger: Forger) -> Touched:
    forger.entries = []
    forger.write()
    forger.drop_notes(0)
    return Touched(0)


# --- notes ----------------------------------------------------------------------------------------------------------


@attack("放入同规模不同根的检查点（日志密钥签名）", "签名是真的", place="named")
def conflicting_note(forger: Forger) -> Touched:
    size = forger.world.sizes[0] - 1
    forger.put_note(size, forger.signed_note(size, b"\x17" * 32))
    return Touched(named=str(size))


@attack("放入签名损坏的检查点", "根是对的", place="named")
def forged_signature(forger: Forger) -> Touched:
    size = forger.world.sizes[0]
    note = (forger.world.notes / "notes" / f"{size:020d}").read_text(encoding="utf-8")
    forger.put_note(size, note[:-8] + ("A" if note[-8] != "A" else "B") + note[-7:])
    return Touched(named=str(size))


@attack("放入由不相干的密钥签名的检查点", "根是对的", place="named", exit=INCOMPLETE)
def stranger_key(forger: Forger) -> Touched:
    size = forger.world.sizes[0]
    forger.sign([size], forger.other_key())
    return Touched(named=str(size))


@attack("放入另一本台账的检查点", "签名是那本台账的", place="named")
def foreign_note(forger: Forger) -> Touched:
    size = forger.world.sizes[0]
    forger.sign([size], forger.foreign_key())
    return Touched(named=forger.foreign_key().name)


# --- forged steps in the tail that no note covers yet: only the rules can tell ---------------------------------------


def _appended(forger: Forger, *entries: Entry) -> Touched:
    place = len(forger.entries)
    forger.entries += entries
    forger.relink(*{entry.stream for entry in entries})
    forger.write()
    return Touched(place, entries[0].stream)


def _vote(forger: Forger, desk: Entry, submitted: Entry, **news: Any) -> Entry:
    like = forger.of_kind("task.decided", below=len(forger.entries))[0]
    said = desk.said["data"]
    data = {name: said[name] for name in ("node", "task", "round", "level")} | {
        "outcome": "pass", "opinion": "", "content_hash": submitted.said["content_hash"],
    } | news.pop("data", {})  # fmt: skip
    actor = {"id": "unit_head", "name": "unit_head同志", "role": said["role"], "organ": said["organ"]} | news.pop(
        "actor", {}
    )
    return forger.forged(
        like, stream=desk.stream, at=forger.entries[-1].said["at"], step=0, data=data, actor=actor,
        content_hash=data["content_hash"], **news,
    )  # fmt: skip


@attack("尾部伪造：没有该岗位的人通过", "链和树都对")
def vote_without_post(forger: Forger) -> Touched:
    desk, submitted = forger.waiting_at_the_unit()
    return _appended(forger, _vote(forger, desk, submitted, actor={"id": "stranger", "name": "外人"}))


@attack("尾部伪造：填报人自己通过（S1）", "链和树都对")
def vote_by_the_filer(forger: Forger) -> Touched:
    desk, submitted = forger.waiting_at_the_unit()
    submitted.said["data"]["editors"] = sorted({*submitted.said["data"]["editors"], roster.EVERY_HAT.id})
    return _appended(forger, _vote(forger, desk, submitted, actor={"id": roster.EVERY_HAT.id, "name": "x"}))


@attack("尾部伪造：对另一份内容的决定", "链和树都对")
def vote_on_other_content(forger: Forger) -> Touched:
    desk, submitted = forger.waiting_at_the_unit()
    other = next(each for each in forger.of_kind("table.imported") if each.stream != desk.stream)
    return _appended(forger, _vote(forger, desk, submitted, data={"content_hash": other.said["content_hash"]}))


@attack("尾部伪造：任务编号不是当前待办", "链和树都对")
def vote_on_other_task(forger: Forger) -> Touched:
    desk, submitted = forger.waiting_at_the_unit()
    return _appended(forger, _vote(forger, desk, submitted, data={"task": str(uuid4())}))


@attack("尾部伪造：跳过部门审核直接进入财政审批", "链和树都对")
def stage_skipped(forger: Forger) -> Touched:
    desk, _ = forger.waiting_at_the_unit()
    data = {"node": "finance_business", "stage": "finance_approval", "role": "finance_business", "organ": roster.BUREAU}
    entry = forger.forged(desk, at=forger.entries[-1].said["at"], step=0, data=data | {"task": str(uuid4())})
    return _appended(forger, entry)


@attack("尾部伪造：办结后又有决定", "链和树都对")
def after_the_end(forger: Forger) -> Touched:
    desk, submitted = forger.waiting_at_the_unit()
    ended = forger.forged(
        desk, kind="table.voided", shape=2, at=forger.entries[-1].said["at"], step=0, content_hash=None,
    )  # fmt: skip
    ended.said["data"] = {"request": str(uuid4()), "reason": ""}
    return _appended(forger, ended, _vote(forger, desk, submitted))


@attack("尾部伪造：单人作废（没有第二人）", "链和树都对")
def voided_alone(forger: Forger) -> Touched:
    desk, _ = forger.waiting_at_the_unit()
    asked = forger.forged(desk, kind="confirmation.requested", shape=2, at=forger.entries[-1].said["at"], step=0)
    asked.said["actor"] |= {"id": roster.UNIT_HEAD.id, "name": "x", "role": "unit_head", "organ": roster.UNIT}
    request = asked.said["command_id"]
    asked.said["version"] = len(forger.stream_of(desk)) + 1
    asked.said["data"] = {"request": request, "action": "void", "reason": forger.word(asked, "项目取消，不再实施")}
    given = forger.forged(asked, kind="confirmation.given")
    given.said["data"] = {"request": request, "opinion": ""}
    ended = forger.forged(asked, kind="table.voided", step=1, command_id=given.said["command_id"])
    ended.said |= {"command_id": given.said["command_id"]}
    ended.said["data"] = {"request": request, "reason": ""}
    touched = _appended(forger, asked, given, ended)
    return Touched(None if touched.index is None else touched.index + 1, touched.stream)


@attack("尾部伪造：同一命令记两次", "链和树都对")
def command_twice(forger: Forger) -> Touched:
    last = forger.entries[-1]
    entry = forger.forged(last)
    entry.said["command_id"] = last.said["command_id"]
    return _appended(forger, entry)


@attack("尾部伪造：时间早于前一条", "链和树都对")
def time_backwards(forger: Forger) -> Touched:
    last = forger.entries[-1]
    return _appended(forger, forger.forged(last, at="2026-01-01T00:00:00.000000Z"))


@attack("尾部伪造：正文不是规范写法（多一个空格）", "链和树都对")
def not_canonical(forger: Forger) -> Touched:
    last = forger.of_kind("grant.given", below=len(forger.entries))[-1]
    entry = forger.forged(last)
    touched = _appended(forger, entry)
    entry.raw = entry.bytes.replace(b'{"actor"', b'{ "actor"', 1)
    forger.write()
    return touched


@attack("尾部伪造：正文中有重复的键", "链和树都对")
def duplicate_key(forger: Forger) -> Touched:
    last = forger.of_kind("grant.given", below=len(forger.entries))[-1]
    entry = forger.forged(last)
    touched = _appended(forger, entry)
    entry.raw = entry.bytes.replace(b'{"actor"', b'{"actor":{},"actor"', 1)
    forger.write()
    return touched


@attack("尾部伪造：从未有过的事件种类", "链和树都对")
def unknown_kind(forger: Forger) -> Touched:
    last = forger.of_kind("grant.given", below=len(forger.entries))[-1]
    return _appended(forger, forger.forged(last, kind="table.blessed"))


@attack("尾部伪造：版本号跳号", "不修复链")
def version_gap(forger: Forger) -> Touched:
    last = forger.of_kind("grant.given", below=len(forger.entries))[-1]
    entry = forger.forged(last)
    touched = _appended(forger, entry)
    entry.said["version"] += 1
    forger.write()
    return touched


@attack("尾部伪造：一人删除个人信息（没有第二人）", "链和树都对，并真的删除")
def erased_alone(forger: Forger) -> Touched:
    target = next(each for each in forger.of_kind("task.decided") if each.said["data"]["opinion"])
    bound = target.said["data"]["opinion"]["committed"]
    like = forger.stream_of(target)[-1]
    entry = forger.forged(like, kind="payload.erased", shape=1, step=0, content_hash=None)
    entry.said["actor"] |= {"id": "admin", "name": "x", "role": "security_admin", "organ": roster.BUREAU}
    entry.said["data"] = {
        "request": str(uuid4()), "targets": [bound], "ground": "x", "asked_by": "admin", "confirmed_by": "admin",
    }  # fmt: skip
    forger.run("DELETE FROM log.payload WHERE commitment = decode(%s, 'hex')", bound)
    return _appended(forger, entry)


# --- what nobody can find -------------------------------------------------------------------------------------------


@attack("截去锚点之后的尾部", "表头和树都改小", exit=CLEAN, place="nothing")
def tail_cut(forger: Forger) -> Touched:
    forger.entries = forger.entries[: forger.anchored]
    forger.write()
    return Touched(forger.anchored)


@attack("改写锚点之后的尾部，且合乎全部规则", "表头和树都重算", exit=CLEAN, place="nothing")
def tail_rewritten(forger: Forger) -> Touched:
    _, entry = forger.waiting_at_the_unit()
    entry.said["data"]["note"] = forger.word(entry, "另补一句话")
    touched = at(forger, entry)
    forger.relink(entry.stream)
    forger.write()
    return touched
