"""The duty roster and the cells of supervisors."""

from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, text

from gis.accounts.model import Actor, Role, Scope
from gis.accounts.roster import Shift, monday_of, read_week
from gis.accounts.rostering import DutyChange, change_cells, change_duties
from gis.accounts.shifts import SHIFTS_MOST, ShiftDraft, create_shift
from gis.errors import Conflict, Forbidden, Invalid, NotFound, Refused, Term
from tests.factories import (
    DISTRICT,
    NOW,
    STREET,
    TODAY,
    make_actor,
    make_cell,
    make_person,
    make_shift,
    put_on_duty,
)

MONDAY = date(2026, 11, 16)
HERE = Scope((DISTRICT,))


@pytest.fixture
def leader(conn: Connection) -> Actor:
    return make_actor(conn, Role.SHIFT_LEADER)


def test_the_week_shows_people_shifts_and_where_nobody_is(conn: Connection) -> None:
    day, night = make_shift(conn), make_shift(conn, starts=time(20), ends=time(8), code="night")
    cells = tuple(make_cell(conn, x=x) for x in range(3))
    person = make_person(conn, roles=(Role.SUPERVISOR,), area_code=STREET, cells=cells[:2])
    put_on_duty(conn, person, day=TODAY, shift_id=day)
    week = read_week(conn, role=Role.SUPERVISOR, area_code=STREET, scope=HERE, first_day=MONDAY)
    assert [p.person_id for p in week.people] == [person]
    assert week.people[0].days == {TODAY: (day,)}
    assert (week.on_duty(TODAY, day), week.on_duty(TODAY, night)) == (1, 0)
    assert len(week.gaps()) == 13
    assert (TODAY, day) not in [(d, s.id) for d, s in week.gaps()]
    assert (week.cells, week.cells_without(TODAY, day), week.cells_without(TODAY, night)) == (
        3, 1, 3,
    )  # fmt: skip


def test_a_week_of_another_area_or_role_is_empty(conn: Connection) -> None:
    person = make_person(conn, roles=(Role.SUPERVISOR,), area_code=STREET)
    put_on_duty(conn, person)
    for role, area, scope in [
        (Role.DISPATCHER, STREET, HERE),
        (Role.SUPERVISOR, "110101002", HERE),
        (Role.SUPERVISOR, "", Scope(("110102",))),
        (Role.SUPERVISOR, "", Scope()),
    ]:
        week = read_week(conn, role=role, area_code=area, scope=scope, first_day=MONDAY)
        assert week.people == ()


def test_a_shift_past_midnight_belongs_to_the_day_it_began() -> None:
    zone = ZoneInfo("Asia/Shanghai")
    night = Shift(1, "night", Term("夜班", "Night"), time(22), time(6))
    begins, ends = night.span(TODAY, zone)
    assert (begins.day, ends.day, ends - begins) == (18, 19, timedelta(hours=8))
    whole = Shift(2, "all", Term("全天", "All day"), time(8), time(8))
    begins, ends = whole.span(TODAY, zone)
    assert ends - begins == timedelta(days=1)


def test_monday_is_the_first_day() -> None:
    assert [monday_of(MONDAY + timedelta(days=n)) for n in range(7)] == [MONDAY] * 7
    assert monday_of(MONDAY + timedelta(days=7)) == MONDAY + timedelta(days=7)


def _change(conn: Connection, leader: Actor, change: DutyChange) -> int:
    return change_duties(conn, actor=leader, changes=[change], today=TODAY, now=NOW)


def test_a_change_is_written_and_noted(conn: Connection, leader: Actor) -> None:
    one, two = make_shift(conn), make_shift(conn)
    person = make_person(conn, roles=(Role.SUPERVISOR,))
    assert _change(conn, leader, DutyChange(person, TODAY, (), (one, two))) == 1
    assert _change(conn, leader, DutyChange(person, TODAY, (two, one), (two,))) == 1
    assert _change(conn, leader, DutyChange(person, TODAY, (two,), (two,))) == 0
    rows = conn.execute(text("SELECT shift_id FROM duty WHERE person_id = :p"), {"p": person})
    assert [r.shift_id for r in rows] == [two]
    noted = conn.execute(text("SELECT data FROM audit_event ORDER BY seq DESC LIMIT 1")).scalar()
    assert noted == {"day": TODAY.isoformat(), "shifts": [two]}


def test_the_second_planner_is_told(conn: Connection, leader: Actor) -> None:
    shift = make_shift(conn)
    person = make_person(conn, roles=(Role.SUPERVISOR,), name="赵六")
    _change(conn, leader, DutyChange(person, TODAY, (), (shift,)))
    with pytest.raises(Conflict, match="赵六"):
        _change(conn, leader, DutyChange(person, TODAY, (), (shift, make_shift(conn))))


def test_yesterday_is_history(conn: Connection, leader: Actor) -> None:
    shift = make_shift(conn)
    person = make_person(conn, roles=(Role.SUPERVISOR,))
    with pytest.raises(Refused):
        _change(conn, leader, DutyChange(person, TODAY - timedelta(days=1), (), (shift,)))


