"""The browser parts are what their makers published, and no page asks anybody else for anything."""

from __future__ import annotations

import base64
import hashlib
import json
import re

import pytest

from rqf import paths

VENDOR = paths.STATIC / "vendor"
MANIFEST = json.loads((VENDOR / "MANIFEST.json").read_text())
TEMPLATES = sorted(paths.TEMPLATES.rglob("*.html"))
OWN_STYLES = sorted(paths.STATIC.glob("*.css"))


def test_every_vendored_file_is_listed_with_its_licence_and_hash():
    listed = {entry["path"] for entry in MANIFEST}
    there = {str(file.relative_to(VENDOR)) for file in VENDOR.rglob("*") if file.is_file()} - {
        "MANIFEST.json"
    }
    assert there == listed
    for entry in MANIFEST:
        digest = base64.b64encode(hashlib.sha384((VENDOR / entry["path"]).read_bytes()).digest()).decode()
        assert digest == entry["sha384"], entry["path"]
        assert entry["licence"]
        assert entry["version"]


def test_the_font_and_the_crest_that_others_may_not_use_are_not_shipped():
    css = (VENDOR / "govuk-frontend" / "govuk.css").read_text()
    assert "GDS Transport" not in css
    assert "crest" not in css
    assert "/assets/" not in css


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: str(path.relative_to(paths.TEMPLATES)))
def test_a_template_holds_no_inline_style_or_script_and_loads_nothing_from_elsewhere(template):
    text = template.read_text()
    assert not re.search(r"<script(?![^>]*\bsrc=)", text), "inline script"
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text), "inline event handler"
    assert not re.search(r"<(script|link|img|iframe)[^>]*(src|href)=[\"']https?://", text), "foreign asset"
    if "print" not in template.parts:
        assert not re.search(r"\sstyle\s*=\s*[\"']", text), "inline style"
        assert "<style" not in text


@pytest.mark.parametrize("style", OWN_STYLES, ids=lambda path: path.name)
def test_our_styles_load_only_what_we_ship(style):
    for address in re.findall(r"url\(\s*[\"']?([^\"')]+)", style.read_text()):
        assert (paths.STATIC / address.partition("?")[0]).is_file(), address
    assert "@import" not in style.read_text()


@pytest.mark.parametrize("style", sorted(VENDOR.rglob("*.css")), ids=lambda path: path.name)
def test_vendored_styles_load_nothing(style):
    addresses = re.findall(r"url\(\s*[\"']?([^\"')]{1,40})", style.read_text())
    assert [address for address in addresses if not address.startswith(("data:", "#"))] == []


def test_a_browser_that_keeps_files_for_ever_gets_the_new_version_of_a_part():
    versions = {entry["path"]: entry["version"] for entry in MANIFEST}
    for file in (paths.STATIC / "app.css", paths.STATIC / "app.js"):
        named = re.findall(r"vendor/([\w./-]+)(?:\?v=([\d.]+))?[\"']", file.read_text())
        assert named
        assert dict(named) == {path: versions[path] for path, _ in named}


def test_templates_name_only_files_that_are_there():
    for template in TEMPLATES:
        for name in re.findall(r"asset\([\"']([^\"']+)", template.read_text()):
            assert (paths.STATIC / name).is_file(), f"{template.name}: {name}"


def test_the_fonts_are_the_only_ones_and_may_be_given_away():
    fonts = [file for file in paths.STATIC.rglob("*") if file.suffix in (".woff", ".woff2", ".ttf", ".otf")]
    assert fonts
    assert {file.parent.name for file in fonts} == {"source-sans-3"}
    assert "SIL OPEN FONT LICENSE" in (VENDOR / "source-sans-3" / "LICENSE").read_text().upper()
