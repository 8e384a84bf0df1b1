"""The words for the criteria of quality: what each asks for, and what one does about it."""

from __future__ import annotations

from typing import Any, NamedTuple

from flask_babel import lazy_gettext as _l

from rqf.rules.quality import Criterion


class Words(NamedTuple):
    """A criterion's name, and what is to be done where it loses points."""

    name: Any
    advice: Any


CRITERIA: dict[Criterion | None, Words] = {
    Criterion.OUTCOMES: Words(
        _l("learning outcomes"),
        _l("Add units with learning outcomes: without them a record cannot be compared."),
    ),
    Criterion.LEVEL: Words(
        _l("national level"),
        _l("State the level of the national framework, as the legal act or register has it."),
    ),
    Criterion.SOURCE: Words(
        _l("public source"), _l("Name the document or register that the facts come from.")
    ),
    Criterion.UNITS: Words(_l("units"), _l("Add the units of competency or modules.")),
    Criterion.VOLUME: Words(
        _l("volume or credits"), _l("State hours, credits or years as the source gives them.")
    ),
    Criterion.EVERY_UNIT_HAS_OUTCOMES: Words(
        _l("learning outcomes in every unit"), _l("Some units have learning outcomes and others have none.")
    ),
    Criterion.AWARDING_BODY: Words(_l("awarding body"), _l("Name who issues the certificate or title.")),
    Criterion.FIELD: Words(
        _l("field of education (ISCED-F)"), _l("Choose the detailed field of ISCED-F 2013, four digits.")
    ),
    Criterion.SECTOR: Words(_l("sector"), _l("Choose the sector of this register.")),
    Criterion.CODE: Words(_l("national code"), _l("Give the national code with its system.")),
    Criterion.OCCUPATION: Words(
        _l("occupation (ISCO-08)"), _l("Choose the unit group of ISCO-08, four digits.")
    ),
    Criterion.VALID_FROM: Words(_l("start of validity"), _l("State since when it is in force.")),
    Criterion.ENTRY_REQUIREMENTS: Words(
        _l("entry requirements"), _l("State what somebody needs to be admitted.")
    ),
    Criterion.ENTITLEMENTS: Words(_l("entitlements"), _l("State what the holder may do or study next.")),
    Criterion.LEGAL_ACT: Words(_l("legal act"), _l("Name the act that established it.")),
    Criterion.SECOND_LANGUAGE: Words(
        _l("title in a second language"), _l("Add a title in a second language.")
    ),
    Criterion.OUTCOMES_MEASURABLE: Words(
        _l("outcomes that begin with an observable verb"),
        _l("Begin each outcome with what the person does, such as “operates” or “diagnoses”."),
    ),
    Criterion.OUTCOMES_CLEAR: Words(
        _l("outcomes of 3 to 45 words"), _l("Say what is acted on, and divide what are several outcomes.")
    ),
    Criterion.OUTCOMES_DISTINCT: Words(
        _l("outcomes that are not repeated"), _l("The same outcome stands twice in a unit.")
    ),
    Criterion.OUTCOMES_LANGUAGE: Words(
        _l("outcomes in the stated language"), _l("The texts read like another language than the one stated.")
    ),
    Criterion.SOURCE_ADDRESS: Words(
        _l("address of the source"), _l("Add the web address, so that anyone can look the source up.")
    ),
    Criterion.TITLE_CLEAR: Words(
        _l("title in ordinary letters"), _l("Write the title with capitals only where they belong.")
    ),
    Criterion.TITLE_UNIQUE: Words(
        _l("title that no other record has"),
        _l("Another record of the same kind has this title: retire one, or tell them apart."),
    ),
    Criterion.DATES: Words(
        _l("dates that agree"),
        _l("Put the dates in order; what ends needs the last enrolment or the last award."),
    ),
}
