"""The officer's desk in a browser without scripts: list, record, form, levels."""

from __future__ import annotations

import html
import re

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from rqf.models import LevelMapping, Placement, Qualification, QualificationVersion
from rqf.models.standing import whole_version
from rqf.rules.terms import MappingStatus, QualificationType, Role, VersionStatus
from tests import factories

NEW = "/officer/qualifications/new"
FIELDS = {
    "type": "qualification", "original_language": "es", "title": "Explotación minera",
    "code_system": "CL-MINEDUC-ESPE", "code": "54018", "level": "CL-MCTP:3", "volume": "1672,5",
    "volume_unit": "hours", "isced_f": "0724", "verified": "no",
    "units-0-title": "Perforación", "units-0-mandatory": "y",
    "units-0-outcomes-0-domain": "skills", "units-0-outcomes-0-text": "Perfora el frente.",
}  # fmt: skip
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


@pytest.fixture
def officer(session, sign_in):
    account = factories.make_account(session)
    sign_in(account)
    return account


def ask(database, question) -> list:
    """Return what the database says now, without keeping it from anybody who writes."""
    with database.read() as reader:
        return list(reader.scalars(question))


def stored(database) -> QualificationVersion:
    """Return the only version there is."""
    (version,) = ask(database, select(QualificationVersion).options(*whole_version()))
    return version


def value_of(page: str, name: str) -> str:
    found = re.search(rf'<input[^>]*name="{re.escape(name)}"[^>]*>', page)
    assert found, f"no field {name}"
    value = re.search(r'value="([^"]*)"', found[0])
    return html.unescape(value[1]) if value else ""


def test_the_desk_asks_visitors_to_sign_in(client):
    answer = client.get("/officer/")
    assert answer.status_code == 302
    assert "/auth/sign-in" in answer.location


def test_a_reviewer_may_not_enter_the_officers_desk(client, session, sign_in):
    sign_in(factories.make_account(session, Role.REVIEWER))
    assert client.get("/officer/").status_code == 403


def test_an_empty_list_offers_the_first_step(client, officer):
    page = client.get("/officer/").text
    assert "register is empty" in page
    assert f'href="{NEW}"' in page


def test_the_list_shows_state_mapping_and_completeness_of_own_records_only(client, session, officer):
    version = factories.make_qualification(session, "Minería del cobre", completeness=64)
    factories.make_mapping(session, version, officer, low=4, high=5)
    factories.make_qualification(session, "Ajena", country="MX")
    session.commit()
    page = client.get("/officer/").text
    assert "Minería del cobre" in page
    assert "submitted" in page
    assert "4–5" in page
    assert "64 %" in page
    assert "Ajena" not in page


def test_the_list_is_filtered_and_says_when_nothing_fits(client, session, officer):
    factories.make_qualification(session, "Publicada")
    factories.make_qualification(session, "Borrador", status=VersionStatus.DRAFT)
    session.commit()
    page = client.get("/officer/?status=draft").text
    assert "Borrador" in page
    assert "Publicada" not in page
    assert "Publicada" in client.get("/officer/?mapping=none&type=qualification&q=publicada").text
    assert "No record fits" in client.get("/officer/?mapping=endorsed").text


def test_the_list_is_paged_and_keeps_its_filters(client, session, officer):
    for number in range(27):
        factories.make_qualification(session, f"Record {number}")
    session.commit()
    page = client.get("/officer/?status=published").text
    assert "status=published&amp;page=2" in page
    assert "27 records" in page


def test_registering_saves_everything_and_leads_to_the_record(client, session, officer, post, database):
    answer = post(NEW, **FIELDS)
    assert answer.status_code == 303
    version = stored(database)
    assert (version.title, version.code, version.level.number) == ("Explotación minera", "54018", 3)
    assert str(version.volume) == "1672.50"
    assert version.units[0].unit.outcomes[0].text == "Perfora el frente."
    assert version.author_id == officer.id
    page = client.get(answer.location).text
    assert "The draft of “Explotación minera” is saved." in html.unescape(page)
    assert "0724 " in page


