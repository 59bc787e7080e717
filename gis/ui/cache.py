"""Cached reads, all here: each with a time to live, a bound, and the scope among its arguments."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

import streamlit as st

from gis.accounts.model import Scope
from gis.accounts.queries import area_names
from gis.catalog.layers import layers
from gis.db.settings import read_setting
from gis.errors import Term
from gis.grids.queries import extent_of
from gis.tiles.values import Classes, Origin, codes_in_use, origins, population_density
from gis.ui.db import unit_of_work


@st.cache_data(ttl=60, max_entries=1, show_spinner=False)
def district_zone() -> ZoneInfo:
    """The district's time zone."""
    with unit_of_work() as conn:
        return ZoneInfo(str(read_setting(conn, "time_zone")))


@st.cache_data(ttl=60, max_entries=1, show_spinner=False)
def is_demo() -> bool:
    """Whether this database holds a generated district."""
    with unit_of_work() as conn:
        return read_setting(conn, "demo") is not None


@st.cache_data(ttl=300, max_entries=64, show_spinner=False)
def names_of_areas(prefixes: tuple[str, ...], deepest: int = 3) -> dict[str, Term]:
    """Names of the areas inside a scope, by code."""
    with unit_of_work() as conn:
        return dict(area_names(conn, Scope(prefixes), deepest=deepest))


@dataclass(frozen=True)
class MapSetting:
    """What the map page asks once a minute: where to look, data sets, legends, joined values."""

    bounds: tuple[float, float, float, float] | None
    origins: dict[str, list[Origin]]
    codes: dict[str, list[str] | None]
    classes: dict[str, Classes]

    def credits(self, layer_id: str) -> list[str]:
        """Whom the map must name while a layer is shown."""
        texts = (origin.attribution for origin in self.origins[layer_id])
        return list(dict.fromkeys(text for text in texts if text))


@st.cache_data(ttl=60, max_entries=64, show_spinner=False)
def map_setting(prefixes: tuple[str, ...], layer_ids: tuple[str, ...]) -> MapSetting:
    """The setting of the map for a scope and the layers it may see."""
    scope = Scope(prefixes)
    shown = [layers()[layer_id] for layer_id in layer_ids]
    with unit_of_work() as conn:
        return MapSetting(
            bounds=extent_of(conn, scope=scope),
            origins={layer.id: origins(conn, layer) for layer in shown},
            codes={layer.id: codes_in_use(conn, layer, scope=scope) for layer in shown},
            classes={
                layer.id: population_density(conn, scope=scope)
                for layer in shown
                if layer.join == "population_density"
            },
        )
