"""Taking a statement back: the document stays as it is, its verification says that it no longer holds."""

from __future__ import annotations

from sqlalchemy.orm import Session

from rqf.errors import N_, Invalid, WrongState, message
from rqf.models import Statement, StatementWithdrawal, audit
from rqf.people import Actor, require
from rqf.rules.terms import Role
from rqf.rules.texts import strange_sign, tidy
from rqf.statements.reading import find

SHORTEST_REASON, LONGEST_REASON = 20, 2000


def withdraw(session: Session, actor: Actor, number: str, reason: str) -> Statement:
    """Withdraw a statement. The reason is shown to everybody who verifies it.

    :raises NotAllowed: the actor is not the secretariat.
    :raises NotFound: there is no such statement.
    :raises WrongState: it has been withdrawn.
    :raises Invalid: the reason is too short, too long or has signs that can't be shown.
    """
    require(actor, Role.SECRETARIAT)
    # One at a time from here: of two who withdraw at once, the second is told.
    audit.lock(session)
    statement = find(session, number)
    if statement.withdrawal is not None:
        raise WrongState(
            N_("Statement %(number)s was withdrawn on %(day)s."),
            number=statement.number,
            day=statement.withdrawal.at.date().isoformat(),
        )
    statement.withdrawal = StatementWithdrawal(account=actor.account, reason=_reason(reason))
    session.flush()
    audit.record(
        session, actor.account, "statement.withdraw", "statement", statement.number,
        reason=statement.withdrawal.reason,
    )  # fmt: skip
    return statement


def _reason(given: str) -> str:
    reason = tidy(given)
    strange = strange_sign(reason)
    if strange:
        wrong = message(
            N_("The text contains a control character (%(sign)s) that cannot be kept."), sign=strange
        )
    elif SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        return reason
    else:
        wrong = message(
            N_("Give a reason of %(shortest)s to %(longest)s characters; this one has %(n)s."),
            shortest=SHORTEST_REASON, longest=LONGEST_REASON, n=len(reason),
        )  # fmt: skip
    raise Invalid({"reason": [wrong]})
