"""
Who lies far from the others: medians and median absolute deviations. Pure.

The written rule. Of the values of all persons with enough steps the median is taken, and the
median of the distances from it (MAD). A value more than `times` of these away is out. Where
more than half of the values are equal the MAD is 0 and any other value would be out by any
measure: the mean of the distances takes its place. Where that is 0 too all values are equal,
and nobody is out. Fewer than `fewest` persons are not compared: a median of three says nothing.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean, median


class Measure(StrEnum):
    """What counts as one deviation."""

    MEDIAN = "median"
    MEAN = "mean"
    """The median of the distances is 0."""
    NONE = "none"
    """All values are equal."""


@dataclass(frozen=True, slots=True)
class Spread:
    """The middle of some values, and how far from it is still among them."""

    middle: float
    deviation: float
    measure: Measure
    lowest: float
    highest: float

    def is_out(self, value: float, *, only_above: bool) -> bool:
        """Whether a value lies outside; with `only_above` low ones are no offence."""
        if self.measure is Measure.NONE:
            return False
        return value > self.highest or (not only_above and value < self.lowest)


def spread(values: Collection[float], *, times: float, fewest: int) -> Spread | None:
    """Middle and limits of `values`; None where there are too few to compare."""
    if len(values) < max(fewest, 1):
        return None
    middle = median(values)
    away = [abs(value - middle) for value in values]
    deviation, measure = median(away), Measure.MEDIAN
    if deviation == 0:
        deviation, measure = fmean(away), Measure.MEAN
    if deviation == 0:
        measure = Measure.NONE
    reach = times * deviation
    return Spread(middle, deviation, measure, middle - reach, middle + reach)
