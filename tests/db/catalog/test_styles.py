"""Saved styles: versions, undo, who may, who was faster, and what a layer falls back to."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, text

from gis.accounts.model import Actor, Role
from gis.audit.trail import broken_links
from gis.catalog.layers import layers
from gis.catalog.style_commands import save_style, undo_style
from gis.catalog.styles import history, shipped, shipped_style, style_of, styles
from gis.db.cluster import ClusterUrls
from gis.db.engine import make_engine
from gis.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from tests import factories as make

PARCELS, ROADS = layers()["land_use"], layers()["roads"]
RED = {"rules": [{"source": "parcel", "kind": "fill", "color": "#aa0000"}]}
BLUE = {"rules": [{"source": "parcel", "kind": "fill", "color": "#0000aa"}]}
GONE = {"rules": [{"source": "parcel", "kind": "fill", "color": {"by": "owner", "cats": {}}}]}


@pytest.fixture
def admin(conn: Connection) -> Actor:
    return make.make_actor(conn, Role.ADMINISTRATOR)


@pytest.fixture
def module_engine(module_database: ClusterUrls) -> Iterator[Engine]:
    engine = make_engine(module_database.app_url, pool_size=3)
    yield engine
    engine.dispose()


def save(conn: Connection, actor: Actor, raw: Any, expected: int = 0, note: str = "") -> int:
    return save_style(
        conn, actor=actor, layer=PARCELS, raw=raw, note=note, expected_version=expected,
        now=make.NOW,
    )  # fmt: skip


def undo(conn: Connection, actor: Actor, to: int, expected: int) -> int:
    return undo_style(
        conn, actor=actor, layer=PARCELS, to_version=to, expected_version=expected, now=make.NOW
    )


def colour_now(conn: Connection) -> Any:
    return style_of(conn, PARCELS).rules[0]["color"]


def test_a_layer_without_saved_versions_looks_as_shipped(conn: Connection) -> None:
    assert style_of(conn, PARCELS) == shipped_style(PARCELS)
    assert styles(conn) == {layer.id: shipped_style(layer) for layer in layers().values()}


def test_the_newest_version_counts_for_its_layer_and_no_other(
    conn: Connection, admin: Actor
) -> None:
    assert save(conn, admin, RED) == 1
    assert save(conn, admin, BLUE, expected=1, note="calmer") == 2
    assert colour_now(conn) == "#0000aa"
    now = styles(conn)
    assert now["land_use"] == style_of(conn, PARCELS)
    assert now["roads"] == shipped_style(ROADS)
    assert [(v.version, v.note, v.made_by) for v in history(conn, PARCELS)] == [
        (2, "calmer", admin.name),
        (1, "", admin.name),
    ]


def test_undo_is_a_new_version_that_looks_like_the_old(conn: Connection, admin: Actor) -> None:
    save(conn, admin, RED)
    save(conn, admin, BLUE, expected=1)
    assert undo(conn, admin, to=1, expected=2) == 3
    assert colour_now(conn) == "#aa0000"
    assert undo(conn, admin, to=0, expected=3) == 4
    assert style_of(conn, PARCELS).rules == shipped_style(PARCELS).rules
    assert style_of(conn, PARCELS).version == 4
    assert undo(conn, admin, to=2, expected=4) == 5
    assert colour_now(conn) == "#0000aa"
    assert undo(conn, admin, to=4, expected=5) == 6  # version 4 was: as shipped
    assert style_of(conn, PARCELS).rules == shipped_style(PARCELS).rules


def test_a_version_that_never_was_is_not_found(conn: Connection, admin: Actor) -> None:
    with pytest.raises(NotFound):
        undo(conn, admin, to=7, expected=0)


def test_saving_what_is_in_force_is_refused(conn: Connection, admin: Actor) -> None:
    with pytest.raises(Refused):
        save(conn, admin, shipped()["land_use"])
    with pytest.raises(Refused):
        undo(conn, admin, to=0, expected=0)
    save(conn, admin, RED)
    with pytest.raises(Refused):
        save(conn, admin, RED, expected=1)
    assert len(history(conn, PARCELS)) == 1


@pytest.mark.parametrize("role", [r for r in Role if r not in (Role.ADMINISTRATOR, Role.SYSTEM)])
def test_only_administrators_change_styles(conn: Connection, role: Role) -> None:
    actor = make.make_actor(conn, role)
    with pytest.raises(Forbidden):
        save(conn, actor, RED)
    with pytest.raises(Forbidden):
        undo(conn, actor, to=0, expected=0)


def test_who_comes_second_learns_who_was_first(conn: Connection, admin: Actor) -> None:
    save(conn, admin, RED)
    for change in (
        lambda: save(conn, admin, BLUE, expected=0),
        lambda: undo(conn, admin, to=0, expected=0),
    ):
        with pytest.raises(Conflict) as caught:
            change()
        assert admin.name in caught.value.text("zh-CN")
        assert "2026" in caught.value.text("zh-CN")
    assert colour_now(conn) == "#aa0000"


def test_a_faulty_style_saves_nothing_and_names_every_fault(conn: Connection, admin: Actor) -> None:
    with pytest.raises(Invalid) as caught:
        save(conn, admin, GONE)
    assert "owner" in caught.value.faults[0].text("en")
    with pytest.raises(Invalid):
        save(conn, admin, RED, note="x" * 201)
    long = {"rules": [], "legend": [
        {"shape": "fill", "color": "#112233", "zh": "甲" * 60, "en": "A" * 60, "code": "c" * 60}
    ] * 60}  # fmt: skip
    assert save(conn, admin, long) == 1


def test_a_saved_style_whose_field_is_gone_falls_back_and_says_so(conn: Connection) -> None:
    person = make.make_person(conn, roles=(Role.ADMINISTRATOR,))
    conn.execute(
        text(
            "INSERT INTO layer_style (layer, version, style, note, made_by, made_at) VALUES"
            " ('land_use', 3, CAST(:style AS jsonb), '', :by, :at),"
            " ('a_layer_that_is_gone', 1, '{}', '', :by, :at),"
            " ('roads', 1, '[1]', '', :by, :at)"
        ),
        {"style": '{"rules": [{"source": "parcel", "kind": "fill", "color": {"by": "owner",'
                  ' "cats": {}}}]}', "by": person, "at": make.NOW},
    )  # fmt: skip
    found = styles(conn)["land_use"]
    assert found.rules == shipped_style(PARCELS).rules
    assert found.version == 3
    said = found.note("zh-CN")
    assert said is not None
    assert "owner" in said
    assert "版本 3" in said
    assert styles(conn)["roads"].faults
    assert style_of(conn, PARCELS) == found
    assert shipped_style(PARCELS).note("en") is None


def test_an_old_version_that_no_longer_fits_is_not_taken_back(
    conn: Connection, admin: Actor
) -> None:
    conn.execute(
        text(
            "INSERT INTO layer_style (layer, version, style, note, made_by, made_at) VALUES"
            " ('land_use', 1, '{\"rules\": [{\"kind\": \"fog\"}]}', '', NULL, :at)"
        ),
        {"at": make.NOW},
    )
    assert save(conn, admin, RED, expected=1) == 2
    with pytest.raises(Invalid):
        undo(conn, admin, to=1, expected=2)
    assert undo(conn, admin, to=0, expected=2) == 3


def test_every_change_stands_in_the_trail(conn: Connection, admin: Actor) -> None:
    save(conn, admin, RED, note="for print")
    undo(conn, admin, to=0, expected=1)
    rows = conn.execute(
        text(
            "SELECT action, role, data FROM audit_event WHERE subject_type = 'layer_style'"
            " AND actor_id = :id ORDER BY seq"
        ),
        {"id": admin.person_id},
    ).all()
    assert [(r.action, r.role, r.data["layer"], r.data["version"]) for r in rows] == [
        ("saved", "administrator", "land_use", 1),
        ("shipped_again", "administrator", "land_use", 2),
    ]
    assert rows[0].data["note"] == "for print"
    assert broken_links(conn, subject_type="layer_style") == []


def test_tiles_keep_their_versions_when_a_style_changes(conn: Connection, admin: Actor) -> None:
    before = conn.execute(text("SELECT layer, version FROM layer_version ORDER BY layer")).all()
    save(conn, admin, RED)
    after = conn.execute(text("SELECT layer, version FROM layer_version ORDER BY layer")).all()
    assert before == after


def test_of_two_administrators_at_once_one_is_told(module_engine: Engine) -> None:
    with module_engine.begin() as conn:
        admin = make.make_actor(conn, Role.ADMINISTRATOR)
    start, ends = threading.Barrier(2), []

    def change(raw: Any) -> None:
        with module_engine.begin() as conn:
            start.wait(10)
            try:
                ends.append(save(conn, admin, raw))
            except Conflict:
                ends.append("conflict")

    threads = [threading.Thread(target=change, args=(raw,)) for raw in (RED, BLUE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(map(str, ends)) == ["1", "conflict"]


def test_an_administrator_of_one_street_changes_no_style(conn: Connection, admin: Actor) -> None:
    save(conn, admin, RED)
    local = make.make_actor(conn, Role.ADMINISTRATOR, scope=(f"{make.DISTRICT}001",))
    with pytest.raises(Forbidden) as refused:
        save(conn, local, BLUE, expected=1)
    assert refused.value.text("zh-CN") == f"{make.DISTRICT} 不在您岗位的管辖范围内。"
    with pytest.raises(Forbidden):
        undo(conn, local, to=0, expected=1)
    assert colour_now(conn) == "#aa0000"
