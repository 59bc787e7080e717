"""Medians and deviations: the written rule, its edges, and its laws."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.cases.evidence.audit import Compared, Figure, compared
from gis.cases.evidence.deviation import Measure, spread
from gis.cases.settings import CaseSettings


def test_a_worked_example_by_hand() -> None:
    around = spread([1.0, 1.0, 2.0, 2.0, 4.0, 6.0, 9.0], times=3, fewest=5)
    assert around is not None
    assert (around.middle, around.deviation, around.measure) == (2.0, 1.0, Measure.MEDIAN)
    assert (around.lowest, around.highest) == (-1.0, 5.0)
    assert around.is_out(6.0, only_above=True) and not around.is_out(5.0, only_above=True)


def test_where_most_values_are_equal_the_mean_of_the_distances_counts() -> None:
    around = spread([1.0] * 9 + [0.2], times=3, fewest=5)
    assert around is not None and around.measure is Measure.MEAN
    assert around.is_out(0.2, only_above=False)
    assert not around.is_out(0.2, only_above=True)
    assert not around.is_out(1.0, only_above=False)


def test_where_all_are_equal_nobody_is_out() -> None:
    around = spread([0.9] * 6, times=3, fewest=5)
    assert around is not None and around.measure is Measure.NONE
    assert not around.is_out(0.0, only_above=False)


@pytest.mark.parametrize("count", [0, 1, 4])
def test_too_few_are_not_compared(count: int) -> None:
    assert spread([float(n) for n in range(count)], times=3, fewest=5) is None


@given(st.lists(st.floats(0, 1000), min_size=5, max_size=40))
def test_half_of_the_values_are_never_out(values: list[float]) -> None:
    around = spread(values, times=3, fewest=5)
    assert around is not None
    out = [v for v in values if around.is_out(v, only_above=False)]
    assert 2 * len(out) <= len(values)


def person(number: int, **figures: object) -> Compared:
    usual: dict[str, object] = {"checked": 20, "passed": 17 + number % 3, "photos": 20,
                                "placed": 20, "metres": 20.0 + number, "reused": 0}  # fmt: skip
    return Compared(person_id=number, name=f"P{number}", **{**usual, **figures})  # type: ignore[arg-type]


def test_a_supervisor_far_from_the_others_stands_first_with_the_figures_that_are_out() -> None:
    crowd = [person(n) for n in range(9)]
    found = compared([*crowd, person(99, passed=2, metres=900.0, reused=8)], CaseSettings())
    assert found.people[0].person_id == 99
    assert found.people[0].out == frozenset(Figure)
    assert not any(p.out for p in found.people[1:])


def test_few_steps_prove_nothing() -> None:
    crowd = [person(n) for n in range(9)]
    new = person(99, checked=2, passed=0, photos=2, placed=2, metres=5000.0, reused=2)
    assert not any(p.out for p in compared([*crowd, new], CaseSettings()).people)


def test_near_photos_are_no_offence() -> None:
    crowd = [person(n, metres=100.0 + n) for n in range(9)]
    found = compared([*crowd, person(99, metres=1.0)], CaseSettings())
    assert not any(Figure.DISTANCE in p.out for p in found.people)
