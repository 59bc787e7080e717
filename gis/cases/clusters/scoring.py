"""How likely two reports tell of the same thing, as one figure. Pure."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from math import exp
from typing import Final

RADIUS_M: Final = 100.0
"""Farther away nothing is looked for (ours): phones are off by 30 m at worst, people by as much."""
NEAREST_MOST: Final = 50
"""Cases compared at most, the nearest ones."""


class ClassMatch(StrEnum):
    """How the classes of two reports stand to each other."""

    SAME = "same"
    MAIN = "main"
    """The same main class: the first two digits."""
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Weights:
    """What each sign counts, and from which sum on a pair is shown; tuned on synthetic pairs."""

    distance_m: float
    """Distance at which nearness counts 1/e of what it counts on the spot."""
    days: float
    """Age at which being recent counts 1/e."""
    near: float
    same_class: float
    same_main: float
    recent: float
    text: float
    text_full: float
    """Likeness of the texts from which they count in full: nobody repeats another's words."""
    least: float
    """The sum that makes a pair likely; without texts it is taken from the sum of the others."""


WEIGHTS: Final = Weights(
    distance_m=30.0,
    days=3.0,
    near=0.40,
    same_class=0.20,
    same_main=0.0,
    recent=0.05,
    text=0.35,
    text_full=0.30,
    least=0.45,
)
"""Found by `tests/duplicate_tuning.py` on one half of the synthetic pairs (ours)."""


def class_match(kind: str, code: str, other_kind: str, other_code: str) -> ClassMatch:
    """How two classes of one edition stand to each other."""
    if kind != other_kind:
        return ClassMatch.OTHER
    if code == other_code:
        return ClassMatch.SAME
    return ClassMatch.MAIN if code[:2] == other_code[:2] and code else ClassMatch.OTHER


def score(
    *,
    distance_m: float,
    match: ClassMatch,
    apart: timedelta,
    text: float | None,
    weights: Weights = WEIGHTS,
) -> float:
    """
    Between 0 and 1; `weights.least` and more is a likely duplicate.

    Where one report has no text the other signs are stretched over its share.
    """
    if distance_m > RADIUS_M:
        return 0.0
    w = weights
    by_class = {ClassMatch.SAME: w.same_class, ClassMatch.MAIN: w.same_main}
    found = (
        w.near * exp(-distance_m / w.distance_m)
        + by_class.get(match, 0.0)
        + w.recent * exp(-abs(apart) / timedelta(days=w.days))
    )
    if text is None:
        return found / (w.near + w.same_class + w.recent)
    return found + w.text * min(text / w.text_full, 1.0)
