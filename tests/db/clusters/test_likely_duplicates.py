"""What an acceptor is shown beside a report: near, alike, within the own area, told why."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, text

from gis.accounts.model import Actor, Role
from gis.cases.clusters.model import Candidate
from gis.cases.clusters.queries import likely_duplicates
from gis.cases.clusters.scoring import ClassMatch
from gis.cases.model import Move
from gis.errors import Forbidden, Invalid
from gis.standards.model import Kind
from tests import factories as make
from tests.case_life import make_cast, move, report

LON, LAT = make.middle()
METRE = 1 / 111_000
WORDS = "胡同口一堆生活垃圾没人清理，味道很大"


@pytest.fixture
def acceptor(conn: Connection) -> Actor:
    make.make_cell(conn)
    return make.make_actor(conn, Role.ACCEPTOR)


def north(metres: float) -> tuple[float, float]:
    return LON, LAT + metres * METRE


def a_case(conn: Connection, metres: float = 10, **more: Any) -> str:
    parts: dict[str, Any] = {"class_code": "0110", "description": "胡同口堆了很多生活垃圾没有清理"}
    case_id = make.make_case(conn, at=north(metres), **(parts | more))
    number = conn.execute(text("SELECT number FROM cases WHERE id = :i"), {"i": case_id})
    return str(number.scalar_one())


def ask(conn: Connection, actor: Actor, **more: Any) -> list[Candidate]:
    asked: dict[str, Any] = {
        "kind": Kind.EVENT, "class_code": "0110", "lon": LON, "lat": LAT, "text": WORDS,
        "now": make.NOW,
    }  # fmt: skip
    return likely_duplicates(conn, actor=actor, **(asked | more))


def test_a_near_report_of_the_same_class_and_words_is_shown_with_its_reason(
    conn: Connection, acceptor: Actor
) -> None:
    number = a_case(conn, 23, reported_at=make.NOW - timedelta(hours=2))
    (found,) = ask(conn, acceptor)
    assert (found.number, found.match, found.open, found.reporters) == (
        number, ClassMatch.SAME, True, 1,
    )  # fmt: skip
    assert 22 < found.distance_m < 24
    assert found.reason.zh.startswith("23 米，同类别，2 小时前，文字相似 0.")
    assert found.reason.en.startswith("23 m, same class, 2 h ago, text 0.")


def test_what_lies_far_away_or_says_something_else_is_not_shown(
    conn: Connection, acceptor: Actor
) -> None:
    a_case(conn, 130)
    a_case(conn, 60, class_code="0401", description="流动摊贩占道卖水果", reported_at=make.NOW)
    assert ask(conn, acceptor) == []


def test_the_likeliest_stands_first_and_no_more_are_shown_than_asked_for(
    conn: Connection, acceptor: Actor
) -> None:
    numbers = [a_case(conn, metres) for metres in (30, 2, 15)]
    assert [c.number for c in ask(conn, acceptor)] == [numbers[1], numbers[2], numbers[0]]
    assert len(ask(conn, acceptor, most=2)) == 2
    assert ask(conn, acceptor, most=0) == []


def test_ended_cases_are_shown_for_some_days_and_never_as_open(
    conn: Connection, acceptor: Actor
) -> None:
    closed = a_case(conn, state="CLOSED", reported_at=make.NOW - timedelta(days=3))
    a_case(conn, state="CLOSED", reported_at=make.NOW - timedelta(days=15))
    (found,) = ask(conn, acceptor)
    assert (found.number, found.open) == (closed, False)
    assert found.reason.en.endswith(", ended")
    make.set_setting(conn, "duplicate_ended_days", 20)
    assert len(ask(conn, acceptor)) == 2


def test_an_open_case_is_found_whatever_its_age_and_the_one_compared_is_left_out(
    conn: Connection, acceptor: Actor
) -> None:
    old = a_case(conn, 1, reported_at=make.NOW - timedelta(days=400))
    assert [c.number for c in ask(conn, acceptor)] == [old]
    assert ask(conn, acceptor, besides=old) == []


def test_a_merged_case_is_told_by_the_one_that_stands_for_it(conn: Connection) -> None:
    cast = make_cast(conn)
    target = report(conn, cast.supervisor, text=WORDS)
    merged = report(conn, cast.second, text=WORDS)
    move(conn, cast.acceptor, merged, Move.MERGE, target_case=target)
    (found,) = ask(conn, cast.acceptor)
    assert (found.number, found.reporters) == (target, 2)


def test_without_words_the_other_signs_decide(conn: Connection, acceptor: Actor) -> None:
    a_case(conn, 5, description="")
    (found,) = ask(conn, acceptor)
    assert found.text is None
    assert "no text to compare" in found.reason.en


def test_only_cases_of_the_own_area_are_shown(conn: Connection, acceptor: Actor) -> None:
    a_case(conn)
    stranger = make.make_actor(conn, Role.ACCEPTOR, scope=("110101002",))
    assert ask(conn, stranger) == []
    with pytest.raises(Forbidden):
        ask(conn, make.make_actor(conn, Role.PLANNER))


@pytest.mark.parametrize("point", [(181.0, 39.0), (116.0, 86.0), (float("nan"), 39.0)])
def test_a_point_that_is_none_is_refused(
    conn: Connection, acceptor: Actor, point: tuple[float, float]
) -> None:
    with pytest.raises(Invalid):
        ask(conn, acceptor, lon=point[0], lat=point[1])
