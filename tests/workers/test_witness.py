"""The witness as a process of its own: what it cosigns, what it refuses, and that it never forgets what it said."""

import json
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.cluster import short_folder
from tests.support.faulty_disk import DIED, FaultyDisk, HastyDisk, dies, fails_with, in_a_child
from tests.workers.processes import ROOT
from tests.workers.witnesses import KEY, ORIGIN, WITNESS_KEY, ToyLog, WitnessProcess, loopback, witness_at
from workers.cosigning import Cosigner, Declined, LogSeen, SeenOtherwise, StateUnreadable, read_request
from workflows.ledger.keys import SigningKey, cosigned_at
from workflows.ledger.notes import parse_signatures

LOG = ToyLog()
STRANGER = ToyLog(key=SigningKey(ORIGIN, bytes(32)))
OTHER = ToyLog(key=SigningKey("goaltrail.local/ffffffffffffffff/sha256", bytes(32)))


@pytest.fixture
def folder():
    with short_folder() as made:
        yield made / "w"


@pytest.fixture(params=["unix", "loopback"])
def witness(request, folder):
    with witness_at(folder, loopback() if request.param == "loopback" else "") as running:
        assert running.ask("POST", "/trust-log", f"{KEY.vkey}\n".encode())[:2] == (200, "ok\n")
        yield running


@pytest.fixture
def cosigner(tmp_path) -> Cosigner:
    made = Cosigner(tmp_path, WITNESS_KEY, HastyDisk(), lambda: 1_770_000_000)
    made.trust_log(KEY.vkey.encode())
    return made


def test_it_cosigns_a_log_that_grows(witness: WitnessProcess):
    key, began = witness.key(), int(time.time())
    for old, new in ((0, 1), (1, 7), (7, 7), (7, 300)):
        status, said = witness.add(LOG.request(old, new))
        (signature,) = parse_signatures(said)
        assert (status, key.verify(LOG.note(new).body, signature)) == (200, True)
        assert began <= cosigned_at(signature) <= time.time()
    seen = json.loads(witness.ask("GET", "/latest")[1])[ORIGIN]
    assert (seen["size"], seen["root"], seen["vkey"]) == (300, LOG.root(300).hex(), KEY.vkey)


def test_what_it_refuses_and_how_it_says_so(witness: WitnessProcess):
    assert witness.add(LOG.request(0, 5))[0] == 200
    fork = ToyLog("other", forks_at=3)
    answers = {
        "unknown log": witness.add(OTHER.request(0, 6))[0],
        "another key": witness.add(STRANGER.request(5, 6))[0],
        "proof of another tree": witness.add(fork.request(5, 9))[0],
        "no proof": witness.add(LOG.request(5, 9, []))[0],
        "old beyond new": witness.add(LOG.request(5, 4, []))[0],
        "not a request": witness.add(b"old five\n\n")[0],
        "another address": witness.ask("POST", "/add", b"")[0],
        "another way": witness.ask("GET", "/add-checkpoint")[0],
    }
    assert answers == {
        "unknown log": 404, "another key": 403, "proof of another tree": 422, "no proof": 422, "old beyond new": 400,
        "not a request": 400, "another address": 404, "another way": 404,
    }  # fmt: skip
    size = (409, "5\n", "text/x.tlog.size")
    assert witness.ask("POST", "/add-checkpoint", LOG.request(0, 9)) == size
    assert witness.ask("POST", "/add-checkpoint", LOG.request(3, 9)) == size
    assert witness.ask("POST", "/add-checkpoint", fork.request(5, 5)) == size
    assert witness.add(LOG.request(5, 9))[0] == 200


