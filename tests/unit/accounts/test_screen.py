"""What the people and roster pages show, from rows to labels and back to changes."""

from datetime import date, time, timedelta

import pytest

from gis.accounts.roster import Rostered, Shift, Week
from gis.accounts.rostering import DutyChange
from gis.accounts.screen import (
    area_label,
    coverage_table,
    post_label,
    roster_changes,
    roster_table,
    shift_label,
)
from gis.errors import Term

MONDAY = date(2026, 11, 16)
EARLY = Shift(1, "early", Term("早班", "Early"), time(6), time(14))
NIGHT = Shift(2, "night", Term("夜班", "Night"), time(22), time(6))
NAMES = {"110101": Term("东城区", "Dongcheng"), "110101001": Term("东华门街道", "Donghuamen")}
TUESDAY = (MONDAY + timedelta(days=1)).isoformat()


@pytest.fixture
def week() -> Week:
    people = (
        Rostered(7, "王敏", "110101001", {MONDAY: (1,)}),
        Rostered(8, "李娜", "110101001002", {MONDAY: (1, 2)}),
    )
    covered = {(MONDAY, 1): 10, (MONDAY, 2): 4}
    return Week(MONDAY, (EARLY, NIGHT), people, 10, covered)


def test_an_area_is_named_by_itself_or_by_what_contains_it() -> None:
    assert area_label("110101001", NAMES, "zh-CN") == "110101001 东华门街道"
    assert area_label("110101001002", NAMES, "en") == "110101001002 (Donghuamen)"
    assert area_label("110102", NAMES, "en") == "110102"


def test_a_post_is_a_role_over_an_area() -> None:
    post = {"role": "supervisor", "area_code": "110101"}
    assert post_label(post, NAMES, "zh-CN") == "监督员 · 110101 东城区"


def test_a_shift_shows_its_hours() -> None:
    assert shift_label(NIGHT, "en") == "Night 22:00–06:00"


def test_coverage_says_who_is_there_and_which_cells_nobody_walks(week: Week) -> None:
    table = coverage_table(week, "en")
    monday, tuesday = table[MONDAY.isoformat()], table[TUESDAY]
    assert list(monday) == ["2 on duty", "1 on duty, 6 cells without"]
    assert list(tuesday) == ["Nobody on duty"] * 2
    assert list(coverage_table(week, "zh-CN")[TUESDAY]) == ["无人当班"] * 2


def test_the_table_to_edit_holds_the_codes_of_the_shifts(week: Week) -> None:
    table = roster_table(week, NAMES, "en")
    assert list(table["name"]) == ["王敏", "李娜"]
    assert list(table[MONDAY.isoformat()]) == [["early"], ["early", "night"]]
    assert list(table[TUESDAY]) == [[], []]


def test_edits_become_changes_with_what_was_read(week: Week) -> None:
    edited = {
        0: {TUESDAY: ["night"], MONDAY.isoformat(): ["early"]},  # the second is no change
        1: {MONDAY.isoformat(): []},
    }
    assert roster_changes(week, edited) == [
        DutyChange(7, MONDAY + timedelta(days=1), (), (2,)),
        DutyChange(8, MONDAY, (1, 2), ()),
    ]


def test_an_emptied_cell_and_unknown_words_are_understood(week: Week) -> None:
    edited = {1: {MONDAY.isoformat(): None, "name": "x", "2026-12-24": ["early"]}}
    assert roster_changes(week, edited) == [DutyChange(8, MONDAY, (1, 2), ())]
    assert roster_changes(week, {0: {TUESDAY: ["lunch"]}}) == []
