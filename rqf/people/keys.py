"""Keys with which programs use the API in the name of an account."""

from __future__ import annotations

import hashlib
import secrets

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from rqf.errors import N_, NotFound
from rqf.models import Account, ApiKey, audit
from rqf.people.accounts import Actor, actor_of


def add_key(session: Session, by: str, email: str, label: str) -> str:
    """Make a key for the account and return it. It is shown this once; only its hash is stored.

    :raises NotFound: nobody active has this address.
    """
    account = session.scalar(select(Account).where(Account.email == email.lower(), Account.active))
    if account is None:
        raise NotFound(N_("There is no account for %(value)s."), value=email)
    key = f"rqf_{secrets.token_urlsafe(32)}"
    row = ApiKey(account_id=account.id, label=label, key_hash=_hashed(key))
    session.add(row)
    session.flush()
    audit.record(session, by, "key.add", "api_key", row.id, email=account.email, label=label)
    return key


def actor_by_key(session: Session, key: str) -> Actor | None:
    """Return who a key acts for, or None when it is unknown, revoked or its account switched off."""
    account = session.scalar(
        select(Account)
        .join(ApiKey, ApiKey.account_id == Account.id)
        .where(ApiKey.key_hash == _hashed(key), ApiKey.revoked_at.is_(None), Account.active)
        .options(selectinload(Account.roles))
    )
    return actor_of(account) if account else None


def _hashed(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
