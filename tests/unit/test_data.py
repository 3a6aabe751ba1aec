"""The course's digits: what they are, and that the grader's own reach nobody else."""

import hashlib
import io
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

from autograder.data import COURSE_FILE, course_mnist, mnist_file
from tools import rebuild_mnist

ROOT = Path(__file__).parents[2]
HIDDEN = rebuild_mnist.HIDDEN
FILES = sorted(
    path
    for folder in ("autograder/data", "assignments")
    for path in (ROOT / folder).rglob("*")
    if path.is_file() and "__pycache__" not in path.parts
)


def arrays_of(path):
    with np.load(path, allow_pickle=False) as arrays:
        return dict(arrays)


@pytest.fixture(scope="module")
def hidden_images():
    return {image.tobytes() for image in arrays_of(HIDDEN)["x"]}


@pytest.mark.parametrize(("path", "name"), [(COURSE_FILE, "course"), (HIDDEN, "hidden")])
def test_both_files_are_the_very_bytes_that_their_hashes_say(path, name):
    assert hashlib.sha256(path.read_bytes()).hexdigest() == rebuild_mnist.FILES[name]
    assert rebuild_mnist.digest(arrays_of(path)) == rebuild_mnist.DIGESTS[name]


def test_both_files_together_are_the_digits_that_were_divided():
    course, hidden = arrays_of(COURSE_FILE), arrays_of(HIDDEN)
    whole = course | {
        f"{key}_test": np.concatenate([course[f"{key}_test"], hidden[key]]) for key in "xy"
    }
    assert rebuild_mnist.digest(whole) == rebuild_mnist.DIGESTS["whole"]
    again = rebuild_mnist.split(whole)
    assert [rebuild_mnist.digest(part) for part in again] == [
        rebuild_mnist.DIGESTS["course"],
        rebuild_mnist.DIGESTS["hidden"],
    ]


def test_packing_does_not_depend_on_the_day():
    arrays = {"a": np.arange(6).reshape(2, 3)}
    first = rebuild_mnist.packed(arrays)
    assert first == rebuild_mnist.packed(arrays)
    with zipfile.ZipFile(io.BytesIO(first)) as file:
        assert file.infolist()[0].date_time == (1980, 1, 1, 0, 0, 0)


def test_the_course_split_has_the_form_that_keras_gives():
    digits = course_mnist()
    assert [array.shape for array in digits] == [(5000, 28, 28), (5000,), (1000, 28, 28), (1000,)]
    assert {array.dtype for array in digits} == {np.dtype("uint8")}
    assert [digits.x_train.min(), digits.x_train.max()] == [0, 255]
    assert set(digits.y_train) == set(digits.y_test) == set(range(10))


def test_no_digit_is_in_two_parts(hidden_images):
    digits = course_mnist()
    shown = [image.tobytes() for image in np.concatenate([digits.x_train, digits.x_test])]
    assert len({*shown, *hidden_images}) == len(shown) + len(hidden_images) == 10_000


def images_in(path):
    """Every run of numbers in a file that could be images, as bytes of 784 pixels."""
    if path.suffix == ".npz":
        return arrays_images(arrays_of(path).values())
    if path.suffix in (".json", ".ipynb"):
        return arrays_images(arrays_inside(json.loads(path.read_text(encoding="utf-8"))))
    return set()


def arrays_inside(value):
    """The arrays that frozen answers hold, as they are written there, and lists of numbers."""
    if isinstance(value, dict):
        for item in value.values():
            yield from arrays_inside(item)
    elif isinstance(value, list):
        if value and all(isinstance(item, int | float) for item in value):
            yield np.array(value, float)
        for item in value:
            yield from arrays_inside(item)


def arrays_images(arrays):
    found = set()
    for array in arrays:
        numbers = np.asarray(array)
        if numbers.dtype.kind not in "biuf" or not numbers.size or numbers.size % 784:
            continue
        rows = numbers.reshape(-1, 784).astype(float)
        pixels = rows * 255 if rows.max() <= 1 else rows
        found |= {row.tobytes() for row in np.rint(pixels).clip(0, 255).astype(np.uint8)}
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_hidden_digit_is_in_what_learners_get(path, hidden_images):
    assert path.name != HIDDEN.name
    assert not images_in(path) & hidden_images
    content = path.read_bytes()
    assert not any(image in content for image in hidden_images)


def test_the_search_would_find_a_hidden_digit(hidden_images, tmp_path):
    image = arrays_of(HIDDEN)["x"][7]
    for place, array in (("a.npz", image), ("b.npz", image / 255), ("c.npz", image.ravel())):
        np.savez(tmp_path / place, x=array)
        assert images_in(tmp_path / place) & hidden_images
    (tmp_path / "answers.json").write_text(json.dumps({"x": (image.ravel() / 255).tolist()}))
    assert images_in(tmp_path / "answers.json") & hidden_images


def test_the_provenance_names_the_licence_and_the_hashes():
    text = (COURSE_FILE.parent / "PROVENANCE.md").read_text(encoding="utf-8")
    assert set(re.findall(r"`([0-9a-f]{64})`", text)) == set(rebuild_mnist.FILES.values())
    assert "CC BY-SA 3.0" in text


def test_importing_the_package_does_not_import_numpy():
    script = "import sys, autograder.data; sys.exit('numpy' in sys.modules)"
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, check=True)


def test_without_the_full_file_keras_is_given_the_course_file(monkeypatch, tmp_path):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    assert mnist_file() == COURSE_FILE


def test_a_file_that_only_has_the_name_of_the_full_one_is_left_alone(monkeypatch, tmp_path):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    other = tmp_path / "datasets" / "mnist.npz"
    other.parent.mkdir()
    other.write_bytes(b"half a download")
    assert mnist_file() == COURSE_FILE
    assert other.read_bytes() == b"half a download"
