"""The reviewer's work: the queue, one case on one screen, decisions by four eyes."""

from rqf.review.advice import Advice, Agreement, Evidence, stored_advice
from rqf.review.cases import Case, case, mapping_history
from rqf.review.decisions import decide, open_review, own_decisions
from rqf.review.measuring import (
    AgreementReport,
    Confusion,
    Measured,
    Rating,
    measure_agreement,
    ratings,
)
from rqf.review.queue import QueueEntry, Waiting, next_case, queue, waiting

__all__ = [
    "Advice",
    "Agreement",
    "AgreementReport",
    "Case",
    "Confusion",
    "Evidence",
    "Measured",
    "QueueEntry",
    "Rating",
    "Waiting",
    "case",
    "decide",
    "mapping_history",
    "measure_agreement",
    "next_case",
    "open_review",
    "own_decisions",
    "queue",
    "ratings",
    "stored_advice",
    "waiting",
]
