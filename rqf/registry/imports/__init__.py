"""Many records at once: a file is read, its columns are named, its rows checked, applied, and taken back."""

from rqf.registry.imports.apply import apply
from rqf.registry.imports.background import (
    APPLY,
    CHECK,
    UNDO,
    cancel,
    start_apply,
    start_check,
    start_undo,
    work_on,
)
from rqf.registry.imports.batches import country_of, find_batch, guesses, list_batches, set_plan, take_in
from rqf.registry.imports.check import Progress, Writing, check
from rqf.registry.imports.guess import Guess, Guesses
from rqf.registry.imports.leaving import CHOICES, choose_fate, fates
from rqf.registry.imports.mapping import read_mapping
from rqf.registry.imports.plan import Plan, check_plan
from rqf.registry.imports.preview import (
    FLAGS,
    Filter,
    RowPage,
    choose,
    created,
    problems_of,
    reasons,
    rest,
    rows_of,
    taken,
)
from rqf.registry.imports.profiles import Profile, find_profile, profiles, save_profile
from rqf.registry.imports.schema import schema
from rqf.registry.imports.undo import undo

__all__ = [
    "APPLY",
    "CHECK",
    "CHOICES",
    "FLAGS",
    "UNDO",
    "Filter",
    "Guess",
    "Guesses",
    "Plan",
    "Profile",
    "Progress",
    "RowPage",
    "Writing",
    "apply",
    "cancel",
    "check",
    "check_plan",
    "choose",
    "choose_fate",
    "country_of",
    "created",
    "fates",
    "find_batch",
    "find_profile",
    "guesses",
    "list_batches",
    "problems_of",
    "profiles",
    "read_mapping",
    "reasons",
    "rest",
    "rows_of",
    "save_profile",
    "schema",
    "set_plan",
    "start_apply",
    "start_check",
    "start_undo",
    "take_in",
    "taken",
    "undo",
    "work_on",
]
