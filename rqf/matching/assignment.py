"""The best pairing of two lists as a whole: the Hungarian method (Kuhn and Munkres)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float64]


def assign(gain: Matrix) -> list[tuple[int, int]]:
    """Return the (row, column) pairs, each used once, whose gains add up to the most; none without gain."""
    rows, columns = gain.shape
    if rows == 0 or columns == 0:
        return []
    if rows > columns:
        return sorted((row, column) for column, row in assign(gain.T))
    owner = _owners(gain.max() - gain)
    pairs = [(int(row), column) for column, row in enumerate(owner) if row >= 0]
    return sorted((row, column) for row, column in pairs if gain[row, column] > 0)


def _owners(cost: Matrix) -> npt.NDArray[np.int64]:
    """Return for each column the row it goes to at the least cost, or -1; there are columns enough."""
    rows, columns = cost.shape
    # One column more than there are: the place where each row's search begins.
    start = columns
    of_row, of_column = np.zeros(rows), np.zeros(columns + 1)
    owner = np.full(columns + 1, -1, np.int64)
    for row in range(rows):
        owner[start] = row
        column = start
        least = np.full(columns, np.inf)
        came_from = np.full(columns, start, np.int64)
        done = np.zeros(columns + 1, np.bool_)
        while owner[column] >= 0:
            done[column] = True
            here = owner[column]
            reduced = cost[here] - of_row[here] - of_column[:columns]
            better = ~done[:columns] & (reduced < least)
            least[better] = reduced[better]
            came_from[better] = column
            following = int(np.argmin(np.where(done[:columns], np.inf, least)))
            step = least[following]
            of_row[owner[done]] += step
            of_column[done] -= step
            least[~done[:columns]] -= step
            column = following
        while column != start:
            owner[column] = owner[came_from[column]]
            column = int(came_from[column])
    return owner[:columns]
