"""How many statements one network may ask for in an hour, without keeping who asked."""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from rqf.errors import N_, TooMany
from rqf.models import IssueAttempt
from rqf.models.tables import now

_HOUR = timedelta(hours=1)


_STATEMENTS = N_("Your network asked for %(limit)s statements within an hour. Wait a little and try again.")


def admit(
    session: Session,
    network: str,
    secret: str,
    limit: int,
    *,
    what: str = "statement",
    refusal: str = _STATEMENTS,
) -> None:
    """Note that ``network`` asks for a statement, or for something else that is limited.

    The address is kept for an hour, as a keyed hash only.

    :raises TooMany: it has asked ``limit`` times within the hour.
    """
    moment = now()
    session.execute(delete(IssueAttempt).where(IssueAttempt.at <= moment - _HOUR))
    subject = hmac.new(secret.encode(), f"{what}:{network}".encode(), hashlib.sha256).hexdigest()
    asked = session.scalar(
        select(func.count()).select_from(IssueAttempt).where(IssueAttempt.subject == subject)
    )
    if (asked or 0) >= limit:
        raise TooMany(refusal, limit=limit)
    session.add(IssueAttempt(subject=subject, at=moment))
    session.flush()
