"""What a person wants to be told where and when: beside the log, for nobody decides by it (decision 0046)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import RowMapping

from workflows.delivery.quiet import SHIPPED, Quiet, read_quiet
from workflows.store.transaction import Transaction

SOME = "SELECT * FROM desk.notice_preference WHERE person = ANY(:people)"
KEEP = """
INSERT INTO desk.notice_preference (person, unwanted, wanted, quiet, days_off, morning, mobile, changed_at)
VALUES (:person, CAST(:unwanted AS text[]), CAST(:wanted AS text[]), :quiet, :days_off, :morning, :mobile, :at)
ON CONFLICT (person) DO UPDATE SET unwanted = excluded.unwanted, wanted = excluded.wanted, quiet = excluded.quiet,
  days_off = excluded.days_off, morning = excluded.morning, mobile = excluded.mobile,
  changed_at = excluded.changed_at"""


@dataclass(frozen=True)
class Preference:
    """One person's choice: (class, channel) pairs unwanted by mail and wanted elsewhere, quiet hours, the letter."""

    unwanted: frozenset[tuple[str, str]] = frozenset()
    wanted: frozenset[tuple[str, str]] = frozenset()
    quiet: Quiet | None = SHIPPED
    morning: bool = False
    mobile: str = ""


def preferences_of(tx: Transaction, people: Sequence[str]) -> Mapping[str, Preference]:
    """Return the choices of those of the people who made one."""
    return {row["person"]: _preference(row) for row in tx.rows(SOME, people=list(people))}


def keep_preference(tx: Transaction, person: str, chosen: Preference) -> None:
    """Keep a person's choice in place of the one before."""
    tx.run(
        KEEP, person=person, unwanted=_texts(chosen.unwanted), wanted=_texts(chosen.wanted),
        quiet=str(chosen.quiet) if chosen.quiet else "off", days_off=bool(chosen.quiet and chosen.quiet.days_off),
        morning=chosen.morning, mobile=chosen.mobile, at=tx.now(),
    )  # fmt: skip


def _preference(row: RowMapping) -> Preference:
    quiet = read_quiet(row["quiet"], days_off=row["days_off"])
    return Preference(_pairs(row["unwanted"]), _pairs(row["wanted"]), quiet, row["morning"], row["mobile"])


def _pairs(texts: Sequence[str]) -> frozenset[tuple[str, str]]:
    return frozenset((of_class, channel) for of_class, _blank, channel in (each.partition(" ") for each in texts))


def _texts(pairs: frozenset[tuple[str, str]]) -> list[str]:
    return sorted(" ".join(pair) for pair in pairs)
