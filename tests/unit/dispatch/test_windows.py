"""Weekdays and hours of rules."""

from datetime import datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gis.dispatch.windows import (
    EVERY_DAY,
    WEEK_MINUTES,
    Window,
    days_text,
    hours_text,
    read_days,
    read_hours,
)

MONDAY = datetime(2026, 11, 16)
CLOCKS = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 59]))
WINDOWS = st.builds(
    lambda days, hours: Window(tuple(sorted(days)), *(hours or (None, None))),
    st.sets(st.integers(1, 7), min_size=1),
    st.none() | st.tuples(CLOCKS, CLOCKS),
)


def minutes(window: Window) -> set[int]:
    """Minute by minute, by the words of the documentation."""
    found = set()
    for minute in range(WEEK_MINUTES):
        at = MONDAY + timedelta(minutes=minute)
        before = at - timedelta(days=1)
        starts, ends = window.starts, window.ends
        if starts is None or ends is None:
            inside = at.isoweekday() in window.weekdays
        elif starts < ends:
            inside = at.isoweekday() in window.weekdays and starts <= at.time() < ends
        else:
            inside = (at.isoweekday() in window.weekdays and at.time() >= starts) or (
                before.isoweekday() in window.weekdays and at.time() < ends
            )
        if inside:
            found.add(minute)
    return found


@settings(max_examples=40, deadline=None)
@given(window=WINDOWS, other=WINDOWS)
def test_a_window_is_what_a_walk_through_the_week_says(window: Window, other: Window) -> None:
    walked = minutes(window)
    assert window.minutes_a_week == len(walked)
    for minute in range(0, WEEK_MINUTES, 97):
        assert window.holds(MONDAY + timedelta(minutes=minute)) is (minute in walked)
    assert window.overlaps(other) is bool(walked & minutes(other))
    assert window.is_always is (len(walked) == WEEK_MINUTES)


@given(window=WINDOWS)
def test_words_of_a_window_are_read_back(window: Window) -> None:
    assert read_days(days_text(window)) == window.weekdays
    assert read_hours(hours_text(window)) == (window.starts, window.ends)


def test_empty_words_mean_always() -> None:
    assert read_days(" ") == EVERY_DAY and read_hours("") == (None, None)
    assert Window().is_always and days_text(Window()) == hours_text(Window()) == ""


@pytest.mark.parametrize("words", ["0", "8", "5-1", "1;2", "Mon", "1-", "=1"])
def test_no_weekdays(words: str) -> None:
    with pytest.raises(ValueError, match=words):
        read_days(words)


@pytest.mark.parametrize("words", ["8", "8:00", "25:00-26:00", "08:60-09:00", "8-18"])
def test_no_hours(words: str) -> None:
    with pytest.raises(ValueError, match=words):
        read_hours(words)
