"""The profile of a unit grid: what it says, and to whom."""

from datetime import date, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, text

from gis.accounts.model import Actor, Role
from gis.errors import NotFound
from gis.tiles.profile import GridProfile, grid_profile, lamp_of
from tests.factories import (
    COMMUNITY,
    NOW,
    STREET,
    TODAY,
    grid_code,
    make_actor,
    make_case,
    make_cell,
    make_department,
    make_person,
    make_shift,
    middle,
    put_on_duty,
)

ZONE = ZoneInfo("Asia/Shanghai")


def told(conn: Connection, actor: Actor, code: str = "", **more: Any) -> GridProfile:
    asked = {"now": NOW, "zone": ZONE, **more}
    return grid_profile(conn, code or grid_code(), actor=actor, **asked)


def counted(conn: Connection, code: str, people: int, as_of: str = "2020") -> None:
    conn.execute(
        text("INSERT INTO population (area_code, as_of, people) VALUES (:code, :as_of, :people)"),
        {"code": code, "as_of": as_of, "people": people},
    )


def test_people_are_those_of_the_cell_else_of_the_smallest_area_that_was_counted(
    conn: Connection,
) -> None:
    make_cell(conn)
    planner = make_actor(conn, Role.PLANNER)
    assert (told(conn, planner).people, told(conn, planner).people_of) == (None, None)
    counted(conn, STREET, 50_000)
    counted(conn, COMMUNITY, 4_000, "2019")
    counted(conn, COMMUNITY, 4_100, "2020")
    found = told(conn, planner)
    assert (found.people, found.people_of, found.people_as_of) == (4_100, COMMUNITY, "2020")
    counted(conn, grid_code(), 187)
    assert (told(conn, planner).people, told(conn, planner).people_of) == (187, grid_code())


def test_people_of_the_street_are_not_told_to_somebody_of_one_cell(conn: Connection) -> None:
    make_cell(conn)
    counted(conn, STREET, 50_000)
    walker = make_actor(conn, Role.PLANNER, scope=(grid_code(),))
    assert told(conn, walker).people is None


def test_land_is_cut_at_the_outline_of_the_cell(conn: Connection) -> None:
    make_cell(conn)
    make_cell(conn, 1)
    half, whole = grid_code(), grid_code(1)
    conn.execute(  # a parcel over the eastern half of one cell and all of the next
        text("INSERT INTO parcel (code, land_use_code, area_m2, grid_code, geom) VALUES ('L1',"
             " '070102', 14000, :cell, ST_MakeEnvelope(116.4005, 39.9, 116.402, 39.901, 4490))"),
        {"cell": whole},
    )  # fmt: skip
    planner = make_actor(conn, Role.PLANNER)
    [part] = told(conn, planner, half).land
    [all_of_it] = told(conn, planner, whole).land
    assert part.code == "07"
    assert part.share == pytest.approx(0.5, abs=0.01)
    assert all_of_it.share == pytest.approx(1.0, abs=0.01)


def test_open_cases_stand_by_time_left_with_the_lamps_of_the_map(conn: Connection) -> None:
    make_cell(conn)
    hours = {"0001": 10, "0002": -1, "0003": 3}
    for number, left in hours.items():
        make_case(conn, number=f"{STREET}-261118-{number}", state="HANDLING",
                  due_at=NOW + timedelta(hours=left),
                  reported_at=NOW - timedelta(hours=20))  # fmt: skip
    make_case(conn, number=f"{STREET}-261118-0004", state="SUSPENDED", due_at=NOW)
    make_case(conn, number=f"{STREET}-261118-0005", state="CLOSED", open=False)
    found = told(conn, make_actor(conn, Role.DISPATCHER))
    assert [(case.number[-1], case.lamp) for case in found.cases] == [
        ("2", "red"), ("3", "yellow"), ("1", "green"), ("4", "none"),
    ]  # fmt: skip
    assert found.cases_total == 4


