"""Registering and revising: what is accepted, what is refused and in which words, who may."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from rqf import registry
from rqf.errors import Changed, Invalid, NotAllowed, NotFound, WrongState
from rqf.models import AuditEntry, CatalogueChange, LevelMapping, QualificationVersion
from rqf.registry import OutcomeData, QualificationData, UnitData
from rqf.rules.quality import Criterion
from rqf.rules.terms import (
    MappingStatus,
    OutcomeDomain,
    QualificationType,
    Role,
    VersionStatus,
)
from tests import factories


def described(**overrides) -> QualificationData:
    """Describe a right and rather complete qualification of Chile."""
    fields = {
        "country": "CL",
        "type": QualificationType.QUALIFICATION,
        "titles": {"es": "Explotación minera", "en": "Mining operations"},
        "original_language": "es",
        "code_system": "CL-MINEDUC-ESPE",
        "code": "54018",
        "level": 3,
        "volume": Decimal("1672"),
        "volume_unit": "hours",
        "credits": Decimal("12.5"),
        "credit_scheme": "SCT-Chile",
        "isced_f": "0724",
        "isco_08": "8111",
        "sector": "mining",
        "awarding_body": "MINEDUC",
        "source": "Decree 452/2013",
        "change_note": "Decree 452/2013",
        "valid_from": date(2015, 1, 1),
        "units": (
            UnitData(
                titles={"es": "Perforación y tronadura"},
                hours=Decimal(228),
                outcomes=(OutcomeData(OutcomeDomain.SKILLS, {"es": "Perfora el frente según el diagrama."}),),
            ),
        ),
    }
    return QualificationData(**{**fields, **overrides})


def complaints(session, actor, **overrides) -> dict[str, list[str]]:
    """Return what registering is refused with: field -> sentences."""
    with pytest.raises(Invalid) as refused:
        registry.register(session, actor, described(**overrides))
    return {name: [str(one) for one in said] for name, said in refused.value.fields.items()}


@pytest.fixture
def officer(session):
    return factories.make_actor(session)


def test_a_registered_qualification_is_a_draft_that_says_what_was_entered(session, officer):
    version = registry.register(session, officer, described())
    session.expire_all()
    again = registry.describe(registry.find_own(session, officer, version.qualification.uuid))
    assert (version.number, version.status) == (1, VersionStatus.DRAFT)
    assert again.titles == {"es": "Explotación minera", "en": "Mining operations"}
    assert (again.framework, again.level, again.code) == ("CL-MCTP", 3, "54018")
    assert (again.awarding_body, again.volume, again.credits) == ("MINEDUC", 1672, Decimal("12.5"))
    assert again.units[0].outcomes[0].texts == {"es": "Perfora el frente según el diagrama."}
    assert version.completeness > 80


def test_registering_leaves_one_audit_entry_and_tells_the_index(session, officer):
    version = registry.register(session, officer, described())
    entry = session.scalars(select(AuditEntry)).one()
    assert (entry.action, entry.country_code) == ("qualification.register", "CL")
    assert entry.details["after"]["titles"]["es"] == "Explotación minera"
    assert session.scalars(select(CatalogueChange.qualification_id)).one() == version.qualification_id


def test_an_officer_registers_for_their_own_country_only(session, officer):
    with pytest.raises(NotAllowed):
        registry.register(session, officer, described(country="MX"))


def test_a_reviewer_registers_nothing(session):
    reviewer = factories.make_actor(session, Role.REVIEWER)
    with pytest.raises(NotAllowed):
        registry.register(session, reviewer, described())


def test_a_wrong_code_is_told_its_pattern_with_an_example(session, officer):
    said = complaints(session, officer, code="EC0586")
    assert said["code"] == [
        r"“EC0586” is no code of CL-MINEDUC-ESPE. Its pattern is ^\d{5}$, for example 54018."
    ]


def test_a_code_of_another_countrys_system_is_refused(session, officer):
    said = complaints(session, officer, code_system="MX-CONOCER-EC", code="EC0586")
    assert "MX-CONOCER-EC" in said["code_system"][0]


def test_a_code_without_its_system_and_a_system_without_code_are_refused(session, officer):
    assert "54018" in complaints(session, officer, code_system=None)["code_system"][0]
    assert complaints(session, officer, code=None)["code"] == ["Enter the code, or choose no code system."]


def test_a_code_that_is_taken_names_the_record_that_has_it(session, officer):
    registry.register(session, officer, described())
    said = complaints(session, officer, titles={"es": "Otra"})
    assert said["code"] == ["The code 54018 belongs to “Explotación minera” already."]


@pytest.mark.parametrize(
    ("overrides", "field", "words"),
    [
        ({"level": 9}, "level", "CL-MCTP has no level 9. Its levels are 1 to 5."),
        ({"framework": "MX-MMC"}, "level", "“MX-MMC” is not a framework of this country. Known: CL-MCTP."),
        ({"valid_to": date(2014, 1, 1)}, "valid_to", "2014-01-01, is before 2015-01-01"),
        (
            {"last_enrolment": date(2021, 1, 1), "last_award": date(2020, 1, 1)},
            "last_award",
            "2020-01-01, is before 2021-01-01",
        ),
        ({"volume": Decimal(0)}, "volume", "“0” is not a number above zero"),
        ({"volume": Decimal("NaN")}, "volume", "“NaN” is not a number"),
        ({"volume": Decimal("1.234")}, "volume", "more than two decimals"),
        ({"volume_unit": None}, "volume_unit", "Say what the number 1672 counts"),
        ({"credit_scheme": None}, "credit_scheme", "Say what the number 12.5 counts"),
        ({"isced_f": "9999"}, "isced_f", "“9999” is not a field of ISCED-F 2013"),
        ({"isced_f": "07"}, "isced_f", "four digits"),
        ({"isco_08": "0000"}, "isco_08", "“0000” is not a unit group of ISCO-08"),
        ({"sector": "fishing"}, "sector", "“fishing” is not a known sector. Known: electricity,"),
        ({"titles": {"en": "Only English"}}, "titles.es", "language in which the qualification was issued"),
        ({"titles": {"es": "a" * 10_000}}, "titles.es", "10000 characters; at most 500"),
        ({"titles": {"es": "nul\0here"}}, "titles.es", "U+0000"),
        ({"titles": {"es": "Ok", "klingonisch": "no"}}, "original_language", "“klingonisch”"),
        ({"entitlements": "b" * 5001}, "entitlements", "5001 characters; at most 5000"),
        ({"units": (UnitData(titles={"es": " "}),)}, "units.0.titles", "Enter the title of the unit"),
        (
            {"units": (UnitData(titles={"es": "U"}, outcomes=(OutcomeData(OutcomeDomain.SKILLS, {}),)),)},
            "units.0.outcomes.0.texts",
            "Enter the learning outcome",
        ),
        ({"units": (UnitData(titles={"es": "U"}, hours=Decimal(-1)),)}, "units.0.hours", "“-1”"),
        ({"units": (UnitData(titles={"es": "U"}, uuid="unknown"),)}, "units.0.titles", "does not exist"),
        (
            {"units": (UnitData(titles={"es": "U"}, code_system="CL-MINEDUC-ESPE", code="x"),)},
            "units.0.code",
            "“x” is no code of CL-MINEDUC-ESPE",
        ),
    ],
)  # fmt: skip
def test_wrong_values_are_refused_with_the_value_and_what_is_allowed(
    session, officer, overrides, field, words
):
    said = complaints(session, officer, **overrides)
    assert list(said) == [field]
    assert words in said[field][0]


def test_everything_that_is_wrong_is_said_at_once(session, officer):
    said = complaints(session, officer, level=9, isced_f="1", code="x", titles={}, valid_to=date(2000, 1, 1))
    assert set(said) == {"level", "isced_f", "code", "titles.es", "valid_to"}


def test_a_country_with_two_frameworks_has_to_say_which_one(session):
    officer = factories.make_actor(session, country="CL")
    factories._framework(
        session,
        "CL-EXTRA",
        factories.terms.Scope.NATIONAL,
        "CL",
        3,
        factories.terms.EditionStatus.IN_FORCE,
    )
    assert "CL-EXTRA, CL-MCTP" in complaints(session, officer)["level"][0]
    version = registry.register(session, officer, described(framework="CL-EXTRA"))
    assert version.level.edition.framework.code == "CL-EXTRA"


def test_texts_are_kept_composed_and_without_space_around_them(session, officer):
    version = registry.register(session, officer, described(titles={"es": "  Explotacio\u0301n\u00a0 "}))
    assert version.titles == {"es": "Explotación"}


def test_an_awarding_body_is_stored_once(session, officer):
    first = registry.register(session, officer, described())
    second = registry.register(session, officer, described(code="54019"))
    assert first.awarding_body_id == second.awarding_body_id


def test_revising_a_draft_changes_it_and_notes_what_changed(session, officer):
    version = registry.register(session, officer, described())
    uuid = version.qualification.uuid
    data = replace(described(), titles={"es": "Minería subterránea"})
    revised = registry.revise(session, officer, uuid, data, version.revision)
    assert (revised.id, revised.number, revised.title) == (version.id, 1, "Minería subterránea")
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry.action == "qualification.revise"
    assert entry.details["before"]["titles"]["es"] == "Explotación minera"
    assert entry.details["after"] == {
        "titles": {"es": "Minería subterránea"},
        "units": entry.details["after"]["units"],
    }


def test_the_second_of_two_people_saving_is_told(session, officer):
    version = registry.register(session, officer, described())
    uuid, seen = version.qualification.uuid, version.revision
    registry.revise(session, officer, uuid, replace(described(), source="A"), seen)
    with pytest.raises(Changed):
        registry.revise(session, officer, uuid, replace(described(), source="B"), seen)
    assert registry.find_own(session, officer, uuid).source == "A"


def test_saving_only_units_counts_as_a_new_revision(session, officer):
    version = registry.register(session, officer, described())
    seen = version.revision
    registry.revise(session, officer, version.qualification.uuid, replace(described(), units=()))
    assert version.revision > seen
    assert version.units == []


def test_editing_published_text_begins_the_next_draft_and_leaves_the_text(session, officer):
    version = registry.register(session, officer, described())
    uuid = version.qualification.uuid
    registry.publish(session, officer, uuid)
    draft = registry.revise(session, officer, uuid, replace(described(), titles={"es": "Nuevo título"}))
    assert (draft.number, draft.status) == (2, VersionStatus.DRAFT)
    assert (version.title, version.status) == ("Explotación minera", VersionStatus.PUBLISHED)
    assert registry.find_own(session, officer, uuid).id == draft.id


def test_a_form_opened_before_the_next_draft_was_begun_is_refused(session, officer):
    version = registry.register(session, officer, described())
    uuid, seen = version.qualification.uuid, version.revision
    registry.publish(session, officer, uuid)
    registry.revise(session, officer, uuid, described())
    with pytest.raises(Changed):
        registry.revise(session, officer, uuid, described(), None, expected_number=1)
    assert seen == 1


def test_publishing_supersedes_the_version_before(session, officer):
    version = registry.register(session, officer, described())
    uuid = version.qualification.uuid
    registry.publish(session, officer, uuid)
    draft = registry.revise(session, officer, uuid, replace(described(), source="New"))
    registry.publish(session, officer, uuid)
    session.expire_all()
    assert (version.status, draft.status) == (VersionStatus.SUPERSEDED, VersionStatus.PUBLISHED)
    assert draft.published_at is not None


def test_publishing_twice_is_refused(session, officer):
    version = registry.register(session, officer, described())
    registry.publish(session, officer, version.qualification.uuid)
    with pytest.raises(WrongState, match="no draft"):
        registry.publish(session, officer, version.qualification.uuid)


def test_publishing_withdraws_open_proposals_about_the_version_before(session, officer):
    version = factories.make_qualification(session)
    mapping = factories.make_mapping(session, version, officer.account)
    uuid = version.qualification.uuid
    registry.revise(session, officer, uuid, replace(registry.describe(version), change_note="Why"))
    registry.publish(session, officer, uuid)
    assert mapping.status == MappingStatus.WITHDRAWN
    actions = session.scalars(select(AuditEntry.action)).all()
    assert "mapping.withdraw" in actions


def test_publishing_waits_for_a_reviewer_at_work_on_the_version_before(session, officer):
    version = factories.make_qualification(session)
    factories.make_mapping(session, version, officer.account, status=MappingStatus.IN_REVIEW)
    registry.revise(
        session, officer, version.qualification.uuid, replace(registry.describe(version), change_note="Why")
    )
    with pytest.raises(WrongState, match="reviewer is at work"):
        registry.publish(session, officer, version.qualification.uuid)
    assert session.scalar(select(func.count(LevelMapping.id))) == 1


def test_the_code_and_type_of_a_published_record_stay(session, officer):
    version = registry.register(session, officer, described())
    uuid = version.qualification.uuid
    registry.publish(session, officer, uuid)
    changed = replace(described(), code="54020", type=QualificationType.OCCUPATIONAL_STANDARD)
    with pytest.raises(Invalid) as refused:
        registry.revise(session, officer, uuid, changed)
    assert set(refused.value.fields) == {"code", "type"}


def test_another_countrys_record_is_not_found(session, officer):
    foreign = factories.make_qualification(session, country="MX").qualification.uuid
    for act in (
        lambda: registry.find_own(session, officer, foreign),
        lambda: registry.revise(session, officer, foreign, described()),
        lambda: registry.publish(session, officer, foreign),
    ):
        with pytest.raises(NotFound):
            act()


def test_a_record_does_not_move_to_another_country(session, officer):
    version = registry.register(session, officer, described())
    with pytest.raises(NotFound):
        registry.revise(session, officer, version.qualification.uuid, replace(described(), country="MX"))


def test_completeness_grows_with_what_is_said(session, officer):
    bare = registry.register(
        session,
        officer,
        QualificationData("CL", QualificationType.QUALIFICATION, {"es": "Solo un título"}, "es"),
    )
    full = registry.register(session, officer, described())
    assert bare.completeness == 0
    assert full.completeness == registry.completeness_of(full)
    assert Criterion.FIELD not in {one.criterion for one in registry.quality_of(full).to_fix}
    assert session.scalar(select(func.count(QualificationVersion.id))) == 2
