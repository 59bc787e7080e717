"""Damaged tables are refused with the place of the fault."""

from pathlib import Path

import pytest

from gis.standards.csvfile import flag, read_table, words


def write(folder: Path, text: str) -> Path:
    (folder / "t.csv").write_text(text, encoding="utf-8")
    return folder


def test_codes_stay_text_and_blanks_are_cut(tmp_path: Path) -> None:
    write(tmp_path, "code,name\n0101, 井盖 \n")
    assert read_table("t", ["code"], folder=tmp_path) == [{"code": "0101", "name": "井盖"}]


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"t.csv has no column edition, source"):
        read_table("t", ["code", "edition", "source"], folder=write(tmp_path, "code\n0101\n"))


@pytest.mark.parametrize("row", ["0101", "0101,a,b"])
def test_a_short_or_long_row_is_named(tmp_path: Path, row: str) -> None:
    with pytest.raises(ValueError, match=r"t.csv, row 3"):
        read_table("t", ["code"], folder=write(tmp_path, f"code,name\n0101,a\n{row}\n"))


def test_an_empty_file_has_no_columns(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="has no column code"):
        read_table("t", ["code"], folder=write(tmp_path, ""))


def test_lists_in_a_cell_lose_empty_parts() -> None:
    assert words("a| b ||") == ("a", "b")
    assert words("") == ()
    assert words("x;y", ";") == ("x", "y")


def test_a_flag_is_true_or_false_and_nothing_else() -> None:
    assert (flag("true"), flag("false")) == (True, False)
    with pytest.raises(ValueError, match="true or false"):
        flag("yes")
