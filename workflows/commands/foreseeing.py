"""The preview of a table's way from what the ledger holds: its chain, its draft or content, the return it answers."""

from workflows.commands.drafting import content_in_work
from workflows.commands.routing import inputs_from
from workflows.commands.straight_way import goes_straight_back
from workflows.definitions import pinned_chain
from workflows.folds.replay import Table
from workflows.journal import Journal
from workflows.rights.preview import Deputies, Holders, Planned, nobody, preview
from workflows.vocabulary import Stage


def way_ahead(
    journal: Journal, table: Table, *, holders: Holders | None = None, deputies: Deputies = nobody
) -> tuple[Planned, ...]:
    """Return the review nodes before a table; a draft as if its clerk submitted it now (features L2).

    `holders` and `deputies` may be read beforehand (store/way_ahead.py); by default the ledger is asked, nobody covers.
    """
    chain = pinned_chain(table.definition_hash, journal.content)
    draft = content_in_work(journal, table) if table.stage == Stage.DRAFT else None
    recorded = journal.content(table.content_hash)
    straight = draft is not None and goes_straight_back(journal, chain, table, draft.content)
    return preview(
        chain, table, inputs_from(table, draft.content if draft else recorded), holders or journal.holders,
        journal.now(), deputies=deputies, straight=straight, editors=draft.editors if draft else (),
        calendar=journal.calendar().of(table.bureau),
    )  # fmt: skip
