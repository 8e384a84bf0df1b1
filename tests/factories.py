"""Plain functions that make records with sensible defaults. They flush and never commit."""

from __future__ import annotations

import itertools
from datetime import date

from argon2 import PasswordHasher
from sqlalchemy import select
from sqlalchemy.orm import Session

from rqf.models import (
    Account,
    CatalogueChange,
    CodeSystem,
    Country,
    DescriptorDomain,
    Framework,
    FrameworkEdition,
    LearningOutcome,
    Level,
    LevelDescriptor,
    LevelMapping,
    Qualification,
    QualificationVersion,
    Referencing,
    RoleGrant,
    Sector,
    Unit,
    VersionUnit,
)
from rqf.models.tables import now
from rqf.people import Actor, actor_of
from rqf.rules import terms
from rqf.rules.terms import Role

PASSWORD = "a pass phrase for tests"
# Checked at every sign-in of every test: the parameters stand in the hash, and these take no time.
_PASSWORD_HASH = PasswordHasher(time_cost=1, memory_cost=1024).hash(PASSWORD)
_numbers = itertools.count(1)

#: Verb and reach of the sample descriptors, level by level: enough for a matcher to tell them apart.
_RUNGS = (
    ("Follows simple instructions", "under direct supervision"),
    ("Executes routine tasks", "under close supervision"),
    ("Operates equipment and checks results", "with some autonomy in a known context"),
    ("Maintains systems and solves common faults", "with autonomy in a varied context"),
    ("Diagnoses faults, plans maintenance and supervises teams", "with responsibility for others"),
    ("Designs solutions and manages projects", "with responsibility for complex activities"),
    ("Directs innovation at the forefront of a field", "with strategic responsibility"),
    ("Creates original knowledge", "with the highest authority in the field"),
)
_DOMAINS = ("knowledge", "skills", "application")


def make_region(session: Session) -> None:
    """Make what every test stands on: countries, sectors, code systems, frameworks, referencing."""
    for code, member in (("CL", True), ("CO", True), ("MX", True), ("PE", True), ("CA", False)):
        session.add(
            Country(
                code=code, language="es", member=member, authority={"es": f"Autoridad {code}"}, source="test"
            )
        )
    for code in ("mining", "electricity", "heavy_equipment"):
        session.add(Sector(code=code, titles={"es": code, "en": code.replace("_", " ").capitalize()}))
    session.flush()
    session.add(
        CodeSystem(
            code="MX-CONOCER-EC", country_code="MX", pattern=r"^EC\d{4}(\.\d{2})?$", example="EC0586.01",
            titles={"es": "Estándar de competencia", "en": "Competency standard"}, source="test",
        )
    )  # fmt: skip
    session.add(
        CodeSystem(
            code="CL-MINEDUC-ESPE", country_code="CL", pattern=r"^\d{5}$", example="54018",
            titles={"es": "Especialidad", "en": "Speciality"}, source="test",
        )
    )  # fmt: skip
    regional = _framework(session, "PA-RQF", terms.Scope.REGIONAL, None, 8, terms.EditionStatus.PROPOSED)
    for code, country, levels in (
        ("CL-MCTP", "CL", 5),
        ("CO-MNC", "CO", 8),
        ("MX-MMC", "MX", 8),
        ("PE-MNCP", "PE", 8),
    ):
        edition = _framework(
            session, code, terms.Scope.NATIONAL, country, levels, terms.EditionStatus.IN_FORCE
        )
        for level in edition.levels:
            low = min(level.number, 8)
            high = min(level.number + (country == "CL"), 8)
            session.add(
                Referencing(
                    level=level, regional_edition=regional, low=low, high=high, best_fit=high,
                    basis="descriptor_match", status=terms.ReferencingStatus.PROPOSED,
                    evidence={"es": "Prueba", "en": "Test"}, source="test",
                )
            )  # fmt: skip
    session.flush()


def _framework(session, code, scope, country, levels, status) -> FrameworkEdition:
    edition = FrameworkEdition(
        framework=Framework(
            code=code, scope=scope, kind=terms.FrameworkKind.QUALIFICATIONS_FRAMEWORK, country_code=country,
            titles={"es": f"Marco {code}", "en": f"Framework {code}"},
        ),
        label="2026", status=status, source="test", note={},
    )  # fmt: skip
    edition.domains = [
        DescriptorDomain(code=name, position=place, titles={"es": name, "en": name.capitalize()})
        for place, name in enumerate(_DOMAINS, 1)
    ]
    for number, (verb, reach) in enumerate(_RUNGS[:levels], 1):
        level = Level(
            edition=edition, number=number, titles={"es": f"Nivel {number}", "en": f"Level {number}"}
        )
        level.descriptors = [
            LevelDescriptor(domain=domain, texts={"en": f"{verb} {reach} ({domain.code})."})
            for domain in edition.domains
        ]
    session.add(edition)
    session.flush()
    return edition


