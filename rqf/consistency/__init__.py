"""Do decisions contradict each other? Checks around every change, over the whole register, and settling."""

from rqf.consistency.findings import (
    Findings,
    count_open,
    find_finding,
    list_findings,
    reopen,
    settle,
)
from rqf.consistency.watch import Consequences, Watched, before_publication, sweep, watch

__all__ = [
    "Consequences",
    "Findings",
    "Watched",
    "before_publication",
    "count_open",
    "find_finding",
    "list_findings",
    "reopen",
    "settle",
    "sweep",
    "watch",
]
