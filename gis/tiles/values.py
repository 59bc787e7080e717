"""What a page needs before the first tile: versions, joined values, origins, codes in use."""

from dataclasses import dataclass

from sqlalchemy import Connection, select, text

from gis.accounts.model import Scope
from gis.catalog.classes import classify
from gis.catalog.layers import Layer
from gis.catalog.palettes import palette, ramps
from gis.catalog.tables import dataset, layer_version
from gis.db.sqlfile import load_sql
from gis.errors import Term

DENSITY_RAMP = "bugn"
_SAMPLE_ROWS = 1000
_WITH_ORIGIN = text(
    "SELECT table_name FROM information_schema.columns WHERE table_schema = current_schema()"
    " AND column_name = 'dataset_id' AND table_name = ANY(CAST(:tables AS text[]))"
    " ORDER BY table_name"
)
_DENSITY = load_sql(__package__, "population_density")


@dataclass(frozen=True)
class Classes:
    """Values by feature id, cut into classes: limits between them, colours, members of each."""

    values: dict[str, float]
    stops: tuple[float, ...]
    colours: tuple[str, ...]
    counts: tuple[int, ...]


def joined(values: dict[str, float], *, ramp: str, k: int = 5) -> Classes:
    """Values by id in quantile classes of a ramp; no value gives one empty class."""
    found = classify(values.values(), "quantile", k, ramps()[ramp].of(k))
    if not found.classes:
        return Classes({}, (), ramps()[ramp].of(1), (0,))
    return Classes(values, found.stops, found.colours, found.counts)


def population_density(conn: Connection, *, scope: Scope) -> Classes:
    """People per km² by street code, in quantile classes; empty where nothing is known."""
    rows = conn.execute(_DENSITY, {"scope": scope.as_list()})
    values = {row.code: round(row.people / row.area_km2) for row in rows if row.area_km2}
    return joined(values, ramp=DENSITY_RAMP)


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
    tables = [*layer.tables, *joined]
    for table in conn.scalars(_WITH_ORIGIN, {"tables": tables}):
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
