"""The drawing of the floors in CONTRIBUTING.md holds: a module imports from its own floor or below."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

import rqf

PACKAGE = Path(rqf.__file__).parent
#: From the ground up; ``rqf`` itself says nothing but the version.
FLOORS = (
    ("rqf.rules", "rqf.matching", "rqf.errors", "rqf.paths", "rqf.config"),
    ("rqf.models",),
    (
        "rqf.registry",
        "rqf.review",
        "rqf.batches",
        "rqf.lookup",
        "rqf.people",
        "rqf.statements",
        "rqf.exchange",
        "rqf.consistency",
        "rqf.equivalences",
    ),  # fmt: skip
    ("rqf.web", "rqf.api", "rqf.cli", "rqf.work"),
    ("rqf.app", "rqf.__main__"),
)
USES, DOORS = FLOORS[2], FLOORS[3]
FOR_RULES = {"rqf", "numpy", "rapidfuzz", "snowballstemmer"}
#: Rules are given every value: they look at no clock, no file, no network.
NOT_FOR_RULES = {
    "os",
    "io",
    "time",
    "random",
    "socket",
    "sqlite3",
    "subprocess",
    "urllib",
    "shutil",
    "tempfile",
}
FOR_DOORS_ONLY = {
    "flask",
    "flask_wtf",
    "flask_babel",
    "flask_smorest",
    "wtforms",
    "marshmallow",
    "click",
    "werkzeug",
}

MODULES = {
    ".".join(("rqf", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__"): path
    for path in sorted(PACKAGE.rglob("*.py"))
}


def test_there_are_modules_to_check():
    assert len(MODULES) > 40


def room(module: str) -> str:
    return ".".join(module.split(".")[:2])


def floor(module: str) -> int:
    return next(number for number, rooms in enumerate(FLOORS) if room(module) in rooms)


def imports(module: str) -> list[tuple[str, str | None]]:
    """Return (module, name) for everything that a module imports, wherever in the file."""
    found: list[tuple[str, str | None]] = []
    for node in ast.walk(ast.parse(MODULES[module].read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found += [(name.name, None) for name in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} has a relative import"
            for name in node.names:
                whole = f"{node.module}.{name.name}"
                found.append((whole, None) if whole in MODULES else (node.module, name.name))
    return found


def test_every_module_stands_on_a_floor():
    homeless = [name for name in MODULES if name != "rqf" and not any(room(name) in one for one in FLOORS)]
    assert homeless == []


@pytest.mark.parametrize("module", [name for name in MODULES if name != "rqf"])
def test_a_module_imports_from_its_own_floor_or_below(module):
    ours = [name for name, _ in imports(module) if name.startswith("rqf.")]
    assert [name for name in ours if floor(name) > floor(module)] == []


@pytest.mark.parametrize("module", [name for name in MODULES if room(name) in FLOORS[0]])
def test_rules_need_nothing_but_values(module):
    tops = {name.split(".")[0] for name, _ in imports(module)} - {"pathlib"}
    assert tops - FOR_RULES - set(sys.stdlib_module_names) == set()
    assert tops & NOT_FOR_RULES == set()


@pytest.mark.parametrize("module", [name for name in MODULES if room(name) in (*FLOORS[1], *USES)])
def test_storage_and_uses_know_nothing_of_the_doors(module):
    assert {name.split(".")[0] for name, _ in imports(module)} & FOR_DOORS_ONLY == set()


@pytest.mark.parametrize("module", [name for name in MODULES if room(name) in USES])
def test_a_use_case_knows_the_other_uses_by_their_front_door(module):
    back_doors = [
        name
        for name, _ in imports(module)
        if room(name) in USES and room(name) != room(module) and name not in (*USES, "rqf.registry.imports")
    ]
    assert back_doors == []


@pytest.mark.parametrize("module", [name for name in MODULES if room(name) in DOORS])
def test_a_door_asks_the_database_nothing_itself(module):
    assert ("sqlalchemy", "select") not in imports(module)
