"""Many records at once: a file is read, its columns are named, its rows checked, applied, and taken back."""

from rqf.registry.imports.apply import apply
from rqf.registry.imports.batches import find_batch, guesses, list_batches, set_plan, take_in
from rqf.registry.imports.check import Progress, check
from rqf.registry.imports.guess import Guess, Guesses
from rqf.registry.imports.plan import Plan, check_plan
from rqf.registry.imports.preview import (
    FLAGS,
    Filter,
    RowPage,
    choose,
    created,
    reasons,
    rest,
    rows_of,
    taken,
)
from rqf.registry.imports.profiles import Profile, find_profile, profiles, save_profile
from rqf.registry.imports.schema import schema
from rqf.registry.imports.undo import undo

__all__ = [
    "FLAGS",
    "Filter",
    "Guess",
    "Guesses",
    "Plan",
    "Profile",
    "Progress",
    "RowPage",
    "apply",
    "check",
    "check_plan",
    "choose",
    "created",
    "find_batch",
    "find_profile",
    "guesses",
    "list_batches",
    "profiles",
    "reasons",
    "rest",
    "rows_of",
    "save_profile",
    "schema",
    "set_plan",
    "take_in",
    "taken",
    "undo",
]
