"""Who acts when a command changes records and nobody is named: the operator of the machine."""

from __future__ import annotations

import secrets

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from rqf.errors import N_, NotFound
from rqf.models import Account, RoleGrant
from rqf.people.accounts import Actor, actor_of
from rqf.people.passwords import hash_password
from rqf.rules.terms import Role

_ADDRESS = "command@rqf.invalid"


def officer(session: Session, country: str, email: str | None = None) -> Actor:
    """Return the officer of ``country`` with this address; without one, the operator as such an officer.

    :raises NotFound: nobody active has this address.
    """
    if email is None:
        return _operator(session, country)
    account = session.scalar(
        select(Account)
        .where(Account.email == email.lower(), Account.active)
        .options(selectinload(Account.roles))
    )
    if account is None:
        raise NotFound(N_("There is no account for %(value)s."), value=email)
    return actor_of(account)


def _operator(session: Session, country: str) -> Actor:
    account = session.scalar(select(Account).where(Account.email == _ADDRESS))
    if account is None:
        # Switched off: it stands in the records as who did it, but nobody can sign in with it.
        account = Account(
            email=_ADDRESS,
            name="rqf command",
            password_hash=hash_password(secrets.token_urlsafe(32)),
            active=False,
        )
        session.add(account)
    held = {(grant.role, grant.country_code) for grant in account.roles}
    if (Role.OFFICER, country) not in held:
        account.roles.append(RoleGrant(role=Role.OFFICER, country_code=country))
    session.flush()
    return actor_of(account)
