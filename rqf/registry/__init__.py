"""The officer's work: register and revise, suggestions, proposals of levels, imports."""

from rqf.registry.choices import Choices, choices
from rqf.registry.columns import COLUMNS
from rqf.registry.description import (
    OutcomeData,
    QualificationData,
    UnitData,
    describe,
    describe_unit,
)
from rqf.registry.listing import OwnFilter, OwnRecord, Page, own_pages, own_records
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
from rqf.registry.qualifications import find_own, last_change, publish, register, revise
from rqf.registry.quality import keep as keep_quality
from rqf.registry.similar import CloseRecord, CloseRecords, close_records
from rqf.registry.soundness import completeness_of, quality_of
from rqf.registry.suggestions import Advice, advise, suggest_levels
from rqf.registry.texts import Complaints
from rqf.registry.units import find_units
from rqf.registry.validation import check
from rqf.registry.version_changes import Changes, changes_between

# Last: imports read files through rqf.exchange, whose demonstration needs the names above.
from rqf.registry import imports  # isort: skip
from rqf.registry.quality_overview import (  # isort: skip
    Lacking,
    Overview,
    kept_quality,
    lacking_pages,
    overview,
    records_lacking,
)
from rqf.registry.replacements import (  # isort: skip
    Neighbours,
    could_be_linked,
    end_replacement,
    neighbours,
    replace_record,
)
from rqf.registry.reinstatement import plan_reinstatement, reinstate, reinstate_all  # isort: skip
from rqf.registry.retirement import Retirement, announce, plan_retirement, retire  # isort: skip

__all__ = [
    "COLUMNS",
    "Advice",
    "Changes",
    "Choices",
    "CloseRecord",
    "CloseRecords",
    "Complaints",
    "Lacking",
    "Neighbours",
    "OutcomeData",
    "Overview",
    "OwnFilter",
    "OwnRecord",
    "Page",
    "QualificationData",
    "Retirement",
    "UnitData",
    "advise",
    "announce",
    "appeal",
    "changes_between",
    "check",
    "choices",
    "close_records",
    "completeness_of",
    "could_be_linked",
    "describe",
    "describe_unit",
    "end_replacement",
    "find_mapping",
    "find_own",
    "find_units",
    "imports",
    "keep_quality",
    "kept_quality",
    "last_change",
    "lacking_pages",
    "national_editions",
    "neighbours",
    "open_mapping",
    "overview",
    "own_mappings",
    "own_pages",
    "own_records",
    "plan_reinstatement",
    "plan_retirement",
    "propose",
    "publish",
    "quality_of",
    "records_lacking",
    "register",
    "reinstate",
    "reinstate_all",
    "replace_record",
    "retire",
    "revise",
    "submit",
    "suggest_levels",
    "withdraw",
]