def test_a_refused_form_says_everything_at_once_and_loses_nothing(client, session, officer, post, database):
    wrong = {
        **FIELDS, "code": "ABC", "volume": "many", "valid_from": "2020-01-01", "valid_to": "2019-01-01",
        "units-0-hours": "x",
    }  # fmt: skip
    answer = post(NEW, **wrong)
    page = html.unescape(answer.text)
    assert answer.status_code == 422
    assert "<title>Error:" in page
    assert "There is a problem" in page
    assert "National code: “ABC” is no code of CL-MINEDUC-ESPE" in page
    assert "“many” is not a number." in page
    assert "“x” is not a number." in page
    assert "2019-01-01, is before 2020-01-01" in page
    assert 'href="#units-0-hours"' in page
    assert value_of(answer.text, "volume") == "many"
    assert value_of(answer.text, "units-0-hours") == "x"
    assert ask(database, select(func.count(Qualification.id))) == [0]


def test_a_title_of_ten_thousand_characters_is_refused_with_its_length_and_the_limit(officer, post):
    page = html.unescape(post(NEW, **{**FIELDS, "title": "a" * 10_000}).text)
    assert "Title: The text has 10000 characters; at most 500 are accepted." in page


def test_an_empty_title_is_refused(officer, post):
    page = html.unescape(post(NEW, **{**FIELDS, "title": " "}).text)
    assert "Title: Enter the title" in page


def test_an_unknown_level_and_a_foreign_framework_are_refused(officer, post):
    assert "CL-MCTP has no level 9" in post(NEW, **{**FIELDS, "level": "CL-MCTP:9"}).text
    assert "is not a framework of this country" in post(NEW, **{**FIELDS, "level": "MX-MMC:3"}).text


def test_a_complaint_without_a_field_of_its_own_is_still_said(officer, post):
    page = html.unescape(post(NEW, **{**FIELDS, "original_language": "klingonisch"}).text)
    assert "“klingonisch” is not a language code." in page


def test_a_forged_token_is_refused_and_nothing_is_saved(client, session, officer, database):
    answer = client.post(NEW, data={**FIELDS, "csrf_token": "forged", "do": "save"})
    assert answer.status_code == 400
    assert ask(database, select(func.count(Qualification.id))) == [0]


def test_hostile_html_in_every_text_field_is_shown_as_text(client, session, officer, post, database):
    texts = (
        "title", "translation", "awarding_body", "level_note", "volume_note", "entry_requirements",
        "entitlements", "legal_act", "source", "change_note", "units-0-title", "units-0-translation",
        "units-0-source", "units-0-outcomes-0-text", "units-0-outcomes-0-translation",
    )  # fmt: skip
    answer = post(NEW, **{**FIELDS, **dict.fromkeys(texts, HOSTILE)})
    assert answer.status_code == 303
    for url in (answer.location, answer.location + "/edit", answer.location + "/level", "/officer/"):
        page = client.get(url).text
        assert "<script>alert" not in page, url
        assert "<img src=x" not in page, url
    assert stored(database).title == HOSTILE


def test_adding_moving_and_removing_units_and_outcomes_loses_nothing(officer, post):
    page = post(NEW, **{**FIELDS, "volume": "odd"}, do="add-unit:").text
    assert value_of(page, "volume") == "odd"
    assert value_of(page, "units-0-title") == "Perforación"
    assert value_of(page, "units-1-title") == ""
    two = {**FIELDS, "units-1-title": "Tronadura", "units-1-outcomes-0-text": "Carga el explosivo."}
    page = post(NEW, **two, do="up:1").text
    assert [value_of(page, f"units-{n}-title") for n in (0, 1)] == ["Tronadura", "Perforación"]
    page = post(NEW, **two, do="down:0").text
    assert value_of(page, "units-0-title") == "Tronadura"
    page = post(NEW, **two, do="remove:0").text
    assert value_of(page, "units-0-title") == "Tronadura"
    assert "units-1-title" not in page
    page = post(NEW, **two, do="add-outcome:1").text
    assert 'name="units-1-outcomes-1-text"' in page
    outcomes = {**two, "units-1-outcomes-1-text": "Mide la vibración."}
    page = post(NEW, **outcomes, do="up:1.1").text
    assert page.index("Mide la vibración.") < page.index("Carga el explosivo.")
    page = post(NEW, **outcomes, do="remove:1.0").text
    assert "Carga el explosivo." not in page
    assert "Mide la vibración." in page


