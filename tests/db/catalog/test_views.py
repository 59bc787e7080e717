"""Saved views: one's own, shared ones, and what comes second."""

import threading
from typing import Any

import pytest
from sqlalchemy import Connection, text

from gis.accounts.model import Actor, Role
from gis.audit.trail import broken_links
from gis.catalog.views import (
    OWN_MOST,
    STATE_MOST,
    View,
    ViewDraft,
    change_view,
    create_view,
    delete_view,
    views_for,
)
from gis.db.cluster import ClusterUrls
from gis.db.engine import make_engine
from gis.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from tests.factories import DISTRICT, NOW, STREET, empty_out, make_actor, make_areas

OTHER_STREET = "110101002"
STATE = "map=15/39.92810/116.41640&layers=grids,cases*0.6"


@pytest.fixture
def planner(conn: Connection) -> Actor:
    make_areas(conn)
    return make_actor(conn, Role.PLANNER)


def draft(**other: Any) -> ViewDraft:
    return ViewDraft(**{"title": "东城管线", "state": STATE, **other})


def only(conn: Connection, actor: Actor) -> View:
    [found] = views_for(conn, actor=actor)
    return found


def actions(conn: Connection, view_id: int) -> list[str]:
    rows = conn.execute(
        text(
            "SELECT action FROM audit_event WHERE subject_type = 'map_view' AND subject_id = :id"
            " ORDER BY seq"
        ),
        {"id": view_id},
    )
    return [row.action for row in rows]


def test_a_view_is_saved_renamed_and_deleted_and_the_trail_tells(
    conn: Connection, planner: Actor
) -> None:
    view_id = create_view(conn, actor=planner, draft=draft(title="  东城管线 "), now=NOW)
    found = only(conn, planner)
    assert (found.id, found.title, found.state, found.version) == (view_id, "东城管线", STATE, 1)
    change_view(
        conn, actor=planner, view_id=view_id, draft=draft(title="管线"), expected_version=1, now=NOW
    )
    assert (only(conn, planner).title, only(conn, planner).version) == ("管线", 2)
    delete_view(conn, actor=planner, view_id=view_id, expected_version=2, now=NOW)
    assert views_for(conn, actor=planner) == []
    assert actions(conn, view_id) == ["saved", "changed", "deleted"]
    assert broken_links(conn, subject_type="map_view") == []


def test_a_view_is_stored_without_the_mark_of_the_one_it_was_opened_from(
    conn: Connection, planner: Actor
) -> None:
    create_view(conn, actor=planner, draft=draft(state=f"#{STATE}&view=12"), now=NOW)
    assert only(conn, planner).state == STATE


@pytest.mark.parametrize(
    ("viewer_scope", "shared_with", "seen"),
    [
        (DISTRICT, STREET, True),  # from above
        (STREET, STREET, True),
        (f"{STREET}001", STREET, True),  # from below
        (OTHER_STREET, STREET, False),
        (OTHER_STREET, DISTRICT, True),
        (STREET, None, False),
    ],
)
def test_a_shared_view_is_seen_by_people_of_its_area(
    conn: Connection, planner: Actor, viewer_scope: str, shared_with: str | None, seen: bool
) -> None:
    create_view(conn, actor=planner, draft=draft(shared_area_code=shared_with), now=NOW)
    viewer = make_actor(conn, Role.PLANNER, scope=(viewer_scope,))
    found = views_for(conn, actor=viewer)
    assert [view.owner for view in found] == ([planner.name] if seen else [])
    assert all(view.config["shared"] for view in found)


def test_nobody_shares_with_an_area_outside_the_own(conn: Connection, planner: Actor) -> None:
    of_street = make_actor(conn, Role.PLANNER, scope=(STREET,))
    for area in (OTHER_STREET, DISTRICT, ""):
        with pytest.raises(Forbidden):
            create_view(conn, actor=of_street, draft=draft(shared_area_code=area), now=NOW)
    assert views_for(conn, actor=of_street) == []


def test_somebody_elses_view_can_be_opened_and_not_changed(
    conn: Connection, planner: Actor
) -> None:
    view_id = create_view(conn, actor=planner, draft=draft(shared_area_code=DISTRICT), now=NOW)
    other = make_actor(conn, Role.PLANNER)
    with pytest.raises(NotFound):
        change_view(conn, actor=other, view_id=view_id, draft=draft(), expected_version=1, now=NOW)
    with pytest.raises(NotFound):
        delete_view(conn, actor=other, view_id=view_id, expected_version=1, now=NOW)
    assert only(conn, other).version == 1


def test_who_comes_second_learns_who_was_faster(conn: Connection, planner: Actor) -> None:
    view_id = create_view(conn, actor=planner, draft=draft(), now=NOW)
    change_view(
        conn, actor=planner, view_id=view_id, draft=draft(title="甲"), expected_version=1, now=NOW
    )
    with pytest.raises(Conflict) as caught:
        delete_view(conn, actor=planner, view_id=view_id, expected_version=1, now=NOW)
    assert planner.name in caught.value.text("en")
    assert only(conn, planner).title == "甲"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": "  "}, "title"),
        ({"title": "长" * 61}, "title"),
        ({"title": "a\x00b"}, "title"),
        ({"state": ""}, "state"),
        ({"state": "map=<script>"}, "state"),
        ({"state": "layers=\u2028"}, "state"),
        ({"state": "a" * (STATE_MOST + 1)}, "state"),
    ],
)
def test_a_view_that_cannot_be_read_is_refused(
    conn: Connection, planner: Actor, wrong: dict[str, str], field: str
) -> None:
    with pytest.raises(Invalid) as caught:
        create_view(conn, actor=planner, draft=draft(**wrong), now=NOW)
    assert [fault.field for fault in caught.value.faults] == [field]


def test_one_person_keeps_a_hundred_views(conn: Connection, planner: Actor) -> None:
    for number in range(OWN_MOST):
        create_view(conn, actor=planner, draft=draft(title=f"{number}"), now=NOW)
    with pytest.raises(Refused):
        create_view(conn, actor=planner, draft=draft(), now=NOW)


def test_of_two_who_change_a_view_at_once_one_wins(database: ClusterUrls) -> None:
    engine = make_engine(database.app_url, pool_size=3)
    owner = make_engine(database.owner_url, pool_size=1)
    try:
        with engine.begin() as conn:
            make_areas(conn)
            planner = make_actor(conn, Role.PLANNER)
            view_id = create_view(conn, actor=planner, draft=draft(), now=NOW)
        gate, results = threading.Barrier(2), []

        def change(title: str) -> None:
            with engine.begin() as conn:
                gate.wait()
                change_view(
                    conn, actor=planner, view_id=view_id, draft=draft(title=title),
                    expected_version=1, now=NOW,
                )  # fmt: skip

        def attempt(title: str) -> None:
            try:
                change(title)
                results.append("won")
            except Conflict:
                results.append("lost")

        threads = [threading.Thread(target=attempt, args=(title,)) for title in "甲乙"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(results) == ["lost", "won"]
    finally:
        with owner.begin() as conn:
            empty_out(conn)
        engine.dispose()
        owner.dispose()
