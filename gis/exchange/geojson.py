"""Features as GeoJSON (RFC 7946): text of others stays text, provenance stands beside it."""

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from gis.errors import Invalid
from gis.i18n import N_

MOST_FEATURES = 200_000


def _plain(value: Any) -> Any:
    """A value as JSON has it; moments by ISO 8601, numbers that are none as null."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        value = float(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)


def geojson_bytes(
    features: Iterable[tuple[str, Mapping[str, Any]]],
    *,
    made_at: datetime,
    attribution: Sequence[str] = (),
    title: str = "",
) -> bytes:
    """
    A feature collection as UTF-8.

    Parameters
    ----------
    features
        Geometry as GeoJSON text (degrees, longitude first) and properties of each.
    made_at
        Moment of the export, a foreign member as are `attribution` and `title`.

    Raises
    ------
    Invalid
        When there are too many features for one file.

    Notes
    -----
    There is no `crs` member: RFC 7946 knows degrees of WGS 84 only, and those of CGCS2000
    (EPSG:4490) differ from them by decimetres at most.
    """
    collection = {
        "type": "FeatureCollection",
        "title": title,
        "attribution": list(attribution),
        "created": made_at.isoformat(),
        "features": [
            {
                "type": "Feature",
                "geometry": json.loads(shape),
                "properties": {key: _plain(value) for key, value in properties.items()},
            }
            for shape, properties in features
        ],
    }
    if len(collection["features"]) > MOST_FEATURES:
        raise Invalid(
            N_("The selection has more than {most} features. Narrow it."), most=MOST_FEATURES
        )
    return json.dumps(collection, ensure_ascii=False, separators=(",", ":")).encode()
