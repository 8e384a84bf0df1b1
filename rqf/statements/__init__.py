"""Statements of comparability: issued from a comparison, frozen, signed, and verified by anyone."""

from rqf.statements.issuing import Issuer, Question, issue, keep_print
from rqf.statements.keys import key_file, key_set, list_keys, rotate
from rqf.statements.reading import as_json, as_pdf, document, find, list_statements
from rqf.statements.speech import Speech
from rqf.statements.standing import Change, StandingNow, standing
from rqf.statements.throttle import admit
from rqf.statements.verifying import LARGEST, Examination, FileKind, Tampered, Verdict, examine, is_signed
from rqf.statements.withdrawing import withdraw

__all__ = [
    "LARGEST",
    "Change",
    "Examination",
    "FileKind",
    "Issuer",
    "Question",
    "Speech",
    "StandingNow",
    "Tampered",
    "Verdict",
    "admit",
    "as_json",
    "as_pdf",
    "document",
    "examine",
    "find",
    "is_signed",
    "issue",
    "keep_print",
    "key_file",
    "key_set",
    "list_keys",
    "list_statements",
    "rotate",
    "standing",
    "withdraw",
]
