"""Tokens: shown once, kept as a hash, on the record; they open their scopes until they end, and decide only if allowed."""

import re
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from service.app import Web
from service.cli import token as token_verb
from service.demo.city import shipped_city
from tests.api.asking import Program, fresh_cases, token_for
from tests.support.compiled_pages import opened
from tests.support.web_city import field, visitor
from workflows.commands.tracing import trace_stream
from workflows.errors import NotAllowed
from workflows.store.accounts import set_disabled
from workflows.store.streams import history_of
from workflows.store.tokens import keep_token
from workflows.store.transaction import begin
from workflows.vocabulary import Role

PAGE = "/account/tokens"


def rows(city: Web, sql: str, **values: object) -> list:
    with begin(city.extensions["engine"]) as tx:
        return list(tx.rows(sql, **values))


def made_on_the_page(city: Web, login: str, **fields: object) -> str:
    """The page's answer to a new token asked for by a person who is inside."""
    inside = visitor(city, login)
    asked = {"name": "预算一体化接口", "scope": ["read", "file"], "days": "30", "password": shipped_city().password}
    return inside.sends(PAGE, PAGE, **{**asked, **fields}).text


def test_a_token_is_shown_once_kept_as_a_hash_and_on_the_record(city: Web) -> None:
    secret = re.search(r'<code id="secret">(gtl_[\w-]{43})</code>', made_on_the_page(city, "caiwu", name="只看一次"))[1]
    assert secret not in visitor(city, "caiwu").sees(PAGE)
    kept = rows(city, "SELECT t::text AS said FROM desk.token t WHERE person = 'caiwu'")
    assert [secret in row["said"] for row in kept] == [False] * len(kept)
    assert Program(city, "caiwu", secret).get("/me").json["scopes"] == ["file", "read"]
    with begin(city.extensions["engine"]) as tx:
        told = [each for each in history_of(tx, trace_stream("caiwu")) if each.kind == "account.token_issued"]
    found = [(each.fact.scopes, each.actor_id) for each in told if each.fact.purpose == "只看一次"]
    assert found == [(("read", "file"), "caiwu")]


def test_a_token_needs_the_password_a_purpose_a_scope_and_a_term(city: Web) -> None:
    before = rows(city, "SELECT token_id FROM desk.token WHERE person = 'baomi' ORDER BY 1")
    assert "密码不正确" in made_on_the_page(city, "baomi", password="wrong")
    assert "请写明令牌用途" in made_on_the_page(city, "baomi", name=" ")
    assert "请选择令牌可以做什么" in made_on_the_page(city, "baomi", scope=["all"])
    assert "请选择令牌的有效期" in made_on_the_page(city, "baomi", days="4000")
    assert rows(city, "SELECT token_id FROM desk.token WHERE person = 'baomi' ORDER BY 1") == before


def test_a_token_opens_only_its_scopes(city: Web) -> None:
    case = fresh_cases(city)[0]
    case.drafted()
    reader = Program(city, "jingban", token_for(city, "jingban", ("read",)))
    refused = reader.acts(case.id, "submit")
    assert (refused.status_code, refused.json["rule"]) == (403, "T-SCOPE")
    filer = Program(city, "jingban", token_for(city, "jingban", ("file",)))
    assert (filer.get("/me").status_code, filer.acts(case.id, "submit", etag=reader.etag(case.id)).status_code) == (403, 200)


def test_approving_by_token_is_off_by_default(city: Web) -> None:
    case = fresh_cases(city)[0]
    case.drafted().submitted()
    person = case.who(Role.UNIT_HEAD).id
    decider = Program(city, person)
    seen, plain = decider.etag(case.id), opened(replace(city.settings, tokens_may_decide=False))
    refused = Program(plain, person, decider.secret).acts(case.id, "approve", {"opinion": "同意"}, etag=seen)
    plain.extensions["engine"].dispose()
    assert (refused.status_code, refused.json["rule"]) == (403, "T-DECIDE")
    assert refused.json["detail"] == "本系统不允许凭访问令牌办理审批，请本人登录办理。"
    assert decider.acts(case.id, "approve", {"opinion": "同意"}, etag=seen).status_code == 200


