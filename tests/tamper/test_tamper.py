"""Whatever the owner of the database changed below the anchor is found and located; what cannot be found is on the list."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.auditor import verify as verifier
from tests.support.cluster import TEMPLATE, TestCluster
from tests.tamper.attacks import ATTACKS, CLEAN, INCOMPLETE, Attack, Touched
from tests.tamper.forger import Forger
from tests.tamper.listing import PAGE, page
from tests.tamper.world import World, lived
from workflows.errors import LedgerRefused
from workflows.store.exporting import write_bundle
from workflows.store.one_view import one_view
from workflows.store.transaction import make_engine

LOGS = 4
"""How many random logs there are in the default run; each attack takes one of them, in turn."""


@pytest.fixture(scope="module")
def worlds(cluster: TestCluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[int, World]]:
    """The random logs that were made so far, by their seeds; each is cloned for every attack."""
    made: dict[int, World] = {}
    yield made
    for world in made.values():
        cluster.drop(world.database)


@pytest.fixture
def clone(cluster: TestCluster, worlds: dict[int, World], tmp_path_factory: pytest.TempPathFactory):
    """A function that gives a fresh copy of the world of a seed: database, notes and the auditor's copies."""
    copies = []

    def copied(seed: int) -> World:
        if seed not in worlds:
            worlds[seed] = lived(cluster.new_database(TEMPLATE), tmp_path_factory.mktemp("world"), seed)
        world = worlds[seed]
        database, folder = cluster.new_database(world.database.name), tmp_path_factory.mktemp("copy") / "world"
        shutil.copytree(world.folder, folder)
        copies.append(database)
        return replace(
            world,
            database=database,
            folder=folder,
            anchors=tuple(folder / "auditor" / path.name for path in world.anchors),
        )

    yield copied
    for database in copies:
        cluster.drop(database)


def exported(world: World) -> Path:
    engine, out = make_engine(world.database.app_url), world.folder / "out.zip"
    with one_view(engine) as tx, out.open("wb") as file:
        write_bundle(tx, file, anchors=world.notes)
    engine.dispose()
    return out


def verified(world: World, bundle: Path) -> dict[str, Any]:
    """What the verifier says in an empty folder, as a program of its own, given the auditor's notes."""
    alone = world.folder / "alone"
    alone.mkdir()
    program = shutil.copy(str(verifier.__file__), alone / "verify.py")
    anchors = [word for path in world.anchors for word in ("--anchor", str(path))]
    done = subprocess.run(
        [sys.executable, "-I", program, str(bundle), *anchors, "--json", "--processes", "1"],
        cwd=alone, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.stderr == ""
    told: dict[str, Any] = json.loads(done.stdout)
    assert told["exit"] == done.returncode
    return told


def verdict_on(world: World) -> dict[str, Any]:
    """The verifier's words; where not even a bundle could be made of what is left, that is what an auditor meets."""
    try:
        return verified(world, exported(world))
    except LedgerRefused:
        return {"exit": INCOMPLETE, "first": {"what": "export refused"}, "findings": []}


def located(attack: Attack, touched: Touched, told: dict[str, Any], world: World) -> bool:
    """Whether the first finding points where the attack was."""
    first = told["first"]
    if attack.place == "nothing":
        return (first is None) == (attack.exit == CLEAN)
    if attack.place == "index":
        return touched.index is None or first["index"] == touched.index
    if attack.place == "table":
        return bool(first["stream"] == touched.stream)
    if attack.place == "named":
        return any(str(touched.named) in first[word] for word in ("seen", "wanted", "field"))
    spans = list(pairwise((0, *world.sizes)))
    span = next((low, high) for low, high in spans if touched.index is not None and low <= touched.index < high)
    assert span is not None
    return first["index"] in range(*span) and "failed" in (told["checks"]["anchors"], told["checks"]["notes"])


def is_found(attack: Attack, clone, seed: int) -> None:
    world = clone(seed)
    forger = Forger(world)
    touched = attack.act(forger)
    forger.close()
    told = verdict_on(world)
    shutil.rmtree(world.folder)
    assert (told["exit"], located(attack, touched, told, world)) == (attack.exit, True), (
        touched,
        json.dumps(told["findings"][:3], ensure_ascii=False),
    )


@pytest.mark.parametrize(("number", "attack"), list(enumerate(ATTACKS)), ids=[attack.name for attack in ATTACKS])
def test_each_tampering_is_found_where_it_was(number: int, attack: Attack, clone) -> None:
    is_found(attack, clone, number % LOGS)


@pytest.mark.parametrize("seed", range(LOGS))
def test_an_honest_log_raises_no_alarm(clone, seed: int) -> None:
    world = clone(seed)
    told = verified(world, exported(world))
    shutil.rmtree(world.folder)
    assert (told["exit"], told["findings"]) == (0, [])
    assert {check for check, result in told["checks"].items() if result != "checked"} <= {"places"}


def test_the_list_is_long_enough_and_names_differ() -> None:
    assert len(ATTACKS) >= 40
    assert len({attack.name for attack in ATTACKS}) == len(ATTACKS)


def test_the_page_shows_the_list_as_it_is() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()


@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(seed=st.integers(LOGS, LOGS + 7))
def test_each_tampering_is_found_in_many_logs(attack: Attack, clone, seed: int) -> None:
    is_found(attack, clone, seed)
