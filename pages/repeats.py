"""Repeat places: where the same thing is reported again and again."""

from datetime import UTC, datetime

import streamlit as st

from gis.accounts.model import Permission
from gis.cases.clusters.repeats import RepeatPlace, repeat_places
from gis.cases.settings import CaseSettings, read_case_settings
from gis.grids.queries import areas_of_level
from gis.ui import repeats_view as view
from gis.ui.db import shown_errors, unit_of_work
from gis.ui.session import open_page
from gis.ui.words import _

actor = open_page(_("Repeat places"), Permission.VIEW_CASES)
now = datetime.now(UTC)
settings, areas = CaseSettings(), {"": ""}
with shown_errors(), unit_of_work() as conn:
    settings = read_case_settings(conn)
    areas = view.area_choices(areas_of_level(conn, 3, scope=actor.scope))

st.caption(
    _(
        "Reports of one class within {metres} m of each other. Brought up to date every hour."
    ).format(metres=settings.repeat_radius_m)
)
asked = view.filters(
    areas,
    kept_days=settings.repeat_days,
    least=settings.repeat_least,
    many=settings.repeat_many,
)
places: list[RepeatPlace] | None = None
with shown_errors(), unit_of_work() as conn:
    places = repeat_places(
        conn, scope=actor.scope, now=now, days=asked.days, area=asked.area, least=asked.least
    )
if places:
    frame = view.frame_of(places)
    view.place_table(frame)
    if view.may_export(actor):
        view.export_buttons(frame, asked, areas[asked.area], now)
elif places is not None:
    st.success(_("No place came back this often. Widen the area or the period."))
