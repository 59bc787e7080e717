"""Quantile classes of joined values."""

from hypothesis import given
from hypothesis import strategies as st

from gis.tiles.values import DENSITY_COLOURS, quantile_classes


def test_ten_values_in_five_classes_are_two_each() -> None:
    found = quantile_classes({str(n): float(n) for n in range(10)}, DENSITY_COLOURS)
    assert found.counts == (2, 2, 2, 2, 2)
    assert found.colours == DENSITY_COLOURS


def test_equal_values_share_one_class_and_take_the_darkest_colour() -> None:
    found = quantile_classes({"a": 3.0, "b": 3.0}, DENSITY_COLOURS)
    assert (found.stops, found.colours, found.counts) == ((), DENSITY_COLOURS[-1:], (2,))


def test_no_value_gives_one_empty_class() -> None:
    assert quantile_classes({}, DENSITY_COLOURS).counts == (0,)


@given(st.dictionaries(st.text(), st.floats(-1e9, 1e9), min_size=1))
def test_every_value_is_counted_once_and_classes_fit_their_colours(
    values: dict[str, float],
) -> None:
    found = quantile_classes(values, DENSITY_COLOURS)
    assert sum(found.counts) == len(values)
    assert len(found.colours) == len(found.counts) == len(found.stops) + 1
    assert list(found.stops) == sorted(set(found.stops))
