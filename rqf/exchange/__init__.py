"""The world's formats, in and out: the fixture folder, the demonstration, spreadsheets."""

from rqf.exchange.demo import demo_accounts, load_demo
from rqf.exchange.fixtures import load
from rqf.exchange.level_files import evaluate_level_file
from rqf.exchange.ranking_files import evaluate_folder
from rqf.exchange.report import LoadReport
from rqf.exchange.sheets import Reading, Sheet, open_sheet, write

__all__ = [
    "LoadReport",
    "Reading",
    "Sheet",
    "demo_accounts",
    "evaluate_folder",
    "evaluate_level_file",
    "load",
    "load_demo",
    "open_sheet",
    "write",
]
