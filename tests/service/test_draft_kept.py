"""G7 on the server: the draft form's script keeps what was typed; foreign, forged, stale and too long are refused."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from werkzeug.test import TestResponse

from service.app import Web
from service.pages.draft_form import fields_of
from tests.support.cluster import TEMPLATE, TestCluster
from tests.support.web_city import Visitor, counts_no_requests, field, planted, visitor
from tests.support.web_story import Story
from workflows.commands.drafting import content_in_work
from workflows.journal import Draft
from workflows.vocabulary import Stage

HIDDEN = ("csrf_token", "version", "content_hash", "attachments_hash", "draft_version")


@pytest.fixture(scope="module")
def web(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    database = cluster.new_database(TEMPLATE)
    app = planted(database, tmp_path_factory.mktemp("data"))
    counts_no_requests(app)
    yield app
    app.extensions["engine"].dispose()
    cluster.drop(database)


def draft_of(story: Story) -> Draft:
    return story.with_journal(lambda journal: content_in_work(journal, story.table))


def form_of(clerk: Visitor, story: Story) -> dict[str, Any]:
    """What the form's script posts of an untouched form."""
    page, content = clerk.sees(f"/tables/{story.id}/draft"), draft_of(story).content
    rows = [row["id"] for row in content["indicators"]]
    hidden = {name: field(page, name) for name in HIDDEN}
    return {**fields_of(content), **hidden, "row": rows, "command_id": str(uuid4()), "do": "keep", "reason": ""}


def posts(clerk: Visitor, story: Story, form: dict[str, Any], **more: object) -> TestResponse:
    return clerk.client.post(f"/tables/{story.id}/draft", data={**form, **more})


def test_g7_an_untouched_form_keeps_nothing_and_is_told_its_findings(web: Web) -> None:
    story = Story(web, "法律顾问咨询费")
    clerk, before = visitor(web, story.table.owner), draft_of(story)
    answer = posts(clerk, story, form_of(clerk, story))
    assert (answer.status_code, answer.json["state"], answer.json["proof"]["draft_version"]) == (200, "kept", before.version)
    assert ("机审意见" in answer.json["findings"], draft_of(story)) == (True, before)


def test_g7_what_was_typed_is_kept_outside_the_log_and_new_rows_are_named(web: Web) -> None:
    story = Story(web, "干部培训费")
    clerk, before = visitor(web, story.table.owner), len(story.history)
    form = form_of(clerk, story)
    answer = posts(clerk, story, form, row=[*form["row"], "r900"], purpose="新的用途", **{"r900-target": "≥3次"})
    named = f"r{len(form['row']) + 1}"
    assert (answer.status_code, answer.json["rows"]["r900"], answer.json["parsed"][named]) == (200, named, "≥ 3次")
    assert (draft_of(story).version, draft_of(story).content["purpose"]) == (1, "新的用途")
    assert (len(story.history), story.table.stage) == (before, Stage.DRAFT)
    assert "尚未说明理由" in answer.json["findings"]


def test_g7_what_was_kept_without_a_reason_is_neither_saved_nor_submitted_without_one(web: Web) -> None:
    story = Story(web, "运营经费").drafted()
    clerk = visitor(web, story.table.owner)
    assert posts(clerk, story, form_of(clerk, story), purpose="没有理由的用途").status_code == 200
    page = f"/tables/{story.id}"
    submitted = clerk.sends(page, f"{page}/submit")
    assert (submitted.status_code, "尚未说明理由" in submitted.text) == (422, True)
    assert posts(clerk, story, form_of(clerk, story), do="save").status_code == 422
    assert posts(clerk, story, form_of(clerk, story), do="save", reason="核对后更正用途").status_code == 303
    assert draft_of(story).reasons["/purpose"] == "核对后更正用途"
    assert clerk.sends(page, f"{page}/submit").status_code == 303


def test_g1_a_removed_row_comes_back_under_its_own_id(web: Web) -> None:
    story = Story(web, "SHCE 专项经费")
    clerk = visitor(web, story.table.owner)
    form, rows = form_of(clerk, story), draft_of(story).content["indicators"]
    without = posts(clerk, story, form, row=form["row"][1:])
    version = without.json["proof"]["draft_version"]
    again = posts(clerk, story, form, draft_version=version, command_id=str(uuid4()))
    assert (without.status_code, again.status_code) == (200, 200)
    assert draft_of(story).content["indicators"] == rows


def test_g7_a_stale_form_is_told_what_the_newer_draft_says(web: Web) -> None:
    story = Story(web, "法律顾问咨询费")
    clerk = visitor(web, story.table.owner)
    form = form_of(clerk, story)
    assert posts(clerk, story, form, purpose="另一窗口的用途").status_code == 200
    late = posts(clerk, story, form, purpose="这一窗口的用途", command_id=str(uuid4()))
    told = late.json
    assert (late.status_code, told["state"], told["fields"]["purpose"]) == (409, "newer", "另一窗口的用途")
    assert (told["who"], told["order"], told["proof"]["draft_version"]) == ("您在另一窗口", form["row"], 1)
    assert draft_of(story).content["purpose"] == "另一窗口的用途"
    look = posts(clerk, story, form, do="look")
    assert (look.status_code, look.json["state"], look.json["proof"]["draft_version"]) == (200, "looked", 1)


def test_g1_more_than_200_rows_and_too_long_texts_are_refused_in_words(web: Web) -> None:
    story = Story(web, "干部培训费")
    clerk, before = visitor(web, story.table.owner), draft_of(story)
    form = form_of(clerk, story)
    many = posts(clerk, story, form, row=[*form["row"], *(f"r{number}" for number in range(1000, 1200))])
    assert (many.status_code, many.json) == (422, {"state": "refused", "sentence": "绩效指标最多 200 行，请删去多余的行。"})
    long = posts(clerk, story, form, purpose="长" * 4001)
    assert (long.status_code, long.json["sentence"]) == (422, "“资金用途”超过4000字，请缩短后重试。")
    assert draft_of(story) == before


@pytest.mark.parametrize("wish", ["keep", "look"])
def test_g7_strangers_and_forged_tokens_learn_and_keep_nothing(web: Web, wish: str) -> None:
    story = Story(web, "干部培训费")
    clerk, stranger = visitor(web, story.table.owner), visitor(web, "kfzc.jingban")
    form, before = form_of(clerk, story), draft_of(story)
    token = field(stranger.sees("/account"), "csrf_token")
    foreign = posts(stranger, story, form, do=wish, csrf_token=token, title="外人写的名称")
    assert (foreign.status_code, story.table.title in foreign.text, foreign.is_json) == (404, False, False)
    forged = posts(clerk, story, form, do=wish, csrf_token="forged", purpose="伪造的用途")
    assert (forged.status_code, forged.is_json) == (400, False)
    assert draft_of(story) == before


@pytest.mark.parametrize("wish", ["keep", "look"])
def test_g7_who_may_see_but_not_edit_is_told_no_word_of_the_draft(web: Web, wish: str) -> None:
    story = Story(web, "干部培训费")
    head, form = visitor(web, "fuzeren"), form_of(visitor(web, story.table.owner), story)
    token = field(head.sees("/account"), "csrf_token")
    answer = posts(head, story, form, do=wish, csrf_token=token, draft_version="77")
    assert (answer.status_code in (403, 409), answer.json["state"], set(answer.json)) == (True, "closed", {"state", "sentence"})
