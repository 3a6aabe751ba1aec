"""The page of an audit, and of which code it is a proof."""

from textwrap import dedent

import pytest
from typer.testing import CliRunner

from autograder.authoring.audit_report import audit_page, proofs, shown
from autograder.authoring.freshness import digest_of_inputs, digest_of_proof
from autograder.authoring.proof import Audit, VariantFound
from autograder.catalogue import load_exercise
from autograder.cli.app import app
from autograder.diagnosis import read_variants


@pytest.fixture
def made(tiny_exercise, tiny_files):
    """Make a small exercise as its author writes it: in cells."""
    return lambda *name: tiny_exercise(*name, source="# %%\n" + dedent(tiny_files["tiny.py"]))


def found(exercise, *, seeds=5, stub=0.0, **more):
    source = exercise.source.read_text(encoding="utf-8")
    (variant,) = read_variants(exercise.variants, source)
    told = {"shaky": (), "mutants": 4, "survivors": (), "explained": (), "unused": ()} | more
    named = (VariantFound(variant, lost=True, named=("T1",)),)
    digest = digest_of_proof(exercise)
    return Audit(exercise, digest, seeds=seeds, stub=stub, variants=named, **told)


@pytest.fixture
def changed(made):
    """Change a file of the exercise; tell whether its proof, and its answers, are still good."""
    exercise = made()
    before = digest_of_proof(exercise), digest_of_inputs(exercise)

    def change(name, old, new):
        path = exercise.folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
        again = load_exercise(exercise.folder)
        return digest_of_proof(again) == before[0], digest_of_inputs(again) == before[1]

    return change


def test_a_page_tells_what_is_proved_and_of_which_code(made):
    exercise = made()
    page = audit_page([found(exercise)])
    assert proofs(page) == {"01_tiny": shown(digest_of_proof(exercise))}
    assert "| 01_tiny | 6 | 0 | 5/5 | 1, by 1/1 variants | 4/4 (100.0%) |" in page
    assert "| **all** | 6 | | | 1 |" in page
    assert "You squared instead of doubling." in page


def test_what_is_not_proved_is_no_proof(made):
    page = audit_page([found(made(), stub=2.0)])
    assert "**not proved**" in page
    assert proofs(page) == {}


def test_an_exercise_that_is_audited_alone_leaves_the_others_on_the_page(made):
    first, second = made(), made("02_other")
    both = audit_page([found(first), found(second)])
    assert audit_page([found(second)], audit_page([found(first)])) == both
    again = audit_page([found(first, seeds=7)], both)
    assert again == both.replace("| 5/5 |", "| 7/7 |", 1)
    assert "| **all** | 12 | | | 2 |" in again


def test_a_comment_or_a_hint_leaves_a_proof_good(changed):
    assert changed("test_hidden.py", '@task("double"', '# why\n\n@task("double"') == (True, True)
    assert changed("exercise.toml", "Add them up.", "Add up all of them.") == (True, True)


def test_another_hidden_check_asks_for_a_new_audit_but_not_for_new_answers(changed):
    assert changed("test_hidden.py", "size=(2, 3)", "size=(3, 2)") == (False, True)


def test_other_code_asks_for_both(changed):
    assert changed("tiny.py", "2 * z", "z + z") == (False, False)


def test_of_two_audits_at_once_neither_writes_over_the_row_of_the_other(
    made, tmp_path, monkeypatch
):
    first, second = made(), made("02_other")
    (tmp_path / "course.toml").write_text(
        'exercises = ["01_tiny", "02_other"]\n[title]\nen = "C"\nzh = "课"\n', encoding="utf-8"
    )
    page = tmp_path / "audit.md"

    def meanwhile(*_arguments, **_options):
        page.write_text(audit_page([found(second)]), encoding="utf-8")
        return found(first)

    monkeypatch.setattr("autograder.authoring.audit.audit", meanwhile)
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, ["audit", "01_tiny", "--report", str(page)])
    assert done.exit_code == 0, done.output
    assert set(proofs(page.read_text(encoding="utf-8"))) == {"01_tiny", "02_other"}
