"""Tables of records in files: CSV, XLSX, ODS, JSON and JSON Lines, read row by row and written again."""

from rqf.exchange.sheets.opening import open_sheet
from rqf.exchange.sheets.shape import Reading, Row, Sheet
from rqf.exchange.sheets.writing import Table, write

__all__ = ["Reading", "Row", "Sheet", "Table", "open_sheet", "write"]
