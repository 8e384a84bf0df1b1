"""What there is to do in the background: kind of job -> the function that does it."""

from __future__ import annotations

from collections.abc import Callable

from rqf import batches
from rqf.models.database import in_steps
from rqf.registry import imports
from rqf.work.held import Held


def check_import(held: Held) -> None:
    """Check the rows of a batch: read and compare outside of any writing transaction, write in small ones.

    Killed in the middle, the next attempt begins anew: a check forgets what was said before.
    """
    uuid = held.arguments["batch"]
    with held.database.read() as session:
        imports.check(session, held.actor(session), uuid, progress=held.note,
                      writing=in_steps(session, held.step))  # fmt: skip
    with held.last_step():
        pass


def apply_import(held: Held) -> None:
    """Apply a batch; the register and the job change in one transaction."""
    with held.last_step() as session:
        imports.apply(
            session, held.actor(session), held.arguments["batch"], partial=held.arguments["partial"]
        )


def undo_import(held: Held) -> None:
    """Undo a batch; the register and the job change in one transaction."""
    with held.last_step() as session:
        imports.undo(session, held.actor(session), held.arguments["batch"])


def match_batch(held: Held) -> None:
    """Look up the rows of a batch; what was done before is kept, so the next attempt goes on from there."""
    with held.database.read() as session:
        batches.match_kept(session, held.arguments["batch"], in_steps(session, held.step), held.note)
    with held.last_step():
        pass


KINDS: dict[str, Callable[[Held], None]] = {
    imports.CHECK: check_import,
    imports.APPLY: apply_import,
    imports.UNDO: undo_import,
    batches.MATCH: match_batch,
}
