"""A table's bundle takes the file of executed amounts along that its events name, with its lines and its bytes."""

from hashlib import sha256
from uuid import uuid4

from tests.ledger.test_verify import told, verdict_of
from tests.store.test_exporting import bureau, exported  # noqa: F401 - the same city
from tests.support import roster
from tests.support.anchoring import seal
from workflows.commands.executing import import_executions
from workflows.forms.execution_file import read_executions
from workflows.ledger.bundle import of_table
from workflows.measures.execution_matching import matching
from workflows.store.executing import batches_seen_by, known_tables
from workflows.store.journal import PostgresJournal
from workflows.store.transaction import begin
from workflows.vocabulary import Post, Role

POST = Post(Role.DEPARTMENT_FINANCE, roster.DEPARTMENT)


def test_the_file_goes_along_and_the_verifier_agrees(bureau, app, sealer, tmp_path):  # noqa: F811
    table = bureau.table("in_monitoring")
    day = bureau.acts(table.id, "window_opened").windows[0].date
    data = f"单位,项目名称,截止日期,执行数（元）\n{roster.UNIT},{table.title},{day},3650.5\n".encode()
    with begin(app) as tx:
        file = read_executions(data)
        found = matching(file, known_tables(tx, POST.role, POST.organ, file.year))
        batch, tables = import_executions(
            PostgresJournal(tx), name="七月.csv", data=data, found=found, post=POST, by=roster.DEPARTMENT_FINANCE,
            command_id=uuid4(),
        )  # fmt: skip
    assert tables == (table.id,)
    with begin(app) as tx:
        assert PostgresJournal(tx).lock_table(table.id).executed_on(day).executed == "0.36505"
        (seen,) = batches_seen_by(tx, roster.DEPARTMENT_FINANCE, file.year)
        assert (seen["batch"], seen["tables"]) == (str(batch), 1)
    seal(sealer)
    bundle = exported(app, of_table(table.id))
    bundle.hold()
    assert [each.stream for each in bundle.recorded if each.kind == "execution.imported"] == [batch]
    assert any(sha256(data).hexdigest() in name for name in bundle.members)
    verdict = verdict_of(tmp_path, bundle.data)
    assert [each for each in told(verdict) if each[0] not in ("notes", "witness")] == []
