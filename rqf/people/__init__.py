"""Accounts, roles and keys: who may do what, in which country."""

from rqf.people.accounts import (
    Actor,
    actor_of,
    add_account,
    countries,
    disable_account,
    find_actor,
    list_accounts,
    require,
)
from rqf.people.keys import actor_by_key, add_key
from rqf.people.operator import officer
from rqf.people.sign_in import sign_in, sign_out
from rqf.people.trail import Change, Trail, TrailEntry, audit_head, audit_trail, audited_actions

__all__ = [
    "Actor",
    "Change",
    "Trail",
    "TrailEntry",
    "actor_by_key",
    "actor_of",
    "add_account",
    "add_key",
    "audit_head",
    "audit_trail",
    "audited_actions",
    "countries",
    "disable_account",
    "find_actor",
    "list_accounts",
    "officer",
    "require",
    "sign_in",
    "sign_out",
]
