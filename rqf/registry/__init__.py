"""The officer's work: register and revise, suggestions, proposals of levels, imports."""

from rqf.registry.choices import Choices, choices
from rqf.registry.description import (
    OutcomeData,
    QualificationData,
    UnitData,
    completeness,
    completeness_of,
    describe,
    describe_unit,
)
from rqf.registry.listing import OwnRecord, Page, own_records
from rqf.registry.national_lists import national_editions
from rqf.registry.proposals import (
    appeal,
    find_mapping,
    open_mapping,
    own_mappings,
    propose,
    submit,
    withdraw,
)
from rqf.registry.qualifications import find_own, publish, register, revise
from rqf.registry.similar import CloseRecord, CloseRecords, close_records
from rqf.registry.suggestions import Advice, advise, suggest_levels
from rqf.registry.texts import Complaints
from rqf.registry.units import find_units
from rqf.registry.validation import check

# Last: imports read files through rqf.exchange, whose demonstration needs the names above.
from rqf.registry import imports  # isort: skip

__all__ = [
    "Advice",
    "Choices",
    "CloseRecord",
    "CloseRecords",
    "Complaints",
    "OutcomeData",
    "OwnRecord",
    "Page",
    "QualificationData",
    "UnitData",
    "advise",
    "appeal",
    "check",
    "choices",
    "close_records",
    "completeness",
    "completeness_of",
    "describe",
    "describe_unit",
    "find_mapping",
    "find_own",
    "find_units",
    "imports",
    "national_editions",
    "open_mapping",
    "own_mappings",
    "own_records",
    "propose",
    "publish",
    "register",
    "revise",
    "submit",
    "suggest_levels",
    "withdraw",
]
