"""What the database says of the map for one scope, read once a minute: extent, legends, origins."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, text

from gis.accounts.model import Scope
from gis.catalog.base_maps import BaseMap, read_base_maps
from gis.catalog.layers import Layer
from gis.db.settings import read_setting
from gis.grids.queries import extent_of
from gis.i18n import N_, translate
from gis.tiles.values import Classes, Origin, codes_in_use, origins, population_density

Bounds = tuple[float, float, float, float]
CREDIT_GENERATED = N_("Demo data, not real")
_WORK_SRID = text("SELECT work_srid()")


@dataclass(frozen=True)
class LayerFacts:
    """What the database says of a layer for one scope: origins, codes in use, joined values."""

    origins: Sequence[Origin] = ()
    codes: Sequence[str] | None = None
    classes: Classes | None = None

    def credits(self, locale: str) -> list[str]:
        """Whom the map must name while the layer is shown; made up data is called so."""
        made_up = translate(CREDIT_GENERATED, locale)
        texts = (made_up if origin.generated else origin.attribution for origin in self.origins)
        return list(dict.fromkeys(text for text in texts if text))


@dataclass(frozen=True)
class MapFacts:
    """What the database says of the map for one scope."""

    bounds: Bounds
    layers: Mapping[str, LayerFacts]
    work_srid: int
    zone: str
    base_maps: Sequence[BaseMap] = ()


def layer_facts(conn: Connection, layer: Layer, *, scope: Scope) -> LayerFacts:
    """Origins, codes in use and joined values of one layer."""
    return LayerFacts(
        origins=origins(conn, layer),
        codes=codes_in_use(conn, layer, scope=scope),
        classes=population_density(conn, scope=scope)
        if layer.join == "population_density"
        else None,
    )


def read_map_facts(conn: Connection, layers: Sequence[Layer], *, scope: Scope) -> MapFacts | None:
    """All of it for the layers a person may see; None while no area is drawn in the scope."""
    bounds = extent_of(conn, scope=scope)
    if bounds is None:
        return None
    return MapFacts(
        bounds=bounds,
        layers={layer.id: layer_facts(conn, layer, scope=scope) for layer in layers},
        work_srid=conn.execute(_WORK_SRID).scalar_one(),
        zone=str(read_setting(conn, "time_zone")),
        base_maps=read_base_maps(conn),
    )
