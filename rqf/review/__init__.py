"""The reviewer's work: the queue, one case on one screen, decisions by four eyes."""

from rqf.review.advice import Advice, Agreement, Evidence, stored_advice
from rqf.review.assignments import assign, deal_out, set_away
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
from rqf.review.placing import PlacingCase, Task, next_task, place, placing_case, tasks
from rqf.review.progress import (
    Progress,
    list_rounds,
    progress,
    round_items,
    round_placements,
)
from rqf.review.queue import QueueEntry, Waiting, next_case, queue, waiting
from rqf.review.rounds import (
    Selection,
    create_round,
    possible_reviewers,
    preview,
    round_filters,
)

__all__ = [
    "Advice",
    "Agreement",
    "AgreementReport",
    "Case",
    "Confusion",
    "Evidence",
    "Measured",
    "PlacingCase",
    "Progress",
    "QueueEntry",
    "Rating",
    "Selection",
    "Task",
    "Waiting",
    "assign",
    "case",
    "create_round",
    "deal_out",
    "decide",
    "list_rounds",
    "mapping_history",
    "measure_agreement",
    "next_case",
    "next_task",
    "open_review",
    "own_decisions",
    "place",
    "placing_case",
    "possible_reviewers",
    "preview",
    "progress",
    "queue",
    "ratings",
    "round_filters",
    "round_items",
    "round_placements",
    "set_away",
    "stored_advice",
    "tasks",
    "waiting",
]
