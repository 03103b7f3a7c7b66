"""M3 on the page: the draft says what may not be changed now, and a change past it is refused by place and rule."""

from uuid import uuid4

import pytest

from service.demo.city import shipped_city
from tests.api.asking import Program, fresh_cases
from tests.support.web_city import planted, visitor
from tests.workflows.test_field_rights import RESTRICTING
from workflows.commands import reviewing
from workflows.commands.administering import publish
from workflows.commands.recipe import Seen
from workflows.store.journal import PostgresJournal
from workflows.store.transaction import begin
from workflows.vocabulary import Role, Stage


@pytest.fixture
def app(database, tmp_path):
    app = planted(database, tmp_path)
    with begin(app.extensions["engine"]) as tx:
        content = {**RESTRICTING, "name": "standard"}
        publish(PostgresJournal(tx), subject="definition", content=content, by=shipped_city().person("jingban"), command_id=uuid4())
    yield app
    app.extensions["engine"].dispose()


def returned(case, place):
    def act(journal):
        table, by = journal.lock_table(case.id), case.who(Role.UNIT_HEAD)
        seen = Seen(table.version, table.content_hash)
        reviewing.return_table(journal, case.id, seen=seen, by=by, command_id=uuid4(), to=Stage.DRAFT, reason="数量指标须核对", fields=(place,))

    case.with_journal(act)
    return case


def test_in_a_returned_table_the_page_and_the_server_keep_to_the_returned_places(app):
    (case,) = fresh_cases(app)
    draft = f"/tables/{case.id}/draft"
    assert 'id="barred"' not in visitor(app, "jingban").sees(draft)
    returned(case.drafted().submitted(), "/goals/0")
    shown = visitor(app, "jingban").sees(draft)
    assert "按审批链的字段权限，现在不能修改：基本信息、资金、目标、指标行、权重、公开标记（退回所列之处，审批链许可的除外）" in shown
    clerk = Program(app, "jingban")
    refused = clerk.acts(case.id, "save", {"period": "2026年", "reason": "补填项目期限"})
    assert (refused.status_code, refused.json["rule"]) == (403, "R-FIELD")
    assert refused.json["detail"] == "审批链的字段权限规定：“编制”阶段退回修改时，项目经办人不得填写“基本信息”（项目期）。"
    sent = visitor(app, "jingban").sends(draft, draft, period="2027年", reason="补填项目期限", do="save")
    assert (sent.status_code, "审批链的字段权限规定" in sent.text) == (403, True)
