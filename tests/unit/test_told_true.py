"""What a message says of a place, of None, of a cause and of a program's memory is so."""

import pytest

from autograder.messages import explain

LEARNS = """
def learn(z, rounds):
    path = []
    for _ in range(rounds):
        path.append({"z": z, "sum": float(z.sum())})
        z = 0.5 * z
    return z, path

def double(z):
    return 2 * z

def total(z):
    return float(double(z).sum()) / 2
"""
PUBLIC = """
from autograder.checks import agree, expect, probe, task

def both(program, z):
    return [program.double(z), program.total(z)]

@task("double", points=2)
def test_double_learns(student, reference, rng):
    z = rng.normal(size=3)
    end, path = student.learn(z, 3)
    wanted, steps = reference.learn(z, 3)
    agree(list(path), steps)
    agree(end, wanted)

@task("double", points=2)
def test_double_doubles(student, reference, rng):
    z = rng.normal(size=3)
    agree(student.double(z), reference.double(z))

@task("total", points=0.5)
def test_total_adds_up(student, reference, rng):
    z = rng.normal(size=3)
    agree(student.total(z), reference.total(z))

@task("total", points=0.5)
def test_total_is_a_number(student, reference, rng):
    z = rng.normal(size=3)
    got = student.total(z)
    expect(abs(got) < 1e9, "huge")

@task("total", points=1)
def test_total_stands_beside_double(student, reference, rng):
    z = rng.normal(size=3)
    agree(probe(student, both)(z), probe(reference, both)(z))
"""


@pytest.fixture
def said(tiny_exercise, tiny_files, grade):
    """Grade a source; return of each check that does not pass its diagnosis and its explanation."""

    def of(*changes, language="en"):
        source = LEARNS
        for old, new in changes:
            assert old in source
            source = source.replace(old, new)
        manifest = tiny_files["exercise.toml"].replace(
            "[messages.negative]",
            '[messages.huge]\nen = "It is huge."\nzh = "太大。"\n\n[messages.negative]',
        )
        exercise = tiny_exercise(
            manifest=manifest, source=LEARNS, public=PUBLIC, hidden="", variants=""
        )
        (result,) = grade(exercise, source)
        return {
            check.name.partition("_")[2]: (
                check.diagnosis.name if check.diagnosis else "",
                explain(check, language, lambda _kind, key: {"huge": "It is huge."}.get(key)),
            )
            for check in result.checks
            if check.verdict != "passed"
        }

    return of


def test_a_place_in_a_copy_is_counted_in_what_was_returned(said):
    _, words = said(('"sum": float(z.sum())', '"sum": 0.0'))["double_learns"]
    place = "the entry sum in the first item in the second item (path) of what was returned"
    assert any(place in detail for detail in words.details)


def test_none_in_a_part_is_not_a_function_that_returned_nothing(said):
    name, words = said(("path.append({", "path.append(None and {"))["double_learns"]
    assert (name, words.headline) == ("", "A part of what came back is None.")


def test_a_return_that_was_not_reached_is_told_from_none_at_all(said):
    name, _ = said(("    return 2 * z", "    if z.size > 5:\n        return 2 * z"))[
        "double_doubles"
    ]
    assert name == "none_on_a_path"
    name, _ = said(("    return 2 * z", "    print(2 * z)"))["double_doubles"]
    assert name == "returned_none"


def test_a_dict_in_place_of_a_tuple_is_told_as_that_and_not_by_its_keys(said):
    _, words = said(("return z, path", 'return {"z": z, "path": path}'))["double_learns"]
    assert words.headline == "What came back is of the type dict, but tuple was wanted."
    assert ("got", "'path'") not in words.values


def test_one_dict_in_every_place_is_told_as_that(said):
    name, words = said(
        ("path = []", "path, one = [], {}"),
        (
            'path.append({"z": z, "sum": float(z.sum())})',
            'one["z"], one["sum"] = z, float(z.sum())',
        ),
        ("        z = 0.5 * z\n", "        path.append(one)\n        z = 0.5 * z\n"),
    )["double_learns"]
    assert name == "repeated"
    assert "again and again" in words.advice


def test_a_function_that_keeps_what_an_earlier_call_left_is_told_so(said):
    kept = "kept = []\ndef double(z):\n    kept.append(2 * z)\n    return sum(kept)"
    found = said(("def double(z):\n    return 2 * z", kept))
    assert "stateful" in [name for name, _ in found.values()]
    wrong = said(("    return 2 * z", "    return 2 * z + z.mean()"))
    assert "stateful" not in [name for name, _ in wrong.values()]


def test_text_in_quotes_is_told_as_that(said):
    name, _ = said(("return float(double(z).sum()) / 2", 'return f"{double(z).sum() / 2}"'))[
        "total_adds_up"
    ]
    assert name == "text"


@pytest.mark.parametrize(
    "broken",
    ["return None if z.size else z", "return {'z': z}", "return z * float('nan')", "return [z, z]"],
)
def test_what_comes_of_another_function_that_is_wrong_points_there(said, broken):
    _, words = said(("return 2 * z", broken))["total_adds_up"]
    told = "This function uses others that do not pass their own checks (double): mend those first."
    assert told in words.advice


def test_a_name_that_is_not_defined_is_a_functions_own_fault(said):
    _, words = said(("return 2 * z", "return z"), ("float(double(z)", "float(duoble(z)"))[
        "total_adds_up"
    ]
    assert "spelt" in words.advice


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_task_that_waits_for_another_is_not_called_unwritten(said, language):
    stub = "    raise NotImplementedError('double')"
    found = said(("    return 2 * z", stub), language=language)
    _, words = found["total_adds_up"]
    assert "double" in words.headline
    assert words.headline != found["double_doubles"][1].headline
    assert words.headline not in ("Not written yet.", "还没有写。")


def test_keys_that_a_check_has_unpacked_are_no_text_in_quotes(said):
    name, _ = said(("return z, path", 'return {"z": z, "path": path}'))["double_learns"]
    assert name == ""


def test_a_line_that_raises_by_itself_is_told_so(said):
    _, words = said(("    return 2 * z", "    raise ValueError('unknown mode')"))["double_doubles"]
    assert words.advice.startswith("This line of yours raises the exception itself.")


def test_below_an_authors_sentence_stands_what_it_speaks_of(said):
    _, words = said(("/ 2", "* 1e300"))["total_is_a_number"]
    assert words.headline == "It is huge."
    assert "got" in dict(words.values)


def test_how_a_check_packs_its_answers_is_no_place_for_learners(said):
    _, words = said(("/ 2", "/ 3"))["total_stands_beside_double"]
    assert not [detail for detail in words.details if "what was returned" in detail]


def test_none_in_a_part_that_a_probe_has_packed_is_none_in_a_part(said):
    _, words = said(("return 2 * z", "return [None]"))["total_stands_beside_double"]
    assert "returned nothing" not in words.headline
