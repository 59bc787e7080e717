"""How often a real city's reports would bring up a candidate; nothing says which ones are right."""

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from math import cos, hypot, radians
from pathlib import Path

import pandas as pd
import pytest

from gis.cases.clusters.scoring import RADIUS_M, WEIGHTS, ClassMatch, score
from gis.config import CHECKOUT

FILE = "cases_baltimore311/baltimore_311_sample_2018.csv"
DOC = (CHECKOUT / "docs" / "cases.md").read_text(encoding="utf-8")
DEGREE_M = 111_320.0
LOOKED_BACK = timedelta(days=90)
Report = tuple[float, float, str, pd.Timestamp]


def _reports(path: Path) -> list[Report]:
    """Rows with a place of their own, by time; (39, -77) stands for "unknown" there."""
    rows = pd.read_csv(path, usecols=["SRType", "CreatedDate", "Latitude", "Longitude"]).dropna()
    rows = rows[(rows["Latitude"] != 39) | (rows["Longitude"] != -77)]
    at = pd.to_datetime(rows["CreatedDate"], format="%m/%d/%Y %I:%M:%S %p")
    shrunk = cos(radians(39.3))
    parts = zip(
        rows["Longitude"] * DEGREE_M * shrunk, rows["Latitude"] * DEGREE_M, rows["SRType"], at,
        strict=True,
    )  # fmt: skip
    return sorted(parts, key=lambda one: one[3])


def _candidates(reports: list[Report]) -> Iterator[bool]:
    """For each report whether an earlier one would be shown beside it."""
    squares: dict[tuple[int, int], list[Report]] = defaultdict(list)
    for x, y, kind, at in reports:
        column, row = int(x // RADIUS_M), int(y // RADIUS_M)
        near = [
            other
            for i in (-1, 0, 1)
            for j in (-1, 0, 1)
            for other in squares[column + i, row + j]
            if at - other[3] <= LOOKED_BACK
        ]
        yield any(
            score(
                distance_m=hypot(x - other[0], y - other[1]),
                match=ClassMatch.SAME if kind == other[2] else ClassMatch.OTHER,
                apart=at - other[3],
                text=None,  # the sample holds no words of people
            )
            >= WEIGHTS.least
            for other in near
        )
        squares[column, row].append((x, y, kind, at))


@pytest.mark.real_data
def test_the_share_of_real_reports_with_a_candidate_is_that_of_the_documents(
    real_data: Path,
) -> None:
    path = real_data / FILE
    if not path.is_file():
        pytest.skip(f"real data left out: {FILE} is not in the folder of real data")
    reports = _reports(path)
    share = sum(_candidates(reports)) / len(reports)
    print(f"Baltimore 311: {len(reports)} reports with a place, {share:.1%} with a candidate")
    said = re.search(r"([0-9.]+) % of ([0-9,]+) reports with a place have a candidate", DOC)
    assert said is not None
    assert (f"{share * 100:.1f}", f"{len(reports):,}") == said.groups()
