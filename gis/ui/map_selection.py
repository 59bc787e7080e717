"""What lies in an area drawn on the map: one table per layer, and files of the whole selection."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pandas as pd
import streamlit as st

from gis.accounts.model import Actor, Permission, require
from gis.accounts.sessions import actor_of_session
from gis.catalog.layers import Layer, layers_for
from gis.errors import SignedOut
from gis.exchange.geojson import geojson_bytes
from gis.exchange.sheets import csv_bytes, xlsx_bytes
from gis.i18n import N_
from gis.tiles.selection import ROWS_MOST, SelectedColumn, Selection, select_in
from gis.tiles.values import origins
from gis.ui.db import escape_markdown, shown_errors, unit_of_work
from gis.ui.session import session_token, still_here
from gis.ui.words import _, local_number, local_time, locale

ROWS_SHOWN = 1_000
PAGE_ROWS = 50
ROW_PX = 35
PINNED = 2
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True)
class Drawn:
    """An outline and the layers asked about, as the tool of the map reports them."""

    geometry: Mapping[str, Any]
    layers: tuple[str, ...]


def open_selection(report: Mapping[str, Any]) -> None:
    """The wide dialog with the tables of a report; parts of it that are no names are left out."""
    wanted = report.get("layers")
    ids = [str(one) for one in wanted] if isinstance(wanted, list) else []
    geometry = report.get("geometry")
    drawn = Drawn(geometry if isinstance(geometry, Mapping) else {}, tuple(ids))
    number = report.get("_seq")
    seq = number if isinstance(number, int) else 0
    st.dialog(_("Selection"), width="large")(_dialog)(drawn, seq)


def _dialog(drawn: Drawn, seq: int) -> None:
    actor = still_here()
    asked = [layer for layer in reversed(layers_for(actor)) if layer.id in drawn.layers]
    if not asked:
        st.info(_("No layer is chosen that your posts include. Tick one and draw again."))
        return
    found: list[Selection] = []
    with shown_errors(), unit_of_work() as conn:
        found = [
            select_in(conn, layer, drawn.geometry, actor=actor, locale=locale(), most=ROWS_SHOWN)
            for layer in asked
        ]
    if not found:
        return
    tabs = st.tabs([f"{one.title} ({_count(one)})" for one in found], key=f"map.tabs.{seq}")
    for tab, one in zip(tabs, found, strict=True):
        with tab:
            _one_layer(actor, one, drawn, f"map.selection.{seq}.{one.layer.id}")


def _count(one: Selection) -> str:
    return local_number(one.total) + ("+" if one.capped else "")


def _said(one: Selection) -> str:
    """How many there are, and what of them is listed."""
    if one.capped:
        return _("More than {total} lie in the area; the first {shown} are listed.").format(
            total=local_number(one.total), shown=local_number(len(one.values))
        )
    if len(one.values) < one.total:
        return _("{total} lie in the area; the first {shown} are listed.").format(
            total=local_number(one.total), shown=local_number(len(one.values))
        )
    return _("{total} lie in the area.").format(total=local_number(one.total))


def _one_layer(actor: Actor, one: Selection, drawn: Drawn, key: str) -> None:
    if not one.values:
        st.info(_("Nothing of this layer lies in the area."))
        return
    st.caption(_said(one))
    pages = -(-len(one.values) // PAGE_ROWS)
    page = _pager(pages, key) if pages > 1 else 0
    _table(one, page, f"{key}.table.{page}")
    if actor.may(Permission.EXPORT):
        _files(one, drawn, key)
    else:
        st.caption(_("Your posts do not include saving files."))


def _pager(pages: int, key: str) -> int:
    page = st.number_input(
        _("Page (of {pages})").format(pages=pages), 1, pages, key=f"{key}.page", width=160
    )
    return int(page) - 1


def _readable(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows as a table sorts and shows them: numbers as numbers, moments as local wall time."""
    shown = frame.infer_objects()
    for name in shown.columns:
        moments = shown[name].dropna().map(lambda value: isinstance(value, datetime))
        if len(moments) and moments.all():
            shown[name] = pd.to_datetime(
                shown[name].map(lambda value: value.replace(tzinfo=None), na_action="ignore")
            )
    return shown


def _column(column: SelectedColumn, values: "pd.Series[Any]", *, pinned: bool) -> Any:
    title = escape_markdown(column.title)
    if pd.api.types.is_datetime64_any_dtype(values):
        return st.column_config.DatetimeColumn(title, format="YYYY-MM-DD HH:mm", pinned=pinned)
    return st.column_config.Column(title, pinned=pinned)


def _table(one: Selection, page: int, key: str) -> None:
    first = page * PAGE_ROWS
    shown = _readable(one.frame().iloc[first : first + PAGE_ROWS])
    st.dataframe(
        shown,
        hide_index=True,
        key=key,
        placeholder="",
        height=min(ROW_PX * (len(shown) + 1) + 3, 420),
        column_config={
            column.key: _column(column, shown[column.key], pinned=number < PINNED)
            for number, column in enumerate(one.columns)
        },
    )


def _files(one: Selection, drawn: Drawn, key: str) -> None:
    """Three files of up to 20,000 rows, made when one is asked for, under the rights of then."""
    made = _file_makers(one.layer, drawn)
    now = datetime.now(UTC)
    name = f"wanmi-{one.layer.id}-{now:%Y%m%d-%H%M}"
    with st.container(horizontal=True, vertical_alignment="center"):
        for ending, label, media in (
            ("csv", _("CSV"), "text/csv"),
            ("xlsx", _("XLSX"), XLSX),
            ("geojson", _("GeoJSON"), "application/geo+json"),
        ):
            st.download_button(
                label, made[ending], f"{name}.{ending}", media, key=f"{key}.{ending}",
                icon=":material/download:", on_click="ignore",
            )  # fmt: skip
    if one.capped or one.total > ROWS_MOST:
        st.caption(_("Files hold the first {most}.").format(most=local_number(ROWS_MOST)))


def _file_makers(layer: Layer, drawn: Drawn) -> Mapping[str, Callable[[], bytes]]:
    """
    What makes each file.

    They run beside the page, in a thread without its session: all they need is taken along.
    """
    token, spoken, now = session_token(), locale(), datetime.now(UTC)
    notes = [
        layer.title.text(spoken),
        _("Exported {time}").format(time=local_time(now)),
        _("Coordinates: CGCS2000 degrees (EPSG:4490)"),
    ]

    def whole() -> tuple[Selection, Sequence[str]]:
        with unit_of_work() as conn:
            actor = actor_of_session(conn, token, now=datetime.now(UTC))
            if actor is None:
                raise SignedOut(N_("You are signed out. Sign in to go on."))
            require(actor, Permission.EXPORT)
            most = ROWS_MOST
            found = select_in(conn, layer, drawn.geometry, actor=actor, locale=spoken, most=most)
            credits = [origin.attribution for origin in origins(conn, layer) if origin.attribution]
        return found, credits

    def csv() -> bytes:
        found, _credits = whole()
        return csv_bytes(found.frame(), found.headers)

    def xlsx() -> bytes:
        found, credits = whole()
        return xlsx_bytes(found.frame(), found.headers, title=found.title, notes=[*notes, *credits])

    def geojson() -> bytes:
        found, credits = whole()
        return geojson_bytes(
            found.features(), made_at=datetime.now(UTC), attribution=credits, title=found.title
        )

    return {"csv": csv, "xlsx": xlsx, "geojson": geojson}
