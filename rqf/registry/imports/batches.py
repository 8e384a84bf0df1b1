"""Batches: a file is taken in, looked up again, listed."""

from __future__ import annotations

import hashlib
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session, joinedload

from rqf import exchange
from rqf.errors import N_, NotFound, WrongState
from rqf.models import CodeSystem, Framework, ImportBatch, ImportFile, Sector, audit, work
from rqf.people import Actor, require
from rqf.registry.imports.guess import Guess, Guesses, Hints, guess
from rqf.registry.imports.mapping import plan_for
from rqf.registry.imports.plan import Plan, check_plan
from rqf.registry.imports.profiles import find_profile, fitting
from rqf.rules.terms import BatchStatus, Role, Scope

SINCE = N_("“%(value)s” was changed in the register since the file was checked. Check the file again.")
_CHUNK = 1 << 20


def take_in(
    session: Session,
    actor: Actor,
    country: str,
    path: Path,
    name: str,
    *,
    profile: str | None = None,
    mapping: Plan | None = None,
    reading: exchange.Reading | None = None,
) -> tuple[ImportBatch, Guesses]:
    """Read a file and keep it as a batch, with a plan of its columns: the mapping, the profile's, or a guess.

    The file is read before the database is asked anything, so that nobody waits for that.

    :raises NotAllowed: the actor is no officer of ``country``.
    :raises Invalid: the file is no table that can be read.
    :raises NotFound: there is no such profile.
    """
    require(actor, Role.OFFICER, country)
    sheet = exchange.open_sheet(path, reading)
    guesses = _mapped(sheet, mapping) if mapping else _plan(session, country, sheet, profile)
    batch = ImportBatch(
        country_code=country, author_id=actor.id, file_name=name[:300], file_hash=_hash(path),
        reading={**_described(sheet), "size": path.stat().st_size}, plan=guesses.plan.as_json(), totals={},
    )  # fmt: skip
    session.add(batch)
    session.flush()
    session.execute(insert(ImportFile).values(batch_id=batch.id, content=_packed(path)))
    audit.record(session, actor.account, "import.read", "import_batch", batch.uuid, country=country,
                 file=batch.file_name, sha256=batch.file_hash, rows=sheet.total)  # fmt: skip
    return batch, guesses


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _packed(path: Path) -> bytes:
    packer = zlib.compressobj()
    with path.open("rb") as file:
        parts = [packer.compress(chunk) for chunk in iter(partial(file.read, _CHUNK), b"")]
    return b"".join([*parts, packer.flush()])


def _described(sheet: exchange.Sheet) -> dict[str, Any]:
    return {
        "format": sheet.format, "encoding": sheet.encoding, "delimiter": sheet.delimiter,
        "sheet": sheet.sheet, "sheets": list(sheet.sheets), "columns": list(sheet.columns),
        "total": sheet.total, "above": list(sheet.above),
        "samples": [[cell[:200] for cell in cells] for _, cells in sheet.samples[:5]],
    }  # fmt: skip


def _plan(session: Session, country: str, sheet: exchange.Sheet, profile: str | None) -> Guesses:
    known = find_profile(session, country, profile) if profile else fitting(session, country, sheet.columns)
    if known is None:
        samples = [cells for _, cells in sheet.samples]
        return guess(sheet.columns, samples, hints(session, country))
    return _known(known.plan_for(sheet.columns))


def _mapped(sheet: exchange.Sheet, mapping: Plan) -> Guesses:
    check_plan(mapping)
    return _known(plan_for(mapping, sheet.columns))


def _known(plan: Plan) -> Guesses:
    found = tuple(Guess(header, name, 100, "profile") for header, name in plan.columns.items())
    return Guesses(plan, found)


def guesses(session: Session, batch: ImportBatch) -> tuple[Guess, ...]:
    """Return what each column of a batch may mean and how sure that is: by its profile, else guessed."""
    headers = batch.reading["columns"]
    if batch.plan.get("profile"):
        known = batch.plan["columns"]
        return tuple(
            Guess(
                one, known.get(one), 100 if known.get(one) else 0, "profile" if known.get(one) else "nothing"
            )
            for one in headers
        )
    return guess(headers, batch.reading["samples"], hints(session, batch.country_code)).columns


