"""A broken table stops the product with a sentence for each fault."""

import shutil
from pathlib import Path

import pytest

from gis.cases.workflow_table import load_workflow
from gis.standards.csvfile import DATA


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(DATA / "cases", tmp_path / "cases")
    shutil.copytree(DATA / "accounts", tmp_path / "accounts")
    return tmp_path


def change(folder: Path, file: str, old: str, new: str) -> None:
    path = folder / "cases" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_the_shipped_tables_have_no_fault(folder: Path) -> None:
    assert len(load_workflow(folder).moves) == 43


@pytest.mark.parametrize(
    ("file", "old", "new", "says"),
    [
        (
            "moves.csv",
            "MERGED,acceptor|shift_leader",
            "CLOSED,acceptor|shift_leader",
            "MERGED cannot",
        ),
        (
            "moves.csv",
            "arbitrate,ARBITRATION",
            "arbitrate,HANDLING",
            "ARBITRATION is open and has no",
        ),
        ("moves.csv", "SUSPENDED,HANDLING,dispatcher|", "SUSPENDED,HANDLING,king|", "no role king"),
        ("moves.csv", "department;reason", "department;rason", "no field rason"),
        ("moves.csv", "before_the_limit;", "before_the_limt;", "no guard before_the_limt"),
        ("moves.csv", "check:stop;closing:start", "check:stop", "without its closing clock"),
        ("moves.csv", "check:stop;closing:start", "closing:start", "lets its check clock run"),
        ("moves.csv", "filing:stop;case:stop", "filing:stop", "ends the case and lets its clock"),
        ("moves.csv", "reopen,CLOSED", "close,CLOSED", "move reopen has no row"),
        ("states.csv", "CHECKING,核查中", "CHEKING,核查中", "CHEKING"),
        ("states.csv", "acceptance,false", "acceptance,maybe", "true or false"),
        ("stage_limits.csv", "closing,", "ending,", "no clock closing"),
    ],
)
def test_a_fault_in_a_table_is_named(
    folder: Path, file: str, old: str, new: str, says: str
) -> None:
    change(folder, file, old, new)
    with pytest.raises(ValueError, match=says):
        load_workflow(folder)


def test_a_row_with_a_value_too_many_is_refused(folder: Path) -> None:
    change(folder, "guards.csv", "The case is in the sample,", "The case, is in the sample,")
    with pytest.raises(ValueError, match=r"guards.csv, row \d+: 6 values for 5 columns"):
        load_workflow(folder)
