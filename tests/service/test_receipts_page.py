"""Receipts on the pages: whoever decided takes the proof home; others do not; before the next note a friendly word."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.app import Web
from tests.support.anchoring import anchor, seal
from tests.support.bundles import Opened
from tests.support.cluster import TEMPLATE, TestCluster
from tests.support.web_city import planted, visitor
from tests.support.web_story import Story
from workflows.ledger.proofs import parse_proof
from workflows.store.transaction import make_engine
from workflows.vocabulary import Role


@pytest.fixture(scope="module")
def web(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    database = cluster.new_database(TEMPLATE)
    app = planted(database, tmp_path_factory.mktemp("data"))
    app.sealer = make_engine(database.sealer_url, connections=1)
    yield app
    app.sealer.dispose()
    app.extensions["engine"].dispose()
    cluster.drop(database)


@pytest.fixture(scope="module")
def story(web: Web) -> Story:
    return Story(web, "干部培训费").drafted().submitted().approved(Role.UNIT_HEAD, "同意，请部门审核")


def decision(story: Story) -> int:
    return next(each.version for each in story.history if each.kind == "task.decided")


def receipt(story: Story, version: int | None = None) -> str:
    return f"/tables/{story.id}/receipts/{version or decision(story)}"


@pytest.fixture
def anchored(web: Web, story: Story) -> Path:
    seal(web.sealer)
    return anchor(web.sealer, web.settings.anchors)


def test_before_the_next_note_the_person_is_asked_to_come_back(web: Web) -> None:
    fresh = Story(web, "运营经费").drafted().submitted()
    clerk = visitor(web, fresh.table.owner)
    version = next(each.version for each in fresh.history if each.kind == "table.submitted")
    answer = clerk.client.get(receipt(fresh, version))
    assert (answer.status_code, "请约十秒后再试" in answer.text, f'href="/tables/{fresh.id}"' in answer.text) == (409, True, True)


def test_who_decided_takes_a_bundle_that_its_own_verifier_accepts(web: Web, story: Story, anchored: Path, tmp_path: Path) -> None:
    head = visitor(web, story.who(Role.UNIT_HEAD).id)
    assert f'href="{receipt(story)}"' in head.sees(f"/tables/{story.id}")
    answer = head.client.get(receipt(story))
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    opened = Opened(answer.data)
    assert opened.manifest["scope"] == {"kind": "event", "stream": str(story.id), "version": decision(story)}
    (tmp_path / "r.zip").write_bytes(answer.data)
    (tmp_path / "verify.py").write_bytes(opened.members["verify.py"])
    done = subprocess.run(
        [sys.executable, "-I", "verify.py", "r.zip", "--anchor", str(anchored)], cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_proof_alone_leads_from_the_decision_to_the_note(web: Web, story: Story, anchored: Path) -> None:
    answer = visitor(web, story.who(Role.UNIT_HEAD).id).client.get(f"{receipt(story)}?form=proof")
    leaf = story.history[decision(story) - 1].leaf_hash
    proof = parse_proof(answer.data)
    assert (answer.status_code, proof.proves(leaf)) == (200, True)
    assert proof.note.text() == anchored.read_bytes().decode()
    assert not proof.proves(bytes(32))


def test_receipts_are_for_the_person_and_for_auditors(web: Web, story: Story, anchored: Path) -> None:
    logins = (story.who(Role.UNIT_HEAD).id, "guancha", "fenguan", story.table.owner, "guicai", "kf.jingban")
    assert [visitor(web, login).client.get(receipt(story)).status_code for login in logins] == [200, 200, 200, 403, 403, 404]


def test_a_quiet_record_and_one_that_is_not_there_have_no_receipt(web: Web, story: Story, anchored: Path) -> None:
    head = visitor(web, story.who(Role.UNIT_HEAD).id)
    quiet = next(each.version for each in story.history if each.kind == "node.completed" and each.actor_id == head.city.person(story.who(Role.UNIT_HEAD).id).id)
    assert [head.client.get(receipt(story, version)).status_code for version in (quiet, 999)] == [403, 404]
    assert head.sees(f"/tables/{story.id}").count("下载回执") == 1
