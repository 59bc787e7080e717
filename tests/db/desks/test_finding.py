"""Lists and search: what they find, in whose area, in which order, with how many statements."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, event, text

from gis.accounts.model import Actor, Role
from gis.cases.desks import keys
from gis.cases.desks.filters import CaseFilter, filter_from, filter_of_query, query_of
from gis.cases.desks.queries import cases_for_file, find_cases
from gis.cases.model import State
from gis.cases.queues import Order
from gis.errors import Forbidden, Invalid
from tests import factories as make

NOW = make.NOW
ALL = {"show": "all", "order": "newest"}


@pytest.fixture
def reader(conn: Connection) -> Actor:
    make.make_cell(conn)
    return make.make_actor(conn, Role.MANAGER, name="管理人")


def found(conn: Connection, actor: Actor, **asked: str) -> list[str]:
    """Numbers of the first page of a filter as an address carries it."""
    page = find_cases(conn, actor=actor, wanted=filter_from({**ALL, **asked}), now=NOW)
    return [row.number for row in page.rows]


def number_of(conn: Connection, case_id: int) -> str:
    statement = text("SELECT number FROM cases WHERE id = :id")
    return str(conn.execute(statement, {"id": case_id}).scalar_one())


def case(conn: Connection, **parts: Any) -> str:
    return number_of(conn, make.make_case(conn, **parts))


@contextmanager
def statements(conn: Connection) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_c: Any, _cursor: Any, sql: str, *_more: Any) -> None:
        seen.append(sql)

    event.listen(conn, "before_cursor_execute", note)
    yield seen
    event.remove(conn, "before_cursor_execute", note)


@pytest.mark.parametrize(
    ("words", "hits"),
    [
        ("井盖", True),
        ("松动", True),
        ("井盖松动", True),
        ("井盖 夜间", True),
        ("松动井盖", False),
        ("盖夜", False),
        ("井盖 白天", False),
        ("manhole", True),
        ("MANHOLE", True),
        ("100%", True),
        ("_%", False),
        ("o'clock", True),
        ("back\\slash", True),
    ],
)
def test_a_word_is_found_in_the_text(
    conn: Connection, reader: Actor, words: str, hits: bool
) -> None:
    wanted = case(
        conn, description="井盖松动，夜间异响 loose Manhole 100% at 3 o'clock back\\slash x&|!:*"
    )
    case(conn, description="垃圾堆放")
    assert found(conn, reader, q=words) == ([wanted] if hits else [])


@pytest.mark.parametrize("words", ["x&|!:*", "'' | 'o'", "t垃圾", "'", "\\", "):*", "<b>x</b>"])
def test_a_word_is_never_read_as_an_operator(conn: Connection, reader: Actor, words: str) -> None:
    case(conn, description="垃圾堆放")
    if all(len(word) > 1 for word in words.split()):
        assert found(conn, reader, q=words) == []
    else:
        with pytest.raises(Invalid):
            found(conn, reader, q=words)


def test_class_place_people_and_number_are_words_too(conn: Connection, reader: Actor) -> None:
    person = make.make_person(conn, name="欧阳采薇")
    number = case(
        conn, description="x", class_code="0110", reporter_id=person,
        number=f"{make.STREET}-261117-0042",
    )  # fmt: skip
    conn.execute(
        text(
            "INSERT INTO place (kind, name, grid_code, geom)"
            " VALUES ('road', '灯市口大街', :cell, ST_SetSRID(ST_MakePoint(116.4, 39.9), 4490))"
        ),
        {"cell": make.grid_code()},
    )
    other = make.make_cell(conn, 1, 1)
    case(conn, description="y", class_code="0203", grid_code=other)
    for words in (
        "暴露垃圾", "欧阳", "采薇", number, "0042", "261117-0042", "灯市口", "欧阳 0042", "0110",
    ):  # fmt: skip
        assert found(conn, reader, q=words) == [number], words
    for words in ("东华门", "多福巷", make.STREET):
        assert number in found(conn, reader, q=words), words
    assert found(conn, reader, q="欧阳 0043") == []


def test_each_filter_narrows_by_its_own(conn: Connection, reader: Actor) -> None:
    department = make.make_department(conn)
    other_cell = make.make_cell(conn, 2, 2, community_code=f"{make.STREET}002",
                                code=f"{make.STREET}002001")  # fmt: skip
    a = case(conn, state="HANDLING", department_id=department, class_code="0110")
    b = case(
        conn, state="CLOSED", source="citizen", grid_code=other_cell,
        community_code=f"{make.STREET}002", reported_at=NOW - timedelta(days=40),
    )  # fmt: skip
    every = {a, b}
    for asked, hits in (
        ({"area": make.DISTRICT}, every),
        ({"area": f"{make.STREET}002"}, {b}),
        ({"area": other_cell}, {b}),
        ({"state": "HANDLING"}, {a}),
        ({"state": "HANDLING,CLOSED"}, every),
        ({"class": "2013e0110"}, {a}),
        ({"class": "2013c0110"}, set()),
        ({"department": str(department)}, {a}),
        ({"source": "citizen"}, {b}),
        ({"from": "2026-11-01"}, {a}),
        ({"to": "2026-11-01"}, {b}),
        ({"from": "2026-10-09", "to": "2026-10-09"}, {b}),
        ({"show": "open"}, {a}),
        ({"show": "ended"}, {b}),
        ({"show": "open", "order": "due"}, {a}),
        ({"show": "open", "order": "due", "area": make.STREET}, {a}),
        ({"show": "ended", "order": "due"}, {b}),
    ):
        assert set(found(conn, reader, **asked)) == hits, asked


def test_the_lamp_of_a_filter_is_the_lamp_that_is_shown(conn: Connection, reader: Actor) -> None:
    hours = timedelta(hours=1)
    by_lamp = {
        "red": case(conn, state="HANDLING", filed_at=NOW - 5 * hours, due_at=NOW - hours),
        "yellow": case(conn, state="HANDLING", filed_at=NOW - 90 * hours, due_at=NOW + hours),
        "green": case(conn, state="HANDLING", filed_at=NOW - hours, due_at=NOW + 9 * hours),
    }
    case(conn, state="CHECKING", filed_at=NOW - 5 * hours, due_at=NOW - hours, handled_at=NOW)
    case(conn, state="SUSPENDED", filed_at=NOW - 5 * hours, due_at=NOW - hours,
         clock_left=("CAST('{\"seconds\": 5}' AS jsonb)", {}))  # fmt: skip
    for lamp, number in by_lamp.items():
        assert found(conn, reader, lamp=lamp) == [number]


@pytest.mark.parametrize("order", ["newest", "oldest", "due"])
@pytest.mark.parametrize("area", ["", make.DISTRICT, make.STREET, make.COMMUNITY])
def test_pages_follow_each_other_without_gap_or_repeat(
    conn: Connection, reader: Actor, order: str, area: str
) -> None:
    for days in (0, 0, 1, 3, 8, 8, 30, 200, 900, 4000):
        due = NOW + timedelta(days=days) if days % 2 else None
        at = NOW - timedelta(days=days)
        make.make_case(conn, reported_at=at, changed_at=at, due_at=due)
    wide = make.make_actor(conn, Role.MANAGER, scope=("",))
    wanted = filter_from({"order": order, "area": area})
    pages: list[str] = []
    after = None
    for _page in range(20):
        page = find_cases(conn, actor=wide, wanted=wanted, now=NOW, limit=3, after=after)
        pages += [row.number for row in page.rows]
        after = page.next_after
        if after is None:
            break
    whole = find_cases(conn, actor=wide, wanted=wanted, now=NOW, limit=100).rows
    assert pages == [row.number for row in whole] and len(pages) == 10
    moments = [row.reported_at for row in whole]
    if order != "due":
        assert moments == sorted(moments, reverse=order == "newest")


def test_a_list_stays_in_the_area_and_in_the_department(conn: Connection, reader: Actor) -> None:
    department = make.make_department(conn)
    number = case(conn, state="HANDLING", department_id=department)
    handler = make.make_actor(conn, Role.HANDLER, department_id=department)
    stranger = make.make_actor(conn, Role.HANDLER)
    elsewhere = make.make_actor(conn, Role.MANAGER, scope=("110102",))
    nowhere = make.make_actor(conn, Role.MANAGER, scope=())
    walker = make.make_actor(conn, Role.SUPERVISOR, cells=(make.grid_code(), make.grid_code(1)))
    for asked in (
        {},
        {"show": "open", "order": "due"},
        {"q": "垃圾"},
        {"area": make.DISTRICT},
        {"q": number},
    ):
        for who, sees in (
            (reader, True), (handler, True), (walker, True), (stranger, False),
            (elsewhere, False), (nowhere, False),
        ):  # fmt: skip
            assert (number in found(conn, who, **asked)) is sees, (asked, who.roles, who.scope)


def test_a_list_takes_three_statements_at_most(conn: Connection, reader: Actor) -> None:
    make.make_case(conn)
    with statements(conn) as plain:
        found(conn, reader, area=make.STREET, state="REPORTED", show="open", order="due")
    with statements(conn) as searched:
        found(conn, reader, q="暴露 垃圾", area=make.STREET)
    assert len(plain) == 2
    assert len(searched) == 3


def test_who_may_not_export_gets_no_file(conn: Connection, reader: Actor) -> None:
    number = case(conn)
    wanted = filter_from(ALL)
    rows, more = cases_for_file(conn, actor=reader, wanted=wanted, now=NOW)
    assert [row.number for row in rows] == [number] and not more
    handler = make.make_actor(conn, Role.HANDLER)
    with pytest.raises(Forbidden):
        cases_for_file(conn, actor=handler, wanted=wanted, now=NOW)
    planner = make.make_actor(conn, Role.PLANNER)
    with pytest.raises(Forbidden):
        find_cases(conn, actor=planner, wanted=wanted, now=NOW)


def test_an_address_brings_the_same_filter_back() -> None:
    wanted = CaseFilter(
        words=("井盖", "a&b"), areas=("110101",), states=(State.HANDLING,), classes=("2013e0110",),
        departments=(7,), sources=("citizen",), first=date(2026, 1, 2), last=date(2026, 1, 3),
        order=Order.OLDEST, columns=("number", "lamp"),
    )  # fmt: skip
    again = filter_of_query(query_of(wanted))
    assert again == wanted and again.columns == wanted.columns
    assert query_of(CaseFilter()) == ""


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("q", "井"), ("q", "aa bb cc dd ee ff gg"), ("q", "长" * 201), ("area", "x"),
        ("area", "11'"),
        ("state", "HANDLING,NONE"), ("class", "2013e'"), ("department", "-1"), ("source", "x"),
        ("from", "yesterday"), ("to", "0001-01-01"), ("lamp", "blue"), ("show", "x"),
        ("order", "x"), ("columns", "number,password"), ("state", ",".join(["HANDLING"] * 101)),
    ],
)  # fmt: skip
def test_a_value_that_narrows_nothing_is_named_with_its_rule(name: str, value: str) -> None:
    with pytest.raises(Invalid) as refused:
        filter_from({name: value})
    [fault] = refused.value.faults
    assert fault.field == name and fault.text("zh-CN") and fault.text("en")


def test_windows_cover_every_day_once_and_in_order() -> None:
    sizes = {"D": 1, "W": 7, "M": 28, "Y": 364}
    for first, last in ((20_000, 20_780), (7_305, 20_781), (20_780, 20_780), (20_700, 20_699)):
        for newest_first in (True, False):
            covered: list[int] = []
            for key in keys.windows(first, last, newest_first=newest_first):
                size, number = sizes[key[1]], int(key[2:-1])
                days = list(range(number * size, (number + 1) * size))
                covered += days[::-1] if newest_first else days
            assert covered == sorted(range(first, last + 1), reverse=newest_first)
            assert len(keys.windows(first, last, newest_first=newest_first)) < 90


def test_the_windows_of_streets_cover_every_day_too() -> None:
    sizes = {"M": 28, "Y": 364}
    for first, last in ((7_305, 20_781), (20_779, 20_780), (20_001, 20_100)):
        covered: list[int] = []
        for key in keys.windows(first, last, streets=["110101001", "110101002"]):
            one, other = key.strip("()").split(" | ")
            assert one[:11] == "'b110101001" and other[:11] == "'b110101002"
            size, number = sizes[one[11]], int(one[12:-1])
            covered += range(number * size, (number + 1) * size)
        assert len(covered) == len(set(covered))
        assert set(range(first, last + 1)) <= set(covered)
