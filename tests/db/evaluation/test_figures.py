"""The figures over real rows: what counts, where, for whom, and that lists equal counts."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from sqlalchemy import Connection

from gis.accounts.model import Scope
from gis.errors import Invalid
from gis.evaluation.figures import CONDITIONS
from gis.evaluation.model import Grouping, Period, period_of
from gis.evaluation.queries import NO_DEPARTMENT, cases_behind, figures_by_group, trend
from gis.evaluation.screen import table
from tests.factories import (
    COMMUNITY,
    DISTRICT,
    NOW,
    STREET,
    grid_code,
    make_areas,
    make_case,
    make_department,
)

ZONE = ZoneInfo("Asia/Shanghai")
PERIOD = period_of(date(2026, 11, 1), date(2026, 11, 18), ZONE)
EVERYTHING = Scope((DISTRICT,))


def days_ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


@pytest.fixture
def district(conn: Connection) -> Connection:
    make_areas(conn)
    return conn


def counted(
    conn: Connection, grouping: Grouping = Grouping.STREET, scope: Scope = EVERYTHING, **more: Any
) -> pd.DataFrame:
    return figures_by_group(
        conn, grouping=grouping, period=more.pop("period", PERIOD), scope=scope, **more
    ).set_index("key")


def test_a_case_counts_once_in_each_figure_it_reached(district: Connection) -> None:
    make_case(
        district,
        state="CLOSED",
        reported_at=days_ago(5),
        filed_at=days_ago(4.9),
        due_at=days_ago(3),
        handled_at=days_ago(4),
        closed_at=days_ago(3.9),
        changed_at=days_ago(3.9),
    )
    row = counted(district).loc[STREET]
    assert row[["logged", "filed", "handled", "on_time", "closed", "open"]].tolist() == [1] * 5 + [
        0
    ]
    assert row["on_time_share"] == 1.0


def test_a_case_handled_after_its_limit_is_handled_but_not_on_time(district: Connection) -> None:
    make_case(district, state="PENDING_CHECK", due_at=days_ago(2), handled_at=days_ago(1))
    row = counted(district).loc[STREET]
    assert (row["handled"], row["on_time"], row["on_time_share"]) == (1, 0, 0.0)


def test_a_refused_case_is_neither_closed_nor_open_after_its_end(district: Connection) -> None:
    make_case(district, state="NOT_ACCEPTED", reported_at=days_ago(3), changed_at=days_ago(2))
    row = counted(district).loc[STREET]
    assert (row["logged"], row["closed"], row["open"]) == (1, 0, 0)


def test_a_case_that_ended_after_the_period_counts_as_open_in_it(district: Connection) -> None:
    make_case(
        district,
        state="CLOSED",
        reported_at=days_ago(10),
        closed_at=days_ago(1),
        changed_at=days_ago(1),
    )
    earlier = period_of(date(2026, 11, 1), date(2026, 11, 12), ZONE)
    assert counted(district, period=earlier).loc[STREET, "open"] == 1
    assert counted(district).loc[STREET, "open"] == 0


def test_the_last_day_counts_to_its_end_in_the_zone_of_the_district(district: Connection) -> None:
    midnight = datetime(2026, 11, 19, tzinfo=ZONE)
    make_case(district, reported_at=midnight - timedelta(seconds=1))
    make_case(district, reported_at=midnight)
    assert counted(district).loc[STREET, "logged"] == 1


def test_nobody_counts_cases_outside_the_area_of_the_posts(district: Connection) -> None:
    make_case(district)
    elsewhere = Scope((f"{DISTRICT}002",))
    for grouping in Grouping:
        assert counted(district, grouping, elsewhere).empty
    behind = cases_behind(
        district,
        figure="logged",
        grouping=Grouping.STREET,
        key=STREET,
        period=PERIOD,
        scope=elsewhere,
    )
    assert behind.empty


def test_a_handler_counts_only_the_cases_of_the_department(district: Connection) -> None:
    mine, other = make_department(district), make_department(district)
    make_case(district, department_id=mine)
    make_case(district, department_id=other)
    make_case(district)
    own = counted(district, Grouping.DEPARTMENT, Scope((DISTRICT,), mine))
    assert own["logged"].to_dict() == {str(mine): 1}


def test_cases_never_dispatched_stand_under_no_department(district: Connection) -> None:
    make_case(district)
    make_case(district, department_id=make_department(district))
    by_department = counted(district, Grouping.DEPARTMENT)
    assert by_department.index[0] == NO_DEPARTMENT and len(by_department) == 2
    assert table(by_department.reset_index(), "en")["group"].tolist()[0] == "Not dispatched"
    behind = cases_behind(
        district,
        figure="logged",
        grouping=Grouping.DEPARTMENT,
        key=NO_DEPARTMENT,
        period=PERIOD,
        scope=EVERYTHING,
    )
    assert len(behind) == 1, "the row opens like any other"


@pytest.mark.parametrize("grouping", list(Grouping))
@pytest.mark.parametrize("figure", list(CONDITIONS))
def test_the_list_behind_a_number_has_as_many_cases_as_the_number_says(
    district: Connection, grouping: Grouping, figure: str
) -> None:
    department = make_department(district)
    for n in range(6):
        make_case(
            district,
            state="CLOSED" if n % 2 else "HANDLING",
            grid_code=grid_code(x=n % 3),
            department_id=department,
            reported_at=days_ago(8 - n),
            filed_at=days_ago(7 - n),
            due_at=days_ago(4),
            handled_at=days_ago(5 - n) if n < 5 else None,
            closed_at=days_ago(0.5) if n % 2 else None,
        )
    for key, row in counted(district, grouping).iterrows():
        behind = cases_behind(
            district,
            figure=figure,
            grouping=grouping,
            key=str(key),
            period=PERIOD,
            scope=EVERYTHING,
        )
        assert len(behind) == row[figure]


def test_the_sum_over_cells_equals_the_sum_over_streets(district: Connection) -> None:
    for n in range(5):
        make_case(district, grid_code=grid_code(x=n))
    names = list(CONDITIONS)
    by_grid, by_street = counted(district, Grouping.GRID), counted(district, Grouping.STREET)
    assert by_grid[names].sum().tolist() == by_street[names].sum().tolist()
    assert counted(district, Grouping.COMMUNITY).index.tolist() == [COMMUNITY]


def test_the_trend_names_every_day_and_sums_to_the_figure(district: Connection) -> None:
    for days in (0.1, 0.2, 6):
        make_case(district, reported_at=days_ago(days))
    found = trend(
        district,
        figures=("logged", "open"),
        period=PERIOD,
        scope=EVERYTHING,
        area="",
        zone=ZONE.key,
    )
    assert found["day"].tolist() == [d.date() for d in pd.date_range("2026-11-01", "2026-11-18")]
    assert found["cases"].sum() == 3
    assert set(found["figure"]) == {"logged"}


def test_an_area_narrows_the_figures(district: Connection) -> None:
    make_case(district)
    assert counted(district, area=f"{DISTRICT}999").empty
    assert counted(district, area=COMMUNITY).loc[STREET, "logged"] == 1


def test_a_period_that_ends_before_it_starts_is_refused_with_both_days() -> None:
    with pytest.raises(Invalid, match="2026-11-01.*2026-11-18"):
        period_of(date(2026, 11, 18), date(2026, 11, 1), ZONE)
    assert isinstance(PERIOD, Period)
    assert PERIOD.days == 18
