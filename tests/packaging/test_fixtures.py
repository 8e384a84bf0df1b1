"""The shipped fixtures hold together: read as files, without a database."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from itertools import combinations
from typing import Any

import pytest

from rqf import paths
from rqf.rules.terms import (
    EditionStatus,
    FrameworkKind,
    OutcomeDomain,
    QualificationType,
    ReferencingStatus,
    Scope,
    Verification,
)

LANGUAGES = {"es", "en"}
MEMBERS = {"CL", "CO", "MX", "PE"}


def table(name: str) -> list[dict[str, str]]:
    with (paths.FIXTURES / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def records(name: str) -> Any:
    return json.loads((paths.FIXTURES / name).read_text("utf-8"))


COUNTRIES = {one["code"]: one for one in records("countries.json")}
SECTORS = {one["code"] for one in records("sectors.json")}
SYSTEMS = {one["code"]: one for one in records("code_systems.json")}
FRAMEWORKS = {
    path.stem: records(f"frameworks/{path.name}")
    for path in sorted((paths.FIXTURES / "frameworks").glob("*.json"))
}
EDITIONS = {
    (code, edition["label"]): edition for code, one in FRAMEWORKS.items() for edition in one["editions"]
}
LEVELS = {
    code: {level["number"] for level in one["editions"][-1]["levels"]} for code, one in FRAMEWORKS.items()
}
QUALIFICATIONS = table("qualifications.csv")
KEYS = {one["key"]: one for one in QUALIFICATIONS}
UNIT_FILES = sorted((paths.FIXTURES / "units").glob("*.json"))
UNITS = [one for path in UNIT_FILES for one in records(f"units/{path.name}")]

each_edition = pytest.mark.parametrize(
    "edition", EDITIONS.values(), ids=["-".join(name) for name in EDITIONS]
)


def descriptors(edition: dict[str, Any]) -> list[tuple[int, str, str, str]]:
    """Give every descriptor as level, domain, language, text."""
    return [
        (level["number"], domain, language, text)
        for level in edition["levels"]
        for domain, texts in level["descriptors"].items()
        for language, text in texts.items()
    ]


def test_lists_name_things_once_and_in_both_languages():
    for name, texts in (
        ("countries.json", "authority"),
        ("sectors.json", "titles"),
        ("code_systems.json", "titles"),
    ):
        rows = records(name)
        assert max(Counter(one["code"] for one in rows).values()) == 1, name
        assert all(one[texts].keys() == LANGUAGES and all(one[texts].values()) for one in rows), name
    assert {code for code, one in COUNTRIES.items() if one["member"]} == MEMBERS


def test_examples_of_code_systems_follow_their_pattern():
    for system in SYSTEMS.values():
        assert system["country"] in COUNTRIES
        assert re.fullmatch(system["pattern"], system["example"]), system["code"]
        assert set(system["types"]) <= set(QualificationType)


def test_every_record_names_a_source():
    for name in ("countries.json", "code_systems.json", "referencing.json"):
        assert all(one["source"].strip() for one in records(name)), name
    assert all(edition["source"].strip() for edition in EDITIONS.values())
    assert all(one["source"].strip() for one in [*QUALIFICATIONS, *table("synonyms.csv"), *UNITS])


def test_frameworks_have_the_expected_numbers_of_levels():
    wanted = {
        "CL-MCTP": 5, "CO-MNC": 8, "MX-MMC": 8, "MX-CONOCER": 5, "PE-MNCP": 8, "EQF": 8, "PA-RQF": 8,
    }  # fmt: skip
    assert {code: len(levels) for code, levels in LEVELS.items()} == wanted
    for code, one in FRAMEWORKS.items():
        assert one["code"] == code
        assert one["scope"] in set(Scope)
        assert one["kind"] in set(FrameworkKind)
        assert (one["scope"] == Scope.NATIONAL) == (one["country"] in MEMBERS)


@each_edition
def test_every_level_has_a_descriptor_in_every_domain_and_language(edition):
    domains = {one["code"] for one in edition["domains"]}
    assert edition["status"] in set(EditionStatus)
    assert [level["number"] for level in edition["levels"]] == list(range(1, len(edition["levels"]) + 1))
    for level in edition["levels"]:
        assert level["descriptors"].keys() == domains
        assert all(texts.keys() == LANGUAGES for texts in [level["titles"], *level["descriptors"].values()])
    assert all(len(text.split()) >= 11 for *_, text in descriptors(edition))


@each_edition
def test_no_two_levels_of_an_edition_say_the_same(edition):
    texts = Counter(text for *_, text in descriptors(edition))
    assert [text for text, times in texts.items() if times > 1] == []


def test_no_two_frameworks_say_the_same():
    said = {code: {text for *_, text in descriptors(one)} for (code, _), one in EDITIONS.items()}
    for a, b in combinations(said, 2):
        assert not said[a] & said[b], (a, b)


def test_regional_descriptors_are_long_enough_to_tell_levels_apart():
    edition = EDITIONS["PA-RQF", "2026"]
    assert edition["status"] == EditionStatus.PROPOSED
    assert [one["code"] for one in edition["domains"]] == list(OutcomeDomain)
    for level, domain, language, text in descriptors(edition):
        assert 25 <= len(text.split()) <= 60, (level, domain, language)


def test_neighbouring_regional_levels_share_few_words():
    words = {
        (level, domain): set(re.findall(r"\w{5,}", text.lower()))
        for level, domain, language, text in descriptors(EDITIONS["PA-RQF", "2026"])
        if language == "es"
    }
    for level, domain in words:
        if level > 1:
            a, b = words[level - 1, domain], words[level, domain]
            assert len(a & b) / len(a | b) < 0.3, (level, domain, a & b)


def test_referencing_covers_every_level_of_the_national_systems_once():
    rows = records("referencing.json")
    named = Counter((row["framework"], row["level"]) for row in rows)
    national = {code for code, one in FRAMEWORKS.items() if one["scope"] == Scope.NATIONAL}
    assert named == Counter((code, number) for code in national for number in LEVELS[code])


def test_referencing_stays_inside_the_regional_edition_and_is_only_proposed():
    for row in records("referencing.json"):
        top = len(EDITIONS[row["regional"], row["edition"]]["levels"])
        assert 1 <= row["low"] <= row["best_fit"] <= row["high"] <= top, row
        assert row["status"] == ReferencingStatus.PROPOSED
        assert row["basis"] in {"descriptor_match", "legal", "expert_panel", "social"}
        assert row["evidence"].keys() == LANGUAGES


def test_best_fits_never_fall_as_national_levels_rise():
    rows = records("referencing.json")
    for framework in {row["framework"] for row in rows}:
        mine = sorted((row["level"], row["best_fit"]) for row in rows if row["framework"] == framework)
        assert [fit for _, fit in mine] == sorted(fit for _, fit in mine), framework


@pytest.mark.parametrize(
    ("name", "least", "digits"), [("isced_f.csv", 120, {2, 3, 4}), ("isco_08.csv", 619, {1, 2, 3, 4})]
)
def test_classifications_are_complete_trees(name, least, digits):
    rows = table(f"classifications/{name}")
    codes = {row["code"] for row in rows}
    assert len(rows) == len(codes) >= least
    assert {len(code) for code in codes} == digits
    assert all(code[:-1] in codes for code in codes if len(code) > min(digits))
    assert all(row["label_es"] and row["label_en"] for row in rows)


def test_there_are_enough_qualifications_of_every_country():
    countries = Counter(one["country"] for one in QUALIFICATIONS)
    assert len(QUALIFICATIONS) >= 280
    assert all(countries[code] >= 15 for code in MEMBERS)
    assert countries["CA"] >= 10


def test_keys_and_codes_of_qualifications_are_unique():
    assert len(KEYS) == len(QUALIFICATIONS)
    assert all(re.fullmatch(r"[a-z]{2}-[a-z0-9-]+", key) and len(key) <= 120 for key in KEYS)
    codes = Counter((one["code_system"], one["code"]) for one in QUALIFICATIONS if one["code"])
    assert [code for code, times in codes.items() if times > 1] == []


def test_codes_follow_the_pattern_of_their_system():
    for one in QUALIFICATIONS:
        assert bool(one["code"]) == bool(one["code_system"]), one["key"]
        if one["code"]:
            system = SYSTEMS[one["code_system"]]
            assert system["country"] == one["country"]
            assert re.fullmatch(system["pattern"], one["code"]), one["key"]
            assert one["type"] in system["types"], one["key"]


def test_qualifications_name_only_what_exists():
    isced = {row["code"] for row in table("classifications/isced_f.csv")}
    isco = {row["code"] for row in table("classifications/isco_08.csv")}
    for one in QUALIFICATIONS:
        assert one["country"] in COUNTRIES
        assert one["country"].lower() == one["key"][:2]
        assert one["type"] in set(QualificationType), one["key"]
        assert one["verified"] in set(Verification), one["key"]
        assert one["sector"] in SECTORS, one["key"]
        assert one["isced_f"] in isced, one["key"]
        assert len(one["isced_f"]) == 4, one["key"]
        assert not one["isco_08"] or (one["isco_08"] in isco and len(one["isco_08"]) == 4), one["key"]


def test_levels_belong_to_a_framework_of_the_country():
    for one in QUALIFICATIONS:
        if one["framework"]:
            assert FRAMEWORKS[one["framework"]]["country"] == one["country"], one["key"]
        if one["level"]:
            assert int(one["level"]) in LEVELS[one["framework"]], one["key"]
        standard = one["type"] == QualificationType.OCCUPATIONAL_STANDARD
        assert one["framework"] != "MX-CONOCER" or standard, one["key"]


def test_texts_of_qualifications_are_clean():
    for one in QUALIFICATIONS:
        assert one["title"]
        assert one["title_language"] == COUNTRIES[one["country"]]["language"]
        assert all(value == " ".join(value.split()) for value in one.values()), one["key"]
        assert not one["title"].isupper(), one["key"]
        assert not one["volume"] or (float(one["volume"]) > 0 and one["volume_unit"]), one["key"]
        assert not one["credits"] or one["credit_scheme"], one["key"]
    assert sum(bool(one["title_en"]) for one in QUALIFICATIONS) >= 60


def test_replaced_qualifications_exist_and_nothing_replaces_itself():
    chains = {one["key"]: one["replaces"].split(";") for one in QUALIFICATIONS if one["replaces"]}
    assert len(chains["co-nscl-280101182"]) == 6
    for key, replaced in chains.items():
        assert all(name in KEYS and name != key for name in replaced)
        assert not any(key in chains.get(name, ()) for name in replaced)


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("pe-tecsup-c21", "Maquinaria Pesada"),
        ("mx-ec0976", "Voladura de barrenos"),
        ("mx-ec0586-01", "fotovoltaicos"),
        ("co-sena-sistemas-solares-fotovoltaicos", "Fotovoltaicos"),
        ("cl-espe-54018", "Explotación Minera"),
        ("cl-espe-54019", "Metalurgia Extractiva"),
        ("cl-espe-53014", "Electricidad"),
    ],
)
def test_the_records_that_examples_rely_on_are_there(key, words):
    assert words in KEYS[key]["title"]


def test_synonyms_are_many_and_groups_have_partners():
    rows = table("synonyms.csv")
    groups = Counter(row["group"] for row in rows)
    assert len(rows) >= 150
    assert len(groups) >= 60
    assert min(groups.values()) >= 2


def test_synonyms_name_known_countries_and_sectors():
    for row in table("synonyms.csv"):
        # A word of a language that no country of the register speaks names none.
        assert set(row["countries"].split("|")) <= COUNTRIES.keys() or row["language"] == "pt", row["term"]
        assert row["sector"] in SECTORS, row["term"]
        assert len(row["group"]) <= 60
        assert len(row["term"]) <= 120


def test_no_term_stands_in_two_groups():
    # The matcher reads a term without asking for its country, so this holds across countries too.
    terms = Counter(row["term"].lower() for row in table("synonyms.csv"))
    assert [term for term, times in terms.items() if times > 1] == []


@pytest.mark.skipif(not UNITS, reason="no units are shipped")
class TestUnits:
    def test_units_belong_to_qualifications_of_their_country(self):
        assert max(Counter(one["key"] for one in UNITS).values()) == 1
        for one in UNITS:
            assert one["qualifications"], one["key"]
            assert all(KEYS[place["key"]]["country"] == one["country"] for place in one["qualifications"]), (
                one["key"]
            )
            assert bool(one.get("code")) == bool(one.get("code_system")), one["key"]
            if one.get("code"):
                assert re.fullmatch(SYSTEMS[one["code_system"]]["pattern"], one["code"]), one["key"]

    def test_outcomes_have_a_domain_and_a_spanish_text(self):
        for one in UNITS:
            for outcome in one["outcomes"]:
                assert outcome["domain"] in set(OutcomeDomain), one["key"]
                assert outcome["es"].strip(), one["key"]

    def test_enough_qualifications_of_the_members_have_outcomes(self):
        outcomes: Counter[str] = Counter()
        for one in UNITS:
            for place in one["qualifications"]:
                outcomes[place["key"]] += len(one["outcomes"])
        rich = [key for key, number in outcomes.items() if number >= 6]
        assert len(rich) >= 24
        assert {KEYS[key]["country"] for key in rich} >= MEMBERS

    def test_countries_hardly_ever_share_an_outcome_word_for_word(self):
        said: dict[str, set[str]] = {}
        for one in UNITS:
            said.setdefault(one["country"], set()).update(
                outcome["es"].strip() for outcome in one["outcomes"]
            )
        for a, b in combinations(said, 2):
            assert len(said[a] & said[b]) <= 0.1 * min(len(said[a]), len(said[b])), (a, b)
