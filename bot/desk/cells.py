"""Cells of a CSV file that no spreadsheet takes for a formula."""

import csv
import io
import unicodedata
from collections.abc import Iterable

FORMULA = frozenset("=+-@＝＋－＠﹢﹣﹦﹫−\t\r\n\x00")
TEXT = "'"  #: what makes a spreadsheet read the rest as text


def line(values: Iterable[str | int | None]) -> str:
    r"""One line of the file, every cell quoted.

    >>> line(["=1+1", -5, None]).rstrip()
    '"\'=1+1","-5",""'
    """
    written = io.StringIO()
    csv.writer(written, quoting=csv.QUOTE_ALL).writerow([cell(value) for value in values])
    return written.getvalue()


def cell(value: str | int | None) -> str:
    """The value as text; whatever a formula could begin with is made text, also behind blanks.

    >>> cell("+86 138"), cell("  =HYPERLINK()"), cell(-5), cell("a-b")
    ("'+86 138", "'  =HYPERLINK()", '-5', 'a-b')
    """
    if not isinstance(value, str):
        return "" if value is None else str(value)
    return f"{TEXT}{value}" if _begins_a_formula(value) else value


def _begins_a_formula(text: str) -> bool:
    """What a program may cut off in front (blanks, controls, marks nobody sees) is looked behind."""
    for character in text:
        if character in FORMULA:
            return True
        if unicodedata.category(character)[0] not in "ZCM" and not character.isspace():
            return False
    return False
