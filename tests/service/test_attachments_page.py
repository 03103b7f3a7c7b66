"""Attachments on the pages: upload, download as a download only, swapped bytes, strangers, forged forms."""

from collections.abc import Iterator
from io import BytesIO
from uuid import uuid4

import psycopg
import pytest

from service.app import Web
from tests.support.cluster import TEMPLATE, Database, TestCluster
from tests.support.web_city import Visitor, field, planted, visitor
from workflows.folds.replay import Table
from workflows.store.queries import all_standings, table_in
from workflows.store.transaction import begin

PDF = b"%PDF-1.7 \xe9\xaa\x8c"
NAME = "验收单 (一).pdf"


@pytest.fixture(scope="module")
def place(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Web, Database]]:
    database = cluster.new_database(TEMPLATE)
    app = planted(database, tmp_path_factory.mktemp("data"))
    yield app, database
    app.extensions["engine"].dispose()
    cluster.drop(database)


@pytest.fixture
def web(place: tuple[Web, Database]) -> Web:
    return place[0]


def table_called(app: Web, title: str) -> Table:
    with begin(app.extensions["engine"]) as tx:
        return next(table_in(tx, row) for row in all_standings(tx) if row["title"] == title)


def upload(somebody: Visitor, table: Table, data: bytes = PDF, name: str = NAME, **more: object):
    page = f"/tables/{table.id}"
    return somebody.sends(page, f"{page}/attachments", file=(BytesIO(data), name), **{"no_secret": "1", **more})


@pytest.fixture
def attached(web: Web) -> tuple[Visitor, Table]:
    table = table_called(web, "法律顾问咨询费")
    clerk = visitor(web, table.owner)
    if not table.attachments:
        assert upload(clerk, table).status_code == 303
    return clerk, table_called(web, "法律顾问咨询费")


def address(table: Table) -> str:
    return f"/tables/{table.id}/attachments/{table.attachments[0].attachment}"


def test_an_uploaded_file_stands_on_the_page_with_its_digest(attached: tuple[Visitor, Table]) -> None:
    clerk, table = attached
    page = clerk.sees(f"/tables/{table.id}")
    (kept,) = table.attachments
    assert (kept.name, kept.media_type, kept.size, kept.for_step) == (NAME, "application/pdf", len(PDF), "drafting")
    shown = [kept.commitment[:16], f'href="{address(table)}"', "附件</h2>".replace("</h2>", "（1）"), "添加附件《验收单 (一).pdf》"]
    assert [each for each in shown if each not in page] == []


