"""The apply: what the check found new or changed goes into the register as drafts, in one transaction."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, bindparam, func, insert, select, update
from sqlalchemy.orm import Session, selectinload

from rqf.errors import N_, Changed, Invalid, WrongState, message
from rqf.models import (
    AwardingBody,
    ImportBatch,
    ImportRow,
    Level,
    Qualification,
    QualificationVersion,
    Replacement,
    VersionUnit,
    audit,
    catalogue,
)
from rqf.models.audit import Entry
from rqf.models.tables import now
from rqf.people import Actor
from rqf.registry.columns import COLUMNS
from rqf.registry.description import PLAIN, QualificationData
from rqf.registry.imports import leaving
from rqf.registry.imports.adding import Added, add_records
from rqf.registry.imports.batches import SINCE, claim, find_batch
from rqf.registry.imports.check import Progress
from rqf.registry.imports.plan import Plan
from rqf.registry.imports.preview import taken
from rqf.registry.imports.unit_apply import apply_units
from rqf.registry.national_lists import Known
from rqf.registry.quality import keep
from rqf.registry.soundness import completeness_of
from rqf.rules.terms import BatchStatus, QualificationType, RowVerdict, Verification, VersionStatus

_AT_ONCE = 500
_ROWS = (
    ImportRow.id, ImportRow.line, ImportRow.verdict, ImportRow.code, ImportRow.title, ImportRow.data,
    ImportRow.changes, ImportRow.notes, ImportRow.seen, ImportRow.qualification_id,
)  # fmt: skip
_TABLE: Any = ImportRow.__table__
_MARK = (
    update(_TABLE)
    .where(_TABLE.c.id == bindparam("row"))
    .values(qualification_id=bindparam("record"), done=bindparam("what"))
)


def apply(
    session: Session, actor: Actor, uuid: str, *, partial: bool = False, progress: Progress | None = None
) -> ImportBatch:
    """Put the rows that are taken into the register as drafts. Applied twice, it does nothing more.

    ``partial`` leaves the rows with errors out; without it, they keep all rows out.

    :raises WrongState: the batch was not checked, or was undone.
    :raises Invalid: there are rows with errors, and it is not partial.
    :raises Changed: somebody changed a record since the check.
    """
    batch = find_batch(session, actor, uuid)
    if batch.status == BatchStatus.APPLIED:
        return batch
    require_appliable(batch, partial)
    if not claim(session, batch, BatchStatus.CHECKED, status=BatchStatus.APPLIED, applied_at=now()):
        raise Changed(N_("Somebody applied this import at the same moment."))
    audit.lock(session)
    if Plan.from_json(batch.plan).has_units:
        count = apply_units(session, actor, batch, progress)
    else:
        count = _Apply(session, actor, batch, progress).run()
    audit.record(session, actor.account, "import.apply", "import_batch", batch.uuid,
                 country=batch.country_code, records=count, file=batch.file_name)  # fmt: skip
    session.refresh(batch)
    return batch


def require_appliable(batch: ImportBatch, partial: bool) -> None:
    """Refuse a batch that cannot be applied as it stands.

    :raises WrongState: it was not checked, or was applied or undone.
    :raises Invalid: there are rows with errors, and it is not to be partial.
    """
    if batch.status != BatchStatus.CHECKED:
        raise WrongState(
            N_("This import is %(status)s; only a checked one can be applied."), status=batch.status
        )
    wrong = batch.totals["verdicts"][RowVerdict.WRONG]
    if wrong and not partial:
        raise Invalid({"file": [message(N_("%(n)s rows have errors, so nothing was imported."), n=wrong)]})


class _Apply:
    """Writes the rows, some hundred at a time."""

    def __init__(self, session: Session, actor: Actor, batch: ImportBatch, progress: Progress | None) -> None:
        self.session, self.actor, self.batch, self.progress = session, actor, batch, progress
        self.known = Known(session, batch.country_code)
        self.levels, self.bodies = levels_of(self.known), bodies_of(session, batch.country_code)
        #: Records that a new one takes the place of -> its code.
        self.replaced: dict[int, str] = {}

    def run(self) -> int:
        """Write everything, with the trail and the notice to the index; return how many records."""
        count = 0
        total = taken(self.session, self.batch) if self.progress else 0
        for rows in self._taken():
            touched = self._write(rows)
            catalogue.note_changes(self.session, touched)
            count += len(touched)
            if self.progress:
                self.progress(count, total)
        left = leaving.apply_fates(self.session, self.actor, self.batch, self.replaced)
        catalogue.note_changes(self.session, left)
        return count + len(left)

    def _taken(self) -> Iterator[Sequence[Row[Any]]]:
        # Their numbers first: asked for the next five hundred, a database would sort all of them each time.
        ids = array(
            "q",
            self.session.scalars(
                select(ImportRow.id)
                .where(
                    ImportRow.batch_id == self.batch.id,
                    ImportRow.taken,
                    ImportRow.verdict.in_((RowVerdict.NEW, RowVerdict.CHANGED)),
                )
                .order_by(ImportRow.id)
                .execution_options(yield_per=10_000)
            ),
        )
        for start in range(0, len(ids), _AT_ONCE):
            some = ids[start : start + _AT_ONCE].tolist()
            yield self.session.execute(
                select(*_ROWS).where(ImportRow.id.in_(some)).order_by(ImportRow.id)
            ).all()

    def _write(self, rows: Sequence[Row[Any]]) -> list[int]:
        new = [row for row in rows if row.verdict == RowVerdict.NEW]
        changed = [row for row in rows if row.verdict == RowVerdict.CHANGED]
        self._refuse_taken_codes(new)
        wanted = [(row, restore(row.data or {})) for row in new]
        for _, data in wanted:
            self._body(data)
        self.session.flush()
        added = add_records(self.session, self.actor.id, wanted, self.levels, self.bodies)
        revised = [(row, *self._revise(row, newest)) for row, newest in self._newest(changed)]
        self.session.flush()
        self._replace(added)
        versions = [version for _, version, _ in revised]
        self._mark(added, revised)
        self._note(added, revised)
        keep(self.session, [one.qualification_id for one in versions])
        self._forget([*versions, *(one.qualification for one in versions)])
        return [*(one.qualification_id for one in added), *(one.qualification_id for one in versions)]

    def _mark(self, added: list[Added], revised: list[Any]) -> None:
        """Keep with the rows what was done, so that it can be undone."""
        done = [
            {
                "row": one.row.id, "record": one.qualification_id,
                "what": {"version": one.version_id, "revision": 1, "added": "record"},
            }
            for one in added
        ] + [
            {
                "row": row.id, "record": version.qualification_id,
                "what": {"version": version.id, "revision": version.revision, **was},
            }
            for row, version, was in revised
        ]  # fmt: skip
        if done:
            self.session.connection().execute(_MARK, done)

    def _forget(self, objects: list[Any]) -> None:
        # What is written need not be held: memory must not grow with the file.
        for one in objects:
            if one in self.session:
                self.session.expunge(one)

    def _refuse_taken_codes(self, new: list[Row[Any]]) -> None:
        codes = [row.code for row in new if row.code]
        taken = self.session.execute(
            select(Qualification.code, Qualification.code_system_code).where(
                Qualification.country_code == self.batch.country_code, Qualification.code.in_(codes)
            )
        ).all()
        wanted = {(row.code, (row.data or {}).get("code_system")) for row in new}
        for code, system in taken:
            if (code, system) in wanted:
                raise Changed(SINCE, value=code)

    def _newest(self, rows: list[Row[Any]]) -> list[tuple[Row[Any], QualificationVersion]]:
        if not rows:
            return []
        ids = [row.qualification_id for row in rows]
        newest = select(func.max(QualificationVersion.id)).where(
            QualificationVersion.qualification_id.in_(ids)
        ).group_by(QualificationVersion.qualification_id)  # fmt: skip
        versions = self.session.scalars(
            select(QualificationVersion)
            .where(QualificationVersion.id.in_(newest))
            .options(
                selectinload(QualificationVersion.qualification),
                selectinload(QualificationVersion.units).selectinload(VersionUnit.unit),
            )
        )
        by_record = {one.qualification_id: one for one in versions}
        found = []
        for row in rows:
            version = by_record.get(row.qualification_id or 0)
            if version is None or [version.number, version.revision] != row.seen:
                raise Changed(SINCE, value=row.code or row.title)
            found.append((row, version))
        return found

    def _revise(
        self, row: Row[Any], newest: QualificationVersion
    ) -> tuple[QualificationVersion, dict[str, Any]]:
        """Return the draft that says what the row says, and what is needed to take that back."""
        data = restore(row.data or {})
        if newest.status == VersionStatus.DRAFT:
            version = newest
            was: dict[str, Any] = {"was": {name: old for name, (old, _) in row.changes.items()}}
        else:
            version = QualificationVersion(
                qualification=newest.qualification, number=newest.number + 1, author_id=self.actor.id,
                units=[VersionUnit(unit=one.unit, position=one.position, mandatory=one.mandatory)
                       for one in newest.units],
            )  # fmt: skip
            was = {"added": "version"}
            self.session.add(version)
        self._say(version, data)
        version.completeness = completeness_of(version)
        version.updated_at = now()
        return version, was

    def _say(self, version: QualificationVersion, data: QualificationData) -> None:
        with self.session.no_autoflush:
            say(version, data, self.levels, self._body(data))

    def _body(self, data: QualificationData) -> AwardingBody | None:
        if data.awarding_body is None:
            return None
        if data.awarding_body not in self.bodies:
            body = AwardingBody(country_code=data.country, name=data.awarding_body)
            self.session.add(body)
            self.bodies[body.name] = body
        return self.bodies[data.awarding_body]

    def _replace(self, added: list[Added]) -> None:
        links = []
        for one in added:
            for note in one.row.notes:
                if note["kind"] == "replaces":
                    self.replaced |= dict.fromkeys(note["ids"], one.row.code or one.row.title)
                    links += [
                        {"successor_id": one.qualification_id, "predecessor_id": id} for id in note["ids"]
                    ]
        if links:
            self.session.execute(insert(Replacement), links)

    def _note(self, added: list[Added], revised: list[Any]) -> None:
        made = [
            Entry(one.uuid, {**self._origin(one.row), "version": 1, "after": one.row.data}) for one in added
        ]
        changed = [
            Entry(
                version.qualification.uuid,
                {
                    **self._origin(row), "version": version.number,
                    "before": {name: old for name, (old, _) in row.changes.items()},
                    "after": {name: new for name, (_, new) in row.changes.items()},
                },
            )
            for row, version, _ in revised
        ]  # fmt: skip
        for action, entries in (("qualification.register", made), ("qualification.revise", changed)):
            if entries:
                audit.record_all(self.session, self.actor.account, action, "qualification", entries,
                                 country=self.batch.country_code)  # fmt: skip

    def _origin(self, row: Row[Any]) -> dict[str, Any]:
        return {"import": self.batch.uuid, "line": row.line}


def levels_of(known: Known) -> dict[tuple[str, int], Level]:
    """Return the levels of a country's frameworks by the framework's code and their number."""
    return {
        (code, level.number): level for code, edition in known.editions.items() for level in edition.levels
    }


def bodies_of(session: Session, country: str) -> dict[str, AwardingBody]:
    """Return the awarding bodies of a country by name."""
    rows = session.scalars(select(AwardingBody).where(AwardingBody.country_code == country))
    return {row.name: row for row in rows}


def say(
    version: QualificationVersion,
    data: QualificationData,
    levels: Mapping[tuple[str, int], Level],
    body: AwardingBody | None,
) -> None:
    """Let a draft say what ``data`` says, its units apart."""
    qualification = version.qualification
    qualification.type = data.type
    qualification.code_system_code, qualification.code = data.code_system, data.code
    for name in PLAIN:
        setattr(version, name, getattr(data, name))
    version.level = levels[data.framework or "", data.level] if data.level is not None else None
    version.sector_code = data.sector
    version.awarding_body = body


_FIELDS = tuple(one.name for one in fields(QualificationData) if one.name != "units")
_DATES = frozenset(one.name for one in COLUMNS if one.kind == "date")
_AMOUNTS = frozenset(one.name for one in COLUMNS if one.kind == "amount")


def restore(stored: Mapping[str, Any]) -> QualificationData:
    """Return a description from JSON's values, its units apart."""
    values: dict[str, Any] = {name: stored[name] for name in _FIELDS if name in stored}
    for name in _DATES & values.keys():
        values[name] = date.fromisoformat(values[name]) if values[name] else None
    for name in _AMOUNTS & values.keys():
        values[name] = Decimal(values[name]) if values[name] else None
    values["type"] = QualificationType(values["type"])
    values["verified"] = Verification(values["verified"])
    return QualificationData(**values)
