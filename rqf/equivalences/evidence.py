"""The evidence of a proposal: links and files, checked, of a limited size, never changed once submitted."""

from __future__ import annotations

import hashlib
from urllib.parse import urlsplit

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, undefer

from rqf.equivalences.proposing import own_proposal
from rqf.errors import N_, Invalid, NotFound, WrongState, message
from rqf.models import EquivalenceProposal, Evidence, audit
from rqf.people import Actor
from rqf.registry import Complaints
from rqf.rules import workflow
from rqf.rules.terms import EvidenceKind, MappingStatus, Role
from rqf.rules.texts import searchable

LARGEST_FILE = 5_000_000
MOST_EVIDENCE = 10
_LONGEST_TITLE, _LONGEST_URL = 200, 2000
#: First bytes of a file -> its media type. What is none of these is not taken.
_SIGNS = {b"%PDF-": "application/pdf", b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}


def add_link(
    session: Session, actor: Actor, uuid: str, kind: EvidenceKind | None, title: str, url: str
) -> Evidence:
    """Add a public page to a proposal that is being written.

    :raises WrongState: it is with the reviewers, or has as much as is taken.
    :raises Invalid: with everything that is wrong.
    """
    proposal, wrong = _open(session, actor, uuid), Complaints()
    address = wrong.clean("link", url, _LONGEST_URL) or ""
    if "link" not in wrong and not _is_address(address):
        wrong.add("link", N_("“%(value)s” is not the address of a page. It starts with https:// or http://."),
                  value=address[:100])  # fmt: skip
    return _add(session, actor, proposal, wrong, kind, title, url=address)


def add_file(
    session: Session, actor: Actor, uuid: str, kind: EvidenceKind | None, title: str, content: bytes
) -> Evidence:
    """Add a file (PDF, PNG, JPEG) to a proposal that is being written.

    :raises WrongState: it is with the reviewers, or has as much as is taken.
    :raises Invalid: with everything that is wrong.
    """
    proposal, wrong = _open(session, actor, uuid), Complaints()
    media_type = next((kind for sign, kind in _SIGNS.items() if content.startswith(sign)), None)
    if len(content) > LARGEST_FILE:
        wrong.add("file", N_("The file has %(size)s MB; at most %(most)s MB are accepted."),
                  size=round(len(content) / 1e6, 1), most=LARGEST_FILE // 1_000_000)  # fmt: skip
    elif media_type is None:
        wrong.add("file", N_("The file is none of these: PDF, PNG, JPEG."))
    return _add(
        session, actor, proposal, wrong, kind, title, content=content, media_type=media_type,
        size=len(content), sha256=hashlib.sha256(content).hexdigest(),
    )  # fmt: skip


def remove_evidence(session: Session, actor: Actor, uuid: str, evidence_uuid: str) -> None:
    """Take a piece of evidence away from a proposal that is being written.

    :raises NotFound: the proposal has no such evidence.
    :raises WrongState: the proposal is with the reviewers.
    """
    proposal = _open(session, actor, uuid)
    found = next((one for one in proposal.evidence if one.uuid == evidence_uuid), None)
    if found is None:
        raise NotFound(N_("There is no such evidence."))
    session.delete(found)
    session.flush()
    session.refresh(proposal, ["evidence"])
    _note(session, actor, proposal, "equivalence.remove_evidence", found)


def evidence_file(session: Session, actor: Actor | None, uuid: str) -> Evidence:
    """Return a file: of a decided equivalence to anybody, of a proposal to officers and reviewers.

    :raises NotFound: there is no such file for this reader.
    """
    found = session.scalars(
        select(Evidence)
        .where(Evidence.uuid == searchable(uuid), Evidence.url.is_(None))
        .options(joinedload(Evidence.proposal), undefer(Evidence.content))
    ).one_or_none()
    if found is None or not _may_read(actor, found.proposal):
        raise NotFound(N_("There is no such evidence."))
    return found


def _may_read(actor: Actor | None, proposal: EquivalenceProposal) -> bool:
    if proposal.status == MappingStatus.ENDORSED:
        return True
    if actor is None:
        return False
    if proposal.submitted_at is None:
        return actor.has(Role.OFFICER, proposal.country_code)
    return actor.has(Role.OFFICER) or actor.has(Role.REVIEWER)


def _open(session: Session, actor: Actor, uuid: str) -> EquivalenceProposal:
    proposal = own_proposal(session, actor, uuid, for_update=True)
    if proposal.status not in workflow.EDITABLE:
        raise WrongState(N_("The proposal is %(status)s. It can be changed when it comes back."),
                         status=proposal.status)  # fmt: skip
    return proposal


def _add(
    session: Session,
    actor: Actor,
    proposal: EquivalenceProposal,
    wrong: Complaints,
    kind: EvidenceKind | None,
    title: str,
    **values: object,
) -> Evidence:
    if kind is None:
        wrong.add("kind", N_("Choose what kind of evidence it is."))
    said = wrong.clean("title", title, _LONGEST_TITLE)
    if not said and "title" not in wrong:
        wrong.add("title", N_("Say what it is."))
    wrong.refuse()
    count = session.scalar(select(func.count()).where(Evidence.proposal_id == proposal.id)) or 0
    if count >= MOST_EVIDENCE:
        said = N_("There are %(n)s pieces of evidence already; more are not accepted.")
        raise Invalid({"kind": [message(said, n=count)]})
    found = Evidence(proposal_id=proposal.id, account_id=actor.id, kind=kind, title=said, **values)
    session.add(found)
    session.flush()
    session.refresh(proposal, ["evidence"])
    _note(session, actor, proposal, "equivalence.add_evidence", found)
    return found


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and "." in (parts.hostname or "") and " " not in text


def _note(session: Session, actor: Actor, proposal: EquivalenceProposal, action: str, one: Evidence) -> None:
    audit.record(
        session, actor.account, action, "equivalence_proposal", proposal.uuid, country=proposal.country_code,
        evidence={"kind": one.kind, "title": one.title, "url": one.url, "sha256": one.sha256},
    )  # fmt: skip
