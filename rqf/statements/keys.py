"""The keys that sign statements: the private half in a file, the public halves in a table, none forgotten."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from platformdirs import user_data_path
from sqlalchemy import select
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

from rqf.errors import N_, RqfError
from rqf.models import SigningKey, audit
from rqf.models.tables import now

#: The one algorithm that is ever signed with or accepted (RFC 9864).
ALGORITHM: Literal["Ed25519"] = "Ed25519"
_NAME = "signing-key.json"


def key_file(setting: str, database: URL) -> Path:
    """Return where the private key is: as set, beside the SQLite file, or in the user's data directory."""
    if setting:
        return Path(setting)
    if database.get_backend_name() == "sqlite" and database.database not in (None, "", ":memory:"):
        return Path(str(database.database)).absolute().parent / _NAME
    return user_data_path("rqf", appauthor=False) / _NAME


def rotate(session: Session, by: str, file: Path) -> SigningKey:
    """Make a new key, which signs from now on, and return its public half. Older signatures stay valid.

    :raises RqfError: the file can't be written.
    """
    key = OKPKey.generate_key(ALGORITHM)
    row = _register(session, by, key)
    # Written last and at once: when the transaction fails after all, the next signature registers the key.
    _write(file, key)
    return row


def signing_key(session: Session, file: Path) -> tuple[SigningKey, OKPKey]:
    """Return the key that signs now. The very first one is made when it is needed.

    :raises RqfError: the file is missing, unreadable, or holds a key that was retired.
    """
    if not file.exists():
        if session.scalar(select(SigningKey.id).limit(1)) is not None:
            raise RqfError(N_("The signing key is missing. The operator puts it back or makes a new one."))
        rotate(session, "first statement", file)
    key = _read(file)
    row = session.scalar(select(SigningKey).where(SigningKey.kid == key.thumbprint()))
    if row is None:
        row = _register(session, "signing key file", key)
    if row.retired_at is not None:
        raise RqfError(
            N_("The signing key was retired on %(day)s. The operator makes a new one."),
            day=row.retired_at.date().isoformat(),
        )
    return row, key


def list_keys(session: Session) -> Sequence[SigningKey]:
    """Return the public halves of all keys, the newest first."""
    return session.scalars(select(SigningKey).order_by(SigningKey.id.desc())).all()


def key_set(session: Session) -> dict[str, Any]:
    """Return the public keys as a JWK set (RFC 7517), retired ones included: they verify what they signed."""
    return {
        "keys": [{**one.public, "kid": one.kid, "use": "sig", "alg": ALGORITHM} for one in list_keys(session)]
    }


def sign(text: str, key: OKPKey) -> str:
    """Return ``text`` and its signature as compact JWS (RFC 7515)."""
    header = {"alg": ALGORITHM, "kid": key.thumbprint(), "typ": "rqf-statement+jws"}
    return jws.serialize_compact(header, text.encode(), key, algorithms=[ALGORITHM])


def signed_text(signed: str, public: dict[str, Any]) -> str | None:
    """Return the text of a compact JWS, or None when this key did not sign it."""
    try:
        return jws.deserialize_compact(
            signed, OKPKey.import_key(public), algorithms=[ALGORITHM]
        ).payload.decode()
    except (JoseError, ValueError):
        return None


def _register(session: Session, by: str, key: OKPKey) -> SigningKey:
    audit.lock(session)
    for old in session.scalars(select(SigningKey).where(SigningKey.retired_at.is_(None))):
        old.retired_at = now()
    row = SigningKey(kid=key.thumbprint(), public=dict(key.as_dict(private=False)))
    session.add(row)
    session.flush()
    audit.record(session, by, "signing_key.add", "signing_key", row.id, kid=row.kid)
    return row


def _write(file: Path, key: OKPKey) -> None:
    fresh = file.with_name(f"{file.name}.{os.getpid()}.new")
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as target:
            json.dump(key.as_dict(private=True), target)
            target.flush()
            os.fsync(target.fileno())
        os.replace(fresh, file)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise RqfError(
            N_("The signing key cannot be written to %(file)s: %(why)s."), file=str(file), why=error.strerror
        ) from error


def _read(file: Path) -> OKPKey:
    try:
        key = OKPKey.import_key(json.loads(file.read_text("utf-8")))
        if not key.is_private:
            raise ValueError("the private half is missing")
    except (OSError, ValueError, JoseError) as error:
        raise RqfError(N_("The file with the signing key cannot be read.")) from error
    return key
