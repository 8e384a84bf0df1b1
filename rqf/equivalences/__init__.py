"""Equivalences: proposed by an officer of one side, judged by the reviewers of both and of the region."""

from rqf.equivalences.aligning import judge_pair, outcomes_side_by_side
from rqf.equivalences.deciding import withdraw_equivalence
from rqf.equivalences.evidence import (
    LARGEST_FILE,
    MOST_EVIDENCE,
    add_file,
    add_link,
    evidence_file,
    remove_evidence,
)
from rqf.equivalences.judging import judge
from rqf.equivalences.proposing import (
    appeal,
    own_proposal,
    own_proposals,
    propose,
    revise,
    start,
    submit,
    withdraw,
)
from rqf.equivalences.reading import Case, Decision, Stand, Waiting, case, decision, queue, stands, stands_of
from rqf.equivalences.wording import CONCLUSIONS, Terms

__all__ = [
    "CONCLUSIONS",
    "LARGEST_FILE",
    "MOST_EVIDENCE",
    "Case",
    "Decision",
    "Stand",
    "Terms",
    "Waiting",
    "add_file",
    "add_link",
    "appeal",
    "case",
    "decision",
    "evidence_file",
    "judge",
    "judge_pair",
    "outcomes_side_by_side",
    "own_proposal",
    "own_proposals",
    "propose",
    "queue",
    "remove_evidence",
    "revise",
    "stands",
    "stands_of",
    "start",
    "submit",
    "withdraw",
    "withdraw_equivalence",
]
