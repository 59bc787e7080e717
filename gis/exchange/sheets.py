"""Tables as CSV and XLSX that no spreadsheet can mistake for formulas."""

import io
from collections.abc import Sequence
from datetime import datetime

import pandas as pd
import xlsxwriter

from gis.errors import Invalid
from gis.i18n import N_

MOST_ROWS = 200_000
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def safe_text(value: object) -> object:
    """
    The value as a spreadsheet may hold it.

    A text that a spreadsheet would run as a formula gets a leading apostrophe;
    times lose their zone (the sheet has none) and keep local wall time;
    missing values become None. Numbers stay numbers, negative ones too.
    """
    if isinstance(value, str):
        return "'" + value if value.startswith(_FORMULA_STARTS) else value
    if isinstance(value, datetime):
        return None if pd.isna(value) else value.replace(tzinfo=None)
    return None if value is None or pd.isna(value) else value  # type: ignore[call-overload]


def _check_size(frame: pd.DataFrame) -> None:
    if len(frame) > MOST_ROWS:
        raise Invalid(
            N_("The table has {rows} rows; a file holds at most {most}. Narrow the selection."),
            rows=len(frame),
            most=MOST_ROWS,
        )


def csv_bytes(frame: pd.DataFrame, headers: Sequence[str]) -> bytes:
    """The frame as UTF-8 CSV with a byte order mark, so that spreadsheets read Chinese."""
    _check_size(frame)
    safe = frame.astype(object).map(safe_text)
    text: str = safe.to_csv(index=False, header=[str(safe_text(h)) for h in headers])
    return text.encode("utf-8-sig")


def xlsx_bytes(
    frame: pd.DataFrame, headers: Sequence[str], *, title: str, notes: Sequence[str] = ()
) -> bytes:
    """
    The frame as one sheet, formulas and links switched off, notes on a second sheet.

    `notes` say what the numbers are: period, area, formulas, time of export.
    """
    _check_size(frame)
    target = io.BytesIO()
    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "default_date_format": "yyyy-mm-dd hh:mm",
        "in_memory": True,
    }
    with xlsxwriter.Workbook(target, options) as book:
        bold = book.add_format({"bold": True})
        sheet = book.add_worksheet(title[:31] or "Sheet")
        sheet.write_row(0, 0, [str(safe_text(h)) for h in headers], bold)
        for number, row in enumerate(frame.astype(object).itertuples(index=False), start=1):
            sheet.write_row(number, 0, [safe_text(value) for value in row])
        sheet.freeze_panes(1, 0)
        sheet.autofit()
        if notes:
            sheet = book.add_worksheet("notes")
            for number, note in enumerate(notes):
                sheet.write_string(number, 0, str(safe_text(note)))
    return target.getvalue()
