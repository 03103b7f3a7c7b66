"""The verdict on a chaos year: what was sent against what the log says, channel by channel, and how late it was."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import text as sql_text

from tests.support.campaigns_by_the_log import tell_of_campaigns
from tests.support.filings_by_the_log import against_the_cut_off
from tests.support.notices_by_the_log import Key, Said, World, said_by
from tests.support.replies_by_the_log import tell_of_replies
from tests.workers import chaos_cast as cast
from tests.workers.chaos_posts import HOOK, ROBOT
from tests.workers.chaos_world import Year
from tests.workers.processes import OF_EACH
from workflows.calendars import shipped_content
from workflows.calendars.in_force import CALENDAR_STREAM
from workflows.events import Recorded
from workflows.store.journal import PostgresJournal
from workflows.store.transaction import begin, make_engine

SENDERS = 2 * OF_EACH
"""Who may have a letter on the way, workers and dispatchers: a database that dies catches each of them with one."""
CHANNELS = ("inbox", "mail", HOOK, ROBOT)
NOTICES = """
SELECT o.id, o.log_stream::text AS stream, coalesce(o.task, o.version::text) AS about, o.kind, o.recipient, o.channel, o.state,
  o.created_at, coalesce(i.sentence, o.rendered ->> 'text') AS text, o.rendered ->> 'subject' AS subject,
  o.attempts, o.repeated, o.last_error, o.answer, o.done_at, e.actor_id,
  pg_xact_commit_timestamp(coalesce(i.xmin, o.xmin)) AS sent_really, pg_xact_commit_timestamp(e.xmin) AS said_really
FROM desk.outbox o LEFT JOIN desk.inbox i ON i.id = o.id
JOIN log.event e ON e.stream_id = o.log_stream AND e.version = o.version"""
CAMPAIGNS = "SELECT DISTINCT stream_id FROM log.event WHERE subject = 'campaign' ORDER BY stream_id"
Twice = tuple[list[str], list[str]]
"""What came twice, and what came though it is not marked as sent."""


def judge(year: Year) -> dict[str, Any]:
    """Compare what was sent with what the log says; return the figures."""
    with begin(year.bureau.engine) as tx:
        journal = PostgresJournal(tx)
        tables = {table: list(journal.history(table)) for table in year.bureau.tables}
        asked = {row["stream_id"]: list(journal.history(row["stream_id"])) for row in tx.rows(CAMPAIGNS)}
        published = [(each.at, journal.content(each.fact.content_hash)) for each in journal.history(CALENDAR_STREAM)
                     if each.kind == "calendar.published"]  # fmt: skip
        world = World(year.steps, cast.PEOPLE, year.crowd.covers, journal.content, shipped_content(), published)
        said = said_by(tables, world)
        campaigns = tell_of_campaigns(asked, tables, world, said)
        replies = tell_of_replies(tables, world, said)
    wrong, resubmitted = against_the_cut_off(tables, campaigns, year.crowd.cut_off)
    assert wrong == []
    streams = {str(each) for each in (*tables, *asked, *replies)}
    everything = rows_of(year)
    rows = [row for row in everything if row["stream"] in streams]
    assert said.undone == [], [told(tables[UUID(stream)]) for stream, *_ in said.undone if UUID(stream) in tables]
    assert [row["state"] for row in everything if row["state"] not in ("sent", "dropped")] == []
    for channel in CHANNELS:
        compare(said, channel, [row for row in rows if row["channel"] == channel and row["state"] == "sent"])
    late = sorted(lateness(year, row) for row in rows if row["state"] == "sent")
    kinds = Counter(each.kind for events in tables.values() for each in events)
    return {
        "tables": len(tables), "events": kinds.total(), "must": len(said.must), "may": len(said.may),
        "p50": late[len(late) // 2], "p99": late[int(len(late) * 0.99)], "worst": late[-1], **outside(year, everything),
        **{kind: kinds[kind] for kind in ("task.escalated", "copy.deemed_read", "monitoring.filed", "selfeval.filed", "table.closed")},
        "campaign events": sum(map(len, asked.values())), "campaign reminders": sum("reminder.campaign" in key[2] for key in said.must),
        "refused": len(year.crowd.cut_off), "filed again after the cut-off": resubmitted, "replies": len(replies),
    }  # fmt: skip


def compare(said: Said, channel: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Nothing lost, nothing made up, nothing in other words, nothing twice on a channel."""
    known = said.may | said.must
    sent = {key_of(row): row["text"] for row in rows}
    must = {key for key in said.must if cast.wants(key[3], channel, key[2])}
    may = {key for key in known if cast.wants(key[3], channel, key[2])}
    assert {key: known[key] for key in must - set(sent)} == {}, f"lost ({channel})"
    assert {key: text for key, text in sent.items() if key not in may} == {}, f"made up ({channel})"
    assert {key: text for key, text in sent.items() if text not in known[key]} == {}, f"other words ({channel})"
    assert len(sent) == len(rows), f"doubled ({channel})"


def rows_of(year: Year) -> list[Mapping[str, Any]]:
    """Every notice with the real moments at which it was caused and sent; the superuser alone may see both."""
    engine = make_engine(year.superuser, connections=1)
    try:
        with engine.connect() as connection:
            return list(connection.execute(sql_text(NOTICES)).mappings())
    finally:
        engine.dispose()


