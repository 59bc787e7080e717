"""Raster base maps by setting: what is taken, what is refused, where pictures come from."""

from typing import Any

import pytest
from sqlalchemy import Connection

from gis.accounts.model import SYSTEM, Role
from gis.api.policies import FRAME, policy_of
from gis.audit.trail import broken_links
from gis.catalog.base_maps import (
    KEY,
    change_base_maps,
    faults_of,
    picture_hosts,
    read_base_maps,
)
from gis.errors import Forbidden, Invalid
from tests.factories import NOW, make_actor, make_areas, set_setting

XYZ = {
    "id": "city", "kind": "xyz", "url": "https://tiles.example.cn/a/{z}/{x}/{y}.png",
    "title_zh": "市影像", "title_en": "City imagery", "max_zoom": 20, "credit": "© 市测绘院",
}  # fmt: skip
TIANDITU = {"id": "tdt", "kind": "tianditu", "layer": "img", "key": "0123456789abcdef"}
FOLDER = {"id": "photos", "kind": "folder", "folder": "photos_2025", "offset": "gcj02"}


def test_there_is_none_by_default(conn: Connection) -> None:
    assert read_base_maps(conn) == []


def test_three_kinds_are_taken_and_the_trail_tells(conn: Connection) -> None:
    make_areas(conn)
    found = change_base_maps(conn, actor=SYSTEM, value=[XYZ, TIANDITU, FOLDER], now=NOW)
    assert [base.config("en")["title"] for base in found] == [
        "City imagery", "Tianditu imagery", "photos",
    ]  # fmt: skip
    assert found[2].config("zh-CN")["url"] == "/basemap/photos/{z}/{x}/{y}"
    assert found[2].offset == "gcj02"
    assert read_base_maps(conn) == found
    assert broken_links(conn, subject_type="settings") == []


def test_tianditu_is_asked_for_its_web_mercator_matrix_set_and_named(conn: Connection) -> None:
    make_areas(conn)
    [found] = change_base_maps(conn, actor=SYSTEM, value=[TIANDITU], now=NOW)
    config = found.config("zh-CN")
    assert "/img_w/wmts?" in config["url"]
    assert "TILEMATRIXSET=w" in config["url"]
    assert "TILEMATRIX={z}&TILEROW={y}&TILECOL={x}&tk=0123456789abcdef" in config["url"]
    assert "/cia_w/wmts?" in config["namesUrl"]
    assert (config["kind"], config["offset"], config["minZoom"]) == ("xyz", "none", 1)
    assert config["credits"][0].startswith("天地图")


def test_pictures_may_come_from_exactly_the_hosts_of_the_setting(conn: Connection) -> None:
    make_areas(conn)
    found = change_base_maps(conn, actor=SYSTEM, value=[XYZ, TIANDITU, FOLDER], now=NOW)
    hosts = picture_hosts(found)
    assert hosts == ("https://t0.tianditu.gov.cn", "https://tiles.example.cn")
    frame = policy_of("/component/streamlit_folium.st_folium/index.html", hosts)
    assert f"img-src 'self' data: blob: {' '.join(hosts)};" in f"{frame};"
    assert policy_of("/component/x") == FRAME
    assert "example" not in policy_of("/map")


@pytest.mark.parametrize(
    "wrong",
    [
        {"url": "https://tiles.example.cn/{z}/{x}.png"},
        {"url": "https://tiles.example.cn/{z}/{x}/{y}/{s}.png"},
        {"url": "javascript:alert(1)//{z}/{x}/{y}"},
        {"url": "https://user:pass@tiles.example.cn/{z}/{x}/{y}"},
        {"url": "https://a;script-src *//{z}/{x}/{y}"},
        {"url": "https://*/{z}/{x}/{y}"},
        {"url": "//tiles.example.cn/{z}/{x}/{y}"},
        {"id": "../x"},
        {"id": "drawn"},
        {"id": None},
        {"kind": "wms"},
        {"offset": "bd09"},
        {"min_zoom": 5, "max_zoom": 3},
        {"min_zoom": "1"},
        {"max_zoom": 40},
        {"credit": "a\nb"},
        {"credit": 5},
        {"kind": "folder", "folder": "../secrets"},
        {"kind": "folder", "folder": "/etc"},
        {"kind": "tianditu", "key": "short"},
        {"kind": "tianditu", "key": "0123456789&x=1"},
        {"kind": "tianditu", "key": "0123456789", "layer": "x"},
        {"kind": "tianditu", "key": "0123456789", "layer": ["vec"]},
        {"kind": "tianditu", "key": 123456789},
        {"kind": "folder", "folder": 5},
        {"kind": {"xyz": 1}},
    ],
)
def test_what_could_lead_astray_is_refused_with_a_sentence(
    conn: Connection, wrong: dict[str, Any]
) -> None:
    with pytest.raises(Invalid) as caught:
        change_base_maps(conn, actor=SYSTEM, value=[XYZ | wrong], now=NOW)
    assert all(fault.text("zh-CN") for fault in caught.value.faults)
    assert read_base_maps(conn) == []


@pytest.mark.parametrize("value", [None, {}, "x", [5], [XYZ, XYZ], [XYZ] * 13])
def test_a_value_that_is_no_list_of_base_maps_is_refused(value: Any) -> None:
    assert faults_of(value)


def test_an_entry_that_cannot_be_read_leaves_the_others(conn: Connection) -> None:
    set_setting(conn, KEY, [{"id": "broken"}, XYZ, "x"])
    assert [base.id for base in read_base_maps(conn)] == ["city"]
    set_setting(conn, KEY, "nonsense")
    assert read_base_maps(conn) == []


def test_who_may_not_change_rules_changes_no_base_map(conn: Connection) -> None:
    make_areas(conn)
    planner = make_actor(conn, Role.PLANNER)
    with pytest.raises(Forbidden):
        change_base_maps(conn, actor=planner, value=[XYZ], now=NOW)
