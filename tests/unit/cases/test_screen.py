"""What people read about a case: lamps, spans, chips."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gis.cases.lists import CaseRow
from gis.cases.model import Move, State
from gis.cases.queries import HistoryEntry, Photo
from gis.cases.screen import (
    ENDED_COLOURS,
    LAMP_COLOURS,
    QUEUE_COLUMNS,
    SOURCES,
    STAGE_COLOURS,
    Timing,
    queue_cells,
    span_words,
    state_chip,
    time_lamp,
    timeline,
)
from gis.cases.workflow import CONDITION_NAMES
from gis.errors import Term
from gis.standards.model import Kind
from gis.worktime.model import Lamp

NOW = datetime(2026, 11, 18, 2, 30, tzinfo=UTC)


def a_row(**overrides: Any) -> CaseRow:
    parts: dict[str, Any] = {
        "id": 1, "number": "110101001-261118-0001", "state": State.HANDLING, "open": True,
        "version": 1, "kind": Kind.EVENT, "edition": "2013", "class_code": "0110",
        "class_name": None, "source": "supervisor", "excerpt": "=1+1 <b>", "grid_code": "1",
        "community": None, "street": None, "department": None, "supervisor": None,
        "handler": None, "reported_at": NOW - timedelta(hours=10),
        "filed_at": NOW - timedelta(hours=10), "dispatched_at": None, "due_at": None,
        "due_provisional": False, "clock_left": None, "handled_at": None, "closed_at": None,
        "changed_at": NOW, "rework_count": 0, "bounce_count": 0, "lon": 116.4, "lat": 39.9,
        "photo": None,
    }  # fmt: skip
    return CaseRow(**{**parts, **overrides})


@pytest.mark.parametrize(
    ("minutes", "en", "zh"),
    [
        (0, "less than 1 min", "不到 1 分钟"),
        (0.99, "less than 1 min", "不到 1 分钟"),
        (5, "5 min", "5 分钟"),
        (60, "1 h", "1 小时"),
        (200, "3 h 20 min", "3 小时 20 分钟"),
        (1440 * 2, "2 d", "2 天"),
        (1440 * 2 + 59, "2 d", "2 天"),
        (1440 * 2 + 200, "2 d 3 h", "2 天 3 小时"),
    ],
)
def test_a_span_is_said_in_at_most_two_units(minutes: float, en: str, zh: str) -> None:
    words = span_words(timedelta(minutes=minutes))
    assert (words.en, words.zh) == (en, zh)


@pytest.mark.parametrize(
    ("row", "timing", "lamp", "words"),
    [
        (a_row(), Timing.NONE, None, "no limit running"),
        (a_row(due_at=NOW + timedelta(hours=10)), Timing.RUNNING, Lamp.GREEN, "10 h left"),
        (a_row(due_at=NOW + timedelta(hours=1)), Timing.RUNNING, Lamp.YELLOW, "1 h left"),
        (a_row(due_at=NOW), Timing.RUNNING, Lamp.YELLOW, "less than 1 min left"),
        (a_row(due_at=NOW - timedelta(days=2)), Timing.OVERDUE, Lamp.RED, "overdue 2 d"),
        (
            a_row(state=State.SUSPENDED, clock_left={"seconds": 7200}),
            Timing.PAUSED, None, "paused, 2 h left",
        ),
        (
            a_row(state=State.PENDING_DISPATCH, due_at=NOW, clock_left={"seconds": 60}),
            Timing.PAUSED, None, "paused, 1 min left",
        ),
        (
            a_row(state=State.PENDING_CHECK, due_at=NOW, handled_at=NOW, clock_left={"seconds": 0}),
            Timing.IN_TIME, Lamp.GREEN, "in time",
        ),
        (
            a_row(
                state=State.CLOSED, open=False, due_at=NOW, handled_at=NOW + timedelta(hours=3),
                clock_left={"seconds": 0},
            ),
            Timing.LATE, Lamp.RED, "late by 3 h",
        ),
        (
            a_row(state=State.CANCELLED, open=False, due_at=NOW),
            Timing.NONE, None, "no limit running",
        ),
    ],
)  # fmt: skip
def test_a_lamp_always_has_words(
    row: CaseRow, timing: Timing, lamp: Lamp | None, words: str
) -> None:
    shown = time_lamp(row, NOW)
    assert (shown.timing, shown.lamp, shown.words.en) == (timing, lamp, words)
    assert shown.words.zh != shown.words.en


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_words_on_chips_and_lamps_can_be_read() -> None:
    for background, words in (*STAGE_COLOURS.values(), ENDED_COLOURS):
        assert contrast(background, words) >= 4.5, background
    for colour in LAMP_COLOURS.values():
        assert contrast(colour, "#FFFFFF") >= 4.5, colour


def test_every_state_has_a_chip_with_its_name() -> None:
    chips = {state: state_chip(state) for state in State}
    assert len({chip.name.zh for chip in chips.values()}) == len(chips)
    assert chips[State.CLOSED].background == ENDED_COLOURS[0]


def test_a_queue_row_has_a_cell_for_every_column_and_keeps_words_as_they_are() -> None:
    for locale in ("zh-CN", "en"):
        cells = queue_cells(a_row(), now=NOW, locale=locale)
        assert list(cells) == [column.id for column in QUEUE_COLUMNS]
        assert cells["excerpt"] == "=1+1 <b>"
        assert cells["source"] == SOURCES["supervisor"].text(locale)


def test_the_time_line_says_how_long_a_case_stood_still() -> None:
    def a_step(seq: int, move: Move, minutes: int, **more: Any) -> HistoryEntry:
        parts: dict[str, Any] = {
            "seq": seq, "move": move, "from_state": None, "to_state": State.REPORTED,
            "at": NOW + timedelta(minutes=minutes), "actor": "A", "role": "acceptor",
            "department": None, "note": "<i>", "data": {"version": 1, "condition": 2},
            "photos": (Photo(sha256="a", purpose="report", width_px=1, height_px=1),), **more,
        }  # fmt: skip
        return HistoryEntry(**parts)

    first, second = timeline([a_step(1, Move.REPORT, 0), a_step(2, Move.REGISTER, 65)])
    assert first.waited is None and second.waited is not None
    assert second.waited.en == "1 h 5 min"
    assert first.note == "<i>"
    assert first.facts == ((CONDITION_NAMES[False], Term("第 2 项", "no. 2")),)
    assert first.photos[0][0].zh == "上报照片"


def test_the_lamp_turns_yellow_at_the_share_of_the_district() -> None:
    ends = {"filed_at": NOW - timedelta(hours=1), "due_at": NOW + timedelta(hours=1)}
    lamps = [time_lamp(a_row(**ends, yellow_percent=n), NOW).lamp for n in (None, 40, 60)]
    assert lamps == [Lamp.GREEN, Lamp.YELLOW, Lamp.GREEN]