@pytest.mark.parametrize("do", ["up:9", "remove:x", "add-outcome:7", "down:0.9", "use-unit:no", "isced_f:1"])
def test_a_button_for_something_that_is_not_there_changes_nothing(officer, post, do):
    answer = post(NEW, **FIELDS, do=do)
    assert answer.status_code == 200
    assert value_of(answer.text, "units-0-title") == "Perforación"


def test_an_unticked_unit_is_elective(session, officer, post, database):
    fields = {name: value for name, value in FIELDS.items() if name != "units-0-mandatory"}
    post(NEW, **fields)
    assert stored(database).units[0].mandatory is False


def test_a_unit_of_the_register_is_found_and_reused(session, officer, post, database):
    unit = factories.make_unit(session, "Soldadura de tuberías", outcomes=[("skills", "Suelda tubos.")])
    session.commit()
    page = post(NEW, **FIELDS, unit_query="soldadura tuberias", do="find-unit:").text
    assert f"use-unit:{unit.uuid}" in page
    page = post(NEW, **FIELDS, unit_query="soldadura tuberias", do=f"use-unit:{unit.uuid}").text
    assert value_of(page, "units-1-title") == "Soldadura de tuberías"
    assert "Suelda tubos." in page
    reused = {
        "units-1-uuid": unit.uuid, "units-1-language": "es", "units-1-title": "Soldadura de tuberías",
        "units-1-source": "test", "units-1-outcomes-0-domain": "skills",
        "units-1-outcomes-0-text": "Suelda tubos.",
    }  # fmt: skip
    post(NEW, **FIELDS, **reused)
    assert stored(database).units[1].unit_id == unit.id


def test_a_unit_search_without_result_says_so(officer, post):
    assert "No unit of your register" in post(NEW, **FIELDS, unit_query="zzz", do="find-unit:").text


def test_a_field_of_education_is_found_by_words_and_chosen_without_scripts(client, officer, post):
    page = post(NEW, **{**FIELDS, "isced_f": "mineria"}, do="find-isced_f:", page=NEW).text
    assert 'value="isced_f:0724"' in page or "0724" in page
    page = post(NEW, **{**FIELDS, "isced_f": "mining"}, do="isced_f:0724").text
    assert value_of(page, "isced_f") == "0724"
    assert "0724" in client.get("/officer/fragments/classification/isced_f?isced_f=mining").text
    assert "8111" in client.get("/officer/fragments/classification/isco_08?isco_08=8111").text
    assert client.get("/officer/fragments/classification/other").status_code == 404


def test_close_records_appear_while_the_title_is_typed_and_after_a_button(client, session, officer, post):
    factories.make_qualification(session, "Explotación minera")
    factories.make_qualification(session, "Explotación minera", country="PE")
    factories.make_qualification(session, "Explotación minera", country="MX", status=VersionStatus.DRAFT)
    session.commit()
    fragment = client.get("/officer/fragments/close?title=explotacion+minera&original_language=es").text
    assert "<html" not in fragment
    assert fragment.count('class="govuk-link break"') == 2
    assert "Peru" in fragment
    assert "Mexico" not in fragment
    page = post(NEW, **{**FIELDS, "code": "54020"}, do="add-unit:").text
    assert page.count('class="govuk-link break"') == 2


def test_a_duplicate_is_shown_on_the_saved_record(client, session, officer, post):
    factories.make_qualification(session, "Explotación minera")
    session.commit()
    record = client.get(post(NEW, **FIELDS).location).text
    assert record.count('class="govuk-link break"') == 1


def edit_of(version) -> str:
    return f"/officer/qualifications/{version.qualification.uuid}/edit"


def test_editing_shows_what_is_stored_and_saves_the_change(client, session, officer, post, database):
    post(NEW, **FIELDS)
    url = edit_of(stored(database))
    page = client.get(url).text
    assert value_of(page, "title") == "Explotación minera"
    assert value_of(page, "volume") == "1672.5"
    expected, uuid = value_of(page, "expected"), value_of(page, "units-0-uuid")
    answer = post(
        url, **{**FIELDS, "title": "Minería", "expected": expected, "units-0-uuid": uuid}
    )  # fmt: skip
    assert answer.status_code == 303
    assert stored(database).title == "Minería"


