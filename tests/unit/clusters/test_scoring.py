"""Distance, class, time and text as one figure, and how well it tells synthetic pairs apart."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from gis.cases.clusters.scoring import RADIUS_M, WEIGHTS, ClassMatch, class_match, score
from gis.cases.clusters.screen import reason_words
from gis.config import CHECKOUT
from tests.duplicate_pairs import halves, synthetic_pairs
from tests.duplicate_tuning import STEPS, measure, signs_of

DOC = (CHECKOUT / "docs" / "cases.md").read_text(encoding="utf-8")
METRES = some.floats(0, RADIUS_M)
TEXTS = some.none() | some.floats(0, 1)


def test_the_weights_of_the_signs_add_up_to_one() -> None:
    w = WEIGHTS
    assert w.near + w.same_class + w.recent + w.text == pytest.approx(1)
    assert score(
        distance_m=0, match=ClassMatch.SAME, apart=timedelta(0), text=1
    ) == pytest.approx(1)  # fmt: skip


@given(METRES, METRES, some.sampled_from(ClassMatch), some.integers(0, 500), TEXTS)
def test_nearer_is_never_less_likely(
    one: float, other: float, match: ClassMatch, days: int, text: float | None
) -> None:
    near, far = sorted((one, other))
    more = {"match": match, "apart": timedelta(days=days), "text": text}
    assert score(distance_m=near, **more) >= score(distance_m=far, **more)  # type: ignore[arg-type]


@given(METRES, some.sampled_from(ClassMatch), some.floats(0, 1), some.floats(0, 1))
def test_more_words_in_common_are_never_less_likely(
    metres: float, match: ClassMatch, one: float, other: float
) -> None:
    less, more = sorted((one, other))
    rest = {"distance_m": metres, "match": match, "apart": timedelta(hours=2)}
    assert score(text=more, **rest) >= score(text=less, **rest)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "other", "match"),
    [
        (("event", "0110"), ("event", "0110"), ClassMatch.SAME),
        (("event", "0110"), ("event", "0112"), ClassMatch.MAIN),
        (("event", "0110"), ("event", "0201"), ClassMatch.OTHER),
        (("event", "0110"), ("component", "0110"), ClassMatch.OTHER),
        (("event", ""), ("event", "0110"), ClassMatch.OTHER),
    ],
)
def test_classes_of_one_kind_compare_by_their_first_digits(
    one: tuple[str, str], other: tuple[str, str], match: ClassMatch
) -> None:
    assert class_match(*one, *other) is match


def test_a_reason_says_every_sign_in_words() -> None:
    said = reason_words(
        distance_m=23.4, match=ClassMatch.SAME, apart=timedelta(hours=2), text=0.84, still_open=True
    )
    assert said.zh == "23 米，同类别，2 小时前，文字相似 0.8"
    assert said.en == "23 m, same class, 2 h ago, text 0.8"


def test_the_set_is_the_same_every_time_and_its_halves_share_no_pair() -> None:
    assert synthetic_pairs() == synthetic_pairs()
    ours, others = halves()
    assert len(ours) == len(others) == 2_000


def test_no_single_step_of_a_weight_does_better_on_the_half_that_was_tuned_on() -> None:
    signs = signs_of(halves()[0])
    reached = measure(signs).f1
    for name in ("distance_m", "days", "same_main", "text_full", "least"):
        for value in STEPS[name]:
            assert measure(signs, replace(WEIGHTS, **{name: value})).f1 <= reached + 1e-9, name


def test_precision_and_recall_on_the_other_half_are_those_of_the_documents() -> None:
    found = measure(signs_of(halves()[1]))
    print(f"synthetic pairs: precision {found.precision:.3f}, recall {found.recall:.3f}")
    said = re.search(r"precision ([0-9.]+) and recall ([0-9.]+) on the other half", DOC)
    assert said is not None
    assert (f"{found.precision:.3f}", f"{found.recall:.3f}") == said.groups()
