"""The direction of imports, read from the sources: also inside functions and for types."""

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

import autograder

ROOT = Path(autograder.__file__).parent
ORDER = (
    "errors",
    "atomic",
    "model",
    "measures",
    "messages",
    "wire",
    "data",
    "sandbox",
    "catalogue",
    "submission",
    "handout",
    "checks",
    "diagnosis",
    "plugin",
    "grading",
    "insight",
    "report",
    "export",
    "nbgrader",
    "authoring",
    "doctor",
    "watch",
    "play",
    "cli",
    "notebook",
    "__main__",
)
MODULES = sorted(path.relative_to(ROOT) for path in ROOT.rglob("*.py"))
# The child runs in the cage: beside the standard library, only these.
# A framework only once the program has imported it.
IN_THE_CAGE = {"numpy", "autograder", "landlockpy", "landlock", "seccompy", "torch", "tensorflow"}
OF_OURS_IN_THE_CAGE = {"errors", "wire", "data", "sandbox"}


@cache
def imported(path):
    """Names of the modules that a file imports, wherever in it."""
    return tuple(_imported(path))


def _imported(path):
    for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            module = node.module or ""
            submodules = [f"{module}.{alias.name}" for alias in node.names]
            yield from (name if is_ours(name) else module for name in submodules)


def is_ours(name):
    path = ROOT.parent.joinpath(*name.split("."))
    return path.is_dir() or path.with_suffix(".py").is_file()


def part_of(name):
    return name.split(".")[1]


def parts_imported(path):
    ours = (name for name in imported(path) if name.startswith("autograder."))
    return {part_of(name) for name in ours}


def rank(part):
    return ORDER.index(part)


def own_part(path):
    return path.parts[0].removesuffix(".py")


def test_every_module_belongs_to_a_part_of_the_design():
    parts = {own_part(path) for path in MODULES if path.parts != ("__init__.py",)}
    assert parts - set(ORDER) == set(), "add it to the order"


def test_a_module_imports_only_parts_above_its_own():
    low = {
        str(path): sorted(
            part for part in parts_imported(path) if rank(part) > rank(own_part(path))
        )
        for path in MODULES
        if path.parts != ("__init__.py",)
    }
    assert {path: parts for path, parts in low.items() if parts} == {}


def test_the_package_itself_imports_nothing():
    assert set(imported(Path("__init__.py"))) <= {"__future__"}


def importers_of(*packages, but=()):
    """Modules outside of some parts that import one of these packages, each for itself."""
    return [
        str(path)
        for path in MODULES
        if own_part(path) not in but
        and {name.split(".")[0] for name in imported(path)} & set(packages)
    ]


def test_only_its_own_part_imports_nbgrader():
    assert importers_of("nbgrader") != []
    assert importers_of("nbgrader", but=("nbgrader",)) == []


def test_results_need_neither_numpy_nor_pytest():
    others = set(ORDER) - {"errors", "model"}
    assert importers_of("numpy", "pytest", but=others) == []


def test_pytest_is_known_where_checks_run_alone():
    assert importers_of("pytest", but=("checks", "plugin", "grading")) == []


def loaded_by(module):
    script = (
        f"import sys; before = set(sys.modules); import {module}; print(*set(sys.modules) - before)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    return set(done.stdout.split())


@pytest.fixture(scope="module")
def in_the_child():
    return loaded_by("autograder.sandbox.child")


def test_the_child_loads_nothing_but_numpy_and_the_standard_library(in_the_child):
    tops = {name.split(".")[0] for name in in_the_child}
    strangers = {name for name in tops - IN_THE_CAGE if name not in sys.stdlib_module_names}
    # NumPy's compiled parts and their helpers carry names of their own.
    assert not {name for name in strangers if not name.startswith(("_", "cython", "mtrand"))}


def test_the_child_loads_nothing_of_the_tests_the_reference_or_the_score(in_the_child):
    ours = {name for name in in_the_child if name.startswith("autograder.")}
    assert {part_of(name) for name in ours} <= OF_OURS_IN_THE_CAGE


def test_results_load_without_numpy_and_pytest():
    assert not {"numpy", "pytest"} & loaded_by("autograder.model")


def test_who_starts_workers_loads_nothing_that_checks_need():
    assert not {"numpy", "pytest"} & loaded_by("autograder.grading.pool")


def test_the_plugin_module_loads_without_numpy():
    assert not {"numpy", "msgspec"} & loaded_by("autograder.plugin.hooks")


def offers(path):
    """Tell whether a module says what it offers, or has nothing but a docstring."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    names = {
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    }
    return "__all__" in names or len(tree.body) == 1


def test_every_module_says_what_it_offers():
    # pytest finds the functions of its hooks by their names.
    known = {Path("__init__.py"), Path("plugin/hooks.py")}
    assert [str(path) for path in MODULES if path not in known and not offers(path)] == []
