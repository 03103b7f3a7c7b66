"""Everything that can happen has its words: a fold, a sentence, a picture in the README."""

from pathlib import Path

from workflows.events import CLOSES_ITS_TASK, KINDS
from workflows.folds.replay import FOLDS
from workflows.rights.lifecycle import STEPS
from workflows.rights.picture import picture
from workflows.vocabulary import Action
from workflows.words.notices import RULES
from workflows.words.sentences import SENTENCES

README = Path(__file__).resolve().parents[2] / "README.md"
OTHER_SUBJECTS = (
    "reply.", "document.", "grant.", "definition.", "rule_pack.", "calendar.",
    "account.", "owner.", "catalog.", "clock.", "audit.", "backup.", "erasure.", "library.", "cover.", "waiver.", "sampling.",
    "template.", "notice.", "campaign.", "execution.imported", "disclosure.released", "budget.", "referral.", "organ.", "accounts.",
)  # fmt: skip


def test_every_kind_has_a_sentence():
    assert set(SENTENCES) == set(KINDS)


def test_every_kind_of_a_table_says_what_it_does_to_it():
    assert set(FOLDS) == {kind for kind in KINDS if not kind.startswith(OTHER_SUBJECTS)}


def test_notices_and_closings_name_known_kinds():
    assert set(RULES) <= set(KINDS)
    assert set(KINDS) >= CLOSES_ITS_TASK


def test_every_action_has_a_step_and_records_known_kinds():
    assert {step.action for step in STEPS} == set(Action)
    assert {kind for step in STEPS for kind in step.records} <= set(KINDS)


def test_the_readme_shows_the_steps_as_they_are():
    assert picture() in README.read_text(encoding="utf-8")