def test_the_second_of_two_officers_saving_is_told_and_overwrites_nothing(
    client, session, officer, post, database
):
    post(NEW, **FIELDS)
    url = edit_of(stored(database))
    expected = value_of(client.get(url).text, "expected")
    assert post(url, **{**FIELDS, "title": "A", "expected": expected}).status_code == 303
    answer = post(url, **{**FIELDS, "title": "B", "expected": expected})
    assert answer.status_code == 409
    assert "Somebody saved this record while you were writing" in answer.text
    assert stored(database).title == "A"


def test_texts_in_languages_that_the_form_does_not_show_are_kept(client, session, officer, post, database):
    version = factories.make_qualification(
        session, "Minería", outcomes=[("skills", "Perfora.")], status=VersionStatus.DRAFT
    )
    version.titles = {"es": "Minería", "fr": "Mines"}
    unit = version.units[0].unit
    unit.outcomes[0].texts = {"es": "Perfora.", "fr": "Fore."}
    session.commit()
    fields = {
        "type": "qualification", "original_language": "es", "title": "Minería B", "verified": "yes",
        "expected": value_of(client.get(edit_of(version)).text, "expected"),
        "units-0-uuid": unit.uuid, "units-0-language": "es", "units-0-title": unit.title,
        "units-0-outcomes-0-domain": "skills", "units-0-outcomes-0-text": "Perfora.",
    }  # fmt: skip
    assert post(edit_of(version), **fields).status_code == 303
    again = stored(database)
    assert again.titles == {"es": "Minería B", "fr": "Mines"}
    assert again.outcomes()[0].texts == {"es": "Perfora.", "fr": "Fore."}


def test_another_countrys_record_is_not_found_at_any_address(client, session, officer):
    foreign = factories.make_qualification(session, "Ajena", country="MX", status=VersionStatus.DRAFT)
    session.commit()
    start = f"/officer/qualifications/{foreign.qualification.uuid}"
    for url in (start, f"{start}/edit", f"{start}/level"):
        answer = client.get(url)
        assert answer.status_code == 404, url
        assert "Ajena" not in answer.text
    guessed = f"/officer/fragments/close?title=x&exclude={foreign.qualification.uuid}"
    assert client.get(guessed).status_code == 404


def test_publishing_from_the_record(client, session, officer, post, database):
    version = factories.make_qualification(session, status=VersionStatus.DRAFT)
    session.commit()
    record = f"/officer/qualifications/{version.qualification.uuid}"
    assert post(f"{record}/publish", page=record).status_code == 303
    assert stored(database).status == VersionStatus.PUBLISHED
    assert "Version 1 is published." in client.get(record).text
    assert post(f"{record}/publish", page=record).status_code == 409


def test_a_record_says_what_is_missing(client, session, officer):
    version = factories.make_qualification(session, level=None)
    session.commit()
    page = client.get(f"/officer/qualifications/{version.qualification.uuid}").text
    assert "<b>national level</b>" in page
    assert "+10" in page
    assert "<b>learning outcomes</b>" in page
    assert "<li>sector</li>" not in page


PROPOSAL = {
    "low": "4", "high": "5", "rationale": "Because of its outcomes.",
    "placements-0-domain": "knowledge", "placements-0-level": "4", "placements-0-evidence": "Knows why.",
    "placements-1-domain": "skills", "placements-1-level": "5",
    "placements-2-domain": "application", "placements-2-level": "",
}  # fmt: skip


@pytest.fixture
def draft(session, officer):
    version = factories.make_qualification(
        session, level=4, outcomes=[("skills", "Diagnostica fallas.")], status=VersionStatus.DRAFT
    )
    session.commit()
    return version


def level_of(version) -> str:
    return f"/officer/qualifications/{version.qualification.uuid}/level"


def test_the_level_page_shows_evidence_and_starts_the_proposal_from_it(client, session, draft):
    peru = factories.make_qualification(session, country="PE")
    author = factories.make_account(session, country="PE")
    factories.make_mapping(session, peru, author, low=5, status=MappingStatus.ENDORSED)
    session.commit()
    page = html.unescape(client.get(level_of(draft)).text)
    assert "What the evidence suggests" in page
    assert "best fit 5" in page
    assert "suggested" in page
    assert "Closest descriptors" in page
    assert "The learning outcomes come closest to the descriptors of level" in page
    assert "National level 4 of CL-MCTP is referenced to the regional framework at levels 4 to 5;" in page
    assert "“Mantenimiento de equipos mineros” (PE) was endorsed at level 5 by" in page


