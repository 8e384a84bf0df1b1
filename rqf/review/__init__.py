"""The reviewer's work: the queue, one case on one screen, decisions by four eyes."""

from rqf.review.advice import Advice, Agreement, Evidence, stored_advice
from rqf.review.cases import Case, case, mapping_history
from rqf.review.decisions import decide, open_review, own_decisions
from rqf.review.queue import QueueEntry, Waiting, next_case, queue, waiting

__all__ = [
    "Advice",
    "Agreement",
    "Case",
    "Evidence",
    "QueueEntry",
    "Waiting",
    "case",
    "decide",
    "mapping_history",
    "next_case",
    "open_review",
    "own_decisions",
    "queue",
    "stored_advice",
    "waiting",
]