def test_it_trusts_the_first_log_and_no_other(witness: WitnessProcess):
    assert witness.ask("POST", "/trust-log", KEY.vkey.encode())[0] == 200
    for other in (STRANGER.key.vkey, OTHER.key.vkey):
        assert witness.ask("POST", "/trust-log", other.encode())[0] == 403
    for nothing in (witness.key().vkey, "x", ""):
        assert witness.ask("POST", "/trust-log", nothing.encode())[0] == 400
    assert list(json.loads(witness.ask("GET", "/latest")[1])) == [ORIGIN]


def test_a_key_given_by_setting_is_the_only_one(folder):
    with witness_at(folder, GOALTRAIL_WITNESS_LOG_VKEY=KEY.vkey) as witness:
        assert witness.ask("POST", "/trust-log", OTHER.key.vkey.encode())[0] == 403
        assert witness.add(OTHER.request(0, 2))[0] == 404
        assert witness.add(STRANGER.request(0, 2))[0] == 403
        assert witness.add(LOG.request(0, 2))[0] == 200
        assert witness.stop() == 0


def test_killed_between_requests_it_remembers_what_it_said(folder):
    with witness_at(folder) as witness:
        key = witness.key()
        witness.ask("POST", "/trust-log", KEY.vkey.encode())
        for size in (4, 9, 20):
            assert witness.add(LOG.request({4: 0, 9: 4, 20: 9}[size], size))[0] == 200
            witness.kill()
            witness.start()
            assert witness.add(LOG.request(0, size)) == (409, f"{size}\n")
            assert witness.add(ToyLog("other").request(size, size + 1))[0] == 422
        assert witness.key() == key
        assert (folder / "witness.key").stat().st_mode & 0o777 == 0o600
        assert (folder / "state.json").stat().st_mode & 0o777 == 0o600


def test_of_many_at_once_one_wins(witness: WitnessProcess):
    size = 0
    for _ in range(5):
        asked = [(size + more, LOG.request(size, size + more)) for more in range(1, 9)]
        with ThreadPoolExecutor(len(asked)) as pool:
            answers = list(pool.map(lambda one: (one[0], *witness.add(one[1])), asked))
        won = [new for new, status, _ in answers if status == 200]
        lost = {(status, said) for _, status, said in answers if status != 200}
        assert (len(won), lost) == (1, {(409, f"{won[0]}\n")})
        size = won[0]


def test_it_says_nothing_that_it_could_not_keep(cosigner, tmp_path):
    assert cosigner.add_checkpoint(LOG.request(0, 3))
    counted = FaultyDisk()
    cosigner.disk = counted
    cosigner.add_checkpoint(LOG.request(3, 4))
    for at in range(1, len(counted.done) + 1):
        size = cosigner.seen()[ORIGIN].size
        cosigner.disk = FaultyDisk(at=at, fault=fails_with(28, late=at % 2 == 0))
        with pytest.raises(OSError, match="28"):
            cosigner.add_checkpoint(LOG.request(size, size + 1))
        assert cosigner.seen()[ORIGIN].size in {size, size + 1}
        size = cosigner.seen()[ORIGIN].size
        cosigner.disk = FaultyDisk(at=at, fault=dies)
        assert in_a_child(lambda s=size: cosigner.add_checkpoint(LOG.request(s, s + 1))) == DIED
        assert cosigner.seen()[ORIGIN].size in {size, size + 1}


def test_a_request_too_large_or_cut_off_is_refused(witness: WitnessProcess):
    assert witness.add(b"x" * 70_000)[0] == 400
    assert witness.add(LOG.request(0, 5))[0] == 200


@pytest.mark.parametrize("spoil", [
    lambda text: text.replace("old 2", "old 02", 1), lambda text: text.replace("old 2\n", "old 2 \n", 1),
    lambda text: text.replace("\n\n", "\n", 1), lambda text: text[:-1], lambda text: "old 2\n" + "A" * 44 + "\n\n" + text,
    lambda text: text.replace("\n", "\r\n"), lambda text: "old 2\n" + ("A" * 43 + "=\n") * 64 + text[text.index("\n\n") :],
])  # fmt: skip
def test_a_request_has_one_way_to_be_written(spoil):
    text = LOG.request(2, 5).decode()
    assert read_request(text.encode()).old == 2
    with pytest.raises(Declined):
        read_request(spoil(text).encode())


