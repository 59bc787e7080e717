"""Features as a file that any reader of RFC 7946 takes."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from gis.errors import Invalid
from gis.exchange import geojson
from gis.exchange.geojson import geojson_bytes

MADE = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
POINT = '{"type":"Point","coordinates":[116.4005123,39.9005321]}'


def written(*properties: dict[str, Any], **more: Any) -> Any:
    file = geojson_bytes([(POINT, row) for row in properties], made_at=MADE, **more)
    return json.loads(file, parse_constant=lambda word: pytest.fail(f"{word} is not JSON"))


def test_values_are_those_of_json_and_moments_those_of_iso() -> None:
    row = {
        "n": 1, "x": 1.5, "nan": float("nan"), "inf": float("inf"), "money": Decimal("2.50"),
        "day": date(2026, 1, 2), "at": MADE, "none": None, "yes": True, "name": "路<script>",
    }  # fmt: skip
    [feature] = written(row)["features"]
    assert feature["properties"] == {
        "n": 1, "x": 1.5, "nan": None, "inf": None, "money": 2.5, "day": "2026-01-02",
        "at": "2026-11-22T08:00:00+00:00", "none": None, "yes": True, "name": "路<script>",
    }  # fmt: skip
    assert feature["geometry"]["coordinates"] == [116.4005123, 39.9005321]


def test_provenance_stands_beside_the_features_and_no_crs() -> None:
    file = written({}, attribution=["© OpenStreetMap"], title="道路")
    assert file["type"] == "FeatureCollection"
    assert (file["title"], file["attribution"]) == ("道路", ["© OpenStreetMap"])
    assert file["created"] == "2026-11-22T08:00:00+00:00"
    assert "crs" not in file
    assert written()["features"] == []


def test_more_features_than_a_file_holds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(geojson, "MOST_FEATURES", 1)
    with pytest.raises(Invalid):
        written({}, {})
