"""Loads a folder of fixtures: frameworks and what belongs to them, real records, units, synonyms.

What the files say is all-or-nothing. Records have identifiers made from their keys, so a second load finds
what the first one wrote. Lists (countries, sectors, code systems, synonyms) follow the files; what has been
published (editions, referencing, qualifications, units) is never rewritten, only reported as different.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import event
from sqlalchemy.orm import Session

from rqf import paths
from rqf.errors import N_, RqfError
from rqf.exchange import framework_files, known, list_files
from rqf.exchange.qualification_files import QualificationFiles
from rqf.exchange.reading import Problems
from rqf.exchange.report import LoadReport
from rqf.exchange.unit_files import UnitFiles
from rqf.models import audit, catalogue
from rqf.registry import completeness_of, keep_quality

#: Any one of these makes a folder a folder of fixtures.
_KNOWN = (
    "countries.json", "sectors.json", "code_systems.json", "frameworks", "referencing.json",
    "qualifications.csv", "units", "synonyms.csv",
)  # fmt: skip


def load(session: Session, by: str, folder: Path = paths.FIXTURES) -> LoadReport:
    """Load the fixtures of ``folder``; without one, the sample that comes with the program.

    :raises Invalid: something in the files is wrong; nothing of them is kept.
    :raises RqfError: the folder holds no fixtures.
    """
    if not any((folder / name).exists() for name in _KNOWN):
        raise RqfError(N_("“%(folder)s” holds no fixtures."), folder=str(folder))
    report, problems = LoadReport(), Problems()
    with session.begin_nested():
        list_files.load(session, folder, problems, report)
        framework_files.load(session, folder, problems, report)
        # A record cannot be judged while the framework it names is in doubt.
        problems.refuse()
        _records(session, folder, problems, report)
        if report.changed:
            _record(session, by, folder, report)
    if report.added["synonyms"] or report.updated["synonyms"]:
        # Only then do others see the new words.
        event.listen(session, "after_commit", catalogue.forget, once=True)
    return report


def _records(session: Session, folder: Path, problems: Problems, report: LoadReport) -> None:
    there = known.read(session, folder, problems)
    qualifications = QualificationFiles(session, folder, there, report)
    qualifications.load(problems)
    UnitFiles(session, there, qualifications, report).load(folder, problems)
    problems.refuse()
    for qualification in qualifications.added.values():
        qualification.versions[0].completeness = completeness_of(qualification.versions[0])
    touched = (*qualifications.added.values(), *qualifications.replaced)
    for qualification in touched:
        catalogue.note_change(session, qualification.id)
    keep_quality(session, [one.id for one in touched])


def _record(session: Session, by: str, folder: Path, report: LoadReport) -> None:
    audit.record(
        session, by, "fixtures.load", "fixtures", folder.name,
        added=dict(report.added), updated=dict(report.updated), kept=len(report.kept),
    )  # fmt: skip
