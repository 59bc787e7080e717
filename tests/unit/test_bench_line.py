"""The line that every bench prints."""

import json

import pytest

from gis.bench.line import Line, median, p95

KEYS = [
    *("bench", "case", "unit", "better", "ours", "reference", "reference_name"),
    *("ratio_reference", "peer", "peer_value", "ratio_peer", "target", "ok", "p95", "rss_mb"),
]


def test_a_line_has_the_agreed_keys_in_their_order() -> None:
    assert list(json.loads(Line(bench="a", case="b", ours=1.23456).as_json())) == KEYS


def test_what_is_not_meant_is_null() -> None:
    facts = json.loads(Line(bench="a", case="b", ours=1.0).as_json())
    empty = {key for key, value in facts.items() if value is None}
    assert empty == set(KEYS[5:])


@pytest.mark.parametrize(
    ("better", "ours", "ok"), [("lower", 9, True), ("lower", 11, False), ("higher", 11, True)]
)
def test_a_target_is_met_on_its_better_side(better: str, ours: float, ok: bool) -> None:
    assert Line(bench="a", case="b", ours=ours, better=better, target=10).ok is ok


def test_a_target_may_be_about_the_ratio() -> None:
    line = Line(bench="a", case="b", ours=14, reference=10, judged="ratio_reference", target=1.5)
    assert line.ratio_reference == pytest.approx(1.4)
    assert line.ok


def test_median_and_p95_of_known_values() -> None:
    assert median([3, 1, 2, 10]) == 2.5
    assert p95(range(1, 101)) == 95
    assert p95([7.0]) == 7.0