def test_a_token_that_decides_is_offered_and_made_only_where_tokens_may_decide(city: Web) -> None:
    """On the page and on the command line; what is not offered is refused too."""
    plain = opened(replace(city.settings, tokens_may_decide=False))
    offered = {app: 'value="decide"' in visitor(app, "baomi").sees(PAGE) for app in (city, plain)}
    assert offered == {city: True, plain: False}
    before = rows(city, "SELECT token_id FROM desk.token WHERE person = 'baomi' ORDER BY 1")
    inside = visitor(plain, "baomi")
    asked = {"name": "审批接口", "scope": ["read", "decide"], "days": "30", "password": shipped_city().password}
    refused = inside.sends(PAGE, PAGE, **asked)
    assert (refused.status_code, "不能建立可以审批的令牌" in refused.text, 'id="secret"' in refused.text) == (403, True, False)
    assert rows(city, "SELECT token_id FROM desk.token WHERE person = 'baomi' ORDER BY 1") == before
    plain.extensions["engine"].dispose()


def test_the_command_line_makes_no_token_that_decides_where_they_may_not(city: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOALTRAIL_DATABASE_URL", city.settings.database_url)
    monkeypatch.setenv("GOALTRAIL_PASSWORD", shipped_city().password)
    monkeypatch.delenv("GOALTRAIL_TOKENS_MAY_DECIDE", raising=False)
    asked = ["create", "--login", "baomi", "--name", "审批接口", "--scope", "decide"]
    with pytest.raises(NotAllowed, match="不能建立可以审批的令牌"):
        token_verb.main(asked)
    monkeypatch.setenv("GOALTRAIL_TOKENS_MAY_DECIDE", "1")
    assert token_verb.main(asked) == 0


@pytest.mark.parametrize("how", ["revoked", "account closed"])
def test_a_token_ends(city: Web, how: str) -> None:
    program = Program(city, "fenguan", token_for(city, "fenguan"))
    assert program.get("/me").status_code == 200
    if how == "revoked":
        inside = visitor(city, "fenguan")
        newest = re.search(rf'action="({PAGE}/[0-9a-f-]+/revoke)"', inside.sees(PAGE))[1]
        assert inside.sends(PAGE, newest).status_code == 303
    else:
        with begin(city.extensions["engine"]) as tx:
            set_disabled(tx, "fenguan", disabled=True)
            set_disabled(tx, "fenguan", disabled=False)
    answer = program.get("/me")
    assert (answer.status_code, answer.json["type"]) == (401, "/api/v1/docs#problem-sign-in-missing")


def test_a_token_is_over_when_its_time_is(city: Web) -> None:
    secret = f"gtl_{uuid4().hex}{uuid4().hex}"
    with begin(city.extensions["engine"]) as tx:
        keep_token(tx, uuid4(), person="fenguan", name="短", scopes=["read"], secret=secret, lasts=timedelta(milliseconds=1))
    assert Program(city, "fenguan", secret).get("/me").status_code == 401


def test_nobody_ends_the_token_of_another(city: Web) -> None:
    token_for(city, "yewu")
    theirs = rows(city, "SELECT token_id FROM desk.token WHERE person = 'yewu' ORDER BY made_at DESC")[0]["token_id"]
    inside = visitor(city, "caiwu")
    sent = {"csrf_token": field(inside.sees(PAGE), "csrf_token")}
    assert inside.client.post(f"{PAGE}/{theirs}/revoke", data=sent).status_code == 404
    assert rows(city, "SELECT revoked_at FROM desk.token WHERE token_id = :id", id=theirs)[0]["revoked_at"] is None


def test_the_same_form_sent_twice_makes_one_token(city: Web) -> None:
    inside, command = visitor(city, "zhuanjia"), str(uuid4())
    asked = {"name": "一次", "scope": "read", "days": "7", "password": shipped_city().password, "command_id": command}
    answers = [inside.sends(PAGE, PAGE, **asked).status_code for _ in range(2)]
    assert (answers, len(rows(city, "SELECT 1 FROM desk.token WHERE person = 'zhuanjia' AND name = '一次'"))) == ([200, 409], 1)


def test_tokens_from_the_command_line(city: Web, capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOALTRAIL_PASSWORD", shipped_city().password)
    monkeypatch.setattr(token_verb, "running_address", lambda *_: city.settings.database_url)
    assert token_verb.main(["create", "--login", "yusuanke", "--name", "对账", "--scope", "read", "--days", "7"]) == 0
    secret = re.search(r"gtl_[\w-]+", capsys.readouterr().out)[0]
    assert Program(city, "yusuanke", secret).get("/me").json["scopes"] == ["read"]
    assert token_verb.main(["list", "--login", "yusuanke"]) == 0
    listed = capsys.readouterr().out
    named = next(line.split()[0] for line in listed.splitlines() if line.endswith("对账"))
    assert token_verb.main(["revoke", "--login", "yusuanke", "--token", named]) == 0
    assert Program(city, "yusuanke", secret).get("/me").status_code == 401