def test_an_unknown_shift_is_invalid(conn: Connection, leader: Actor) -> None:
    person = make_person(conn, roles=(Role.SUPERVISOR,))
    with pytest.raises(Invalid):
        _change(conn, leader, DutyChange(person, TODAY, (), (999_999,)))


def test_people_outside_the_area_are_not_rostered(conn: Connection, leader: Actor) -> None:
    shift = make_shift(conn)
    person = make_person(conn, roles=(Role.SUPERVISOR,), area_code="110102001")
    with pytest.raises(NotFound):
        _change(conn, leader, DutyChange(person, TODAY, (), (shift,)))


def test_a_supervisor_does_not_plan(conn: Connection) -> None:
    actor = make_actor(conn, Role.SUPERVISOR)
    with pytest.raises(Forbidden):
        change_duties(conn, actor=actor, changes=[], today=TODAY, now=NOW)


def _cells(conn: Connection, person: int) -> list[str]:
    rows = conn.execute(
        text(
            "SELECT grid_code FROM supervisor_cell WHERE person_id = :p AND valid_to IS NULL"
            " ORDER BY grid_code"
        ),
        {"p": person},
    )
    return [r.grid_code for r in rows]


def test_cells_are_given_and_taken_with_their_history(conn: Connection, leader: Actor) -> None:
    a, b, c = (make_cell(conn, x=x) for x in range(3))
    person = make_person(conn, roles=(Role.SUPERVISOR,), cells=(a,))

    def change(add: set[str], remove: set[str], today: date = TODAY) -> tuple[int, int]:
        return change_cells(
            conn, actor=leader, person_id=person, add=add, remove=remove, today=today, now=NOW
        )

    assert change({a, b, c}, set()) == (2, 0)
    assert _cells(conn, person) == [a, b, c]
    assert change(set(), {a, b}) == (0, 2)
    assert change({b}, set()) == (1, 0)  # taken by mistake and given back on the same day
    assert _cells(conn, person) == [b, c]
    ended = conn.execute(
        text("SELECT valid_to FROM supervisor_cell WHERE grid_code = :a"), {"a": a}
    ).scalar()
    assert ended == TODAY


def test_cells_that_do_not_exist_are_all_named(conn: Connection, leader: Actor) -> None:
    person = make_person(conn, roles=(Role.SUPERVISOR,))
    wrong = {"110101001001998", "110101001001999"}
    with pytest.raises(Invalid) as caught:
        change_cells(
            conn, actor=leader, person_id=person, add=wrong, remove=set(), today=TODAY, now=NOW
        )
    assert len(caught.value.faults) == 2


def test_only_supervisors_walk_cells(conn: Connection, leader: Actor) -> None:
    cell = make_cell(conn)
    person = make_person(conn, roles=(Role.DISPATCHER,))
    with pytest.raises(Refused):
        change_cells(
            conn, actor=leader, person_id=person, add={cell}, remove=set(), today=TODAY, now=NOW
        )


def test_cells_outside_the_area_are_forbidden(conn: Connection, leader: Actor) -> None:
    person = make_person(conn, roles=(Role.SUPERVISOR,))
    with pytest.raises(Forbidden):
        change_cells(
            conn, actor=leader, person_id=person, add={"110102001001001"}, remove=set(),
            today=TODAY, now=NOW,
        )  # fmt: skip


NIGHT = ShiftDraft("night", "夜班", "Night", time(22), time(6))


def test_a_district_makes_its_shifts_and_the_roster_shows_them(
    conn: Connection, leader: Actor
) -> None:
    made = create_shift(conn, actor=leader, draft=NIGHT, now=NOW)
    week = read_week(conn, role=Role.SUPERVISOR, area_code=STREET, scope=HERE, first_day=MONDAY)
    assert [(s.id, s.name.zh, s.starts, s.ends) for s in week.shifts] == [
        (made, "夜班", time(22), time(6))
    ]
    with pytest.raises(Invalid) as refused:
        create_shift(conn, actor=leader, draft=NIGHT, now=NOW)
    assert refused.value.faults[0].field == "code"


def test_a_shift_needs_names_a_code_and_the_right_to_plan(conn: Connection, leader: Actor) -> None:
    with pytest.raises(Invalid) as refused:
        create_shift(
            conn, actor=leader, draft=ShiftDraft("Night 1", " ", "", time(8), time(16)), now=NOW
        )
    assert {f.field for f in refused.value.faults} == {"code", "name_zh", "name_en"}
    with pytest.raises(Forbidden):
        create_shift(conn, actor=make_actor(conn, Role.SUPERVISOR), draft=NIGHT, now=NOW)


def test_a_day_has_no_more_shifts_than_every_roster_shows(conn: Connection, leader: Actor) -> None:
    for _ in range(SHIFTS_MOST):
        make_shift(conn)
    with pytest.raises(Refused, match=str(SHIFTS_MOST)):
        create_shift(conn, actor=leader, draft=NIGHT, now=NOW)
