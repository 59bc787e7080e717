"""Reports, areas and keys that no form sends."""

from typing import Any

import pytest
from sqlalchemy import Engine, text
from starlette.testclient import TestClient

from tests import factories as make
from tests.api.hostile.refusals import SHA, assert_refused_in_words


def report(web: TestClient, key: str = "k", **more: Any) -> Any:
    lon, lat = make.middle()
    body = {"kind": "event", "class_code": "0110", "description": "垃圾", "lon": lon, "lat": lat}
    return web.post("/api/cases", json={**body, **more}, headers={"Idempotency-Key": key})


@pytest.mark.parametrize(
    "wrong",
    [
        {"description": "a\x00b"},
        {"description": "x" * 900_000},
        {"description": ["a"]},
        {"text": {"a": 1}},
        {"kind": ["event"]},
        {"kind": {"event": 1}},
        {"kind": 1},
        {"class_code": 110},
        {"class_code": "９"},
        {"class_code": "0" * 9},
        {"lon": "116.4"},
        {"lat": {}},
        {"lat": 91},
        {"accuracy_m": "near"},
        {"accuracy_m": 1e300},
        {"photos": [None]},
        {"photos": {"0": SHA}},
        {"photos": [SHA] * 1000},
        {"photos": [SHA.upper().replace("0", "A")]},
        {"self_handled": "yes"},
        {"self_handled": 1},
        {"grid_code": 7},
        {"client_time": 1_700_000_000},
        {"client_time": "9" * 5000},
        {"located_by": "gps\x00"},
        {"answers": {"\x00": True}},
        {"answers": {"unknown": "a\x00b"}},
        {"answers": ["a"]},
        {"cell_choice": "11\x00"},
        {"files": ["\x00"]},
        {"state": "CLOSED"},
        {"reporter_id": 1},
        {"\x00": 1},
    ],
)
def test_reports_of_wrong_types_are_refused_field_by_field(
    web: TestClient, site: Engine, wrong: dict[str, Any]
) -> None:
    answer = report(web, key="wrong", **wrong)
    assert_refused_in_words(answer)
    assert answer.status_code == 422 and answer.json()["faults"]
    with site.connect() as conn:
        kept = text("SELECT count(*) FROM idempotency_key WHERE key = 'wrong'")
        assert conn.execute(kept).scalar_one() == 0


@pytest.mark.parametrize(
    "raw",
    [
        b'{"lon": 1e999}',
        b'{"lon": -Infinity, "lat": 1}',
        b"\xff\xfe{}",
        b'{"description": "\\ud83d"}',
        b'{"kind": "event", "class_code": "0110", "lon": 116.4005, "lat": 39.9005, "text": "a",'
        b' "answers": {"a": NaN, "b": "\\ud83d"}}',
        b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
        b"9" * 100_000,
        b"lon=116.4&lat=39.9",
    ],
)
@pytest.mark.parametrize(
    "path", ["/api/cases", "/api/cases/110101001-261118-0001/moves", "/map/selection"]
)
def test_bodies_that_are_no_report_are_refused(web: TestClient, raw: bytes, path: str) -> None:
    for kind in ("application/json", "text/plain", "application/x-www-form-urlencoded", "x/\xff"):
        headers = {"Idempotency-Key": "k", "Content-Type": kind.encode("latin-1")}
        assert_refused_in_words(web.post(path, content=raw, headers=headers))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "geometry",
    [
        None,
        [],
        "POLYGON EMPTY",
        {"type": "Polygon", "coordinates": [[[116.4, 39.9, 10**400], [1, 2], [3, 4]]] * 200},
        {"type": "Polygon", "coordinates": [[[10**400, 10**400], [1, 2], [3, 4]]]},
        {"type": "Polygon", "coordinates": [[["\x00", "\x00"], [1, 2], [3, 4]]]},
        {"type": "Polygon", "coordinates": {"0": [[1, 2], [3, 4], [5, 6]]}},
        {"type": ["Polygon"], "coordinates": [[[1, 2], [3, 4], [5, 7]]]},
        {"type": "GeometryCollection", "geometries": []},
    ],
)
def test_areas_that_no_hand_draws_are_refused(web: TestClient, geometry: Any) -> None:
    assert_refused_in_words(
        web.post("/map/selection", json={"layers": ["grids"], "geometry": geometry})
    )


@pytest.mark.parametrize("key", ["", "x" * 201, "a\tb", "\x85", "k" * 5000])
def test_keys_that_are_none_are_refused(web: TestClient, key: str) -> None:
    lon, lat = make.middle()
    body = {"kind": "event", "class_code": "0110", "description": "垃圾", "lon": lon, "lat": lat}
    headers = {"Idempotency-Key": key.encode("latin-1")}
    assert_refused_in_words(web.post("/api/cases", json=body, headers=headers))  # type: ignore[arg-type]


def test_the_same_numbers_in_another_form_are_the_same_report(web: TestClient) -> None:
    first = report(web, accuracy_m=9)
    assert first.status_code == 201
    again = report(web, accuracy_m=9.0)
    assert (again.status_code, again.json()["number"]) == (200, first.json()["number"])
