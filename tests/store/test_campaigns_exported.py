"""A table's bundle takes the campaigns of its year along, so that the verifier judges its submission against them."""

from tests.ledger.test_verify import told, verdict_of
from tests.store.test_exporting import bureau, exported  # noqa: F401 - the same city
from tests.support.anchoring import seal
from tests.support.campaigns import opened
from workflows.ledger.bundle import of_table
from workflows.store.journal import PostgresJournal
from workflows.store.transaction import begin


def test_the_campaign_goes_along_and_the_verifier_agrees(bureau, app, sealer, tmp_path):  # noqa: F811
    with begin(app) as tx:
        journal = PostgresJournal(tx)
        today = journal.now().date()
        campaign = opened(journal, opens=f"{today.year - 1}-01-01", closes=f"{today.year + 1}-01-01")
    table = bureau.table("in_unit_review")
    seal(sealer)
    bundle = exported(app, of_table(table.id))
    bundle.hold()
    assert [each.stream for each in bundle.recorded if each.kind == "campaign.opened"] == [campaign.id]
    assert [each for each in told(verdict_of(tmp_path, bundle.data)) if each[0] not in ("notes", "witness")] == []
