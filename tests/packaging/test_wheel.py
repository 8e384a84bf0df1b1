"""The wheel, in a clean environment and from another directory, does what the checkout does."""

from __future__ import annotations

import configparser
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
KEY = "only for tests, but long enough to be accepted"
LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", "node_modules", "__pycache__", "*.egg-info", "build", "dist", ".*_cache", ".hypothesis"
)


def run(*words: object, **options) -> str:
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def in_background(*words: object, **options) -> subprocess.Popen:
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen([str(word) for word in words], **quiet, **options)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """The wheel, built from a copy: what an earlier build left behind must not leak into it."""
    copy = tmp_path_factory.mktemp("source") / "rqf"
    shutil.copytree(ROOT, copy, ignore=LEFT_OUT)
    run(sys.executable, "-m", "build", "--wheel", "--outdir", copy / "dist", cwd=copy)
    return next((copy / "dist").glob("*.whl"))


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """``rqf(...)`` of a clean environment, run from an empty directory on a database of its own."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder / "venv", with_pip=True)
    run(folder / "venv/bin/python", "-m", "pip", "install", "-q", "--disable-pip-version-check", wheel)
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("RQF_", "PYTHON"))}
    environment = {**clean, "RQF_DATABASE_URL": f"sqlite:///{folder / 'rqf.sqlite'}", "RQF_SECRET_KEY": KEY}

    def start(*words: object, how=run, **options):
        return how(folder / "venv/bin/rqf", *words, cwd=elsewhere, env=environment, **options)

    start("db", "upgrade")
    start("load")
    return start


def test_every_package_is_listed():
    settings = configparser.ConfigParser()
    settings.read(ROOT / "setup.cfg")
    listed = set(settings["options"]["packages"].split())
    there = {".".join(path.parent.relative_to(ROOT).parts) for path in (ROOT / "rqf").rglob("__init__.py")}
    assert listed == there | {"rqf.templates", "rqf.migrations", "rqf.fixtures"}


def test_the_wheel_holds_every_file_that_the_program_reads(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    wanted = [path for part in ("static", "translations") for path in (ROOT / "rqf" / part).rglob("*")]
    wanted += [path for part in ("templates", "migrations", "fixtures") for path in (ROOT / part).rglob("*")]
    missing = []
    for path in wanted:
        relative = path.relative_to(ROOT).as_posix()
        inside = relative if relative.startswith("rqf/") else f"rqf/{relative}"
        if path.is_file() and "__pycache__" not in relative and inside not in names:
            missing.append(inside)
    assert missing == []


def test_the_installed_command_loads_and_finds(installed):
    assert "Nothing new" in installed("load")
    asked = ("match", "mantenimiento de maquinaria pesada", "--from", "CL", "--to", "PE", "--json")
    best = json.loads(installed(*asked))["candidates"][0]
    assert (best["country"], best["sector"]) == ("PE", "heavy_equipment")
    assert best["score"] > 50


def test_the_installed_command_says_that_all_is_sound(installed):
    findings = json.loads(installed("check", "--json"))
    assert findings["ok"], findings


def test_the_installed_site_serves_its_first_page(installed):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = installed("serve", "--port", port, how=in_background)
    try:
        page = wait_for(f"http://127.0.0.1:{port}/", server)
    finally:
        server.terminate()
        server.wait(20)
    assert "<h1" in page
    assert "/static/" in page


def wait_for(address: str, server: subprocess.Popen) -> str:
    for _ in range(150):
        assert server.poll() is None, "the server ended"
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                return answer.read().decode()
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"nobody answers at {address}")
