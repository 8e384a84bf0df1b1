"""Accounts and the actor: the person behind an action, with roles in their scopes."""

from __future__ import annotations

from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import delete, select
from sqlalchemy.orm import Session, selectinload

from rqf.errors import N_, Invalid, NotAllowed, NotFound, message
from rqf.models import Account, Country, RoleGrant, WebSession, audit
from rqf.people.passwords import hash_password
from rqf.rules.terms import Role

#: Shortest password that is accepted (OWASP ASVS 5, 6.2.1 recommends at least 15 without a second factor).
SHORTEST_PASSWORD = 12


@dataclass(frozen=True)
class Actor:
    """Who acts: an account and the roles it holds, each in a country or (None) in the region."""

    account: Account
    grants: frozenset[tuple[Role, str | None]]

    @property
    def id(self) -> int:
        """Return the account's id."""
        return self.account.id

    def countries(self, role: Role | None = None) -> frozenset[str]:
        """Return the countries in which the actor holds ``role``, or any role."""
        return frozenset(country for held, country in self.grants if country and role in (None, held))

    def has(self, role: Role, country: str | None = None) -> bool:
        """Tell whether the actor holds ``role``, in ``country`` when one is given."""
        return any(held == role and country in (None, where) for held, where in self.grants)

    def country(self, role: Role) -> str | None:
        """Return the country in which the actor holds ``role``; the first by code when there are several."""
        return min(self.countries(role), default=None)


def actor_of(account: Account) -> Actor:
    """Return ``account`` as an actor."""
    return Actor(account, frozenset((grant.role, grant.country_code) for grant in account.roles))


def find_actor(session: Session, account_id: int) -> Actor | None:
    """Return the active account with this id as an actor, or None."""
    account = session.scalar(
        select(Account).where(Account.id == account_id, Account.active).options(selectinload(Account.roles))
    )
    return actor_of(account) if account else None


def require(actor: Actor | None, role: Role, country: str | None = None) -> Actor:
    """Return ``actor`` if they hold ``role`` (in ``country``).

    :raises NotAllowed: they do not.
    """
    if actor is None or not actor.has(role, country):
        raise NotAllowed(N_("Only the role %(role)s may do this."), role=role)
    return actor


def add_account(
    session: Session,
    by: Actor | str,
    *,
    email: str,
    name: str,
    password: str,
    roles: list[tuple[Role, str | None]],
) -> Account:
    """Add a person with their roles. ``by`` is the secretariat's actor or the name of a command.

    :raises Invalid: the address, the password or a country is wrong.
    """
    if isinstance(by, Actor):
        require(by, Role.SECRETARIAT)
    address = _address(session, email)
    if len(password) < SHORTEST_PASSWORD:
        raise Invalid(
            {"password": [message(N_("The password needs at least %(n)s characters."), n=SHORTEST_PASSWORD)]}
        )
    _check_roles(session, roles)
    account = Account(email=address, name=name.strip(), password_hash=hash_password(password))
    account.roles = [RoleGrant(role=role, country_code=country) for role, country in roles]
    session.add(account)
    session.flush()
    audit.record(
        session,
        by.account if isinstance(by, Actor) else by,
        "account.add",
        "account",
        account.id,
        email=address,
        roles=[f"{role}:{country or 'region'}" for role, country in roles],
    )
    return account


def _address(session: Session, email: str) -> str:
    try:
        address = validate_email(email, check_deliverability=False, test_environment=True).normalized.lower()
    except EmailNotValidError:
        raise Invalid(
            {"email": [message(N_("“%(value)s” is not an e-mail address."), value=email)]}
        ) from None
    if session.scalar(select(Account.id).where(Account.email == address)):
        raise Invalid({"email": [message(N_("There is an account for %(value)s already."), value=address)]})
    return address


def _check_roles(session: Session, roles: list[tuple[Role, str | None]]) -> None:
    known = set(session.scalars(select(Country.code)))
    for role, country in roles:
        if (role == Role.SECRETARIAT) != (country is None):
            raise Invalid(
                {
                    "roles": [
                        message(N_("The role %(role)s needs a country, the secretariat none."), role=role)
                    ]
                }
            )
        if country is not None and country not in known:
            raise Invalid(
                {
                    "roles": [
                        message(
                            N_("“%(value)s” is not a country of this registry. Known: %(known)s."),
                            value=country,
                            known=", ".join(sorted(known)),
                        )
                    ]
                }
            )


def list_accounts(session: Session) -> list[Account]:
    """Return all accounts by address, with their roles."""
    return list(session.scalars(select(Account).order_by(Account.email).options(selectinload(Account.roles))))


def disable_account(session: Session, by: Actor | str, email: str) -> Account:
    """Switch an account off and end its sessions.

    :raises NotFound: nobody has this address.
    """
    if isinstance(by, Actor):
        require(by, Role.SECRETARIAT)
    account = session.scalar(select(Account).where(Account.email == email.lower()))
    if account is None:
        raise NotFound(N_("There is no account for %(value)s."), value=email)
    account.active = False
    session.execute(delete(WebSession).where(WebSession.account_id == account.id))
    audit.record(
        session,
        by.account if isinstance(by, Actor) else by,
        "account.disable",
        "account",
        account.id,
        email=account.email,
    )
    return account
