"""The course split of MNIST: 5,000 digits to train on and 1,000 to test on, offline.

PROVENANCE.md beside this file says where the digits come from and under which licence. 4,000
further ones are kept for grading, outside of this package.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from autograder.data.offline import serve_mnist, serves_mnist

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = [
    "COURSE_FILE",
    "FULL_SHA256",
    "Digits",
    "course_mnist",
    "keras_file",
    "mnist_file",
    "offline_mnist",
    "sha256",
]

COURSE_FILE = Path(__file__).parent / "course_mnist.npz"
# The file that Keras downloads: 60,000 and 10,000 digits.
FULL_SHA256 = "731c5ac602752760c8e48fbffcf8c3b850d9dc2a2aedcf2cc48468fc17b673d1"


class Digits(NamedTuple):
    """Images (n, 28, 28) of uint8, 0 white to 255 ink, and their labels (n,) of uint8."""

    x_train: NDArray[np.uint8]
    y_train: NDArray[np.uint8]
    x_test: NDArray[np.uint8]
    y_test: NDArray[np.uint8]


def course_mnist() -> Digits:
    """Load the course split: 5,000 training digits and 1,000 test digits."""
    import numpy as np  # this package is imported where NumPy is not wanted yet

    with np.load(COURSE_FILE, allow_pickle=False) as arrays:
        return Digits(*(arrays[name] for name in Digits._fields))


def mnist_file() -> Path:
    """Find the file that ``keras.datasets.mnist.load_data`` is to read.

    It is the full MNIST, where Keras has downloaded it before and it is intact; else the course
    split, which has the same keys.
    """
    full = keras_file()
    return full if sha256(full) == FULL_SHA256 else COURSE_FILE


def offline_mnist() -> None:
    """Let ``keras.datasets.mnist.load_data()`` work without the internet, in this process.

    For learners' programs: it then reads what ``mnist_file`` finds, whether Keras is imported
    already or not. Where a program is checked or graded, its digits are served already, and this
    changes nothing.
    """
    if not serves_mnist():
        serve_mnist(mnist_file)


def keras_file() -> Path:
    """Return where Keras looks for the full MNIST, whether or not it is there."""
    home = os.environ.get("KERAS_HOME")
    # Path.home() may raise; this does not.
    folder = Path(home) if home else Path(os.path.expanduser("~"), ".keras")  # noqa: PTH111
    return folder / "datasets" / "mnist.npz"


def sha256(path: Path) -> str:
    """Hash a file; empty where there is none that can be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
