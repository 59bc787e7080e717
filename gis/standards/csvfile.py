"""The code tables that ship as CSV files in `data/`."""

import csv
from collections.abc import Sequence
from pathlib import Path

from gis.config import CHECKOUT

DATA = CHECKOUT / "data"
"""Folder of the shipped tables; every subfolder has a README with origin and licence."""


def read_table(name: str, columns: Sequence[str], *, folder: Path = DATA) -> list[dict[str, str]]:
    """
    The rows of `<folder>/<name>.csv` in file order, all values as text without outer blanks.

    Codes stay text: a leading zero is part of a code. Columns beyond `columns`
    are kept.

    Raises
    ------
    ValueError
        When a column is missing or a row is longer or shorter than the header:
        a damaged table must not start the product.
    """
    path = folder / f"{name}.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.reader(stream, strict=True)
        header = next(reader, [])
        absent = [column for column in columns if column not in header]
        if absent:
            msg = f"{path.name} has no column {', '.join(absent)}"
            raise ValueError(msg)
        return [_row(path, number, header, values) for number, values in enumerate(reader, start=2)]


def _row(path: Path, number: int, header: list[str], values: list[str]) -> dict[str, str]:
    if len(values) != len(header):
        msg = f"{path.name}, row {number}: {len(values)} values for {len(header)} columns"
        raise ValueError(msg)
    return dict(zip(header, (value.strip() for value in values), strict=True))


def words(value: str, separator: str = "|") -> tuple[str, ...]:
    """The parts of a list written in one cell; an empty cell is an empty list."""
    return tuple(part for part in (p.strip() for p in value.split(separator)) if part)


def flag(value: str) -> bool:
    """
    `true` or `false` as written in the tables.

    Raises
    ------
    ValueError
        For any other word.
    """
    if value not in ("true", "false"):
        msg = f"expected true or false, not {value!r}"
        raise ValueError(msg)
    return value == "true"
