"""The classifier of every choropleth."""

import math
import subprocess
import sys

import mapclassify
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.catalog.classes import METHODS, MOST, Classes, classify, classify_by_limits
from gis.catalog.palettes import ramps
from gis.errors import Invalid

COLOURS = ramps()["bugn"].of(5)
QUICK = ("quantile", "equal")
NUMBERS = st.lists(st.floats(), max_size=60)


def test_ten_values_in_five_quantiles_are_two_each() -> None:
    found = classify(range(10), "quantile", 5, COLOURS)
    assert found.counts == (2, 2, 2, 2, 2)
    assert found.colours == COLOURS


def test_equal_intervals_are_equally_wide_and_empty_ones_are_left_out() -> None:
    found = classify([0, 1, 2, 98, 99, 100], "equal", 5, COLOURS)
    assert [(c.low, c.high, c.count) for c in found.classes] == [(0, 2, 3), (98, 100, 3)]
    assert found.colours == (COLOURS[0], COLOURS[-1])


def test_natural_breaks_fall_into_the_gaps() -> None:
    found = classify([1, 2, 3, 50, 51, 52, 900, 901], "natural", 3, COLOURS)
    assert [(c.low, c.high) for c in found.classes] == [(1, 3), (50, 52), (900, 901)]
    assert found.stops == (50, 900)


def test_natural_breaks_of_many_values_come_from_an_even_sample_and_count_them_all() -> None:
    values = [*range(5_000), *range(100_000, 105_000)]
    found = classify(values, "natural", 2, COLOURS)
    assert found.counts == (5_000, 5_000)


def test_natural_breaks_survive_a_single_value_that_fills_the_sample() -> None:
    values = [0.0] * 100_000 + [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]
    found = classify(values, "natural", 3, COLOURS)
    assert sum(found.counts) == len(values)
    assert found.classes[0].low == 0


@pytest.mark.parametrize("method", METHODS)
def test_equal_values_share_one_class_in_the_middle_of_the_ramp(method: str) -> None:
    found = classify([3, 3, 3], method, 5, COLOURS)
    assert [(c.low, c.high, c.count) for c in found.classes] == [(3, 3, 3)]
    assert found.colours == (COLOURS[2],)
    assert found.stops == ()


@pytest.mark.parametrize("method", METHODS)
def test_few_distinct_values_make_a_class_each(method: str) -> None:
    found = classify([1, 1, 1, 2, 9], method, 5, COLOURS)
    assert [(c.low, c.count) for c in found.classes] == [(1, 3), (2, 1), (9, 1)]


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("values", [[], [None], [math.nan, math.inf, -math.inf, None]])
def test_no_known_value_makes_no_class(method: str, values: list[float | None]) -> None:
    found = classify(values, method, 5, COLOURS)
    assert found == Classes((), len(values))
    assert found.spec("@value", "#eeeeee") == {
        "by": "@value", "stops": [], "range": ["#eeeeee"], "nodata": "#eeeeee",
    }  # fmt: skip


@pytest.mark.parametrize("method", QUICK)
@given(values=NUMBERS, k=st.integers(1, MOST))
def test_classes_ascend_and_hold_every_known_value_once(
    method: str, values: list[float], k: int
) -> None:
    found = classify(values, method, k, COLOURS)
    known = [v for v in values if math.isfinite(v) and abs(v) < 1e300]
    assert len(found.classes) <= k
    assert sum(found.counts) == len(known)
    assert found.missing == len(values) - len(known)
    assert all(sum(c.low <= v <= c.high for c in found.classes) == 1 for v in known)
    assert all(a.high < b.low for a, b in zip(found.classes, found.classes[1:], strict=False))
    assert [c.count for c in found.classes] == [
        sum(c.low <= v <= c.high for v in known) for c in found.classes
    ]


@settings(max_examples=40)
@given(st.lists(st.integers(0, 30), max_size=40), st.integers(1, MOST))
def test_natural_classes_hold_every_value_once(values: list[int], k: int) -> None:
    found = classify(values, "natural", k, COLOURS)
    assert sum(found.counts) == len(values)
    assert len(found.classes) <= k


@pytest.mark.parametrize("k", range(2, MOST + 1))
def test_quantiles_and_equal_intervals_are_those_of_mapclassify(k: int) -> None:
    """122 values: no limit falls on a value, where rounding would decide."""
    values = np.random.default_rng(20261122).lognormal(3, 1, 122)
    theirs = {
        "quantile": mapclassify.Quantiles(values, k=k),
        "equal": mapclassify.EqualInterval(values, k=k),
    }
    for method, other in theirs.items():
        counted = [int(n) for n in other.counts if n]
        assert list(classify(values, method, k, COLOURS).counts) == counted, method


@given(NUMBERS, st.integers(1, MOST))
def test_the_order_of_values_plays_no_part(values: list[float], k: int) -> None:
    assert classify(values, "quantile", k, COLOURS) == classify(
        reversed(values), "quantile", k, COLOURS
    )


def test_limits_by_meaning_keep_empty_classes_and_put_a_limit_into_the_class_above() -> None:
    found = classify_by_limits([0, 10, 10, None, 70], [10, 50, 60], COLOURS)
    assert found.counts == (1, 2, 0, 1)
    assert found.stops == (10, 50, 60)
    assert found.missing == 1
    assert len(set(found.colours)) == 4


def test_limits_by_meaning_need_no_values() -> None:
    assert classify_by_limits([], [1, 2], COLOURS).counts == (0, 0, 0)


@pytest.mark.parametrize("limits", [[], [2, 1], [1, 1], [math.nan], [1, math.inf], list(range(9))])
def test_limits_that_do_not_rise_are_refused(limits: list[float]) -> None:
    with pytest.raises(Invalid) as caught:
        classify_by_limits([1, 2], limits, COLOURS)
    assert caught.value.faults[0].field == "limits"


@pytest.mark.parametrize(
    ("method", "k", "field"),
    [("jenks", 5, "method"), ("equal", 0, "classes"), ("equal", 8, "classes")],
)
def test_an_unknown_method_or_number_is_refused_by_name(method: str, k: int, field: str) -> None:
    with pytest.raises(Invalid) as caught:
        classify([1, 2, 3], method, k, COLOURS)
    assert caught.value.faults[0].field == field


def test_the_start_of_the_product_does_not_pay_for_natural_breaks() -> None:
    """mapclassify takes 1.3 s to import; see docs/decisions/0011."""
    code = (
        "import sys; import gis.catalog.classes, gis.tiles.values, gis.evaluation.screen;"
        "print([n for n in ('mapclassify', 'sklearn', 'scipy.stats') if n in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"
