"""The list of places that come back: filters, table, files."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import pandas as pd
import streamlit as st

from gis.accounts.model import Actor, Permission
from gis.cases.clusters.repeats import PLACES_MOST, RepeatPlace
from gis.exchange.sheets import csv_bytes, xlsx_bytes
from gis.ui.case_link import case_column, case_links
from gis.ui.words import _, local_time, locale, name_of, zone

PERIODS: Final = (7, 30, 90, 365)
MOMENTS: Final = ("first_at", "last_at")
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Asked:
    """Which places the person wants to see."""

    area: str
    days: int
    least: int


def filters(areas: dict[str, str], *, kept_days: int, least: int, many: int) -> Asked:
    """Area, period and how often; no period is longer than what is kept."""
    left, middle, right = st.columns(3, vertical_alignment="bottom")
    area = left.selectbox(
        _("Area"), list(areas), format_func=lambda code: areas[code], key="repeats.area"
    )
    spans = sorted({n for n in PERIODS if n < kept_days} | {kept_days})
    days = middle.selectbox(
        _("Period"),
        spans,
        index=len(spans) - 1,
        format_func=lambda n: _("Last {n} days").format(n=n),
        key="repeats.days",
    )
    often = right.selectbox(
        _("How often"),
        sorted({least, many}),
        format_func=lambda n: _("{n} reports or more").format(n=n),
        key="repeats.least",
    )
    return Asked(area or "", days or kept_days, often or least)


def _columns() -> dict[str, str]:
    return {
        "reports": _("Reports"),
        "class": _("Class"),
        "place": _("Place"),
        "still_open": _("Still open"),
        "last_at": _("Last report"),
        "first_at": _("First report"),
        "number": _("First case"),
        "lon": _("Longitude"),
        "lat": _("Latitude"),
    }


def frame_of(places: Sequence[RepeatPlace]) -> pd.DataFrame:
    """The rows in the person's language, moments in the district's zone."""
    rows = [
        {
            "reports": place.reports,
            "class": name_of(place.class_name) if place.class_name else place.class_code,
            "place": " ".join(
                [*(name_of(t) for t in (place.street, place.community) if t), place.grid_code]
            ),
            "still_open": place.still_open,
            "last_at": place.last_at,
            "first_at": place.first_at,
            "number": place.number,
            "lon": round(place.lon, 6),
            "lat": round(place.lat, 6),
        }
        for place in places
    ]
    frame = pd.DataFrame(rows, columns=list(_columns()))
    for name in MOMENTS:
        frame[name] = pd.to_datetime(frame[name], utc=True).dt.tz_convert(zone())
    return frame


def place_table(frame: pd.DataFrame) -> None:
    """Most reports first; each row opens its first case and its point on the map."""
    shown = frame.assign(
        link=case_links(frame["number"]),
        map=[
            f"/map#map=18/{lat:.5f}/{lon:.5f}&layers=grids,repeat_places,cases"
            for lat, lon in zip(frame["lat"], frame["lon"], strict=True)
        ],
    )
    titles = _columns()
    config: dict[str, Any] = {name: titles[name] for name in ("reports", "class", "place")}
    config["still_open"] = titles["still_open"]
    for name in MOMENTS:
        config[name] = st.column_config.DatetimeColumn(titles[name], format="YYYY-MM-DD HH:mm")
    config["link"] = case_column(titles["number"], pinned=False)
    config["map"] = st.column_config.LinkColumn(_("Map"), display_text=_("Show"))
    st.dataframe(
        shown,
        hide_index=True,
        column_order=["reports", "class", "place", "still_open", *reversed(MOMENTS), "link", "map"],
        column_config=config,
        key="repeats.table",
    )
    if len(frame) == PLACES_MOST:
        st.caption(_("Only the first {n} are shown. Narrow area or period.").format(n=len(frame)))


def export_buttons(frame: pd.DataFrame, asked: Asked, area: str, now: datetime) -> None:
    """CSV and XLSX of the table, with what was asked for."""
    titles = list(_columns().values())
    notes = [
        area,
        _("Last {n} days").format(n=asked.days),
        _("{n} reports or more").format(n=asked.least),
        local_time(now),
    ]
    name = f"wanmi-repeats-{now.astimezone(zone()):%Y-%m-%d}"
    left, right, _rest = st.columns([1, 1, 4])
    left.download_button(
        _("CSV"), lambda: csv_bytes(frame, titles), f"{name}.csv", "text/csv", key="repeats.csv"
    )
    right.download_button(
        _("XLSX"),
        lambda: xlsx_bytes(frame, titles, title=_("Repeat places"), notes=notes),
        f"{name}.xlsx",
        _XLSX,
        key="repeats.xlsx",
    )


def may_export(actor: Actor) -> bool:
    """Whether the person takes tables away."""
    return actor.may(Permission.EXPORT)


def area_choices(streets: pd.DataFrame) -> dict[str, str]:
    """Everything, then the streets by code."""
    names = streets["name_zh" if locale() == "zh-CN" else "name_en"]
    return {"": _("All areas of your posts")} | dict(zip(streets["code"], names, strict=True))
