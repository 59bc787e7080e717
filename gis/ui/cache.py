"""Cached reads, all here: each with a time to live, a bound, and the scope among its arguments."""

from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

from gis.accounts.model import Actor, Scope
from gis.accounts.queries import area_names, list_departments
from gis.catalog.layers import layers
from gis.catalog.styles import Style, styles
from gis.db.settings import read_setting
from gis.errors import Term
from gis.standards.queries import active_classes
from gis.tiles.facts import MapFacts, read_map_facts
from gis.tiles.field_values import FieldValues, read_field
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


@st.cache_data(ttl=60, max_entries=64, show_spinner=False)
def map_facts(prefixes: tuple[str, ...], layer_ids: tuple[str, ...]) -> MapFacts | None:
    """What the database says of the map for a scope; None while no area is drawn."""
    with unit_of_work() as conn:
        return read_map_facts(conn, [layers()[key] for key in layer_ids], scope=Scope(prefixes))


@st.cache_data(ttl=5, max_entries=1, show_spinner=False)
def map_styles() -> dict[str, Style]:
    """How every layer looks now; who saves a style clears this."""
    with unit_of_work() as conn:
        return styles(conn)


@st.cache_data(ttl=60, max_entries=32, show_spinner=False)
def field_values(
    scope_key: str,  # noqa: ARG001  one entry per scope
    layer_id: str,
    source: str,
    field: str,
    *,
    _actor: Actor,
) -> FieldValues:
    """What a field of a layer holds for somebody of this scope."""
    with unit_of_work() as conn:
        return read_field(conn, layers()[layer_id], source, field, actor=_actor)


@st.cache_data(ttl=300, max_entries=1, show_spinner=False)
def case_classes() -> dict[str, Term]:
    """The classes of the district's edition as lists narrow by them: edition, kind, code."""
    with unit_of_work() as conn:
        edition = str(read_setting(conn, "edition"))
        return {
            f"{one.edition}{one.kind[0]}{one.code}": Term(
                f"{one.name.zh}（{one.code}）", f"{one.name.en} ({one.code})"
            )
            for one in active_classes(conn, edition)
        }


@st.cache_data(ttl=60, max_entries=1, show_spinner=False)
def departments_named() -> dict[int, Term]:
    """The departments in force, by id."""
    with unit_of_work() as conn:
        zone = ZoneInfo(str(read_setting(conn, "time_zone")))
        rows = list_departments(conn, today=datetime.now(zone).date())
        return {row.id: Term(row.name_zh, row.name_en) for row in rows}
