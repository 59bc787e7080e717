"""
Find the weights of likely duplicates on one half of the synthetic pairs, measure on the other.

    python -m tests.duplicate_tuning

prints the weights to write into `gis/cases/clusters/scoring.py` and what they do.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from gis.cases.clusters.likeness import likeness
from gis.cases.clusters.scoring import WEIGHTS, ClassMatch, Weights, class_match, score
from tests.duplicate_pairs import SEED, Pair, halves

STEPS: dict[str, tuple[float, ...]] = {
    "distance_m": (20.0, 30.0, 40.0, 60.0),
    "days": (3.0, 7.0, 14.0, 28.0),
    "near": (0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4),
    "same_class": (0.05, 0.1, 0.15, 0.2, 0.25, 0.3),
    "same_main": (0.0, 0.05, 0.1, 0.15),
    "recent": (0.05, 0.1, 0.15, 0.2, 0.25, 0.3),
    "text_full": (0.2, 0.3, 0.4, 0.5, 0.6),
    "least": tuple(n / 100 for n in range(30, 76, 5)),
}
"""Values tried of each weight; `text` is what is left to one."""
ROUNDS, STARTS = 6, 25


@dataclass(frozen=True)
class Signs:
    """What is known of a pair before it is weighed."""

    distance_m: float
    match: ClassMatch
    apart: timedelta
    text: float | None
    same: bool


@dataclass(frozen=True)
class Measured:
    """How well a set of weights tells pairs apart."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def signs_of(
    pairs: Sequence[Pair], compare: Callable[[str, str], float | None] = likeness
) -> list[Signs]:
    """The signs of all pairs, with a way to compare texts."""
    return [
        Signs(
            p.distance_m,
            class_match(p.first.kind, p.first.code, p.second.kind, p.second.code),
            p.apart,
            compare(p.first.text, p.second.text),
            p.same,
        )
        for p in pairs
    ]


def is_likely(one: Signs, weights: Weights) -> bool:
    """Whether the product would show the pair."""
    found = score(
        distance_m=one.distance_m, match=one.match, apart=one.apart, text=one.text, weights=weights
    )
    return found >= weights.least


def measure(signs: Sequence[Signs], weights: Weights = WEIGHTS) -> Measured:
    """Precision and recall of the pairs shown."""
    shown = [one.same for one in signs if is_likely(one, weights)]
    there = sum(one.same for one in signs)
    return Measured(sum(shown) / len(shown) if shown else 0.0, sum(shown) / there)


def tuned(signs: Sequence[Signs], starts: int = STARTS) -> Weights:
    """The best F1 found from the weights in the code and from some drawn at random."""
    rng = random.Random(SEED)
    tried = [WEIGHTS]
    while len(tried) < starts:
        drawn = _whole(replace(WEIGHTS, **{n: rng.choice(v) for n, v in STEPS.items()}))
        tried += [drawn] if drawn else []
    return max((climbed(signs, one) for one in tried), key=lambda w: measure(signs, w).f1)


def climbed(signs: Sequence[Signs], start: Weights) -> Weights:
    """The best F1 that changing one weight after the other finds."""
    best, reached = start, measure(signs, start).f1
    for _ in range(ROUNDS):
        before = reached
        for name, values in STEPS.items():
            for value in values:
                tried = _whole(replace(best, **{name: value}))
                if tried is not None and measure(signs, tried).f1 > reached + 1e-9:
                    best, reached = tried, measure(signs, tried).f1
        if reached == before:
            break
    return best


def _whole(weights: Weights) -> Weights | None:
    """The weights of the signs add up to one."""
    text = round(1 - weights.near - weights.same_class - weights.recent, 2)
    if text <= 0 or weights.same_main > weights.same_class:
        return None
    return replace(weights, text=text)


def _only(name: str, signs: Sequence[Signs]) -> list[Signs]:
    return [replace(one, text=None) for one in signs] if name == "without text" else list(signs)


def main() -> None:
    """Tune and tell."""
    ours, others = halves()
    learning, measuring = signs_of(ours), signs_of(others)
    found = tuned(learning)
    print(found)
    for name, weights in (("in the code", WEIGHTS), ("found", found)):
        for part, signs in (("tuning half", learning), ("other half", measuring)):
            m = measure(signs, weights)
            print(f"{name:12} {part:12} precision {m.precision:.3f} recall {m.recall:.3f}"
                  f" F1 {m.f1:.3f} ({len(signs)} synthetic pairs)")  # fmt: skip
    blind = measure(_only("without text", measuring), found)
    print(f"without text other half   precision {blind.precision:.3f} recall {blind.recall:.3f}")


if __name__ == "__main__":
    main()
