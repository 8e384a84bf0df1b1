"""The documents name every setting, every command and every address of the API, and nothing that is gone."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from rqf import config
from rqf.cli import main
from rqf.rules.quality import POINTS

DOCS = Path(__file__).parents[2] / "docs"
OPERATIONS = (DOCS / "operations.md").read_text("utf-8")


def commands(group: click.Group, path: str = "rqf"):
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")
        else:
            # The command for files has no name of its own: `rqf import FILE`.
            yield f"{path} {name}".strip(), command


COMMANDS = dict(commands(main))


def test_every_setting_is_explained_and_every_explained_setting_exists():
    explained = set(re.findall(r"^\| `RQF_(\w+)`", OPERATIONS, re.MULTILINE))
    assert explained == set(config.SETTINGS)


def test_every_command_is_explained_and_every_explained_command_exists():
    explained = re.findall(r"^\| `(rqf [^`]*)`", OPERATIONS, re.MULTILINE)
    for path in COMMANDS:
        assert any(line == path or line.startswith(f"{path} ") for line in explained), path
    for line in explained:
        assert any(line == path or line.startswith(f"{path} ") for path in COMMANDS), line


@pytest.mark.parametrize("path", COMMANDS)
def test_a_command_explains_itself(path):
    assert COMMANDS[path].help


def test_every_criterion_of_quality_is_explained_with_its_points():
    told = (DOCS / "quality.md").read_text("utf-8")
    explained = re.findall(r"^\| `(\w+)` \| (\d+) \|", told, re.MULTILINE)
    assert {name: int(points) for name, points in explained} == {one.value: n for one, n in POINTS.items()}


def test_every_address_of_the_api_is_explained(client):
    told = (DOCS / "api.md").read_text("utf-8")
    document = client.get("/api/v1/openapi.json").json
    for path, operations in document["paths"].items():
        short = re.sub(r"\{\w+\}", "<id>", path.removeprefix("/api/v1"))
        for method in operations.keys() & {"get", "post", "put", "patch", "delete"}:
            assert re.search(rf"{method.upper()}[^|\n]* {re.escape(short)}[`?]", told), f"{method} {path}"
