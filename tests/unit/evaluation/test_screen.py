"""Colour classes, shares and the figures' table."""

import math
import re

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.errors import Invalid
from gis.evaluation.dispatching import DISPATCH_FIGURES
from gis.evaluation.figures import CONDITIONS, SHARES, condition_of, figures
from gis.evaluation.queries import totals, with_shares
from gis.evaluation.satisfaction import SATISFACTION_FIGURES
from gis.evaluation.screen import colour_classes, headers, table

VALUES = st.lists(st.one_of(st.integers(0, 500).map(float), st.just(math.nan)), max_size=200)


@given(VALUES)
def test_every_known_value_lies_in_exactly_one_colour_class(values: list[float]) -> None:
    classes = colour_classes(values)
    known = [v for v in values if not math.isnan(v)]
    assert all(sum(c.low <= v <= c.high for c in classes) == 1 for v in known)
    assert sum(c.count for c in classes) == len(known)


@given(VALUES)
def test_colour_classes_ascend_and_use_different_colours(values: list[float]) -> None:
    classes = colour_classes(values)
    assert all(a.high < b.low for a, b in zip(classes, classes[1:], strict=False))
    assert len({c.colour for c in classes}) == len(classes) <= 5


def test_every_counted_figure_and_share_has_words_and_a_formula() -> None:
    assert set(figures()) == {*CONDITIONS, *SHARES, *DISPATCH_FIGURES, *SATISFACTION_FIGURES}
    assert all(f.formula.zh and f.formula.en and f.name.zh for f in figures().values())


def test_every_figure_is_bound_to_the_period() -> None:
    assert all(re.search(r":ends\b", c.sql) for c in CONDITIONS.values())


def test_an_unknown_figure_is_refused_by_name() -> None:
    with pytest.raises(Invalid, match="no figure “speed”"):
        condition_of("speed")


def counts(**figures: int) -> pd.DataFrame:
    row = dict.fromkeys(CONDITIONS, 0) | figures
    return with_shares(pd.DataFrame([{"key": "1", "name_zh": "一", "name_en": "One"} | row]))


def test_a_share_without_cases_is_missing_not_zero() -> None:
    frame = counts(handled=0)
    assert frame["on_time_share"].isna().all()
    assert totals(frame)["on_time_share"] is None


def test_the_share_of_all_comes_from_summed_counts_not_from_averaged_shares() -> None:
    frame = pd.concat([counts(handled=1, on_time=1), counts(handled=9, on_time=0)])
    assert totals(frame)["on_time_share"] == pytest.approx(0.1)


def test_the_table_has_one_header_per_column_in_both_languages() -> None:
    frame = counts(logged=3)
    assert len(headers("zh-CN")) == len(headers("en")) == len(table(frame, "en").columns)
