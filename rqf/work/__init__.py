"""The worker: a door through which jobs come in, as requests come in through the web's."""

from rqf.work.worker import Worker

__all__ = ["Worker"]
