"""Spanish is the first language of the screens: its catalogue is complete and says what the code asks for."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from rqf import paths

ROOT = paths.TRANSLATIONS.parent.parent
CATALOGUE = paths.TRANSLATIONS / "es" / "LC_MESSAGES" / "messages"
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%%|%[^(\s]")


def spanish():
    with CATALOGUE.with_suffix(".po").open("rb") as file:
        return [message for message in read_po(file, locale="es") if message.id]


def said(text) -> tuple[str, ...]:
    """Return the forms of a text: one, or one for each number."""
    return (text,) if isinstance(text, str) else tuple(text)


@pytest.fixture(scope="module")
def asked_for(tmp_path_factory):
    """Every message that the code and the templates ask for today."""
    target = tmp_path_factory.mktemp("messages") / "messages.pot"
    if not (ROOT / "babel.cfg").exists():
        pytest.fail("translations are checked in a checkout", pytrace=False)
    subprocess.run(
        [sys.executable, "-m", "babel.messages.frontend", "-q", "extract", "-F", "babel.cfg", "-k", "_l",
         "-k", "lazy_gettext", "-k", "N_", "-k", "message", "--ignore-dirs", ".*", "-o", str(target), "."],
        cwd=ROOT, check=True,
    )  # fmt: skip
    with target.open("rb") as file:
        return read_po(file)


def test_every_text_is_translated_into_spanish(asked_for):
    known = {said(message.id): said(message.string) for message in spanish()}
    wanted = [said(message.id) for message in asked_for if message.id]
    assert len(wanted) > 500
    assert [one for one in wanted if not all(known.get(one, ("",)))] == []


def test_nothing_is_translated_that_nobody_asks_for(asked_for):
    wanted = {said(message.id) for message in asked_for if message.id}
    assert [said(message.id) for message in spanish() if said(message.id) not in wanted] == []


def test_no_translation_is_a_guess():
    assert [message.id for message in spanish() if message.fuzzy] == []


def test_translations_keep_the_placeholders():
    wrong = []
    for message in spanish():
        wanted = set(PLACEHOLDER.findall(said(message.id)[-1]))
        wrong += [form for form in said(message.string) if set(PLACEHOLDER.findall(form)) != wanted]
    assert wrong == []


def test_the_compiled_catalogue_is_the_readable_one():
    with CATALOGUE.with_suffix(".mo").open("rb") as file:
        compiled = {said(message.id): said(message.string) for message in read_mo(file) if message.id}
    assert compiled == {said(message.id): said(message.string) for message in spanish()}
