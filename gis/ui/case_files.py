"""A list of cases as a file: exactly its filter, under the rights of the moment it is made."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pandas as pd
import streamlit as st

from gis.accounts.sessions import actor_of_session
from gis.cases.desks.commands import note_export
from gis.cases.desks.filters import CaseFilter
from gis.cases.desks.queries import FILE_MOST, cases_for_file
from gis.cases.desks.screen import filter_lines
from gis.cases.lists import CaseRow
from gis.cases.screen import QUEUE_COLUMNS, queue_cells
from gis.errors import SignedOut, Term
from gis.exchange.geojson import geojson_bytes
from gis.exchange.sheets import csv_bytes, xlsx_bytes
from gis.i18n import N_
from gis.ui.case_filter import Names
from gis.ui.db import unit_of_work
from gis.ui.session import session_token
from gis.ui.words import _, local_number, local_time, locale, wording
from gis.wording import Wording

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_EXPORTED = N_("Exported {time}")


def case_frame(
    rows: Sequence[CaseRow], wanted: CaseFilter, words: Wording, now: datetime
) -> tuple[pd.DataFrame, list[str]]:
    """The rows of a file in the chosen columns, moments as local wall time; and the headers."""
    columns = [
        c for c in QUEUE_COLUMNS if not wanted.columns or c.id in (*wanted.columns, "number")
    ]
    ids = [column.id for column in columns]
    cells = [_local(queue_cells(row, now=now, locale=words.locale), words) for row in rows]
    frame = pd.DataFrame([[cell[name] for name in ids] for cell in cells], columns=ids)
    return frame, [column.label.text(words.locale) for column in columns]


def _local(cells: Mapping[str, object], words: Wording) -> dict[str, object]:
    return {
        name: value.astimezone(words.zone) if isinstance(value, datetime) else value
        for name, value in cells.items()
    }


def file_notes(wanted: CaseFilter, names: Names, words: Wording, now: datetime) -> list[str]:
    """What a file is: its filter and its time."""
    return [
        *filter_lines(wanted, locale=words.locale, names=names.by_field()),
        words.say(_EXPORTED).format(time=words.time(now, "long")),
    ]


def _as_csv(
    rows: Sequence[CaseRow], wanted: CaseFilter, notes: Sequence[str], words: Wording, now: datetime
) -> bytes:
    """The notes stand in a column of their own, so that every line stays a row of the table."""
    frame, headers = case_frame(rows, wanted, words, now)
    frame["notes"] = "; ".join(notes)
    return csv_bytes(frame, [*headers, Term("筛选与时间", "Filter and time").text(words.locale)])


def _as_xlsx(
    rows: Sequence[CaseRow], wanted: CaseFilter, notes: Sequence[str], words: Wording, now: datetime
) -> bytes:
    frame, headers = case_frame(rows, wanted, words, now)
    return xlsx_bytes(frame, headers, title=Term("案卷", "Cases").text(words.locale), notes=notes)


def _as_geojson(
    rows: Sequence[CaseRow], wanted: CaseFilter, notes: Sequence[str], words: Wording, now: datetime
) -> bytes:
    frame, _headers = case_frame(rows, wanted, words, now)
    features = (
        (f'{{"type":"Point","coordinates":[{row.lon!r},{row.lat!r}]}}', cells)
        for row, cells in zip(rows, _records(frame), strict=True)
    )
    return geojson_bytes(features, made_at=now, title="; ".join(notes))


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    values = frame.astype(object).itertuples(index=False, name=None)
    return [dict(zip(frame.columns, row, strict=True)) for row in values]


_FORMS: Mapping[str, tuple[str, Callable[..., bytes]]] = {
    "csv": ("text/csv", _as_csv),
    "xlsx": (XLSX, _as_xlsx),
    "geojson": ("application/geo+json", _as_geojson),
}


def _maker(form: str, wanted: CaseFilter, names: Names) -> Callable[[], bytes]:
    """
    What makes a file when somebody asks for it.

    It runs beside the page, in a thread without its session: all it needs is taken along.
    """
    token, words = session_token(), wording()

    def made() -> bytes:
        now = datetime.now(UTC)
        with unit_of_work() as conn:
            actor = actor_of_session(conn, token, now=now)
            if actor is None:
                raise SignedOut(N_("You are signed out. Sign in to go on."))
            rows, _more = cases_for_file(conn, actor=actor, wanted=wanted, now=now)
            note_export(conn, actor=actor, wanted=wanted, form=form, rows=len(rows), now=now)
        notes = file_notes(wanted, names, words, now)
        return _FORMS[form][1](rows, wanted, notes, words, now)

    return made


def file_buttons(wanted: CaseFilter, names: Names, *, key: str) -> None:
    """Three files of the whole list, each made when it is asked for."""
    stem = f"wanmi-cases-{local_time(datetime.now(UTC), 'yyyyMMdd-HHmm')}"
    with st.container(horizontal=True, vertical_alignment="center"):
        for form, label in (("csv", _("CSV")), ("xlsx", _("XLSX")), ("geojson", _("GeoJSON"))):
            st.download_button(
                label, _maker(form, wanted, names), f"{stem}.{form}", _FORMS[form][0],
                key=f"{key}.{form}.{locale()}", icon=":material/download:", on_click="ignore",
            )  # fmt: skip
        st.caption(
            _("Files hold this whole list, at most {most} rows.").format(
                most=local_number(FILE_MOST)
            )
        )
