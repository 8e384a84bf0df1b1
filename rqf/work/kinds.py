"""What there is to do in the background: kind of job -> the function that does it."""

from __future__ import annotations

from collections.abc import Callable

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


KINDS: dict[str, Callable[[Held], None]] = {
    imports.CHECK: check_import,
    imports.APPLY: apply_import,
    imports.UNDO: undo_import,
}
