"""The world's formats, in and out: the fixture folder, spreadsheets."""

from rqf.exchange.fixtures import load
from rqf.exchange.report import LoadReport

__all__ = ["LoadReport", "load"]
