"""What a page needs before the first tile: versions, joined values, origins, codes in use."""

from dataclasses import dataclass

import numpy as np
from sqlalchemy import Connection, select, text

from gis.accounts.model import Scope
from gis.catalog.layers import Layer
from gis.catalog.palettes import palette
from gis.catalog.tables import dataset, layer_version
from gis.db.sqlfile import load_sql
from gis.errors import Term

DENSITY_COLOURS = ("#eef3e2", "#c7dfc3", "#8fc3ad", "#4e9c96", "#23716f")
"""Sequential, light to dark; ColorBrewer-like, safe for colour-blind eyes."""
_SAMPLE_ROWS = 1000
_DENSITY = load_sql(__package__, "population_density")


@dataclass(frozen=True)
class Classes:
    """Values by feature id, cut into classes: limits between them, colours, members of each."""

    values: dict[str, float]
    stops: tuple[float, ...]
    colours: tuple[str, ...]
    counts: tuple[int, ...]


def quantile_classes(values: dict[str, float], colours: tuple[str, ...]) -> Classes:
    """
    Cut values into classes of about equal size.

    A value equal to a limit belongs to the class above it. Equal values never fall apart, so
    that few different values give fewer classes; the darkest colours are then used. No value
    gives one empty class.
    """
    if not values:
        return Classes({}, (), colours[-1:], (0,))
    numbers = np.array(list(values.values()))
    classes = min(len(colours), len(np.unique(numbers)))
    cuts = np.quantile(numbers, np.linspace(0, 1, classes + 1)[1:-1])
    stops = tuple(float(cut) for cut in np.unique(cuts) if cut > numbers.min())
    counts = np.bincount(np.digitize(numbers, stops), minlength=len(stops) + 1)
    return Classes(values, stops, colours[-len(stops) - 1 :], tuple(int(count) for count in counts))


def population_density(conn: Connection, *, scope: Scope) -> Classes:
    """People per km² by street code, in quantile classes; empty where nothing is known."""
    rows = conn.execute(_DENSITY, {"scope": scope.as_list()})
    values = {row.code: round(row.people / row.area_km2) for row in rows if row.area_km2}
    return quantile_classes(values, DENSITY_COLOURS)


def versions(conn: Connection, layers: list[Layer]) -> dict[str, int]:
    """The version of each layer by id, as the tile server counts it."""
    held = {row.layer: row.version for row in conn.execute(select(layer_version))}
    return {layer.id: sum(held.get(key, 1) for key in layer.version_keys) for layer in layers}


@dataclass(frozen=True)
class Origin:
    """A data set behind a layer: title, what must be printed on the map, and its nature."""

    id: str
    title: Term
    attribution: str | None
    generated: bool
    derived: bool


def origins(conn: Connection, layer: Layer) -> list[Origin]:
    """
    The data sets of a layer's rows, by id.

    Looks at the first rows of each table: a table is loaded from one or two data sets, and a
    full scan of a million rows for one line of text is too dear.
    """
    found: set[str] = set()
    joined = ("population",) if layer.join == "population_density" else ()
    for table in (*layer.tables, *joined):
        if table == "cases":
            continue
        sample = f"SELECT DISTINCT dataset_id FROM (SELECT dataset_id FROM {table} LIMIT :most) t"
        rows = conn.execute(text(sample), {"most": _SAMPLE_ROWS})
        found |= {row.dataset_id for row in rows if row.dataset_id}
    statement = select(dataset).where(dataset.c.id.in_(found)).order_by(dataset.c.id)
    return [
        Origin(r.id, Term(r.title_zh, r.title_en), r.attribution, r.generated, r.derived)
        for r in conn.execute(statement)
    ]


def codes_in_use(conn: Connection, layer: Layer, *, scope: Scope) -> list[str] | None:
    """
    The codes of the layer's palette that occur within the scope, in the standard's order.

    None for a legend that does not come from a table.
    """
    source = layer.legend_from
    if source is None or source.table is None or source.column is None:
        return None
    inside = f"{source.scope} ^@ ANY(CAST(:scope AS text[]))" if source.scope else "true"
    sql = f"SELECT DISTINCT {source.column} AS code FROM {source.table} WHERE {inside} LIMIT 500"
    held = {row.code for row in conn.execute(text(sql), {"scope": scope.as_list()})}
    return [code for code in palette(source.palette) if code in held]
