"""Many look-ups at once: a table comes in, each row gets its record, and the table goes out again."""

from rqf.batches.keeping import (
    MATCH,
    ROWS_AT_ONCE,
    ROWS_ON_A_PAGE,
    batch_page,
    choose,
    find_batch,
    forget_batch,
    keep,
    look_up,
    match_kept,
    purge,
    work_on,
    write_batch,
)
from rqf.batches.reading import HEADERS, MOST_ROWS, read_file, read_titles

__all__ = [
    "HEADERS",
    "MATCH",
    "MOST_ROWS",
    "ROWS_AT_ONCE",
    "ROWS_ON_A_PAGE",
    "batch_page",
    "choose",
    "find_batch",
    "forget_batch",
    "keep",
    "look_up",
    "match_kept",
    "purge",
    "read_file",
    "read_titles",
    "work_on",
    "write_batch",
]
