"""Signing in, with a throttle that all server processes share."""

from __future__ import annotations

import hashlib
from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, selectinload

from rqf.errors import N_, TooMany
from rqf.models import Account, SignInAttempt, audit
from rqf.models.tables import now
from rqf.people.passwords import verify_password
from rqf.rules.texts import searchable


def sign_in(
    session: Session,
    email: str,
    password: str,
    network: str,
    *,
    tries: int = 5,
    pause: timedelta = timedelta(minutes=15),
) -> Account | None:
    """Return the account, or None when address and password do not belong together.

    A failure is remembered for the address and for the network it came from; the caller commits either way.

    :raises TooMany: too many failures within ``pause``.
    """
    address = searchable(email).lower()
    subjects = [_subject("address", address), _subject("network", network)]
    # One network may serve a whole ministry, so it gets more tries than one address.
    for subject, allowed in zip(subjects, (tries, tries * 10), strict=True):
        if _failures(session, subject, pause) >= allowed:
            raise TooMany(
                N_("Too many failed sign-ins. Wait %(minutes)s minutes and try again."),
                minutes=int(pause.total_seconds() // 60),
            )
    account = session.scalar(
        select(Account).where(Account.email == address).options(selectinload(Account.roles))
    )
    right = verify_password(account.password_hash if account else None, password)
    if account is None or not right or not account.active:
        _remember(session, subjects, pause)
        return None
    session.execute(delete(SignInAttempt).where(SignInAttempt.subject == subjects[0]))
    audit.record(session, account, "account.sign_in", "account", account.id)
    return account


def sign_out(session: Session, account: Account) -> None:
    """Note that ``account`` signed out."""
    audit.record(session, account, "account.sign_out", "account", account.id)


def _subject(kind: str, value: str) -> str:
    return hashlib.sha256(f"{kind}:{value}".encode()).hexdigest()


def _remember(session: Session, subjects: list[str], pause: timedelta) -> None:
    """Note a failed try for each subject, and forget those that no longer count."""
    session.execute(delete(SignInAttempt).where(SignInAttempt.at <= now() - pause))
    session.add_all(SignInAttempt(subject=subject) for subject in subjects)
    session.flush()


def _failures(session: Session, subject: str, pause: timedelta) -> int:
    count = session.scalar(
        select(func.count())
        .select_from(SignInAttempt)
        .where(SignInAttempt.subject == subject, SignInAttempt.at > now() - pause)
    )
    return count or 0