@given(st.binary(max_size=300))
def test_no_bytes_at_all_make_it_fail(body):
    with pytest.raises(Declined):
        read_request(body)


def test_the_same_checkpoint_may_be_asked_for_again_but_not_an_older_one(cosigner):
    first = cosigner.add_checkpoint(LOG.request(0, 5))
    assert cosigner.add_checkpoint(LOG.request(5, 5)) == first
    with pytest.raises(SeenOtherwise):
        cosigner.add_checkpoint(LOG.request(0, 3))


def test_a_key_by_setting_outweighs_what_was_trusted_before(cosigner, tmp_path):
    cosigner.add_checkpoint(LOG.request(0, 5))
    settled = Cosigner(tmp_path, WITNESS_KEY, HastyDisk(), lambda: 1, {ORIGIN: STRANGER.key.vkey})
    assert settled.add_checkpoint(STRANGER.request(0, 2))
    assert settled.seen()[ORIGIN].vkey == STRANGER.key.vkey
    again = Cosigner(tmp_path, WITNESS_KEY, HastyDisk(), lambda: 1, {ORIGIN: STRANGER.key.vkey})
    with pytest.raises(SeenOtherwise):
        again.add_checkpoint(STRANGER.request(0, 3))


@pytest.mark.parametrize("spoiled", ["", "{}", '{"logs": 1}', '{"logs": {"o": {"size": 1}}}', '{"logs": {"o": []}}'])
def test_it_never_begins_again_over_a_state_that_cannot_be_read(cosigner, tmp_path, spoiled):
    (tmp_path / "state.json").write_text(spoiled)
    with pytest.raises(StateUnreadable):
        cosigner.seen()


def test_a_witness_without_its_state_its_key_or_its_folder_does_not_start(folder):
    with witness_at(folder) as witness:
        second = witness.popen()
        assert second.wait(60) == 1
        assert f"{folder} 已有一个见证人在运行。" in witness.said()
        witness.ask("POST", "/trust-log", KEY.vkey.encode())
        assert witness.stop() == 0
        (folder / "witness.key").rename(folder / "elsewhere")
        assert witness.popen().wait(60) == 1
        assert f"{folder}/witness.key 不见了，但记录还在。请取回原来的密钥。" in witness.said()
        (folder / "elsewhere").rename(folder / "witness.key")
        (folder / "state.json").write_text("{")
        assert witness.popen().wait(60) == 1
        assert "见证人的记录无法读懂，不会从头开始。请从备份取回。" in witness.said()
    nothing = subprocess.run([sys.executable, "-m", "workers.witness"], cwd=ROOT, env={"PATH": "/bin"}, capture_output=True, text=True, check=False)
    assert (nothing.returncode, nothing.stderr) == (2, "请设置 GOALTRAIL_WITNESS_DIR（或 GOALTRAIL_DATA_DIR）。\n")


def test_it_needs_neither_database_nor_broker():
    program = "import sys, workers.witness; print(sorted({'sqlalchemy', 'psycopg', 'celery', 'redis', 'flask'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, env={"PATH": "/bin", "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("[]\n", "")


def test_a_log_never_seen_begins_with_nothing():
    assert LogSeen("key") == LogSeen("key", 0, ToyLog().root(0).hex(), "")


def test_it_needs_no_setting_but_its_folder(folder):
    with witness_at(folder, GOALTRAIL_WITNESS_LISTEN="") as witness:
        witness.listen = f"unix:{folder}/witness.sock"
        assert witness.ask("GET", "/healthz")[:2] == (200, "ok\n")
        assert (folder / "witness.sock").stat().st_mode & 0o777 == 0o600
        assert witness.stop() == 0
