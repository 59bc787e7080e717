"""Exports that no spreadsheet runs."""

import io
import zipfile
from datetime import UTC, datetime

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.errors import Invalid
from gis.exchange import sheets

HOSTILE = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1"]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_that_could_be_a_formula_is_written_as_text(text: str) -> None:
    content = sheets.csv_bytes(pd.DataFrame({"a": [text]}), ["a"]).decode("utf-8-sig")
    assert "'" + text[:1] in content


@given(st.text())
def test_no_exported_text_starts_like_a_formula(text: str) -> None:
    safe = str(sheets.safe_text(text))
    assert not safe.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert safe.removeprefix("'") == text or safe == text


def test_a_negative_number_stays_a_number() -> None:
    assert sheets.safe_text(-3) == -3


def test_a_hostile_header_is_written_as_text() -> None:
    content = sheets.csv_bytes(pd.DataFrame({"a": [1]}), ["=HYPERLINK(1)"]).decode("utf-8-sig")
    assert content.startswith("'=HYPERLINK")


def test_an_xlsx_holds_no_formula_and_no_link() -> None:
    frame = pd.DataFrame(
        {
            "a": [*HOSTILE, "http://example.invalid"],
            "n": range(8),
            "t": datetime(2026, 1, 2, tzinfo=UTC),
        }
    )
    content = sheets.xlsx_bytes(frame, ["a", "n", "t"], title="t", notes=["=1"])
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        names = book.namelist()
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert "xl/worksheets/sheet2.xml" in names


def test_missing_values_become_empty_cells() -> None:
    frame = pd.DataFrame({"a": [None, float("nan"), pd.NaT]})
    rows = sheets.csv_bytes(frame, ["a"]).decode("utf-8-sig").split()[1:]
    assert all(row.strip('"') == "" for row in rows)


def test_a_table_beyond_the_limit_is_refused_with_both_numbers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sheets, "MOST_ROWS", 2)
    with pytest.raises(Invalid, match="3 rows.*at most 2"):
        sheets.csv_bytes(pd.DataFrame({"a": [1, 2, 3]}), ["a"])