def test_a_download_is_never_opened_as_a_page(attached: tuple[Visitor, Table]) -> None:
    clerk, table = attached
    answer = clerk.client.get(address(table))
    headers = {name: answer.headers[name] for name in ("Content-Type", "X-Content-Type-Options", "Cache-Control", "Content-Security-Policy")}
    assert (answer.status_code, answer.data) == (200, PDF)
    assert headers == {
        "Content-Type": "application/pdf", "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store",
        "Content-Security-Policy": "sandbox; default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    }  # fmt: skip
    assert answer.headers["Content-Disposition"].startswith("attachment; filename")


def test_strangers_find_neither_the_file_nor_the_form(web: Web, attached: tuple[Visitor, Table]) -> None:
    _clerk, table = attached
    for login in ("kf.jingban", "xitong", "guicai"):
        client = visitor(web, login).client
        token = {"csrf_token": field(client.get("/work").text, "csrf_token"), "command_id": str(uuid4()), "version": table.version}
        asked = {
            "download": client.get(address(table)).status_code,
            "upload": client.post(f"/tables/{table.id}/attachments", data=token | {"file": (BytesIO(PDF + b"2"), "b.pdf"), "no_secret": "1"}).status_code,
            "withdraw": client.post(f"{address(table)}/withdraw", data=token).status_code,
        }
        assert asked == dict.fromkeys(asked, 404), login
    assert web.test_client().get(address(table)).status_code == 302
    assert table_called(web, "法律顾问咨询费") == table


def test_a_file_of_one_table_is_not_found_under_another(web: Web, attached: tuple[Visitor, Table]) -> None:
    clerk, table = attached
    with begin(web.extensions["engine"]) as tx:
        other = next(t for t in (table_in(tx, row) for row in all_standings(tx)) if t.owner == table.owner and t.id != table.id)
    assert clerk.client.get(f"/tables/{other.id}/attachments/{table.attachments[0].attachment}").status_code == 404
    assert clerk.sends(f"/tables/{other.id}", f"/tables/{other.id}/attachments/{table.attachments[0].attachment}/withdraw").status_code == 404


def test_the_forms_refuse_without_the_token(attached: tuple[Visitor, Table]) -> None:
    clerk, table = attached
    forged = {"csrf_token": "forged", "command_id": str(uuid4()), "version": table.version}
    answers = [
        clerk.client.post(f"/tables/{table.id}/attachments", data=forged | {"file": (BytesIO(PDF + b"3"), "c.pdf"), "no_secret": "1"}).status_code,
        clerk.client.post(f"{address(table)}/withdraw", data=forged).status_code,
    ]
    assert answers == [400, 400]


@pytest.mark.parametrize(
    ("data", "name", "sentence"),
    [
        (PDF, "又一次.pdf", "此文件已作为附件《验收单 (一).pdf》上传"), (b"MZ\x90", "a.pdf", "不能识别此文件的类型"),
        (b"<script>", "a.html", "文件名与内容不符"), (b"", "a.pdf", "此文件是空的"), (b"x", "", "请选择要上传的文件"),
    ],
)  # fmt: skip
def test_a_refused_file_is_told_on_the_table_page(attached: tuple[Visitor, Table], data: bytes, name: str, sentence: str) -> None:
    clerk, table = attached
    answer = upload(clerk, table, data, name)
    assert (answer.status_code, sentence in answer.text, table.title in answer.text) == (422, True, True)


def test_a_large_file_comes_back_as_it_was_and_a_larger_one_is_refused(web: Web) -> None:
    table = table_called(web, "运营经费")
    clerk, large = visitor(web, table.owner), PDF + bytes(range(256)) * 19 * 4096
    assert upload(clerk, table, large).status_code == 303
    assert clerk.client.get(address(table_called(web, "运营经费"))).data == large
    answer = upload(clerk, table, large + bytes(2 * 1024 * 1024), "更大.pdf")
    assert (answer.status_code, "单个文件不得超过 20 MB" in answer.text) == (413, True)


def test_a_head_sees_the_file_but_no_form(web: Web, attached: tuple[Visitor, Table]) -> None:
    _clerk, table = attached
    head = visitor(web, "fuzeren")
    page = head.sees(f"/tables/{table.id}")
    assert (address(table) in page, "/withdraw" in page, 'type="file"' in page) == (True, False, False)
    assert head.client.get(address(table)).data == PDF


def swapped(database: Database, table: Table, body: bytes) -> None:
    """What somebody who owns the database can do: drop the guards, swap the bytes, put the guards back."""
    (kept,) = table.attachments
    with psycopg.connect(database.superuser_url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("ALTER TABLE log.payload DISABLE TRIGGER append_only")
        check = connection.execute("SELECT conname FROM pg_constraint WHERE conrelid = 'log.payload'::regclass AND pg_get_constraintdef(oid) LIKE '%sha256%'").fetchone()
        if check:
            connection.execute(f'ALTER TABLE log.payload DROP CONSTRAINT "{check[0]}"')
        connection.execute("UPDATE log.payload SET body = %s WHERE commitment = decode(%s, 'hex')", (body, kept.commitment))
        connection.execute("ALTER TABLE log.payload ENABLE ALWAYS TRIGGER append_only")


def test_swapped_bytes_are_not_handed_out_and_the_clerk_may_put_the_right_file(place: tuple[Web, Database], attached: tuple[Visitor, Table]) -> None:
    web, database = place
    clerk, table = attached
    swapped(database, table, b"%PDF-1.7 other")
    answer = clerk.client.get(address(table))
    assert (answer.status_code, "附件现在的内容与上传时登记的不一致" in answer.text) == (409, True)
    refused = clerk.sends(f"/tables/{table.id}", f"/tables/{table.id}/submit")
    assert (refused.status_code, "附件现在的内容与上传时登记的不一致" in refused.text) == (409, True)
    assert clerk.sends(f"/tables/{table.id}", f"{address(table)}/withdraw").status_code == 303
    assert table_called(web, table.title).attachments == ()
    assert upload(clerk, table).status_code == 303


def test_the_form_carries_the_files_that_were_seen(web: Web, attached: tuple[Visitor, Table]) -> None:
    clerk, table = attached
    page = clerk.sees(f"/tables/{table.id}")
    assert field(page, "attachments_hash") == table.attachments_hash
    answer = clerk.sends(f"/tables/{table.id}", f"/tables/{table.id}/submit", attachments_hash="0" * 64)
    assert (answer.status_code, "您看到的内容与现在的内容不一致" in answer.text) == (409, True)


def test_nobody_uploads_a_picture_without_saying_that_it_holds_no_secret(web: Web, attached: tuple[Visitor, Table]) -> None:
    clerk, table = attached
    refused = upload(clerk, table, b"\x89PNG\r\n\x1a\n", "图.png", no_secret="")
    assert (refused.status_code, "勾选确认后再上传" in refused.text) == (422, True)
    assert table_called(web, "法律顾问咨询费").attachments == table.attachments