def told(events: Sequence[Recorded]) -> list[tuple[str, ...]]:
    """A table's events in short, for a person who looks into a failure."""
    return [
        (each.kind, each.at.isoformat()[:19], *(str(getattr(each.fact, name, ""))[:19] for name in ("task", "due_at", "until", "rule")))
        for each in events
    ]


def key_of(row: Mapping[str, Any]) -> Key:
    return row["stream"], row["about"], row["kind"], row["recipient"]


def lateness(year: Year, row: Mapping[str, Any]) -> float:
    """Real seconds from the moment at which the clock passed what was due, or a person acted, to the sending."""
    by_system = row["actor_id"] == "system" or row["kind"].startswith("reminder.")
    number = sum(step.began <= row["created_at"] for step in year.steps)
    caused = year.really[number - 1] if by_system and number else row["said_really"].timestamp()
    return row["sent_really"].timestamp() - caused


def outside(year: Year, rows: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """What is marked as sent outside came; a second time only as the same letter, at most once for each crash.

    A crash is of a process that can have one letter on the way, or a line that the receiver broke (`crashes_of`). Instead of coming
    twice, a letter that a crash left unmarked may have lost its reason by the time it was looked at again.
    """
    assert year.receiver.refused == [], "a signature that does not fit"
    sent = {channel: [row for row in rows if row["channel"] == channel and row["state"] == "sent"] for channel in CHANNELS}
    counted = {
        "mails": letters(
            year.sink.told(), {f"<{row['id']}@goaltrail.invalid>": row for row in sent["mail"]},
            lambda copy, row: copy[1] == " ".join(row["subject"].split()) and copy[2].startswith(row["text"]),
        ),
        "hooks": letters(
            grouped(year.receiver.hooks), {str(row["id"]): row for row in sent[HOOK]},
            lambda copy, row: row["text"].encode()[:40] in copy.replace(b"\\n", b"\n"),
        ),
        "robots": robots(year.receiver.robots, sent[ROBOT]),
    }  # fmt: skip
    doubled, unmarked = ([name for each in counted.values() for name in each[number]] for number in (0, 1))
    crashes = crashes_of(year)
    print(*after_all(rows, doubled + unmarked), sep="\n")
    assert len(doubled) + len(unmarked) <= crashes, dict(year.incidents)
    return {
        **{name: len(sent[channel]) for name, channel in zip(counted, CHANNELS[1:], strict=True)},
        "doubled": len(doubled), "unmarked": len(unmarked), "crashes": crashes,
    }  # fmt: skip


def crashes_of(year: Year) -> int:
    """Return how many letters may have been cut off, at most one for each process that could have one on the way.

    A broker that is gone lets Celery end what its workers are at.
    """
    killed = year.incidents["worker"] + year.incidents["dispatch"] + OF_EACH * year.incidents["broker"]
    return killed + SENDERS * year.incidents["database"] + year.receiver.hung_up


def after_all(rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> list[tuple[Any, ...]]:
    """What became of letters that came twice or unmarked, for a person who looks into a failure."""
    return [
        (row["channel"], row["kind"], row["state"], row["attempts"], row["last_error"], row["answer"], row["sent_really"].isoformat())
        for row in rows if any(str(row["id"]) in name for name in names)
    ]


def grouped(came: Sequence[tuple[str, bytes]]) -> dict[str, list[bytes]]:
    found: dict[str, list[bytes]] = {}
    for name, body in list(came):
        found.setdefault(name, []).append(body)
    return found


def letters(
    came: Mapping[str, Sequence[Any]], sent: Mapping[str, Mapping[str, Any]],
    fits: Callable[[Any, Mapping[str, Any]], bool],
) -> Twice:  # fmt: skip
    """Return which letters came twice and which came unmarked; every marked one came and says what it should."""
    assert set(sent) - set(came) == set(), "letters that never came"
    doubled = [copies for copies in came.values() if len(copies) > 1]
    assert [copies for copies in doubled if len(set(copies)) > 1 or len(copies) > 2] == []
    assert [name for name, row in sent.items() if not fits(came[name][0], row)] == [], "other words than in the outbox"
    return [name for name, copies in came.items() if len(copies) > 1], sorted(set(came) - set(sent))


def robots(came: Sequence[str], sent: Sequence[Mapping[str, Any]]) -> Twice:
    """The same of a group's robot, whose letters have no number: by their words and to whom they speak."""
    names = {each.id: each.name for each in cast.PEOPLE}
    wanted = Counter(f"{names[row['recipient']]} {row['text']}" for row in sent)
    there = Counter(spoken(each, names.values()) for each in list(came))
    assert wanted - there == Counter(), "letters that never came"
    more = there - wanted
    doubled = Counter({text: count for text, count in more.items() if text in wanted})
    assert set(doubled.values()) <= {1}
    return list(doubled.elements()), list((more - doubled).elements())


def spoken(said: str, names: Iterable[str]) -> str:
    """Return to whom a robot spoke (its first line says it) and what, without the foot of every letter."""
    first, _line, rest = said.partition("\n")
    return f"{next((name for name in names if name in first), '')} {rest.partition(chr(10) * 2 + '——')[0]}"
