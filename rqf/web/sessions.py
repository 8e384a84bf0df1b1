"""Sessions kept on the server: the cookie holds an opaque identifier, the table its hash.

A copied cookie dies at sign-out, and an account that is switched off loses its sessions at once.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from flask import Flask, Request, Response
from flask.sessions import SessionInterface, SessionMixin
from sqlalchemy import delete

from rqf.models import Account, WebSession
from rqf.models.database import Database
from rqf.models.tables import now

#: A visit is noted at most this often, so that reading pages does not write each time.
_NOTE_EVERY = timedelta(minutes=1)


class ServerSession(SessionMixin):
    """What a browser's session holds. ``rotate()`` gives it a new identifier at sign-in and sign-out."""

    def __init__(self, sid: str | None, data: dict[str, Any] | None = None) -> None:
        self.sid = sid
        self.data = dict(data or {})
        self.modified = False
        self.retired: list[str] = []

    def __getitem__(self, key: str) -> Any:
        return self.data[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.modified = True
        self.data[key] = value

    def __delitem__(self, key: str) -> None:
        self.modified = True
        del self.data[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self.data)

    def __len__(self) -> int:
        return len(self.data)

    def rotate(self) -> None:
        """Forget the old identifier and everything kept under it."""
        if self.sid:
            self.retired.append(self.sid)
        self.sid = None
        self.clear()
        self.modified = True


def hashed(sid: str) -> str:
    """Return how an identifier is stored."""
    return hashlib.sha256(sid.encode()).hexdigest()


class TableSessions(SessionInterface):
    """Reads and writes sessions in their table, each in a short transaction of its own."""

    def __init__(self, database: Database, idle: timedelta, longest: timedelta) -> None:
        self.database = database
        self.idle = idle
        self.longest = longest

    def open_session(self, app: Flask, request: Request) -> ServerSession:
        """Return the session that the cookie names, or a new empty one."""
        sid = request.cookies.get(self.get_cookie_name(app))
        if not sid:
            return ServerSession(None)
        with self.database.read() as db:
            row = db.get(WebSession, hashed(sid))
            if row is None or not self._lives(row) or not _account_lives(db, row):
                return ServerSession(None)
            data, stale = dict(row.data), now() - row.seen_at > _NOTE_EVERY
        session = ServerSession(sid, data)
        session.modified = stale
        return session

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """Store what changed and set the cookie."""
        assert isinstance(session, ServerSession)
        if not session.modified:
            return
        with self.database.transaction() as db:
            for sid in session.retired:
                db.execute(delete(WebSession).where(WebSession.id_hash == hashed(sid)))
            if not session.data:
                self._forget(app, session, db, response)
                return
            row = db.get(WebSession, hashed(session.sid)) if session.sid else None
            if session.sid and row is None:
                # It ended while this answer was made: signed out, or switched off. It stays ended.
                self._drop_cookie(app, response)
                return
            if row is None:
                # Whoever comes in sweeps out the sessions that ended without a sign-out.
                db.execute(delete(WebSession).where(WebSession.seen_at < now() - self.idle))
            session.sid = session.sid or secrets.token_urlsafe(32)
            row = row or WebSession(id_hash=hashed(session.sid))
            row.data, row.account_id, row.seen_at = dict(session.data), session.data.get("account"), now()
            db.add(row)
        response.vary.add("Cookie")
        response.set_cookie(
            self.get_cookie_name(app),
            session.sid,
            httponly=True,
            secure=self.get_cookie_secure(app),
            samesite=self.get_cookie_samesite(app),
            path="/",
        )

    def _forget(self, app: Flask, session: ServerSession, db: Any, response: Response) -> None:
        if session.sid:
            db.execute(delete(WebSession).where(WebSession.id_hash == hashed(session.sid)))
        self._drop_cookie(app, response)

    def _drop_cookie(self, app: Flask, response: Response) -> None:
        # A browser heeds a cookie named __Host-… only with the attributes that it was set with.
        response.delete_cookie(
            self.get_cookie_name(app),
            path="/",
            secure=self.get_cookie_secure(app),
            httponly=True,
            samesite=self.get_cookie_samesite(app),
        )

    def _lives(self, row: WebSession) -> bool:
        moment = now()
        return moment - row.seen_at <= self.idle and moment - row.created_at <= self.longest


def _account_lives(db: Any, row: WebSession) -> bool:
    if row.account_id is None:
        return True
    account = db.get(Account, row.account_id)
    return account is not None and account.active
