"""Accounts, their roles, their keys and their sessions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from rqf.models.tables import Model, now
from rqf.rules.terms import Role


class Account(Model):
    """A person who signs in. E-mail addresses are stored in lower case."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str] = mapped_column(String(200))
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(default=now)

    roles: Mapped[list[RoleGrant]] = relationship(back_populates="account", order_by="RoleGrant.id")


class RoleGrant(Model):
    """A role in a scope: a country, or the region when there is no country."""

    __tablename__ = "role_grant"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    role: Mapped[Role]
    country_code: Mapped[str | None] = mapped_column(ForeignKey("country.code"))

    account: Mapped[Account] = relationship(back_populates="roles")

    __table_args__ = (
        CheckConstraint("(role = 'secretariat') = (country_code IS NULL)", name="country_unless_regional"),
        Index("uq_role_grant", "account_id", "role", "country_code", unique=True),
    )


class WebSession(Model):
    """A browser's session. Only the hash of its identifier is stored, so a copied table opens nothing."""

    __tablename__ = "web_session"

    id_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    data: Mapped[dict[str, Any]]
    created_at: Mapped[datetime] = mapped_column(default=now)
    seen_at: Mapped[datetime] = mapped_column(default=now, index=True)


class SignInAttempt(Model):
    """A failed sign-in, kept for the throttle. The subject is a hash of the address or of the network."""

    __tablename__ = "sign_in_attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(default=now)

    __table_args__ = (Index(None, "subject", "at"),)


class ApiKey(Model):
    """A program's key to the API, acting for an account. Only its hash is stored."""

    __tablename__ = "api_key"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    label: Mapped[str] = mapped_column(String(100))
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    revoked_at: Mapped[datetime | None]

    account: Mapped[Account] = relationship()
