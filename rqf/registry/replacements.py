"""One record takes the place of another: noted and taken back by the officers of their country."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from rqf.errors import N_, Invalid, NotFound, message
from rqf.models import Qualification, QualificationVersion, Replacement, audit
from rqf.models.standing import whole_version
from rqf.people import Actor
from rqf.registry.listing import OwnFilter, own_records
from rqf.registry.qualifications import find_own

_OFFERED = 10


@dataclass(frozen=True)
class Neighbours:
    """The records that a record replaces, and those that replace it, each in its newest version."""

    replaces: Sequence[QualificationVersion]
    replaced_by: Sequence[QualificationVersion]


def neighbours(session: Session, version: QualificationVersion) -> Neighbours:
    """Return the records that are linked with the one that ``version`` belongs to, drafts included."""
    mine = version.qualification_id
    links = session.execute(
        select(Replacement.successor_id, Replacement.predecessor_id).where(
            or_(Replacement.successor_id == mine, Replacement.predecessor_id == mine)
        )
    ).all()
    before = {old for new, old in links if new == mine}
    after = {new for new, old in links if old == mine}
    newest = _newest(session, before | after)
    return Neighbours(
        [one for one in newest if one.qualification_id in before],
        [one for one in newest if one.qualification_id in after],
    )


def could_be_linked(
    session: Session, actor: Actor, version: QualificationVersion, text: str
) -> list[QualificationVersion]:
    """Return the records of the same country whose code is ``text`` or whose title is near to it."""
    linked = neighbours(session, version)
    known = {one.qualification_id for one in (version, *linked.replaces, *linked.replaced_by)}
    country = version.country_code
    exact = session.scalars(
        select(Qualification.id).where(
            Qualification.country_code == country, Qualification.code == text.strip()
        )
    ).all()
    near = own_records(session, actor, OwnFilter(text=text), per_page=_OFFERED).items
    found = _newest(session, exact) + [one.version for one in near if one.version.country_code == country]
    return list({one.qualification_id: one for one in found if one.qualification_id not in known}.values())


def replace_record(session: Session, actor: Actor, successor: str, predecessor: str) -> None:
    """Note that the record ``successor`` takes the place of ``predecessor``. Their states stay as they are.

    :raises NotFound: one of them is no record of the officer's country.
    :raises Invalid: they are one record, of two countries, linked already, or would replace each other.
    """
    # One at a time: two links that are right each for itself can make a circle together.
    audit.lock(session)
    new, old = (find_own(session, actor, one) for one in (successor, predecessor))
    if new.qualification_id == old.qualification_id:
        _refuse(N_("A record cannot replace itself."))
    if new.country_code != old.country_code:
        _refuse(N_("“%(title)s” belongs to another country."), title=old.title)
    if session.get(Replacement, (new.qualification_id, old.qualification_id)):
        _refuse(N_("“%(title)s” is in the list already."), title=old.title)
    if _leads_to(session, old.qualification_id, new.qualification_id):
        _refuse(
            N_(
                "“%(old)s” itself replaces “%(new)s”, directly or by way of others. "
                "Records cannot replace each other in a circle."
            ),
            old=old.title, new=new.title,
        )  # fmt: skip
    session.add(Replacement(successor_id=new.qualification_id, predecessor_id=old.qualification_id))
    session.flush()
    _note(session, actor, "qualification.replace", new, after={"replaces": _named(old)})


def end_replacement(session: Session, actor: Actor, successor: str, predecessor: str) -> None:
    """Take back that the record ``successor`` takes the place of ``predecessor``.

    :raises NotFound: one of them is no record of the officer's country, or they are not linked.
    """
    new, old = (find_own(session, actor, one) for one in (successor, predecessor))
    gone = session.execute(
        delete(Replacement).where(
            Replacement.successor_id == new.qualification_id,
            Replacement.predecessor_id == old.qualification_id,
        )
    )
    if not getattr(gone, "rowcount", 0):
        raise NotFound(N_("“%(new)s” does not replace “%(old)s”."), new=new.title, old=old.title)
    _note(session, actor, "qualification.replace_end", new, before={"replaces": _named(old)})


def _leads_to(session: Session, start: int, wanted: int) -> bool:
    """Tell whether ``start`` replaces ``wanted``, by whatever number of steps."""
    seen, ring = {start}, {start}
    while ring:
        older = select(Replacement.predecessor_id).where(Replacement.successor_id.in_(ring))
        ring = set(session.scalars(older)) - seen
        if wanted in ring:
            return True
        seen |= ring
    return False


def _newest(session: Session, ids: Sequence[int] | set[int]) -> list[QualificationVersion]:
    rows = session.scalars(
        select(QualificationVersion)
        .where(QualificationVersion.qualification_id.in_(ids))
        .order_by(QualificationVersion.number)
        .options(*whole_version())
    )
    found = {row.qualification_id: row for row in rows}
    return sorted(found.values(), key=lambda one: (one.code or "", one.title))


def _named(version: QualificationVersion) -> dict[str, Any]:
    return {"id": version.qualification.uuid, "code": version.code, "title": version.title}


def _note(session: Session, actor: Actor, action: str, version: QualificationVersion, **details: Any) -> None:
    audit.record(
        session, actor.account, action, "qualification", version.qualification.uuid,
        country=version.country_code, **details,
    )  # fmt: skip


def _refuse(template: str, **values: Any) -> None:
    raise Invalid({"other": [message(template, **values)]})