def make_account(
    session: Session, role: Role = Role.OFFICER, country: str | None = "CL", **overrides
) -> Account:
    """Make a person with one role; the password is ``PASSWORD``."""
    number = next(_numbers)
    fields = {
        "email": f"person{number}@test.example",
        "name": f"Person {number}",
        "password_hash": _PASSWORD_HASH,
    }
    account = Account(**{**fields, **overrides})
    account.roles = [RoleGrant(role=role, country_code=None if role == Role.SECRETARIAT else country)]
    session.add(account)
    session.flush()
    return account


def make_actor(session: Session, role: Role = Role.OFFICER, country: str | None = "CL") -> Actor:
    """Make a person and return them as an actor."""
    return actor_of(make_account(session, role, country))


def make_qualification(
    session: Session,
    title: str = "Mantenimiento de equipos mineros",
    *,
    country: str = "CL",
    level: int | None = 4,
    outcomes: tuple[tuple[str, str], ...] = (),
    status: terms.VersionStatus = terms.VersionStatus.PUBLISHED,
    type: terms.QualificationType = terms.QualificationType.QUALIFICATION,
    code_system: str | None = None,
    code: str | None = None,
    language: str = "es",
    **overrides,
) -> QualificationVersion:
    """Make a qualification with one version and one unit of ``outcomes`` (domain, text); tell the index."""
    qualification = Qualification(country_code=country, type=type, code_system_code=code_system, code=code)
    published = None if status == terms.VersionStatus.DRAFT else now()
    fields = {
        "number": 1, "status": status, "titles": {language: title}, "original_language": language,
        "level": national_level(session, country, level), "sector_code": "mining", "source": "test",
        "published_at": published, "verified": terms.Verification.YES, "valid_from": date(2020, 1, 1),
    }  # fmt: skip
    version = QualificationVersion(qualification=qualification, **{**fields, **overrides})
    if outcomes:
        unit = make_unit(session, f"Unidad de {title}", country=country, outcomes=outcomes, language=language)
        version.units = [VersionUnit(unit=unit, position=1, mandatory=True)]
    session.add(version)
    session.flush()
    session.add(CatalogueChange(qualification_id=qualification.id))
    session.flush()
    return version


def make_unit(
    session: Session, title: str, *, country: str = "CL", outcomes=(), language: str = "es"
) -> Unit:
    """Make a unit with outcomes given as (domain, text)."""
    unit = Unit(country_code=country, titles={language: title}, original_language=language, source="test")
    unit.outcomes = [
        LearningOutcome(
            position=place,
            domain=terms.OutcomeDomain(domain),
            texts={language: text},
            original_language=language,
        )
        for place, (domain, text) in enumerate(outcomes, 1)
    ]
    session.add(unit)
    session.flush()
    return unit


def national_level(session: Session, country: str, number: int | None) -> Level | None:
    """Return a level of the country's framework."""
    if number is None:
        return None
    return session.scalars(
        select(Level)
        .join(FrameworkEdition)
        .join(Framework)
        .where(Framework.country_code == country, Level.number == number)
    ).first()


def regional_edition(session: Session) -> FrameworkEdition:
    """Return the regional edition."""
    return session.scalars(
        select(FrameworkEdition).join(Framework).where(Framework.scope == terms.Scope.REGIONAL)
    ).one()


def make_mapping(
    session: Session,
    version: QualificationVersion,
    author: Account,
    *,
    low: int = 4,
    high: int | None = None,
    status: terms.MappingStatus = terms.MappingStatus.SUBMITTED,
    **overrides,
) -> LevelMapping:
    """Make a level mapping in ``status``."""
    number = f"RQF-M-2026-{next(_numbers):06}" if status == terms.MappingStatus.ENDORSED else None
    fields = {
        "version": version, "edition": regional_edition(session), "status": status, "low": low,
        "high": high or low, "rationale": "Its outcomes read like this level.", "author": author,
        "submitted_at": None if status == terms.MappingStatus.DRAFT else now(), "number": number,
    }  # fmt: skip
    mapping = LevelMapping(**{**fields, **overrides})
    session.add(mapping)
    session.flush()
    session.add(CatalogueChange(qualification_id=version.qualification_id))
    session.flush()
    return mapping


def teach_levels(session: Session) -> None:
    """Endorse twelve records in each of four countries: assistants at level 2, leaders at level 6."""
    author = make_account(session)
    trades = ("bombas", "molinos", "correas", "motores", "tableros", "grúas")
    for country in ("CO", "MX", "PE", "CA"):
        for level, head in ((2, "Ayudante en limpieza de"), (6, "Dirección y diseño de")):
            for trade in trades:
                version = make_qualification(session, f"{head} {trade}", country=country)
                make_mapping(session, version, author, low=level, status=terms.MappingStatus.ENDORSED)
