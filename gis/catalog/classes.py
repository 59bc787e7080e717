"""
One classifier for every choropleth: values → classes with limits, colours and counts.

Methods: `quantile` (about equal counts), `equal` (equal widths), `natural` (Fisher-Jenks: least
spread inside the classes) and limits by meaning, given by hand. The first two are a line of NumPy
each and equal mapclassify's, which a test holds; natural breaks are mapclassify's own, and it is
imported when the first person asks for them (docs/decisions/0011-mapclassify-on-first-use.md).
"""

import math
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from gis.catalog.palettes import spread
from gis.errors import Invalid, fault
from gis.i18n import N_

METHODS: Final = ("quantile", "equal", "natural")
FEWEST, MOST = 1, 7
LARGEST = 1e300
"""Beyond it differences of values are no numbers any more; such a value counts as unknown."""
NATURAL_SAMPLE = 400
"""Fisher-Jenks grows with the square: of more distinct values an even sample is cut."""

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class ColourClass:
    """
    One class: every value with `low` ≤ value ≤ `high`, its colour, and how many there are.

    `low` and `high` are values that occur; an empty class by meaning holds its two limits.
    """

    low: float
    high: float
    colour: str
    count: int


@dataclass(frozen=True)
class Classes:
    """Classes that ascend and together hold every known value once; empty for no value."""

    classes: tuple[ColourClass, ...]
    missing: int = 0
    """How many values were unknown: null, NaN or infinite."""
    limits: tuple[float, ...] | None = None
    """Limits by meaning, where they were given."""

    @property
    def stops(self) -> tuple[float, ...]:
        """Limits as the browser reads them: a value equal to one belongs to the class above."""
        if self.limits is not None:
            return self.limits
        return tuple(found.low for found in self.classes[1:])

    @property
    def colours(self) -> tuple[str, ...]:
        """The colours, lowest class first."""
        return tuple(found.colour for found in self.classes)

    @property
    def counts(self) -> tuple[int, ...]:
        """How many values each class holds."""
        return tuple(found.count for found in self.classes)

    def spec(self, by: str, nodata: str) -> dict[str, Any]:
        """A colour spec of the browser's layer; no value at all: everything is `nodata`."""
        if not self.classes:
            return {"by": by, "stops": [], "range": [nodata], "nodata": nodata}
        tones = list(self.colours)
        return {"by": by, "stops": list(self.stops), "range": tones, "nodata": nodata}


def classify(
    values: Iterable[float | None], method: str, k: int, colours: Sequence[str]
) -> Classes:
    """
    At most `k` classes of the values, in the colours of a ramp.

    Equal values always share a class, so that few distinct values make few classes; the colours
    are then spread over the ramp from end to end, one class takes its middle. Unknown values
    (null, NaN, infinite) are counted and left out; no value makes no class. Order plays no part.

    Raises
    ------
    Invalid
        For an unknown method, a number of classes outside 1 to 7, or no colour.
    """
    _check(method, k, colours)
    known, missing = _known(values)
    if not len(known):
        return Classes((), missing)
    distinct = np.unique(known)
    k = min(k, len(distinct))
    uppers = distinct if len(distinct) == k else _METHODS[method](known, distinct, k)
    return Classes(_cut(known, uppers, colours), missing)


def classify_by_limits(
    values: Iterable[float | None], limits: Sequence[float], colours: Sequence[str]
) -> Classes:
    """
    Classes by meaning: a value equal to a limit belongs to the class above; empty ones stay.

    Raises
    ------
    Invalid
        When the limits do not rise, or there are more than six.
    """
    stops = [float(limit) for limit in limits]
    rising = all(math.isfinite(s) for s in stops) and sorted(set(stops)) == stops
    if not rising or not 0 < len(stops) < MOST:
        raise _refused("limits", N_("Limits are 1 to 6 numbers that rise, such as 10, 50, 100."))
    known, missing = _known(values)
    counts = np.bincount(np.digitize(known, stops), minlength=len(stops) + 1)
    ends = [min([*known[:1], stops[0]]), *stops, max([*known[-1:], stops[-1]])]
    found = tuple(
        ColourClass(float(low), float(high), tone, int(count))
        for low, high, tone, count in zip(
            ends, ends[1:], spread(colours, len(counts)), counts, strict=False
        )
    )
    return Classes(found, missing, tuple(stops))


def _check(method: str, k: int, colours: Sequence[str]) -> None:
    if method not in METHODS:
        raise _refused("method", N_("There is no method “{value}”. There are: {known}."),
                       value=method, known=", ".join(METHODS))  # fmt: skip
    if not FEWEST <= k <= MOST or not colours:
        raise _refused("classes", N_("Take {low} to {high} classes."), low=FEWEST, high=MOST)


def _refused(field: str, message: str, **params: object) -> Invalid:
    return Invalid(N_("These classes cannot be made."), faults=[fault(field, message, **params)])


def _known(values: Iterable[float | None]) -> tuple[Floats, int]:
    """The finite values, ascending, and how many others there were."""
    given = np.array([math.nan if v is None else float(v) for v in values], np.float64)
    known = np.sort(given[np.abs(given) < LARGEST])  # NaN compares as false
    return known, len(given) - len(known)


def _cut(known: Floats, uppers: Floats, colours: Sequence[str]) -> tuple[ColourClass, ...]:
    """Classes up to each upper end, empty ones left out."""
    ends = np.searchsorted(known, uppers, side="right")
    ends[-1] = len(known)
    spans = [(a, b) for a, b in zip([0, *ends[:-1]], ends, strict=True) if b > a]
    return tuple(
        ColourClass(float(known[a]), float(known[b - 1]), tone, int(b - a))
        for (a, b), tone in zip(spans, spread(colours, len(spans)), strict=True)
    )


def _quantile(known: Floats, _distinct: Floats, k: int) -> Floats:
    return np.unique(np.quantile(known, np.linspace(0, 1, k + 1)[1:]))


def _equal(known: Floats, _distinct: Floats, k: int) -> Floats:
    return np.linspace(known[0], known[-1], k + 1)[1:]


def _natural(known: Floats, distinct: Floats, k: int) -> Floats:
    """
    Of many values an even sample by rank, its ends always in it.

    A break found in the sample moves to the widest gap before the sample's next value.
    """
    sample = known
    if len(known) > NATURAL_SAMPLE:
        sample = known[np.linspace(0, len(known) - 1, NATURAL_SAMPLE).round().astype(int)]
        if len(np.unique(sample)) < k:
            sample = distinct[np.linspace(0, len(distinct) - 1, k).round().astype(int)]
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Numba not installed")  # 0.2 s without it
        found = _library().FisherJenks(sample, k=k)
    uppers = np.asarray(found.bins, np.float64)
    nexts = sample[np.searchsorted(sample, uppers[:-1], side="right")]
    moved = [_before_gap(distinct, *ends) for ends in zip(uppers[:-1], nexts, strict=True)]
    return np.array([*moved, uppers[-1]])


def _before_gap(distinct: Floats, low: float, high: float) -> float:
    """The value in front of the widest gap between two values."""
    between = distinct[(distinct >= low) & (distinct <= high)]
    return float(between[np.argmax(np.diff(between))])


@cache
def _library() -> Any:
    """mapclassify, imported once somebody wants natural breaks: it takes 1.3 s and 90 MB."""
    return import_module("mapclassify")


_METHODS = {"quantile": _quantile, "equal": _equal, "natural": _natural}
