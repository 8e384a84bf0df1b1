"""The registry of a regional qualifications framework."""

__version__ = "0.1.0"