def test_the_level_page_shows_a_second_opinion_once_there_are_decisions_enough(client, session, officer):
    draft = factories.make_qualification(
        session, "Ayudante en limpieza de estanques", status=VersionStatus.DRAFT
    )
    session.commit()
    assert "A second opinion" not in client.get(level_of(draft)).text
    factories.teach_levels(session)
    session.commit()
    page = html.unescape(client.get(level_of(draft)).text)
    assert "By the example of 48 endorsed records of other countries its text reads like level 2." in page
    assert "That is outside the range to which the national level is referenced." in page


def test_a_proposal_is_saved_as_a_draft(client, session, draft, post, database):
    answer = post(level_of(draft), **PROPOSAL, do="save")
    assert answer.status_code == 303
    placed = selectinload(LevelMapping.placements).joinedload(Placement.domain)
    mapping = ask(database, select(LevelMapping).options(placed))[0]
    assert (mapping.low, mapping.high, mapping.status) == (4, 5, MappingStatus.DRAFT)
    assert [(one.domain.code, one.level) for one in mapping.placements] == [("knowledge", 4), ("skills", 5)]
    assert "Because of its outcomes." in client.get(level_of(draft)).text


def test_a_proposal_is_submitted_and_publishes_the_draft(client, session, draft, post, database):
    assert post(level_of(draft), **PROPOSAL, do="submit").status_code == 303
    assert ask(database, select(LevelMapping.status))[0] == MappingStatus.SUBMITTED
    assert stored(database).status == VersionStatus.PUBLISHED
    page = client.get(level_of(draft)).text
    assert "The proposal is with the reviewers." in page
    assert 'name="rationale"' not in page


def test_submitting_without_a_rationale_saves_nothing(client, session, draft, post, database):
    answer = post(level_of(draft), **{**PROPOSAL, "rationale": ""}, do="submit")
    assert answer.status_code == 422
    assert "Rationale: Say why this level fits" in answer.text
    assert ask(database, select(func.count(LevelMapping.id))) == [0]
    assert stored(database).status == VersionStatus.DRAFT


def test_a_wrong_range_or_placement_is_refused_beside_its_field(draft, post):
    page = post(level_of(draft), **{**PROPOSAL, "low": "1", "high": "6"}, do="save").text
    assert "The range 1 to 6 is too wide" in page
    answer = post(level_of(draft), **{**PROPOSAL, "placements-1-level": "12"}, do="save")
    assert answer.status_code == 422
    assert 'href="#placements-1-level"' in answer.text


def test_a_proposal_saved_by_somebody_else_meanwhile_is_not_overwritten(
    client, session, draft, post, database
):
    post(level_of(draft), **PROPOSAL, do="save")
    seen = value_of(client.get(level_of(draft)).text, "expected")
    assert post(level_of(draft), **{**PROPOSAL, "rationale": "B", "expected": seen}).status_code == 303
    answer = post(level_of(draft), **{**PROPOSAL, "rationale": "C", "expected": seen}, do="save")
    assert answer.status_code == 409
    assert ask(database, select(LevelMapping.rationale))[0] == "B"


def test_a_submitted_proposal_is_withdrawn_from_the_record(client, session, draft, post, database):
    post(level_of(draft), **PROPOSAL, do="submit")
    mapping = ask(database, select(LevelMapping))[0]
    record = f"/officer/qualifications/{draft.qualification.uuid}"
    assert "Withdraw the proposal" in client.get(record).text
    url = f"/officer/mappings/{mapping.uuid}/withdraw"
    assert post(url, page=record, expected=99).status_code == 409
    assert post(url, page=record, expected=mapping.revision).status_code == 303
    assert ask(database, select(LevelMapping.status)) == [MappingStatus.WITHDRAWN]


def test_a_standard_can_be_registered_by_an_officer_of_mexico(client, session, sign_in, post, database):
    sign_in(factories.make_account(session, country="MX"))
    fields = {
        "type": "occupational_standard", "original_language": "es", "title": "Voladura de barrenos",
        "code_system": "MX-CONOCER-EC", "code": "EC0586.01", "verified": "yes",
    }  # fmt: skip
    assert post(NEW, **fields).status_code == 303
    version = stored(database)
    assert version.country_code == "MX"
    assert version.qualification.type == QualificationType.OCCUPATIONAL_STANDARD
