"""`notice` on the command line: what was given up, sending again, words proposed by one and confirmed by another."""

from uuid import UUID

import pytest

from service.cli import notice as verb
from service.demo.city import shipped_city
from tests.support.cluster import TEMPLATE
from tests.support.web_city import planted
from workflows.errors import FieldsInvalid, NotAllowed
from workflows.store.transaction import begin

DEAD = """
INSERT INTO desk.outbox (id, log_stream, version, kind, recipient, channel, dedupe_key, facts, rendered, state, next_at,
  created_at, last_error)
VALUES (:id, :id, 1, 'task.waiting', 'fuzeren', 'mail', CAST(:id AS text), '{}', '{"subject": "待办：甲", "text": "甲"}', 'dead',
  log.now(), log.now(), '451 later') RETURNING 1"""


@pytest.fixture(scope="module")
def city(cluster, tmp_path_factory):
    database = cluster.new_database(TEMPLATE)
    app = planted(database, tmp_path_factory.mktemp("notice"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GOALTRAIL_DATABASE_URL", database.app_url)
        patch.setenv("GOALTRAIL_PASSWORD", shipped_city().password)
        yield app
    app.extensions["engine"].dispose()
    cluster.drop(database)


def test_h7_what_was_given_up_is_listed_and_sent_again(city, capsys):
    with begin(city.extensions["engine"]) as tx:
        tx.scalar(DEAD, id=UUID(int=77))
    assert verb.main(["dead"]) == 0
    assert "待办：甲  451 later" in capsys.readouterr().out
    assert verb.main(["resend", str(UUID(int=77)), "--reason", "邮件服务器已恢复", "--login", "xitong"]) == 0
    assert capsys.readouterr().out.startswith("已重新发送，新的通知 ")
    verb.main(["dead"])
    assert "没有发送失败的通知。" in capsys.readouterr().out


def test_h6_words_from_a_file_are_previewed_proposed_and_confirmed_by_another(city, capsys, tmp_path):
    file = tmp_path / "words.txt"
    file.write_text("请审：{表名}\n{表名}到了{环节}。\n{链接}\n", encoding="utf-8")
    verb.main(["preview", "task.waiting", "--file", str(file)])
    assert capsys.readouterr().out.splitlines()[:2] == ["请审：《农村道路维护经费》", "《农村道路维护经费》到了单位审核（单位负责人）。"]
    verb.main(["propose", "task.waiting", "--file", str(file), "--login", "liucheng"])
    version = capsys.readouterr().out.split("版本 ")[1].split("，")[0]
    with pytest.raises(NotAllowed):
        verb.main(["confirm", "task.waiting", "--version", version, "--login", "liucheng"])
    verb.main(["confirm", "task.waiting", "--version", version, "--login", "liucheng2"])
    verb.main(["words"])
    assert "本单位用语" in next(line for line in capsys.readouterr().out.splitlines() if line.startswith("task.waiting "))


def test_nobody_acts_without_a_name_or_with_another_post(city):
    with pytest.raises(FieldsInvalid):
        verb.main(["resend", str(UUID(int=77)), "--reason", "邮件服务器已恢复"])
    with pytest.raises(NotAllowed):
        verb.main(["resend", str(UUID(int=77)), "--reason", "邮件服务器已恢复", "--login", "jingban"])