def test_more_than_ten_cases_are_counted_and_the_most_urgent_listed(conn: Connection) -> None:
    make_cell(conn)
    for n in range(13):
        make_case(conn, number=f"{STREET}-261118-{n:04}", state="HANDLING",
                  due_at=NOW + timedelta(hours=20 - n))  # fmt: skip
    found = told(conn, make_actor(conn, Role.DISPATCHER))
    assert (found.cases_total, len(found.cases)) == (13, 10)
    assert found.cases[0].number.endswith("0012")


def test_a_lamp_turns_at_the_limit_and_when_the_districts_share_of_it_is_used() -> None:
    second, began = timedelta(seconds=1), NOW - timedelta(hours=8)
    soon = NOW + timedelta(hours=2)
    due = (NOW - second, NOW, soon - second, soon + second, None)
    assert [lamp_of(began, one, NOW, 0.8) for one in due] == [
        "red", "yellow", "yellow", "green", "none",
    ]  # fmt: skip
    assert lamp_of(began, soon - second, NOW, 0.9) == "green"


def test_a_handler_is_told_the_cases_of_the_own_department(conn: Connection) -> None:
    make_cell(conn)
    handler = make_actor(conn, Role.HANDLER)
    make_case(conn, state="HANDLING", department_id=handler.department_id)
    make_case(conn, state="HANDLING", department_id=make_department(conn))
    assert told(conn, handler).cases_total == 1


def test_those_who_walk_the_cell_are_named_and_who_is_on_duty_until_when(
    conn: Connection,
) -> None:
    """10:30: the morning's shift runs; the night's of yesterday has ended, today's not begun."""
    make_cell(conn)
    morning = make_shift(conn, starts=time(6), ends=time(14))
    night = make_shift(conn, starts=time(22), ends=time(6))
    for name, shift, day in (("甲", morning, TODAY), ("乙", night, TODAY),
                             ("丙", night, TODAY - timedelta(days=1))):  # fmt: skip
        person = make_person(conn, roles=(Role.SUPERVISOR,), cells=(grid_code(),), name=name)
        put_on_duty(conn, person, day=day, shift_id=shift)
    make_person(conn, roles=(Role.SUPERVISOR,), cells=(grid_code(),), name="丁")
    make_person(conn, roles=(), cells=(grid_code(),), name="no post any more")
    dispatcher = make_actor(conn, Role.DISPATCHER)
    watch = told(conn, dispatcher).watch
    assert watch is not None
    assert sorted(watch.names) == sorted(["甲", "乙", "丙", "丁"])
    assert [(each.name, each.until.astimezone(ZONE).hour) for each in watch.on_duty] == [("甲", 14)]
    at_one = NOW - timedelta(hours=9, minutes=30)
    [on_duty] = told(conn, dispatcher, now=at_one).watch.on_duty  # type: ignore[union-attr]
    assert (on_duty.name, on_duty.until.date()) == ("丙", date(2026, 11, 18))


def test_names_and_cases_are_for_those_whose_posts_include_them(conn: Connection) -> None:
    make_cell(conn)
    make_case(conn, state="HANDLING")
    make_person(conn, roles=(Role.SUPERVISOR,), cells=(grid_code(),))
    found = told(conn, make_actor(conn, Role.PLANNER))
    assert (found.watch, found.cases, found.cases_total) == (None, (), None)


def test_a_cell_elsewhere_or_nowhere_is_not_there(conn: Connection) -> None:
    make_cell(conn)
    lon, lat = middle()
    stranger = make_actor(conn, Role.DISPATCHER, scope=("110101002",))
    for actor, code in ((stranger, grid_code()), (make_actor(conn, Role.DISPATCHER), "1" * 15),
                        (stranger, "x" * 40), (stranger, f"{lon},{lat}")):  # fmt: skip
        with pytest.raises(NotFound):
            told(conn, actor, code)