def hints(session: Session, country: str) -> Hints:
    """Return what is known of a country that helps to guess columns."""
    systems = session.scalars(select(CodeSystem).where(CodeSystem.country_code == country))
    frameworks = session.scalars(
        select(Framework.code).where(Framework.country_code == country, Framework.scope == Scope.NATIONAL)
    )
    sectors = session.scalars(select(Sector.code))
    return Hints({one.code: one.pattern for one in systems}, frozenset(frameworks), frozenset(sectors))


def set_plan(session: Session, actor: Actor, uuid: str, plan: Plan) -> ImportBatch:
    """Correct what the columns of a batch mean.

    :raises Invalid: the plan cannot be used.
    :raises WrongState: the batch was applied already.
    """
    batch = find_batch(session, actor, uuid)
    require_open(batch)
    require_idle(session, batch)
    check_plan(plan)
    batch.plan = plan.as_json()
    session.flush()
    return batch


def require_open(batch: ImportBatch) -> None:
    """Refuse a batch that was applied already.

    :raises WrongState: it was.
    """
    if batch.status not in (BatchStatus.READ, BatchStatus.CHECKED):
        raise WrongState(N_("This import is %(status)s already. Upload the file again."), status=batch.status)


def require_idle(session: Session, batch: ImportBatch) -> None:
    """Refuse a batch that a worker is at, or will be.

    :raises WrongState: there is.
    """
    work.refuse_busy(session, batch.uuid)


def claim(session: Session, batch: ImportBatch, wanted: BatchStatus, **values: Any) -> bool:
    """Take a batch from ``wanted`` on, and say whether it still stood there.

    Two people pressing at once: the second finds it moved.
    """
    claimed = session.execute(
        update(ImportBatch).where(ImportBatch.id == batch.id, ImportBatch.status == wanted).values(**values)
    )
    return claimed.rowcount == 1  # type: ignore[attr-defined,no-any-return]


def find_batch(session: Session, actor: Actor, uuid: str) -> ImportBatch:
    """Return a batch of a country for which the actor is an officer.

    :raises NotFound: there is none.
    """
    batch = session.scalars(
        select(ImportBatch)
        .where(ImportBatch.uuid == uuid, ImportBatch.country_code.in_(actor.countries(Role.OFFICER)))
        .options(joinedload(ImportBatch.author))
    ).one_or_none()
    if batch is None:
        raise NotFound(N_("There is no such import in your country's register."))
    return batch


def country_of(session: Session, uuid: str) -> str:
    """Return the country of a batch, whoever asks.

    :raises NotFound: there is none.
    """
    found = session.scalar(select(ImportBatch.country_code).where(ImportBatch.uuid == uuid))
    if found is None:
        raise NotFound(N_("There is no import %(value)s."), value=uuid)
    return found


def list_batches(session: Session, actor: Actor, limit: int = 20) -> list[ImportBatch]:
    """Return the newest batches of the countries for which the actor is an officer."""
    return list(
        session.scalars(
            select(ImportBatch)
            .where(ImportBatch.country_code.in_(actor.countries(Role.OFFICER)))
            .options(joinedload(ImportBatch.author))
            .order_by(ImportBatch.id.desc())
            .limit(limit)
        )
    )


@contextmanager
def reopened(session: Session, batch: ImportBatch) -> Iterator[exchange.Sheet]:
    """Give the table of a batch, read as it was read first."""
    content = session.execute(select(ImportFile.content).where(ImportFile.batch_id == batch.id)).scalar_one()
    how = batch.reading
    with tempfile.NamedTemporaryFile(prefix="rqf-import-") as file:
        unpacker = zlib.decompressobj()
        while content:
            file.write(unpacker.decompress(content, _CHUNK))
            content = unpacker.unconsumed_tail
        file.write(unpacker.flush())
        file.flush()
        yield exchange.open_sheet(
            Path(file.name), exchange.Reading(how["encoding"], how["delimiter"], how["sheet"])
        )
